//! What is kept per person, and how an accumulator reads it.

use super::super::eval::NEVER;
use super::super::pattern::Kinds;
use super::need::Need;
use super::visit::{self, Item};
use crate::model::{Path, Stream, Text};
use crate::query::predicate::{Expr, Function, Matcher, RowLeaf, Type};
use crate::timeline::Fields;

/// What fills a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Feed {
    /// Values of matching events with `from <= when < to`.
    Events {
        matcher: Matcher,
        items: Option<Path>,
        value: Option<Expr<RowLeaf>>,
        from: i64,
        to: i64,
    },
    /// What matching events are good for in a pattern.
    Marks(Box<Kinds>),
    /// What `identify` calls say about one attribute.
    Attribute { path: Path, declared: Option<Type> },
    /// The groups of `group` calls.
    Group,
    /// Decisions on a purpose.
    Consent(Text),
    /// Calls of any kind.
    Calls,
}

/// What a store keeps of them for each person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// How many.
    Tally,
    /// How many, and their sum.
    Total,
    /// The newest instants, so many; older ones than the reach are of no use.
    Newest { depth: u32, reach: i64 },
    /// The least instant.
    Oldest,
    /// Every instant with an age below the reach.
    Instants { reach: i64 },
    /// Every instant with its amount.
    Amounts { reach: i64 },
    /// Every value, with its place in canonical order.
    Rows { reach: i64 },
    /// Every different value.
    Values,
    /// Every different value with its newest instant, if that has an age below the reach.
    Latest { reach: i64 },
    /// The first value in canonical order.
    First,
    /// The last.
    Last,
    /// The least value.
    Least,
    /// The greatest.
    Greatest,
    /// Every mark of a pattern with an age below the reach.
    Marks { reach: i64 },
    /// What weighs most of all that was said.
    Said,
    /// The latest decision.
    Decision,
}

/// How an accumulator reads its store: ages `least <= now - when < too_great`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    Count,
    Sum,
    Avg,
    /// Of what has one of these ages.
    Aged {
        function: Function,
        least: i64,
        too_great: i64,
    },
    /// How many different values.
    Distinct,
    /// The instant that an `Oldest` store or a `Newest` one ends with.
    Instant,
    /// The one value that is kept.
    Value,
}

/// An accumulator: a store and how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) store: u32,
    pub(crate) reading: Reading,
}

/// Where a plan asks for stores; equal wishes get the same one.
pub(crate) trait Stores {
    fn store(&mut self, feed: Feed, shape: Shape) -> u32;
}

impl Shape {
    /// The age from which on a row is of no use.
    pub(crate) fn reach(self) -> i64 {
        match self {
            Shape::Newest { reach, .. }
            | Shape::Instants { reach }
            | Shape::Amounts { reach }
            | Shape::Rows { reach }
            | Shape::Latest { reach }
            | Shape::Marks { reach } => reach,
            Shape::Tally
            | Shape::Total
            | Shape::Oldest
            | Shape::Values
            | Shape::First
            | Shape::Last
            | Shape::Least
            | Shape::Greatest
            | Shape::Said
            | Shape::Decision => NEVER,
        }
    }

    /// Whether two shapes are one that differs in reach only.
    pub(crate) fn is_like(self, other: Shape) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// The shape that reaches as far as both.
    pub(crate) fn joined(self, other: Shape) -> Shape {
        match (self, other) {
            (Shape::Newest { depth: a, reach: c }, Shape::Newest { depth: b, reach: d }) => {
                Shape::Newest { depth: a.max(b), reach: c.max(d) }
            }
            (Shape::Instants { reach: a }, Shape::Instants { reach: b }) => {
                Shape::Instants { reach: a.max(b) }
            }
            (Shape::Amounts { reach: a }, Shape::Amounts { reach: b }) => {
                Shape::Amounts { reach: a.max(b) }
            }
            (Shape::Latest { reach: a }, Shape::Latest { reach: b }) => {
                Shape::Latest { reach: a.max(b) }
            }
            (Shape::Marks { reach: a }, Shape::Marks { reach: b }) => {
                Shape::Marks { reach: a.max(b) }
            }
            (Shape::Rows { reach: a }, Shape::Rows { reach: b }) => Shape::Rows { reach: a.max(b) },
            (shape, _) => shape,
        }
    }
}

impl super::super::eval::Moves for Kept {
    /// What is kept stays as it is; what leaves a window is noted by whoever reads.
    fn moves(&self) -> bool {
        false
    }
}

impl Reading {
    /// Whether time alone may change what is read.
    pub(crate) fn ages(self) -> bool {
        matches!(self, Reading::Aged { .. })
    }
}

impl Feed {
    /// The rows that it is filled by.
    pub(crate) fn touches(&self) -> Need {
        let mut need = Need::default();
        match self {
            Feed::Events { matcher, .. } => need.matcher(matcher),
            Feed::Marks(kinds) => kinds.matchers().for_each(|matcher| need.matcher(matcher)),
            Feed::Attribute { .. } => need.stream(Stream::Identify),
            Feed::Group => need.stream(Stream::Group),
            Feed::Consent(_) => need.stream(Stream::Consent),
            Feed::Calls => need.all = true,
        }
        need
    }
    /// Which fields of those rows it reads.
    pub(crate) fn fields(&self, into: &mut Fields) {
        match self {
            Feed::Events { matcher, items, value, .. } => {
                of_matcher(matcher, into);
                items.iter().for_each(|path| into.property(path));
                if let Some(value) = value {
                    visit::expr(value, &mut |item| of_item(item, into));
                }
            }
            Feed::Marks(kinds) => {
                kinds.matchers().for_each(|matcher| of_matcher(matcher, into));
                kinds.same().into_iter().for_each(|same| of_item(Item::Leaf(same), into));
            }
            Feed::Attribute { path, .. } => into.property(path),
            Feed::Group | Feed::Consent(_) | Feed::Calls => {}
        }
    }
}

fn of_matcher(matcher: &Matcher, into: &mut Fields) {
    let filters = matcher.0.iter().filter_map(|one| one.filter.as_ref());
    for test in filters.flat_map(|filter| filter.leaves()) {
        visit::test(test, &mut |item| of_item(item, into));
    }
}

fn of_item(item: Item<'_, RowLeaf>, into: &mut Fields) {
    match item {
        Item::Leaf(RowLeaf::Property { path, .. } | RowLeaf::Enclosing { path, .. }) => {
            into.property(path);
        }
        Item::Leaf(RowLeaf::Context { path }) => {
            into.context(path);
            // A property of that name hides the context.
            into.property(&Path::key("context"));
        }
        Item::Leaf(
            RowLeaf::Element { .. }
            | RowLeaf::When
            | RowLeaf::Local { .. }
            | RowLeaf::Received
            | RowLeaf::Channel
            | RowLeaf::Source
            | RowLeaf::CallType,
        ) => {}
        // What is read of the person is not kept in stores.
        Item::Leaf(RowLeaf::Person(_)) | Item::Anchor(_) | Item::Person(_) | Item::Zone => {
            into.all = true;
        }
    }
}
