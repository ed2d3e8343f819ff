//! A C API as one writes it today: references and `NonNull` in signatures, out parameters as `MaybeUninit`, one place that catches panics.
use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::panic::{UnwindSafe, catch_unwind};
use std::ptr::NonNull;

#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Done = 0,
    Null = 1,
    Text = 2,
    Panicked = 3,
}

pub struct Counter {
    words: usize,
    longest: Option<CString>,
}

thread_local! {
    static LAST: RefCell<Option<CString>> = const { RefCell::new(None) };
}

fn guarded(run: impl FnOnce() -> Result<(), Status> + UnwindSafe) -> Status {
    match catch_unwind(run) {
        Ok(Ok(())) => Status::Done,
        Ok(Err(status)) => status,
        Err(_) => {
            LAST.set(Some(c"a panic was caught".to_owned()));
            Status::Panicked
        }
    }
}

/// Returns a counter that has counted nothing.
#[unsafe(no_mangle)]
pub extern "C" fn counter_new() -> Box<Counter> {
    Box::new(Counter { words: 0, longest: None })
}

/// Frees a counter; null is fine.
#[unsafe(no_mangle)]
pub extern "C" fn counter_free(counter: Option<Box<Counter>>) {
    drop(counter);
}

/// Counts the words of a text.
///
/// # Safety
/// `text` is null or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn counter_add(counter: Option<&mut Counter>, text: Option<NonNull<c_char>>) -> Status {
    let (Some(counter), Some(text)) = (counter, text) else { return Status::Null };
    let text = unsafe { CStr::from_ptr(text.as_ptr()) };
    let counter = std::panic::AssertUnwindSafe(counter);
    guarded(move || {
        let counter = counter;
        let text = text.to_str().map_err(|_| Status::Text)?;
        for word in text.split_whitespace() {
            counter.0.words += 1;
            let longer = counter.0.longest.as_ref().is_none_or(|held| held.count_bytes() < word.len());
            if longer && let Ok(word) = CString::new(word) {
                counter.0.longest = Some(word);
            }
        }
        Ok(())
    })
}

/// Writes how many words there were.
#[unsafe(no_mangle)]
pub extern "C" fn counter_words(counter: Option<&Counter>, out: Option<&mut MaybeUninit<usize>>) -> Status {
    let (Some(counter), Some(out)) = (counter, out) else { return Status::Null };
    out.write(counter.words);
    Status::Done
}

/// The longest word, which lives as long as the counter; null where there is none.
#[unsafe(no_mangle)]
pub extern "C" fn counter_longest(counter: Option<&Counter>) -> *const c_char {
    counter.and_then(|it| it.longest.as_deref()).map_or(std::ptr::null(), CStr::as_ptr)
}

/// Copies the bytes of a buffer, upper-cased, into one of the same size.
///
/// # Safety
/// Both point to `size` bytes, or are null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn counter_shout(from: *const u8, into: *mut u8, size: usize) -> Status {
    if from.is_null() || into.is_null() {
        return Status::Null;
    }
    let from = unsafe { std::slice::from_raw_parts(from, size) };
    let into = unsafe { std::slice::from_raw_parts_mut(into.cast::<MaybeUninit<u8>>(), size) };
    for (to, byte) in into.iter_mut().zip(from) {
        to.write(byte.to_ascii_uppercase());
    }
    Status::Done
}

/// What went wrong last in this thread, to be freed with `counter_text_free`.
#[unsafe(no_mangle)]
pub extern "C" fn counter_last_error() -> *mut c_char {
    LAST.take().map_or(std::ptr::null_mut(), CString::into_raw)
}

/// # Safety
/// `text` is null or comes from `counter_last_error`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn counter_text_free(text: *mut c_char) {
    if let Some(text) = NonNull::new(text) {
        drop(unsafe { CString::from_raw(text.as_ptr()) });
    }
}
