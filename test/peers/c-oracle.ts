/** C compilers as judges of types: which declarations of a function they take for the same, and what they say of each type. Nothing is run. */
import { spawnSync } from 'node:child_process';
import { CLANG, clangMissing } from '../abi/fuzz/clang.ts';
import { gccMissing } from '../abi/fuzz/gcc.ts';

export interface Judge {
  readonly name: string;
  /** Of Rust, for which it makes code. */
  readonly triple: string;
  readonly program: string;
  readonly flags: readonly string[];
  /** Why it cannot be asked; null where it can. */
  missing(): string | null;
}

/** The targets of the compatibility table; LLVM knows them by Rust's names. */
export const TRIPLES: readonly string[] = [
  'x86_64-unknown-linux-gnu',
  'aarch64-unknown-linux-gnu',
  'aarch64-apple-darwin',
  'x86_64-pc-windows-msvc',
  'i686-unknown-linux-gnu',
  'i686-pc-windows-msvc',
  'armv7-unknown-linux-gnueabihf',
  'wasm32-unknown-unknown',
  'thumbv7em-none-eabihf',
];

export const JUDGES: readonly Judge[] = [
  {
    name: 'gcc',
    triple: 'x86_64-unknown-linux-gnu',
    program: 'gcc',
    flags: ['-fmax-errors=0', '-fno-diagnostics-show-caret'],
    missing: gccMissing,
  },
  {
    name: 'gcc -m32',
    triple: 'i686-unknown-linux-gnu',
    program: 'gcc',
    flags: ['-m32', '-fmax-errors=0', '-fno-diagnostics-show-caret'],
    missing: gccMissing,
  },
  ...TRIPLES.map((triple) => ({
    name: `clang --target=${triple}`,
    triple,
    program: CLANG,
    flags: [`--target=${triple}`, '-ferror-limit=0', '-fno-caret-diagnostics'],
    missing: clangMissing,
  })),
];

/** What a compiler says of a type. */
export interface Facts {
  readonly kind: 'integer' | 'float' | 'bool' | 'pointer' | 'record' | 'void';
  /** Bytes; 0 for `void`. */
  readonly size: number;
  /** Of integers; false for others. */
  readonly signed: boolean;
}

/** The lines, from 0, with which the compiler is not content. */
export function refusedLines({ program, flags }: Judge, lines: readonly string[]): ReadonlySet<number> {
  const args = [...flags, '-ffreestanding', '-std=gnu17', '-w', '-fsyntax-only', '-xc', '-'];
  const { stderr } = spawnSync(program, args, { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 });
  return new Set([...stderr.matchAll(/^<stdin>:(\d+):\d+: (?:fatal )?error: /gm)].map(([, line]) => Number(line) - 1));
}

const SIZES = [1, 2, 4, 8, 12, 16, 24, 32];

/** By the name of a typedef, which stands on a line of its own; one that this compiler does not take is left out. */
export function factsOf(judge: Judge, head: readonly string[], typedefs: ReadonlyMap<string, string>): ReadonlyMap<string, Facts> {
  const names = [...typedefs.keys()];
  const questions = new Map<string, string>();
  for (const name of names) {
    const value = `*(${name} *)0`;
    const is = (type: string): string => `_Generic((${value}), ${type}: 1, default: 0)`;
    const kind = `__builtin_classify_type(${value})`;
    questions.set(`${name} there`, typedefs.get(name) ?? '');
    questions.set(`${name} void`, `_Static_assert(__builtin_types_compatible_p(${name}, void), "");`);
    questions.set(`${name} bool`, `_Static_assert(${is('_Bool')}, "");`);
    questions.set(`${name} integer`, `_Static_assert(${kind} <= 4, "");`);
    questions.set(`${name} pointer`, `_Static_assert(${kind} == 5, "");`);
    questions.set(`${name} float`, `_Static_assert(${kind} == 8, "");`);
    questions.set(`${name} record`, `_Static_assert(${kind} == 12 || ${kind} == 13, "");`);
    questions.set(`${name} signed`, `_Static_assert((${name})-1 < (${name})0, "");`);
    for (const size of SIZES) questions.set(`${name} ${size}`, `_Static_assert(sizeof(${name}) == ${size}, "");`);
  }
  const keys = [...questions.keys()];
  const refused = refusedLines(judge, [...head, ...questions.values()]);
  const holds = new Set(keys.filter((_, i) => !refused.has(head.length + i)));
  return new Map(
    names.flatMap((name) => {
      if (!holds.has(`${name} there`)) return [];
      const kind = (['void', 'bool', 'record', 'pointer', 'float', 'integer'] as const).find((one) => holds.has(`${name} ${one}`));
      const size = kind === 'void' ? 0 : SIZES.find((one) => holds.has(`${name} ${one}`));
      // Only its name is understood: an enum with a type of its own.
      if (kind === undefined && size === undefined) return [];
      if (kind === undefined || size === undefined) throw new Error(`${judge.name} has no figures of ${name}`);
      return [[name, { kind, size, signed: kind === 'integer' && holds.has(`${name} signed`) }]];
    }),
  );
}
