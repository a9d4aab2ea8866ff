//! What a condition reads: the facts that may change its answer.

use super::predicate::{
    Aggregate, Asked, Check, Choice, Condition, Expr, Filter, Form, Length, Local, Matcher,
    Pattern, PersonLeaf, Point, Predicate, RowLeaf, Test, Window,
};
use crate::model::{Path, Step, Stream, Text};
use std::collections::{BTreeMap, BTreeSet};

/// What is read. An answer cannot change by a fact that is not in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// The streams whose rows matter; attributes bring `Identify`, consent its own.
    pub streams: BTreeSet<Stream>,
    /// Whether events of every name matter.
    pub any_event: bool,
    /// Whether calls of every kind matter, as for `last_seen`.
    pub any_call: bool,
    /// The attributes that are read, by their first key.
    pub attributes: BTreeSet<Text>,
    /// Whether the person's user id is read.
    pub user_id: bool,
    /// Purposes of consent.
    pub purposes: BTreeSet<Text>,
    /// Audiences whose membership is read.
    pub audiences: BTreeSet<Text>,
    /// Versions of models whose scores are read.
    pub models: BTreeSet<(Text, u64)>,
    /// Lists that are read.
    pub lists: BTreeSet<Text>,
    /// Whether all names of the person are read.
    pub identifiers: bool,
    /// The properties that are read, by event; those of any event under no name.
    /// Where elements of a list are taken, the list is there whole, by its first
    /// key, and beside it each name that is read of an element: it may stand in
    /// the element or, where that is no object, in the event.
    pub properties: BTreeMap<Option<Text>, BTreeSet<Path>>,
    /// Values of the context that are read.
    pub context: BTreeSet<Path>,
    /// The regular expressions that are looked for, as they are written.
    pub patterns: BTreeSet<String>,
}

/// What a condition reads itself; of other audiences it reads the membership only.
pub fn footprint(condition: &Condition) -> Footprint {
    let mut found = Footprint::default();
    found.condition(condition);
    found
}

/// What a condition reads with all the audiences that it names.
pub fn whole_footprint(condition: &Condition) -> Footprint {
    let mut found = footprint(condition);
    let mut waiting: Vec<&Condition> = vec![condition];
    let mut seen: BTreeSet<Text> = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        for leaf in next.leaves() {
            match leaf {
                Predicate::InAudience(audience) if seen.insert(audience.name.clone()) => {
                    found.condition(&audience.condition);
                    waiting.push(&audience.condition);
                }
                Predicate::Ranked(rank) => waiting.push(&rank.among),
                _ => {}
            }
        }
    }
    found
}

/// What a value of a person reads.
pub fn footprint_of_value(value: &Expr<PersonLeaf>) -> Footprint {
    let mut found = Footprint::default();
    found.expr(value, &mut |found, leaf| found.person_leaf(leaf));
    found
}

/// What reading one leaf adds.
type Read<'r, L> = &'r mut dyn FnMut(&mut Footprint, &L);

impl Footprint {
    pub(super) fn condition(&mut self, condition: &Condition) {
        for leaf in condition.leaves() {
            self.predicate(leaf);
        }
    }

    fn predicate(&mut self, predicate: &Predicate) {
        match predicate {
            Predicate::Did(occurrence) => {
                self.matcher(&occurrence.matcher);
                self.person_windows(&occurrence.windows);
            }
            Predicate::Pattern(pattern) => self.pattern(pattern),
            Predicate::Is(test) => self.test(test, &mut |found, leaf| found.person_leaf(leaf)),
            Predicate::InAudience(audience) => {
                self.audiences.insert(audience.name.clone());
            }
            Predicate::Ranked(rank) => {
                self.expr(&rank.value, &mut |found, leaf| found.person_leaf(leaf));
                self.condition(&rank.among);
            }
            Predicate::Drawn(_) => {}
            Predicate::Listed(list) => {
                self.identifiers = true;
                self.lists.insert(list.name.clone());
            }
            Predicate::Consent { purpose } => {
                self.streams.insert(Stream::Consent);
                self.purposes.insert(purpose.clone());
            }
        }
    }

    /// Takes what another one reads in as well.
    pub(super) fn join(&mut self, other: Footprint) {
        self.streams.extend(other.streams);
        self.any_event |= other.any_event;
        self.any_call |= other.any_call;
        self.attributes.extend(other.attributes);
        self.user_id |= other.user_id;
        self.purposes.extend(other.purposes);
        self.audiences.extend(other.audiences);
        self.models.extend(other.models);
        self.lists.extend(other.lists);
        self.identifiers |= other.identifiers;
        self.context.extend(other.context);
        self.patterns.extend(other.patterns);
        for (event, paths) in other.properties {
            self.properties.entry(event).or_default().extend(paths);
        }
    }

    pub(super) fn person_windows(&mut self, windows: &[Window<PersonLeaf>]) {
        for window in windows {
            self.window(window, &mut |found, leaf| found.person_leaf(leaf));
        }
    }

    /// The events of a matcher, and what their filters read.
    pub(super) fn matcher(&mut self, matcher: &Matcher) {
        for event in &matcher.0 {
            match &event.name {
                Some(name) => drop(self.streams.insert(Stream::Events(name.clone()))),
                None => self.any_event = true,
            }
            if let Some(filter) = &event.filter {
                self.filter(filter, event.name.as_ref());
            }
        }
    }

    /// The events of a pattern, what they agree on, and what its windows read.
    fn pattern(&mut self, pattern: &Pattern) {
        pattern.matchers().into_iter().for_each(|matcher| self.matcher(matcher));
        for window in pattern.bare_windows() {
            self.window(window, &mut |found, leaf| found.person_leaf(leaf));
        }
        pattern.lengths().into_iter().for_each(|length| {
            if let Length::Months(_, local) = length {
                self.local(local);
            }
        });
        let Form::Sequence(sequence) = &pattern.form else { return };
        self.any_event |= sequence.is_adjacent();
        if let Some(same) = &sequence.same {
            for event in sequence.matchers().into_iter().flat_map(|matcher| &matcher.0) {
                self.row_leaf(same, event.name.as_ref());
            }
        }
    }

    fn filter(&mut self, filter: &Filter, event: Option<&Text>) {
        for test in filter.leaves() {
            self.test(test, &mut |found, leaf| found.row_leaf(leaf, event));
        }
    }

    pub(super) fn aggregate(&mut self, aggregate: &Aggregate) {
        let items = aggregate.items.as_ref();
        self.matcher(&aggregate.matcher);
        self.person_windows(&aggregate.windows);
        for event in &aggregate.matcher.0 {
            let name = event.name.as_ref();
            if let Some(Step::Key(first)) = items.and_then(|items| items.steps().first()) {
                self.property(name, Path::key(first.clone()));
            }
            if let Some(value) = &aggregate.value {
                self.expr(value, &mut |found, leaf| found.row_leaf(leaf, name));
            }
        }
    }

    pub(super) fn person_leaf(&mut self, leaf: &PersonLeaf) {
        match leaf {
            PersonLeaf::Attribute { path, .. } => {
                self.streams.insert(Stream::Identify);
                if let Some(Step::Key(name)) = path.steps().first() {
                    self.attributes.insert(name.clone());
                }
            }
            PersonLeaf::GroupId => drop(self.streams.insert(Stream::Group)),
            PersonLeaf::UserId => self.user_id = true,
            PersonLeaf::FirstSeen | PersonLeaf::LastSeen => self.any_call = true,
            PersonLeaf::Aggregate(aggregate) => self.aggregate(aggregate),
            PersonLeaf::Score(score) => {
                // The first call of a person is what gives them a score at all.
                self.any_call = true;
                self.models.insert((score.model.clone(), score.version));
                for feature in &score.features {
                    self.expr(&feature.value, &mut |found, leaf| found.person_leaf(leaf));
                }
            }
        }
    }

    fn row_leaf(&mut self, leaf: &RowLeaf, event: Option<&Text>) {
        match leaf {
            RowLeaf::Property { path, .. } | RowLeaf::Enclosing { path, .. } => {
                self.property(event, path.clone());
            }
            RowLeaf::Context { path } => drop(self.context.insert(path.clone())),
            RowLeaf::Person(leaf) => self.person_leaf(leaf),
            RowLeaf::Local { zone, .. } => self.local(zone),
            RowLeaf::Element { .. }
            | RowLeaf::When
            | RowLeaf::Received
            | RowLeaf::Channel
            | RowLeaf::Source
            | RowLeaf::CallType => {}
        }
    }

    fn property(&mut self, event: Option<&Text>, path: Path) {
        self.properties.entry(event.cloned()).or_default().insert(path);
    }

    fn test<L>(&mut self, test: &Test<L>, read: Read<'_, L>) {
        self.expr(&test.subject, read);
        match &test.check {
            Check::Compare(_, other) => self.expr(other, read),
            Check::Matches(pattern) => drop(self.patterns.insert(pattern.to_string())),
            Check::InList(list) => drop(self.lists.insert(list.name.clone())),
            Check::Known(_) | Check::OneOf { .. } | Check::InNetwork(_) | Check::Near { .. } => {}
            Check::Version(all) => all.iter().for_each(|(_, other)| self.expr(other, read)),
            Check::Between(from, to) => {
                self.expr(from, read);
                self.expr(to, read);
            }
            Check::Text { part, .. } => self.expr(part, read),
            Check::Has { elements, .. } => {
                elements.iter().for_each(|element| self.expr(element, read));
            }
            Check::During(window, local) => {
                self.window(window, read);
                self.local(local);
            }
        }
    }

    fn expr<L>(&mut self, expr: &Expr<L>, read: Read<'_, L>) {
        match expr {
            Expr::Leaf(leaf) => read(self, leaf),
            Expr::Literal(_) => {}
            Expr::Arithmetic { left, right, .. } => {
                self.expr(left, read);
                self.expr(right, read);
            }
            Expr::Negative(inner) => self.expr(inner, read),
            Expr::Coalesce(parts) => parts.iter().for_each(|part| self.expr(part, read)),
            Expr::Elapsed { point, zone, .. } => {
                self.point(point, read);
                self.local(zone);
            }
            Expr::Call { of, zone, .. } => {
                self.expr(of, read);
                self.local(zone);
            }
            Expr::Choice(choice) => self.choice(choice, read),
        }
    }

    fn choice<L>(&mut self, choice: &Choice<L>, read: Read<'_, L>) {
        for asked in choice.condition.leaves() {
            match asked {
                Asked::Is(test) => self.test(test, read),
                Asked::Person(predicate) => self.predicate(predicate),
            }
        }
        self.expr(&choice.then, read);
        self.expr(&choice.otherwise, read);
    }

    fn window<L>(&mut self, window: &Window<L>, read: Read<'_, L>) {
        match window {
            Window::Last { .. } | Window::Next { .. } | Window::Ago { .. } => {}
            Window::Calendar(_, local) => self.local(local),
            Window::Range { from, to } => {
                for edge in from.iter().chain(to) {
                    self.point(&edge.point, read);
                }
            }
            Window::Within { point, zone, .. } | Window::WithinMonths { point, zone, .. } => {
                self.point(point, read);
                self.local(zone);
            }
        }
    }

    fn point<L>(&mut self, point: &Point<L>, read: Read<'_, L>) {
        match point {
            Point::Instant(_) | Point::Day { .. } => {}
            Point::Anchor(_, matcher) => self.matcher(matcher),
            Point::Value(expr, local) => {
                self.expr(expr, read);
                self.local(local);
            }
        }
    }

    /// The zone of each person is what `identify` calls say.
    fn local(&mut self, local: &Local) {
        if local.is_theirs() {
            self.streams.insert(Stream::Identify);
            self.attributes.insert("timezone".into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::parse;
    use crate::model::Timestamp;
    use crate::query::catalog::Catalog;

    fn catalog() -> Catalog {
        let mut catalog = Catalog::default();
        let text = "declare event order.total: number; declare event visit; declare attribute x: date;
            create audience a requiring consent for \"email\" is people whose last_seen in last 3 days;
            create audience b is people in audience a and did order where (total > 3) since x
              and hours since last visit < 3";
        for statement in parse(text).statements {
            catalog.define(&statement, Timestamp::EPOCH).unwrap();
        }
        catalog
    }

    #[test]
    fn what_is_read_is_named_once_and_of_other_audiences_only_the_membership() {
        let catalog = catalog();
        let found = footprint(&catalog.audience("b").unwrap().condition);
        let streams: Vec<Stream> = found.streams.iter().cloned().collect();
        let events = |name: &str| Stream::Events(name.into());
        assert_eq!(streams, [events("order"), events("visit"), Stream::Identify]);
        assert_eq!(found.audiences, BTreeSet::from(["a".into()]));
        assert_eq!(found.attributes, BTreeSet::from(["x".into()]));
        assert!(found.purposes.is_empty() && !found.any_call);
    }

    #[test]
    fn the_whole_footprint_goes_through_the_audiences() {
        let catalog = catalog();
        let found = whole_footprint(&catalog.audience("b").unwrap().condition);
        assert!(found.any_call && found.purposes.contains("email"));
    }
}
