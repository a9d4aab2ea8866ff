//! What became of an import: counts, and the lines that were not taken.

use super::super::failure::Failure;
use super::super::print::grouped;
use crate::engine::Receipt;
use crate::wire::Rejects;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::Duration;

/// Rejected lines of one reason that are shown one by one.
const SHOWN_MAX: u64 = 5;

/// The counts of an import so far.
pub(super) struct Report {
    pub records: u64,
    pub accepted: u64,
    /// Of those, calls that came without a message id.
    pub without_id: u64,
    pub duplicates: u64,
    pub conflicting: u64,
    pub forgotten: u64,
    /// The file whose lines are counted, where there are several.
    file: Option<String>,
    /// The line and the message that came last.
    last: Option<(u64, String)>,
    rejected: BTreeMap<String, (u64, String)>,
    keep: Option<Rejects<BufWriter<File>>>,
}

/// One line that was not taken.
pub(super) struct Rejected<'a> {
    pub number: u64,
    pub reason: &'a str,
    pub message: &'a str,
    pub remedy: &'a str,
    pub raw: &'a [u8],
}

impl Report {
    /// A report that keeps rejected lines in a file, if there is to be one.
    pub fn new(rejects: Option<&Path>) -> Result<Report, Failure> {
        let keep = match rejects {
            Some(path) => {
                let file =
                    File::create(path).map_err(|error| Failure::at(path.display(), error))?;
                Some(Rejects::new(BufWriter::new(file)))
            }
            None => None,
        };
        Ok(Report {
            records: 0,
            accepted: 0,
            without_id: 0,
            duplicates: 0,
            conflicting: 0,
            forgotten: 0,
            file: None,
            last: None,
            rejected: BTreeMap::new(),
            keep,
        })
    }

    /// From here on lines are those of this input; it is named where there are several.
    pub fn begin(&mut self, file: Option<String>) {
        (self.file, self.last) = (file, None);
    }

    /// Counts what a commit says.
    pub fn commit(&mut self, receipt: &Receipt) {
        self.accepted += receipt.accepted;
        self.duplicates += receipt.duplicates;
        self.conflicting += receipt.conflicting.len() as u64;
    }

    /// Counts a line that was not taken, shows the first of each reason, keeps all.
    pub fn reject(&mut self, rejected: &Rejected<'_>) -> Result<(), Failure> {
        let Rejected { number, reason, message, remedy, raw } = *rejected;
        // A row that makes several calls has what they share wrong once.
        let now = Some((number, message.to_owned()));
        if std::mem::replace(&mut self.last, now.clone()) == now {
            return Ok(());
        }
        let place = self.file.as_ref().map(|file| format!("{file}, ")).unwrap_or_default();
        let (count, _) =
            self.rejected.entry(reason.to_owned()).or_insert_with(|| (0, remedy.to_owned()));
        *count += 1;
        match *count {
            n if n <= SHOWN_MAX => {
                eprintln!("{place}line {number}: {message} [{reason}]; {remedy}")
            }
            n if n == SHOWN_MAX + 1 => {
                eprintln!(
                    "{place}line {number} and others: [{reason}] goes on; --rejects FILE keeps all"
                );
            }
            _ => {}
        }
        match &mut self.keep {
            Some(keep) => Ok(keep.write(number, reason, message, remedy, raw)?),
            None => Ok(()),
        }
    }

    /// How many lines were not taken.
    pub fn n_rejected(&self) -> u64 {
        self.rejected.values().map(|(count, _)| count).sum()
    }

    /// Closes the file of rejected lines.
    pub fn finish(&mut self) -> Result<(), Failure> {
        match self.keep.take() {
            Some(keep) => Ok(keep.finish().map(drop)?),
            None => Ok(()),
        }
    }

    /// The summary, line by line.
    pub fn summary(&self, took: Duration, dry: bool) -> String {
        let seconds = took.as_secs_f64().max(0.001);
        let rate = (self.records as f64 / seconds) as u64;
        let mut lines = vec![format!(
            "{} records read in {seconds:.1} s ({} a second)",
            grouped(self.records),
            grouped(rate)
        )];
        let accepted = if dry { "calls would be accepted" } else { "calls accepted" };
        lines.push(format!("{:>12} {accepted}", grouped(self.accepted)));
        if self.without_id > 0 {
            lines.push(format!(
                "{:>12} of them without a message id: importing them again counts them twice",
                grouped(self.without_id)
            ));
        }
        for (count, what) in [
            (self.duplicates, "duplicates, which count once"),
            (self.conflicting, "conflicting duplicates: the content accepted first stays"),
            (self.forgotten, "people forgotten"),
        ] {
            if count > 0 {
                lines.push(format!("{:>12} {what}", grouped(count)));
            }
        }
        for (reason, (count, remedy)) in &self.rejected {
            lines.push(format!("{:>12} rejected: {reason} ({remedy})", grouped(*count)));
        }
        lines.join("\n")
    }
}
