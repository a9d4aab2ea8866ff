//! What is accumulated for each person, as the condition says it.

use crate::model::Path;
use crate::query::predicate::{
    Aggregate, Expr, Function, Matcher, Occurrence, PersonLeaf, RowLeaf, Which, Window,
};
use crate::query::scan::pattern::Sought;

/// Something to be known of each person; equal ones are accumulated once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish<'c> {
    Events(Events<'c>),
    /// Whether there is one event of these, and not how many.
    Any(Events<'c>),
    /// A function over all people of a group together, never read by another.
    Total(Events<'c>),
    /// How many matches of a pattern there are, or how far somebody comes in one.
    Pattern(Sought<'c>),
    /// The instant of the first or last event that fits; with the event's id if
    /// that event may not count itself.
    Anchor {
        which: Which,
        matcher: &'c Matcher,
        named: bool,
    },
    /// An attribute as a whole, by its first key.
    Attribute(&'c str),
    GroupId,
    Consent(&'c str),
    /// The least or greatest `when` of all calls.
    Seen(Which),
}

/// A function over values of matching events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Events<'c> {
    pub function: Function,
    pub matcher: &'c Matcher,
    pub items: Option<&'c Path>,
    pub value: Option<&'c Expr<RowLeaf>>,
    pub windows: &'c [Window<PersonLeaf>],
}

impl<'c> From<&'c Occurrence> for Events<'c> {
    fn from(of: &'c Occurrence) -> Events<'c> {
        let (matcher, windows) = (&of.matcher, &of.windows[..]);
        Events { function: Function::Count, matcher, items: None, value: None, windows }
    }
}

impl<'c> From<&'c Aggregate> for Events<'c> {
    fn from(of: &'c Aggregate) -> Events<'c> {
        Events {
            function: of.function,
            matcher: &of.matcher,
            items: of.items.as_ref(),
            value: of.value.as_ref(),
            windows: &of.windows,
        }
    }
}
