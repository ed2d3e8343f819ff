//! Declarations, exports and handles that macros make.
use std::ffi::c_int;

macro_rules! ffi_fn {
    ($(#[$meta:meta])* fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty $body:block) => {
        $(#[$meta])*
        #[no_mangle]
        pub extern "C" fn $name($($arg: $ty),*) -> $ret {
            match std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || $body)) {
                Ok(value) => value,
                Err(_) => Default::default(),
            }
        }
    };
}

macro_rules! opaque {
    ($($name:ident),*) => {
        $(
            #[repr(C)]
            pub struct $name {
                _private: [u8; 0],
            }
        )*
    };
}

macro_rules! bindings {
    ($($name:ident: fn($($ty:ty),*) $(-> $ret:ty)?;)*) => {
        extern "C" {
            $(pub fn $name($(_: $ty),*) $(-> $ret)?;)*
        }
    };
}

macro_rules! destructor {
    ($name:ident, $ty:ty) => {
        /// # Safety
        /// The pointer is null or comes from the constructor.
        #[no_mangle]
        pub unsafe extern "C" fn $name(value: *mut $ty) {
            if !value.is_null() {
                drop(unsafe { Box::from_raw(value) });
            }
        }
    };
}

opaque!(Surface, Context);

bindings! {
    surface_new: fn(c_int, c_int) -> *mut Surface;
    surface_draw: fn(*mut Surface, *mut Context) -> c_int;
    surface_free: fn(*mut Surface);
}

ffi_fn! {
    /// Adds with a check.
    fn add(a: c_int, b: c_int) -> c_int {
        a.checked_add(b).unwrap()
    }
}

pub struct Model(pub Vec<f64>);

#[no_mangle]
pub extern "C" fn model_new(size: usize) -> *mut Model {
    Box::into_raw(Box::new(Model(vec![0.0; size])))
}

destructor!(model_free, Model);
