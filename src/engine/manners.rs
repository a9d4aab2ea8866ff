//! What works in the background lets those who ask go first.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// After a rest it works on for so long, whoever asks: it comes to its end, too.
const WORK: Duration = Duration::from_millis(10);
/// The longest that one rest takes.
const REST: Duration = Duration::from_millis(30);

/// How many questions are being answered. All of a process share its cores.
static ASKING: Mutex<usize> = Mutex::new(0);
static ANSWERED: Condvar = Condvar::new();

fn asking() -> MutexGuard<'static, usize> {
    ASKING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A question, from when it is asked until it is answered.
pub(super) struct Asked(());

impl Asked {
    pub fn begin() -> Asked {
        *asking() += 1;
        Asked(())
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let mut n_asking = asking();
        *n_asking -= 1;
        if *n_asking == 0 {
            ANSWERED.notify_all();
        }
    }
}

/// Set while somebody waits for what is done in the background, or soon will.
#[derive(Clone, Debug, Default)]
pub(super) struct Hurry(Arc<AtomicBool>);

impl Hurry {
    /// It is done without a rest from here on, or no longer.
    pub fn set(&self, is_hurried: bool) {
        self.0.store(is_hurried, Ordering::Release);
    }
}

/// When the work is to rest.
pub(super) struct Manners {
    hurry: Hurry,
    rested: Instant,
}

impl Manners {
    pub fn new(hurry: Hurry) -> Manners {
        Manners { hurry, rested: Instant::now() }
    }

    /// Between two pieces of the work: waits for the questions of others, for a while.
    pub fn rest(&mut self) {
        self.rest_at_most(REST);
    }

    fn rest_at_most(&mut self, longest: Duration) {
        if self.hurry.0.load(Ordering::Acquire) || self.rested.elapsed() < WORK {
            return;
        }
        let n_asking = asking();
        if *n_asking > 0 {
            drop(ANSWERED.wait_timeout_while(n_asking, longest, |n_asking| *n_asking > 0));
            self.rested = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Manners that have worked for as long as they may.
    fn tired(hurry: &Hurry) -> Manners {
        Manners { hurry: hurry.clone(), rested: Instant::now() - WORK }
    }

    #[test]
    fn work_rests_while_somebody_asks_and_then_goes_on() {
        let (hurry, asked) = (Hurry::default(), Asked::begin());
        let mut manners = tired(&hurry);
        let begun = Instant::now();
        manners.rest();
        assert!(begun.elapsed() >= REST, "the question is not answered yet");
        assert!(manners.rested >= begun + REST);

        manners.rested = Instant::now() + WORK;
        let rested = manners.rested;
        manners.rest();
        assert_eq!(manners.rested, rested, "it works first");

        hurry.set(true);
        let mut manners = tired(&hurry);
        let rested = manners.rested;
        manners.rest();
        assert_eq!(manners.rested, rested, "somebody waits for it");
        hurry.set(false);
        drop(asked);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "one asks while another works")]
    fn the_answer_ends_the_rest() {
        let (mut manners, begun) = (tired(&Hurry::default()), Instant::now());
        std::thread::scope(|scope| {
            let asked = Asked::begin();
            scope.spawn(move || drop(asked));
            manners.rest_at_most(Duration::from_secs(60));
        });
        assert!(begun.elapsed() < Duration::from_secs(60), "it was waited for to the end");
    }
}
