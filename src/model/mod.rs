//! The nouns: instants, numbers, values, identifiers, calls, inputs.
//!
//! This room knows no other: nothing here says how a call arrives, where it is
//! kept or what it means to an audience.

mod call;
mod count;
mod date;
mod decay;
mod decimal;
mod event;
mod id;
mod identifier;
mod input;
pub mod limits;
mod object;
mod path;
mod pattern;
mod position;
mod real;
mod source;
mod timestamp;
mod unit;
mod value;
mod version;
mod wide;
mod zone;

pub use call::{Body, Call, CallKind};
pub(crate) use count::{agreeing, counted, grouped};
pub use date::Date;
pub use decay::{binary_logarithm, left_after};
pub use decimal::{Decimal, DecimalError};
pub use event::{Event, PAGE_VIEW, SCREEN_VIEW, Stream};
pub use id::{EventId, Lsn, NotAProfileId, Ordinal, ProfileId};
pub use identifier::{Identifier, IdentifierError, IdentifierNumber};
pub use input::{Input, Record};
pub use object::{Object, RepeatedKey};
pub use path::{Path, Step};
pub use pattern::{Blocked, NoPattern, Pattern};
pub use position::Position;
pub use real::{NotAReal, Real, logistic, rounded};
pub use source::Party;
pub use timestamp::{Timestamp, TimestampError};
pub use unit::{FixedUnit, Period, Turn, Unit};
pub(crate) use value::same;
pub use value::{Kind, Text, Value, nfc};
pub use version::{NoVersion, Version};
pub use wide::Wide;
pub use zone::{UnknownZone, Zone};
