//! A row of CSV split into its cells, quotes undone.

/// The cells of one row. The room is used again for the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    /// Splits a row, as RFC 4180 says and as [`Cut`](crate::wire::read) found its end.
    pub(super) fn split(&mut self, row: &str, delimiter: u8) {
        self.text.clear();
        self.ends.clear();
        let mut rest = row;
        loop {
            if let Some(quoted) = rest.strip_prefix('"') {
                rest = self.unquote(quoted);
            }
            let end = rest.bytes().position(|byte| byte == delimiter);
            self.text.push_str(&rest[..end.unwrap_or(rest.len())]);
            self.ends.push(self.text.len());
            match end {
                Some(end) => rest = &rest[end + 1..],
                None => return,
            }
        }
    }

    /// Takes in what stands between quotes, and gives what follows the closing one.
    fn unquote<'a>(&mut self, mut rest: &'a str) -> &'a str {
        while let Some(at) = rest.find('"') {
            self.text.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            match rest.strip_prefix('"') {
                Some(after) => {
                    self.text.push('"');
                    rest = after;
                }
                None => return rest,
            }
        }
        self.text.push_str(rest);
        ""
    }

    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell at that place; an empty one beyond the last.
    pub(super) fn get(&self, place: usize) -> &str {
        let from = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let to = self.ends.get(place).copied().unwrap_or_default();
        self.text.get(from.unwrap_or_default()..to).unwrap_or_default()
    }
}
