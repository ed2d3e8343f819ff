/** The C compiler as judge: where the comparison finds no difference, the Rust signature written in C redeclares the header's function; where it finds one, it does not. */
import { describe, expect, test } from 'vitest';
import { compareLinked } from '../../server/src/abi/peers/signature-differences.ts';
import { judge } from '../support/compile/others.ts';
import { world } from './support.ts';

/** Rust types and what C calls them, as the compiler is told. */
const TYPES: Readonly<Record<string, string>> = {
  i8: 'int8_t',
  u8: 'uint8_t',
  i16: 'int16_t',
  u16: 'uint16_t',
  i32: 'int32_t',
  u32: 'uint32_t',
  i64: 'int64_t',
  u64: 'uint64_t',
  usize: 'size_t',
  isize: 'ptrdiff_t',
  f32: 'float',
  f64: 'double',
  bool: '_Bool',
  '*mut i32': 'int32_t *',
  '*const u8': 'const uint8_t *',
  '*mut f64': 'double *',
  '*mut *mut i32': 'int32_t **',
};
const PEERS = [
  ...['int', 'unsigned', 'short', 'long', 'long long', 'signed char', 'unsigned char', 'float', 'double', '_Bool', 'size_t'],
  ...['int *', 'const unsigned char *', 'double *', 'long *', 'int **'],
];

/** Differences that the type system of C does not make, or makes where passing them is the same. */
const MILD = new Set(['hint', 'info']);

describe('a parameter of each type against each of C', () => {
  for (const [rust, c] of Object.entries(TYPES))
    test(rust, async ({ skip }) => {
      const header = `#include <stddef.h>\n#include <stdint.h>\n${PEERS.map((peer, i) => `void geo_${i}_fn(${peer} value);`).join('\n')}\n`;
      const source = PEERS.map((_, i) => `#[no_mangle]\npub extern "C" fn geo_${i}_fn(value: ${rust}) {\n    let _ = value;\n}\n`).join(
        '\n',
      );
      const { snapshot } = await world({ 'src/lib.rs': source, 'geo.h': header });
      const { peers, surface } = snapshot;
      const ours = PEERS.map((_, i) => {
        const fn = surface.functions.find(({ symbol }) => symbol === `geo_${i}_fn`);
        const linked = fn ? peers.linkedTo(fn)[0] : undefined;
        const made = linked ? compareLinked(linked, peers) : null;
        if (made?.kind !== 'compared') return 'unknown';
        // What differs elsewhere only is no matter of this compiler.
        return (
          made.differences
            .filter(({ here, severity }) => here && !MILD.has(severity))
            .map(({ kind }) => kind)
            .join() || 'same'
        );
      });
      const both = PEERS.map((peer, i) => `void f${i}(${peer} value);\nvoid f${i}(${c} value);\n`).join('');
      const judged = await judge(new Map([['a.c', `#include <stddef.h>\n#include <stdint.h>\n${both}`]]), 'a.c');
      if ('unavailable' in judged) return skip(judged.unavailable);
      const refused = new Set([...judged.complaint.matchAll(/conflicting types for .f(\d+)/g)].map(([, number]) => Number(number)));
      const theirs = PEERS.map((_, i) => !refused.has(i));
      const wrong = PEERS.flatMap((peer, i) => {
        // The compiler agrees: so must we. It refuses: we may still say that the two are passed alike.
        if (theirs[i] && ours[i] !== 'same') return [`${rust} against ${peer}: ${ours[i]}, but C takes them for the same`];
        return !theirs[i] && ours[i] === 'same' && !alike(rust, peer) ? [`${rust} against ${peer}: nothing, but C refuses it`] : [];
      });
      expect(wrong).toEqual([]);
    });
});

/** Passed in the same register or slot with the same width on 64-bit Unix, and none of them reads what the other never writes. */
function alike(rust: string, peer: string): boolean {
  const width = (type: string): string => {
    if (type.includes('*')) return 'pointer';
    if (/^(?:i64|u64|usize|isize|long|long long|size_t)$/.test(type)) return '64';
    if (/^(?:i32|u32|int|unsigned)$/.test(type)) return '32';
    if (/^(?:i8|u8|bool|_Bool|signed char|unsigned char)$/.test(type)) return '8';
    return type;
  };
  const [a, b] = [width(rust), width(peer)];
  // A word is a word, behind a pointer too.
  if (rust === '*mut *mut i32' && peer === 'long *') return true;
  if (a === 'pointer' && b === 'pointer') return /u8|unsigned char/.test(`${rust} ${peer}`);
  return a === b || [a, b].sort().join() === '64,pointer';
}
