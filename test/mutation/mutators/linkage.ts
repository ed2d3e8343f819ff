/** Mistakes with symbols and calling conventions. */
import type { Mutation, Mutator, World } from '../world.ts';
import { at, atEnd, edit, functions, isClean, pointerParams, text } from '../world.ts';
import { cSignature } from '../../../server/src/analysis/c-functions/signatures.ts';

function second(rule: string, does: string, role: 'import' | 'export', items: (name: string, arity: number) => string): Mutator {
  return {
    rule,
    does,
    planted: true,
    mutations: (world) =>
      functions(world, role).flatMap((fn) => {
        // Under a condition the second one would have to stand under the same.
        if (fn.symbol === null || !/^\w+$/.test(fn.symbol) || fn.item.cfg.kind !== 'true' || fn.ast.variadic) return [];
        if (world.surface.functions.filter((one) => one.symbol === fn.symbol).length > 1) return [];
        return [{ edits: [atEnd(fn.item, items(fn.symbol, fn.ast.params.length), world)], where: fn.ast.name, wide: true }];
      }),
  };
}

const parameters = (count: number): string => Array.from({ length: count }, (_, i) => `p${i}: u8`).join(', ');

function withoutAbi(world: World): readonly Mutation[] {
  return functions(world, 'export').flatMap((fn) =>
    fn.ast.abiSpan && fn.ast.generics.length === 0 ? [{ edits: [edit(fn.item, fn.ast.abiSpan, '')], where: fn.ast.name }] : [],
  );
}

function generic(world: World): readonly Mutation[] {
  return functions(world, 'export').flatMap((fn) =>
    fn.ast.generics.length === 0 ? [{ edits: [edit(fn.item, at(fn.ast.nameSpan.end), '<Mutant>')], where: fn.ast.name }] : [],
  );
}

function renamed(world: World): readonly Mutation[] {
  return functions(world, 'export').flatMap((fn) => {
    if (fn.item.module.crate.noStd || fn.item.entry.attributes.some((one) => one.path === 'export_name')) return [];
    const taken = ['strtok', 'memset', 'poll', 'qsort', 'bind', 'setenv'].find(
      (name) => cSignature(name, 'unix')?.params.length !== fn.ast.params.length,
    );
    if (!taken || world.surface.functions.some((one) => one.symbol === taken)) return [];
    return [{ edits: [edit(fn.item, fn.ast.nameSpan, taken)], where: fn.ast.name }];
  });
}

function windows(world: World): readonly Mutation[] {
  return world.surface.externBlocks.flatMap((block) => {
    const ast = isClean(block, world) && block.cfg.kind === 'true' ? world.workspace.ast(block) : null;
    if (ast?.kind !== 'extern-block' || ast.abi !== 'C' || block.entry.attributes.some((one) => one.path === 'link')) return [];
    if (!ast.members.some((one) => one.kind === 'fn') || ast.members.some((one) => one.kind === 'fn' && one.variadic)) return [];
    return [{ edits: [edit(block, at(ast.signatureSpan.start), '#[link(name = "kernel32")]\n')], where: 'extern' }];
  });
}

function safeDeclarations(world: World): readonly Mutation[] {
  return functions(world, 'import').flatMap((fn) => {
    const block = fn.item.owner;
    const ast = block && isClean(block, world) ? world.workspace.ast(block) : null;
    if (!block || ast?.kind !== 'extern-block' || fn.ast.unsafe || fn.ast.safe || pointerParams(fn).length === 0) return [];
    const edits = [edit(fn.item, at(fn.ast.keywordSpan.start), 'safe ')];
    return [{ edits: ast.unsafe ? edits : [...edits, edit(block, at(ast.keywordSpan.start), 'unsafe ')], where: fn.ast.name }];
  });
}

/** Only where the edition asks for it. */
function plainAttributes(world: World): readonly Mutation[] {
  return functions(world, 'export').flatMap((fn) => {
    const attribute = fn.item.entry.attributes.find((one) => one.path === 'no_mangle' && one.unsafe && one.condition === null);
    if (!attribute || fn.item.module.crate.target.edition !== '2024') return [];
    return [{ edits: [edit(fn.item, attribute.span, '#[no_mangle]')], where: fn.ast.name }];
  });
}

function plainBlocks(world: World): readonly Mutation[] {
  return world.surface.externBlocks.flatMap((block) => {
    const ast = isClean(block, world) ? world.workspace.ast(block) : null;
    if (ast?.kind !== 'extern-block' || !ast.unsafe || block.module.crate.target.edition !== '2024') return [];
    if (ast.members.some((one) => one.kind === 'fn' && (one.safe || one.unsafe))) return [];
    const before = text(block, { start: ast.signatureSpan.start, end: ast.keywordSpan.start }, world);
    const unsafe = /unsafe\s+$/.exec(before);
    if (!unsafe) return [];
    const start = ast.signatureSpan.start + unsafe.index;
    return [{ edits: [edit(block, { start, end: ast.keywordSpan.start }, '')], where: 'extern' }];
  });
}

export const LINKAGE_MUTATORS: readonly Mutator[] = [
  { rule: 'no-mangle-rust-abi', does: 'drops `extern "C"` of an export', mutations: withoutAbi },
  { rule: 'no-mangle-generic', does: 'makes an export generic', mutations: generic },
  second(
    'duplicate-export',
    'exports a symbol a second time',
    'export',
    (name) => `mod mutant {\n    #[no_mangle]\n    pub extern "C" fn ${name}() {}\n}`,
  ),
  second(
    'decl-definition-mismatch',
    'declares an export with a parameter more',
    'export',
    (name, arity) => `mod mutant {\n    extern "C" {\n        pub fn ${name}(${parameters(arity + 1)});\n    }\n}`,
  ),
  second(
    'clashing-declarations',
    'declares a C function once more, with a parameter more',
    'import',
    (name, arity) => `mod mutant {\n    extern "C" {\n        pub fn ${name}(${parameters(arity + 1)});\n    }\n}`,
  ),
  { rule: 'export-shadows-system-symbol', does: 'gives an export the name of a C function', mutations: renamed },
  { rule: 'winapi-abi', does: 'links a C block with kernel32', mutations: windows },
  { rule: 'safe-extern-fn-with-pointer', does: 'declares a C function with a pointer as safe', mutations: safeDeclarations },
  { rule: 'unsafe-attr', does: 'drops `unsafe` of `no_mangle` in edition 2024', mutations: plainAttributes },
  { rule: 'missing-unsafe-extern', does: 'drops `unsafe` of a block in edition 2024', mutations: plainBlocks },
];
