/** Whether a fn can have the signature of a known C function. */
import type { CSignature, CType, System } from '../analysis/c-functions/signatures.ts';
import { cSignature } from '../analysis/c-functions/signatures.ts';
import type { Cfg } from '../model/rust/attribute.ts';
import { exclusive } from '../model/rust/cfg.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { Workspace } from '../model/workspace.ts';
import type { AbiType } from './abi-type.ts';
import { abiType } from './abi-type.ts';

export interface CDiff {
  /** `the number of parameters`, `parameter 2`, `the result`, `the variadic part`: what differs, for messages. */
  readonly what: string;
  /** What it is in C: `2`, `an integer of 8 bytes`. */
  readonly expected: string;
  readonly signature: CSignature;
  /** The parameter or result that differs, and what it is in C; null for everything else. */
  readonly type: { readonly written: Type; readonly expected: CType } | null;
}

const WINDOWS: Cfg = { kind: 'option', name: 'windows', value: null };

/** What the table for Unix was made from; AIX, Solaris, WASI and others have functions of the same names with other parameters. */
const KNOWN_UNIX: Cfg = {
  kind: 'any',
  operands: ['linux', 'android', 'macos', 'ios', 'tvos', 'watchos', 'visionos', 'freebsd', 'openbsd', 'netbsd', 'dragonfly'].map(
    (value): Cfg => ({ kind: 'option', name: 'target_os', value }),
  ),
};

/** The kinds of system that a fn can be compiled for, as far as their functions are known. */
function systemsOf(cfg: Cfg): readonly System[] {
  return [...(exclusive(cfg, KNOWN_UNIX) ? [] : ['unix' as const]), ...(exclusive(cfg, WINDOWS) ? [] : ['windows' as const])];
}

/** The signatures of the C functions of a name on the systems that a fn can be compiled for; empty where none is known. */
export function knownSignatures(name: string, cfg: Cfg): readonly CSignature[] {
  return systemsOf(cfg).flatMap((system) => cSignature(name, system) ?? []);
}

/** The first difference to every kind of system for which the fn can be compiled; null where one fits, or too little is known. */
export function cSignatureDiff(fn: BoundaryFn, name: string, cfg: Cfg, workspace: Workspace): CDiff | null {
  let first: CDiff | null = null;
  for (const system of systemsOf(cfg)) {
    const signature = cSignature(name, system);
    if (!signature) continue;
    const diff = diffOn(fn, signature, system, workspace);
    if (!diff) return null;
    first ??= diff;
  }
  return first;
}

function diffOn(fn: BoundaryFn, signature: CSignature, system: System, workspace: Workspace): CDiff | null {
  const { ast } = fn;
  const differs = (what: string, expected: string, type: CDiff['type'] = null): CDiff => ({ what, expected, signature, type });
  if (ast.self || ast.async || ast.generics.some((one) => one.kind !== 'lifetime')) return null;
  if (ast.params.some(({ attributes }) => attributes.some(({ path }) => path === 'cfg'))) return null;
  if (ast.params.length !== signature.params.length && !(signature.variadic && ast.params.length > signature.params.length))
    return differs('the number of parameters', String(signature.params.length));
  for (const [i, expected] of signature.params.entries()) {
    const param = ast.params[i];
    if (param && conflicts(param.type, expected, fn, system, workspace))
      return differs(`parameter ${i + 1}`, describe(expected), { written: param.type, expected });
  }
  // An ignored result does no harm.
  if (ast.result && ast.result.kind !== 'never' && conflicts(ast.result, signature.result, fn, system, workspace))
    return differs('the result', describe(signature.result), { written: ast.result, expected: signature.result });
  return ast.variadic !== signature.variadic ? differs('the variadic part', signature.variadic ? 'variadic' : 'not variadic') : null;
}

/** Whether a written type cannot be what C passes; false where either is not known well enough. */
function conflicts(type: Type, expected: CType, fn: BoundaryFn, system: System, workspace: Workspace): boolean {
  const actual = abiType(type, fn.scope, workspace);
  if (actual.kind === 'unknown' || expected.kind === 'unknown') return false;
  const model = system === 'unix' ? 0 : 1;
  switch (expected.kind) {
    case 'void':
    case 'never':
      return actual.kind !== 'void';
    case 'pointer':
    case 'fn-pointer':
      // An address in an integer of its width goes through the same register.
      return actual.kind !== 'pointer' && !(actual.kind === 'int' && actual.widths[model] === 8) && !isSmallRecord(actual);
    case 'int':
      if (actual.kind === 'pointer') return expected.bytes !== 8;
      return actual.kind === 'int' ? actual.widths[model] !== expected.bytes : !isSmallRecord(actual);
    case 'float':
      return actual.kind === 'float' ? actual.widths[model] !== expected.bytes : !isSmallRecord(actual);
  }
}

/** A struct of one field is passed as that field on most systems. */
function isSmallRecord(type: AbiType): boolean {
  return type.kind === 'record' && type.fields.length === 1;
}

function describe(type: CType): string {
  switch (type.kind) {
    case 'int':
      return type.bytes === 1 ? 'an integer of 1 byte' : `an integer of ${type.bytes} bytes`;
    case 'float':
      return type.bytes === 4 ? '`float`' : '`double`';
    case 'void':
    case 'never':
      return 'no result';
    case 'fn-pointer':
      return 'a function pointer';
    default:
      return 'a pointer';
  }
}

/** A signature as C people would write it down, for help texts. */
export function signatureText(name: string, { result, params, variadic }: CSignature): string {
  const word = (type: CType): string =>
    type.kind === 'int' ? `int${type.bytes * 8}` : type.kind === 'float' ? (type.bytes === 4 ? 'float' : 'double') : WORDS[type.kind];
  return `${word(result)} ${name}(${[...params.map(word), ...(variadic ? ['...'] : [])].join(', ') || 'void'})`;
}

const WORDS = { void: 'void', never: 'void', pointer: 'pointer', 'fn-pointer': 'function pointer', unknown: '(depends)' } as const;
