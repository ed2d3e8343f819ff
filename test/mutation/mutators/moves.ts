/** Mistakes made by changing what real fns do: which owner they take back, what they free, what they declare. */
import { createOwnershipFacts } from '../../../server/src/analysis/ownership/create-ownership-facts.ts';
import type { OwnershipFacts, RawMove } from '../../../server/src/analysis/ownership/ownership-facts.ts';
import { bodiesOf } from '../../../server/src/analysis/types/local-types.ts';
import { collectExprs, variable } from '../../../server/src/analysis/walk.ts';
import type { Expr } from '../../../server/src/model/rust/ast-expr.ts';
import type { Type } from '../../../server/src/model/rust/ast-type.ts';
import type { BoundaryFn } from '../../../server/src/model/surface/surface.ts';
import type { RustItem, Workspace } from '../../../server/src/model/workspace.ts';
import type { Mutation, Mutator, World } from '../world.ts';
import { atEnd, bodies, edit, functions, isAtFileLevel, isClean, lastNameOf, paramsOf, text, withItems } from '../world.ts';

const facts = new WeakMap<Workspace, OwnershipFacts>();

function factsOf({ workspace }: World): OwnershipFacts {
  const known = facts.get(workspace) ?? createOwnershipFacts(workspace);
  facts.set(workspace, known);
  return known;
}

function movesOf(world: World): readonly RawMove[] {
  return factsOf(world).moves();
}

/** `Box::from_raw` as `Arc::from_raw`, for a type of which only boxes are given out. */
function otherKind(world: World): readonly Mutation[] {
  const moves = movesOf(world);
  const into = moves.filter((one) => one.direction === 'into');
  // A pointer of a type that is not known may be of this one.
  if (into.some((one) => one.pointee === null && (one.kind === null || one.kind === 'Arc'))) return [];
  return moves.flatMap(({ direction, kind, pointee, body: { item, ast }, expr }) => {
    const made = into.filter((one) => one.pointee === pointee);
    if (direction !== 'from' || kind !== 'Box' || pointee === null || expr.kind !== 'call' || !isClean(item, world)) return [];
    if (
      made.length === 0 ||
      !made.every((one) => one.kind === 'Box') ||
      !/^(\w+::)*Box::from_raw$/.test(text(item, expr.callee.span, world))
    )
      return [];
    return [{ edits: [edit(item, expr.callee.span, 'std::sync::Arc::from_raw')], where: ast.name }];
  });
}

/** Nothing but the ends of blocks and calls behind a value, and an arm for what there is none of. */
const LAST = /^(\s*as [*\w :]+)?[\s)},]*((Err\(\w*\)|None|_)\s*=>\s*[\w:]+(\(\))?\s*,?)?[\s})]*$/;

/** Everything that frees what an export returns does nothing any more. */
function neverFreed(world: World): readonly Mutation[] {
  const moves = movesOf(world);
  const macros = factsOf(world).freesInMacros();
  const owners = world.surface.functions.filter((fn) => fn.role !== 'import').map((fn) => text(fn.item, fn.ast.paramsSpan, world));
  const exported = new Set(functions(world, 'export').map((fn) => fn.item));
  return moves.flatMap((given) => {
    const { item, ast } = given.body;
    const { kind } = given;
    if (macros || given.direction !== 'into' || !exported.has(item) || ast.result?.kind !== 'pointer') return [];
    if (kind !== 'Box' && kind !== 'Arc' && kind !== 'CString') return [];
    // What goes out inside of a struct is followed no further.
    if (kind === 'CString' && lastNameOf(ast.result.pointee) !== 'c_char') return [];
    if (owners.some((written) => new RegExp(`\\b${kind}\\b`).test(written))) return [];
    // The pointer is the last thing that the fn says, in no macro of the crate, whose value may be another.
    if (ast.body?.tail?.kind === 'macro') return [];
    if (!LAST.test(text(item, { start: given.expr.span.end, end: ast.span.end }, world))) return [];
    // A fn that gets the pointer first may keep it.
    const before = text(item, { start: ast.span.start, end: given.expr.span.start }, world);
    if (/(?<!Some|Ok|NonNull::new|new_unchecked)\b\w+\((?:[^()]*,\s*)?$/.test(before) && !/\b(Some|Ok)\(\s*$/.test(before)) return [];
    const back = moves.filter(
      (one) =>
        one.direction === 'from' &&
        (one.kind === null ||
          (one.pointee !== null && one.pointee === given.pointee) ||
          (one.kind === kind && (one.pointee === null || given.pointee === null || kind === 'CString'))),
    );
    if (back.length === 0 || back.length > 6 || back.some((one) => one.expr.kind !== 'call')) return [];
    const edits = back.flatMap(({ expr, body }) =>
      expr.kind === 'call' ? [edit(body.item, expr.callee.span, 'std::convert::identity')] : [],
    );
    return [{ edits, where: ast.name, wide: true }];
  });
}

/** `'static` off the bound of a closure that a fn boxes for C. */
function shortLived(world: World): readonly Mutation[] {
  return world.workspace.items.flatMap((item) => {
    if (item.kind !== 'fn' || !item.entry.bodySpan || !isClean(item, world)) return [];
    const own = text(item, item.entry.span, world);
    if (!/\binto_raw\b/.test(own) || /\bfrom_raw\b/.test(own)) return [];
    const body = bodiesOf(world.workspace)(item);
    const closure = body?.ast.generics.find((one) => one.bounds.includes("'static") && one.bounds.some((path) => /^(\w+::)*Fn/.test(path)));
    if (
      !body?.ast.body ||
      !closure ||
      !boxes(body.ast.body, body.ast.params.find((one) => lastNameOf(one.type) === closure.name)?.name ?? '')
    )
      return [];
    const given = collectExprs(
      body.ast.body,
      (one) => one.kind === 'call' && /^(\w+::)*(ffi|raw|\w+_sys)::/.test(text(item, one.callee.span, world)),
    );
    if (!given.some((call) => /\b(data|ptr|raw|boxed|callback|cb|user_?data|arg|into_raw)\w*\b/.test(text(item, call.span, world))))
      return [];
    const bound = new RegExp(`\\b${closure.name}\\s*:[^{;]*?(\\s*\\+\\s*'static\\b|'static\\s*\\+\\s*)`).exec(own);
    if (!bound?.[1]) return [];
    const start = item.entry.span.start + bound.index + bound[0].length - bound[1].length;
    return [{ edits: [edit(item, { start, end: start + bound[1].length }, '')], where: item.name }];
  });
}

/** `Box::into_raw(Box::new(f))` of a variable. */
function boxes(body: Expr, name: string): boolean {
  return (
    name !== '' &&
    collectExprs(body, (one) => one.kind === 'call' && /\bnew$/.test(lastOf(one.callee)) && one.args.some((arg) => variable(arg) === name))
      .length > 0
  );
}

function lastOf(callee: Expr): string {
  return callee.kind === 'path' ? (callee.path.segments.at(-1)?.name ?? '') : '';
}

const REGISTERS = /(^|_)(register|subscribe|install)(_|$)|set_?\w*(callback|handler|hook|listener|cb)s?(_|$)/;
const CALLBACK =
  /^(?:Option\s*<\s*)?(?:unsafe\s+)?extern "(?:C|system)" fn\s*\(([^)]*)\)\s*(?:->\s*([\w:]+|\*(?:mut|const) [\w:]+))?\s*>?$/;

/** The text of a type, or of what it is an alias of. */
function spelledOut(type: Type, item: RustItem, world: World): string {
  const found = type.kind === 'path' ? world.workspace.resolve(type.path, { module: item.module, item }, 'type') : null;
  const alias = found?.kind === 'item' ? world.workspace.ast(found.item) : null;
  if (found?.kind !== 'item' || alias?.kind !== 'type' || !alias.type) return text(item, type.span, world);
  return text(found.item, alias.type.span, world);
}

/** A declared registration is called with the address of a local. */
function localData(world: World): readonly Mutation[] {
  return functions(world, 'import').flatMap((fn) => {
    const block = fn.item.owner;
    if (!REGISTERS.test(fn.ast.name) || !block || !isAtFileLevel(block) || fn.item.cfg.kind !== 'true') return [];
    const types = fn.ast.params.map((param) => spelledOut(param.type, fn.item, world));
    const callback = types.findIndex((type) => CALLBACK.test(type));
    const data = types.findIndex((type, i) => i > callback && /^\*mut\s+(\w+::)*c_void$/.test(type));
    const shape = CALLBACK.exec(types[callback] ?? '');
    if (callback < 0 || data < 0 || !shape) return [];
    const handler = `unsafe extern "C" fn mutant_handler(${(shape[1] ?? '')
      .split(',')
      .filter((one) => one.trim() !== '')
      .map((one, i) => `p${i}: ${one.replace(/^\s*\w+\s*:\s*(?!:)/, '').trim()}`)
      .join(', ')})${shape[2] ? ` -> ${shape[2]}` : ''} { std::process::abort() }`;
    const args = types.map((type, i) =>
      i === data
        ? '&mut mutant as *mut u32 as *mut _'
        : i === callback
          ? type.startsWith('Option')
            ? 'Some(mutant_handler)'
            : 'mutant_handler'
          : 'std::mem::zeroed()',
    );
    const made = `${handler}\npub unsafe fn mutant() {\n    let mut mutant = 0u32;\n    ${fn.ast.name}(${args.join(', ')});\n}`;
    return [{ edits: [atEnd(block, made, world)], where: fn.ast.name }];
  });
}

const DLSYM =
  'extern "C" {\n        fn dlsym(library: *mut std::ffi::c_void, name: *const std::ffi::c_char) -> *mut std::ffi::c_void;\n    }\n    ';

/** An export is loaded by its name, with a parameter more or with Rust's calling convention. */
function loaded(world: World): readonly Mutation[] {
  return functions(world, 'export').flatMap((fn) => {
    const { symbol, ast, item } = fn;
    if (
      symbol === null ||
      !/^\w+$/.test(symbol) ||
      ast.variadic ||
      ast.generics.length > 0 ||
      item.cfg.kind !== 'true' ||
      !isAtFileLevel(item)
    )
      return [];
    if (world.surface.functions.filter((one) => one.symbol === symbol).length > 1) return [];
    const rust = ast.name.length % 2 === 0;
    const params = Array.from({ length: ast.params.length + (rust ? 0 : 1) }, () => 'u8').join(', ');
    const type = rust ? `fn(${params})` : `unsafe extern "C" fn(${params})`;
    const load = `pub unsafe fn load(library: *mut std::ffi::c_void) {\n        let mutant = dlsym(library, c"${symbol}".as_ptr());\n        if !mutant.is_null() {\n            let mutant: ${type} = std::mem::transmute(mutant);\n            let _ = mutant;\n        }\n    }`;
    return [withItems(fn, '', `${DLSYM}${load}`, world)];
  });
}

const BYTES = /^(u8|c_void|c_char|c_uchar)$/;

/** A public type that holds bytes gets a method that looks at them as anything. */
function views(world: World): readonly Mutation[] {
  return world.workspace.items.flatMap((item) => {
    const ast = item.kind === 'struct' && isClean(item, world) && isAtFileLevel(item) ? world.workspace.ast(item) : null;
    if (ast?.kind !== 'struct' || ast.visibility !== 'pub' || ast.generics.length > 0 || !isPublic(item)) return [];
    const field = ast.fields.find(({ type }) =>
      type.kind === 'pointer' ? BYTES.test(lastNameOf(type.pointee)) : /^Vec\s*<\s*u8\s*>$/.test(text(item, type.span, world)),
    );
    if (!field) return [];
    const pointer = field.type.kind === 'pointer' ? `self.${field.name}` : `self.${field.name}.as_ptr()`;
    const made = `impl ${ast.name} {\n    pub fn mutant<T: Copy>(&self) -> &T {\n        unsafe { &*(${pointer} as *const T) }\n    }\n}`;
    return [{ edits: [atEnd(item, made, world)], where: ast.name }];
  });
}

/** Whether all modules around an item are public as far as they are declared. */
function isPublic({ module }: RustItem): boolean {
  for (let one: typeof module | null = module; one?.parent; one = one.parent) {
    const name = one.path.at(-1);
    const declared = one.parent.items.find((other) => other.kind === 'mod' && other.name === name);
    if (declared?.entry.visibility !== 'pub') return false;
  }
  return true;
}

/** A length of an export becomes signed, and a cast makes it one again where the slice is made. */
function signedLength(world: World): readonly Mutation[] {
  return bodies(world).flatMap((fn: BoundaryFn) => {
    const own = fn.ast.body ? text(fn.item, fn.ast.body.span, world) : '';
    for (const { name, type } of paramsOf(fn, /^(usize|size_t)$/)) {
      const uses = own.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
      const made = new RegExp(`(?<!\\w)from_raw_parts(?:_mut)?\\(\\s*\\w+\\s*,\\s*(${name})\\s*\\)`).exec(own);
      if (!made || uses !== 1) continue;
      const start = (fn.ast.body?.span.start ?? 0) + made.index + made[0].lastIndexOf(name);
      const edits = [edit(fn.item, type.span, 'isize'), edit(fn.item, { start, end: start + name.length }, `${name} as usize`)];
      return [{ edits, where: fn.ast.name }];
    }
    return [];
  });
}

const SHRINKS = /into_boxed_|shrink_to|Box\s*<\s*\[|\bcapacity\(\)|reserve_exact|to_boxed|into_vec/;

/** A vector that is forgotten, and taken back with its length as its capacity, where nothing gives up room that is not used. */
function asLongAsItsRoom(world: World): readonly Mutation[] {
  const files = [...world.workspace.files.values()];
  if (files.some((file) => SHRINKS.test(world.workspace.text(file)))) return [];
  const items = `pub fn give(mut data: Vec<u8>) -> (*mut u8, usize) {
    let given = (data.as_mut_ptr(), data.len());
    std::mem::forget(data);
    given
}
pub unsafe fn take(data: *mut u8, length: usize) {
    drop(Vec::from_raw_parts(data, length, length));
}`;
  const anchors = world.workspace.items.filter(
    (item) => item.kind === 'fn' && item.entry.bodySpan && isAtFileLevel(item) && isClean(item, world),
  );
  return anchors.map((item) => ({ edits: [atEnd(item, `pub mod mutant {\n${items}\n}`, world)], where: item.name }));
}

export const MOVE_MUTATORS: readonly Mutator[] = [
  { rule: 'from-raw-kind-mismatch', does: 'frees a box as an `Arc`', mutations: otherKind },
  { rule: 'missing-free-fn', does: 'takes away what frees the result of an export', mutations: neverFreed },
  { rule: 'callback-closure-not-static', does: "takes `'static` off the bound of a boxed closure", mutations: shortLived },
  { rule: 'stack-userdata', does: 'calls a declared registration with the address of a local', planted: true, mutations: localData },
  { rule: 'dynamic-symbol-abi', does: 'loads an export with a parameter more, or as a Rust fn', planted: true, mutations: loaded },
  { rule: 'unbounded-generic-view', does: 'looks at the bytes of a public type as anything', planted: true, mutations: views },
  { rule: 'signed-length-cast', does: 'makes the length of a slice signed', mutations: signedLength },
  { rule: 'vec-cap-equals-len', does: 'takes a vector back with its length as its capacity', planted: true, mutations: asLongAsItsRoom },
];
