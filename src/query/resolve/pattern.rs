//! Patterns: sequences and combinations of events.

use super::length::Measure;
use super::row::{Events, RowScope};
use super::{Kinds, Resolver};
use crate::lang::tree;
use crate::lang::{Code, Diagnostic, Span};
use crate::model::Text;
use crate::query::predicate::{
    Binds, CountRange, Expr, Form, Gap, Length, Link, Matcher, Pattern, Placing, RowLeaf, Sequence,
    Step, Tail,
};

/// Steps of a sequence, tails counted, and kinds of a combination.
const STEPS_MAX: usize = 32;

impl Resolver<'_> {
    /// A sequence, so many times.
    pub(super) fn sequence(
        &mut self,
        sequence: &tree::Sequence,
        windows: &[tree::Placing],
        count: CountRange,
    ) -> Option<Pattern> {
        self.few_enough(1 + sequence.steps.len() + sequence.tails.len(), sequence.span)?;
        let first = self.matcher(&sequence.first).map(|matcher| {
            let (gaps, without) = (Vec::new(), None);
            Step { link: Link::Then, matcher, gaps, without }
        });
        let mut steps = vec![first];
        steps.extend(sequence.steps.iter().map(|step| self.step(step)));
        let tails: Vec<Option<Tail>> = sequence.tails.iter().map(|tail| self.tail(tail)).collect();
        let total = self.whole_length(sequence.total.as_ref());
        let windows = self.placings(windows);
        let (steps, tails) = (whole(steps)?, whole(tails)?);
        let same = self.same(sequence.same.as_ref(), &steps, &tails)?;
        let form = Form::Sequence(Sequence { steps, tails, same });
        Some(Pattern { form, total: total?, windows: windows?, count })
    }

    /// A combination, or with a count of none its absence.
    pub(super) fn combination(
        &mut self,
        combination: &tree::Combination,
        windows: &[tree::Placing],
        count: CountRange,
    ) -> Option<Pattern> {
        let n_kinds = combination.events.len();
        self.few_enough(n_kinds, combination.span)?;
        let needed = combination.needed.unwrap_or(n_kinds as u64);
        if needed == 0 || needed > n_kinds as u64 {
            let message = format!("{needed} of {n_kinds} events cannot be looked for");
            return self.refuse(
                Diagnostic::error(Code::Combination, combination.span, message)
                    .help(format!("write a number from 1 to {n_kinds}, or `all of`")),
            );
        }
        let kinds: Vec<Option<Matcher>> =
            combination.events.iter().map(|event| self.one_event(event)).collect();
        let total = self.whole_length(combination.total.as_ref());
        let windows = self.placings(windows);
        let form = Form::Combination { kinds: whole(kinds)?, needed: needed as usize };
        Some(Pattern { form, total: total?, windows: windows?, count })
    }

    /// A combination is there or not, however often.
    pub(super) fn combination_takes_no_count<T>(&mut self, span: Span) -> Option<T> {
        let message = "a combination is there or not, so it takes no count";
        self.refuse(
            Diagnostic::error(Code::Combination, span, message)
                .help("a sequence may be counted: `did (a then b) at least 2 times`"),
        )
    }

    fn few_enough(&mut self, n_steps: usize, span: Span) -> Option<()> {
        if n_steps <= STEPS_MAX {
            return Some(());
        }
        let message = format!("a pattern has at most {STEPS_MAX} events, this one has {n_steps}");
        self.refuse(Diagnostic::error(Code::Combination, span, message))
    }

    fn step(&mut self, step: &tree::Step) -> Option<Step> {
        let link = match step.link {
            tree::Link::Then => Link::Then,
            tree::Link::Immediately => Link::Immediately,
            tree::Link::Strictly => Link::Strictly,
        };
        let matcher = self.matcher(&step.matcher);
        let gaps = self.gaps(&step.gaps);
        let others: Vec<Option<Matcher>> =
            step.without.iter().map(|other| self.matcher(other)).collect();
        let others: Vec<_> = whole(others)?.into_iter().flat_map(|other| other.0).collect();
        let without = (!others.is_empty()).then_some(Matcher(others));
        Some(Step { link, matcher: matcher?, gaps: gaps?, without })
    }

    fn tail(&mut self, tail: &tree::Tail) -> Option<Tail> {
        let matcher = self.matcher(&tail.matcher);
        let gaps = self.gaps(&tail.gaps);
        Some(Tail { matcher: matcher?, gaps: gaps? })
    }

    fn gaps(&mut self, gaps: &[tree::Gap]) -> Option<Vec<Gap>> {
        let gaps: Vec<Option<Gap>> = gaps
            .iter()
            .map(|gap| match gap {
                tree::Gap::Within(reach) => self.span_of_time(reach).map(Gap::Within),
                tree::Gap::AtLeast(reach) => self.span_of_time(reach).map(Gap::AtLeast),
            })
            .collect();
        whole(gaps)
    }

    #[expect(clippy::option_option, reason = "no total is not an error")]
    fn whole_length(&mut self, total: Option<&tree::Reach>) -> Option<Option<Length>> {
        match total {
            None => Some(None),
            Some(reach) => self.span_of_time(reach).map(Some),
        }
    }

    /// A length between two instants.
    fn span_of_time(&mut self, reach: &tree::Reach) -> Option<Length> {
        Some(match self.reach(reach, Kinds::INSTANT)? {
            Measure::Ms(ms) => Length::Ms(ms),
            Measure::Months(months) => Length::Months(months, self.zone.clone()),
        })
    }

    fn placings(&mut self, windows: &[tree::Placing]) -> Option<Vec<Placing>> {
        let placings: Vec<Option<Placing>> = windows
            .iter()
            .map(|placing| {
                let binds = match placing.binds {
                    tree::Binds::Each => Binds::Each,
                    tree::Binds::First => Binds::First,
                    tree::Binds::Last => Binds::Last,
                };
                let window = self.event_windows(std::slice::from_ref(&placing.window))?.pop()?;
                Some(Placing { binds, window })
            })
            .collect();
        whole(placings)
    }

    /// What the events agree on: a value as it was sent, whatever its declared type.
    #[expect(clippy::option_option, reason = "no key is not an error")]
    fn same(
        &mut self,
        path: Option<&tree::ValuePath>,
        steps: &[Step],
        tails: &[Tail],
    ) -> Option<Option<RowLeaf>> {
        let Some(path) = path else { return Some(None) };
        let matchers: Vec<&Matcher> =
            steps.iter().map(|s| &s.matcher).chain(tails.iter().map(|t| &t.matcher)).collect();
        let names: Option<Vec<Text>> = matchers
            .iter()
            .flat_map(|matcher| &matcher.0)
            .map(|event| event.name.clone())
            .collect();
        let events = names.map_or(Events::Any, Events::Named);
        let scope = RowScope { events, items: None };
        let Expr::Leaf(leaf) = self.row_path(&scope, path)?.expr else { return None };
        self.warn_of_keyless(&scope, path);
        Some(Some(match leaf {
            RowLeaf::Property { path, .. } => RowLeaf::Property { path, declared: None },
            other => other,
        }))
    }

    /// W202: events that never have the key agree with nothing.
    fn warn_of_keyless(&mut self, scope: &RowScope, path: &tree::ValuePath) {
        let Events::Named(names) = &scope.events else { return };
        if path.head != tree::PathHead::Bare {
            return;
        }
        let steps = super::person::steps(&path.first.node, &path.rest);
        if !self.is_property(scope, &steps) {
            return;
        }
        for name in names {
            if !self.is_property(&RowScope::of(name), &steps) {
                let key = &path.first.node;
                let message = format!("no `{name}` has `{key}`, so it agrees with no other event");
                self.warn(Code::AlwaysOrNever, path.span, message, None);
            }
        }
    }
}

/// Every part, if each could be resolved.
fn whole<T>(parts: Vec<Option<T>>) -> Option<Vec<T>> {
    parts.into_iter().collect()
}
