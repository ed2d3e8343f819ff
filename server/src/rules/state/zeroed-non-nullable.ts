/** A struct that cannot be all zeros is made by `mem::zeroed`. */
import { calleeOf, libraryName } from '../../analysis/callee.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { writtenTarget } from '../../analysis/ownership/written-target.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { HERE, collectExprs, unwrapBlock } from '../../analysis/walk.ts';
import type { CallExpr, Expr } from '../../model/rust/ast-expr.ts';
import type { EnumItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { isRewritten } from '../../model/surface/attributes.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { defineRule } from '../rule.ts';
import { peel, stdName } from '../written-type.ts';

export default defineRule({
  id: 'zeroed-non-nullable',
  group: 'state',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['invalid_value'],
  fix: 'none',
  messages: { zeroed: '`{type}` is zeroed, but {what} cannot be zero' },
  docs: {
    what: 'A struct with a reference, fn pointer, `Box`, `NonNull` or enum without a zero is made by `mem::zeroed`',
    why: `A value of these types that is zero is undefined behaviour as soon as it exists, whether or not anything reads it: the optimiser takes it
for granted that it never is. Structs for C often hold a callback, and C code zeroes them before it fills them; Rust must not.`,
    bad: `#[repr(C)]
pub struct Options {
    pub level: u32,
    pub on_error: extern "C" fn(i32),
}

pub fn options() -> Options {
    unsafe { std::mem::zeroed() }
}
`,
    good: `#[repr(C)]
pub struct Options {
    pub level: u32,
    pub on_error: Option<extern "C" fn(i32)>,
}

pub fn options() -> Options {
    unsafe { std::mem::zeroed() }
}
`,
    exceptions: [
      '`Option` of all these: zero is `None`',
      '`MaybeUninit::zeroed()` that something fills before `assume_init`',
      'fields inside `MaybeUninit`, and raw pointers',
      'enums of which a variant is zero',
      'types of other crates, generics, and types that are inferred from elsewhere',
    ],
    fixSafety: null,
    references: [
      { title: 'std::mem::zeroed', url: 'https://doc.rust-lang.org/std/mem/fn.zeroed.html' },
      { title: 'Rust Reference, invalid values', url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bzeroed\b/, ctx.workspace)) {
      if (!body.ast.body) continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call' || one.kind === 'method', HERE)) {
        const call = zeroedBy(expr, body, ctx.workspace);
        const type = call && (writtenArg(call) ?? writtenTarget(expr, body.ast));
        const bad = type ? nonZero(type, body.scope, ctx.workspace) : null;
        if (!call || !bad) continue;
        ctx.report('zeroed', {
          at: { file: body.item.file, span: call.callee.span },
          data: { type: bad.type, what: bad.what },
          related: [{ at: { file: bad.owner.file, span: bad.span }, message: 'cannot be zero' }],
          help: 'make the field an `Option`, or use `MaybeUninit` and fill it before `assume_init`',
          item: body.item,
          claims: [
            {
              kind: 'calls',
              at: { file: body.item.file, span: call.callee.span },
              callees: /\bmem::(?:\w+::)*(?:zeroed|MaybeUninit::\w+)$/,
            },
          ],
        });
      }
    }
  },
});

/** `zeroed()`, or the one whose `assume_init` this is. */
function zeroedBy(expr: Expr, body: Body, workspace: Workspace): CallExpr | null {
  const inner = expr.kind === 'method' && expr.name === 'assume_init' ? unwrapBlock(expr.receiver) : expr;
  if (inner.kind !== 'call') return null;
  const wanted = inner === expr ? /^(mem::)?zeroed$/ : /^MaybeUninit::zeroed$/;
  return wanted.test(libraryName(calleeOf(inner.callee, body.scope, workspace)) ?? '') ? inner : null;
}

/** `zeroed::<T>()`, `MaybeUninit::<T>::zeroed()` */
function writtenArg({ callee }: CallExpr): Type | null {
  const segments = callee.kind === 'path' ? callee.path.segments : [];
  for (const segment of segments.slice(-2))
    for (const arg of segment.args) if (arg.kind === 'type' && arg.type.kind !== 'infer') return arg.type;
  return null;
}

interface NonZero {
  /** The struct that is zeroed, and what of it cannot be. */
  readonly type: string;
  readonly what: string;
  readonly owner: RustItem;
  readonly span: RustItem['entry']['span'];
}

const DEPTH = 6;

/** What in a workspace type cannot be zero; null for everything else, and in doubt. */
function nonZero(type: Type, scope: Scope, workspace: Workspace, depth: number = DEPTH): NonZero | null {
  const at = peel(type, scope, workspace);
  if (at.type.kind === 'array') return nonZero(at.type.element, at.scope, workspace, depth);
  const item = at.found?.kind === 'item' && at.found.variant === null ? at.found.item : null;
  const ast = item && !item.inUnknownMacro && depth > 0 ? workspace.ast(item) : null;
  if (!item || !ast || isRewritten(ast.attributes)) return null;
  if (ast.kind === 'enum') return hasZero(ast) ? null : { type: ast.name, what: 'no variant is', owner: item, span: ast.nameSpan };
  if (ast.kind !== 'struct') return null;
  const inside: Scope = { module: item.module, item };
  for (const field of ast.fields) {
    const what = pointerKind(field.type, inside, workspace);
    if (what) return { type: ast.name, what: `${what} \`${field.name}\``, owner: item, span: field.nameSpan };
    const deeper = nonZero(field.type, inside, workspace, depth - 1);
    if (deeper) return { ...deeper, type: ast.name, what: `\`${field.name}\` in it` };
  }
  return null;
}

/** Owners and pointers that are never null (std docs of each). */
const NEVER_NULL = /^(Box|NonNull|Rc|Arc|Vec|String|CString|NonZero|NonZero[IU](8|16|32|64|128|size))$/;

function pointerKind(type: Type, scope: Scope, workspace: Workspace): string | null {
  const at = peel(type, scope, workspace);
  if (at.type.kind === 'fn') return 'the fn pointer';
  if (at.type.kind === 'reference') return 'the reference';
  if (at.type.kind === 'array') return pointerKind(at.type.element, at.scope, workspace);
  const name = stdName(at);
  return name !== null && NEVER_NULL.test(name) ? `the \`${name}\`` : null;
}

/** Whether a variant is zero, or may be. */
function hasZero(ast: EnumItem): boolean {
  if (ast.variants.length === 0) return true;
  let next: bigint | null = 0n;
  for (const variant of ast.variants) {
    if (variant.fields.length > 0 || variant.attributes.some((one) => one.path === 'cfg')) return true;
    if (variant.discriminant) next = literalValue(variant.discriminant);
    if (next === null || next === 0n) return true;
    next += 1n;
  }
  return false;
}

/** The value of an integer literal, with a sign or not; null for other expressions. */
function literalValue(expr: Expr): bigint | null {
  if (expr.kind === 'unary' && expr.operator === '-') {
    const value = literalValue(expr.operand);
    return value === null ? null : -value;
  }
  const text = expr.kind === 'literal' && expr.literal === 'int' ? expr.text.replaceAll('_', '') : '';
  const digits = /^(0x[\da-f]+|0o[0-7]+|0b[01]+|\d+)/i.exec(text)?.[0];
  return digits === undefined ? null : BigInt(digits);
}
