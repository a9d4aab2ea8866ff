//! One process that writes, or any that read, per directory: a file lock that
//! the system releases when its holder dies, with the holder's number inside.

use crate::store::error::StoreError;
use crate::store::files;
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, test_kill_process};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How often somebody who reads asks again while another who reads mends.
const TRIES: u32 = 500;

/// Held as long as it lives.
#[derive(Debug)]
pub(in crate::store) struct Lock {
    file: File,
    /// Whether the file names this process as one that writes.
    writes: bool,
}

impl Lock {
    /// Takes the lock for one who writes, or says who has it.
    pub(super) fn take(directory: &Path) -> Result<Lock, StoreError> {
        let path = directory.join("LOCK");
        let mut lock = Lock::unlocked(&path)?;
        if !lock.try_as(&path, FlockOperation::NonBlockingLockExclusive)? {
            return Err(held(directory, &path));
        }
        lock.writes = true;
        lock.sign(OPENS);
        Ok(lock)
    }

    /// Says that what is locked is open.
    pub(super) fn opened(&self) {
        self.sign("");
    }

    /// Takes the lock for one who reads. Whoever comes first has it alone, to
    /// mend what a crash left, until [`Lock::share`]; those who come later
    /// wait for that. Says whether it is held alone.
    pub(super) fn read(directory: &Path) -> Result<(Lock, bool), StoreError> {
        let path = directory.join("LOCK");
        let lock = Lock::unlocked(&path)?;
        let mut before = None;
        for _ in 0..TRIES {
            for (operation, is_alone) in [
                (FlockOperation::NonBlockingLockExclusive, true),
                (FlockOperation::NonBlockingLockShared, false),
            ] {
                if lock.try_as(&path, operation)? {
                    lock.sign(READS);
                    return Ok((lock, is_alone));
                }
            }
            let writer = signed(&path).filter(|(pid, what)| what != READS && is_alive(*pid));
            // One who was killed left a number behind, which may be another's by now; whoever
            // has the lock writes its own at once.
            if writer.is_some() && writer == before {
                break;
            }
            before = writer;
            thread::sleep(Duration::from_millis(10));
        }
        Err(held(directory, &path))
    }

    /// Lets others who read have it, too.
    pub(super) fn share(&self, directory: &Path) -> Result<(), StoreError> {
        let path = directory.join("LOCK");
        // A system may give it to one who writes in between, and then it must not be used.
        match self.try_as(&path, FlockOperation::NonBlockingLockShared)? {
            true => Ok(()),
            false => Err(held(directory, &path)),
        }
    }

    /// A lock on one file of a directory for this process alone; none if another has it.
    pub(in crate::store) fn of(path: &Path) -> Result<Option<Lock>, StoreError> {
        let lock = Lock::unlocked(path)?;
        let is_mine = lock.try_as(path, FlockOperation::NonBlockingLockExclusive)?;
        Ok(is_mine.then_some(lock))
    }

    fn unlocked(path: &Path) -> Result<Lock, StoreError> {
        Ok(Lock { file: files::open(path)?, writes: false })
    }

    fn try_as(&self, path: &Path, operation: FlockOperation) -> Result<bool, StoreError> {
        match flock(&self.file, operation) {
            Ok(()) => Ok(true),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
            Err(error) => Err(StoreError::io("lock", path)(error.into())),
        }
    }

    /// The number is for others to read; on a full disk the lock counts without it.
    fn sign(&self, what: &str) {
        let line = format!("{} {what}", std::process::id());
        let written = self.file.set_len(0);
        let _ = written.and_then(|()| self.file.write_all_at(line.trim_end().as_bytes(), 0));
    }
}

impl Drop for Lock {
    /// A process that is being started elsewhere in this one has the file too,
    /// until it runs its own program: closing it here would not yet let it go.
    fn drop(&mut self) {
        if self.writes {
            // Whoever comes while the next has the lock but has not signed yet would take
            // this process, which may live on, for its holder.
            let _ = self.file.set_len(0);
        }
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}

/// What stands behind the number of one who only reads.
const READS: &str = "reads";
/// What stands there until what is locked is open, which may take long.
const OPENS: &str = "opens";

/// The process that signed last, and the word behind its number.
fn signed(path: &Path) -> Option<(u32, String)> {
    let bytes = files::read_if_there(path).ok().flatten()?;
    let mut words = std::str::from_utf8(&bytes).ok()?.split_whitespace();
    let pid = words.next()?.parse().ok()?;
    Some((pid, words.next().unwrap_or_default().to_owned()))
}

/// That somebody else holds the lock. A holder writes its number just after
/// taking the lock, so a missing or dead number is asked for again.
fn held(directory: &Path, path: &Path) -> StoreError {
    let directory = directory.to_owned();
    for _ in 0..10 {
        if let Some((pid, what)) = signed(path).filter(|(pid, _)| is_alive(*pid)) {
            return StoreError::Locked { path: directory, pid: Some(pid), opens: what == OPENS };
        }
        thread::sleep(Duration::from_millis(5));
    }
    StoreError::Locked { path: directory, pid: None, opens: false }
}

/// Whether a process of that number runs.
pub(super) fn is_alive(pid: u32) -> bool {
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return false };
    // Not being allowed to signal it proves that it is there.
    test_kill_process(pid).is_ok() || test_kill_process(pid) == Err(rustix::io::Errno::PERM)
}

#[cfg(test)]
mod tests {
    use super::{FlockOperation, Lock, READS};
    use std::time::Duration;

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

    /// A number that one who wrote has left behind is not that of a reader who has the lock
    /// alone and has not signed yet.
    #[test]
    fn whoever_reads_waits_for_one_who_reads_and_has_not_signed_yet() {
        let place = tempfile::tempdir().unwrap();
        let number = std::process::id().to_string();
        std::fs::write(place.path().join("LOCK"), number).unwrap();
        let first = Lock::unlocked(&place.path().join("LOCK")).unwrap();
        assert!(first.try_as(place.path(), FlockOperation::NonBlockingLockExclusive).unwrap());
        std::thread::scope(|scope| {
            let late = scope.spawn(|| Lock::read(place.path()));
            std::thread::sleep(Duration::from_millis(5));
            first.sign(READS);
            std::thread::sleep(Duration::from_millis(50));
            first.share(place.path()).unwrap();
            assert!(!late.join().unwrap().unwrap().1);
        });
    }

    #[test]
    fn one_who_wrote_leaves_no_number_behind() {
        let place = tempfile::tempdir().unwrap();
        let writer = Lock::take(place.path()).unwrap();
        writer.opened();
        let number = std::process::id().to_string();
        assert_eq!(std::fs::read_to_string(place.path().join("LOCK")).unwrap(), number);
        drop(writer);
        assert_eq!(std::fs::read_to_string(place.path().join("LOCK")).unwrap(), "");
    }

    #[test]
    fn whoever_reads_is_told_of_one_who_writes() {
        let place = tempfile::tempdir().unwrap();
        let writer = Lock::take(place.path()).unwrap();
        writer.opened();
        let refused = Lock::read(place.path()).unwrap_err().to_string();
        assert!(refused.contains(&std::process::id().to_string()), "{refused}");
        drop(writer);
        assert!(Lock::read(place.path()).is_ok());
    }
}
