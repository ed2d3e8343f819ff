/** Functions that agree on both sides, and the same with one mistake put in: no finding for the former, one of the right kind for nearly all of the latter. */
import { expect, test } from 'vitest';
import { compareLinked } from '../../server/src/abi/peers/signature-differences.ts';
import { world } from './support.ts';

/** Rust and C for the same; the classes say what a mutation may turn into what. */
const SAME: readonly (readonly [rust: string, c: string, kind: 'int' | 'float' | 'bool' | 'pointer' | 'struct'])[] = [
  ['i8', 'signed char', 'int'],
  ['u8', 'uint8_t', 'int'],
  ['i16', 'short', 'int'],
  ['u32', 'unsigned', 'int'],
  ['i32', 'int', 'int'],
  ['i64', 'int64_t', 'int'],
  ['usize', 'size_t', 'int'],
  ['core::ffi::c_long', 'long', 'int'],
  ['f32', 'float', 'float'],
  ['f64', 'double', 'float'],
  ['bool', 'bool', 'bool'],
  ['*const f64', 'const double *', 'pointer'],
  ['*mut i32', 'int *', 'pointer'],
  ['*mut *mut i16', 'int16_t **', 'pointer'],
  ['*const u64', 'const uint64_t *', 'pointer'],
  ['Pair', 'geo_pair', 'struct'],
];

const PREFIX = '#[repr(C)]\npub struct Pair {\n    pub a: f64,\n    pub b: f64,\n}\n\n';
const HEAD = '#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\ntypedef struct { double a, b; } geo_pair;\n';

interface Fn {
  readonly params: readonly number[];
  /** -1 for none. */
  readonly result: number;
}

interface Mutant {
  readonly rust: string;
  readonly header: string;
  readonly what: string;
}

/** Numbers that are the same in each run (a linear congruential generator). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const typeAt = (i: number): (typeof SAME)[number] => SAME[i] ?? ['i32', 'int', 'int'];
const rustOf = (name: string, { params, result }: Fn): string => {
  const list = params.map((i, at) => `p${at}: ${typeAt(i)[0]}`).join(', ');
  return `    pub fn ${name}(${list})${result < 0 ? '' : ` -> ${typeAt(result)[0]}`};\n`;
};
const cOf = (name: string, { params, result }: Fn, more = ''): string =>
  `${result < 0 ? 'void' : typeAt(result)[1]} ${name}(${[...params.map((i, at) => `${typeAt(i)[1]} p${at}`), ...(more === '' ? [] : [more])].join(', ') || 'void'});\n`;

/** Two types that are not passed alike on 64-bit Unix, and that one should not be taken for the other. */
function differ(a: number, b: number): boolean {
  const [x, y] = [typeAt(a), typeAt(b)];
  const width = (type: string): string =>
    /^(?:i64|usize|core::ffi::c_long)$/.test(type) ? '64' : /^(?:i32|u32)$/.test(type) ? '32' : /^(?:i8|u8|bool)$/.test(type) ? '8' : type;
  if (x[2] === 'pointer' || y[2] === 'pointer') {
    const other = x[2] === 'pointer' ? y : x;
    // An address in an integer of its width, and untyped words behind pointers, are let pass.
    if (x[2] === y[2]) return !/\*mut \*mut|u64/.test(`${x[0]} ${y[0]}`) && x[0].replace(/^\*\w+ /, '') !== y[0].replace(/^\*\w+ /, '');
    return width(other[0]) !== '64';
  }
  return width(x[0]) !== width(y[0]);
}

function mutate(name: string, fn: Fn, pick: (below: number) => number): Mutant | null {
  const rust = rustOf(name, fn);
  const at = fn.params.length === 0 ? -1 : pick(fn.params.length);
  switch (pick(6)) {
    case 0:
      return { rust, header: cOf(name, { ...fn, params: fn.params.slice(1) }), what: fn.params.length > 0 ? 'a parameter less' : '' };
    case 1:
      return { rust, header: cOf(name, { ...fn, params: [...fn.params, pick(SAME.length)] }), what: 'a parameter more' };
    case 2: {
      const other = pick(SAME.length);
      const old = fn.params[at];
      if (old === undefined || !differ(old, other)) return null;
      const params = fn.params.map((one, i) => (i === at ? other : one));
      return { rust, header: cOf(name, { ...fn, params }), what: `${typeAt(old)[0]} against ${typeAt(other)[1]}` };
    }
    case 3: {
      const other = pick(SAME.length);
      if (fn.result < 0 || !differ(fn.result, other)) return null;
      return { rust, header: cOf(name, { ...fn, result: other }), what: `result ${typeAt(fn.result)[0]} against ${typeAt(other)[1]}` };
    }
    case 4:
      return fn.result < 0 ? null : { rust, header: cOf(name, { ...fn, result: -1 }), what: 'a result that C does not give' };
    default:
      return fn.params.length === 0 ? null : { rust, header: cOf(name, fn, '...'), what: 'dots' };
  }
}

async function findings(pairs: readonly { readonly rust: string; readonly header: string }[]): Promise<readonly string[]> {
  const rust = `${PREFIX}extern "C" {\n${pairs.map((one) => one.rust).join('')}}\n`;
  const { snapshot } = await world({ 'src/lib.rs': rust, 'geo.h': HEAD + pairs.map(({ header }) => header).join('') });
  const { peers, surface } = snapshot;
  return surface.functions.map((fn) => {
    const [linked] = peers.linkedTo(fn);
    const made = linked ? compareLinked(linked, peers) : null;
    if (made?.kind !== 'compared') return `unknown: ${made?.reason ?? 'not linked'}`;
    return made.differences
      .filter(({ here, severity }) => here && (severity === 'error' || severity === 'warning'))
      .map(({ kind }) => kind)
      .join();
  });
}

test('98 of 100 mistakes are found, and nothing is said of what agrees', async () => {
  const pick = random(20_241_122);
  const functions = Array.from(
    { length: 400 },
    (): Fn => ({
      params: Array.from({ length: pick(5) }, () => pick(SAME.length)),
      result: pick(SAME.length + 3) - 3 < 0 ? -1 : pick(SAME.length),
    }),
  );
  const good = functions.map((fn, i) => ({ rust: rustOf(`geo_fn_${i}`, fn), header: cOf(`geo_fn_${i}`, fn) }));
  expect((await findings(good)).filter((found) => found !== '')).toEqual([]);
  const mutants = functions.flatMap((fn, i) => mutate(`geo_fn_${i}`, fn, pick) ?? []).filter(({ what }) => what !== '');
  const found = await findings(mutants);
  const missed = mutants.flatMap(({ what, rust, header }, i) =>
    found[i] === '' || found[i]?.startsWith('unknown') ? [`${what}: ${rust.trim()} ${header.trim()} ${found[i]}`] : [],
  );
  expect(mutants.length).toBeGreaterThan(200);
  expect(1 - missed.length / mutants.length, missed.slice(0, 20).join('\n')).toBeGreaterThanOrEqual(0.98);
});
