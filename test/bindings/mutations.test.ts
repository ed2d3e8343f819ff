/** Functions and structs that agree on both sides, and the same with one mistake put in: no finding for the former, one for nearly all of the latter. */
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { testEngine } from '../support/engine.ts';

type Dialect = 'koffi' | 'deno' | 'bun' | 'csharp';
type Kind = 'int' | 'float' | 'bool' | 'pointer';

/** Bytes of 64-bit Linux. */
interface Type {
  readonly rust: string;
  readonly kind: Kind;
  readonly size: number;
  readonly signed: boolean;
  readonly koffi: string;
  readonly deno: string;
  readonly bun: string;
  readonly csharp: string;
}

const type = (rust: string, kind: Kind, size: number, signed: boolean, koffi: string, deno: string, bun: string, csharp: string): Type => ({
  ...{ rust, kind, size, signed, koffi, deno, bun, csharp },
});

const TYPES: readonly Type[] = [
  type('i8', 'int', 1, true, 'int8_t', 'i8', 'i8', 'sbyte'),
  type('u8', 'int', 1, false, 'uint8_t', 'u8', 'u8', 'byte'),
  type('i16', 'int', 2, true, 'int16_t', 'i16', 'i16', 'short'),
  type('u16', 'int', 2, false, 'ushort', 'u16', 'uint16_t', 'ushort'),
  type('i32', 'int', 4, true, 'int', 'i32', 'int', 'int'),
  type('u32', 'int', 4, false, 'uint32_t', 'u32', 'u32', 'uint'),
  type('i64', 'int', 8, true, 'int64_t', 'i64', 'i64', 'long'),
  type('u64', 'int', 8, false, 'uint64_t', 'u64', 'u64', 'ulong'),
  type('usize', 'int', 8, false, 'size_t', 'usize', 'usize', 'nuint'),
  type('f32', 'float', 4, true, 'float', 'f32', 'f32', 'float'),
  type('f64', 'float', 8, true, 'double', 'f64', 'double', 'double'),
  type('bool', 'bool', 1, false, 'bool', 'bool', 'bool', '[MarshalAs(UnmanagedType.U1)] bool'),
  type('*const f64', 'pointer', 8, false, 'double *', 'buffer', 'ptr', 'double*'),
  type('*mut i32', 'pointer', 8, false, 'int *', 'pointer', 'ptr', 'int*'),
];

interface Fn {
  readonly name: string;
  readonly params: readonly Type[];
  readonly result: Type | null;
}

/** Numbers that are the same in each run (a linear congruential generator). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const rustOf = ({ name, params, result }: Fn): string =>
  `#[no_mangle]\npub extern "C" fn ${name}(${params.map(({ rust }, i) => `p${i}: ${rust}`).join(', ')})${result ? ` -> ${result.rust}` : ''} {\n    loop {}\n}\n`;

function peerOf(dialect: Dialect, { name, params, result }: Fn): string {
  const all = params.map((one) => one[dialect]);
  switch (dialect) {
    case 'koffi':
      return params.length % 2 === 0
        ? `lib.func('${result?.koffi ?? 'void'} ${name}(${all.map((one, i) => `${one} p${i}`).join(', ')})');\n`
        : `lib.func('${name}', '${result?.koffi ?? 'void'}', [${all.map((one) => `'${one}'`).join(', ')}]);\n`;
    case 'deno':
      return `  ${name}: { parameters: [${all.map((one) => `'${one}'`).join(', ')}], result: '${result?.deno ?? 'void'}' },\n`;
    case 'bun':
      return `  ${name}: { args: [${all.map((one) => `FFIType['${one}']`).join(', ')}], returns: '${result?.bun ?? 'void'}' },\n`;
    case 'csharp': {
      const [, marshal = '', plain = 'void'] = /^(?:\[(.*)\] )?(.*)$/.exec(result?.csharp ?? 'void') ?? [];
      const attribute = marshal === '' ? '' : `    [return: ${marshal}]\n`;
      return `    [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]\n${attribute}    public static extern ${plain} ${name}(${all.map((one, i) => `${one} p${i}`).join(', ')});\n`;
    }
  }
}

const WRAP: Readonly<Record<Dialect, (body: string) => readonly [file: string, text: string]>> = {
  koffi: (body) => ['peer.mjs', `import koffi from 'koffi';\n\nconst lib = koffi.load('./libsample.so');\n${body}`],
  deno: (body) => ['peer.ts', `export const lib = Deno.dlopen('./libsample.so', {\n${body}});\n`],
  bun: (body) => ['peer.ts', `import { dlopen, FFIType } from 'bun:ffi';\n\nexport const lib = dlopen('./libsample.so', {\n${body}});\n`],
  csharp: (body) => ['Peer.cs', `using System.Runtime.InteropServices;\n\nstatic unsafe class Native\n{\n${body}}\n`],
};

const CHECKED = rules.filter(({ group }) => ['javascript', 'csharp', 'layout'].includes(group));

/** Names of `f0`, `S1` and the like that findings are about. */
async function found(dialect: Dialect, rust: string, peer: string): Promise<ReadonlySet<string>> {
  const [file, text] = WRAP[dialect](peer);
  const files = new Map([
    ['src/lib.rs', rust],
    ['Cargo.toml', '[package]\nname = "sample"\nversion = "0.1.0"\n\n[lib]\ncrate-type = ["cdylib"]\n'],
    [file, text],
  ]);
  const engine = await testEngine(files, CHECKED, defaultConfig({ profile: 'all' }));
  const { findings, unresolved, files: read } = await engine.check();
  expect([unresolved, read.javascript + read.csharp]).toEqual([[], 1]);
  const lines = [text, rust].map((one) => one.split('\n'));
  return new Set(
    findings.flatMap(({ at, message }) => {
      const [own = [], other = []] = lines;
      const source = at.file.endsWith('.rs') ? other : own;
      const row = (at.file.endsWith('.rs') ? rust : text).slice(0, at.span.start).split('\n').length - 1;
      return [...`${source[row] ?? ''} ${message}`.matchAll(/\b(?:geo_\d+|Rec\d+)\b/g)].map(([name]) => name);
    }),
  );
}

interface Mutant {
  readonly fn: Fn;
  readonly what: string;
}

/** Whether the two are told apart by how they are passed on 64-bit Linux; untyped pointers fit all, an address fits a number of its width. */
function differ(a: Type, b: Type, dialect: Dialect): boolean {
  if (a.kind === 'pointer' && b.kind === 'pointer') return (dialect === 'koffi' || dialect === 'csharp') && a.rust !== b.rust;
  if (a.kind === 'pointer' || b.kind === 'pointer')
    return (a.kind === 'pointer' ? b : a).kind !== 'int' || (a.kind === 'pointer' ? b : a).size !== 8;
  if (a.kind === 'bool' || b.kind === 'bool') {
    const other = a.kind === 'bool' ? b : a;
    // A byte that Rust reads as a bool is a warning in JavaScript; C# is recommended to do so.
    return other.kind !== 'bool' && (other.size !== 1 || (a.kind === 'bool' && dialect !== 'csharp'));
  }
  return a.kind !== b.kind || a.size !== b.size || a.signed !== b.signed;
}

function mutate(fn: Fn, dialect: Dialect, pick: (below: number) => number): Mutant | null {
  const at = fn.params.length === 0 ? -1 : pick(fn.params.length);
  const other = TYPES[pick(TYPES.length)] ?? null;
  const own = fn.params[at];
  switch (pick(6)) {
    case 0:
      return own ? { fn: { ...fn, params: fn.params.filter((_, i) => i !== at) }, what: 'a parameter less' } : null;
    case 1:
      return other ? { fn: { ...fn, params: [...fn.params, other] }, what: 'a parameter more' } : null;
    case 2: {
      const narrow = own && TYPES.find((one) => one.kind === own.kind && one.size < own.size && one.signed === own.signed);
      return narrow ? { fn: { ...fn, params: fn.params.with(at, narrow) }, what: `${own.rust} narrowed` } : null;
    }
    case 3: {
      const flipped =
        own?.kind === 'int' ? TYPES.find((one) => one.kind === 'int' && one.size === own.size && one.signed !== own.signed) : null;
      return flipped ? { fn: { ...fn, params: fn.params.with(at, flipped) }, what: `${own?.rust} with another sign` } : null;
    }
    case 4:
      return own && other && differ(own, other, dialect)
        ? { fn: { ...fn, params: fn.params.with(at, other) }, what: `${own.rust} as ${other.rust}` }
        : null;
    default: {
      const { result } = fn;
      if (!other || (result && !differ(other, result, dialect))) return null;
      // What Rust gives is 0 or 1, a byte holds both.
      if (result?.kind === 'bool' && other.size === 1 && other.kind === 'int') return null;
      if (result && other.kind === 'bool' && result.size === 1 && result.kind === 'int') return null;
      return { fn: { ...fn, result: other }, what: `a result of ${other.rust} for ${result?.rust ?? 'none'}` };
    }
  }
}

const COUNT = 400;

describe.each(['koffi', 'deno', 'bun', 'csharp'] as const)('%s', (dialect) => {
  const pick = random(dialect.length * 7919);
  const some = (): Type => TYPES[pick(TYPES.length)] ?? type('i32', 'int', 4, true, 'int', 'i32', 'i32', 'int');
  const fns = Array.from(
    { length: COUNT },
    (_, i): Fn => ({
      name: `geo_${i}`,
      params: Array.from({ length: pick(6) }, some),
      result: pick(4) === 0 ? null : some(),
    }),
  );
  const rust = fns.map(rustOf).join('\n');

  it('says nothing of functions that agree', async () => {
    expect([...(await found(dialect, rust, fns.map((fn) => peerOf(dialect, fn)).join('')))]).toEqual([]);
  });

  it('finds 98 of 100 mistakes', async () => {
    const mutants = fns.flatMap((fn) => mutate(fn, dialect, pick) ?? []);
    expect(mutants.length).toBeGreaterThan(COUNT / 2);
    const changed = new Map(mutants.map(({ fn }) => [fn.name, fn]));
    const names = await found(dialect, rust, fns.map((fn) => peerOf(dialect, changed.get(fn.name) ?? fn)).join(''));
    const missed = mutants.filter(({ fn }) => !names.has(fn.name));
    console.log(`${dialect}: ${mutants.length - missed.length} of ${mutants.length} planted mistakes found`);
    expect([...names].filter((name) => !changed.has(name))).toEqual([]);
    expect(missed.length, `${missed.length} of ${mutants.length} missed: ${missed.map(({ what }) => what).join(', ')}`).toBeLessThanOrEqual(
      mutants.length * 0.02,
    );
  });
});

describe.each(['koffi', 'csharp'] as const)('structs of %s', (dialect) => {
  const pick = random(dialect.length * 104729);
  const plain = TYPES.filter(({ kind }) => kind === 'int' || kind === 'float');
  const records = Array.from({ length: 60 }, (_, i) => ({
    name: `Rec${i}`,
    fields: Array.from({ length: 2 + pick(5) }, (_, at) => ({ name: `field_${at}`, type: plain[pick(plain.length)] ?? plain[0] })),
  }));
  type Rec = (typeof records)[number] & { readonly packed?: boolean };
  const rust = records
    .map(
      ({ name, fields }, i) =>
        `#[repr(C)]\npub struct ${name} {\n${fields.map((one) => `    pub ${one.name}: ${one.type?.rust},\n`).join('')}}\n\n#[no_mangle]\npub extern "C" fn geo_${i}(value: *const ${name}) {\n    let _ = value;\n}\n`,
    )
    .join('\n');
  const peer = ({ name, fields, packed }: Rec, i: number): string =>
    dialect === 'koffi'
      ? `koffi.${packed ? 'pack' : 'struct'}('${name}', { ${fields.map((one) => `${one.name}: '${one.type?.koffi}'`).join(', ')} });\nlib.func('void geo_${i}(const ${name} *value)');\n`
      : `    [StructLayout(LayoutKind.Sequential${packed ? ', Pack = 1' : ''})]\n    public struct ${name} { ${fields.map((one) => `public ${one.type?.csharp} ${one.name};`).join(' ')} }\n    [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]\n    public static extern void geo_${i}(in ${name} value);\n`;
  const sizes = (rec: Rec): readonly number[] => rec.fields.map((one) => one.type?.size ?? 0);
  const isPadded = (rec: Rec): boolean => {
    let end = 0;
    const moved = sizes(rec).some((size) => {
      const at = Math.ceil(end / size) * size;
      const gap = at !== end;
      end = at + size;
      return gap;
    });
    return moved || end % Math.max(...sizes(rec)) !== 0;
  };
  const changed = (rec: Rec): Rec | null => {
    const at = pick(rec.fields.length);
    const next = (at + 1) % rec.fields.length;
    const [one, two] = [rec.fields[at], rec.fields[next]];
    switch (pick(4)) {
      case 0:
        // The last of all cannot be missed: what follows it is nobody's.
        return { ...rec, fields: rec.fields.filter((_, i) => i !== at) };
      case 1:
        return isPadded(rec) ? { ...rec, packed: true } : null;
      case 2:
        return one && two && one.type?.rust !== two.type?.rust ? { ...rec, fields: rec.fields.with(at, two).with(next, one) } : null;
      default: {
        const other = plain.find((it) => it.size !== one?.type?.size);
        return one && other ? { ...rec, fields: rec.fields.with(at, { ...one, type: other }) } : null;
      }
    }
  };

  it('says nothing of structs that agree', async () => {
    expect([...(await found(dialect, rust, records.map(peer).join('')))]).toEqual([]);
  });

  it('finds 98 of 100 mistakes', async () => {
    const mutants = new Map(
      records.flatMap((rec) => {
        const made = changed(rec);
        return made ? [[rec.name, made] as const] : [];
      }),
    );
    const names = await found(dialect, rust, records.map((rec, i) => peer(mutants.get(rec.name) ?? rec, i)).join(''));
    const missed = [...mutants.keys()].filter((name) => !names.has(name));
    console.log(`structs of ${dialect}: ${mutants.size - missed.length} of ${mutants.size} planted mistakes found`);
    expect([...names].filter((name) => name.startsWith('Rec') && !mutants.has(name))).toEqual([]);
    expect(missed.length, `${missed.length} of ${mutants.size} missed: ${missed.join(', ')}`).toBeLessThanOrEqual(mutants.size * 0.02);
  });
});
