/** Calling conventions by what they are on a target. */
import type { Target } from '../targets.ts';

/** Conventions that are something else than C's on 32-bit Windows only: elsewhere headers define their names away (learn.microsoft.com/cpp/cpp/stdcall). */
const WINDOWS_32 = new Set(['stdcall', 'fastcall', 'thiscall', 'cdecl']);

/** The convention that a name stands for on a target: `system` and `cdecl` are C's, `stdcall` is so but on 32-bit Windows. */
export function conventionOn(name: string, { triple }: Target): string {
  const windows32 = /^i[3-7]86-.*windows/.test(triple);
  const plain = name.replace(/-unwind$/, '');
  if (plain === 'C' || plain === 'cdecl') return 'C';
  if (plain === 'system') return windows32 ? 'stdcall' : 'C';
  if (WINDOWS_32.has(plain)) return windows32 ? plain : 'C';
  if (plain === 'win64') return /^x86_64-.*windows/.test(triple) ? 'C' : plain;
  if (plain === 'sysv64') return /^x86_64-(?!.*windows)/.test(triple) ? 'C' : plain;
  if (plain === 'aapcs') return /^(?:arm|thumb)/.test(triple) ? 'C' : plain;
  return plain;
}
