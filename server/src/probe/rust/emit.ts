/** Writes a crate's files with the questions in them: a constant a type that panics with the type's layout. */
import { computeSize } from '../../abi/compute.ts';
import type { RustShapes } from '../../abi/rust-shapes.ts';
import type { SizeAlign, Target } from '../../abi/targets.ts';
import { scopeOf } from '../../model/resolve/workspace.ts';
import type { ModuleEnd, ProbeField, TypeProbe } from './plan.ts';

/** The module that the questions share, at the end of the crate's root. */
const HELPER = '__ffi_lint';
/** The constant that an instance of a generic type is asked with. */
const CONSTANT = '__FFI_LINT';

/** Longest decimal of a `usize`, with its comma. */
const DIGITS = 21;

/**
 * `p` panics with a record of all values; digits are written from the back, so that each costs one division. `f` gives size and alignment of
 * what a place expression names, whatever its type is called. `extern crate core` makes one path for all editions.
 */
const HELPER_TEXT = `
#[doc(hidden)] #[allow(warnings, clippy::all)] mod ${HELPER} {
pub extern crate core;
pub type U = usize;
pub const fn f<T, F>(_: fn(*const T) -> *const F) -> [usize; 2] { [core::mem::size_of::<F>(), core::mem::align_of::<F>()] }
pub const fn p<const L: usize>(id: usize, v: &[usize]) {
let mut b = [44u8; L]; let mut n = L - 1; b[n] = 33; let mut i = v.len() + 1;
while i > 0 { i -= 1; let mut x = if i > 0 { v[i - 1] } else { id }; loop { n -= 1; b[n] = 48 + (x % 10) as u8; x /= 10; if x == 0 { break; } } n -= 1; }
b[n] = 124; b[n - 1] = 49; b[n - 2] = 73; b[n - 3] = 70; b[n - 4] = 70; b[n - 5] = 64;
core::panic!("{}", unsafe { core::str::from_utf8_unchecked(b.split_at(n - 5).1) })
} }
`;

/** Asks for the members as well, or for size and alignment alone where a member cannot be asked about. */
export type ProbeDepth = 'whole' | 'size';

export interface AskedProbe {
  readonly probe: TypeProbe;
  readonly depth: ProbeDepth;
}

export interface EmitInput {
  /** The crate's root file. */
  readonly root: string;
  text(file: string): string;
  readonly asked: readonly AskedProbe[];
  readonly shapes: RustShapes;
  readonly target: Target;
}

/** Lines of an emitted file that ask about one type, counted from 1, the end exclusive. */
export interface ProbeLines {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly id: number;
}

export interface Emitted {
  /** All files that differ from the user's: path and new text. */
  readonly files: ReadonlyMap<string, string>;
  readonly lines: readonly ProbeLines[];
}

export interface ProbePiece {
  readonly place: ModuleEnd;
  readonly text: string;
  /** null for what belongs to all. */
  readonly id: number | null;
}

export function emitProbes({ root, text, asked, shapes, target }: EmitInput): Emitted {
  const pieces: ProbePiece[] = [];
  const generics = new Set<string>();
  for (const { probe, depth } of asked) {
    const { generic, id } = probe;
    pieces.push({ place: probe.place, text: question(probe, depth, shapes, target), id });
    const key = generic && depth === 'whole' ? `${generic.place.file}:${generic.item.id}` : null;
    if (!generic || key === null || generics.has(key)) continue;
    generics.add(key);
    pieces.push({ place: generic.place, text: constant(generic.header, generic.cfg, generic.fields), id });
  }
  pieces.push({ place: { file: root, offset: text(root).length }, text: HELPER_TEXT, id: null });
  return insertPieces(pieces, text);
}

/** The files that pieces are put into. */
export function insertPieces(pieces: readonly ProbePiece[], text: (file: string) => string): Emitted {
  const files = new Map<string, string>();
  const lines: ProbeLines[] = [];
  for (const file of new Set(pieces.map(({ place }) => place.file))) {
    const own = pieces.filter(({ place }) => place.file === file).sort((a, b) => a.place.offset - b.place.offset);
    files.set(file, inserted(file, text(file), own, lines));
  }
  return { files, lines };
}

function inserted(file: string, text: string, pieces: readonly ProbePiece[], lines: ProbeLines[]): string {
  let out = '';
  let line = 1;
  let at = 0;
  const add = (more: string): void => {
    out += more;
    for (let i = more.indexOf('\n'); i >= 0; i = more.indexOf('\n', i + 1)) line++;
  };
  for (const { place, text: piece, id } of pieces) {
    add(text.slice(at, place.offset));
    // What stands last may be a line comment.
    add('\n');
    const from = line;
    add(`${piece}\n`);
    if (id !== null) lines.push({ file, from, to: line, id });
    at = place.offset;
  }
  add(text.slice(at));
  return out;
}

/** On two lines: rustc repeats the one that it complains about, so the long one is not that of the call. */
function question(probe: TypeProbe, depth: ProbeDepth, shapes: RustShapes, target: Target): string {
  const { id, code, cfg, fields, generic } = probe;
  const room = 16 + DIGITS * (3 + 4 * fields.length);
  const open = `${attribute(cfg)}#[allow(warnings, clippy::all)] const _: () = { use crate::${HELPER} as __f;`;
  const close = `\n__f::p::<${room}>(${id}, v) };`;
  if (depth === 'size') return `${open} let v: &[_] = ${list(code, [], () => true)};${close}`;
  if (generic) return `${open} let v: &[_] = <${code}>::${CONSTANT};${close}`;
  const measured = (field: ProbeField): boolean => isMeasured(probe, field, shapes, target);
  return `${open}${bindings(code, fields, measured)} let v: &[_] = ${list(code, fields, measured)};${close}`;
}

function constant(header: string, cfg: string, fields: readonly ProbeField[]): string {
  const all = (): boolean => true;
  const body = `use crate::${HELPER} as __f;${bindings('Self', fields, all)} ${list('Self', fields, all)}`;
  return `${attribute(cfg)}#[allow(warnings, clippy::all)] ${header} { #[doc(hidden)] pub const ${CONSTANT}: &'static [crate::${HELPER}::U] = { ${body} }; }`;
}

/**
 * Whether a field's size and alignment are asked for: not those that every target defines, which cost time and say nothing. Of an instance
 * of a generic type all are.
 */
export function isMeasured(probe: TypeProbe, field: ProbeField, shapes: RustShapes, target: Target): boolean {
  return probe.generic !== null || primitiveOf(probe, field, shapes, target) === null;
}

/** Size and alignment of a field of a primitive type or a pointer; null for all others. 128-bit integers differ between versions of rustc. */
export function primitiveOf({ item }: TypeProbe, { field }: ProbeField, shapes: RustShapes, target: Target): SizeAlign | null {
  if (!field) return null;
  const shape = shapes.shapeOf({ type: field.type, scope: scopeOf(item), file: item.file });
  if (!PRIMITIVE.has(shape.kind) || ('bits' in shape && shape.bits === 128)) return null;
  const found = computeSize(shape, 'rust', shapes.resolve, target);
  return 'reason' in found ? null : found;
}

const PRIMITIVE: ReadonlySet<string> = new Set(['int', 'float', 'bool', 'unicode-scalar', 'pointer', 'fat-pointer']);

function bindings(code: string, fields: readonly ProbeField[], measured: (field: ProbeField) => boolean): string {
  return fields
    .map((field, at) =>
      measured(field) ? ` ${attribute(field.cfg)}let f${at} = __f::f(|p: *const ${code}| unsafe { ${pointerTo(code, field)} });` : '',
    )
    .join('');
}

/** A field of a variant is reached through a pattern, which is only ever typed, never run. */
function pointerTo(code: string, field: ProbeField): string {
  if (field.variant === null) return `__f::core::ptr::addr_of!((*p).${field.code})`;
  return `match *p { ${code}::${field.variant} { ${field.code.slice(field.variant.length + 1)}: ref x, .. } => x as *const _, _ => loop {} }`;
}

function list(code: string, fields: readonly ProbeField[], measured: (field: ProbeField) => boolean): string {
  const values = fields.map((field, at) => {
    const parts = [`${at}`, `__f::core::mem::offset_of!(${code}, ${field.code})`];
    if (measured(field)) parts.push(`f${at}[0]`, `f${at}[1]`);
    return parts.map((part) => `${attribute(field.cfg)}${part}`).join(', ');
  });
  return `&[${[`__f::core::mem::size_of::<${code}>()`, `__f::core::mem::align_of::<${code}>()`, ...values].join(', ')}]`;
}

export function attribute(cfg: string): string {
  return cfg === '' ? '' : `#[cfg(${cfg})] `;
}
