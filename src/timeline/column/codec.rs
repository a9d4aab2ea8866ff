//! A column as bytes: its form, which rows have a value, which say `null`, and
//! the values of the rows that have one.

use super::Bits;
use super::cells::Cell;
use super::coder::Coder;
use super::dictionary::Dictionary;
use super::flat::{Flat, FlatTexts};
use super::following::{put_following, read_following};
use super::loose::{Loose, Values, billionths, mantissas};
use super::numbered::{Numbered, read_numbered};
use super::values::{Cells, Column};
use crate::model::{Decimal, Text, Timestamp};
use crate::timeline::bytes::{
    Reader, ValueReader, pack, pack_ascending, packed, packed_ascending, put_varint,
};
use std::borrow::Cow;
use std::sync::Arc;

const EMPTY: u8 = 0;
const BOOLS: u8 = 1;
const NUMBERS: u8 = 2;
const WIDE: u8 = 3;
const INSTANTS: u8 = 4;
const TEXTS: u8 = 5;
const MIXED: u8 = 6;
const NUMBERED_TEXTS: u8 = 7;
const FOLLOWING: u8 = 8;

/// The column of instants that mostly follow from these; false where that does not pay.
pub fn put_following_column(out: &mut Vec<u8>, cells: &Loose<'_>, whens: &[i64]) -> bool {
    let Values::Instants(instants) = &cells.values else { return false };
    if instants.len() != whens.len() {
        return false;
    }
    let start = out.len();
    out.extend([FOLLOWING, ALL, NONE]);
    let is_put = put_following(out, instants, whens);
    if !is_put {
        out.truncate(start);
    }
    is_put
}

/// The column of so many rows that these cells are; their rows ascend.
pub fn put_column(out: &mut Vec<u8>, cells: &Loose<'_>, len: usize, coder: &mut Coder) {
    let narrow = match &cells.values {
        Values::Numbers(numbers) => mantissas(numbers),
        _ => None,
    };
    let numbered = match &cells.values {
        Values::Texts(texts) => {
            coder.code(texts);
            let entries: Vec<&str> = coder.entries(texts).copied().collect();
            Numbered::of(&entries, coder.all_differ())
        }
        _ => None,
    };
    out.push(match &cells.values {
        Values::None => EMPTY,
        Values::Bools(_) => BOOLS,
        Values::Numbers(_) if narrow.is_some() => NUMBERS,
        Values::Numbers(_) => WIDE,
        Values::Instants(_) => INSTANTS,
        Values::Texts(_) if numbered.is_some() => NUMBERED_TEXTS,
        Values::Texts(_) => TEXTS,
        Values::Others(_) => MIXED,
    });
    put_rows(out, &cells.rows, len);
    put_rows(out, &cells.nulls, len);
    match (&cells.values, narrow) {
        (Values::None, _) => {}
        (Values::Bools(bools), _) => pack(out, bools.iter().map(|bool| i64::from(*bool))),
        (Values::Numbers(_), Some((scale, mantissas))) => {
            out.push(scale);
            pack(out, mantissas.iter().copied());
        }
        (Values::Numbers(numbers), None) => {
            numbers.iter().for_each(|number| out.extend(billionths(number).to_le_bytes()));
        }
        (Values::Instants(instants), _) => pack(out, instants.iter().copied()),
        (Values::Texts(texts), _) => match numbered {
            Some(numbered) => put_numbered(out, &numbered, coder),
            None => put_texts(out, texts, coder),
        },
        (Values::Others(cells), _) => put_mixed(out, cells, coder),
    }
}

fn put_numbered(out: &mut Vec<u8>, numbered: &Numbered<'_>, coder: &Coder) {
    numbered.put(out);
    if numbered.keeps_order {
        out.push(IN_ORDER);
    } else {
        out.push(PACKED);
        pack(out, coder.codes.iter().map(|code| i64::from(numbered.places[*code as usize])));
    }
}

/// Texts that are coded already.
fn put_texts(out: &mut Vec<u8>, texts: &[&str], coder: &Coder) {
    let dictionary = coder.entries(texts);
    put_varint(out, dictionary.len() as u64);
    pack(out, dictionary.clone().map(|text| text.len() as i64));
    dictionary.for_each(|text| out.extend_from_slice(text.as_bytes()));
    put_codes(out, coder);
}

fn put_mixed(out: &mut Vec<u8>, cells: &[Cell<'_>], coder: &mut Coder) {
    let bytes: Vec<_> = cells.iter().map(Cell::canonical).collect();
    coder.code(&bytes);
    let dictionary = coder.entries(&bytes);
    put_varint(out, dictionary.len() as u64);
    dictionary.for_each(|bytes| out.extend_from_slice(bytes));
    put_codes(out, coder);
}

/// The column that starts here, of as many rows as have a `when`.
pub fn read_column(reader: &mut Reader<'_>, whens: &[i64]) -> Option<Column> {
    let (form, len) = (reader.byte()?, whens.len());
    let present = read_bits(reader, len)?;
    let nulls = read_bits(reader, len)?;
    let nulls = if nulls.count() == 0 { Bits::default() } else { nulls };
    let n_present = present.count();
    let cells = match form {
        EMPTY if n_present == 0 => Cells::Empty,
        BOOLS => {
            let set = packed(reader, n_present)?;
            let set = present.places().zip(set).filter(|(_, bool)| *bool == 1);
            Cells::Bools(Bits::of(len, set.map(|(row, _)| row as u32))?)
        }
        NUMBERS => {
            let scale = reader.byte().filter(|scale| *scale <= 9)?;
            Cells::Numbers { scale, mantissas: spread(&present, packed(reader, n_present)?) }
        }
        WIDE => Cells::Wide(spread(&present, wides(reader, n_present)?)),
        INSTANTS | FOLLOWING => {
            let instants = match form {
                INSTANTS => packed(reader, n_present)?,
                _ if n_present == len => read_following(reader, whens)?,
                _ => return None,
            };
            let valid = instants.iter().all(|ms| Timestamp::from_millis(*ms).is_some());
            Cells::Instants(valid.then(|| spread(&present, instants))?)
        }
        TEXTS | NUMBERED_TEXTS => {
            let dictionary = texts(reader, form, len)?;
            Cells::Texts { codes: codes(reader, &present, dictionary.len())?, dictionary }
        }
        MIXED => {
            let n_values = reader.count(1)?;
            let mut read = ValueReader::default();
            let values = (0..n_values).map(|_| read.read(reader));
            let dictionary = values.collect::<Option<Dictionary>>()?;
            Cells::Mixed { codes: codes(reader, &present, dictionary.len())?, dictionary }
        }
        _ => return None,
    };
    Some(Column { len, present, nulls, cells })
}

const NONE: u8 = 0;
const ALL: u8 = 1;
const BITMAP: u8 = 2;
const FEW: u8 = 3;

fn put_rows(out: &mut Vec<u8>, rows: &[u32], len: usize) {
    match rows.len() {
        0 => out.push(NONE),
        n_set if n_set == len => out.push(ALL),
        n_set if n_set < len / 12 => {
            out.push(FEW);
            put_varint(out, n_set as u64);
            pack_ascending(out, rows.iter().map(|row| i64::from(*row)));
        }
        _ => {
            out.push(BITMAP);
            let bits = Bits::of(len, rows.iter().copied()).expect("rows lie inside the block");
            out.extend(bits.bytes());
        }
    }
}

fn read_bits(reader: &mut Reader<'_>, len: usize) -> Option<Bits> {
    match reader.byte()? {
        NONE => Some(Bits::none(len)),
        ALL => Some(Bits::all(len)),
        BITMAP => Some(Bits::from_bytes(len, reader.take(len.div_ceil(8))?)),
        FEW => {
            let n_set = reader.below(len)?;
            let places = packed_ascending(reader, n_set)?;
            let places: Option<Vec<u32>> =
                places.into_iter().map(|place| u32::try_from(place).ok()).collect();
            Bits::of(len, places?)
        }
        _ => None,
    }
}

/// Values of the rows that have one, at their rows.
fn spread<T: Copy + Default>(present: &Bits, values: Vec<T>) -> Vec<T> {
    if values.len() == present.len() {
        return values;
    }
    let mut rows = vec![T::default(); present.len()];
    present.places().zip(values).for_each(|(row, value)| rows[row] = value);
    rows
}

fn wides(reader: &mut Reader<'_>, n_numbers: usize) -> Option<Vec<i128>> {
    let bytes = reader.take(n_numbers.checked_mul(16)?)?;
    let number = |chunk: &[u8]| {
        let billionths = i128::from_le_bytes(chunk.try_into().ok()?);
        Decimal::from_billionths(billionths).map(|_| billionths)
    };
    bytes.chunks_exact(16).map(number).collect()
}

/// The column that starts here, to be copied from.
pub fn read_flat(reader: &mut Reader<'_>, whens: &[i64]) -> Option<Flat> {
    if !matches!(reader.rest().first(), Some(&(TEXTS | NUMBERED_TEXTS))) {
        return read_column(reader, whens).map(Flat::Other);
    }
    let (form, len) = (reader.byte()?, whens.len());
    let (present, nulls) = (read_bits(reader, len)?, read_bits(reader, len)?);
    let (text, ends) = joined(reader, form, len)?;
    let codes = codes(reader, &present, ends.len())?;
    Some(Flat::Texts(FlatTexts { present, nulls, codes, text: text.into(), ends }))
}

fn texts(reader: &mut Reader<'_>, form: u8, n_rows: usize) -> Option<Arc<[Text]>> {
    let (text, ends) = joined(reader, form, n_rows)?;
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, end)| text.get(start..*end).map(Text::from)).collect()
}

/// Texts in one piece, and where each ends.
fn joined<'a>(
    reader: &mut Reader<'a>,
    form: u8,
    n_rows: usize,
) -> Option<(Cow<'a, str>, Vec<usize>)> {
    if form == NUMBERED_TEXTS {
        return read_numbered(reader, n_rows).map(|(text, ends)| (text.into(), ends));
    }
    // A text of no bytes costs no byte, and no dictionary has two of them.
    let n_texts = usize::try_from(reader.varint()?).ok()?;
    if n_texts > reader.left().saturating_add(1) {
        return None;
    }
    let lengths = packed(reader, n_texts)?;
    let mut end = 0usize;
    let end_of = |length: i64| {
        end = end.checked_add(usize::try_from(length).ok()?)?;
        Some(end)
    };
    let ends: Vec<usize> = lengths.into_iter().map(end_of).collect::<Option<_>>()?;
    let text = std::str::from_utf8(reader.take(end)?).ok()?;
    ends.iter().all(|end| text.is_char_boundary(*end)).then_some((text.into(), ends))
}

const IN_ORDER: u8 = 0;
const PACKED: u8 = 1;

/// Codes; when every value is its own, as ids are, they need no room.
fn put_codes(out: &mut Vec<u8>, coder: &Coder) {
    if coder.all_differ() {
        out.push(IN_ORDER);
    } else {
        out.push(PACKED);
        pack(out, coder.codes.iter().map(|code| i64::from(*code)));
    }
}

fn codes(reader: &mut Reader<'_>, present: &Bits, n_entries: usize) -> Option<Vec<u32>> {
    let n_codes = present.count();
    let codes: Vec<u32> = match reader.byte()? {
        IN_ORDER => (0..n_codes as u32).collect(),
        PACKED => {
            let codes = packed(reader, n_codes)?.into_iter();
            codes.map(|code| u32::try_from(code).ok()).collect::<Option<_>>()?
        }
        _ => return None,
    };
    codes.iter().all(|code| (*code as usize) < n_entries).then(|| spread(present, codes))
}
