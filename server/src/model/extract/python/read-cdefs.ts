/** Reads the text of cffi's `cdef` as the C that it is. */
import type { Parsers } from '../../../syntax/parsers.types.ts';
import { preprocess } from '../../../syntax/c/preprocess.ts';
import type { CUnit } from '../../c/ast.ts';
import type { PyCdef } from '../../python/bindings.ts';
import { readUnit } from '../c/read-unit.ts';

/** The types that cffi knows without a declaration (cffi documentation, "Declaring types and functions"). */
const PRELUDE = [
  ...[8, 16, 32, 64].flatMap((bits) => [`typedef signed char int${bits}_t;`, `typedef unsigned char uint${bits}_t;`]),
  ...['size_t', 'uintptr_t', 'uint_least8_t'].map((name) => `typedef unsigned long ${name};`),
  ...['ssize_t', 'ptrdiff_t', 'intptr_t'].map((name) => `typedef long ${name};`),
  'typedef int wchar_t;',
  'typedef _Bool bool;',
].join('\n');

/** All declarations of a module as one unit. Offsets are those of the Python file; its own types of fixed width are known by their names. */
export function readCdefs(file: string, cdefs: readonly PyCdef[], parsers: Parsers): CUnit | null {
  if (cdefs.length === 0) return null;
  let text = '';
  for (const { at, text: part } of [...cdefs].sort((a, b) => a.at.span.start - b.at.span.start)) {
    // What stands between the texts is Python.
    text = text.padEnd(at.span.start) + part;
  }
  const source = preprocess({
    file,
    text,
    predefined: [],
    knownNames: new Set(),
    first: [{ file: '<cffi>', text: PRELUDE }],
    include: () => null,
  });
  // Each text has its own packing, as if a pragma stood around it.
  const packing = (offset: number): number | null | string => {
    const { offset: place } = source.place(offset);
    return cdefs.find(({ at: { span } }) => span.start <= place && place <= span.end)?.pack ?? null;
  };
  return readUnit(file, { ...source, packing }, parsers);
}
