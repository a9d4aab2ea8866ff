//! Rejected records, to be mended and imported again, and what is wrong with each.

use super::json::{push, push_key, push_text};
use std::io::{self, Write};

/// Writes rejected records as they were, under the header of their file, and
/// beside them, one line of JSON each, what was wrong.
///
/// ```
/// use throng::wire::{RejectedRecord, Rejects};
/// let mut rejects = Rejects::new(Vec::new(), Vec::new(), Some(b"no,who")).unwrap();
/// let wrong = RejectedRecord { file: None, line: 7, reason: "wrong_columns", message: "3 cells", remedy: "mend it" };
/// let at = rejects.record(b"1,ada,x").unwrap();
/// rejects.reason(Some(at), &wrong).unwrap();
/// let (records, reasons) = rejects.finish().unwrap();
/// assert_eq!(records, b"no,who\n1,ada,x\n");
/// assert_eq!(
///     String::from_utf8(reasons).unwrap(),
///     "{\"at\":2,\"line\":7,\"reason\":\"wrong_columns\",\"message\":\"3 cells\",\"remedy\":\"mend it\"}\n"
/// );
/// ```
#[derive(Debug)]
pub struct Rejects<W: Write> {
    records: W,
    reasons: W,
    /// The line at which the next record is written.
    next: u64,
    text: String,
}

/// What is wrong with a record, and where it stood.
///
/// ```
/// use throng::wire::{RejectedRecord, Rejects};
/// let wrong = RejectedRecord { file: Some("a.csv"), line: 7, reason: "r", message: "m", remedy: "x" };
/// let mut rejects = Rejects::new(Vec::new(), Vec::new(), None).unwrap();
/// rejects.reason(None, &wrong).unwrap();
/// let (_, reasons) = rejects.finish().unwrap();
/// assert!(reasons.starts_with(b"{\"file\":\"a.csv\",\"line\":7,"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RejectedRecord<'a> {
    /// Its file, where there are several.
    pub file: Option<&'a str>,
    /// The line that it began at.
    pub line: u64,
    /// The stable name of the reason.
    pub reason: &'a str,
    /// What is wrong.
    pub message: &'a str,
    /// How to mend it.
    pub remedy: &'a str,
}

impl<W: Write> Rejects<W> {
    /// Records under this header go to one writer, reasons to the other.
    pub fn new(records: W, reasons: W, header: Option<&[u8]>) -> io::Result<Rejects<W>> {
        let mut rejects = Rejects { records, reasons, next: 1, text: String::new() };
        if let Some(header) = header {
            rejects.record(header)?;
        }
        Ok(rejects)
    }

    /// Writes a record; the line at which it now begins.
    pub fn record(&mut self, raw: &[u8]) -> io::Result<u64> {
        let at = self.next;
        self.next += 1 + raw.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.records.write_all(raw)?;
        self.records.write_all(b"\n")?;
        Ok(at)
    }

    /// Writes what is wrong with the record that begins at that line, if it was written.
    pub fn reason(&mut self, at: Option<u64>, wrong: &RejectedRecord<'_>) -> io::Result<()> {
        self.text.clear();
        self.text.push('{');
        if let Some(file) = wrong.file {
            push_key(&mut self.text, "file");
            push_text(&mut self.text, file);
        }
        for (key, line) in [("at", at), ("line", Some(wrong.line))] {
            let Some(line) = line else { continue };
            push_key(&mut self.text, key);
            push(&mut self.text, format_args!("{line}"));
        }
        let texts =
            [("reason", wrong.reason), ("message", wrong.message), ("remedy", wrong.remedy)];
        for (key, text) in texts {
            push_key(&mut self.text, key);
            push_text(&mut self.text, text);
        }
        self.text.push_str("}\n");
        self.reasons.write_all(self.text.as_bytes())
    }

    /// Flushes what was written, and gives the writers back.
    pub fn finish(mut self) -> io::Result<(W, W)> {
        self.records.flush()?;
        self.reasons.flush()?;
        Ok((self.records, self.reasons))
    }
}
