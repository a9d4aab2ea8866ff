//! Whole numbers of few bytes, in and out of byte strings.

use std::fmt;

/// Bytes that say nothing; the text says what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Malformed(pub &'static str);

/// Bytes that are read from the front.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Bytes<'a>(&'a [u8]);

/// Seven bits in each byte, the lowest first.
pub(in crate::store) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A number with a sign: small ones of either sign are short.
pub(in crate::store) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put_number(out, zigzag(number));
}

/// A number of 128 bits with a sign.
pub(in crate::store) fn put_wide(out: &mut Vec<u8>, number: i128) {
    let mut bits = ((number << 1) ^ (number >> 127)) as u128;
    while bits >= 0x80 {
        out.push(bits as u8 | 0x80);
        bits >>= 7;
    }
    out.push(bits as u8);
}

/// A text with its length in front.
pub(in crate::store) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// The sign moves to the lowest bit.
pub(in crate::store) fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn unzigzag(bits: u64) -> i64 {
    (bits >> 1) as i64 ^ -((bits & 1) as i64)
}

/// How many bytes [`put_number`] takes.
pub(in crate::store) fn number_len(number: u64) -> usize {
    (64 - (number | 1).leading_zeros() as usize).div_ceil(7)
}

impl<'a> Bytes<'a> {
    /// All of these bytes.
    pub(in crate::store) fn new(bytes: &'a [u8]) -> Bytes<'a> {
        Bytes(bytes)
    }

    /// How many are left.
    pub(in crate::store) fn len(&self) -> usize {
        self.0.len()
    }

    /// An error unless every byte was read.
    pub(in crate::store) fn done(&self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed("bytes are left over")) }
    }

    /// The next byte.
    pub(in crate::store) fn byte(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.0.split_first().ok_or(Malformed("a byte is missing"))?;
        self.0 = rest;
        Ok(*first)
    }

    /// The next `n` bytes.
    pub(in crate::store) fn take(&mut self, n: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or(Malformed("bytes are missing"))?;
        self.0 = rest;
        Ok(taken)
    }

    /// A number as [`put_number`] wrote it.
    pub(in crate::store) fn number(&mut self) -> Result<u64, Malformed> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                return Err(Malformed("a number has more than 64 bits"));
            }
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Malformed("a number has more than 64 bits"))
    }

    /// A number that also fits its type.
    pub(in crate::store) fn fit<T: TryFrom<u64>>(&mut self) -> Result<T, Malformed> {
        T::try_from(self.number()?).map_err(|_| Malformed("a number is out of its range"))
    }

    /// How many things of at least one byte each follow: never more than bytes are left.
    pub(in crate::store) fn count(&mut self) -> Result<usize, Malformed> {
        let count = self.fit()?;
        if count > self.len() { Err(Malformed("a count exceeds the bytes")) } else { Ok(count) }
    }

    /// A number as [`put_signed`] wrote it.
    pub(in crate::store) fn signed(&mut self) -> Result<i64, Malformed> {
        self.number().map(unzigzag)
    }

    /// A number as [`put_wide`] wrote it.
    pub(in crate::store) fn wide(&mut self) -> Result<i128, Malformed> {
        let mut bits = 0u128;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            if shift == 126 && byte > 3 {
                break;
            }
            bits |= u128::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok((bits >> 1) as i128 ^ -((bits & 1) as i128));
            }
        }
        Err(Malformed("a number has more than 128 bits"))
    }

    /// 128 bits as they are.
    pub(in crate::store) fn bits(&mut self) -> Result<u128, Malformed> {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(self.take(16)?);
        Ok(u128::from_be_bytes(bytes))
    }

    /// A text as [`put_text`] wrote it.
    pub(in crate::store) fn text(&mut self) -> Result<&'a str, Malformed> {
        let length = self.count()?;
        utf8(self.take(length)?)
    }
}

/// Bytes as text.
pub(in crate::store) fn utf8(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|_| Malformed("a text is not UTF-8"))
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_at_every_length() {
        for bit in 0..64 {
            for number in [1u64 << bit, (1u64 << bit) - 1, u64::MAX - (1u64 << bit)] {
                let mut out = Vec::new();
                put_number(&mut out, number);
                assert_eq!(out.len(), number_len(number));
                put_signed(&mut out, number as i64);
                put_wide(&mut out, (number as i128) << 60);
                put_wide(&mut out, -((number as i128) << 60));
                let mut bytes = Bytes::new(&out);
                assert_eq!(bytes.number(), Ok(number));
                assert_eq!(bytes.signed(), Ok(number as i64));
                assert_eq!(bytes.wide(), Ok((number as i128) << 60));
                assert_eq!(bytes.wide(), Ok(-((number as i128) << 60)));
                assert_eq!(bytes.done(), Ok(()));
            }
        }
        for number in [i128::MIN, i128::MAX] {
            let mut out = Vec::new();
            put_wide(&mut out, number);
            assert_eq!(Bytes::new(&out).wide(), Ok(number));
        }
    }

    #[test]
    fn a_number_that_never_ends_is_refused() {
        assert!(Bytes::new(&[0xFF; 30]).number().is_err());
        assert!(Bytes::new(&[0xFF; 30]).wide().is_err());
        assert!(Bytes::new(&[0x80]).number().is_err());
    }
}
