/** What the rules about ctypes share: the Rust functions that a module declares or calls, with both sides in one terms. */
import { comparePointees } from '../abi/compare/pointees.ts';
import { compare } from '../abi/compare/compare.ts';
import type { Side } from '../abi/compare/compare.ts';
import type { Verdict } from '../abi/compare/verdict.types.ts';
import type { Signature, WrittenShape } from '../abi/peers/peers.ts';
import type { PythonFn } from '../abi/python-side.ts';
import { ctypesText } from '../abi/python-text.ts';
import { pythonShapes } from '../abi/python-shapes.ts';
import type { PythonShapes } from '../abi/python-shapes.ts';
import type { Target } from '../abi/targets.ts';
import type { Location } from '../base/text.ts';
import type { Place } from '../model/python/bindings.ts';
import type { PyModule, PyType } from '../model/python/ctypes.ts';
import { VOID } from '../abi/shape.ts';
import type { At, Fix, RuleContext } from './rule.ts';

type Context = Pick<RuleContext, 'unit' | 'python' | 'peers' | 'workspace'>;

/** The functions that a Python unit is the first to mention, through ctypes: cffi checks calls itself. Generated modules are nobody's to mend. */
export function pythonFns(ctx: Context): readonly PythonFn[] {
  return loadedFns(ctx).filter(({ library }) => library.value.loader === 'ctypes');
}

/** The same through ctypes or cffi. */
export function loadedFns({ unit, python }: Context): readonly PythonFn[] {
  if (unit.kind !== 'python' || unit.peer.generatedBy !== null) return [];
  return python.functionsIn(unit.path).filter(({ rust }) => !rust.rewritten && !rust.item.test && !rust.item.inUnknownMacro);
}

/** The Rust signatures on the targets that findings are for; empty where one of them is in doubt. */
export function rustSignatures({ peers }: Context, { rust }: PythonFn): readonly Signature[] {
  const all = peers.targets.flatMap((target) => peers.rustSignature(rust, target) ?? []);
  return all.some(({ doubt }) => doubt !== null) ? [] : all;
}

const shapes = new WeakMap<PyModule, Map<string, PythonShapes>>();

/** A ctypes type as it is passed: an array is a pointer to its first element. */
export function pythonSide(type: PyType | null, module: PyModule, target: Target): Side {
  const byTarget = shapes.get(module) ?? new Map<string, PythonShapes>();
  shapes.set(module, byTarget);
  const made = byTarget.get(target.triple) ?? pythonShapes(module, target);
  byTarget.set(target.triple, made);
  const passed: PyType | null = type?.kind === 'array' ? { kind: 'pointer', to: type.of } : type;
  return { shape: passed === null ? VOID : made.shapeOf(passed), resolve: made.resolve };
}

export interface Judged {
  readonly verdict: Verdict;
  /** It is about what two pointers lead to. */
  readonly behind: boolean;
}

/** Of a value, or of what lies behind a pointer where the value itself is right. */
export function verdictOf(rust: WrittenShape, signature: Signature, peer: Side): Judged {
  const side: Side = { shape: rust.shape, resolve: signature.resolve };
  const verdict = compare(side, peer, signature.target);
  if (verdict.peer.kind === 'aggregate' && verdict.rust.kind !== 'aggregate' && signature.target.rust.pointer.size === 8) {
    // Alone in a struct, a value goes where it would go by itself (System V, AAPCS64 and Windows x64 calling conventions).
    const fields = verdict.peer.def && verdict.peer.def.kind !== 'enum' ? verdict.peer.def.fields : [];
    const [only] = fields;
    if (only && fields.length === 1 && only.bitWidth === null) return verdictOf(rust, signature, { ...peer, shape: only.shape });
  }
  if (verdict.code !== 'ok' || verdict.rust.kind !== 'pointer') return { verdict, behind: false };
  return { verdict: comparePointees(side, peer, signature.target), behind: true };
}

/** Names both ends for related information. */
export function rustPlace({ rust }: PythonFn): { readonly at: At; readonly message: string } {
  return { at: { file: rust.item.file, span: rust.ast.nameSpan }, message: `\`${rust.item.name}\` is defined here` };
}

/** A parameter's name, or its number. */
export function paramName({ rust }: PythonFn, index: number): string {
  const name = rust.ast.params[index]?.name;
  return name == null ? `parameter ${index + 1}` : `\`${name}\``;
}

/** How the Rust type is written in a module; null where ctypes or the module has no name for it. */
export function rendered(written: WrittenShape, signature: Signature, place: 'parameter' | 'result', module: PyModule): string | null {
  return ctypesText(written.shape, place, {
    spelling: module.bindings.spelling,
    resolve: signature.resolve,
    target: signature.target,
    classes: new Set(module.classes.filter((one) => !one.path.includes('.')).map(({ path }) => path)),
  });
}

/** The argument types as a list; null where one of them cannot be written. */
export function renderedList(signature: Signature, module: PyModule): string | null {
  const all = signature.params?.map((one) => rendered(one, signature, 'parameter', module)) ?? [null];
  return all.every((one) => one !== null) ? `[${all.join(', ')}]` : null;
}

/** `lib.f.restype = …` on a line of its own, behind what else is said of the function, or behind the library. */
export function setting(fn: PythonFn, what: 'argtypes' | 'restype', value: string | null): readonly Fix[] {
  if (value === null) return [];
  const own = what === 'restype' ? fn.argtypes : fn.restype;
  const place: Place | null = own?.value.behind ?? null;
  const module = own?.module ?? fn.library.module;
  const library = fn.library.value.behind;
  const at = place ?? library;
  if (!at || (!place && fn.library.value.from !== null)) return [];
  const object = place ? place.object : `${at.object}.${fn.symbol}`;
  const text = `\n${at.indent}${object}.${what} = ${value}`;
  return [
    {
      title: `set \`${what}\` to \`${value}\``,
      safe: false,
      edits: [{ file: module.file, span: { start: at.offset, end: at.offset }, text }],
    },
  ];
}

/** Where a finding about a function as a whole points: at its first call, or where it is first mentioned. */
export function usePlace(fn: PythonFn): Location {
  return fn.calls.find(({ module }) => module === fn.first.module)?.value.at ?? fn.first.value.at;
}
