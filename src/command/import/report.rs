//! What became of an import: counts, and the lines that were not taken.

use super::super::arguments::Import;
use super::super::failure::Failure;
use super::super::print::{agreeing, counted, grouped, tell};
use super::keep::Keep;
use super::words::{Noun, Words};
use crate::engine::Receipt;
use crate::state::Refused;
use crate::wire::{Batch, Reason, Reject, RejectedRecord, Spot};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Rejected lines of one reason that are shown one by one.
const SHOWN_MAX: u64 = 5;

/// The counts of an import so far.
#[derive(Default)]
pub(super) struct Report {
    pub records: u64,
    pub accepted: u64,
    /// Of those, calls that came without a message id.
    pub without_id: u64,
    pub duplicates: u64,
    pub conflicting: u64,
    pub forgotten: u64,
    /// Calls that wished somebody to be forgotten whom nobody knows.
    pub nobody: u64,
    /// Local times that a change of the clock made doubtful.
    pub doubtful: u64,
    /// The file whose lines are counted, where there are several.
    file: Option<String>,
    /// How its records are spoken of.
    words: Words,
    /// The line and the message that came last.
    last: Option<(u64, String)>,
    /// By reason and unit: how many, and how to mend them.
    rejected: BTreeMap<(String, Noun), (u64, String)>,
    keep: Option<Keep>,
    kept: Option<String>,
}

/// One line that was not taken.
pub(super) struct Rejected<'a> {
    pub reason: &'a str,
    pub message: &'a str,
    pub remedy: &'a str,
}

impl<'a> From<&'a Reject> for Rejected<'a> {
    fn from(reject: &'a Reject) -> Rejected<'a> {
        let (message, remedy) = (&*reject.message, &*reject.remedy);
        Rejected { reason: reject.reason.name(), message, remedy }
    }
}

impl Report {
    /// A report that keeps rejected lines in a file, if there is to be one.
    pub fn new(import: &Import) -> Result<Report, Failure> {
        Ok(Report { keep: Keep::new(import)?, ..Report::default() })
    }

    /// From here on lines are those of this input; it is named where there are several.
    pub fn begin(&mut self, file: Option<String>, words: &Words, header: Option<Arc<[u8]>>) {
        (self.file, self.last) = (file, None);
        self.words = words.clone();
        if let Some(keep) = &mut self.keep {
            keep.begin(header);
        }
    }

    /// Counts what was read.
    pub fn read(&mut self, batch: &Batch) {
        self.records += batch.n_records;
        self.doubtful += batch.n_doubtful;
    }

    /// Counts what a commit says.
    pub fn commit(&mut self, receipt: &Receipt) {
        self.accepted += receipt.accepted;
        self.duplicates += receipt.duplicates;
        self.conflicting += receipt.conflicting.len() as u64;
    }

    /// Counts a refused call.
    pub fn refuse(&mut self, batch: &Batch, spot: Spot, refused: &Refused) -> Result<(), Failure> {
        let (reason, message) = (refused.reason(), refused.to_string());
        let remedy = refused.remedy();
        self.reject(batch, spot, &Rejected { reason, message: &message, remedy })
    }

    /// Counts a line that was not taken, shows the first of each reason, keeps all.
    pub fn reject(
        &mut self,
        batch: &Batch,
        spot: Spot,
        rejected: &Rejected<'_>,
    ) -> Result<(), Failure> {
        let (message, remedy) = self.words.of(rejected);
        let reason = rejected.reason;
        let count = self.count(spot, reason, &remedy);
        // A row that makes several calls has what they share wrong once.
        let now = Some((spot.number, message.clone().into_owned()));
        if std::mem::replace(&mut self.last, now.clone()) == now {
            return Ok(());
        }
        let file = self.file.as_deref();
        show(count, &place(file, spot), &message, reason, &remedy);
        let Some(keep) = &mut self.keep else { return Ok(()) };
        let number = spot.number;
        let wrong =
            RejectedRecord { file, line: number, reason, message: &message, remedy: &remedy };
        // Of a call that is too long only its beginning was read.
        let raw = (reason != Reason::CallTooLong.name()).then(|| batch.raw_at(spot));
        keep.write(&wrong, raw)
    }

    /// How many of that reason there are with this one.
    fn count(&mut self, spot: Spot, reason: &str, remedy: &str) -> u64 {
        let key = (reason.to_owned(), self.words.unit(spot));
        let (count, _) = self.rejected.entry(key).or_insert_with(|| (0, remedy.to_owned()));
        *count += 1;
        *count
    }

    /// How many lines were not taken.
    pub fn n_rejected(&self) -> u64 {
        self.rejected.values().map(|(count, _)| count).sum()
    }

    /// Closes the file of rejected lines.
    pub fn finish(&mut self) -> Result<(), Failure> {
        if let Some(keep) = self.keep.take() {
            self.kept = keep.finish()?;
        }
        Ok(())
    }

    /// The summary, line by line.
    pub fn summary(&self, took: Duration, dry: bool) -> String {
        let seconds = took.as_secs_f64().max(0.001);
        let rate = (self.records as f64 / seconds) as u64;
        let [record, records] = self.words.records();
        let mut lines = vec![format!(
            "{} read in {seconds:.1} s ({} a second)",
            counted(self.records, record, records),
            grouped(rate)
        )];
        let would = if dry { " would be" } else { "" };
        lines.push(line(self.accepted, ["call", "calls"], &format!("{would} accepted")));
        for (count, noun, more) in [
            (
                self.without_id,
                [
                    "of them without a message id: importing it again counts it twice",
                    "of them without a message id: importing them again counts them twice",
                ],
                "",
            ),
            (self.duplicates, ["duplicate, which counts once", "duplicates, which count once"], ""),
            (
                self.conflicting,
                ["conflicting duplicate", "conflicting duplicates"],
                ": the content accepted first stays",
            ),
            (self.forgotten, ["person", "people"], &format!("{would} forgotten")),
            (self.nobody, ["call", "calls"], " to forget somebody whom nobody knows"),
            (
                self.doubtful,
                ["local time", "local times"],
                " that the clock skipped or had twice; see docs/import.md",
            ),
        ] {
            lines.extend((count > 0).then(|| line(count, noun, more)));
        }
        for ((reason, unit), (count, remedy)) in &self.rejected {
            lines.push(line(*count, *unit, &format!(" rejected: {reason} ({remedy})")));
        }
        lines.extend(self.kept.iter().map(|kept| format!("{:>12} {kept}", "")));
        if self.kept.is_some() && self.words.counts_rows {
            lines.push(COUNTS_ROWS.to_owned());
        }
        lines.join("\n")
    }
}

/// A mended file has other numbers, which the database takes for those of other rows.
const COUNTS_ROWS: &str = "             \
    the mapping counts rows: give it another `prefix` before it reads them again";

/// A line of the summary, its number in a column with the others.
fn line(count: u64, [one, several]: Noun, more: &str) -> String {
    format!("{:>12} {}{more}", grouped(count), agreeing(count, one, several))
}

/// Where a call stands, as messages begin.
fn place(file: Option<&str>, spot: Spot) -> String {
    let file = file.map(|file| format!("{file}, ")).unwrap_or_default();
    let part = spot.part.map(|part| format!(", call {} ({})", part.place, part.kind));
    format!("{file}line {}{}", spot.number, part.unwrap_or_default())
}

fn show(count: u64, place: &str, message: &str, reason: &str, remedy: &str) {
    match count {
        n if n <= SHOWN_MAX => tell(format_args!("{place}: {message} [{reason}]; {remedy}")),
        n if n == SHOWN_MAX + 1 => {
            tell(format_args!("{place} and others: [{reason}] goes on; --rejects FILE keeps all"));
        }
        _ => {}
    }
}
