/** A C file that redeclares, behind a header, what Rust exports, in the header's own types: a compiler refuses it where they disagree. */
import type { Api, Generated, Omitted, Plain } from './api.types.ts';
import { cDeclare, cPrototype } from './c-text.ts';
import { refusal } from './c.ts';
import { generatedBy } from './names.ts';

export interface ProofHeader {
  /** As an `#include` writes it. */
  readonly include: string;
  /** Functions that it declares. */
  readonly symbols: ReadonlySet<string>;
}

export interface ProofInput {
  readonly api: Api;
  readonly headers: readonly ProofHeader[];
  /** What a Rust type is called in C, by its key; null where no header has it. */
  peer(key: string): string | null;
  /** Assertions about the layouts of types that both have. */
  readonly asserts: string;
}

export function generateProof({ api, headers, peer, asserts }: ProofInput): Generated {
  const omitted: Omitted[] = [];
  const byKey = new Map(api.types.map((one) => [one.key, one]));
  /** A fixed width is what C sees of an enum for which the header has no type. */
  const spelling = (key: string): string | null => {
    const type = byKey.get(key);
    const width = type?.kind === 'enum' && type.underlying ? cDeclare(type.underlying, '', () => '') : null;
    return peer(key) ?? width;
  };
  const missing = (type: Plain): string | null => {
    if (type.kind === 'pointer') return type.to === null ? null : missing(type.to);
    if (type.kind === 'array') return missing(type.of);
    if (type.kind === 'fn') return [type.fn.result, ...type.fn.params].map(missing).find((one) => one !== null) ?? null;
    return type.kind === 'named' && spelling(type.key) === null ? (byKey.get(type.key)?.name ?? type.key) : null;
  };
  const nameOf = (key: string): string => spelling(key) ?? key;
  const used = new Set<ProofHeader>();
  const prototypes: string[] = [];
  for (const fn of api.functions) {
    const header = headers.find(({ symbols }) => symbols.has(fn.name));
    const unknown = [fn.result, ...fn.params].map(missing).find((one) => one !== null) ?? null;
    const reason = !header
      ? 'no header declares it'
      : (refusal(fn) ??
        (fn.abi !== 'C' && fn.abi !== 'cdecl' ? 'its calling convention depends on the target' : null) ??
        (unknown === null ? null : `the header has no type for \`${unknown}\``));
    if (!header || reason !== null) {
      omitted.push({ name: fn.name, at: fn.at, reason: reason ?? '' });
      continue;
    }
    used.add(header);
    prototypes.push(`${cPrototype(fn.result, fn.name, fn.params, fn.names, fn.variadic, nameOf)};\n`);
  }
  const text = [
    `/* ${generatedBy('proof', api.title)}.\n * Compile it with the flags of the header and -fsyntax-only: an error means that Rust and the header disagree. */\n`,
    `#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n`,
    headers
      .filter((one) => used.has(one))
      .map(({ include }) => `#include "${include}"\n`)
      .join(''),
    omitted.map(({ name, reason }) => `/* not proved: \`${name}\`: ${reason} */\n`).join(''),
    prototypes.join(''),
    asserts,
  ];
  return { text: text.filter((part) => part !== '').join('\n'), omitted };
}
