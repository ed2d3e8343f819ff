/** Generated bindings used for real where other runtimes run them: Deno, Bun, and Mono for C#. Values, strings, structs and callbacks come through. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { found, run } from '../cli/support.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { Built } from './library.ts';
import { buildLibrary, fixture, generated, libraryFolder, passes, works } from './library.ts';

const deno = process.env['DENO'] ?? 'deno';
const bun = process.env['BUN'] ?? 'bun';

let built: Built = { missing: 'not built yet' };

beforeAll(() => {
  built = buildLibrary();
}, 120_000);

const DENO_MAIN = `import * as b from './bindings.ts';

const lib = b.load(Deno.args[0]);
function same<T>(got: T, wanted: T): void {
  if (!Object.is(got, wanted)) throw new Error(\`\${got} instead of \${wanted}\`);
}
const point = (x: number, y: number) => new Uint8Array(new Float64Array([x, y]).buffer);
const sum = new Float64Array(lib.point_add(point(1, 2), point(10, 20)).slice().buffer);
same(sum[0], 11);
same(sum[1], 22);
same(lib.point_move(Deno.UnsafePointer.of(sum), 0.5), true);
same(sum[0], 11.5);
same(lib.point_move(null, 1), false);
same(lib.kind_next(1), b.Level.High);
same(lib.id_next(41n), 42n);
const reading = new Uint8Array(104);
lib.reading_fill(Deno.UnsafePointer.of(reading), 200);
same(new DataView(reading.buffer).getInt32(0, true), b.Kind.Below);
same(lib.reading_sum(Deno.UnsafePointer.of(reading)), 1 + 2 + 5 + 0x04030201 + 200);
const secret = lib.secret_new();
same(lib.secret_next(secret), 42n);
same(lib.secret_next(secret), 43n);
lib.secret_free(secret);
same(lib.text_len(Deno.UnsafePointer.of(new TextEncoder().encode('Grüße\\0'))), 7n);
const text = lib.text_new(5);
if (text === null) throw new Error('no text');
same(Deno.UnsafePointerView.getCString(text), 'aaaaa');
lib.text_free(text);
const callback = new Deno.UnsafeCallback({ parameters: ['i32', 'pointer'], result: 'i32' }, (value) => 2 * value);
same(lib.call_back(callback.pointer, null), 14);
same(lib.call_back(null, null), -1);
callback.close();
`;

const BUN_MAIN = `import { CString, JSCallback, ptr } from 'bun:ffi';
import * as b from './bindings.ts';

const lib = b.load(process.argv[2] ?? '');
function same<T>(got: T, wanted: T): void {
  if (!Object.is(got, wanted)) throw new Error(\`\${got} instead of \${wanted}\`);
}
const point = new Float64Array([11, 22]);
same(lib.point_move(ptr(point), 0.5), true);
same(point[0], 11.5);
same(lib.point_move(null, 1), false);
same(lib.kind_next(1), b.Level.High);
same(lib.id_next(41n), 42n);
const reading = new Uint8Array(104);
lib.reading_fill(ptr(reading), 200);
same(new DataView(reading.buffer).getInt32(0, true), b.Kind.Below);
same(lib.reading_sum(ptr(reading)), 1 + 2 + 5 + 0x04030201 + 200);
const secret = lib.secret_new();
same(lib.secret_next(secret), 42n);
lib.secret_free(secret);
same(lib.text_len(ptr(Buffer.from('Grüße\\0'))), 7n);
const text = lib.text_new(5);
if (text === null) throw new Error('no text');
same(String(new CString(text)), 'aaaaa');
lib.text_free(text);
const callback = new JSCallback((value: number) => 2 * value, { args: ['i32', 'ptr'], returns: 'i32' });
same(lib.call_back(callback.ptr, null), 14);
same(lib.call_back(null, null), -1);
callback.close();
`;

/** Mono 6.8 ends with an assertion where a union is passed by value. */
const CSHARP_MAIN = `using System;
using System.Runtime.InteropServices;
using System.Text;
using Bindings;

static unsafe class Program
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int Twice(int value, void* data);

    static void Same<T>(T got, T wanted)
    {
        if (!Equals(got, wanted)) throw new Exception(got + " instead of " + wanted);
    }

    static void Main()
    {
        var sum = NativeMethods.point_add(new Point { x = 1, y = 2 }, new Point { x = 10, y = 20 });
        Same(sum.x, 11.0);
        Same(sum.y, 22.0);
        Same(NativeMethods.point_move(&sum, 0.5), (byte)1);
        Same(sum.x, 11.5);
        Same(NativeMethods.point_move(null, 1), (byte)0);
        Same(NativeMethods.kind_next(1), Level.High);
        Same(NativeMethods.id_next(41), 42UL);
        Reading reading;
        NativeMethods.reading_fill(&reading, 200);
        Same(reading.kind, Kind.Below);
        Same(reading.level, Level.High);
        Same(reading.valid, (byte)1);
        Same(reading.bits.parts[3], (byte)4);
        Same(new string(reading.name), "n");
        Same(reading.many_1.y, 6.0);
        reading.bits.whole = 10;
        Same(NativeMethods.reading_sum(&reading), 218.0);
        Same(sizeof(Packed), 14);
        Same(NativeMethods.packed_sum(new Packed { tag = 1, value = 70000, wide = 1UL << 40 }), 1 + 70000 + (1UL << 40));
        Same(sizeof(Shape), 16);
        var secret = NativeMethods.secret_new();
        Same(NativeMethods.secret_next(secret), 42UL);
        NativeMethods.secret_free(secret);
        fixed (byte* bytes = Encoding.UTF8.GetBytes("Grüße\\0")) Same(NativeMethods.text_len((sbyte*)bytes), (UIntPtr)7);
        var text = NativeMethods.text_new(5);
        Same(new string(text), "aaaaa");
        NativeMethods.text_free(text);
        Twice twice = (value, data) => 2 * value;
        Same(NativeMethods.call_back((void*)Marshal.GetFunctionPointerForDelegate(twice), null), 14);
        GC.KeepAlive(twice);
        Same(NativeMethods.call_back(null, null), -1);
    }
}
`;

const BY_VALUE = ['`shape_area` is left out', '`shape_make` is left out', '`long_neg` is left out'];

describe('the bindings work', () => {
  it('Deno, with types checked', { timeout: 60_000 }, async ({ skip }) => {
    if ('missing' in built) return skip(built.missing);
    skip(!works(deno, ['--version']), 'no Deno: install it, or name it in $DENO');
    const unions = ['`Shape_Payload` is left out', '`Shape` is left out', '`Bits` is left out', '`Reading` is left out'];
    const folder = await generated('deno', 'bindings.ts', [...BY_VALUE, ...unions, '`Packed` is left out', '`packed_sum` is left out']);
    writeFileSync(path.join(folder, 'main.ts'), DENO_MAIN);
    const args = ['run', '--quiet', '--check', '--no-config', '--no-remote', '--allow-ffi', 'main.ts', built.library];
    passes(deno, args, folder, { DENO_DIR: path.join(folder, '.deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' });
  });

  it('Bun', async ({ skip }) => {
    if ('missing' in built) return skip(built.missing);
    skip(!works(bun, ['--version']), 'no Bun: install it, or name it in $BUN');
    const unions = ['`Shape_Payload` is left out', '`Shape` is left out', '`point_add` is left out', '`packed_sum` is left out'];
    const folder = await generated('bun', 'bindings.ts', [...BY_VALUE, ...unions]);
    writeFileSync(path.join(folder, 'main.ts'), BUN_MAIN);
    passes(bun, ['run', 'main.ts', built.library], folder);
  });

  it('C#, as Mono compiles and runs it', async ({ skip }) => {
    if ('missing' in built) return skip(built.missing);
    skip(!works('mcs', ['--version']) || !works('mono', ['--version']), 'no Mono: install mono-mcs and mono-runtime');
    const folder = await generated('csharp', 'Bindings.cs');
    writeFileSync(path.join(folder, 'Main.cs'), CSHARP_MAIN);
    passes('mcs', ['-unsafe', '-warnaserror', '-out:main.exe', 'Main.cs', 'Bindings.cs'], folder);
    passes('mono', ['main.exe'], folder, { LD_LIBRARY_PATH: libraryFolder });
  });
});

it('the linter has nothing to say about what it generated for them', async () => {
  const folder = tempFolder({});
  cpSync(fixture, folder, { recursive: true, filter: (file) => !file.endsWith('shapes.h') });
  const check = async () => found(await run(folder, ['check', '-f', 'json']));
  const before = await check();
  for (const [format, file] of [
    ['koffi', 'js/bindings.mjs'],
    ['deno', 'deno/bindings.ts'],
    ['bun', 'bun/bindings.ts'],
    ['csharp', 'cs/Bindings.cs'],
  ] as const) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    await run(folder, ['generate', format, 'src', '-o', file]);
  }
  expect(await check()).toEqual(before);
});
