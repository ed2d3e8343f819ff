/** Whether two declarations of one symbol can be calls of the same function. */
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { Type } from '../model/rust/ast-type.ts';
import { exclusive } from '../model/rust/cfg.ts';
import type { Cfg } from '../model/rust/attribute.ts';
import type { Scope, Workspace } from '../model/workspace.ts';
import type { AbiType, Widths } from './abi-type.ts';
import { abiType } from './abi-type.ts';

export interface SignatureDiff {
  /** `the number of parameters`, `parameter 2`, `the result`, `the ABI`: what differs, for messages. */
  readonly what: string;
  /** Common calling conventions bear it: an ignored result, a variadic tail on one side. */
  readonly mild: boolean;
}

/** Indexes of the data models that a place can be compiled for. */
type Models = readonly (0 | 1 | 2)[];

const WINDOWS: Cfg = { kind: 'option', name: 'windows', value: null };
const NOT_WINDOWS: Cfg = { kind: 'not', operand: WINDOWS };

/** The first difference that exists under every data model that both can be compiled for; null where there is none or too little is known. */
export function signatureDiff(a: BoundaryFn, b: BoundaryFn, workspace: Workspace): SignatureDiff | null {
  const models = modelsOf(a.item.cfg, b.item.cfg);
  if (convention(a.abi) !== convention(b.abi) && convention(a.abi) && convention(b.abi)) return { what: 'the ABI', mild: false };
  if (hasOwnRules(a) || hasOwnRules(b)) return null;
  const variadic = a.ast.variadic || b.ast.variadic;
  const [short, long] = a.ast.params.length <= b.ast.params.length ? [a, b] : [b, a];
  if (short.ast.params.length !== long.ast.params.length && !(variadic && short.ast.variadic))
    return { what: 'the number of parameters', mild: false };
  for (const [i, param] of a.ast.params.entries()) {
    const other = b.ast.params[i];
    if (other && differ({ type: param.type, scope: a.scope }, { type: other.type, scope: b.scope }, models, workspace, DEPTH) === 'yes')
      return { what: `parameter ${i + 1}`, mild: false };
  }
  const result = resultDiff(a, b, models, workspace);
  if (result) return result;
  return a.ast.variadic !== b.ast.variadic ? { what: 'the variadic part', mild: true } : null;
}

/** Calls with a receiver, and async or generic fns: whatever they are, no plain C functions. */
function hasOwnRules(fn: BoundaryFn): boolean {
  return fn.ast.self !== null || fn.ast.async || fn.ast.generics.some((g) => g.kind !== 'lifetime');
}

/** ABIs that mean the same on most systems are one; null where it depends on the system. */
function convention(abi: string | null): string | null {
  const plain = abi?.replace(/-unwind$/, '') ?? null;
  if (plain === 'C' || plain === 'cdecl') return 'C';
  return plain === 'fastcall' || plain === 'vectorcall' || plain === 'thiscall' ? plain : null;
}

/** Code of one system is only asked about that system. Without a condition, Unix and Windows must both differ. */
function modelsOf(a: Cfg, b: Cfg): Models {
  if (exclusive(a, NOT_WINDOWS) || exclusive(b, NOT_WINDOWS)) return [1, 2];
  return exclusive(a, WINDOWS) || exclusive(b, WINDOWS) ? [0, 2] : [0, 1, 2];
}

interface Placed {
  readonly type: Type;
  readonly scope: Scope;
}

const DEPTH = 4;

function differ(a: Placed, b: Placed, models: Models, workspace: Workspace, depth: number): 'yes' | 'no' | 'unknown' {
  if (depth === 0) return 'unknown';
  const left = abiType(a.type, a.scope, workspace);
  const right = abiType(b.type, b.scope, workspace);
  if (left.kind === 'unknown' || right.kind === 'unknown') return 'unknown';
  if (left.kind === 'pointer' && right.kind === 'pointer') {
    if (!left.pointee || !right.pointee) return 'no';
    return pointeesDiffer(left.pointee, right.pointee, models, workspace) ? 'yes' : 'no';
  }
  if (left.kind === 'record' && right.kind === 'record') {
    if (left.item === right.item) return 'no';
    // How records of other fields are passed can be the same all the same: only equal numbers are compared.
    if (left.fields.length !== right.fields.length) return 'unknown';
    const fields = left.fields.map((field, i) => {
      const other = right.fields[i];
      return other ? differ(field, other, models, workspace, depth - 1) : 'unknown';
    });
    return fields.includes('yes') ? 'yes' : fields.includes('unknown') ? 'unknown' : 'no';
  }
  if (left.kind === 'record' || right.kind === 'record') {
    const record = left.kind === 'record' ? left : right;
    return record.kind === 'record' && record.fields.length === 1 ? 'unknown' : 'yes';
  }
  return scalarsDiffer(left, right, models) ? 'yes' : 'no';
}

function scalarsDiffer(a: AbiType, b: AbiType, models: Models): boolean {
  if ((a.kind === 'int' && b.kind === 'int') || (a.kind === 'float' && b.kind === 'float')) return everywhere(a.widths, b.widths, models);
  // An address in an integer of its width goes through the same register.
  if (a.kind === 'int' && b.kind === 'pointer') return everywhere(a.widths, ADDRESS, models);
  if (a.kind === 'pointer' && b.kind === 'int') return everywhere(b.widths, ADDRESS, models);
  return a.kind !== b.kind;
}

const ADDRESS: Widths = [8, 8, 4];

/** 32-bit systems count only where they decide alone: `usize` against `u32` is wrong although it fits there. */
function everywhere(a: Widths, b: Widths, models: Models): boolean {
  const wide = models.filter((model) => model !== 2);
  return (wide.length > 0 ? wide : models).every((model) => a[model] !== b[model]);
}

/** Numbers of another size behind a pointer; bytes and void stand for any memory, and records are not looked into. */
function pointeesDiffer(a: Placed, b: Placed, models: Models, workspace: Workspace): boolean {
  const left = abiType(a.type, a.scope, workspace);
  const right = abiType(b.type, b.scope, workspace);
  if ((left.kind !== 'int' && left.kind !== 'float') || (right.kind !== 'int' && right.kind !== 'float')) return false;
  if (left.widths[0] === 1 || right.widths[0] === 1) return false;
  return left.kind !== right.kind || everywhere(left.widths, right.widths, models);
}

function resultDiff(a: BoundaryFn, b: BoundaryFn, models: Models, workspace: Workspace): SignatureDiff | null {
  const left = resultOf(a, workspace);
  const right = resultOf(b, workspace);
  if (left === 'never' || right === 'never') return null;
  if (left && right) return differ(left, right, models, workspace, DEPTH) === 'yes' ? { what: 'the result', mild: false } : null;
  const given = left ?? right;
  if (!given) return null;
  const type = abiType(given.type, given.scope, workspace);
  if (type.kind === 'unknown' || type.kind === 'void') return null;
  // A result in memory takes a hidden argument, which the other side does not give.
  return { what: 'the result', mild: type.kind !== 'record' };
}

function resultOf(fn: BoundaryFn, workspace: Workspace): Placed | 'never' | null {
  const { result } = fn.ast;
  if (!result) return null;
  if (result.kind === 'never') return 'never';
  return abiType(result, fn.scope, workspace).kind === 'void' ? null : { type: result, scope: fn.scope };
}
