/** Mistakes with who owns what, and with texts that C gets. */
import { foreignCall } from '../../../server/src/analysis/c-functions/foreign-call.ts';
import { typeName } from '../../../server/src/analysis/c-functions/foreign-call.ts';
import { bodiesOf } from '../../../server/src/analysis/types/local-types.ts';
import { collectExprs } from '../../../server/src/analysis/walk.ts';
import type { Expr } from '../../../server/src/model/rust/ast-expr.ts';
import type { Type } from '../../../server/src/model/rust/ast-type.ts';
import type { RustItem } from '../../../server/src/model/workspace.ts';
import type { Mutation, Mutator, World } from '../world.ts';
import { ENDS, HANDS_OVER, isFreedElsewhere } from './owners.ts';
import { at, atTop, bodies, edit, isAtFileLevel, isClean, pointerParams, text, withItems } from '../world.ts';

type CallExpr = Extract<Expr, { kind: 'call' }>;

interface Call {
  readonly call: CallExpr;
  readonly item: RustItem;
  readonly name: string;
  /** The type of a parameter, and whether it is a pointer to characters that the function does not change. */
  isText(i: number): boolean;
}

/** All calls of C functions in clean fns. */
function calls(world: World): readonly Call[] {
  const found: Call[] = [];
  for (const item of world.workspace.items) {
    if (item.kind !== 'fn' || !item.entry.bodySpan || !isClean(item, world) || !/\bunsafe\b/.test(text(item, item.entry.span, world)))
      continue;
    const body = bodiesOf(world.workspace)(item);
    if (!body?.ast.body) continue;
    for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call', { items: false })) {
      const foreign = foreignCall(expr, body.scope, world.workspace);
      if (!foreign?.ast || !foreign.item || expr.kind !== 'call' || !world.workspace.editable(item.file, expr.span)) continue;
      const scope = { module: foreign.item.module, item: foreign.item };
      const { params } = foreign.ast;
      found.push({
        call: expr,
        item,
        name: foreign.name,
        isText: (i) => {
          const type: Type | undefined = params[i]?.type;
          return type?.kind === 'pointer' && !type.mutable && typeName(type.pointee, scope, world.workspace) === 'c_char';
        },
      });
    }
  }
  return found;
}

/** `c"text".as_ptr()` as `"text".as_ptr()`. */
function withoutNul(world: World): readonly Mutation[] {
  return calls(world).flatMap(({ call, item, isText }) =>
    call.args.flatMap((arg, i) => {
      const written = text(item, arg.span, world);
      const literal =
        /^c("[^"]*")\.as_ptr\(\)$/.exec(written) ?? /^b?("[^"]*)\\0"\.as_ptr\(\)(?:\s*as \*const \w+|\.cast\(\))?$/.exec(written);
      if (!literal || !isText(i) || call.args.length > 4) return [];
      const quoted = written.startsWith('c') ? literal[1] : `${literal[1]}"`;
      return [{ edits: [edit(item, arg.span, `${quoted}.as_ptr().cast()`)], where: item.name }];
    }),
  );
}

/** Words in the names of C functions that may keep a text. */
const KEEPS =
  /set|regist|add|init|new|create|open|put|insert|push|append|with|config|option|define|name|install|load|start|make|build|alloc|parse|prop|attr/i;

/** `owned.as_ptr()` as `owned.into_raw()`. */
function givenAway(world: World): readonly Mutation[] {
  return calls(world).flatMap(({ call, item, name, isText }) => {
    const body = bodiesOf(world.workspace)(item);
    return call.args.flatMap((arg, i) => {
      if (arg.kind !== 'method' || arg.name !== 'as_ptr' || !isText(i) || KEEPS.test(name) || arg.receiver.kind !== 'path') return [];
      const ty = body?.typeOf(arg.receiver) ?? null;
      if (ty?.kind !== 'external' || ty.path !== 'std::ffi::CString') return [];
      return [{ edits: [edit(item, arg.nameSpan, 'into_raw')], where: item.name }];
    });
  });
}

const box = (
  rule: string,
  does: string,
  statement: (name: string) => string,
  wanted: (world: World, name: string, pointee: string) => boolean,
): Mutator => ({
  rule,
  does,
  planted: true,
  mutations: (world) =>
    bodies(world).flatMap((fn) => {
      const pointer = pointerParams(fn).find(({ name, pointee, mutable }) => mutable && wanted(world, name, pointee));
      if (!pointer || ENDS.test(fn.ast.name) || HANDS_OVER.test(text(fn.item, fn.item.entry.span, world))) return [];
      return [{ edits: [atTop(fn, statement(pointer.name))], where: fn.ast.name }];
    }),
});

/** `#[derive(Clone)]` on a struct that frees its pointer. */
function copiedOwners(world: World): readonly Mutation[] {
  return world.workspace.items.flatMap((item) => {
    const ast = item.kind === 'struct' && isClean(item, world) ? world.workspace.ast(item) : null;
    if (ast?.kind !== 'struct' || item.entry.attributes.some((one) => one.path === 'derive')) return [];
    const impls = world.workspace.implsOf(item);
    if (impls.some((one) => /(^|::)(Clone|Copy)$/.test(one.entry.implTrait ?? ''))) return [];
    const drop = impls.find((one) => /(^|::)Drop$/.test(one.entry.implTrait ?? ''));
    const body = drop ? text(drop, drop.entry.span, world) : '';
    const frees = ast.fields.some(
      (field) =>
        (field.type.kind === 'pointer' || /NonNull/.test(text(item, field.type.span, world))) &&
        new RegExp(`(_(free|destroy|close|delete)|(Box|CString)::from_raw)\\(\\s*self\\.${field.name}(\\.as_ptr\\(\\))?\\s*\\)`).test(body),
    );
    return frees ? [{ edits: [edit(item, at(ast.signatureSpan.start), '#[derive(Clone)]\n')], where: item.name }] : [];
  });
}

const STRDUP =
  'extern "C" {\n        pub fn strdup(text: *const std::ffi::c_char) -> *mut std::ffi::c_char;\n        pub fn printf(format: *const std::ffi::c_char, ...) -> std::ffi::c_int;\n    }';

function inText(rule: string, does: string, statement: (name: string) => string): Mutator {
  return {
    rule,
    does,
    planted: true,
    mutations: (world) =>
      bodies(world).flatMap((fn) => {
        const pointer = pointerParams(fn).find(({ pointee }) => pointee === 'c_char');
        return pointer && isAtFileLevel(fn.item) ? [withItems(fn, statement(pointer.name), STRDUP, world)] : [];
      }),
  };
}

export const OWNERSHIP_MUTATORS: readonly Mutator[] = [
  { rule: 'unterminated-str-to-c', does: 'takes the NUL off a literal', mutations: withoutNul },
  { rule: 'into-raw-to-borrower', does: 'passes `into_raw()` for `as_ptr()`', mutations: givenAway },
  box(
    'from-raw-void',
    'frees a `*mut c_void` as a box',
    (name) => `drop(unsafe { Box::from_raw(${name}) });`,
    (_, __, pointee) => pointee === 'c_void',
  ),
  box(
    'accidental-free-in-accessor',
    'makes a box of the pointer that it only reads',
    (name) => `if ${name}.is_null() { std::process::abort(); } let _mutant = unsafe { Box::from_raw(${name}) };`,
    (world, _, pointee) => isFreedElsewhere(world, pointee),
  ),
  box(
    'double-from-raw',
    'takes a box back twice',
    (name) => `if !${name}.is_null() { drop(unsafe { Box::from_raw(${name}) }); drop(unsafe { Box::from_raw(${name}) }); }`,
    (_, __, pointee) => /^[A-Z]/.test(pointee),
  ),
  { rule: 'clone-on-raw-owner', does: 'derives `Clone` for a struct that frees its pointer', mutations: copiedOwners },
  inText(
    'allocator-mismatch',
    'frees what `strdup` gave as a `CString`',
    (name) =>
      `if !${name}.is_null() { let mutant = unsafe { mutant::strdup(${name}) }; if !mutant.is_null() { drop(unsafe { std::ffi::CString::from_raw(mutant) }); } }`,
  ),
  inText('printf-nonliteral-format', 'prints a text of C as a format', (name) => `unsafe { mutant::printf(${name}) };`),
];
