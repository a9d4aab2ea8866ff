//! What is accumulated for each person, as the condition says it.

use crate::model::{Path, Text};
use crate::query::predicate::{
    Aggregate, EventFilter, Expr, Function, Matcher, Occurrence, PersonLeaf, RowLeaf, Which, Window,
};
use crate::query::scan::pattern::Sought;
use crate::query::scan::tally::Ever;

/// Something to be known of each person; equal ones are accumulated once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish<'c> {
    Events(Events<'c>),
    /// Whether there is one event of these, and not how many.
    Any(Events<'c>),
    /// A function over all people of a group together, never read by another.
    Total(Events<'c>),
    /// Counts that are added up, each some times: see `weighted`.
    Weighted(&'c Expr<PersonLeaf>),
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

impl<'c> Wish<'c> {
    /// How many events there are of these.
    pub fn count(matcher: &'c Matcher) -> Wish<'c> {
        let (function, windows) = (Function::Count, &[][..]);
        Wish::Events(Events { function, matcher, items: None, value: None, windows })
    }

    /// What a value of these events comes to.
    pub fn sum(matcher: &'c Matcher, value: &'c Expr<RowLeaf>) -> Wish<'c> {
        let (function, windows) = (Function::Sum, &[][..]);
        Wish::Events(Events { function, matcher, items: None, value: Some(value), windows })
    }

    /// What is wished for of all events of one name, if that is all: it may be known already.
    pub fn ever(self) -> Option<(&'c Text, Ever)> {
        let (matcher, ever) = match self {
            Wish::Events(of) if of.items.is_none() && of.windows.is_empty() => {
                (of.matcher, of.ever()?)
            }
            Wish::Anchor { which: Which::First, matcher, named: false } => (matcher, Ever::First),
            Wish::Anchor { which: Which::Last, matcher, named: false } => (matcher, Ever::Last),
            _ => return None,
        };
        Some((plain(matcher)?, ever))
    }
}

/// The name of events that nothing else is asked of.
pub fn plain(matcher: &Matcher) -> Option<&Text> {
    match &matcher.0[..] {
        [EventFilter { name: Some(name), filter: None }] => Some(name),
        _ => None,
    }
}

impl Events<'_> {
    fn ever(&self) -> Option<Ever> {
        let is_when = self.value == Some(&Expr::Leaf(RowLeaf::When));
        match self.function {
            Function::Count if self.value.is_none() => Some(Ever::Count),
            Function::First | Function::Min if is_when => Some(Ever::First),
            Function::Last | Function::Max if is_when => Some(Ever::Last),
            Function::Sum | Function::Avg => match self.value? {
                Expr::Leaf(RowLeaf::Property { path, declared }) => {
                    Some(Ever::Sum { path: path.clone(), declared: *declared })
                }
                _ => None,
            },
            _ => None,
        }
    }
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
