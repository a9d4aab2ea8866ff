//! Events that are looked for: names, filters, counts.

use super::row::{Events, RowScope};
use super::{Kinds, Resolver};
use crate::lang::tree::{self, Amount};
use crate::lang::{Code, Diagnostic, Span};
use crate::query::predicate::{
    Condition, CountRange, EventFilter, Filter, Matcher, Occurrence, PersonLeaf, Predicate, Tree,
    Window,
};

impl Resolver<'_> {
    /// `did`, `did not` and `never did`.
    pub(super) fn did(
        &mut self,
        negated: bool,
        never: bool,
        occurrence: &tree::Occurrence,
    ) -> Option<Condition> {
        if never && !(occurrence.windows.is_empty() && occurrence.times.is_none()) {
            return self.refuse(
                Diagnostic::error(
                    Code::NeverWindow,
                    occurrence.subject.span(),
                    "`never did` speaks of all time",
                )
                .help("with a window or a count write `did not`"),
            );
        }
        let (count, complement) = self.count(occurrence, negated || never)?;
        let leaf = self.counted(occurrence, count);
        self.warn_of_absence(occurrence, if complement { CountRange::NONE } else { count });
        let leaf = Tree::Leaf(leaf?);
        Some(if complement { leaf.not() } else { leaf })
    }

    /// What is looked for, so many times.
    fn counted(&mut self, occurrence: &tree::Occurrence, count: CountRange) -> Option<Predicate> {
        let placings = &occurrence.windows;
        match &occurrence.subject {
            tree::Subject::Events(events) => {
                let matcher = self.matcher(events);
                // One event alone is the first of its kind and the last.
                let windows = placings.iter().map(|placing| placing.window.clone());
                let windows = self.event_windows(&windows.collect::<Vec<_>>());
                Some(Predicate::Did(Occurrence { matcher: matcher?, windows: windows?, count }))
            }
            tree::Subject::Sequence(sequence) => {
                let pattern = self.inside(sequence.span, |resolver| {
                    resolver.sequence(sequence, placings, count)
                })?;
                Some(Predicate::Pattern(Box::new(pattern)))
            }
            tree::Subject::Combination(combination) => {
                if let Some(times) = &occurrence.times {
                    return self.combination_takes_no_count(times.span);
                }
                let pattern = self.inside(combination.span, |resolver| {
                    resolver.combination(combination, placings, count)
                })?;
                Some(Predicate::Pattern(Box::new(pattern)))
            }
        }
    }

    /// The count, and whether its complement is meant.
    fn count(
        &mut self,
        occurrence: &tree::Occurrence,
        negated: bool,
    ) -> Option<(CountRange, bool)> {
        let Some(times) = &occurrence.times else {
            let range = if negated { CountRange::NONE } else { CountRange::SOME };
            return Some((range, false));
        };
        match range_of(times.amount) {
            Some(range) => Some((range, negated)),
            None => self.refuse(
                Diagnostic::error(Code::Range, times.span, "no count fulfils this")
                    .help("counts begin at 0, and the smaller bound comes first"),
            ),
        }
    }

    /// Windows of events; each must hold.
    pub(super) fn event_windows(
        &mut self,
        windows: &[tree::Window],
    ) -> Option<Vec<Window<PersonLeaf>>> {
        let resolved: Vec<Option<Window<PersonLeaf>>> = windows
            .iter()
            .map(|window| self.window(&super::person::PersonScope, window, Kinds::INSTANT))
            .collect();
        let resolved: Vec<Window<PersonLeaf>> = resolved.into_iter().collect::<Option<_>>()?;
        let spans: Vec<Span> = windows.iter().map(|window| window.span).collect();
        self.warn_of_windows(&resolved, &spans);
        Some(resolved)
    }

    /// Which events.
    pub(super) fn matcher(&mut self, matcher: &tree::Matcher) -> Option<Matcher> {
        match matcher {
            tree::Matcher::Event(event) => self.one_event(event),
            tree::Matcher::AnyOf(events, _) => {
                let filters: Vec<Option<EventFilter>> =
                    events.iter().map(|event| self.event_filter(event)).collect();
                filters.into_iter().collect::<Option<Vec<_>>>().map(Matcher)
            }
            tree::Matcher::AnyEvent(filter, _) => {
                self.uses.any_event = true;
                let scope = RowScope { events: Events::Any, items: None };
                let filter = self.optional_filter(&scope, filter.as_deref())?;
                Some(Matcher(vec![EventFilter { name: None, filter }]))
            }
        }
    }

    /// Events of one name.
    pub(super) fn one_event(&mut self, event: &tree::Event) -> Option<Matcher> {
        self.event_filter(event).map(|filter| Matcher(vec![filter]))
    }

    fn event_filter(&mut self, event: &tree::Event) -> Option<EventFilter> {
        let name = self.event_name(&event.name)?;
        let filter = self.optional_filter(&RowScope::of(&name), event.filter.as_deref())?;
        Some(EventFilter { name: Some(name), filter })
    }

    /// A filter that may not be there.
    pub(super) fn optional_filter(
        &mut self,
        scope: &RowScope,
        filter: Option<&tree::Condition>,
    ) -> Option<Option<Filter>> {
        match filter {
            None => Some(None),
            // What another filter around this one fixes is of another event.
            Some(condition) => {
                let around = self.of_no_event();
                let filter = self.filter(scope, condition);
                self.fixed = around;
                filter.map(Some)
            }
        }
    }

    /// Settles that a person's consent may be asked for.
    pub(super) fn consent(&mut self, negated: bool, purpose: &tree::Name) -> Condition {
        self.uses.purposes.insert(purpose.node.clone());
        let leaf = Tree::Leaf(Predicate::Consent { purpose: purpose.node.clone() });
        if negated { leaf.not() } else { leaf }
    }

    /// Nothing of that name is there, and what may have been meant.
    pub(super) fn unknown_audience<T>(&mut self, name: &tree::Name) -> Option<T> {
        let known: Vec<&str> = self.catalog.audiences().map(|found| &*found.name).collect();
        let found = Diagnostic::error(
            Code::UnknownAudience,
            name.span,
            format!("unknown audience `{}`", name.node),
        )
        .label(format!("no such audience ({} known)", known.len()));
        let help = meant_audience(&name.node, &known);
        self.refuse(found.help(help))
    }

    /// A condition on one event stands where one on the person cannot.
    pub(super) fn not_in_where<T>(&mut self, span: Span, what: &str) -> Option<T> {
        self.refuse(
            Diagnostic::error(
                Code::NotInWhere,
                span,
                format!("{what} is asked of a person, and `where ( )` asks one event"),
            )
            .help("put it outside of the parentheses, joined by `and`"),
        )
    }
}

/// What to do about an audience that nobody defined.
pub(in crate::query) fn meant_audience(name: &str, known: &[&str]) -> String {
    match crate::lang::nearest(name, known.iter().map(|name| (*name, 0))) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => {
            format!("define it: `create audience {name} is people who did ...`")
        }
        None => "`show audiences` lists those that there are".to_owned(),
    }
}

/// The counts that an amount allows, if there is one.
pub(super) fn range_of(amount: Amount) -> Option<CountRange> {
    let (least, most) = match amount {
        Amount::AtLeast(n) => (n, None),
        Amount::AtMost(n) => (0, Some(n)),
        Amount::Exactly(n) => (n, Some(n)),
        Amount::MoreThan(n) => (n.checked_add(1)?, None),
        Amount::FewerThan(n) => (0, Some(n.checked_sub(1)?)),
        Amount::Between(least, most) => (least, Some(most)),
    };
    most.is_none_or(|most| least <= most).then_some(CountRange { least, most })
}
