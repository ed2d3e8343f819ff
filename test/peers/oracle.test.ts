/** C compilers as judges of the comparison: what `generate c` makes of each Rust type is declared again as each type of C, and what gcc and clang say of it agrees with the verdict. */
import { describe, expect, test } from 'vitest';
import { compare } from '../../server/src/abi/compare/compare.ts';
import { comparePointees } from '../../server/src/abi/compare/pointees.ts';
import type { VerdictCode } from '../../server/src/abi/compare/verdict.types.ts';
import type { Resolve, Shape } from '../../server/src/abi/shape.ts';
import { targetOf } from '../../server/src/abi/targets.ts';
import { run } from '../cli/support.ts';
import type { Signature } from '../../server/src/abi/peers/peers.ts';
import { CLANG } from '../abi/fuzz/clang.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { Facts, Judge } from './c-oracle.ts';
import { factsOf, JUDGES, refusedLines, TRIPLES } from './c-oracle.ts';
import { world } from './support.ts';

const RUST_TYPES = [
  ...['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'isize', 'usize', 'i128', 'u128', 'f32', 'f64', 'bool', 'char'],
  ...['c_char', 'c_schar', 'c_uchar', 'c_short', 'c_ushort', 'c_int', 'c_uint', 'c_long', 'c_ulong', 'c_longlong', 'c_ulonglong'],
  ...['c_float', 'c_double', '*const i32', '*mut i32', '*mut c_void', '*const c_char', '*mut f64', '*const u64', '*mut c_long'],
  ...['*mut bool', '*mut i16', '*mut *mut i32', '*mut Record', '&i32', '&mut f64', 'Option<&u64>', 'Box<i32>', 'NonNull<f32>'],
  ...['extern "C" fn(i32) -> i32', 'Option<extern "C" fn(i32) -> i32>', 'NonZeroU32', 'Option<NonZeroU64>', '[i32; 4]', '*const [i32]'],
  ...['&str', '&[u8]', 'Box<dyn Fn()>', 'Record', 'Either', 'Plain', 'Byte', 'Int', 'Data', 'Transparent', '()'],
];

const RUST_HEAD = `use std::ffi::*;
use std::num::{NonZeroU32, NonZeroU64};
use std::ptr::NonNull;
#[repr(C)]
pub struct Record { pub x: i64, pub y: i64 }
#[repr(C)]
pub union Either { pub x: i64, pub y: f64 }
#[repr(C)]
pub enum Plain { A, B }
#[repr(u8)]
pub enum Byte { A, B }
#[repr(i32)]
pub enum Int { A, B }
#[repr(C)]
pub enum Data { A(i64), B }
#[repr(transparent)]
pub struct Transparent(pub u64);
`;

/** As C declares a parameter; `@` stands for its name. */
const PEERS = [
  ...['char @', 'signed char @', 'unsigned char @', 'short @', 'unsigned short @', 'int @', 'unsigned @', 'long @', 'unsigned long @'],
  ...['long long @', 'unsigned long long @', 'int8_t @', 'int16_t @', 'int32_t @', 'int64_t @', 'uint8_t @', 'uint16_t @', 'uint32_t @'],
  ...['uint64_t @', 'size_t @', 'ssize_t @', 'ptrdiff_t @', 'intptr_t @', 'uintptr_t @', '__int128 @', 'unsigned __int128 @', 'float @'],
  ...['double @', 'long double @', '_Bool @', 'BOOL @', 'wchar_t @', 'int *@', 'const int *@', 'const char *@', 'void *@', 'double *@'],
  ...['float *@', 'long *@', 'uint64_t *@', 'const uint64_t *@', '_Bool *@', 'short *@', 'int **@', 'int @[4]', 'int (*@)(int)'],
  ...[
    'struct peer_record @',
    'struct peer_record *@',
    'union peer_either @',
    'enum peer_plain @',
    'enum peer_byte @',
    'va_list @',
    'void @',
  ],
];

const HEAD = `#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
typedef intptr_t ssize_t;
typedef int BOOL;
struct peer_record { int64_t x, y; };
union peer_either { int64_t x; double y; };
enum peer_plain { PEER_A, PEER_B };
enum peer_byte : uint8_t { PEER_C, PEER_D };
`;

type Place = 'take' | 'give';

const named = (declaration: string, name: string): string => declaration.replace('@', name);
const isResult = (declaration: string): boolean => !declaration.includes(')') && !declaration.includes('[');

const RUST_SOURCE =
  RUST_HEAD +
  RUST_TYPES.map(
    (type, i) =>
      `#[no_mangle]\npub extern "C" fn take_${i}(value: ${type}) {}\n#[no_mangle]\npub extern "C" fn give_${i}() -> ${type} { loop {} }\n`,
  ).join('');

const PEER_HEADER =
  HEAD +
  PEERS.map((peer, i) =>
    [
      ...(peer === 'void @' ? [] : [`void peer_take_${i}(${named(peer, 'value')});\n`]),
      ...(isResult(peer) ? [`${named(peer, `peer_give_${i}`)}(void);\n`] : []),
    ].join(''),
  ).join('');

interface Side {
  readonly shape: Shape;
  readonly resolve: Resolve;
}

interface Sides {
  /** By the number of the type; null where nothing is known of it. */
  readonly rust: readonly (Side | null)[];
  readonly peer: readonly (Side | null)[];
}

/** The types as the linter reads them out of Rust and out of the header, as parameters or as results. */
function sidesOf({ snapshot }: Awaited<ReturnType<typeof world>>, triple: string, place: Place): Sides {
  const target = targetOf(triple);
  if (!target) throw new Error(`there is no target ${triple}`);
  const pick = (one: Signature | null | undefined): Side | null => {
    const found = place === 'take' ? one?.params?.[0] : one?.result;
    return one && found ? { shape: found.shape, resolve: one.resolve } : null;
  };
  const { peers, surface } = snapshot;
  const fns = new Map(surface.functions.map((fn) => [fn.symbol, fn]));
  const declared = new Map(peers.inFile('/w/peer.h')?.functions.map((fn) => [fn.symbol, fn]));
  return {
    rust: RUST_TYPES.map((_, i) => {
      const fn = fns.get(`${place}_${i}`);
      return fn ? pick(peers.rustSignature(fn, target)) : null;
    }),
    peer: PEERS.map((_, i) => pick(declared.get(`peer_${place}_${i}`)?.signatures.find((one) => one.target.triple === triple))),
  };
}

/** What `generate c` writes for each Rust type, by its number, and the definitions that this needs. */
async function generated(
  triple: string,
): Promise<{ readonly head: string; readonly take: readonly (string | null)[]; readonly give: readonly (string | null)[] }> {
  const folder = tempFolder({
    'Cargo.toml': '[package]\nname = "oracle"\nversion = "0.1.0"\n\n[lib]\ncrate-type = ["cdylib"]\n',
    'src/lib.rs': RUST_SOURCE,
  });
  const { out } = await run(folder, ['generate', 'c', 'src', '--target', triple]);
  const take: (string | null)[] = RUST_TYPES.map(() => null);
  const give: (string | null)[] = RUST_TYPES.map(() => null);
  const head: string[] = [];
  for (const line of out.split('\n')) {
    const found = /\b(take|give)_(\d+)\b/.exec(line);
    if (!found || !line.endsWith(';')) head.push(/#include <sys|#include <wchar|__cplusplus/.test(line) ? '' : line);
    else (found[1] === 'take' ? take : give)[Number(found[2])] = line;
  }
  return { head: head.join('\n').replace(/extern "C" \{|^\}$\n#endif/gm, ''), take, give };
}

interface Judged {
  readonly code: VerdictCode;
  /** What the pointers lead to, for two of them. */
  readonly behind: VerdictCode | null;
  readonly accepted: boolean;
  readonly rust: Facts;
  readonly peer: Facts;
  readonly what: string;
}

/** Verdicts after which the two sides are passed alike, or so that only one of them has to look out. */
const ALIKE: ReadonlySet<VerdictCode> = new Set([
  'ok',
  'sign',
  'bool',
  'value-range',
  'scalar-value',
  'pointer-integer',
  'code-data',
  'layout',
  'short-enums',
]);

/** Whether a verdict is what the compiler's own figures of the two types come to. */
function fits({ code, rust: a, peer: b, what: rust }: Judged): boolean {
  const both = (kind: Facts['kind']): boolean => a.kind === kind && b.kind === kind;
  switch (code) {
    case 'ok':
      return a.kind === b.kind && a.size === b.size && a.signed === b.signed;
    case 'sign':
      return both('integer') && a.size === b.size && a.signed !== b.signed;
    case 'bool':
      return a.size === 1 && b.size === 1 && (a.kind === 'bool') !== (b.kind === 'bool');
    case 'value-range':
    case 'scalar-value':
      return both('integer') && a.size === b.size;
    case 'short-enums':
      return both('integer');
    case 'pointer-integer':
      return a.size === b.size && [a.kind, b.kind].sort().join() === 'integer,pointer';
    case 'code-data':
      return both('pointer');
    case 'layout':
      return both('record');
    case 'width':
      return a.size !== b.size && ![a.kind, b.kind].some((kind) => kind === 'pointer' || kind === 'record' || kind === 'void');
    case 'class':
      return [a.kind, b.kind].sort().join() === 'float,integer';
    case 'aggregate':
      return (a.kind === 'record') !== (b.kind === 'record') && a.kind !== 'pointer' && b.kind !== 'pointer';
    case 'kind':
      // A `char` is a number to C, and never of another width, nor an enum.
      return a.kind !== b.kind || rust.startsWith('char ');
    case 'nothing':
      return (a.kind === 'void') !== (b.kind === 'void');
    default:
      return true;
  }
}

/** Two pointers of which the compiler refuses one for the other, and the comparison says nothing: both lead to as many bytes, or one is a promise. */
function contradiction(one: Judged): string | null {
  const { code, behind, accepted, what } = one;
  const said = behind === null ? code : `${code}, behind it ${behind}`;
  // A `va_list` that is a plain pointer looks like one.
  if (accepted && !ALIKE.has(code) && !(code === 'va-list' && one.peer.kind === 'pointer') && !what.startsWith('char and enum'))
    return `${what}: ${said}, but C takes them for the same`;
  if (accepted && (behind === 'width' || behind === 'class' || behind === 'kind')) return `${what}: ${said}, but C takes them for the same`;
  return fits(one) ? null : `${what}: ${said}, but the compiler has ${JSON.stringify(one.rust)} and ${JSON.stringify(one.peer)}`;
}

async function judged(judge: Judge, place: Place, sides: Sides): Promise<readonly Judged[]> {
  const target = targetOf(judge.triple);
  if (!target) throw new Error(`there is no target ${judge.triple}`);
  const made = await texts.get(judge.triple)?.();
  if (!made) throw new Error(`nothing is generated for ${judge.triple}`);
  const ours = made[place];
  // Line by line, so that lines tell the declarations apart.
  const head = [...HEAD.split('\n'), ...made.head.split('\n')];
  const typedefs = new Map([
    ...ours.flatMap((line, i) => (line === null ? [] : [[`rust_${i}`, `typedef ${typeIn(line, place, `rust_${i}`)};`] as const])),
    ...PEERS.map((peer, i) => [`peer_${i}`, `typedef ${named(peer.replace('int @[4]', 'int *@'), `peer_${i}`)};`] as const),
  ]);
  const facts = factsOf(judge, head, typedefs);
  const pairs = ours.flatMap((line, i) =>
    PEERS.flatMap((peer, j) => {
      const [a, b] = [facts.get(`rust_${i}`), facts.get(`peer_${j}`)];
      const [rust, other] = [sides.rust[i], sides.peer[j]];
      if (line === null || !a || !b || !rust || !other) return [];
      const redeclared = place === 'take' ? `void take_${i}_${j}(${named(peer, 'value')});` : `${named(peer, `give_${i}_${j}`)}(void);`;
      const text = `${line.replace(`${place}_${i}`, `${place}_${i}_${j}`)} ${redeclared}`;
      return [{ text, rust, other, a, b, what: `${RUST_TYPES[i]} and ${named(peer, '')}` }];
    }),
  );
  const refused = refusedLines(judge, [...head, ...pairs.map(({ text }) => text)]);
  return pairs.map(({ rust, other, a, b, what }, i) => {
    const { code, rust: left, peer: right } = compare(rust, other, target);
    const behind = left.kind === 'pointer' && right.kind === 'pointer' ? comparePointees(rust, other, target).code : null;
    return { code, behind, accepted: !refused.has(head.length + i), rust: a, peer: b, what };
  });
}

/** The type of a generated prototype as the declaration of a name: `int32_t (*give_3(void))(int32_t);` is one too. */
function typeIn(line: string, place: Place, name: string): string {
  if (place === 'take') return line.slice(line.indexOf('(') + 1, line.lastIndexOf(')')).replace(/\bvalue\b/, name);
  return line.replace(/\bgive_\d+\(void\)/, name).replace(/;$/, '');
}

const read = once(() => world({ 'src/lib.rs': RUST_SOURCE, 'peer.h': PEER_HEADER }, [...TRIPLES]));
const texts = new Map(TRIPLES.map((triple) => [triple, once(() => generated(triple))]));

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** What a declaration in C can come to; short enums are those of bare Arm, for which gcc here makes no code. */
const ASKED: readonly VerdictCode[] = [
  ...(['ok', 'sign', 'bool', 'value-range', 'scalar-value', 'pointer-integer', 'code-data', 'layout'] as const),
  ...(['nothing', 'width', 'class', 'aggregate', 'kind', 'va-list'] as const),
];

/** By the name of the compiler. */
const codes = new Map<string, Set<VerdictCode>>();

describe.each(JUDGES)('$name', (judge) => {
  test.for(['take', 'give'] as const)('%s', { timeout: 60_000 }, async (place, { skip }) => {
    const missing = judge.missing();
    if (missing !== null) return skip(missing);
    const all = await judged(judge, place, sidesOf(await read(), judge.triple, place));
    const seen = codes.get(judge.program) ?? new Set();
    for (const { code } of all) seen.add(code);
    codes.set(judge.program, seen);
    expect(all.length).toBeGreaterThan(2_000);
    expect(all.flatMap((one) => contradiction(one) ?? [])).toEqual([]);
  });
});

test.for(['gcc', CLANG])('%s was asked about every verdict', (program, { skip }) => {
  const seen = codes.get(program);
  if (!seen) return skip(`${program} is not installed`);
  const short: readonly VerdictCode[] = program === CLANG ? ['short-enums'] : [];
  expect([...seen].sort()).toEqual([...ASKED, ...short].sort());
});

test('what C cannot declare is what the comparison takes for no value of C', async () => {
  const triple = 'x86_64-unknown-linux-gnu';
  const target = targetOf(triple);
  const made = await texts.get(triple)?.();
  if (!target || !made) throw new Error(`there is no target ${triple}`);
  const { rust, peer } = sidesOf(await read(), triple, 'take');
  const said = rust.map((one) => [...new Set(peer.flatMap((other) => (one && other ? [compare(one, other, target).code] : [])))]);
  const undeclared = RUST_TYPES.flatMap((type, i) => (made.take[i] === null ? [`${type}: ${said[i]?.join(', ')}`] : []));
  expect(undeclared).toEqual([
    '[i32; 4]: array-by-value, kind',
    '*const [i32]: fat-pointer',
    '&str: fat-pointer',
    '&[u8]: fat-pointer',
    'Box<dyn Fn()>: fat-pointer',
    // As a result it is `void`.
    '(): nothing, va-list',
  ]);
});
