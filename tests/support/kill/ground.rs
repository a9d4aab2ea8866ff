//! A directory in which children die, and the twin that nothing happens to.

use super::parent::Killed;
use super::{N_CALLS, n_steps, options};
use crate::support::generate::Random;
use crate::support::live::{check_feed, copy_all, perform, seen, step};
use std::fs;
use std::path::Path;
use throng::engine::Throng;

/// A directory in which children die, and what is known of it.
pub struct Ground {
    pub seed: u64,
    place: tempfile::TempDir,
    /// Keeps everything in memory, and is never closed.
    twin: Throng,
    n_done: u64,
    /// Steps that must be there.
    n_least: u64,
    /// How often the rebuildable store was built again.
    pub n_rebuilt: u64,
}

impl Ground {
    /// A directory with the first steps of a history.
    pub fn new(seed: u64, n_first: u64) -> Ground {
        let place = tempfile::tempdir().unwrap();
        let twin = Throng::temporary().unwrap();
        let ground = Ground { seed, place, twin, n_done: 0, n_least: n_first, n_rebuilt: 0 };
        let throng = Throng::open(ground.path(), options()).unwrap();
        for number in 0..n_first {
            perform(&throng, &step(seed, number, N_CALLS));
        }
        throng.close().unwrap();
        ground
    }

    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Steps that were compared.
    pub fn n_steps(&self) -> u64 {
        self.n_done
    }

    /// Takes note of what a child had acknowledged.
    pub fn note(&mut self, killed: &Killed) {
        self.n_least = self.n_least.max(killed.acknowledged.map_or(0, |number| number + 1));
    }

    /// Opens what the child left and compares it: either in a copy, so that the
    /// next child finds it as it is, or in place.
    pub fn check(&mut self, in_copy: bool, context: &str) {
        let copy = tempfile::tempdir().unwrap();
        let path = match in_copy {
            true => {
                copy_all(self.path(), copy.path());
                copy.path()
            }
            false => self.place.path(),
        };
        let throng = Throng::open(path, options()).unwrap_or_else(|e| panic!("{context}: {e}"));
        self.compare(&throng, context);
        for reason in throng.info().unwrap().rebuilt {
            println!("built again after {context}: {reason}");
            self.n_rebuilt += 1;
        }
        throng.close().unwrap();
    }

    fn compare(&mut self, throng: &Throng, context: &str) {
        let (n_steps, least) = (n_steps(throng), self.n_least);
        assert!(n_steps >= least, "{context}: {n_steps} steps of {least} are there");
        for number in self.n_done..n_steps {
            perform(&self.twin, &step(self.seed, number, N_CALLS));
        }
        (self.n_done, self.n_least) = (n_steps, n_steps);
        let (own, twin) = (seen(throng), seen(&self.twin));
        for (own, twin) in own.lines().zip(twin.lines()) {
            assert_eq!(own, twin, "{context}, after {n_steps} steps");
        }
        assert_eq!(own.lines().count(), twin.lines().count(), "{context}");
        check_feed(throng, context);
        for verified in throng.verify().unwrap() {
            assert!(verified.differences == 0, "{context}: {verified:?}");
        }
    }

    /// Takes the rebuildable store away, or a part of it.
    pub fn damage(&self, random: &mut Random) -> &'static str {
        let (kv, checkpoint) = (self.path().join("kv"), self.path().join("CKPT"));
        let db = kv.join("db");
        let pages = kv.join("pages");
        match random.below(6) {
            0 if kv.exists() => {
                fs::remove_dir_all(&kv).unwrap();
                "kv is gone"
            }
            1 if db.exists() => {
                let length = fs::metadata(&db).unwrap().len();
                fs::File::options().write(true).open(&db).unwrap().set_len(length / 3).unwrap();
                "kv/db is cut"
            }
            2 if db.exists() => {
                fs::remove_file(&db).unwrap();
                "kv/db is gone"
            }
            5 if pages.exists() => {
                fs::remove_dir_all(&pages).unwrap();
                "kv/pages is gone"
            }
            3 if checkpoint.exists() => {
                fs::write(&checkpoint, "nothing of it").unwrap();
                "CKPT says something else"
            }
            4 if checkpoint.exists() => {
                fs::remove_file(&checkpoint).unwrap();
                "CKPT is gone"
            }
            _ => "nothing is damaged",
        }
    }
}
