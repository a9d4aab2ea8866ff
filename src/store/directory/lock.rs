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
    file: File,
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
        Ok(Lock { file })
    }
}

impl Drop for Lock {
    /// A process that is being started elsewhere in this one has the file too,
    /// until it runs its own program: closing it here would not yet let it go.
    fn drop(&mut self) {
        let _ = flock(&self.file, FlockOperation::Unlock);
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

#[cfg(test)]
mod tests {
    use super::Lock;

    /// A directory that was closed while another thread started a process was
    /// held on, by that process, until it ran its own program.
    #[test]
    fn a_lock_is_let_go_although_a_process_that_is_being_started_has_its_file() {
        let place = tempfile::tempdir().unwrap();
        let lock = Lock::take(place.path()).unwrap();
        let inherited = lock.file.try_clone().unwrap();
        assert!(Lock::take(place.path()).is_err());
        drop(lock);
        assert!(Lock::take(place.path()).is_ok());
        drop(inherited);
    }
}
