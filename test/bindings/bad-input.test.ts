/** JavaScript and C# that is cut off, nested too deep, minified or senseless: something is read of it, and nothing is thrown. */
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { readCsModule } from '../../server/src/model/extract/csharp/read-module.ts';
import { readJsModule } from '../../server/src/model/extract/javascript/read-module.ts';
import { rules } from '../../server/src/rules/registry.ts';
import type { Parsers } from '../../server/src/syntax/parsers.types.ts';
import { testEngine } from '../support/engine.ts';
import { testParsers } from '../support/parsers.ts';

const SCRIPT = `import koffi, { struct as made } from 'koffi';
import { dlopen, FFIType } from 'bun:ffi';
const { i32: int, ...others } = FFIType;
type Handle<T extends object = {}> = { [K in keyof T]?: T[K] } & Partial<Record<'a' | 'b', T>>;
export const Point = koffi.struct('Point', { x: 'double', [name]: 'int', ...rest });
abstract class Library<T> { private lib = koffi.load(\`lib\${this.name}.so\`); f = this.lib.func('int f(int a, Point *b)') as <U>(u: U) => U; }
export const deno = Deno.dlopen(<string>path, { f: { parameters: ['i32', { struct: ['f64', ...more] }], result: x ? 'void' : 'i32' } } as const);
export const bun = dlopen(path, { f: { args: [int, FFIType.ptr, FFIType], returns: others.u8 }, ...deno });
lib.func('__stdcall', 'g', 'void', [koffi.pointer(koffi.proto('int cb(int)')), '...']);
`;
const CSHARP = `using System; using static A.B; using P = System.IntPtr;
[assembly: Something]
namespace N.M;
public partial record struct R<T>(int A, T B) where T : unmanaged;
[StructLayout(LayoutKind.Explicit, Size = 8 * 2, Pack = N)] public unsafe struct S { [FieldOffset(0)] public int a; [FieldOffset(X)] fixed byte b[Max + 1]; int P { get; set; } = 1; static int z; }
[UnmanagedFunctionPointer(CallingConvention.Cdecl)] public delegate ref readonly int D<T>(in T t, params int[] rest);
enum E : ulong { A = 1ul << 63, B, C = A | B, D = 0x_FF }
static unsafe partial class N {
  const string L = "a" + nameof(N) + ".so";
#if X
  [DllImport(L, EntryPoint = "#12")] static extern void a(int? a, (int, int) t, dynamic d);
#else
  [DllImport(L, EntryPoint = nameof(b)), SuppressGCTransition] [return: MarshalAs(UnmanagedType.CustomMarshaler)] static extern ref int b(__arglist);
#endif
  [LibraryImport(L)] internal static partial int c(scoped ref Span<int> s, delegate* unmanaged[Cdecl, SuppressGCTransition]<ref int, void*, D<int>> p, SafeHandle h);
  void F() { c(ref x, delegate (int i) { return i; }, new Cb(F)); }
}
`;
let parsers: Parsers;

beforeAll(async () => {
  parsers = await testParsers();
  await Promise.all([parsers.prepare('typescript'), parsers.prepare('csharp')]);
});

describe('texts that end anywhere', () => {
  it('JavaScript', () => {
    for (let end = 0; end <= SCRIPT.length; end += 7) {
      const made = readJsModule('/w/a.ts', SCRIPT.slice(0, end), parsers);
      expect(made?.file ?? '/w/a.ts').toBe('/w/a.ts');
    }
    expect(readJsModule('/w/a.ts', SCRIPT, parsers)?.functions.map(({ dialect, symbol }) => `${dialect} ${symbol}`)).toEqual([
      'koffi f',
      'deno f',
      'bun f',
      'koffi g',
    ]);
  });

  it('C#', () => {
    for (let end = 0; end <= CSHARP.length; end += 7) expect(readCsModule('/w/A.cs', CSHARP.slice(0, end), parsers, false)).not.toBe(null);
    const made = readCsModule('/w/A.cs', CSHARP, parsers, false);
    expect(made?.functions.map(({ symbol }) => symbol)).toEqual(['b', 'c']);
    expect(made?.types.map(({ name }) => name)).toEqual(expect.arrayContaining(['S', 'D', 'E']));
  });
});

it.each([
  ['parentheses', `x = ${'('.repeat(3000)}koffi${')'.repeat(3000)};`],
  ['calls', `koffi${'.load("a")'.repeat(3000)};`],
  ['arrays', `Deno.dlopen("a", { f: { parameters: ${'['.repeat(2000)}${']'.repeat(2000)}, result: "void" } });`],
  [
    'names that stand for themselves',
    'const koffi = require("koffi"); const a = b; const b = a; lib.func("f", a, [b]); const s = { ...s }; Deno.dlopen(s, s);',
  ],
  [
    'types that hold themselves',
    'import koffi from "koffi"; const P = koffi.pointer(P); koffi.struct("S", { s: S }); const S = koffi.struct("S", { s: S });',
  ],
  [
    'prototypes that are none',
    'import koffi from "koffi"; const lib = koffi.load("a"); lib.func("int f("); lib.func("()"); lib.func("int f(int (*)(", []); lib.func("\\n");',
  ],
  ['markup', 'import koffi from "koffi"; export const A = () => <div className="a">{koffi}</div>;'],
])('JavaScript: %s', (_, text) => {
  const made = readJsModule('/w/a.js', text, parsers);
  expect(made?.functions ?? []).toEqual(expect.any(Array));
});

it.each([
  ['braces', `class A ${'{ class B '.repeat(2000)}`],
  ['generics', `class A { [DllImport("a")] static extern ${'A<'.repeat(1000)}int${'>'.repeat(1000)} f(); }`],
  ['pointers', `class A { [DllImport("a")] static extern void f(int${'*'.repeat(3000)} p); }`],
  [
    'structs that hold themselves',
    '[StructLayout(LayoutKind.Sequential)] struct A { A a; } class B { [DllImport("a")] static extern void f(A a); }',
  ],
  ['enums without end', `enum E { ${'A = 1 << 99999, '.repeat(500)}`],
])('C#: %s', (_, text) => {
  expect(readCsModule('/w/A.cs', text, parsers, false)?.functions ?? []).toEqual(expect.any(Array));
});

it('what is minified or huge is not parsed', async () => {
  const minified = `var koffi=require("koffi");${'a=function(b){return b+1};'.repeat(200_000)}`;
  const files = new Map([
    ['Cargo.toml', '[package]\nname = "sample"\nversion = "0.1.0"\n\n[lib]\ncrate-type = ["cdylib"]\n'],
    ['src/lib.rs', '#[no_mangle]\npub extern "C" fn geo_area(width: f64) -> f64 {\n    width\n}\n'],
    ['dist/all.js', minified],
    ['dist/lib.min.js', 'const lib=require("koffi").load("./libsample.so");lib.func("int geo_area(int a)")'],
    ['types.d.ts', 'import koffi from "koffi"; declare const lib: koffi.IKoffiLib;'],
  ]);
  const engine = await testEngine(files, rules, defaultConfig());
  const started = performance.now();
  const { files: read, findings, problems } = await engine.check();
  expect([read.javascript, findings, problems]).toEqual([0, [], []]);
  expect(performance.now() - started).toBeLessThan(5_000);
});

it('a workspace without exports reads no JavaScript', async () => {
  const files = new Map([
    ['Cargo.toml', '[package]\nname = "sample"\nversion = "0.1.0"\n'],
    ['src/main.rs', 'fn main() {}\n'],
    ['a.ts', "Deno.dlopen('libsample.so', { geo_area: { parameters: [], result: 'void' } });\n"],
  ]);
  expect((await (await testEngine(files, rules, defaultConfig())).check()).files.javascript).toBe(0);
});
