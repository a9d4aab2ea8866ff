//! A shop of three years, made from a seed: who its customers are, what they do, and
//! how that reaches a database as calls.
//!
//! It knows no database. The same seed gives the same bytes.

mod calendar;
mod chance;
mod context;
mod disorder;
mod event;
mod history;
mod later;
mod life;
mod lines;
mod person;
mod visit;

use calendar::END;
use disorder::Arrivals;
pub use disorder::Disorder;
use event::{Event, Identify, KINDS};
use history::History;
use lines::Lines;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// How large a shop.
pub struct Size {
    pub people: u32,
    pub events: u64,
    /// Batches of events after the history, and the events in each.
    pub batches: u32,
    pub batch_size: u32,
}

/// A shop to be made.
pub struct Shop {
    pub size: Size,
    pub seed: u64,
    pub disorder: Disorder,
    pub full_context: bool,
}

/// Bytes that are written at once.
const WRITTEN_AT_ONCE: usize = 1 << 20;

impl Shop {
    /// Writes `events.ndjson`, `later/N.ndjson` and, at last, `meta.json`.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        let history = History::of(&self.size, self.seed);
        fs::create_dir_all(directory.join("later"))?;
        let (events, identifies) = (&history.events, &history.identifies);
        let base = directory.join("events.ndjson");
        let n_bytes = self.calls(&base, &history, events, identifies, self.disorder)?;
        let batches = later::batches(&history, &self.size);
        for (n, batch) in batches.iter().enumerate() {
            let path = directory.join(format!("later/{n}.ndjson"));
            let in_order = Disorder::default();
            self.calls(&path, &history, &batch.events, &batch.identifies, in_order)?;
        }
        let meta = self.meta(&history, batches.len(), n_bytes);
        fs::write(directory.join("meta.json"), format!("{meta:#}\n"))
    }

    /// Writes calls in order of time, as far as they arrive in it; the bytes written.
    fn calls(
        &self,
        path: &Path,
        history: &History,
        events: &[Event],
        identifies: &[Identify],
        disorder: Disorder,
    ) -> io::Result<u64> {
        let (mut file, mut n_bytes) = (File::create(path)?, 0);
        let mut lines = Lines::new(&history.world, self.full_context);
        let mut arrivals = Arrivals::new(disorder, self.seed);
        let (mut out, mut line) = (Vec::with_capacity(2 * WRITTEN_AT_ONCE), Vec::new());
        let (mut events, mut identifies) = (events.iter().peekable(), identifies.iter().peekable());
        loop {
            line.clear();
            // Of one instant, who somebody is comes before what they do.
            let known = identifies.peek().map_or(i64::MAX, |call| call.when);
            let when = if let Some(event) = events.next_if(|event| event.when < known) {
                lines.track(&mut line, event);
                event.when
            } else if let Some(call) = identifies.next() {
                lines.identify(&mut line, call);
                call.when
            } else {
                break;
            };
            arrivals.send(&line, when, &mut out);
            if out.len() >= WRITTEN_AT_ONCE {
                n_bytes += out.len() as u64;
                file.write_all(&out)?;
                out.clear();
            }
        }
        arrivals.finish(&mut out);
        file.write_all(&out)?;
        Ok(n_bytes + out.len() as u64)
    }

    fn meta(&self, history: &History, n_batches: usize, n_bytes: u64) -> serde_json::Value {
        let events = &history.events;
        let count = |kind| events.iter().filter(|event| event.kind == kind).count();
        let kinds: serde_json::Map<String, serde_json::Value> =
            KINDS.iter().map(|kind| (kind.name().to_owned(), count(*kind).into())).collect();
        let n_anonymous = events.iter().filter(|event| event.anonymous).count();
        let Disorder { late, duplicates, reordered } = self.disorder;
        serde_json::json!({
            "people": self.size.people,
            "events": events.len(),
            "identifies": history.identifies.len(),
            "seed": self.seed,
            "now_ms": END - 1,
            "bytes": n_bytes,
            "batches": n_batches,
            "batch_size": self.size.batch_size,
            "anonymous_share": n_anonymous as f64 / events.len() as f64,
            "events_per_person": per_person(events, self.size.people),
            "kinds": kinds,
            "late": late,
            "duplicates": duplicates,
            "reordered": reordered,
            "full_context": self.full_context,
        })
    }
}

fn per_person(events: &[Event], n_people: u32) -> serde_json::Value {
    let mut counts = vec![0u32; n_people as usize];
    events.iter().for_each(|event| counts[event.person as usize] += 1);
    counts.sort_unstable();
    let quantile = |share: f64| counts[(f64::from(n_people - 1) * share) as usize];
    serde_json::json!({
        "p50": quantile(0.5), "p90": quantile(0.9), "p99": quantile(0.99), "max": quantile(1.0),
    })
}
