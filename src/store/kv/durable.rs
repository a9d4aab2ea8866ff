//! Makes the tree store's flush a real one.
//!
//! sled 0.34 flushes by `sync_file_range`, which the manual calls no way to
//! make data durable: half of the simulated power failures lost data. A
//! definition in the program itself wins at link time over that of libc, and
//! with it every simulated power failure was survived. It reaches every
//! executable that links this crate; [`super::Kv`] tests at open that it does.

/// Whether a flush calls what is defined here; elsewhere than on Linux sled
/// asks for a full sync by itself.
pub(super) fn is_in_force(write_and_flush: impl FnOnce()) -> bool {
    let before = n_calls();
    write_and_flush();
    n_calls() != before || !cfg!(target_os = "linux")
}

#[cfg(not(target_os = "linux"))]
fn n_calls() -> u64 {
    0
}

#[cfg(target_os = "linux")]
use replaced::n_calls;

#[cfg(target_os = "linux")]
mod replaced {
    #![allow(
        unsafe_code,
        reason = "a C function is defined and another called; no memory is touched"
    )]

    use std::ffi::{c_int, c_uint};
    use std::sync::atomic::{AtomicU64, Ordering};

    static CALLS: AtomicU64 = AtomicU64::new(0);

    pub(super) fn n_calls() -> u64 {
        CALLS.load(Ordering::Relaxed)
    }

    unsafe extern "C" {
        fn fdatasync(file: c_int) -> c_int;
    }

    /// Stronger than what it replaces, so it is right for any caller in the process.
    ///
    /// SAFETY: the name is that of libc's function, of the same signature and
    /// contract; `fdatasync` takes any number and reports one that is no file.
    #[unsafe(no_mangle)]
    extern "C" fn sync_file_range(file: c_int, _from: i64, _length: i64, _how: c_uint) -> c_int {
        CALLS.fetch_add(1, Ordering::Relaxed);
        unsafe { fdatasync(file) }
    }
}
