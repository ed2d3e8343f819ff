/** Mistakes with values and layouts, made by changing the declarations and conversions of real code. */
import { isReachable } from '../../../server/src/rules/reachable.ts';
import { givenValue, uncast } from '../../../server/src/analysis/ownership/owners.ts';
import type { MaybeTy } from '../../../server/src/analysis/types/local-types-ty.ts';
import { pointeeTy } from '../../../server/src/analysis/types/local-types-ty.ts';
import type { FileEdit } from '../../../server/src/base/edit.ts';
import type { Expr } from '../../../server/src/model/rust/ast-expr.ts';
import type { Type } from '../../../server/src/model/rust/ast-type.ts';
import type { RustItem } from '../../../server/src/model/workspace.ts';
import type { Code } from '../clean-bodies.ts';
import { all, around, called, code, each, isWriteTarget, lets, someExpr, uses, variable } from '../clean-bodies.ts';
import type { Mutation, Mutator, World } from '../world.ts';
import { INTEGER, edit, isClean, lastNameOf, text } from '../world.ts';

function workspaceType(type: Type, one: Code, world: World): RustItem | null {
  if (type.kind !== 'path') return null;
  const found = world.workspace.resolve(type.path, one.body.scope, 'type');
  return found.kind === 'item' ? found.item : null;
}

/** `match number { 0 => Kind::A, … }` as a `transmute`. */
function matched(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bmatch\b/), (one) => {
    if (one.ast.unsafe) return [];
    return all(one, 'match').flatMap(({ scrutinee, arms, span }) => {
      const name = scrutinee.kind === 'path' ? one.body.bindingOf(scrutinee) : null;
      const param = name?.kind === 'param' ? one.ast.params.find((other) => other.name === name.name) : null;
      if (!param || !INTEGER.test(lastNameOf(param.type)) || uses(one, param.name ?? '').length !== 1) return [];
      const numbers = arms.filter(
        ({ pattern }) => pattern.kind === 'literal' && pattern.value.kind === 'literal' && pattern.value.literal === 'int',
      );
      const made = numbers.map(({ body }) => variant(body, one, world));
      const [item] = made;
      if (numbers.length < 2 || !item || made.some((other) => other !== item)) return [];
      return [[one.put(span, `unsafe { std::mem::transmute::<_, ${item.name}>(${one.say(scrutinee)}) }`)]];
    });
  });
}

/** The enum of which an expression is a variant, inside of `Some` or `Ok` too. */
function variant(body: Expr, one: Code, world: World): RustItem | null {
  const [only] = body.kind === 'call' && /^(Some|Ok)$/.test(called(body)) ? body.args : [];
  const path = only ?? body;
  if (path.kind !== 'path' || path.path.segments.length < 2) return null;
  const segments = path.path.segments.slice(0, -1);
  const found = world.workspace.resolve({ ...path.path, segments }, one.body.scope, 'type');
  if (found.kind !== 'item' || found.item.kind !== 'enum' || segments.at(-1)?.name === 'Self') return null;
  const ast = world.workspace.ast(found.item);
  if (ast?.kind !== 'enum' || ast.variants.some(({ fields }) => fields.length > 0)) return null;
  return found.item;
}

/** The attribute that says the layout of a struct, and what is left of it without `C`. */
function layout(item: RustItem, world: World): FileEdit | null {
  const attributes = item.entry.attributes.filter((one) => one.path === 'repr');
  const [only] = attributes;
  if (!only || attributes.length > 1 || only.condition !== null || !isClean(item, world)) return null;
  return text(item, only.span, world).replace(/\s/g, '') === '#[repr(C)]' ? edit(item, only.span, '') : null;
}

const isBytes = (ty: MaybeTy): boolean => ty?.kind === 'primitive' && /^(u8|i8)$/.test(ty.name);

/** The bytes that a pointer expression leads to: of a slice, a vector or a pointer to bytes. */
function ofBytes(expr: Expr, one: Code): boolean {
  const plain = uncast(expr);
  if (isBytes(pointeeTy(one.body.typeOf(plain)))) return true;
  if (plain.kind !== 'method' || !/^as_(mut_)?ptr$/.test(plain.name)) return false;
  let ty = one.body.typeOf(plain.receiver);
  while (ty?.kind === 'reference') ty = ty.to;
  if (ty?.kind === 'slice' || ty?.kind === 'array') return isBytes(ty.element);
  return ty?.kind === 'external' && /Vec$/.test(ty.path) && isBytes(ty.args[0] ?? null);
}

/** `#[repr(C)]` off a struct that is read from bytes. */
function withoutLayout(world: World): ReturnType<Mutator['mutations']> {
  return each(
    code(world, /\bas \*const\b|\bcast::</),
    (one) =>
      all(one, 'cast').flatMap((cast) => {
        const item = cast.type.kind === 'pointer' ? workspaceType(cast.type.pointee, one, world) : null;
        if (item?.kind !== 'struct' || !ofBytes(cast.operand, one)) return [];
        const read = around(
          one,
          cast,
          (node) =>
            (node.kind === 'method' && /^read(_unaligned)?$/.test(node.name)) ||
            (node.kind === 'call' && /^ptr::read(_unaligned)?$/.test(called(node))) ||
            (node.kind === 'unary' && node.operator === '*'),
        );
        const changed = read ? layout(item, world) : null;
        return changed ? [[changed]] : [];
      }),
    true,
  );
}

const WIDE = /^([iu](16|32|64|128)|usize|isize|f32|f64|c_u?(short|int|long|longlong)|u?int(16|32|64)_t|size_t|DWORD|WORD)$/;

/** The value of a packed field is read through a reference that the compiler does not see. */
function referred(world: World): ReturnType<Mutator['mutations']> {
  const packed = world.workspace.items.filter((item) =>
    item.entry.attributes.some((one) => one.path === 'repr' && /\bpacked\s*[,)\]]/.test(text(item, one.span, world))),
  );
  if (packed.length === 0) return [];
  return each(code(world, /\.\w/), (one) =>
    all(one, 'field').flatMap((expr) => {
      let ty = one.body.typeOf(expr.base);
      while (ty?.kind === 'reference') ty = ty.to;
      const item = ty?.kind === 'item' && packed.includes(ty.item) ? ty.item : null;
      const ast = item ? world.workspace.ast(item) : null;
      const field = ast?.kind === 'struct' ? ast.fields.find(({ name }) => name === expr.name) : null;
      if (!field || !WIDE.test(lastNameOf(field.type)) || isWriteTarget(one, expr)) return [];
      if (
        around(
          one,
          expr,
          (node) => (node.kind === 'reference' || node.kind === 'macro' || node.kind === 'field') && node.span.end === expr.span.end,
        )
      )
        return [];
      return [[one.put(expr, `(*unsafe { &*std::ptr::addr_of!(${one.say(expr)}) })`)]];
    }),
  );
}

/** `Option` off the fn pointer of a struct that is zeroed. */
function zeroed(world: World): readonly Mutation[] {
  return code(world, /\bzeroed\b/).flatMap((one) =>
    all(one, 'call').flatMap((call): readonly Mutation[] => {
      if (!/^(mem|MaybeUninit)::zeroed$|^zeroed$/.test(called(call))) return [];
      const given = lets(one).find(({ value }) => value !== null && value.span.start <= call.span.start && value.span.end >= call.span.end);
      const generic = call.callee.kind === 'path' ? call.callee.path.segments.flatMap((segment) => segment.args)[0] : undefined;
      const written = generic?.kind === 'type' ? generic.type : given?.type;
      const item = written ? workspaceType(written, one, world) : null;
      const ast = item && isClean(item, world) ? world.workspace.ast(item) : null;
      if (!item || ast?.kind !== 'struct') return [];
      return ast.fields.flatMap((field) => {
        const bare = withoutOption(field.type);
        if (bare?.kind !== 'fn') return [];
        return [{ edits: [edit(item, field.type.span, text(item, bare.span, world))], where: item.name, wide: true }];
      });
    }),
  );
}

/** The `T` of `Option<T>`. */
function withoutOption(type: Type): Type | null {
  const last = type.kind === 'path' ? type.path.segments.at(-1) : null;
  const [arg] = last?.name === 'Option' ? last.args : [];
  return arg?.kind === 'type' ? arg.type : null;
}

/** `transmute` to `Option<fn>` of what may be null, as one to the fn. */
function bareFns(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\btransmute\b/), (one) =>
    all(one, 'call').flatMap((call) => {
      if (!/transmute$/.test(called(call)) || call.callee.kind !== 'path') return [];
      return (call.callee.path.segments.at(-1)?.args ?? []).flatMap((arg) => {
        const bare = arg.kind === 'type' ? withoutOption(arg.type) : null;
        const given = call.args[0] ? givenValue(call.args[0], one.body) : null;
        const param = given ? one.ast.params.find(({ name }) => name === variable(given)) : null;
        const loaded = given !== null && /^(dlsym|GetProcAddress)$/.test(one.foreign(given)?.name ?? '');
        if (!loaded && (one.fn?.role !== 'export' || param?.type.kind !== 'pointer')) return [];
        return arg.kind === 'type' && bare?.kind === 'fn' ? [[one.put(arg.type, one.say(bare))]] : [];
      });
    }),
  );
}

/** A safe fn that reads any type of its caller's choice: `unsafe` or the bound taken off. */
function views(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\*(const|mut) T\b|cast::<T>|from_raw_parts/), (one) => {
    const generic = one.ast.generics.find((param) => param.kind === 'type');
    const written = one.ast.result ? one.say(one.ast.result) : '';
    if (
      !generic ||
      one.ast.visibility !== 'pub' ||
      !isReachable(one.item, world.workspace) ||
      !new RegExp(`\\b${generic.name}\\b`).test(written)
    )
      return [];
    if (!looksAtBytes(one, generic.name) || /TypeId|type_id|Any\b|needs_drop|type_name/.test(one.say(one.item.entry.span))) return [];
    const header = one.say({ start: one.ast.signatureSpan.start, end: one.ast.nameSpan.start });
    const unsafe = /\bunsafe\s+/.exec(header);
    const start = one.ast.signatureSpan.start + (unsafe?.index ?? 0);
    const safe = unsafe ? [one.put({ start, end: start + unsafe[0].length }, '')] : [];
    const params = one.say({ start: one.ast.nameSpan.end, end: one.ast.paramsSpan.start });
    const bound = new RegExp(`\\b${generic.name}(\\s*:\\s*[\\w:+ ']+)`).exec(params);
    const from = one.ast.nameSpan.end + (bound?.index ?? 0) + (bound?.[0].length ?? 0) - (bound?.[1]?.length ?? 0);
    const open = bound?.[1] ? [one.put({ start: from, end: from + bound[1].length }, '')] : [];
    return safe.length + open.length > 0 ? [[...safe, ...open]] : [];
  });
}

/** A cast of bytes that the caller or the value holds to the type of a parameter. */
function looksAtBytes(one: Code, param: string): boolean {
  const of = (operand: Expr, to: string): boolean => {
    const root = givenValue(operand, one.body);
    const held =
      root.kind === 'field' || one.body.bindingOf(root)?.kind === 'param' || (root.kind === 'method' && /^as_(mut_)?ptr$/.test(root.name));
    return to === param && held && ofBytes(root, one);
  };
  return (
    all(one, 'cast').some(({ operand, type }) => type.kind === 'pointer' && of(operand, lastNameOf(type.pointee))) ||
    all(one, 'method').some(
      ({ name, receiver, generics: [arg] }) => name === 'cast' && arg?.kind === 'type' && of(receiver, lastNameOf(arg.type)),
    )
  );
}

/** `extern "C"` off the type of a symbol that is loaded. */
function loaded(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bSymbol\s*<|\bdlsym\b|\bGetProcAddress\b|\.get\s*(::)?\s*[<(]/), (one) => {
    const given = lets(one).flatMap(({ type, value }) => (type && value && fromLoader(value, one) ? [type] : []));
    const asked = all(one, 'method').flatMap(({ name, generics }) => (name === 'get' ? generics : []));
    const transmuted = all(one, 'call').flatMap((call) =>
      fromLoader(call, one) && call.callee.kind === 'path' ? call.callee.path.segments.flatMap(({ args }) => args) : [],
    );
    const types = [...given, ...[...asked, ...transmuted].flatMap((arg) => (arg.kind === 'type' ? [arg.type] : []))];
    return types.flatMap((type) => fnTypes(type).flatMap((fn) => (fn.abiSpan ? [[one.put(fn.abiSpan, '')]] : [])));
  });
}

/** `lib.get(…)?`, or a `transmute` of what a loader gives. */
function fromLoader(value: Expr, one: Code): boolean {
  return someExpr(value, (node) => {
    if (node.kind === 'method') return node.name === 'get' && node.args.some((arg) => /^b"/.test(one.say(arg)) || arg.kind === 'literal');
    const [arg] = node.kind === 'call' && /transmute$/.test(called(node)) ? node.args : [];
    const made = arg ? one.foreign(givenValue(arg, one.body)) : null;
    return made !== null && /^(dlsym|GetProcAddress)$/.test(made.name);
  });
}

function fnTypes(type: Type): readonly Extract<Type, { kind: 'fn' }>[] {
  if (type.kind === 'fn') return [type];
  if (type.kind !== 'path') return [];
  return type.path.segments.flatMap(({ args }) => args.flatMap((arg) => (arg.kind === 'type' ? fnTypes(arg.type) : [])));
}

export const VALUE_MUTATORS: readonly Mutator[] = [
  { rule: 'transmute-int-to-enum', does: 'turns a `match` on a number into a `transmute`', mutations: matched },
  { rule: 'layout-assumed-cast', does: 'removes `#[repr(C)]` of a struct that is read from bytes', mutations: withoutLayout },
  { rule: 'packed-field-reference', does: 'reads a packed field through a reference, for its value', mutations: referred },
  { rule: 'zeroed-non-nullable', does: 'takes the `Option` off a field of a struct that is zeroed', mutations: zeroed },
  { rule: 'transmute-ptr-to-fn', does: 'takes the `Option` off what a pointer is made to', mutations: bareFns },
  { rule: 'unbounded-generic-view', does: 'drops the bound, or `unsafe`, of a generic view', mutations: views },
  { rule: 'dynamic-symbol-abi', does: 'drops `extern "C"` of a symbol\'s type', mutations: loaded },
];
