/** What the standard library and libc do with the raw pointers that they are given; from their documentation. */
import type { PointerUseKind } from './null-facts.ts';

/** Methods of raw pointers that read or write through them. The number says how many arguments are pointers of the same kind. */
export const DEREF_METHODS: ReadonlyMap<string, number> = new Map([
  ...[
    'read',
    'read_volatile',
    'read_unaligned',
    'write',
    'write_volatile',
    'write_unaligned',
    'write_bytes',
    'replace',
    'drop_in_place',
  ].map((name): [string, number] => [name, 0]),
  ...['copy_to', 'copy_to_nonoverlapping', 'copy_from', 'copy_from_nonoverlapping', 'swap'].map((name): [string, number] => [name, 1]),
  ['as_ref_unchecked', 0],
  ['as_mut_unchecked', 0],
]);

/** Methods of raw pointers whose result is null exactly when the pointer is (offsets of null are undefined anyway). */
export const SAME_POINTER_METHODS: ReadonlySet<string> = new Set([
  ...['cast', 'cast_mut', 'cast_const', 'cast_array', 'clone', 'to_owned', 'addr', 'expose_provenance', 'expose_addr', 'with_addr'],
  ...['map_addr', 'with_metadata_of'],
]);

/** Methods of raw pointers that move them by an argument. */
export const OFFSET_METHODS: ReadonlySet<string> = new Set([
  ...['add', 'sub', 'offset', 'byte_add', 'byte_sub', 'byte_offset'],
  ...['wrapping_add', 'wrapping_sub', 'wrapping_offset', 'wrapping_byte_add', 'wrapping_byte_sub', 'wrapping_byte_offset'],
]);

/** Methods of raw pointers that make an `Option`, which is `None` for null. */
export const OPTION_METHODS: ReadonlySet<string> = new Set(['as_ref', 'as_mut', 'as_uninit_ref', 'as_uninit_mut', 'as_uninit_slice']);

/** Methods of raw pointers that do not need a valid one. */
export const HARMLESS_METHODS: ReadonlySet<string> = new Set([
  ...[
    'is_aligned',
    'is_aligned_to',
    'align_offset',
    'offset_from',
    'byte_offset_from',
    'sub_ptr',
    'eq',
    'ne',
    'cmp',
    'partial_cmp',
    'hash',
    'len',
    'fmt',
  ],
]);

export interface PointerCall {
  readonly kind: PointerUseKind;
  /** The arguments that must not be null. */
  readonly pointers: readonly number[];
  /** The argument that says how many elements there are, -1 where none does. */
  readonly length: number;
}

const one = (kind: PointerUseKind, length = -1): PointerCall => ({ kind, pointers: [0], length });

/** By the last two names of the fn. */
export const POINTER_CALLS: ReadonlyMap<string, PointerCall> = new Map<string, PointerCall>([
  ...['read', 'read_volatile', 'read_unaligned', 'write', 'write_volatile', 'write_unaligned', 'replace', 'drop_in_place'].map(
    (name): [string, PointerCall] => [`ptr::${name}`, one('deref')],
  ),
  ['ptr::write_bytes', one('deref', 2)],
  ['ptr::swap', { kind: 'deref', pointers: [0, 1], length: -1 }],
  ['ptr::copy', { kind: 'deref', pointers: [0, 1], length: 2 }],
  ['ptr::copy_nonoverlapping', { kind: 'deref', pointers: [0, 1], length: 2 }],
  ['ptr::swap_nonoverlapping', { kind: 'deref', pointers: [0, 1], length: 2 }],
  ['mem::copy_nonoverlapping', { kind: 'deref', pointers: [0, 1], length: 2 }],
  ['NonNull::new_unchecked', one('deref')],
  ['Pin::new_unchecked', one('deref')],
  ['slice::from_raw_parts', one('slice', 1)],
  ['slice::from_raw_parts_mut', one('slice', 1)],
  ['CStr::from_ptr', one('cstr')],
  ...['Box', 'Rc', 'Arc'].map((owner): [string, PointerCall] => [`${owner}::from_raw`, one('from-raw')]),
  ...['Box', 'Rc', 'Arc'].map((owner): [string, PointerCall] => [`${owner}::from_raw_in`, one('from-raw')]),
  ['CString::from_raw', one('from-raw')],
  ['Arc::increment_strong_count', one('from-raw')],
  ['Arc::decrement_strong_count', one('from-raw')],
  ['Rc::increment_strong_count', one('from-raw')],
  ['Rc::decrement_strong_count', one('from-raw')],
  ['Vec::from_raw_parts', one('from-raw', 1)],
  ['String::from_raw_parts', one('from-raw', 1)],
]);

/** Names that stand for a fn of the table when they are imported bare (`use std::slice::from_raw_parts` inside of the fn). */
export const BARE_POINTER_CALLS: ReadonlyMap<string, string> = new Map([
  ['from_raw_parts', 'slice::from_raw_parts'],
  ['from_raw_parts_mut', 'slice::from_raw_parts_mut'],
  ['copy_nonoverlapping', 'ptr::copy_nonoverlapping'],
]);

/** Fns that give back the pointer that they get as their first argument. */
export const SAME_POINTER_CALLS: ReadonlySet<string> = new Set([
  'ptr::slice_from_raw_parts',
  'ptr::slice_from_raw_parts_mut',
  'ptr::from_raw_parts',
]);

/** Fns that do not return, by their last two names; `!` fns of the workspace are found by their signature. */
export const DIVERGING_CALLS: ReadonlySet<string> = new Set([
  ...['process::abort', 'process::exit', 'panic::resume_unwind', 'panic::panic_any', 'hint::unreachable_unchecked', 'intrinsics::abort'],
  ...['alloc::handle_alloc_error', 'libc::abort', 'libc::exit', 'libc::_exit', 'libc::pthread_exit', 'libc::longjmp'],
]);

/** Names of C fns that make something, and have nothing but null to say that they could not. */
export const MAKES = /(^|_)(new|create|open|alloc)(_|$)|[a-z](New|Create|Open|Alloc)($|[A-Z])/;

/** Names of fns that may look at a number that they are given. */
export const MAY_CHECK = /check|valid|ensure|assert|verify|require|negative|range|bound|clamp/i;

/** The arguments that are lengths, counts or capacities in elements, by the last two names of the fn. */
export const LENGTHS: ReadonlyMap<string, readonly number[]> = new Map([
  ...[...POINTER_CALLS].flatMap(([name, { length }]): [string, readonly number[]][] => (length >= 0 ? [[name, [length]]] : [])),
  ...['slice_from_raw_parts', 'slice_from_raw_parts_mut'].map((name): [string, readonly number[]] => [`ptr::${name}`, [1]]),
  ...['Vec', 'String'].flatMap((owner): [string, readonly number[]][] => [
    [`${owner}::with_capacity`, [0]],
    [`${owner}::from_raw_parts`, [1, 2]],
  ]),
]);

/** The argument of a method that is a length, count or offset. */
export const LENGTH_METHODS: ReadonlyMap<string, number> = new Map([
  ...['add', 'sub', 'reserve', 'reserve_exact', 'set_len', 'resize'].map((name): [string, number] => [name, 0]),
  ...['copy_to', 'copy_to_nonoverlapping', 'copy_from', 'copy_from_nonoverlapping', 'write_bytes'].map((name): [string, number] => [
    name,
    1,
  ]),
]);

/** Macros of other crates that log: they neither check nor leave. */
export const LOG_MACROS: ReadonlySet<string> = new Set(['trace', 'debug', 'info', 'warn', 'error', 'log', 'event', 'span']);
