//! The file of rejected lines, to be mended and imported again.

use super::json::{push, push_key, push_text};
use std::io::{self, Write};

/// Writes rejected lines as NDJSON: number, reason, message, remedy, and the line itself.
///
/// ```
/// let mut rejects = throng::wire::Rejects::new(Vec::new());
/// rejects.write(7, "broken_json", "the JSON is broken", "mend it", b"{").unwrap();
/// let written = String::from_utf8(rejects.finish().unwrap()).unwrap();
/// assert_eq!(
///     written,
///     "{\"line\":7,\"reason\":\"broken_json\",\"message\":\"the JSON is broken\",\"remedy\":\"mend it\",\"raw\":\"{\"}\n"
/// );
/// ```
#[derive(Debug)]
pub struct Rejects<W: Write> {
    out: W,
    line: String,
}

impl<W: Write> Rejects<W> {
    /// Rejects that go to `out`.
    pub fn new(out: W) -> Rejects<W> {
        Rejects { out, line: String::new() }
    }

    /// Writes one. Bytes that are no UTF-8 are shown as U+FFFD.
    pub fn write(
        &mut self,
        number: u64,
        reason: &str,
        message: &str,
        remedy: &str,
        raw: &[u8],
    ) -> io::Result<()> {
        let raw = String::from_utf8_lossy(raw);
        self.line.clear();
        self.line.push('{');
        push_key(&mut self.line, "line");
        push(&mut self.line, format_args!("{number}"));
        let texts =
            [("reason", reason), ("message", message), ("remedy", remedy), ("raw", raw.as_ref())];
        for (key, text) in texts {
            push_key(&mut self.line, key);
            push_text(&mut self.line, text);
        }
        self.line.push_str("}\n");
        self.out.write_all(self.line.as_bytes())
    }

    /// Flushes what was written, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}
