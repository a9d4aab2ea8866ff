//! One value as bytes: a tag for its kind, then what the kind needs.
//!
//! The form is canonical: equal values have equal bytes, so dictionaries may
//! compare bytes.

use super::Reader;
use super::reader::{put_signed, put_text, put_varint, put_wide};
use crate::model::{Date, Decimal, Object, Text, Timestamp, Value};

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const DIGITS: u8 = 3;
pub const TEXT: u8 = 4;
pub const INSTANT: u8 = 5;
const DATE: u8 = 6;
const DURATION: u8 = 7;
const LIST: u8 = 8;
const OBJECT: u8 = 9;
/// And the scale of the number, 0 to 9, above it.
const NUMBER: u8 = 16;

/// Values inside one another that are read; the wire lets in fewer.
const DEPTH_MAX: usize = 64;

/// A number as a mantissa and the least scale that keeps it whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaled {
    pub mantissa: i128,
    pub scale: u8,
}

impl Scaled {
    /// That number at the least scale.
    pub fn least(mut mantissa: i64, mut scale: u8) -> Scaled {
        while scale > 0 && mantissa % 10 == 0 {
            (mantissa, scale) = (mantissa / 10, scale - 1);
        }
        Scaled { mantissa: i128::from(mantissa), scale }
    }

    pub fn of(number: Decimal) -> Scaled {
        let billionths = number.billionths();
        match i64::try_from(billionths) {
            Ok(narrow) => {
                let (mantissa, scale) = narrow_scale(narrow);
                Scaled { mantissa: i128::from(mantissa), scale }
            }
            Err(_) => wide_scale(billionths),
        }
    }

    pub fn number(self) -> Option<Decimal> {
        let factor = 10i128.checked_pow(9u32.checked_sub(u32::from(self.scale))?)?;
        self.mantissa.checked_mul(factor).and_then(Decimal::from_billionths)
    }
}

/// Whole numbers are most numbers: one division tells them.
fn narrow_scale(mut mantissa: i64) -> (i64, u8) {
    if mantissa % 1_000_000_000 == 0 {
        return (mantissa / 1_000_000_000, 0);
    }
    let mut scale = 9;
    if mantissa % 1_000_000 == 0 {
        (mantissa, scale) = (mantissa / 1_000_000, 3);
    }
    while mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    (mantissa, scale)
}

fn wide_scale(mut mantissa: i128) -> Scaled {
    let mut scale = 9;
    while scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    Scaled { mantissa, scale }
}

/// A number that is at its least scale.
pub fn put_scaled(out: &mut Vec<u8>, number: Scaled) {
    out.push(NUMBER + number.scale);
    put_wide(out, number.mantissa);
}

pub fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(false) => out.push(FALSE),
        Value::Bool(true) => out.push(TRUE),
        Value::Number(number) => put_scaled(out, Scaled::of(*number)),
        Value::Digits(digits) => put_tagged(out, DIGITS, digits),
        Value::Text(text) => put_tagged(out, TEXT, text),
        Value::Instant(at) => put_whole(out, INSTANT, at.millis()),
        Value::Date(day) => put_whole(out, DATE, day.days().into()),
        Value::Duration(ms) => put_whole(out, DURATION, *ms),
        Value::List(values) => {
            out.push(LIST);
            put_varint(out, values.len() as u64);
            values.iter().for_each(|value| put_value(out, value));
        }
        Value::Object(object) => {
            out.push(OBJECT);
            put_varint(out, object.len() as u64);
            for (key, value) in object.iter() {
                put_text(out, key);
                put_value(out, value);
            }
        }
    }
}

fn put_tagged(out: &mut Vec<u8>, tag: u8, text: &str) {
    out.push(tag);
    put_text(out, text);
}

fn put_whole(out: &mut Vec<u8>, tag: u8, number: i64) {
    out.push(tag);
    put_signed(out, number);
}

pub fn read_value(reader: &mut Reader<'_>) -> Option<Value> {
    ValueReader::default().read(reader)
}

/// Reads values that are much alike: objects of the same form share their keys.
#[derive(Default)]
pub struct ValueReader {
    /// The keys seen first, and which of them may come next.
    keys: Vec<Text>,
    next: usize,
}

/// So many different keys are shared; more are looked through for longer than they save.
const SHARED_MAX: usize = 64;

impl ValueReader {
    pub fn read(&mut self, reader: &mut Reader<'_>) -> Option<Value> {
        self.within(reader, DEPTH_MAX)
    }

    /// The fields of objects of one form come in one order, so the key is mostly the next one.
    fn key(&mut self, key: &str) -> Text {
        let is_next = self.keys.get(self.next).is_some_and(|known| **known == *key);
        let place = || self.keys.iter().position(|known| **known == *key);
        let place = if is_next { Some(self.next) } else { place() };
        self.next = place.unwrap_or(self.keys.len()) + 1;
        if let Some(place) = place {
            return self.keys[place].clone();
        }
        let key: Text = key.into();
        self.keys.extend((self.keys.len() < SHARED_MAX).then(|| key.clone()));
        key
    }

    fn within(&mut self, reader: &mut Reader<'_>, depth: usize) -> Option<Value> {
        Some(match reader.byte()? {
            NULL => Value::Null,
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            DIGITS => Value::Digits(reader.text()?.into()),
            TEXT => Value::Text(reader.text()?.into()),
            INSTANT => Value::Instant(Timestamp::from_millis(reader.signed()?)?),
            DATE => Value::Date(Date::from_days(i32::try_from(reader.signed()?).ok()?)?),
            DURATION => Value::Duration(reader.signed()?),
            LIST => Value::List(self.list(reader, depth.checked_sub(1)?)?),
            OBJECT => Value::Object(self.object(reader, depth.checked_sub(1)?)?),
            tag => Value::Number(read_scaled(reader, tag)?.number()?),
        })
    }

    fn list(&mut self, reader: &mut Reader<'_>, depth: usize) -> Option<Vec<Value>> {
        let n_values = reader.count(1)?;
        (0..n_values).map(|_| self.within(reader, depth)).collect()
    }

    fn object(&mut self, reader: &mut Reader<'_>, depth: usize) -> Option<Object> {
        let n_fields = reader.count(2)?;
        let field = |_| Some((self.key(reader.text()?), self.within(reader, depth)?));
        Object::new((0..n_fields).map(field).collect::<Option<_>>()?).ok()
    }
}

/// The number whose tag was just read.
pub fn read_scaled(reader: &mut Reader<'_>, tag: u8) -> Option<Scaled> {
    let scale = tag.checked_sub(NUMBER).filter(|scale| *scale <= 9)?;
    Some(Scaled { mantissa: reader.wide()?, scale })
}

/// Moves behind a value without building it.
pub fn skip_value(reader: &mut Reader<'_>) -> Option<()> {
    skip_within(reader, DEPTH_MAX)
}

fn skip_within(reader: &mut Reader<'_>, depth: usize) -> Option<()> {
    match reader.byte()? {
        NULL | FALSE | TRUE => {}
        DIGITS | TEXT => drop(reader.text()?),
        LIST => {
            let depth = depth.checked_sub(1)?;
            for _ in 0..reader.count(1)? {
                skip_within(reader, depth)?;
            }
        }
        OBJECT => {
            let depth = depth.checked_sub(1)?;
            for _ in 0..reader.count(2)? {
                reader.text()?;
                skip_within(reader, depth)?;
            }
        }
        _ => drop(reader.wide()?),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(value: &Value) {
        let mut out = Vec::new();
        put_value(&mut out, value);
        let mut reader = Reader::new(&out);
        assert_eq!(read_value(&mut reader).as_ref(), Some(value));
        assert!(reader.is_empty());
        let mut reader = Reader::new(&out);
        assert_eq!(skip_value(&mut reader), Some(()));
        assert!(reader.is_empty(), "{value:?}");
    }

    #[test]
    fn every_kind_comes_back_as_it_was() {
        for text in ["0", "-1", "12.5", "0.000000001", "-0.00021", "100000", "123456789012345678.9"]
        {
            there_and_back(&Value::Number(text.parse().unwrap()));
        }
        let great = Decimal::from_billionths(1_000_000_000 * 10i128.pow(29)).unwrap();
        let object = Object::new(vec![("a".into(), Value::Null), ("b".into(), true.into())]);
        let list = vec![
            Value::Null,
            Value::Digits("1e400".into()),
            Value::text("Čau"),
            Value::Instant(Timestamp::MIN),
            Value::Date(Date::MAX),
            Value::Duration(i64::MIN),
            Value::List(vec![]),
            Value::Object(Object::default()),
            Value::Object(object.unwrap()),
            Value::Number(great),
        ];
        list.iter().for_each(there_and_back);
        there_and_back(&Value::List(list));
    }

    #[test]
    fn too_deep_is_refused() {
        assert_eq!(read_value(&mut Reader::new(&[LIST, 1].repeat(100_000))), None);
        assert_eq!(skip_value(&mut Reader::new(&[LIST, 1].repeat(100_000))), None);
    }
}
