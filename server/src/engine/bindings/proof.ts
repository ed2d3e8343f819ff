/** Joins what Rust exports with the headers that declare it, for a proof by the C compiler. */
import { basename } from '../../base/paths.ts';
import type { Api, Generated } from '../../generate/api.types.ts';
import { cAsserts } from '../../generate/asserts.ts';
import { generateProof } from '../../generate/proof.ts';
import { assertedC } from './asserts.ts';
import { cSide } from './c-side.ts';
import type { GenerateInput } from './generate-bindings.ts';

/** All headers of the workspace are looked at: those that declare what is asked about are included. */
export function proofOf(input: GenerateInput, api: Api): Generated {
  const { target } = input;
  const names = new Set(api.functions.map(({ name }) => name));
  const side = cSide(input, target, () => true);
  const headers = side.headers.map((header) => ({
    header,
    include: basename(header.file),
    symbols: new Set(header.unit.symbols.flatMap(({ name, at }) => (at.file === header.file && names.has(name) ? [name] : []))),
  }));
  const meant = headers.filter(({ symbols }) => symbols.size > 0);
  const byName = new Map(side.pairs.filter(({ header }) => reaches(header.file, meant)).map((pair) => [pair.rust.name, pair]));
  const opaque = new Map(
    meant.flatMap(({ header: { unit } }) => unit.mentions.map(({ tag, name }) => [plain(name), `${tag} ${name}`] as const)),
  );
  const rustNames = new Map(api.types.map((one) => [one.key, one.name]));
  const asserts = [...byName.values()].map(({ header, type, ...rest }) => {
    const of = { header, name: type.name, spelling: type.spelling, pair: { header, type, ...rest } };
    return cAsserts(assertedC(of, side, input), target);
  });
  return generateProof({
    api,
    headers: meant,
    peer(key) {
      const name = rustNames.get(key) ?? key;
      return byName.get(name)?.type.spelling ?? opaque.get(plain(name)) ?? null;
    },
    asserts: asserts.join(''),
  });
}

/** Whether one of these headers is, or includes, a file. */
function reaches(
  file: string,
  headers: readonly { readonly header: { readonly unit: { readonly files: ReadonlySet<string> } } }[],
): boolean {
  return headers.some(({ header }) => header.unit.files.has(file));
}

function plain(name: string): string {
  return name.replace(/_t$/, '').replace(/_/g, '').toLowerCase();
}
