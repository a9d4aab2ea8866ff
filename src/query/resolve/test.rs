//! Tests of one value, and the kinds that each reads.

use super::bent::Side;
use super::kinds::looks_like_number;
use super::leaf::Leaf;
use super::special::settled_value;
use super::{Kinds, Resolver, Typed};
use crate::lang::tree::{self, Literal};
use crate::lang::{Code, Diagnostic, Spanned};
use crate::model::{Text, Value};
use crate::query::predicate::{Check, Comparison, Expr, Place, Test};

impl Resolver<'_> {
    /// A value and what is asked of it.
    pub(super) fn test<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        value: &tree::Value,
        test: &tree::Test,
    ) -> Option<Test<L>> {
        let mut subject = self.value::<L>(scope, value)?;
        self.must_stay_live(&[Side::new(&subject, value)])?;
        self.warn_of_lists(value, &subject, test);
        let check = match test {
            tree::Test::Compare(comparison, other) => {
                self.warn_of_emptiness(value, *comparison, other);
                self.compare(scope, value, &mut subject, *comparison, other)
            }
            tree::Test::Known(known) => Some(Check::Known(*known)),
            tree::Test::Between(from, to) => self.between(scope, value, &subject, from, to),
            tree::Test::OneOf { negated, values } => self.one_of(value, &subject, values, *negated),
            tree::Test::Has(element) => self.has(scope, &subject, element),
            tree::Test::HasOf { all, values } => self.has_of(&subject, values, *all),
            tree::Test::Text { place, part, ignoring_case } => {
                self.text(scope, &subject, *place, part, *ignoring_case)
            }
            tree::Test::During(window) => self.during(scope, &subject, window),
            tree::Test::InList(name) => self.value_in_list(&subject, name),
            tree::Test::Matches(pattern) => self.matches(&subject, pattern),
            tree::Test::InCidr(network) => self.in_cidr(&subject, network),
            tree::Test::Near { km, lat, lon } => self.near(&subject, km, lat, lon),
        }?;
        Some(Test { subject: subject.expr, check })
    }

    fn compare<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        value: &tree::Value,
        subject: &mut Typed<L>,
        comparison: tree::Comparison,
        other: &tree::Value,
    ) -> Option<Check<L>> {
        let shown = other;
        let around = std::mem::replace(&mut self.against, texts_of(subject));
        let other = self.value::<L>(scope, other);
        self.against = around;
        let other = other?;
        let comparison = match comparison {
            tree::Comparison::Equal => Comparison::Equal,
            tree::Comparison::NotEqual => Comparison::NotEqual,
            tree::Comparison::Less => Comparison::Less,
            tree::Comparison::AtMost => Comparison::AtMost,
            tree::Comparison::Greater => Comparison::Greater,
            tree::Comparison::AtLeast => Comparison::AtLeast,
        };
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let reads = if equality { Kinds::ANY } else { Kinds::ORDERED };
        self.agree(value, subject, &other, reads)?;
        self.one_currency("compared", subject, &other)?;
        if comparison == Comparison::NotEqual {
            self.warn_of_missing(subject, "!=");
        }
        self.warn_of_missing_literal(&other);
        self.must_stay_live(&[Side::new(subject, value), Side::new(&other, shown)])?;
        let common = subject.kinds.and(other.kinds);
        let other = other.settled(common).expr;
        *subject = subject.clone().settled(common);
        Some(match common {
            Kinds::VERSION if !equality => Check::Version(vec![(comparison, other)]),
            _ => Check::Compare(comparison, other),
        })
    }

    /// Settles that two sides have a kind in common that the operator reads.
    fn agree<L>(
        &mut self,
        value: &tree::Value,
        left: &Typed<L>,
        right: &Typed<L>,
        reads: Kinds,
    ) -> Option<()> {
        let common = left.kinds.and(right.kinds).and(reads);
        if common == Kinds::NONE {
            return self.differ(value, left, right, reads);
        }
        self.warn_of_other_kinds(left, common);
        self.warn_of_other_kinds(right, common);
        Some(())
    }

    fn differ<T, L>(
        &mut self,
        value: &tree::Value,
        left: &Typed<L>,
        right: &Typed<L>,
        reads: Kinds,
    ) -> Option<T> {
        if left.kinds.and(right.kinds) != Kinds::NONE || !left.kinds.meets(reads) {
            return self.has_no_order(left, right);
        }
        let (left_words, right_words) = (self.words(left), self.words(right));
        let shown = crate::lang::print_value(value);
        let message = format!("`{shown}` is {left_words}, compared with {right_words}");
        let mut found = Diagnostic::error(Code::TypeMismatch, right.span, message)
            .label(format!("{right_words}{}", slip(left.kinds, right)))
            .also(left.span, left_words);
        found.helps.extend(way_out(left.kinds, right.kinds));
        self.refuse(found)
    }

    fn has_no_order<T, L>(&mut self, left: &Typed<L>, right: &Typed<L>) -> Option<T> {
        let is_text = |typed: &Typed<L>| matches!(typed.expr, Expr::Literal(Value::Text(_)));
        let has_order = right.kinds.meets(Kinds::ORDERED) && right.kinds != Kinds::ANY;
        let odd = if has_order && !is_text(right) { (left, right) } else { (right, left) };
        let mut found = Diagnostic::error(
            Code::TypeMismatch,
            odd.0.span,
            "only numbers, instants, dates and versions have an order",
        )
        .label(format!("{}{}", self.words(odd.0), slip(Kinds::NUMBER, odd.0)))
        .also(odd.1.span, self.words(odd.1));
        found.helps.extend(way_out(odd.1.kinds, odd.0.kinds));
        found.helps.extend(as_versions(odd.1, odd.0));
        self.refuse(found)
    }

    /// What a value is, in words; a name that nothing gives a type is what it was seen to be.
    fn words<L>(&self, typed: &Typed<L>) -> String {
        let text = matches!(&typed.expr, Expr::Literal(Value::Text(_)));
        match &typed.stored {
            _ if text => "text".to_owned(),
            Some(stored) if !stored.declared => "a name without a declared type".to_owned(),
            _ => typed.kinds.words(),
        }
    }

    fn between<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        value: &tree::Value,
        subject: &Typed<L>,
        from: &tree::Value,
        to: &tree::Value,
    ) -> Option<Check<L>> {
        let low = self.value::<L>(scope, from);
        let high = self.value::<L>(scope, to);
        let (low, high) = (low?, high?);
        let fits = [&low, &high].map(|bound| self.agree(value, subject, bound, Kinds::ORDERED));
        if fits.iter().any(Option::is_none) {
            return None;
        }
        self.agree(from, &low, &high, Kinds::ORDERED)?;
        self.one_currency("compared", subject, &low)?;
        self.one_currency("compared", subject, &high)?;
        let sides = [(subject, value), (&low, from), (&high, to)];
        self.must_stay_live(&sides.map(|(typed, shown)| Side::new(typed, shown)))?;
        if let (Expr::Literal(Value::Number(least)), Expr::Literal(Value::Number(most))) =
            (&low.expr, &high.expr)
            && least > most
        {
            return self.refuse(
                Diagnostic::error(Code::Range, high.span, "no number lies between these two")
                    .help("write the smaller one first"),
            );
        }
        if subject.kinds.and(low.kinds).and(high.kinds) == Kinds::VERSION {
            let [low, high] = [low, high].map(|bound| bound.settled(Kinds::VERSION).expr);
            return Some(Check::Version(vec![
                (Comparison::AtLeast, low),
                (Comparison::AtMost, high),
            ]));
        }
        Some(Check::Between(low.expr, high.expr))
    }

    fn one_of<L: Leaf>(
        &mut self,
        shown: &tree::Value,
        subject: &Typed<L>,
        values: &[Spanned<Literal>],
        negated: bool,
    ) -> Option<Check<L>> {
        let values = self.literals(values, |resolver, value| {
            resolver.agree(shown, subject, value, Kinds::ANY)?;
            resolver.one_currency("compared", subject, value).map(drop)
        })?;
        let values = values.into_iter().map(|value| settled_value(value, subject.kinds)).collect();
        if negated {
            self.warn_of_missing(subject, "not one of");
        }
        Some(Check::OneOf { values, negated })
    }

    /// Literals, each held to a rule.
    fn literals<L>(
        &mut self,
        values: &[Spanned<Literal>],
        rule: impl Fn(&mut Self, &Typed<L>) -> Option<()>,
    ) -> Option<Vec<Value>> {
        let resolved: Vec<Option<Value>> = values
            .iter()
            .map(|literal| {
                let typed = self.literal::<L>(&literal.node, literal.span)?;
                rule(self, &typed)?;
                match typed.expr {
                    Expr::Literal(value) => Some(value),
                    _ => None,
                }
            })
            .collect();
        resolved.into_iter().collect()
    }

    fn has<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        subject: &Typed<L>,
        element: &tree::Value,
    ) -> Option<Check<L>> {
        let shown = element;
        let element = self.value::<L>(scope, element)?;
        self.must_be_list(subject)?;
        self.fits_elements(subject, &element)?;
        self.must_stay_live(&[Side::new(&element, shown)])?;
        let element = element.settled(subject.elements).expr;
        Some(Check::Has { elements: vec![element], all: false })
    }

    fn has_of<L: Leaf>(
        &mut self,
        subject: &Typed<L>,
        values: &[Spanned<Literal>],
        all: bool,
    ) -> Option<Check<L>> {
        self.must_be_list(subject)?;
        let values =
            self.literals::<L>(values, |resolver, value| resolver.fits_elements(subject, value))?;
        let values = values.into_iter().map(|value| settled_value(value, subject.elements));
        Some(Check::Has { elements: values.map(Expr::Literal).collect(), all })
    }

    fn must_be_list<L>(&mut self, subject: &Typed<L>) -> Option<()> {
        self.must_be(subject, Kinds::LIST, "`has` asks for the elements of a list")
    }

    fn fits_elements<L>(&mut self, subject: &Typed<L>, element: &Typed<L>) -> Option<()> {
        if subject.elements.meets(element.kinds) {
            self.warn_of_elements(subject, element);
            return Some(());
        }
        self.refuse(
            Diagnostic::error(
                Code::TypeMismatch,
                element.span,
                format!("each element is {}", subject.elements.words()),
            )
            .label(format!("{}{}", self.words(element), slip(subject.elements, element)))
            .also(subject.span, "the list"),
        )
    }

    fn text<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        subject: &Typed<L>,
        place: tree::Place,
        part: &tree::Value,
        ignoring_case: bool,
    ) -> Option<Check<L>> {
        let part = self.value::<L>(scope, part)?;
        self.must_be(subject, Kinds::TEXT, "this test reads text")?;
        self.must_be(&part, Kinds::TEXT, "this test looks for a text")?;
        let place = match place {
            tree::Place::Anywhere => Place::Anywhere,
            tree::Place::Start => Place::Start,
            tree::Place::End => Place::End,
        };
        Some(Check::Text { place, part: part.expr, ignoring_case })
    }

    fn during<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        subject: &Typed<L>,
        window: &tree::Window,
    ) -> Option<Check<L>> {
        self.must_be(subject, Kinds::TIME, "a window is asked of an instant or a date")?;
        let resolved = self.window::<L>(scope, window, subject.kinds)?;
        Some(Check::During(resolved, self.zone.clone()))
    }
}

/// Examples of the texts that a stored value has.
fn texts_of<L>(subject: &Typed<L>) -> Option<Vec<Text>> {
    let stored = subject.stored.as_ref().filter(|_| subject.kinds.meets(Kinds::TEXT))?;
    let text = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    Some(stored.seen.iter().flat_map(|seen| seen.examples()).filter_map(text).collect())
}

/// What to do with a literal that was written as another kind.
fn slip<L>(wanted: Kinds, given: &Typed<L>) -> &'static str {
    let Expr::Literal(Value::Text(text)) = &given.expr else { return "" };
    let as_number = wanted.meets(Kinds::NUMBER) && looks_like_number(text);
    let as_date = wanted.meets(Kinds::DATE) && text.parse::<crate::model::Date>().is_ok();
    let as_instant =
        wanted.meets(Kinds::INSTANT) && text.parse::<crate::model::Timestamp>().is_ok();
    let as_bool = wanted.meets(Kinds::BOOL) && matches!(&**text, "true" | "false");
    if as_number || as_date || as_instant || as_bool { "; remove the quotes" } else { "" }
}

/// What to declare where a name is compared with a text like a version's.
fn as_versions<L>(name: &Typed<L>, text: &Typed<L>) -> Option<String> {
    let Expr::Literal(Value::Text(written)) = &text.expr else { return None };
    let stored = name.stored.as_ref().filter(|it| !it.declared && !it.declarable.is_empty())?;
    // A number in quotes is the more common slip.
    let is_version = text.kinds.meets(Kinds::VERSION) && written.contains('.');
    is_version.then(|| {
        format!("versions have one, once declared: `declare {}: version`", stored.declarable)
    })
}

/// A way to say what was probably meant.
fn way_out(left: Kinds, right: Kinds) -> Option<String> {
    let both = left.or(right);
    if both.meets(Kinds::DATE) && both.meets(Kinds::INSTANT) && both.and(Kinds::TIME) == both {
        return Some(
            "dates and instants meet in a window: `on`, `since`, `before`, `after`, `from .. to`"
                .to_owned(),
        );
    }
    if both.meets(Kinds::DURATION) {
        return Some("distances in time are numbers: `days since first_seen >= 30`".to_owned());
    }
    None
}
