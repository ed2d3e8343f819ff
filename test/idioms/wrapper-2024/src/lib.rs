//! A safe wrapper as one writes it today: `safe fn`, let chains, `&raw`, C string literals, a handler that catches panics.
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::marker::{PhantomData, PhantomPinned};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::LazyLock;

#[repr(C)]
pub struct RawStore {
    _data: [u8; 0],
    _marker: PhantomData<(*mut u8, PhantomPinned)>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Stat {
    pub size: u64,
    pub kind: u32,
}

unsafe extern "C" {
    safe fn store_version() -> c_int;
    fn store_open(path: *const c_char, out: *mut *mut RawStore) -> c_int;
    fn store_stat(store: *mut RawStore, key: *const c_char, out: *mut Stat) -> c_int;
    fn store_get(store: *mut RawStore, key: *const c_char, into: *mut u8, size: usize) -> isize;
    fn store_error(code: c_int) -> *const c_char;
    fn store_each(store: *mut RawStore, run: unsafe extern "C" fn(*const c_char, *mut c_void) -> c_int, data: *mut c_void) -> c_int;
    fn store_close(store: *mut RawStore);
}

#[derive(Debug)]
pub struct Error(pub String);

impl Error {
    fn of(code: c_int) -> Self {
        let text = unsafe { store_error(code) };
        if let Some(text) = NonNull::new(text.cast_mut()) {
            return Self(unsafe { CStr::from_ptr(text.as_ptr()) }.to_string_lossy().into_owned());
        }
        Self(format!("error {code}"))
    }
}

static VERSION: LazyLock<c_int> = LazyLock::new(|| store_version());

pub struct Store(NonNull<RawStore>);

// SAFETY: the library keeps nothing in thread locals, and every method takes `&mut self`.
unsafe impl Send for Store {}

impl Store {
    pub fn open(path: &str) -> Result<Self, Error> {
        let Ok(path) = CString::new(path) else { return Err(Error("a path has a NUL".into())) };
        let mut raw = std::ptr::null_mut();
        let code = unsafe { store_open(path.as_ptr(), &raw mut raw) };
        if code == 0
            && let Some(raw) = NonNull::new(raw)
        {
            return Ok(Self(raw));
        }
        Err(Error::of(code))
    }

    pub fn version() -> c_int {
        *VERSION
    }

    pub fn root(&mut self) -> Result<Stat, Error> {
        let mut stat = MaybeUninit::uninit();
        let code = unsafe { store_stat(self.0.as_ptr(), c"/".as_ptr(), stat.as_mut_ptr()) };
        if code != 0 {
            return Err(Error::of(code));
        }
        Ok(unsafe { stat.assume_init() })
    }

    pub fn get(&mut self, key: &CStr) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(4096);
        let room = bytes.spare_capacity_mut();
        let read = unsafe { store_get(self.0.as_ptr(), key.as_ptr(), room.as_mut_ptr().cast(), room.len()) };
        if let Ok(read) = usize::try_from(read)
            && read <= bytes.capacity()
        {
            unsafe { bytes.set_len(read) };
            return Some(bytes);
        }
        None
    }

    pub fn each<F: FnMut(&CStr)>(&mut self, mut run: F) -> Result<(), Error> {
        unsafe extern "C" fn call<F: FnMut(&CStr)>(key: *const c_char, data: *mut c_void) -> c_int {
            let run = unsafe { &mut *data.cast::<F>() };
            let key = unsafe { CStr::from_ptr(key) };
            catch_unwind(AssertUnwindSafe(|| run(key))).map_or(-1, |()| 0)
        }
        match unsafe { store_each(self.0.as_ptr(), call::<F>, (&raw mut run).cast()) } {
            0 => Ok(()),
            code => Err(Error::of(code)),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        unsafe { store_close(self.0.as_ptr()) }
    }
}
