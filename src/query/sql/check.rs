//! Tests of one value. A missing operand makes each of them false, except `is unknown`.

use super::cell::{Cell, letter, lettered};
use super::expression::Leaf;
use super::refused::Made;
use super::sql::{Scope, Sql, all_of, any_of, surely};
use crate::model::{Kind, Value};
use crate::query::predicate::{Check, Comparison, Expr, Test};
use unicode_casefold::UnicodeCaseFold;

/// Kinds with an order of size.
const SIZED: [Kind; 4] = [Kind::Number, Kind::Instant, Kind::Date, Kind::Duration];

impl Sql {
    /// Whether a value passes; never NULL.
    pub(super) fn test<L: Leaf>(&mut self, test: &Test<L>, scope: &mut Scope) -> Made<String> {
        let subject = self.value(&test.subject, scope)?;
        Ok(surely(&self.check(&subject, &test.check, scope)?))
    }

    fn check<L: Leaf>(
        &mut self,
        subject: &Cell,
        check: &Check<L>,
        scope: &mut Scope,
    ) -> Made<String> {
        Ok(match check {
            Check::Compare(comparison, other) => {
                let other = self.value(other, scope)?;
                self.compared(*comparison, subject, &other)
            }
            Check::Known(true) => self.known(subject),
            Check::Known(false) => format!("NOT ({})", self.known(subject)),
            Check::OneOf { values, negated } => self.one_of(subject, values, *negated),
            Check::Between(low, high) => {
                let [low, high] = [self.value(low, scope)?, self.value(high, scope)?];
                all_of(vec![
                    self.compared(Comparison::AtLeast, subject, &low),
                    self.compared(Comparison::AtMost, subject, &high),
                ])
            }
            Check::Text { place, part, ignoring_case } => {
                let part = self.value(part, scope)?;
                let text = self.read(subject, Kind::Text);
                let [text, part] = match ignoring_case {
                    true => [format!("lower({text})"), self.folded(&part)],
                    false => [text, self.read(&part, Kind::Text)],
                };
                self.dialect.stands(*place, &text, &part)
            }
            Check::Has { elements, all } => self.has(subject, (elements, *all), scope)?,
            Check::During(window, zone) => {
                let clock = self.clock(zone, scope);
                self.during(subject, (window, &clock), scope)?
            }
            Check::InList(list) => self.in_list(subject, &list.name),
            Check::Matches(pattern) => {
                let text = self.read(subject, Kind::Text);
                self.matches(&text, pattern)
            }
            Check::InNetwork(network) => self.in_network(subject, *network),
            Check::Near { km, of } => self.near(subject, *km, *of),
            Check::Version(all) => {
                let others = all.iter().map(|(how, other)| Ok((*how, self.value(other, scope)?)));
                let others = others.collect::<Made<Vec<_>>>()?;
                self.version(subject, &others)
            }
        })
    }

    pub(super) fn compared(&self, comparison: Comparison, left: &Cell, right: &Cell) -> String {
        match comparison {
            Comparison::Equal | Comparison::NotEqual => {
                self.equal(left, right, comparison == Comparison::NotEqual)
            }
            Comparison::Less => self.sized("<", left, right),
            Comparison::AtMost => self.sized("<=", left, right),
            Comparison::Greater => self.sized(">", left, right),
            Comparison::AtLeast => self.sized(">=", left, right),
        }
    }

    /// Values of one kind are equal, or with `differ` are not.
    fn equal(&self, left: &Cell, right: &Cell, differ: bool) -> String {
        let sign = if differ { "<>" } else { "=" };
        let (left, right) = if left.kind().is_some() { (right, left) } else { (left, right) };
        match (left, right, left.kind(), right.kind()) {
            (_, _, Some(Kind::Null), _) | (_, _, _, Some(Kind::Null)) => "FALSE".to_owned(),
            (Cell::Any { scalar, .. }, Cell::Literal(value), ..) => {
                let Some(text) = lettered(value) else { return "FALSE".to_owned() };
                self.lettered_is(scalar, &text, differ)
            }
            (.., Some(one), Some(other)) if one != other => "FALSE".to_owned(),
            (.., Some(kind)) => {
                format!("{} {sign} {}", self.read(left, kind), self.read(right, kind))
            }
            (.., None) => {
                let (left, right) = (self.lettered(left), self.lettered(right));
                match differ {
                    false => format!("{left} = {right}"),
                    true => self.once("v", &left, |v| {
                        self.once("w", &right, |w| {
                            format!("(left({v}, 1) = left({w}, 1) AND {v} <> {w})")
                        })
                    }),
                }
            }
        }
    }

    fn lettered_is(&self, scalar: &str, text: &str, differ: bool) -> String {
        let literal = self.dialect.text(text);
        match differ {
            false => format!("{scalar} = {literal}"),
            true => self.once("v", scalar, |v| {
                format!("(left({v}, 1) = '{}' AND {v} <> {literal})", &text[..1])
            }),
        }
    }

    fn sized(&self, sign: &str, left: &Cell, right: &Cell) -> String {
        let may_be = |cell: &Cell, kind: Kind| cell.kind().is_none_or(|of| of == kind);
        let kinds = SIZED.into_iter().filter(|kind| may_be(left, *kind) && may_be(right, *kind));
        let compared = kinds
            .map(|kind| format!("{} {sign} {}", self.read(left, kind), self.read(right, kind)));
        let compared: Vec<String> = compared.collect();
        match compared.len() {
            0 => "FALSE".to_owned(),
            1 => compared.into_iter().next().unwrap_or_default(),
            _ => format!("COALESCE({})", compared.join(", ")),
        }
    }

    /// The literals say which kinds are read: a value of another kind is not even `not one of`.
    fn one_of(&self, subject: &Cell, values: &[Value], negated: bool) -> String {
        if subject.kind() == Some(Kind::Null) || values.iter().any(Value::is_null) {
            return "FALSE".to_owned();
        }
        if values.is_empty() {
            return if negated { self.known(subject) } else { "FALSE".to_owned() };
        }
        let kinds = |value: &&Value| subject.kind().is_none_or(|kind| kind == value.kind());
        let values: Vec<&Value> = values.iter().filter(kinds).collect();
        let quoted = values.iter().filter_map(|value| lettered(value));
        let quoted: Vec<String> = quoted.map(|text| self.dialect.text(&text)).collect();
        if quoted.is_empty() {
            return "FALSE".to_owned();
        }
        let text = match subject {
            Cell::Any { scalar, .. } => scalar.clone(),
            other => self.lettered(other),
        };
        let all = quoted.join(", ");
        match negated {
            false => format!("{text} IN ({all})"),
            true => self.once("v", &text, |v| {
                let letters = values.iter().filter_map(|value| letter(value.kind()));
                let mut letters: Vec<String> = letters.map(|c| format!("'{c}'")).collect();
                letters.sort();
                letters.dedup();
                format!("(left({v}, 1) IN ({}) AND {v} NOT IN ({all}))", letters.join(", "))
            }),
        }
    }

    fn folded(&self, part: &Cell) -> String {
        match part {
            Cell::Literal(Value::Text(text)) => {
                self.dialect.text(&text.case_fold().collect::<String>())
            }
            other => format!("lower({})", self.read(other, Kind::Text)),
        }
    }

    fn has<L: Leaf>(
        &mut self,
        subject: &Cell,
        (elements, all): (&[Expr<L>], bool),
        scope: &mut Scope,
    ) -> Made<String> {
        let Cell::Any { whole, .. } = subject else { return Ok("FALSE".to_owned()) };
        let whole = self.once("v", whole, |v| format!("CASE WHEN left({v}, 1) = '[' THEN {v} END"));
        let list = self.dialect.elements(&whole);
        let (mut known, mut found) = (Vec::new(), Vec::new());
        for element in elements {
            let cell = self.value(element, scope)?;
            known.push(self.known(&cell));
            found.push(surely(&self.dialect.has(&list, &self.lettered(&cell))));
        }
        known.retain(|one| one != "TRUE");
        known.push(if all { all_of(found) } else { any_of(found) });
        Ok(all_of(known))
    }

    fn in_list(&self, subject: &Cell, name: &str) -> String {
        let text = match subject {
            Cell::Any { scalar, .. } => scalar.clone(),
            other => self.lettered(other),
        };
        let dialect = self.dialect;
        let all = match dialect {
            Dialect::DuckDb => "list(lettered)",
            Dialect::Spark => "collect_list(lettered)",
        };
        let of = format!(
            "(SELECT {all} FROM {} WHERE list = {})",
            dialect.table("lists"),
            dialect.text(name)
        );
        dialect.has(&of, &text)
    }
}

use super::Dialect;
