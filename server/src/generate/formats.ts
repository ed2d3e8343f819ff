/** The formats of `ffi-lint generate`, and the generators that need no more than an api. */
import type { Api, Generated } from './api.types.ts';
import { generateC } from './c.ts';
import { generateCffi } from './cffi.ts';
import { generateCSharp } from './csharp.ts';
import { generateCtypes } from './ctypes.ts';
import { generateBun, generateDeno } from './javascript.ts';
import { generateKoffi } from './koffi.ts';
import { generateRust } from './rust.ts';

export const GENERATE_FORMATS = ['c', 'ctypes', 'cffi', 'koffi', 'deno', 'bun', 'csharp', 'rust', 'asserts', 'proof'] as const;
export type GenerateFormat = (typeof GENERATE_FORMATS)[number];

export const GENERATORS: Readonly<Record<Exclude<GenerateFormat, 'asserts' | 'proof'>, (api: Api) => Generated>> = {
  c: generateC,
  ctypes: generateCtypes,
  cffi: generateCffi,
  koffi: generateKoffi,
  deno: generateDeno,
  bun: generateBun,
  csharp: generateCSharp,
  rust: generateRust,
};
