/** Signatures of known C functions for 64-bit Unix and Windows, and which of them signal handlers may call. */
import { ASYNC_SIGNAL_SAFE, UNIX_SIGNATURES } from './signatures-unix.ts';
import { WINDOWS_SIGNATURES } from './signatures-windows.ts';

/** A type as the calling convention sees it; signs do not count. `unknown`: not the same on all systems of the kind. */
export type CType =
  | { readonly kind: 'void' | 'never' | 'pointer' | 'fn-pointer' | 'unknown' }
  /** `bytes` as passed. */
  | { readonly kind: 'int' | 'float'; readonly bytes: 1 | 2 | 4 | 8 };

export interface CSignature {
  readonly result: CType;
  /** The named ones. */
  readonly params: readonly CType[];
  readonly variadic: boolean;
}

/** LP64 and LLP64: the 64-bit systems of each kind. */
export type System = 'unix' | 'windows';

const LETTERS: Readonly<Record<string, CType>> = {
  v: { kind: 'void' },
  '!': { kind: 'never' },
  p: { kind: 'pointer' },
  k: { kind: 'fn-pointer' },
  c: { kind: 'int', bytes: 1 },
  h: { kind: 'int', bytes: 2 },
  i: { kind: 'int', bytes: 4 },
  q: { kind: 'int', bytes: 8 },
  f: { kind: 'float', bytes: 4 },
  d: { kind: 'float', bytes: 8 },
};
const UNKNOWN: CType = { kind: 'unknown' };

/** Made when first asked for: most runs meet no import. */
const tables = new Map<System, ReadonlyMap<string, string>>();

function tableOf(system: System): ReadonlyMap<string, string> {
  let table = tables.get(system);
  if (!table) {
    const text = system === 'unix' ? UNIX_SIGNATURES : WINDOWS_SIGNATURES;
    table = new Map([...text.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', letters = '']) => [name, letters]));
    tables.set(system, table);
  }
  return table;
}

/** The signature of a function of the C library, POSIX or Win32 by its linker name; null where the system has none that all agree on. */
export function cSignature(name: string, system: System): CSignature | null {
  const letters = tableOf(system).get(name);
  if (letters === undefined) return null;
  const variadic = letters.endsWith('+');
  const [result = UNKNOWN, ...params] = [...(variadic ? letters.slice(0, -1) : letters)].map((letter) => LETTERS[letter] ?? UNKNOWN);
  return { result, params, variadic };
}

let safe: ReadonlySet<string> | null = null;

/** Whether POSIX lets signal handlers call the function (signal-safety(7)). */
export function isAsyncSignalSafe(name: string): boolean {
  safe ??= new Set(ASYNC_SIGNAL_SAFE.split(/\s+/).filter(Boolean));
  return safe.has(name);
}
