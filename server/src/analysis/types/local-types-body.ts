/** The bindings and types of one fn's body: one pass in source order, with Rust's scopes and shadowing. */
import type { Span } from '../../base/text.ts';
import type { BlockExpr, CallExpr, ClosureExpr, Expr, MacroExpr, MethodExpr, Pattern, Statement } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { compilerTypes } from '../compiled/compiler-types.ts';
import { eachChild, variable } from '../walk.ts';
import type { CallTypes } from './local-types-calls.ts';
import { callType, methodCall } from './local-types-calls.ts';
import { meaning } from './local-types-names.ts';
import { bindPattern, fieldType, indexType } from './local-types-patterns.ts';
import type { MaybeTy, Ty } from './local-types-ty.ts';
import {
  OPTION,
  RESULT,
  STRING,
  UNIT,
  VEC,
  derefOnce,
  external,
  isExternal,
  itemOf,
  pointeeTy,
  pointer,
  primitive,
  stripRefs,
} from './local-types-ty.ts';
import { tyOfWritten } from './local-types-written.ts';

/** A name that a pattern or parameter brings into scope. */
export interface Binding {
  readonly name: string;
  readonly kind: 'self' | 'param' | 'let' | 'loop' | 'pattern' | 'closure-param';
  readonly ty: MaybeTy;
  /** Where its value comes from: the initializer, scrutinee, iterable, or the receiver of the call that runs the closure. */
  readonly source: Expr | null;
  /** The closure in which it is bound, null at the fn's own level. */
  readonly closure: ClosureExpr | null;
}

export interface Body {
  readonly item: RustItem;
  readonly ast: FnItem;
  readonly scope: Scope;
  typeOf(expr: Expr): MaybeTy;
  /** The local variable that a path expression names; null for paths to items. */
  bindingOf(expr: Expr): Binding | null;
  /** The fn of the workspace that a call runs, where a compiler says so. */
  callee(call: CallExpr | MethodExpr): RustItem | null;
  readonly bindings: readonly Binding[];
  /** Whether the name is bound by a pattern anywhere in the fn. */
  binds(name: string): boolean;
}

/** A fn's body, inferred when first asked for a type or a binding; types that declarations do not tell are unknown. */
export function inferBody(item: RustItem, ast: FnItem, workspace: Workspace): Body {
  const scope: Scope = { module: item.module, item };
  const types = new Map<Expr, MaybeTy>();
  const uses = new Map<Expr, Binding>();
  const bindings: Binding[] = [];
  const frames: Map<string, Binding>[] = [new Map()];
  let closure: ClosureExpr | null = null;

  const compiler = compilerTypes(item, workspace);
  const calls: CallTypes = { workspace, scope, infer, inferClosure, written, receiver };

  // Most rules look at the calls first, and ask no more where none is theirs.
  let inferred = false;

  return {
    item,
    ast,
    scope,
    typeOf(expr) {
      inferAll();
      return types.get(expr) ?? null;
    },
    bindingOf(expr) {
      inferAll();
      return uses.get(expr) ?? null;
    },
    callee: (call) => compiler?.callee(call.kind === 'method' ? call.nameSpan : call.callee.span) ?? null,
    get bindings() {
      inferAll();
      return bindings;
    },
    binds(name) {
      inferAll();
      return bindings.some((b) => b.name === name);
    },
  };

  function inferAll(): void {
    if (inferred) return;
    inferred = true;
    if (ast.self) bind('self', 'self', ast.self.type ? written(ast.self.type) : selfType(ast.self.kind), null);
    for (const param of ast.params) bindAll(param.pattern, written(param.type), 'param', null);
    if (ast.body) infer(ast.body, ast.result ? written(ast.result) : null);
  }

  function written(type: Type): MaybeTy {
    return tyOfWritten(type, scope, workspace);
  }

  function selfType(kind: 'value' | 'ref' | 'ref-mut'): MaybeTy {
    const self = workspace.resolve(['Self'], scope, 'type');
    const ty: MaybeTy = self.kind === 'item' ? { kind: 'item', item: self.item, args: [] } : null;
    return kind === 'value' ? ty : { kind: 'reference', mutable: kind === 'ref-mut', to: ty };
  }

  function bind(name: string, kind: Binding['kind'], ty: MaybeTy, source: Expr | null): void {
    const made: Binding = { name, kind, ty, source, closure };
    bindings.push(made);
    frames.at(-1)?.set(name, made);
  }

  function bindAll(pattern: Pattern, ty: MaybeTy, kind: Binding['kind'], source: Expr | null): void {
    bindPattern(pattern, ty, scope, workspace, (name, bound, at) =>
      bind(name, kind, compiler ? compiler.settle(bound, compiler.variable(at), at) : bound, source),
    );
  }

  function lookUp(name: string): Binding | null {
    for (let i = frames.length - 1; i >= 0; i--) {
      const found = frames[i]?.get(name);
      if (found) return found;
    }
    return null;
  }

  function scoped<T>(inside: () => T): T {
    frames.push(new Map());
    try {
      return inside();
    } finally {
      frames.pop();
    }
  }

  function infer(expr: Expr, expected: MaybeTy = null): MaybeTy {
    const ty = inferKind(expr, expected);
    types.set(expr, ty);
    return ty;
  }

  function inferKind(expr: Expr, expected: MaybeTy): MaybeTy {
    switch (expr.kind) {
      case 'path':
        return path(expr);
      case 'literal':
        return literal(expr.literal, expr.text, expected);
      case 'call':
        return called(callType(expr, expected, calls), expr.callee.span);
      case 'method':
        return called(methodCall(expr, expected, calls), expr.nameSpan);
      case 'field':
        return fieldType(infer(expr.base), expr.name, workspace);
      case 'macro':
        return macro(expr, expected);
      case 'closure':
        inferClosure(expr, [], null, null);
        return null;
      case 'block':
        return scoped(() => block(expr, expected));
      case 'if':
        return scoped(() => {
          infer(expr.condition);
          const then = infer(expr.then, expected);
          const other = expr.else ? infer(expr.else, expected ?? then) : null;
          return then ?? other;
        });
      case 'let':
        bindAll(expr.pattern, infer(expr.value), 'pattern', expr.value);
        return primitive('bool');
      case 'match': {
        const scrutinee = infer(expr.scrutinee);
        let result: MaybeTy = null;
        for (const arm of expr.arms) {
          scoped(() => {
            bindAll(arm.pattern, scrutinee, 'pattern', expr.scrutinee);
            if (arm.guard) infer(arm.guard);
            result = infer(arm.body, expected ?? result) ?? result;
          });
        }
        return result;
      }
      case 'loop':
        return scoped(() => {
          if (expr.condition) infer(expr.condition);
          const iterable = expr.iterable ? infer(expr.iterable) : null;
          if (expr.pattern) bindAll(expr.pattern, itemOf(iterable), 'loop', expr.iterable);
          infer(expr.body);
          return expr.flavor === 'loop' ? null : UNIT;
        });
      case 'index': {
        const base = infer(expr.base);
        infer(expr.index);
        return indexType(base, expr.index.kind === 'range');
      }
      case 'unary': {
        const operand = infer(expr.operand, expr.operator === '*' ? null : expected);
        return expr.operator === '*' && operand ? (pointeeTy(operand) ?? derefOnce(operand)) : operand;
      }
      case 'reference': {
        const inner = infer(expr.operand, expected?.kind === 'reference' ? expected.to : null);
        if (expr.raw) return pointer(inner);
        return inner ? { kind: 'reference', mutable: expr.mutable, to: inner } : null;
      }
      case 'binary':
        return binary(expr.operator, infer(expr.left, expected), infer(expr.right, expected));
      case 'assign': {
        const left = variable(expr.left) && expr.operator === '=' && !lookUp(variable(expr.left) ?? '') ? null : infer(expr.left);
        infer(expr.right, left);
        return UNIT;
      }
      case 'cast':
        infer(expr.operand);
        return written(expr.type);
      case 'range': {
        const from = expr.from ? infer(expr.from) : null;
        const to = expr.to ? infer(expr.to, from) : null;
        return external(expr.inclusive ? 'std::ops::RangeInclusive' : 'std::ops::Range', from ?? to);
      }
      case 'try': {
        const operand = infer(expr.operand, expected ? external(RESULT, expected, null) : null);
        return isExternal(operand, OPTION) || isExternal(operand, RESULT) ? (operand.args[0] ?? null) : null;
      }
      case 'tuple':
        return { kind: 'tuple', elements: expr.elements.map((e) => infer(e)) };
      case 'array': {
        const elements = expr.elements.map((e) => infer(e));
        return { kind: 'array', element: elements[0] ?? null };
      }
      case 'repeat': {
        const element = infer(expr.element);
        infer(expr.length);
        return { kind: 'array', element };
      }
      case 'struct': {
        for (const field of expr.fields) infer(field.value);
        if (expr.base) infer(expr.base);
        const found = meaning(expr.path, scope, workspace, 'type');
        return found?.kind === 'item' ? { kind: 'item', item: found.item, args: [] } : null;
      }
      case 'return':
        if (expr.value) infer(expr.value, ast.result && !closure ? written(ast.result) : null);
        return null;
      default:
        eachChild(expr, { expr: (e) => void infer(e), statement, pattern: () => {} });
        return null;
    }
  }

  function called(ty: MaybeTy, name: Span): MaybeTy {
    return compiler ? compiler.settle(ty, compiler.result(name), name) : ty;
  }

  /** Of a method call. What the compiler says of it is what the method takes: behind `Deref`, as a reference. */
  function receiver(expr: MethodExpr, expected: MaybeTy): MaybeTy {
    const ty = infer(expr.receiver, expected);
    if (ty || !compiler) return ty;
    const taken = compiler.receiver(expr.nameSpan);
    types.set(expr.receiver, taken);
    return taken;
  }

  function path(expr: Extract<Expr, { kind: 'path' }>): MaybeTy {
    const name = variable(expr);
    const local = name ? lookUp(name) : null;
    if (local) {
      uses.set(expr, local);
      return local.ty;
    }
    if (expr.self) return null;
    const found = meaning(expr.path, scope, workspace, 'value');
    if (found?.kind !== 'item') return null;
    if (found.variant || found.item.kind === 'struct') return { kind: 'item', item: found.item, args: [] };
    const value = found.item.kind === 'static' || found.item.kind === 'const' ? workspace.ast(found.item) : null;
    if ((value?.kind !== 'static' && value?.kind !== 'const') || !value.type) return null;
    return tyOfWritten(value.type, { module: found.item.module, item: found.item }, workspace);
  }

  function macro(expr: MacroExpr, expected: MaybeTy): MaybeTy {
    const args = (expr.args ?? []).map((arg) => infer(arg.kind === 'assign' ? arg.right : arg));
    const name = expr.path.segments.at(-1)?.name;
    if (name === 'addr_of' || name === 'addr_of_mut') return pointer(args[0] ?? null);
    if (name === 'vec') return external(VEC, args[0] ?? (isExternal(expected, VEC) ? (expected.args[0] ?? null) : null));
    return name === 'format' ? external(STRING) : null;
  }

  /** The type of a closure's body; its parameters have what it declares, else what its caller gives. */
  function inferClosure(expr: ClosureExpr, given: readonly MaybeTy[], source: Expr | null, expected: MaybeTy): MaybeTy {
    const outer = closure;
    closure = expr;
    try {
      return scoped(() => {
        expr.params.forEach(
          (param, i) => void bindAll(param.pattern, param.type ? written(param.type) : (given[i] ?? null), 'closure-param', source),
        );
        types.set(expr, null);
        const declared = expr.result ? written(expr.result) : null;
        // Its body is looked at whatever it says: the variables in it have types as well.
        const made = infer(expr.body, declared ?? expected);
        return declared ?? made;
      });
    } finally {
      closure = outer;
    }
  }

  function block(expr: BlockExpr, expected: MaybeTy): MaybeTy {
    for (const at of expr.statements) statement(at);
    const tail = expr.tail ? infer(expr.tail, expected) : null;
    return expr.flavor === 'plain' || expr.flavor === 'unsafe' ? tail : null;
  }

  function statement(at: Statement): void {
    if (at.kind === 'expr') infer(at.expr);
    if (at.kind !== 'let') return;
    const declared = at.type && at.type.kind !== 'infer' ? written(at.type) : null;
    const value = at.value ? infer(at.value, declared) : null;
    if (at.else) infer(at.else);
    bindAll(at.pattern, merge(declared, value), 'let', at.value);
  }
}

/** A declared `Vec<_>` keeps what the initializer tells of its arguments. */
function merge(declared: MaybeTy, value: MaybeTy): MaybeTy {
  if (declared?.kind === 'external' && value?.kind === 'external' && declared.path === value.path) {
    return { ...declared, args: declared.args.map((a, i) => a ?? value.args[i] ?? null) };
  }
  return declared ?? value;
}

function literal(kind: string, text: string, expected: MaybeTy): MaybeTy {
  const suffix = /(?:f16|f32|f64|f128|[iu](?:8|16|32|64|128|size))$/.exec(text)?.[0];
  if (kind === 'float') return primitive(suffix ?? (expected?.kind === 'primitive' ? expected.name : 'f64'));
  if (kind === 'int') return suffix && !/^0x/i.test(text) ? primitive(suffix) : expected?.kind === 'primitive' ? expected : null;
  if (kind === 'bool' || kind === 'char') return primitive(kind);
  if (kind === 'byte') return primitive('u8');
  if (kind === 'string') return { kind: 'reference', mutable: false, to: primitive('str') };
  if (kind === 'byte-string') return { kind: 'reference', mutable: false, to: { kind: 'array', element: primitive('u8') } };
  return null;
}

/** Of arithmetic between primitives; a literal takes the other side's type. Overloaded operators are unknown. */
function binary(operator: string, left: MaybeTy, right: MaybeTy): MaybeTy {
  if (/^(==|!=|<=?|>=?|&&|\|\|)$/.test(operator)) return primitive('bool');
  const a: Ty | null = stripRefs(left);
  const b: Ty | null = stripRefs(right);
  if (a?.kind === 'primitive' && (b === null || b.kind === 'primitive')) return a;
  if (a === null && b?.kind === 'primitive') return b;
  return null;
}
