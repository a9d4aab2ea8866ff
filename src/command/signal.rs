//! What SIGTERM and Ctrl-C do: the first ends in order what can be, the second
//! ends the process at once. The log is the truth, so that loses nothing either.

use super::print::tell;
use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

/// The status of what was interrupted.
pub(super) const INTERRUPTED: u8 = 130;

/// How the process is ended in order, once there is something to be ended so.
#[derive(Clone, Default)]
pub(super) struct Signals(Arc<OnceLock<Orderly>>);

struct Orderly {
    end: Box<dyn Fn() + Send + Sync>,
    /// An end in order that takes longer is none.
    within: Duration,
}

impl Signals {
    /// From here on a signal ends the process at once. The first process of a
    /// container hears none without a handler, not even while it opens.
    pub fn heard() -> Signals {
        let signals = Signals::default();
        let (orderly, told) = (signals.0.clone(), AtomicBool::new(false));
        // Without a handler a signal ends the process, which loses nothing acknowledged.
        let _set = ctrlc::set_handler(move || match orderly.get() {
            Some(orderly) if !told.swap(true, Ordering::Relaxed) => orderly.begin(),
            _ => exit(INTERRUPTED.into()),
        });
        signals
    }

    /// From here on the first signal does this, and the process ends by itself;
    /// if it does not within so long, it is ended.
    pub fn end_by(&self, within: Duration, end: impl Fn() + Send + Sync + 'static) {
        let _once = self.0.set(Orderly { end: Box::new(end), within });
    }
}

impl Orderly {
    /// Whoever does not read what is said keeps nobody from ending.
    fn begin(&self) {
        (self.end)();
        let within = self.within;
        thread::spawn(|| tell("stopping; a second signal ends it at once"));
        thread::spawn(move || {
            thread::sleep(within);
            thread::spawn(|| {
                tell(
                    "stopped amid what took too long: it is in the log whole, or not at all, and \
                     the next opening goes on with it",
                );
            });
            thread::sleep(Duration::from_millis(100));
            exit(INTERRUPTED.into());
        });
    }
}
