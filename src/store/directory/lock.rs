//! One process per directory: a file lock that the system releases when its
//! holder dies, with the holder's number inside.

use crate::store::error::StoreError;
use crate::store::files;
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, test_kill_process};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// Held as long as it lives.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock or says who has it.
    pub(super) fn take(directory: &Path) -> Result<Lock, StoreError> {
        let path = directory.join("LOCK");
        let mut file = files::open(&path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(StoreError::Locked { path: directory.to_owned(), pid: holder(&path) });
            }
            Err(error) => return Err(StoreError::io("lock", &path)(error.into())),
        }
        // The number is for others to read; on a full disk the lock counts without it.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Lock { _file: file })
    }
}

/// Who holds the lock. A holder writes its number just after taking the lock,
/// so a missing or dead number is asked for again.
fn holder(path: &Path) -> Option<u32> {
    for _ in 0..10 {
        let pid = files::read_if_there(path)
            .ok()
            .flatten()
            .and_then(|bytes| std::str::from_utf8(&bytes).ok()?.trim().parse::<u32>().ok());
        if pid.is_some_and(is_alive) {
            return pid;
        }
        thread::sleep(Duration::from_millis(5));
    }
    None
}

/// Whether a process of that number runs.
pub(super) fn is_alive(pid: u32) -> bool {
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return false };
    // Not being allowed to signal it proves that it is there.
    test_kill_process(pid).is_ok() || test_kill_process(pid) == Err(rustix::io::Errno::PERM)
}
