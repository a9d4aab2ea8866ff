//! Pieces of the state as bytes, by bincode under a limit.
//!
//! What is read may be anything: it is either a piece or nothing. The shapes
//! have no depth of their own, so reading cannot recurse.

use crate::identity::{
    CallKept, ClaimKept, ClaimsKept, Kept as IdentityKept, NumberKept, NumbersKept, RestKept,
    ScarKept, TenureKept, TenuresKept,
};
use crate::model::{Date, Decimal, Timestamp, Value};
use crate::query::catalog::{FactsKept, FieldKept, ListKept, ShapeKept, UseKept};
use crate::state::{DeathsKept, FirstKept, HeadKept, Kept, LedgerKept, SeatsKept, ToldKept};
use bincode::de::Decoder;
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};
use bincode::{Decode, Encode};

/// No piece is longer; what claims to be is damage.
const PIECE_BYTES_MAX: usize = 256 << 20;

/// The form of the shapes: pieces of another are not read, but built again from the log.
pub const SHAPES: u8 = 1;

fn config() -> bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    bincode::config::Limit<PIECE_BYTES_MAX>,
> {
    bincode::config::standard().with_limit::<PIECE_BYTES_MAX>()
}

/// A piece as bytes; none if it is longer than pieces may be.
pub fn encode(piece: &Kept) -> Option<Vec<u8>> {
    bincode::encode_to_vec(piece, config()).ok()
}

/// The piece that these bytes are.
pub fn decode(bytes: &[u8]) -> Option<Kept> {
    let (piece, length) = bincode::decode_from_slice(bytes, config()).ok()?;
    (length == bytes.len()).then_some(piece)
}

/// A struct is its fields, one after another.
macro_rules! shape {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl Encode for $name {
            fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
                $(Encode::encode(&self.$field, encoder)?;)*
                Ok(())
            }
        }

        impl<Context> Decode<Context> for $name {
            fn decode<D: Decoder<Context = Context>>(
                decoder: &mut D,
            ) -> Result<$name, DecodeError> {
                Ok($name { $($field: Decode::decode(decoder)?),* })
            }
        }
    };
}

/// A choice is a number and what it holds.
macro_rules! choice {
    ($name:ident { $($number:literal => $variant:ident),* $(,)? }) => {
        impl Encode for $name {
            fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
                match self {
                    $($name::$variant(held) => {
                        Encode::encode(&($number as u8), encoder)?;
                        Encode::encode(held, encoder)
                    })*
                }
            }
        }

        impl<Context> Decode<Context> for $name {
            fn decode<D: Decoder<Context = Context>>(
                decoder: &mut D,
            ) -> Result<$name, DecodeError> {
                let number: u8 = Decode::decode(decoder)?;
                match number {
                    $($number => Ok($name::$variant(Decode::decode(decoder)?)),)*
                    _ => Err(DecodeError::Other("no choice has that number")),
                }
            }
        }
    };
}

choice!(Kept {
    0 => Head,
    1 => Told,
    2 => Facts,
    3 => Ledger,
    4 => Seats,
    5 => First,
    6 => Identity,
    7 => Lists,
    8 => Refused,
});
shape!(ListKept { name, changed, elements });
shape!(HeadKept { lsn, at, newest, ahead, short_ids });
shape!(ToldKept { text, at, lists });
shape!(LedgerKept { personal, tenures, deaths });
shape!(DeathsKept { ends, struck, derived });
shape!(SeatsKept { chunk, seats });
shape!(FirstKept { first, whens });

shape!(FactsKept { events, attributes, context, sources, purposes });
shape!(UseKept { name, count, first, last });
shape!(ShapeKept { fields, crowded });

choice!(IdentityKept { 0 => Numbers, 1 => Claims, 2 => Tenures, 3 => Rest });
shape!(NumbersKept { first, numbers });
shape!(NumberKept {
    value,
    namespace,
    standing,
    superseded,
    beside,
    slot,
    next,
    second,
    last,
    name,
    n_tenures,
    has,
    vetoed,
    above,
    next_in_cluster,
    n_members,
    last_when,
    last_claim,
    newest_claim,
});
shape!(ClaimsKept { first, claims });
shape!(ClaimKept { when, id, anchor, before, is_pair });
shape!(TenuresKept { first, tenures });
shape!(TenureKept { number, slot, from, next, after, before });
shape!(RestKept { now, free, vetoes, aliases, ahead, scars, quarantined });
shape!(CallKept { when, id, numbers, anchor, previous });
shape!(ScarKept { number, masks, name, cuts });

impl Encode for FieldKept {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        (self.depth, &self.key, self.kinds, self.elements, self.first, self.last)
            .encode(encoder)?;
        let examples: Vec<Example> = self.examples.iter().filter_map(Example::of).collect();
        examples.encode(encoder)
    }
}

impl<Context> Decode<Context> for FieldKept {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<FieldKept, DecodeError> {
        let (depth, key, kinds, elements, first, last) = Decode::decode(decoder)?;
        let examples: Vec<Example> = Decode::decode(decoder)?;
        let examples = examples
            .into_iter()
            .map(|example| example.value().ok_or(DecodeError::Other("an example is out of range")));
        let examples = examples.collect::<Result<_, _>>()?;
        Ok(FieldKept { depth, key, kinds, elements, examples, first, last })
    }
}

/// A value that is short, as examples are.
#[derive(Encode, Decode)]
enum Example {
    Bool(bool),
    Number(i128),
    Digits(String),
    Text(String),
    Instant(i64),
    Date(i32),
    Duration(i64),
}

impl Example {
    fn of(value: &Value) -> Option<Example> {
        Some(match value {
            Value::Bool(held) => Example::Bool(*held),
            Value::Number(number) => Example::Number(number.billionths()),
            Value::Digits(digits) => Example::Digits(digits.to_string()),
            Value::Text(text) => Example::Text(text.to_string()),
            Value::Instant(at) => Example::Instant(at.millis()),
            Value::Date(day) => Example::Date(day.days()),
            Value::Duration(ms) => Example::Duration(*ms),
            // Longer values are no examples.
            Value::Null | Value::List(_) | Value::Object(_) => return None,
        })
    }

    fn value(self) -> Option<Value> {
        Some(match self {
            Example::Bool(held) => Value::Bool(held),
            Example::Number(scaled) => Value::Number(Decimal::from_billionths(scaled)?),
            Example::Digits(digits) => Value::Digits(digits.into()),
            Example::Text(text) => Value::Text(text.into()),
            Example::Instant(ms) => Value::Instant(Timestamp::from_millis(ms)?),
            Example::Date(days) => Value::Date(Date::from_days(days)?),
            Example::Duration(ms) => Value::Duration(ms),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Vec<Kept> {
        let field = |key: &str, examples| FieldKept {
            depth: 0,
            key: key.into(),
            kinds: [1, 0, 2, 3, 0, 0, 0, 0, 9],
            elements: [0; 9],
            examples,
            first: -5,
            last: i64::MAX,
        };
        let examples = vec![
            Value::Bool(true),
            Value::Number("0.333333333".parse().unwrap()),
            Value::Digits("1e99".into()),
            Value::from("sk"),
            Value::Instant(Timestamp::MAX),
            Value::Date(Date::MIN),
            Value::Duration(-1),
        ];
        let shape = ShapeKept { fields: vec![field("total", examples)], crowded: true };
        let seen = UseKept { name: "order".into(), count: 1, first: 0, last: 0 };
        vec![
            Kept::Facts(FactsKept { events: vec![(seen, shape)], ..FactsKept::default() }),
            Kept::First(FirstKept { first: 7, whens: vec![i64::MIN, 0, 3] }),
            Kept::Ledger(LedgerKept {
                personal: vec![(1 << 127, 3, true)],
                tenures: vec![],
                deaths: DeathsKept { ends: vec![(1, 2, -3)], struck: vec![4], derived: 5 },
            }),
        ]
    }

    #[test]
    fn a_piece_is_read_as_it_was_written() {
        for piece in samples() {
            assert_eq!(decode(&encode(&piece).unwrap()), Some(piece));
        }
    }

    #[test]
    fn bytes_that_are_no_piece_are_none_and_take_no_memory() {
        for piece in samples() {
            let whole = encode(&piece).unwrap();
            for end in 0..whole.len() {
                assert_eq!(decode(&whole[..end]), None, "up to byte {end}");
            }
            let mut longer = whole.clone();
            longer.push(0);
            assert_eq!(decode(&longer), None);
        }
        assert_eq!(decode(&[5, 0, 253, 0, 0, 0, 0, 0, 1, 0, 0]), None);
        assert_eq!(decode(&[99]), None);
    }
}
