//! What a definition or a report means, as an indented tree in words, and what it reads.
//!
//! It does not know what anything costs: whoever holds the facts adds that.

mod amounts;

use super::Question;
use super::catalog::Catalog;
use super::footprint::{Footprint, footprint_of_value, whole_footprint};
use super::predicate::{Audience, Condition, Expr, PersonLeaf, Predicate, Tree};
use super::resolve::Explanation;
use super::words::{
    aggregate_words, cut, expr, matcher, occurrence, pattern, predicate, test, value, windows,
};
use crate::model::{Stream, Text, Value};
use amounts::Amounts;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The meaning in words, line by line.
///
/// ```
/// use throng::lang::parse;
/// use throng::model::Timestamp;
/// use throng::query::catalog::Catalog;
/// use throng::query::explain::explain;
/// use throng::query::resolve::{Resolved, resolve};
///
/// let text = "explain count people whose first_seen in last 7 days";
/// let catalog = Catalog::default();
/// let resolved = resolve(&parse(text).statements[0], &catalog, Timestamp::EPOCH);
/// let Ok(Resolved::Explain(what)) = resolved else { panic!() };
/// assert!(explain(&what, &catalog).contains("first_seen in last 7 days"));
/// ```
pub fn explain(what: &Explanation, catalog: &Catalog) -> String {
    let mut out = Outline::default();
    let reads = match what {
        Explanation::Audience(audience) => {
            out.audience(audience, 0);
            whole_footprint(&audience.condition)
        }
        Explanation::Trait(name, value) => {
            out.line(0, &format!("trait {name}"));
            out.line(1, &expr(value));
            footprint_of_value(value)
        }
        Explanation::Condition(name, condition) => {
            out.line(0, &format!("condition {name}"));
            out.condition(condition, 1);
            whole_footprint(condition)
        }
        Explanation::Question(question) => out.question(question),
        // What it means is who would be whom, which takes the facts.
        Explanation::Identifier(declared) => {
            out.line(0, &format!("identifier {}", declared.name));
            return out.text;
        }
    };
    out.reads(&reads, &Amounts { catalog, reads: &reads });
    out.text
}

/// A predicate in words.
///
/// ```
/// use throng::query::{explain::words_of, predicate::Predicate};
/// let consent = Predicate::Consent { purpose: "email".into() };
/// assert_eq!(words_of(&consent), "consent for \"email\"");
/// ```
pub fn words_of(found: &Predicate) -> String {
    predicate(found)
}

/// A value as a text of the language writes it.
///
/// ```
/// assert_eq!(throng::query::explain::value_of(&"a".into()), "\"a\"");
/// ```
pub fn value_of(found: &Value) -> String {
    value(found)
}

/// What a report reads.
///
/// ```
/// use throng::query::{Question, explain::reads_of, predicate::Condition};
/// let people = Condition::always();
/// let count = Question::CountPeople { people, by: Vec::new(), top: None };
/// assert!(reads_of(&count).streams.is_empty());
/// ```
pub fn reads_of(question: &Question) -> Footprint {
    Outline::default().question(question)
}

#[derive(Default)]
struct Outline {
    text: String,
    /// Audiences that were drawn already: each is drawn once.
    drawn: BTreeSet<Text>,
}

impl Outline {
    fn line(&mut self, depth: usize, words: &str) {
        let _ = writeln!(self.text, "{:1$}{words}", "", 2 * depth);
    }

    fn audience(&mut self, audience: &Audience, depth: usize) {
        let head = format!(
            "audience {}, version {}, days begin in {}",
            audience.name,
            audience.version,
            audience.zone.name()
        );
        self.line(depth, &head);
        if self.drawn.insert(audience.name.clone()) {
            self.condition(&audience.condition, depth + 1);
        } else {
            self.line(depth + 1, "as above");
        }
    }

    fn condition(&mut self, condition: &Condition, depth: usize) {
        match condition {
            Tree::All(parts) if parts.is_empty() => self.line(depth, "everyone"),
            Tree::Any(parts) if parts.is_empty() => self.line(depth, "nobody"),
            Tree::All(parts) => self.parts("all of", parts, depth),
            Tree::Any(parts) => self.parts("any of", parts, depth),
            Tree::Not(part) => {
                self.line(depth, "not");
                self.condition(part, depth + 1);
            }
            Tree::Leaf(Predicate::Did(found)) => self.line(depth, &occurrence(found)),
            Tree::Leaf(Predicate::Pattern(found)) => self.line(depth, &pattern(found)),
            Tree::Leaf(Predicate::Is(found)) => self.line(depth, &test(found)),
            Tree::Leaf(Predicate::Consent { purpose }) => {
                self.line(depth, &format!("consent for {purpose:?}"));
            }
            Tree::Leaf(Predicate::Ranked(found)) => {
                self.line(depth, &cut(found));
                self.line(depth + 1, "among");
                self.condition(&found.among, depth + 2);
            }
            Tree::Leaf(found @ (Predicate::Drawn(_) | Predicate::Listed(_))) => {
                self.line(depth, &predicate(found));
            }
            Tree::Leaf(Predicate::InAudience(audience)) => {
                self.line(depth, "in");
                self.audience(audience, depth + 1);
            }
        }
    }

    fn parts(&mut self, head: &str, parts: &[Condition], depth: usize) {
        self.line(depth, head);
        parts.iter().for_each(|part| self.condition(part, depth + 1));
    }

    /// Draws a report and gives what it reads.
    fn question(&mut self, question: &Question) -> Footprint {
        let mut reads = Footprint::default();
        match question {
            Question::CountPeople { people, by, .. } => {
                self.line(0, "one number: people");
                self.people(people, &mut reads);
                self.columns("for each value of", by.iter().map(|by| &by.value), &mut reads);
            }
            Question::CountEvents { matcher: found, windows: within, people, by, .. } => {
                self.line(0, &format!("events {}{}", matcher(found), windows(within)));
                reads.matcher(found);
                reads.person_windows(within);
                self.people(people, &mut reads);
                self.columns("for each value of", by.iter().map(|by| &by.value), &mut reads);
            }
            Question::Total { aggregates, people, by, .. } => {
                self.line(0, "over the events of all of them together");
                for (_, aggregate) in aggregates {
                    self.line(1, &aggregate_words(aggregate));
                    reads.aggregate(aggregate);
                }
                self.people(people, &mut reads);
                self.columns("for each value of", by.iter().map(|by| &by.value), &mut reads);
            }
            Question::List { columns, people, sort, .. } => {
                let values = columns.iter().map(|column| &column.value);
                self.columns("one row a person", values, &mut reads);
                self.people(people, &mut reads);
                self.columns("sorted by", sort.iter().map(|sort| &sort.value), &mut reads);
            }
            Question::Trend { aggregates, windows: within, people, by, .. } => {
                self.line(0, &format!("for each period{}", windows(within)));
                for (_, aggregate) in aggregates {
                    self.line(1, &aggregate_words(aggregate));
                    reads.aggregate(aggregate);
                }
                reads.person_windows(within);
                self.people(people, &mut reads);
                self.columns("for each value of", by.iter().map(|by| &by.value), &mut reads);
            }
            Question::Funnel { steps, people, by, .. } => {
                self.line(0, "how far people come in");
                if let Some((_, whole)) = steps.last() {
                    let whole = Tree::Leaf(Predicate::Pattern(Box::new(whole.clone())));
                    self.condition(&whole, 1);
                    reads.join(whole_footprint(&whole));
                }
                self.people(people, &mut reads);
                self.columns("for each value of", by.iter().map(|by| &by.value), &mut reads);
            }
            Question::Retention { of, returning, windows: within, people, by, .. } => {
                self.line(0, &format!("who began with {}{}", matcher(of), windows(within)));
                self.line(0, &format!("and came back for {}", matcher(returning)));
                reads.matcher(of);
                reads.matcher(returning);
                reads.person_windows(within);
                self.people(people, &mut reads);
                self.columns("for each value of", by.iter().map(|by| &by.value), &mut reads);
            }
            Question::Forecast { audience, .. } => {
                self.line(0, "who enters and leaves if nothing happens");
                self.audience(audience, 1);
                reads.join(whole_footprint(&audience.condition));
            }
            Question::Overlap { audiences } => {
                self.line(0, "for each two of");
                for audience in audiences {
                    self.audience(audience, 1);
                    reads.audiences.insert(audience.name.clone());
                    reads.join(whole_footprint(&audience.condition));
                }
            }
            Question::Timeline { windows: within, .. } => {
                self.line(0, &format!("every event of one person{}", windows(within)));
                reads.person_windows(within);
                reads.any_event = true;
            }
        }
        reads
    }

    fn people(&mut self, people: &Condition, reads: &mut Footprint) {
        self.line(0, "of people");
        self.condition(people, 1);
        reads.join(whole_footprint(people));
    }

    fn columns<'v>(
        &mut self,
        head: &str,
        values: impl Iterator<Item = &'v Expr<PersonLeaf>>,
        reads: &mut Footprint,
    ) {
        for (place, value) in values.enumerate() {
            if place == 0 {
                self.line(0, head);
            }
            self.line(1, &expr(value));
            reads.join(footprint_of_value(value));
        }
    }

    fn reads(&mut self, reads: &Footprint, amounts: &Amounts<'_>) {
        if *reads == Footprint::default() {
            return self.line(0, "reads nothing but who exists");
        }
        self.line(0, "reads");
        if reads.any_call {
            self.line(1, "calls of every kind");
        }
        for stream in &reads.streams {
            if let Stream::Events(name) = stream {
                self.line(1, &amounts.of_event(&format!("event {name}"), Some(name)));
            }
        }
        if reads.any_event {
            self.line(1, &amounts.of_event("events of every name", None));
        }
        let named = [
            ("attributes", amounts.attributes()),
            ("context", join(&reads.context)),
            ("consent for", join(&reads.purposes)),
            ("audiences", join(&reads.audiences)),
            ("models", models(reads)),
            ("lists", join(&reads.lists)),
        ];
        for (word, names) in named.iter().filter(|(_, names)| !names.is_empty()) {
            self.line(1, &format!("{word} {names}"));
        }
        if reads.identifiers {
            self.line(1, "all identifiers");
        }
        if reads.user_id {
            self.line(1, "the user id");
        }
        if reads.streams.contains(&Stream::Group) {
            self.line(1, "the group");
        }
    }
}

fn models(reads: &Footprint) -> String {
    let named = reads.models.iter().map(|(name, version)| format!("{name} version {version}"));
    named.collect::<Vec<_>>().join(", ")
}

fn join(names: &BTreeSet<impl ToString>) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
