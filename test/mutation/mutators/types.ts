/** Mistakes with types: layouts that are taken away, and parameters of types that C does not have. */
import { derives, isRewritten } from '../../../server/src/model/surface/attributes.ts';
import type { Field, StructItem } from '../../../server/src/model/rust/ast-item.ts';
import type { Span } from '../../../server/src/base/text.ts';
import { isHandle } from '../../../server/src/analysis/types/opacity.ts';
import { filledByC } from '../../../server/src/rules/c-fills.ts';
import { cSignature } from '../../../server/src/analysis/c-functions/signatures.ts';
import type { BoundaryFn, BoundaryType } from '../../../server/src/model/surface/surface.ts';
import type { Mutation, Mutator, World } from '../world.ts';
import { INTEGER, atEnd, edit, functions, isAtFileLevel, isClean, lastNameOf, text } from '../world.ts';

/** Gives a parameter, chosen by `fits`, another type. */
function paramType(
  rule: string,
  does: string,
  type: (written: string) => string,
  fits: RegExp = INTEGER,
  ...roles: readonly BoundaryFn['role'][]
): Mutator {
  return {
    rule,
    does,
    mutations: (world) =>
      functions(world, ...(roles.length > 0 ? roles : (['import', 'export', 'callback'] as const))).flatMap((fn) => {
        const param = fn.ast.params.find((one) => fits.test(lastNameOf(one.type)));
        if (!param || fn.ast.generics.length > 0) return [];
        return [{ edits: [edit(fn.item, param.type.span, type(text(fn.item, param.type.span, world)))], where: fn.ast.name }];
      }),
  };
}

/** Types of the boundary that are defined in plain sight. */
function types(world: World): readonly BoundaryType[] {
  return world.surface.types.filter(({ item }) => isClean(item, world) && !isRewritten(item.entry.attributes));
}

function structOf(type: BoundaryType, world: World): StructItem | null {
  const ast = world.workspace.ast(type.item);
  return ast?.kind === 'struct' || ast?.kind === 'union' ? ast : null;
}

/** A lone `#[repr(C)]`, with the white space behind it. */
function reprC({ item }: BoundaryType, world: World): Span | null {
  const attribute = item.entry.attributes.find((one) => one.path === 'repr' && one.condition === null);
  if (!attribute || text(item, attribute.span, world).replace(/\s/g, '') !== '#[repr(C)]') return null;
  if (item.entry.attributes.filter((one) => one.path === 'repr').length > 1) return null;
  return attribute.span;
}

const layout = (rule: string, does: string, replacement: string, fits: (type: BoundaryType, world: World) => boolean): Mutator => ({
  rule,
  does,
  mutations: (world) =>
    types(world).flatMap((type) => {
      const span = reprC(type, world);
      return span && fits(type, world) ? [{ edits: [edit(type.item, span, replacement)], where: type.item.name, wide: true }] : [];
    }),
});

/** Numbers and pointers: their own layout is as C has it. */
const isPlain = ({ type }: Field): boolean =>
  type.kind === 'pointer' || INTEGER.test(lastNameOf(type)) || /^f(32|64)$/.test(lastNameOf(type));

/** What a pointer leads to is something that can be found: a macro or a condition may choose whatever it likes. */
function isNamed({ type }: Field, { item }: BoundaryType, { workspace }: World): boolean {
  const pointee = type.kind === 'pointer' ? type.pointee : type;
  if (pointee.kind !== 'path') return true;
  return /^(item|primitive|external)$/.test(workspace.resolve(pointee.path, { module: item.module, item }, 'type').kind);
}

/** What the rule asks of a struct behind a pointer, so that C must know its fields. */
function isOpen(type: BoundaryType, world: World): boolean {
  const ast = structOf(type, world);
  return (
    type.byValue.length === 0 &&
    type.behindPointer.length > 0 &&
    ast?.kind === 'struct' &&
    ast.shape === 'named' &&
    ast.fields.length > 0 &&
    ast.generics.length === 0 &&
    ast.fields.every((field) => field.visibility === 'pub' && isPlain(field) && isNamed(field, type, world)) &&
    !isHandle(type, world.workspace)
  );
}

/** A struct behind pointers that keeps a field to itself: without `C` it would be taken to be opaque. */
function isClosed(type: BoundaryType, world: World): boolean {
  const ast = structOf(type, world);
  return (
    type.byValue.length === 0 &&
    type.behindPointer.length > 0 &&
    ast?.kind === 'struct' &&
    ast.fields.length > 1 &&
    ast.generics.length === 0 &&
    ast.fields.some((field) => field.visibility !== 'pub')
  );
}

/** Changes the type of a field of a struct that C sees. */
function fieldType(rule: string, does: string, type: string): Mutator {
  return {
    rule,
    does,
    mutations: (world) =>
      types(world).flatMap((one) => {
        const ast = structOf(one, world);
        const field = ast?.fields.find((candidate) => candidate.visibility === 'pub' && isPlain(candidate));
        if (!field || !reprC(one, world) || one.byValue.length === 0 || derives(one.item.entry.attributes).includes('Copy')) return [];
        return [{ edits: [edit(one.item, field.type.span, type)], where: one.item.name, wide: true }];
      }),
  };
}

/** The function of the C library with a parameter too few, or a narrower one. */
function systemFunctions(world: World): readonly Mutation[] {
  return functions(world, 'import').flatMap((fn) => {
    const known = fn.symbol === null ? null : (cSignature(fn.symbol, 'unix') ?? cSignature(fn.symbol, 'windows'));
    const links = fn.item.owner?.entry.attributes.some((one) => one.path === 'link') ?? false;
    if (!known || links || fn.item.entry.attributes.some((one) => one.path === 'link_name')) return [];
    const wide = fn.ast.params.find((param) => /^(usize|size_t|c_ulong|u64|i64)$/.test(lastNameOf(param.type)));
    const last = fn.ast.params.at(-1);
    const edits = wide ? [edit(fn.item, wide.type.span, 'u16')] : last ? [edit(fn.item, last.type.span, 'f32')] : [];
    return edits.length > 0 ? [{ edits, where: fn.ast.name }] : [];
  });
}

/** An enum of the same module as the result of a C function. */
function enumResults(world: World): readonly Mutation[] {
  return functions(world, 'import').flatMap((fn) => {
    const { result } = fn.ast;
    const block = fn.item.owner;
    if (!result || !block || !INTEGER.test(lastNameOf(result))) return [];
    const chosen = fn.item.module.items.find((item) => {
      const ast = item.kind === 'enum' ? world.workspace.ast(item) : null;
      return (
        ast?.kind === 'enum' &&
        ast.variants.length > 1 &&
        ast.variants.every((one) => one.fields.length === 0) &&
        item.entry.attributes.some((one) => one.path === 'repr')
      );
    });
    return chosen ? [{ edits: [edit(fn.item, result.span, chosen.name)], where: fn.ast.name }] : [];
  });
}

function bareFnPointers(world: World): readonly Mutation[] {
  return types(world).flatMap((type) => {
    const ast = structOf(type, world);
    const field = ast?.fields.find((one) =>
      /^(::)?(\w+::)*Option\s*<\s*(for<[^>]*>\s*)?(unsafe )?extern "C" fn/.test(text(type.item, one.type.span, world)),
    );
    if (field?.type.kind !== 'path' || !filledByC(type, world.workspace)) return [];
    const arg = field.type.path.segments.at(-1)?.args[0];
    if (arg?.kind !== 'type') return [];
    return [{ edits: [edit(type.item, field.type.span, text(type.item, arg.type.span, world))], where: type.item.name, wide: true }];
  });
}

/** Drops `extern "C"` of a callback's type. */
function rustCallbacks(world: World): readonly Mutation[] {
  return functions(world, 'import', 'export').flatMap((fn) => {
    for (const param of fn.ast.params) {
      const written = text(fn.item, param.type.span, world);
      if (/extern "C" fn/.test(written))
        return [{ edits: [edit(fn.item, param.type.span, written.replace(/extern "C" fn/, 'fn'))], where: fn.ast.name }];
    }
    return [];
  });
}

/** A destructor for a struct that goes by value. */
function destructors(world: World): readonly Mutation[] {
  return types(world).flatMap((type) => {
    const ast = structOf(type, world);
    const own = [...type.byValue].filter((use) => use.role === 'import' && use.position === 'param');
    if (ast?.kind !== 'struct' || !isAtFileLevel(type.item) || ast.generics.length > 0 || own.length === 0) return [];
    if (type.item.entry.attributes.some((one) => one.path === 'repr' && /transparent/.test(one.text ?? ''))) return [];
    if (world.workspace.implsOf(type.item).some((one) => /Drop$/.test(one.entry.implTrait ?? ''))) return [];
    const items = `impl Drop for ${type.item.name} {\n    fn drop(&mut self) {}\n}`;
    return [{ edits: [atEnd(type.item, items, world)], where: type.item.name, wide: true }];
  });
}

export const TYPE_MUTATORS: readonly Mutator[] = [
  layout(
    'repr-c-missing',
    'removes `#[repr(C)]` of a type that goes by value',
    '',
    (type, world) => type.byValue.length > 0 && structOf(type, world)?.kind === 'struct',
  ),
  layout('repr-c-missing-behind-pointer', 'removes `#[repr(C)]` of a struct that C reads', '', isOpen),
  layout(
    'union-without-c',
    'removes `#[repr(C)]` of a union',
    '',
    (type, world) => structOf(type, world)?.kind === 'union' && type.byValue.length === 0,
  ),
  layout('packed-without-c', 'turns `repr(C)` into `repr(packed)`', '#[repr(packed)]', isClosed),
  fieldType('repr-c-field-not-ffi-safe', 'makes a field a `String`', 'String'),
  paramType(
    'rust-type-by-value',
    'takes a `String`, `Vec` or tuple',
    (written) => ['String', 'Vec<u8>', '(u8, u16)', 'std::time::Duration'][written.length % 4] ?? 'String',
  ),
  paramType('char-in-ffi', 'takes a `char`', () => 'char'),
  paramType('array-by-value-in-ffi', 'takes an array', () => '[u8; 4]'),
  paramType('fat-pointer-in-ffi', 'takes a slice or `&str`', (written) => (written.length % 2 === 0 ? '&str' : '&[u8]')),
  paramType('zst-in-ffi', 'takes `()`', () => '()'),
  paramType('c-void-by-value', 'takes `c_void` by value', () => 'std::ffi::c_void'),
  { rule: 'libc-signature-mismatch', does: 'gives a function of the C library a wrong parameter', mutations: systemFunctions },
  { rule: 'enum-from-foreign', does: 'declares an enum as the result of a C function', mutations: enumResults },
  { rule: 'non-nullable-fn-pointer', does: 'takes the `Option` off a callback that C fills in', mutations: bareFnPointers },
  { rule: 'rust-abi-fn-pointer', does: 'drops `extern "C"` of a callback\'s type', mutations: rustCallbacks },
  { rule: 'drop-type-by-value', does: 'adds a `Drop` to a struct that goes by value', mutations: destructors },
];
