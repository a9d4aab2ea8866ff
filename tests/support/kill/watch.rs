//! What a child listens by: it follows the traces of the engine, and holds the
//! thread that has come to the moment at which the child is to be killed.

use super::Moment;
use super::child::say;
use std::cell::RefCell;
use std::sync::Mutex;
use std::time::Duration;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Nobody waits more seconds for a parent that is gone.
const HELD: u32 = 300;

thread_local! {
    /// The spans that this thread is in.
    static INSIDE: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Follows the traces up to a moment.
pub struct Watch {
    names: Mutex<Vec<&'static str>>,
    progress: Mutex<Progress>,
}

struct Progress {
    moment: Moment,
    n_begun: u64,
    /// Steps of the phase that is watched now.
    n_steps: Option<u64>,
}

impl Watch {
    /// Listens from now on, in every thread.
    pub fn begin(moment: Moment) {
        let progress = Mutex::new(Progress { moment, n_begun: 0, n_steps: None });
        let watch = Watch { names: Mutex::default(), progress };
        tracing::subscriber::set_global_default(watch).unwrap();
    }

    fn name(&self, id: &Id) -> &'static str {
        self.names.lock().unwrap()[id.into_u64() as usize - 1]
    }

    /// Does something with the progress, says what came of it, and holds if that is asked for.
    fn on(&self, change: impl FnOnce(&mut Progress) -> Option<Word>) {
        let word = change(&mut self.progress.lock().unwrap());
        let Some(word) = word else { return };
        say(&word.text);
        if word.holds {
            (0..HELD).for_each(|_| std::thread::sleep(Duration::from_secs(1)));
            std::process::abort();
        }
    }

    fn step(&self) {
        let is_inside = |phase: &str| INSIDE.with_borrow(|inside| inside.contains(&phase));
        self.on(|progress| is_inside(&progress.moment.phase).then(|| progress.step()).flatten());
    }
}

/// What the parent is told.
struct Word {
    text: String,
    holds: bool,
}

impl Progress {
    fn begin(&mut self) -> Option<Word> {
        self.n_begun += 1;
        if self.n_begun <= self.moment.skip {
            return None;
        }
        self.n_steps = Some(0);
        match self.moment.step {
            None => Some(Word { text: "began".to_owned(), holds: false }),
            Some(_) => self.held(),
        }
    }

    fn step(&mut self) -> Option<Word> {
        *self.n_steps.as_mut()? += 1;
        self.held()
    }

    fn held(&self) -> Option<Word> {
        let step = self.moment.step.filter(|step| Some(*step) == self.n_steps)?;
        Some(Word { text: format!("held {step}"), holds: true })
    }

    /// A phase that had fewer steps is held at one that it has, when it comes again.
    fn end(&mut self) -> Option<Word> {
        let n_steps = self.n_steps.take()?;
        if let Some(step) = &mut self.moment.step {
            *step %= n_steps + 1;
            return None;
        }
        Some(Word { text: "ended".to_owned(), holds: false })
    }
}

impl Subscriber for Watch {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("throng")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut names = self.names.lock().unwrap();
        names.push(span.metadata().name());
        Id::from_u64(names.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        self.step();
    }

    fn enter(&self, id: &Id) {
        let name = self.name(id);
        // What begins inside of a phase is a step of it.
        self.step();
        INSIDE.with_borrow_mut(|inside| inside.push(name));
        self.on(|progress| (name == progress.moment.phase).then(|| progress.begin()).flatten());
    }

    fn exit(&self, id: &Id) {
        let name = self.name(id);
        INSIDE.with_borrow_mut(|inside| _ = inside.pop());
        self.on(|progress| (name == progress.moment.phase).then(|| progress.end()).flatten());
    }
}
