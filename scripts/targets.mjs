/** Derives target-data.ts and target-cfg-data.ts of server/src/abi from rustc and clang; with --check it only says which is stale. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { probeRust } from './layout-probe-rust.mjs';
import { root } from './stamp.mjs';

const FOLDER = 'server/src/abi';
const CLANG = process.env.CLANG ?? 'clang-19';

function run(command, args, input = '') {
  const done = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, RUSTC_BOOTSTRAP: '1' } });
  if (done.error) throw new Error(`${command} cannot be started: ${done.error.message}`);
  return done;
}

/** What is asked of rustc, in the order of `rustData`. */
const RUST_TYPES = ['u8', 'u16', 'u32', 'u64', 'u128', 'f16', 'f32', 'f64', 'f128', '*const u8'];

/** A row of `RUST_ROWS`. */
function rustRow(triple, spec) {
  const probed = [...RUST_TYPES.map((type) => `align_of::<${type}>()`), 'size_of::<*const u8>()', 'size_of::<E>()'];
  const figures = probeRust({ triple, items: '#[repr(C)] enum E { A }', values: probed, features: ['f16', 'f128'] });
  const [a8, a16, a32, a64, a128, f16, f32, f64, f128, pointerAlign, pointer, cEnum] = figures;
  // core::ffi: c_long has 64 bits where pointers have and the system is not Windows, and on wasm32 Linux; c_double is f32 on AVR.
  const windows = (spec['target-family'] ?? []).includes('windows');
  const long = (pointer === 8 && !windows) || (spec.arch === 'wasm32' && spec.os === 'linux') ? 8 : 4;
  // Which rustc first aligned 128-bit integers so: 1.77 on x86; elsewhere the LLVM of 1.87 at the latest, AArch64 always did.
  const since =
    a128 !== 16 || /^(aarch64|arm64ec)$/.test(spec.arch) ? '-' : spec.arch === 'x86' || spec.arch === 'x86_64' ? '1.77' : '1.87';
  const int = (spec['target-c-int-width'] ?? 32) / 8;
  const double = spec.arch === 'avr' ? 4 : 8;
  return [a8, a16, a32, a64, a128, f16, f32, f64, f128, `${pointer}/${pointerAlign}`, int, long, double, cEnum, since];
}

/** Two figures of a type: its size, and its alignment as a member. */
const sizeAlign = (type) => [`sizeof(${type})`, `__builtin_offsetof(struct { char c; ${type} x; }, x)`];
const align = (body) => `_Alignof(struct { ${body} })`;
const size = (body) => `sizeof(struct { ${body} })`;

/** Alignments of integers by their width, whatever they are called. */
const integerOf = (mode) => `__builtin_offsetof(struct { char c; int x __attribute__((mode(${mode}))); }, x)`;

const C_PROBES = [
  ...['short', 'int', 'long', '__WCHAR_TYPE__', '__WINT_TYPE__', '__SIZE_TYPE__', '__PTRDIFF_TYPE__'].map((type) => `sizeof(${type})`),
  ...['(char)-1 < 0', '(__WCHAR_TYPE__)-1 < 0', '(__WINT_TYPE__)-1 < 0'],
  ...['QI', 'HI', 'SI', 'DI'].map(integerOf),
  ...['void *', 'float', 'double', 'long double'].flatMap(sizeAlign),
  '_Alignof(struct __attribute__((aligned)) { char c; })',
  'sizeof(enum { E })',
  size(''),
  // Bit-fields: whether the declared type aligns the record, an unnamed `: 0` does, and how mixed types share a unit.
  align('char a; int b : 4;'),
  align('char a; int : 0; char b;'),
  size('char a : 1; int b : 1;'),
];

/** Types that not every target has; their alignment, 0 without them. */
const OPTIONAL_TYPES = ['__int128', '_Float16', '__float128'];

/** The values of constant expressions, read from the IR of clang; null where it does not take the target or an expression. */
function clangValues(triple, expressions) {
  const source = `const unsigned long long figures[] = { ${expressions.map((e) => `(unsigned long long)(${e})`).join(', ')} };\n`;
  const done = run(CLANG, [`--target=${triple}`, '-ffreestanding', '-w', '-S', '-emit-llvm', '-o', '-', '-xc', '-'], source);
  if (done.status !== 0) return null;
  const list = /@figures = [^[]*\[\d+ x i64\] \[(.*?)\]/s.exec(done.stdout);
  return list ? [...list[1].matchAll(/i64 (-?\d+)/g)].map(([, n]) => Number(n)) : null;
}

function bitFieldStyle(spec, int, empty, [typed, zero, mixed]) {
  // Records without members have 4 bytes in C under MSVC alone.
  if (empty === 4) return 'msvc';
  // AIX aligns by its own power rules; on Cygwin GCC follows MSVC and clang does not.
  if (spec.os === 'aix' || spec.os === 'cygwin') return 'unknown';
  if (mixed === 2 * int) return 'mingw';
  if (typed < zero) return 'apcs';
  return zero > 1 ? 'aapcs' : 'sysv';
}

/** A row of `C_ROWS`; null where clang does not know the target, or means another ABI than rustc by its name. */
function cRow(spec, pointerSize, rustEnum) {
  const triple = spec['llvm-target'];
  const values = clangValues(triple, C_PROBES);
  // GCC is the compiler of m68k and AVR; clang aligns 64-bit integers of the one and short of the other as GCC does not.
  if (!values || spec.arch === 'm68k' || spec.arch === 'avr') return null;
  const [short, int, long, wchar, wint, sizeT, ptrdiff, charSigned, wcharSigned, wintSigned, ...rest] = values;
  const [a8, a16, a32, a64, pointer, pointerAlign, float, floatAlign, double, doubleAlign, longDouble, longDoubleAlign, ...last] = rest;
  const [maxAlign, enumSize, empty, ...bits] = last;
  if (pointer !== pointerSize) return null;
  const [a128, f16, f128] = OPTIONAL_TYPES.map((type) => clangValues(triple, sizeAlign(type))?.[1] ?? 0);
  // The compilers of bare ARM disagree: GCC makes short enums there, clang does not, and rustc follows GCC.
  const enums = enumSize === 1 ? 'short' : rustEnum === 1 ? 'either' : 'int';
  const signs = [charSigned, wcharSigned, wintSigned].map((signed) => (signed ? 's' : 'u')).join('');
  const pairs = [`${pointer}/${pointerAlign}`, `${float}/${floatAlign}`, `${double}/${doubleAlign}`, `${longDouble}/${longDoubleAlign}`];
  const style = bitFieldStyle(spec, int, empty, bits);
  return [short, int, long, wchar, wint, sizeT, ptrdiff, signs, a8, a16, a32, a64, a128, f16, f128, ...pairs, maxAlign, enums, style];
}

/** Words in lines of at most 130 characters. */
function wrapped(words) {
  const lines = [];
  for (const word of words) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= 130) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function table(name, docs, head, rows) {
  const body = rows.map((row, i) => `${i} ${row}`).join('\n');
  return `/** ${docs} */\nexport const ${name} = \`\n# ${head}\n${body}\n\`;\n`;
}

function targetData(specs) {
  const version = run('rustc', ['--version']).stdout.split(' ').slice(0, 2).join(' ');
  const clang = /clang version [\d.]+/.exec(run(CLANG, ['--version']).stdout)?.[0] ?? CLANG;
  const rust = [];
  const c = [];
  const classes = new Map();
  const indexIn = (list, row) => (list.includes(row) ? list.indexOf(row) : list.push(row) - 1);
  for (const [triple, spec] of Object.entries(specs).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const row = rustRow(triple, spec);
    const other = cRow(spec, Number(String(row[9]).split('/')[0]), row[13]);
    const big = /^E/.test(spec['data-layout']) ? 'big' : 'little';
    const key = `${indexIn(rust, row.join(' '))} ${other ? indexIn(c, other.join(' ')) : '-'} ${big}`;
    classes.set(key, [...(classes.get(key) ?? []), triple]);
  }
  return [
    '/** Sizes and alignments in bytes of every target that rustc knows. Generated by `node scripts/targets.mjs`. */',
    '',
    `// Sources: ${version}, \`--print all-target-specs-json\` and probes compiled for each target; ${clang}, \`--target\` of the`,
    '// same `llvm-target`. Where clang does not know a target, or its words mean another ABI there, the C row is missing.',
    '',
    table(
      'RUST_ROWS',
      'What rustc does. 128-bit integers are aligned so since the version in the last column, `-` for always.',
      'row u8 u16 u32 u64 u128 f16 f32 f64 f128 pointer/align c_int c_long c_double repr(C)-enum since',
      rust,
    ),
    table(
      'C_ROWS',
      'What C does: sizes of the named types, signs of char, wchar_t and wint_t, alignments by width (0: no such type), the rest.',
      'row short int long wchar_t wint_t size_t ptrdiff_t signs i8 i16 i32 i64 i128 f16 f128 pointer float double long-double max enums bit-fields',
      c,
    ),
    '/** `Rust row, C row, byte order: triples`. */',
    'export const TRIPLES = `',
    ...[...classes].flatMap(([key, triples]) => [`${key}:`, ...wrapped(triples).map((line) => `  ${line}`)]),
    '`;',
    '',
  ].join('\n');
}

/** Triples by the values that `cfg` has on them; `-` for an empty one. */
function targetCfgData(specs) {
  const architectures = new Map();
  const systems = new Map();
  const put = (map, key, triple) => map.set(key, [...(map.get(key) ?? []), triple]);
  for (const [triple, spec] of Object.entries(specs).sort(([a], [b]) => (a < b ? -1 : 1))) {
    put(architectures, spec.arch, triple);
    const families = (spec['target-family'] ?? []).join(',');
    put(
      systems,
      [spec.os ?? 'none', spec.env, spec.abi, spec.vendor ?? 'unknown', families].map((value) => value || '-').join(' '),
      triple,
    );
  }
  const listed = (map) => [...map].flatMap(([key, triples]) => [`${key}:`, ...wrapped(triples).map((line) => `  ${line}`)]);
  return [
    '/** What `cfg` says of every target that rustc knows. Generated by `node scripts/targets.mjs`. */',
    '',
    '/** `target_arch: triples`. */',
    'export const ARCHITECTURES = `',
    ...listed(architectures),
    '`;',
    '',
    '/** `target_os target_env target_abi target_vendor families: triples`, `-` for an empty value. */',
    'export const SYSTEMS = `',
    ...listed(systems),
    '`;',
    '',
  ].join('\n');
}

if (path.resolve(process.argv[1] ?? '') === new URL(import.meta.url).pathname) {
  const specs = JSON.parse(run('rustc', ['-Zunstable-options', '--print', 'all-target-specs-json']).stdout);
  for (const [name, text] of [
    ['target-cfg-data.ts', targetCfgData(specs)],
    ['target-data.ts', targetData(specs)],
  ]) {
    const file = path.join(root, FOLDER, name);
    if (!process.argv.includes('--check')) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      console.error(`${FOLDER}/${name} is stale: run \`node scripts/targets.mjs\``);
      process.exitCode = 1;
    }
  }
}
