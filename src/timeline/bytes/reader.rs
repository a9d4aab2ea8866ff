//! A place in bytes that moves on, and the whole numbers written there.

/// Bytes that are read from front to back; every read that does not fit is none.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What is left, without moving on.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub fn take(&mut self, n_bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(n_bytes)?;
        self.bytes = rest;
        Some(taken)
    }

    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    pub fn varint(&mut self) -> Option<u64> {
        let first = self.byte()?;
        if first < 0x80 {
            return Some(u64::from(first));
        }
        let wide = self.wide_from(first)?;
        u64::try_from(wide).ok()
    }

    /// A number below `limit`, as a length or a code must be.
    pub fn below(&mut self, limit: usize) -> Option<usize> {
        self.varint().and_then(|n| usize::try_from(n).ok()).filter(|n| *n < limit)
    }

    /// How many things follow of which each takes at least `least` bytes.
    pub fn count(&mut self, least: usize) -> Option<usize> {
        let n_things = usize::try_from(self.varint()?).ok()?;
        (n_things.checked_mul(least)? <= self.left()).then_some(n_things)
    }

    pub fn signed(&mut self) -> Option<i64> {
        self.varint().map(|n| (n >> 1) as i64 ^ -((n & 1) as i64))
    }

    pub fn wide(&mut self) -> Option<i128> {
        let first = self.byte()?;
        self.wide_from(first).map(|n| (n >> 1) as i128 ^ -((n & 1) as i128))
    }

    fn wide_from(&mut self, first: u8) -> Option<u128> {
        let (mut number, mut shift, mut byte) = (u128::from(first & 0x7f), 7, first);
        while byte >= 0x80 {
            byte = self.byte()?;
            let bits = u128::from(byte & 0x7f);
            if shift > 126 || (bits << shift) >> shift != bits {
                return None;
            }
            number |= bits << shift;
            shift += 7;
        }
        Some(number)
    }

    pub fn text(&mut self) -> Option<&'a str> {
        let n_bytes = self.count(1)?;
        std::str::from_utf8(self.take(n_bytes)?).ok()
    }
}

pub fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub fn put_signed(out: &mut Vec<u8>, number: i64) {
    put_varint(out, (number << 1 ^ number >> 63) as u64);
}

pub fn put_wide(out: &mut Vec<u8>, number: i128) {
    let mut number = (number << 1 ^ number >> 127) as u128;
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for bits in 0..64 {
            for number in [1u64 << bits, (1 << bits) - 1, u64::MAX >> bits] {
                let mut out = Vec::new();
                put_varint(&mut out, number);
                put_signed(&mut out, number as i64);
                put_wide(&mut out, (i128::from(number) << 60) - 7);
                let mut reader = Reader::new(&out);
                assert_eq!(reader.varint(), Some(number));
                assert_eq!(reader.signed(), Some(number as i64));
                assert_eq!(reader.wide(), Some((i128::from(number) << 60) - 7));
                assert!(reader.is_empty());
            }
        }
        let mut out = Vec::new();
        put_wide(&mut out, i128::MIN);
        put_wide(&mut out, i128::MAX);
        let mut reader = Reader::new(&out);
        assert_eq!([reader.wide(), reader.wide()], [Some(i128::MIN), Some(i128::MAX)]);
    }

    #[test]
    fn what_does_not_fit_is_none() {
        assert_eq!(Reader::new(&[0xff; 40]).varint(), None);
        assert_eq!(Reader::new(&[0xff; 40]).wide(), None);
        assert_eq!(Reader::new(&[0x80]).varint(), None);
        assert_eq!(Reader::new(&[5, b'a']).text(), None);
        assert_eq!(Reader::new(&[1, 0xff]).text(), None);
    }
}
