/** Which fns of Rust's own libraries panic, by the paths that MIR gives them. */
import { words } from '../../base/words.ts';

/**
 * Documented under "Panics" in std, for inputs that a caller can hand in. Paths without type arguments;
 * fns that only panic when memory runs out (which aborts), on overflow of lengths or on a second borrow of a `RefCell` are left out.
 */
const PANICKING = words(`
  std::option::Option::unwrap std::option::Option::expect
  std::result::Result::unwrap std::result::Result::expect std::result::Result::unwrap_err std::result::Result::expect_err
  std::vec::Vec::remove std::vec::Vec::insert std::vec::Vec::swap_remove std::vec::Vec::split_off std::vec::Vec::drain
  std::string::String::remove std::string::String::insert std::string::String::insert_str std::string::String::split_off std::string::String::drain
  std::collections::VecDeque::swap std::collections::VecDeque::drain std::collections::VecDeque::split_off
  std::time::Duration::from_secs_f64 std::time::Duration::from_secs_f32 std::time::Duration::mul_f64
  std::thread::spawn std::thread::scope std::iter::Iterator::step_by
  std::panic::resume_unwind std::panic::panic_any std::rt::panic_fmt std::rt::begin_panic core::panicking::panic core::panicking::panic_fmt
  core::panicking::panic_display core::panicking::panic_nounwind core::panicking::assert_failed core::panicking::panic_explicit
  core::panicking::panic_str_2015 core::panicking::unreachable_display core::panicking::assert_matches_failed
  std::rt::panic_display core::option::unwrap_failed core::option::expect_failed core::result::unwrap_failed
`);

/** Of slices and `str`, likewise. */
const SLICE_METHODS = words(`
  copy_from_slice clone_from_slice split_at split_at_mut swap rotate_left rotate_right copy_within chunks chunks_mut chunks_exact windows
  select_nth_unstable
`);

/** Called by what `panic!`, `assert!`, `todo!` and `unreachable!` become. */
const MACRO_ENTRY = /^(?:core::panicking|std::rt)::(?:panic|begin_panic|assert_|unreachable_)/;

/** std's own name of what core and alloc define. */
function stdName(path: string): string {
  return path.replace(/^(?:core|alloc)::(?=(?:option|result|cell|vec|string|time|iter|collections)::)/, 'std::');
}

/** `core::slice::<impl [u8]>::swap` */
const SLICE_METHOD = /^(?:core|std|alloc)::(?:slice::<impl \[.*\]>|str::<impl str>)::(\w+)$/;

/** `x[i]` on what is no array or slice: a call of `Index`. */
const INDEX =
  /^<(?:std|alloc|core)::.* as (?:std|core)::ops::Index(?:Mut)?<.*>>::index(?:_mut)?$|^<(?:\[.*\]|str) as (?:std|core)::ops::Index/;

export type StdPanic = 'call' | 'macro' | 'bounds';

/** How a fn of std panics; null where it does not, or is not of std. The full range `[..]` never does. */
export function stdPanic(callee: string, plain: string): StdPanic | null {
  if (MACRO_ENTRY.test(plain)) return 'macro';
  if (INDEX.test(callee)) return callee.includes('RangeFull') ? null : 'bounds';
  const slice = SLICE_METHOD.exec(plain);
  if (slice) return SLICE_METHODS.has(slice[1] ?? '') ? 'call' : null;
  return PANICKING.has(stdName(plain)) ? 'call' : null;
}

/** Whether a path is one of Rust's own libraries, so that a callee not in the table does not panic for a caller's input. */
export function isStd(callee: string): boolean {
  return /^(?:<.* as )?(?:std|core|alloc)::/.test(callee) || /^<(?:impl )?(?:std|core|alloc)::/.test(callee);
}

/** Fns that take a closure and neither run it in the caller's stack nor let its panic through. */
const CONTAINS = /^std::(?:panic::catch_unwind|thread::spawn|thread::Builder::spawn|thread::Scope::spawn|mem::forget)$/;

export function containsPanics(plain: string): boolean {
  return CONTAINS.test(plain);
}
