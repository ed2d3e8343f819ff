/** What one JavaScript or C# file says of foreign functions and types, in the terms that all languages share. */
import type { BindFn, BindingDialect, BindModule, BindUse } from '../../model/bindings/bindings.ts';
import type { ParamShape, PeerFile, PeerFn, PeerType, Signature, WrittenShape } from '../peers/peers.ts';
import type { Target } from '../targets.ts';
import { bindingShapes, isOpaque } from './shapes.ts';
import type { BindingShapes, BindingTypes } from './shapes.ts';

/** Whether a runtime exists for a target: Deno and Bun are for 64 bits alone. */
export function runsOn(dialect: BindingDialect, { triple }: Target): boolean {
  if (dialect === 'deno' || dialect === 'bun') return /^(?:x86_64|aarch64)-(?:unknown-linux|apple-darwin|pc-windows)/.test(triple);
  return dialect === 'koffi' ? /-(?:linux|darwin|windows|freebsd|openbsd)/.test(triple) : !/-none\b/.test(triple);
}

interface Side {
  readonly target: Target;
  readonly shapes: BindingShapes;
}

/** `generatedBy`: what its first lines say of a tool. */
export function bindingPeerFile(module: BindModule, types: BindingTypes, targets: readonly Target[], generatedBy: string | null): PeerFile {
  const sides = targets.map((target) => ({ target, shapes: bindingShapes(types, target) }));
  const language = module.functions[0]?.dialect ?? module.types[0]?.dialect ?? 'koffi';
  return {
    language,
    path: module.file,
    functions: functionsOf(module, sides, generatedBy),
    types: typesOf(module, sides),
    constants: module.constants.map((one) => ({ language, file: module.file, ...one })),
    libraries: module.libraries.map(({ key, names, at }) => ({ handle: key, name: names[0] ?? null, at })),
    generatedBy,
    dropped: module.dropped,
  };
}

/** How a function that a file declares looks on one more target. */
export function bindingSignatures(module: BindModule, types: BindingTypes, peer: PeerFn, target: Target): readonly Signature[] {
  return functionsOf(module, [{ target, shapes: bindingShapes(types, target) }], null)
    .filter(({ at, symbol }) => symbol === peer.symbol && at.span.start === peer.at.span.start)
    .flatMap(({ signatures }) => signatures);
}

/** The definition of a type of a file on one more target; null where it has none. */
export function bindingDefinition(
  module: BindModule,
  types: BindingTypes,
  name: string,
  target: Target,
): ReturnType<PeerType['defs']['get']> | null {
  return (
    typesOf(module, [{ target, shapes: bindingShapes(types, target) }])
      .find((one) => one.name === name)
      ?.defs.get(target.triple) ?? null
  );
}

function functionsOf({ file, functions }: BindModule, sides: readonly Side[], generatedBy: string | null): readonly PeerFn[] {
  const groups = new Map<string, BindFn[]>();
  for (const [index, fn] of functions.entries()) {
    // Several imports of one symbol are each called for themselves, unless a condition chooses one.
    const key = `${fn.dialect} ${fn.library} ${fn.symbol} ${fn.conditional ? '' : index}`;
    groups.set(key, [...(groups.get(key) ?? []), fn]);
  }
  return [...groups.values()].flatMap((group): readonly PeerFn[] => {
    const [first] = group;
    if (!first) return [];
    // Those that are written alike are one.
    const ways = [...new Map(group.map((fn) => [wayOf(fn), fn])).values()];
    const signatures = sides.flatMap((side) => (runsOn(first.dialect, side.target) ? ways.map((fn) => signatureOf(fn, file, side)) : []));
    const { symbol, at, library: handle, dialect: language } = first;
    return [{ language, symbol, at, file, defined: false, internal: false, mangled: false, signatures, generatedBy, handle }];
  });
}

function wayOf({ params, result, convention }: BindFn): string {
  return [convention, result?.text, ...(params ?? [{ text: '?' }]).map(({ text }) => text)].join('|');
}

function signatureOf(fn: BindFn, file: string, { target, shapes }: Side): Signature {
  const written = ({ type, text, at }: BindUse): WrittenShape => ({
    shape: shapes.shapeOf(type, fn.dialect, file),
    written: text,
    at,
    via: [],
  });
  return {
    params: fn.params?.map((one): ParamShape => ({ name: one.name, ...written(one) })) ?? null,
    result: fn.result === null ? null : written(fn.result),
    variadic: fn.variadic,
    convention: fn.convention,
    resolve: shapes.resolve,
    target,
    doubt: null,
  };
}

function typesOf(module: BindModule, sides: readonly Side[]): readonly PeerType[] {
  const out: PeerType[] = [];
  const count = new Map<string, number>();
  for (const { name } of module.types) count.set(name, (count.get(name) ?? 0) + 1);
  for (const type of module.types) {
    const { what, name, at, dialect: language } = type;
    if (what.kind === 'alias' || (count.get(name) ?? 0) > 1) continue;
    const members = what.kind === 'enum' ? what.constants : (what.fields ?? []);
    out.push({
      language,
      name,
      kind: what.kind,
      at,
      file: module.file,
      defs: new Map(
        sides.map(({ target, shapes }) => [target.triple, { def: shapes.definition({ module, type }), resolve: shapes.resolve }]),
      ),
      isOpaque: isOpaque(what),
      places: new Map(members.map((one) => [one.name, one.at])),
    });
  }
  return out;
}
