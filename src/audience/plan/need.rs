//! Which rows of a person a predicate reads.

use super::super::facts::Wanted;
use super::visit::{self, Item};
use crate::model::{Body, Stream, Text};
use crate::query::predicate::{
    Aggregate, Expr, Filter, Form, Length, Matcher, Pattern, PersonLeaf, Predicate, RowLeaf, Test,
    Window,
};

/// The streams that are read: of some names and kinds, or all there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Need {
    /// Every call, of any kind.
    pub(crate) all: bool,
    /// Every event, of any name.
    pub(crate) any_event: bool,
    pub(crate) streams: Vec<Stream>,
}

impl Need {
    /// What a predicate reads.
    pub(crate) fn of(predicate: &Predicate) -> Need {
        let mut need = Need::default();
        need.predicate(predicate);
        need
    }

    /// What a value of a person reads.
    pub(crate) fn of_value(value: &Expr<PersonLeaf>) -> Need {
        let mut need = Need::default();
        visit::expr(value, &mut |item| need.item(item));
        need
    }

    /// Both together.
    pub(crate) fn join(&mut self, other: &Need) {
        self.all |= other.all;
        self.any_event |= other.any_event;
        other.streams.iter().for_each(|stream| self.stream(stream.clone()));
    }

    pub(crate) fn stream(&mut self, stream: Stream) {
        if !self.streams.contains(&stream) {
            self.streams.push(stream);
        }
    }

    /// Whether rows of every stream are wanted.
    pub(crate) fn everything(&self) -> bool {
        self.all || self.any_event
    }

    /// What is wanted of a person's rows.
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        if self.everything() { Wanted::All } else { Wanted::Streams(&self.streams) }
    }

    /// Whether a call may matter.
    pub(crate) fn reads(&self, body: &Body) -> bool {
        self.all
            || (self.any_event && body.event_name().is_some())
            || self.streams.contains(&body.stream())
    }

    pub(crate) fn matcher(&mut self, matcher: &Matcher) {
        for one in &matcher.0 {
            match &one.name {
                Some(name) => self.stream(Stream::Events(Text::clone(name))),
                None => self.any_event = true,
            }
            if let Some(filter) = &one.filter {
                self.filter(filter);
            }
        }
    }

    fn predicate(&mut self, predicate: &Predicate) {
        match predicate {
            Predicate::Did(occurrence) => {
                self.matcher(&occurrence.matcher);
                self.windows(&occurrence.windows);
            }
            Predicate::Pattern(pattern) => self.pattern(pattern),
            Predicate::Is(test) => self.test(test),
            Predicate::InAudience(audience) => {
                audience.condition.leaves().into_iter().for_each(|leaf| self.predicate(leaf));
            }
            Predicate::Ranked(rank) => {
                visit::expr(&rank.value, &mut |item| self.item(item));
                rank.among.leaves().into_iter().for_each(|leaf| self.predicate(leaf));
            }
            Predicate::Consent { .. } => self.stream(Stream::Consent),
            Predicate::Drawn(_) | Predicate::Listed(_) => {}
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        pattern.matchers().into_iter().for_each(|matcher| self.matcher(matcher));
        if pattern.lengths().into_iter().any(Length::is_theirs) {
            self.zone();
        }
        for window in pattern.bare_windows() {
            visit::window(window, &mut |item| self.item(item));
        }
        if let Form::Sequence(sequence) = &pattern.form {
            self.any_event |= sequence.is_adjacent();
            sequence.same.iter().for_each(|same| self.row_item(Item::Leaf(same)));
        }
    }

    fn windows(&mut self, windows: &[Window<PersonLeaf>]) {
        windows.iter().for_each(|window| visit::window(window, &mut |item| self.item(item)));
    }

    fn test(&mut self, test: &Test<PersonLeaf>) {
        visit::test(test, &mut |item| self.item(item));
    }

    fn item(&mut self, item: Item<'_, PersonLeaf>) {
        match item {
            Item::Anchor(matcher) => self.matcher(matcher),
            Item::Leaf(leaf) => self.leaf(leaf),
            Item::Person(predicate) => self.predicate(predicate),
            Item::Zone => self.zone(),
        }
    }

    /// Whose days count is what `identify` calls say.
    fn zone(&mut self) {
        self.stream(Stream::Identify);
    }

    fn leaf(&mut self, leaf: &PersonLeaf) {
        match leaf {
            PersonLeaf::Attribute { .. } => self.stream(Stream::Identify),
            PersonLeaf::GroupId => self.stream(Stream::Group),
            PersonLeaf::UserId => self.stream(Stream::Alias),
            PersonLeaf::FirstSeen | PersonLeaf::LastSeen => self.all = true,
            PersonLeaf::Aggregate(aggregate) => self.aggregate(aggregate),
            PersonLeaf::Score(score) => {
                // The first call of a person, of any kind, is what gives them a score.
                self.all = true;
                for feature in &score.features {
                    visit::expr(&feature.value, &mut |item| self.item(item));
                }
            }
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        self.matcher(&aggregate.matcher);
        self.windows(&aggregate.windows);
        if let Some(value) = &aggregate.value {
            visit::expr(value, &mut |item| self.row_item(item));
        }
    }

    fn filter(&mut self, filter: &Filter) {
        for test in filter.leaves() {
            visit::test(test, &mut |item| self.row_item(item));
        }
    }

    fn row_item(&mut self, item: Item<'_, RowLeaf>) {
        match item {
            Item::Anchor(matcher) => self.matcher(matcher),
            Item::Person(predicate) => self.predicate(predicate),
            Item::Zone => self.zone(),
            Item::Leaf(RowLeaf::Person(leaf)) => self.leaf(leaf),
            Item::Leaf(RowLeaf::Local { zone, .. }) if zone.is_theirs() => self.zone(),
            Item::Leaf(_) => {}
        }
    }
}
