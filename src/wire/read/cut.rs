//! Where one record ends and the next begins.

/// How records are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// A line each.
    Lines,
    /// Rows of CSV: line breaks inside quotes do not count.
    Rows {
        /// What parts two fields.
        delimiter: u8,
    },
}

/// What lies at the front of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A whole record.
    Record {
        /// Bytes without the line break at its end.
        n_content: usize,
        /// Bytes with it.
        n_bytes: usize,
        /// Line breaks in it.
        n_lines: u64,
    },
    /// The beginning of one.
    Unfinished {
        /// Whether a quote is open at the end.
        quoted: bool,
    },
}

impl Cut {
    /// The record at the front. At the end of a source the last one needs no line break.
    pub(crate) fn first(self, bytes: &[u8], is_end: bool) -> Found {
        match self {
            Cut::Lines => line(bytes, is_end),
            Cut::Rows { delimiter } => row(bytes, delimiter, is_end),
        }
    }
}

fn line(bytes: &[u8], is_end: bool) -> Found {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(n_content) => Found::Record { n_content, n_bytes: n_content + 1, n_lines: 1 },
        None if is_end => {
            Found::Record { n_content: bytes.len(), n_bytes: bytes.len(), n_lines: 1 }
        }
        None => Found::Unfinished { quoted: false },
    }
}

/// Where a reader of CSV stands in a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    /// After a quote inside quotes: it closes them, or is the first of two.
    Quote,
}

fn row(bytes: &[u8], delimiter: u8, is_end: bool) -> Found {
    let (mut at, mut n_lines) = (At::Start, 0);
    for (place, &byte) in bytes.iter().enumerate() {
        let breaks = byte == b'\n' || byte == b'\r';
        at = match at {
            At::Quoted if byte == b'"' => At::Quote,
            At::Quoted => {
                n_lines += u64::from(byte == b'\n');
                At::Quoted
            }
            At::Quote if byte == b'"' => At::Quoted,
            At::Start if byte == b'"' => At::Quoted,
            _ if breaks => return ended(bytes, place, n_lines, is_end),
            _ if byte == delimiter => At::Start,
            _ => At::Plain,
        };
    }
    match at {
        At::Quoted => Found::Unfinished { quoted: true },
        _ if is_end => {
            Found::Record { n_content: bytes.len(), n_bytes: bytes.len(), n_lines: n_lines + 1 }
        }
        _ => Found::Unfinished { quoted: false },
    }
}

/// A row that ends at a line break, which may be two bytes long.
fn ended(bytes: &[u8], n_content: usize, n_lines: u64, is_end: bool) -> Found {
    let n_break = match (bytes[n_content], bytes.get(n_content + 1)) {
        (b'\r', Some(b'\n')) => 2,
        (b'\r', None) if !is_end => return Found::Unfinished { quoted: false },
        _ => 1,
    };
    Found::Record { n_content, n_bytes: n_content + n_break, n_lines: n_lines + 1 }
}
