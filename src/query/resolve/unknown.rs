//! Names of events and properties that nobody knows, and what was probably meant.

use super::Resolver;
use super::row::{Events, RowScope};
use super::synonym::another_word;
use super::words::ago;
use crate::lang::{Code, Diagnostic, Span, nearest};
use crate::model::{Path, Step, Text, counted};

impl Resolver<'_> {
    /// No call has carried this in its context.
    pub(super) fn unknown_context<T>(&mut self, steps: &[Step], span: Span) -> Option<T> {
        let shown = Path::new(steps.to_vec()).map_or_else(String::new, |path| path.to_string());
        let mut found =
            Diagnostic::error(Code::UnknownEvent, span, format!("unknown context `{shown}`"))
                .label("no call has carried it");
        let context = self.catalog.facts().context();
        if let Some(meant) = meant_step(steps, |above| own(context.keys_below(above))) {
            found = found.help(format!("did you mean `context.{}`?", meant.0));
        }
        self.refuse(found)
    }

    /// Declarations give one name different types.
    pub(super) fn ambiguous_type<T>(&mut self, path: &Path, span: Span) -> Option<T> {
        self.refuse(
            Diagnostic::error(
                Code::TypeMismatch,
                span,
                format!("`{path}` is declared differently for these events"),
            )
            .help("ask about one event at a time, or declare one type for all of them"),
        )
    }

    /// None of the events has it.
    pub(super) fn unknown_property<T>(
        &mut self,
        scope: &RowScope,
        steps: &[Step],
        span: Span,
    ) -> Option<T> {
        let shown = Path::new(steps.to_vec()).map_or_else(String::new, |path| path.to_string());
        let way = scope.items.as_ref().map_or(&[][..], Path::steps);
        let objects = self.n_to_objects(scope);
        let around = RowScope { items: None, ..scope.clone() };
        let whose = match (scope.only(), objects) {
            (Some(_), Some(n)) => {
                let items = Path::new(way[..n].to_vec()).map(|path| path.to_string());
                format!("no element of `{}` has it", items.unwrap_or_default())
            }
            (Some(name), None) => {
                let n = self.keys_below(scope, &[]).len();
                format!("`{name}` has no such property ({n} known)")
            }
            (None, _) => "none of these events has such a property".to_owned(),
        };
        let mut found =
            Diagnostic::error(Code::UnknownEvent, span, format!("unknown property `{shown}`"))
                .label(whose);
        if objects.is_some() && self.is_property(&around, steps) {
            return self.refuse(found.help(format!("the event has it: write `event.{shown}`")));
        }
        let above = &way[..objects.unwrap_or(0)];
        let meant = meant_step(steps, |inner| self.keys_below(scope, &[above, inner].concat()));
        if let Some(help) = self.meant_property(steps, meant) {
            found = found.help(help);
        }
        self.refuse(found)
    }

    fn meant_property(&self, steps: &[Step], meant: Option<(String, u64)>) -> Option<String> {
        if let Some(help) = self.as_text(steps) {
            return Some(help);
        }
        if let Some((meant, n)) = meant {
            return Some(format!("did you mean `{meant}` ({})?", counted(n, "value", "values")));
        }
        let Some(Step::Key(key)) = steps.first() else { return None };
        if self.catalog.knows_attribute(&steps[..1]) || self.catalog.trait_named(key).is_some() {
            return Some(format!("the person has it: write `profile.{key}`"));
        }
        None
    }

    fn keys_below(&self, scope: &RowScope, steps: &[Step]) -> Vec<(String, u64)> {
        let of_event = |name: &Text| self.catalog.properties_below(name, steps);
        match &scope.events {
            Events::Any => {
                self.catalog.events().iter().flat_map(|(name, _)| of_event(name)).collect()
            }
            Events::Named(names) => names.iter().flat_map(of_event).collect(),
        }
    }

    /// A bare word beside a value whose texts are like it.
    pub(super) fn as_text(&self, steps: &[Step]) -> Option<String> {
        let (Some(texts), [Step::Key(word)]) = (&self.against, steps) else { return None };
        let exact = texts.iter().find(|text| text.eq_ignore_ascii_case(word));
        // Without an example that says so, only what stands in capitals is surely no name.
        let is_code = word.chars().all(|c| c.is_ascii_uppercase());
        let text = exact.or(is_code.then_some(word))?;
        Some(format!("a text stands in double quotes: write `\"{text}\"`"))
    }

    /// Aggregates read events; a value of each person is something else.
    pub(super) fn of_people_and_no_event(&self, name: &str) -> Option<String> {
        let steps = [Step::Key(name.into())];
        let what = match () {
            () if self.catalog.trait_named(name).is_some() => "a trait",
            () if self.catalog.facts().attributes().at(&steps).is_some() => "an attribute",
            () => return None,
        };
        let name = crate::lang::print_name(name);
        Some(format!(
            "`{name}` is {what}, and here stands an event: `list {name} of everyone` shows it, \
             `count everyone by {name}` counts its values"
        ))
    }

    /// The event that was probably meant, with its use.
    pub(super) fn meant_event(&self, name: &str, events: &[(Text, u64)]) -> Option<String> {
        if let Some(phrase) = super::synonym::phrase(name) {
            return Some(phrase.to_owned());
        }
        let near = nearest(name, events.iter().map(|(name, n)| (&**name, *n)));
        let meant = near.or_else(|| another_word(name, events))?;
        Some(match self.catalog.facts().event(meant) {
            Some(facts) => format!(
                "did you mean `{meant}` ({}, last seen {})?",
                counted(facts.seen.count, "event", "events"),
                ago(self.now, facts.seen.last)
            ),
            None => format!("did you mean `{meant}` (declared, not seen yet)?"),
        })
    }
}

/// The path with its first unknown key replaced by the one that was probably
/// meant, and the use of that.
fn meant_step(
    steps: &[Step],
    known: impl Fn(&[Step]) -> Vec<(String, u64)>,
) -> Option<(String, u64)> {
    let mut right: Vec<Step> = Vec::new();
    for step in steps {
        let Step::Key(key) = step else {
            right.push(step.clone());
            continue;
        };
        let below = known(&right);
        if below.iter().any(|(name, _)| **name == **key) {
            right.push(step.clone());
            continue;
        }
        let meant = nearest(key, below.iter().map(|(name, n)| (name.as_str(), *n)))?;
        let n = below.iter().find(|(name, _)| name == meant).map_or(0, |(_, n)| *n);
        let after = right.len() + 1;
        right.push(Step::Key(meant.into()));
        right.extend_from_slice(&steps[after..]);
        return Path::new(right).map(|path| (path.to_string(), n));
    }
    None
}

fn own(keys: Vec<(&str, u64)>) -> Vec<(String, u64)> {
    keys.into_iter().map(|(key, n)| (key.to_owned(), n)).collect()
}
