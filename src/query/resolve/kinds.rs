//! The kinds of value that one place of a text may have: a set.

use crate::lang::tree::{ElementType, TypeName};
use crate::model::{Decimal, Kind, Version};
use crate::query::predicate::Type;
// Addresses alone; `core` has no sockets.
use core::net::IpAddr;

/// A set of kinds. Two sides fit where their sets meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) struct Kinds(u16);

impl Kinds {
    pub(in crate::query) const NONE: Kinds = Kinds(0);
    pub(in crate::query) const BOOL: Kinds = Kinds(1);
    pub(in crate::query) const NUMBER: Kinds = Kinds(2);
    pub(in crate::query) const TEXT: Kinds = Kinds(4);
    pub(in crate::query) const INSTANT: Kinds = Kinds(8);
    pub(in crate::query) const DATE: Kinds = Kinds(16);
    pub(in crate::query) const LIST: Kinds = Kinds(32);
    pub(in crate::query) const OBJECT: Kinds = Kinds(64);
    pub(in crate::query) const IP: Kinds = Kinds(128);
    pub(in crate::query) const GEO: Kinds = Kinds(256);
    pub(in crate::query) const VERSION: Kinds = Kinds(512);
    pub(in crate::query) const ID: Kinds = Kinds(1_024);
    pub(in crate::query) const DURATION: Kinds = Kinds(2_048);
    /// What a window is asked of.
    pub(in crate::query) const TIME: Kinds = Kinds(8 | 16);
    /// What `<` and its kin compare.
    pub(in crate::query) const ORDERED: Kinds = Kinds(2 | 8 | 16 | 512);
    /// What `min` and `max` take.
    pub(in crate::query) const MEASURED: Kinds = Kinds(2 | 8 | 16);
    /// What stands under a name that no declaration gives a type. Instants and
    /// dates are only read under a declared type, yet a text that asks for them
    /// is odd and not wrong: a declaration may follow.
    pub(in crate::query) const UNDECLARED: Kinds = Kinds(1 | 2 | 4 | 8 | 16 | 32 | 64);
    /// Anything, as `missing` fits everywhere.
    pub(in crate::query) const ANY: Kinds = Kinds(4_095);

    pub(in crate::query) fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    pub(in crate::query) fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    pub(in crate::query) fn meets(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }

    /// What a declared type holds.
    pub(in crate::query) fn of(declared: TypeName) -> Kinds {
        match declared {
            TypeName::Text => Kinds::TEXT,
            TypeName::Number => Kinds::NUMBER,
            TypeName::Bool => Kinds::BOOL,
            TypeName::Date => Kinds::DATE,
            TypeName::Instant => Kinds::INSTANT,
            TypeName::Duration => Kinds::DURATION,
            TypeName::Ip => Kinds::IP,
            TypeName::Geo => Kinds::GEO,
            TypeName::Version => Kinds::VERSION,
            TypeName::Id => Kinds::ID.or(Kinds::TEXT),
            TypeName::ListOf(_) => Kinds::LIST,
        }
    }

    /// What a text of the language may stand for, by how it looks.
    pub(in crate::query) fn of_text(text: &str) -> Kinds {
        let mut kinds = Kinds::TEXT.or(Kinds::ID);
        if text.parse::<IpAddr>().is_ok() {
            kinds = kinds.or(Kinds::IP);
        }
        if text.parse::<Version>().is_ok() {
            kinds = kinds.or(Kinds::VERSION);
        }
        kinds
    }

    /// The set in words, with an article where a word takes one.
    pub(in crate::query) fn words(self) -> String {
        let names = [
            (Kinds::NUMBER, "a number"),
            (Kinds::BOOL, "true or false"),
            (Kinds::DATE, "a date"),
            (Kinds::INSTANT, "an instant"),
            (Kinds::LIST, "a list"),
            (Kinds::OBJECT, "an object"),
            (Kinds::IP, "an ip"),
            (Kinds::GEO, "a place"),
            (Kinds::VERSION, "a version"),
            (Kinds::DURATION, "a length of time"),
            (Kinds::TEXT, "text"),
        ];
        let words: Vec<&str> =
            names.iter().filter(|(kind, _)| self.meets(*kind)).map(|(_, word)| *word).collect();
        match words.as_slice() {
            [] => "nothing".to_owned(),
            [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
            _ => words.concat(),
        }
    }

    /// The kinds of stored values that are read as one of these.
    pub(in crate::query) fn reads(self, kind: Kind) -> bool {
        let kinds = match kind {
            Kind::Null => return true,
            Kind::Bool => Kinds::BOOL,
            Kind::Number => Kinds::NUMBER,
            Kind::Text => Kinds::TEXT,
            Kind::Instant => Kinds::INSTANT,
            Kind::Date => Kinds::DATE,
            Kind::Duration => Kinds::DURATION,
            Kind::List => Kinds::LIST,
            Kind::Object => Kinds::OBJECT,
        };
        self.meets(kinds)
    }
}

/// The type of a list's elements.
pub(in crate::query) fn element_type(declared: TypeName) -> Option<TypeName> {
    let TypeName::ListOf(element) = declared else { return None };
    Some(match element {
        ElementType::Text => TypeName::Text,
        ElementType::Number => TypeName::Number,
        ElementType::Bool => TypeName::Bool,
        ElementType::Date => TypeName::Date,
        ElementType::Instant => TypeName::Instant,
        ElementType::Duration => TypeName::Duration,
        ElementType::Ip => TypeName::Ip,
        ElementType::Geo => TypeName::Geo,
        ElementType::Version => TypeName::Version,
        ElementType::Id => TypeName::Id,
    })
}

/// The type as the evaluators know it.
pub(in crate::query) fn evaluated(declared: TypeName) -> Type {
    match declared {
        TypeName::Text => Type::Text,
        TypeName::Number => Type::Number,
        TypeName::Bool => Type::Bool,
        TypeName::Date => Type::Date,
        TypeName::Instant => Type::Instant,
        TypeName::Duration => Type::Duration,
        TypeName::Ip => Type::Ip,
        TypeName::Geo => Type::Geo,
        TypeName::Version => Type::Version,
        TypeName::Id => Type::Id,
        TypeName::ListOf(_) => Type::List,
    }
}

/// The type as the language writes it.
pub(in crate::query) fn written(declared: TypeName) -> String {
    let name = match declared {
        TypeName::Text => "text",
        TypeName::Number => "number",
        TypeName::Bool => "bool",
        TypeName::Date => "date",
        TypeName::Instant => "instant",
        TypeName::Duration => "duration",
        TypeName::Ip => "ip",
        TypeName::Geo => "geo",
        TypeName::Version => "version",
        TypeName::Id => "id",
        TypeName::ListOf(_) => {
            return format!("list of {}", element_type(declared).map(written).unwrap_or_default());
        }
    };
    name.to_owned()
}

/// Whether a text reads as a number: a quoted one is the most common slip.
pub(in crate::query) fn looks_like_number(text: &str) -> bool {
    Decimal::parse_rounding(text).is_ok()
}
