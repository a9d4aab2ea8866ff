//! Which part of a row a column holds.

use crate::model::{CallKind, Path, Step};
use crate::timeline::bytes::{Reader, put_text, put_varint};

/// What a column holds of each row. Keys of one kind sort as their paths do.
///
/// A path is one of keys only. What lies behind a list on the way is part of
/// the list: it is read from the column of the shorter path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnKey {
    /// The kind of the call by its name on the wire: text.
    Kind,
    /// The event's name of a `track` call: text.
    Name,
    /// When the row was committed: an instant.
    Received,
    /// Which source sent it: text.
    Source,
    /// The channel at the top of the call: text.
    Channel,
    /// The group of a `group` call: text.
    GroupId,
    /// The earlier user id of an `alias` call: text.
    Previous,
    /// The purpose of a `consent` call: text.
    Purpose,
    /// Whether that call grants it.
    Granted,
    /// Until when it grants it: an instant.
    Expires,
    /// A property of an event, or a field of an `identify` or `group` call's traits.
    Property(Path),
    /// A value in the context.
    Context(Path),
}

/// The keys that are no paths; each column's tag is its place here.
pub(crate) const PLAIN: [ColumnKey; 10] = [
    ColumnKey::Kind,
    ColumnKey::Name,
    ColumnKey::Received,
    ColumnKey::Source,
    ColumnKey::Channel,
    ColumnKey::GroupId,
    ColumnKey::Previous,
    ColumnKey::Purpose,
    ColumnKey::Granted,
    ColumnKey::Expires,
];
const PROPERTY: u8 = 10;
const CONTEXT: u8 = 11;

impl ColumnKey {
    /// The steps of the path, if it is one of a property or of the context.
    pub fn steps(&self) -> &[Step] {
        match self {
            ColumnKey::Property(path) | ColumnKey::Context(path) => path.steps(),
            _ => &[],
        }
    }

    /// Whether the other path leads on from this one.
    pub(crate) fn leads_to(&self, other: &ColumnKey) -> bool {
        match (self, other) {
            (ColumnKey::Property(near), ColumnKey::Property(far))
            | (ColumnKey::Context(near), ColumnKey::Context(far)) => {
                far.steps().len() > near.steps().len() && far.steps().starts_with(near.steps())
            }
            _ => false,
        }
    }

    #[inline]
    pub(crate) fn tag(&self) -> u8 {
        match self {
            ColumnKey::Property(_) => PROPERTY,
            ColumnKey::Context(_) => CONTEXT,
            ColumnKey::Kind => 0,
            ColumnKey::Name => 1,
            ColumnKey::Received => 2,
            ColumnKey::Source => 3,
            ColumnKey::Channel => 4,
            ColumnKey::GroupId => 5,
            ColumnKey::Previous => 6,
            ColumnKey::Purpose => 7,
            ColumnKey::Granted => 8,
            ColumnKey::Expires => 9,
        }
    }

    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        let tag = self.tag();
        out.push(tag);
        if tag >= PROPERTY {
            put_varint(out, self.steps().len() as u64);
            for step in self.steps() {
                if let Step::Key(key) = step {
                    put_text(out, key);
                }
            }
        }
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<ColumnKey> {
        let tag = reader.byte()?;
        if let Some(plain) = PLAIN.get(usize::from(tag)) {
            return Some(plain.clone());
        }
        let n_steps = reader.count(1)?;
        let steps = (0..n_steps).map(|_| reader.text().map(|key| Step::Key(key.into())));
        let path = Path::new(steps.collect::<Option<_>>()?)?;
        match tag {
            PROPERTY => Some(ColumnKey::Property(path)),
            CONTEXT => Some(ColumnKey::Context(path)),
            _ => None,
        }
    }
}

/// The kind of call of that name.
pub fn kind_named(name: &str) -> Option<CallKind> {
    const KINDS: [CallKind; 7] = [
        CallKind::Track,
        CallKind::Page,
        CallKind::Screen,
        CallKind::Identify,
        CallKind::Group,
        CallKind::Alias,
        CallKind::Consent,
    ];
    KINDS.into_iter().find(|kind| kind.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_comes_back() {
        let path = Path::dotted("a.ž.c").unwrap();
        let keys =
            PLAIN.into_iter().chain([ColumnKey::Property(path.clone()), ColumnKey::Context(path)]);
        for key in keys {
            let mut out = Vec::new();
            key.put(&mut out);
            assert_eq!(ColumnKey::read(&mut Reader::new(&out)), Some(key));
        }
    }
}
