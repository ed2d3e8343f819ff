/** Mistakes with symbols and shared state, made of real declarations: repeated otherwise, under another's name, or without their lock. */
import type { FileEdit } from '../../../server/src/base/edit.ts';
import { uncast } from '../../../server/src/analysis/ownership/owners.ts';
import { collectExprs } from '../../../server/src/analysis/walk.ts';
import type { BoundaryFn } from '../../../server/src/model/surface/surface.ts';
import type { RustItem } from '../../../server/src/model/workspace.ts';
import type { Code } from '../clean-bodies.ts';
import { all, around, atBoundary, called, code, each, variable } from '../clean-bodies.ts';
import type { Mutation, Mutator, World } from '../world.ts';
import { at, atEnd, edit, functions, isAtFileLevel, isClean, lastNameOf, text } from '../world.ts';
import { itemOf } from './owners.ts';

/** The symbols that only one fn has, under no condition. */
function single(world: World, role: 'import' | 'export'): readonly BoundaryFn[] {
  const counts = new Map<string, number>();
  for (const { symbol } of world.surface.functions) if (symbol !== null) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return functions(world, role).filter(
    ({ symbol, item, ast }) =>
      symbol !== null &&
      /^\w+$/.test(symbol) &&
      counts.get(symbol) === 1 &&
      item.cfg.kind === 'true' &&
      !ast.variadic &&
      ast.generics.length === 0,
  );
}

/** An export takes the name of the export before it. */
function sameName(world: World): readonly Mutation[] {
  const exports = single(world, 'export');
  return exports.flatMap((fn, i): readonly Mutation[] => {
    const other = exports[i + 1] ?? exports[0];
    const attribute = fn.item.entry.attributes.find((one) => one.path === 'no_mangle' && one.condition === null);
    if (!attribute || !other || other === fn || other.item.module.crate !== fn.item.module.crate) return [];
    const name = `export_name = "${other.symbol ?? ''}"`;
    return [
      { edits: [edit(fn.item, attribute.span, attribute.unsafe ? `#[unsafe(${name})]` : `#[${name}]`)], where: fn.ast.name, wide: true },
    ];
  });
}

const OTHER: Readonly<Record<string, string>> = {
  i32: 'i64',
  u32: 'u64',
  i64: 'i32',
  u64: 'u32',
  u8: 'u32',
  i8: 'i32',
  u16: 'u32',
  i16: 'i32',
  f32: 'f64',
  f64: 'f32',
  bool: 'u32',
  c_int: 'i64',
  c_uint: 'u64',
  usize: 'u32',
  isize: 'i32',
  c_char: 'u32',
  size_t: 'u32',
  uint32_t: 'u64',
  int32_t: 'i64',
  uint64_t: 'u32',
}; // prettier-ignore

/**
 * What a fn is declared with, and in the copy: the last parameter left out, or a number of another width in its place; null where neither
 * says something else.
 */
function changedCopy(fn: BoundaryFn, world: World): string | null {
  const { ast, item } = fn;
  const written = ast.params.map((param) => ({
    name: param.name ?? '_',
    type: text(item, param.type.span, world),
    last: lastNameOf(param.type),
  }));
  const number = written.findIndex(({ last }) => Object.hasOwn(OTHER, last));
  if (number < 0 && written.length === 0) return null;
  const shorter = number < 0 || ast.name.length % 2 === 0;
  const params = shorter ? written.slice(0, -1) : written.map((one, i) => (i === number ? { ...one, type: OTHER[one.last] ?? '' } : one));
  const result = ast.result ? ` -> ${text(item, ast.result.span, world)}` : '';
  return `fn ${ast.name}(${params.map(({ name, type }) => `${name === '_' ? '_' : name}: ${type}`).join(', ')})${result};`;
}

/** The fn's own declaration once more in a module, changed. */
function again(world: World, role: 'import' | 'export'): readonly Mutation[] {
  return single(world, role).flatMap((fn): readonly Mutation[] => {
    const { ast, item } = fn;
    const inFile = role === 'export' ? isAtFileLevel(item) : item.owner !== null && isAtFileLevel(item.owner);
    const odd =
      /['&]|impl\b|Self\b|\$/.test(text(item, ast.paramsSpan, world)) ||
      item.entry.attributes.some((one) => /link_name|export_name/.test(one.path));
    const copy = inFile && !odd ? changedCopy(fn, world) : null;
    if (copy === null) return [];
    const unsafe = item.module.crate.target.edition === '2024' ? 'unsafe ' : '';
    const made = `mod mutant {\n    use super::*;\n    ${unsafe}extern "${fn.abi ?? 'C'}" {\n        pub ${copy}\n    }\n}`;
    return [{ edits: [atEnd(item, made, world)], where: ast.name, wide: true }];
  });
}

/** `extern "system"` of a block for Windows, as `extern "C"`. */
function notSystem(world: World): readonly Mutation[] {
  return world.surface.externBlocks.flatMap((block) => {
    const ast = isClean(block, world) ? world.workspace.ast(block) : null;
    if (ast?.kind !== 'extern-block' || ast.abi !== 'system' || !ast.members.some((one) => one.kind === 'fn' && !one.variadic)) return [];
    const link = block.entry.attributes.find((one) => one.path === 'link');
    // Of these libraries not every function is `stdcall`.
    if (!link || /msvcrt|ucrt|ntdll/.test(text(block, link.span, world))) return [];
    const own = text(block, ast.signatureSpan, world);
    const found = /extern\s+"(system)"/.exec(own);
    if (!found) return [];
    const start = ast.signatureSpan.start + found.index + found[0].lastIndexOf('system');
    return [{ edits: [edit(block, { start, end: start + 'system'.length }, 'C')], where: 'extern' }];
  });
}

const ATOMIC = /^(?:std::sync::atomic::|core::sync::atomic::|atomic::)?Atomic(Bool|[IU](?:8|16|32|64|size))$/i;

/** An atomic that an export uses becomes a `static mut`, everywhere in its file. */
function unlocked(world: World): readonly Mutation[] {
  const { workspace } = world;
  return workspace.items.flatMap((item): readonly Mutation[] => {
    const ast = item.kind === 'static' && isClean(item, world) ? workspace.ast(item) : null;
    if (ast?.kind !== 'static' || ast.mutable || !ast.type || ast.value?.kind !== 'call') return [];
    const kind = ATOMIC.exec(text(item, ast.type.span, world))?.[1]?.toLowerCase();
    const [start] = ast.value.args;
    const files = workspace.filesNaming(item.name);
    if (!kind || !start || files.some((file) => file !== item.file)) return [];
    const users = code(world, new RegExp(`\\b${item.name}\\b`)).filter((one) => one.item.file === item.file);
    const made = users.map((one) => changedUses(one, item));
    const all = made.flatMap((one) => one ?? []);
    const mentions =
      text(item, { start: 0, end: workspace.text(item.file).length }, world).match(new RegExp(`\\b${item.name}\\b`, 'g'))?.length ?? 0;
    if (made.includes(null) || all.length + 1 !== mentions || !all.some(({ text: written }) => /=/.test(written))) return [];
    if (!users.some((one) => one.fn !== null && one.fn.role !== 'import')) return [];
    const keyword = /\bstatic\s+/.exec(text(item, ast.signatureSpan, world));
    if (!keyword) return [];
    const edits = [
      edit(item, at(ast.signatureSpan.start + keyword.index + keyword[0].length), 'mut '),
      edit(item, ast.type.span, kind),
      edit(item, ast.value.span, text(item, start.span, world)),
      ...all,
    ];
    return [{ edits, where: item.name }];
  });
}

/** `X.load(…)`, `X.store(v, …)` and `X.fetch_add(v, …)` for a `static mut`; null where it is used in another way. */
function changedUses(one: Code, item: RustItem): readonly FileEdit[] | null {
  const places = collectExprs(one.block, (node) => variable(node) === item.name, { items: false });
  const edits = places.map((place) => {
    const call = around(one, place, (node) => node.kind === 'method' && node.receiver === place);
    if (call?.kind !== 'method') return null;
    const value = call.args[0] ? one.say(call.args[0]) : '';
    const made: Readonly<Record<string, string>> = {
      load: item.name,
      store: `${item.name} = ${value}`,
      fetch_add: `${item.name} += ${value}`,
      fetch_sub: `${item.name} -= ${value}`,
    };
    const written = Object.hasOwn(made, call.name) ? made[call.name] : undefined;
    return written === undefined ? null : one.put(call, `unsafe { ${written} }`);
  });
  return edits.includes(null) ? null : edits.filter((one) => one !== null);
}

/** Real handlers of signals print. */
function printing(world: World): readonly Mutation[] {
  const handlers = new Set<RustItem>();
  for (const one of code(world, /\b(signal|sigaction|sa_sigaction|SigHandler)\b/)) {
    const given = [
      ...all(one, 'call').flatMap((call) =>
        /^(signal|bsd_signal)$/.test(one.foreign(call)?.name ?? '') || /^SigHandler::/.test(called(call)) ? call.args : [],
      ),
      ...all(one, 'assign').flatMap(({ left, right }) =>
        left.kind === 'field' && /^sa_(sigaction|handler)$/.test(left.name) ? [right] : [],
      ),
    ].map(uncast);
    for (const expr of given) {
      const found = itemOf(expr, one, world) && expr.kind === 'path' ? world.workspace.resolve(expr.path, one.body.scope, 'value') : null;
      if (found?.kind === 'item') handlers.add(found.item);
    }
  }
  return each(
    atBoundary(world, /\bfn\b/, 'callback').filter(({ item }) => handlers.has(item)),
    (one) => [[one.put(at(one.block.span.start + 1), ' println!("{}", 1); ')]],
  );
}

export const SYMBOL_MUTATORS: readonly Mutator[] = [
  { rule: 'duplicate-export', does: 'gives an export the name of another one', mutations: sameName },
  {
    rule: 'decl-definition-mismatch',
    does: 'repeats an export as a declaration with a parameter changed or left out',
    mutations: (world) => again(world, 'export'),
  },
  {
    rule: 'clashing-declarations',
    does: 'repeats a declaration with a parameter changed or left out',
    mutations: (world) => again(world, 'import'),
  },
  { rule: 'winapi-abi', does: 'turns `system` into `C`', mutations: notSystem },
  { rule: 'static-mut-in-export', does: 'turns an atomic into a `static mut`', mutations: unlocked },
  { rule: 'signal-handler-unsafe', does: 'changes a handler of signals so that it prints', mutations: printing },
];
