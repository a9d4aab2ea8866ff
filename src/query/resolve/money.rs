//! Amounts of money: which may be brought together.
//!
//! Nothing here changes what a text computes: a declared currency only refuses
//! what would add apples to pears, and says where one is missing.

use super::row::{Events, RowScope};
use super::typed::Typed;
use super::{Kinds, Resolver};
use crate::lang::tree::{self, Quantifier};
use crate::lang::{Code, Diagnostic};
use crate::model::{Path, Step, Text, Value, grouped};
use crate::query::catalog::Currency;
use crate::query::predicate::{Expr, Function, RowLeaf};

/// What is known of the currency of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::query) enum Money {
    /// It has none: a plain number.
    #[default]
    Plain,
    /// No declaration says anything of this name, so it goes for a plain number.
    Unsaid(String),
    /// It is an amount in this one.
    Of(Text),
    /// It is an amount in the one whose code stands beside it, on the same event.
    Beside(Loose),
    /// The same, of an event that is looked at no more: nothing is alike to it.
    Lost(Loose),
}

/// An amount and where the code of its currency stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::query) struct Loose {
    /// The amount: `order.total`.
    name: String,
    /// Its code: `currency`; without one the events do not agree where it is.
    code: Option<String>,
}

/// A code that holds where a conjunction holds: keys that lead to it, on the event or the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fixed {
    of_event: bool,
    keys: Vec<Text>,
    code: Text,
}

impl Money {
    /// What an aggregate makes of what it takes.
    pub(super) fn of_aggregate(self, function: Function) -> Money {
        match (function, self) {
            (Function::Count | Function::Distinct | Function::TypicalGap, _) => Money::Plain,
            (_, Money::Beside(loose)) => Money::Lost(loose),
            (_, money) => money,
        }
    }

    /// Of a product or a quotient: an amount keeps its currency beside a plain
    /// number, and of two amounts nothing of it is left.
    fn scaled(self, divides: bool, other: Money) -> Money {
        match (self, other) {
            (money, Money::Plain) => money,
            (Money::Plain | Money::Unsaid(_), _) if divides => Money::Plain,
            (Money::Plain, money) => money,
            (money, Money::Unsaid(_)) => money,
            (Money::Unsaid(_), money) => money,
            _ => Money::Plain,
        }
    }
}

impl Resolver<'_> {
    /// The currency of a sum, a difference, a product or a quotient.
    pub(super) fn money_of<L>(
        &mut self,
        operator: tree::Operator,
        left: &Typed<L>,
        right: &Typed<L>,
    ) -> Option<Money> {
        match operator {
            tree::Operator::Add => self.one_currency("added", left, right),
            tree::Operator::Subtract => self.one_currency("subtracted", left, right),
            tree::Operator::Multiply => Some(left.money.clone().scaled(false, right.money.clone())),
            tree::Operator::Divide => Some(left.money.clone().scaled(true, right.money.clone())),
        }
    }

    /// Settles that two numbers are of one currency, or plain.
    pub(super) fn one_currency<L>(
        &mut self,
        verb: &str,
        left: &Typed<L>,
        right: &Typed<L>,
    ) -> Option<Money> {
        match (&left.money, &right.money) {
            (one, Money::Plain) | (Money::Plain, one) if !one.is_loose() => Some(one.clone()),
            (Money::Unsaid(name), Money::Unsaid(_)) => Some(Money::Unsaid(name.clone())),
            (Money::Unsaid(name), Money::Of(code)) => self.unsaid(verb, left, name, code),
            (Money::Of(code), Money::Unsaid(name)) => self.unsaid(verb, right, name, code),
            (Money::Of(one), Money::Of(other)) if one == other => Some(left.money.clone()),
            (Money::Of(one), Money::Of(other)) => {
                let message = format!("amounts in {one} and in {other} are not {verb}");
                let found = Diagnostic::error(Code::Currency, right.span, message);
                self.refuse(found.label(&**other).also(left.span, &**one))
            }
            // Two amounts of one event are alike if one code stands beside both.
            (Money::Beside(one), Money::Beside(other)) if one.code == other.code => {
                Some(left.money.clone())
            }
            (Money::Beside(_) | Money::Lost(_), _) if is_missing(right) => Some(left.money.clone()),
            (Money::Beside(_) | Money::Lost(_), _) => self.loose(verb, left),
            _ => self.loose(verb, right),
        }
    }

    fn unsaid<L>(&mut self, verb: &str, odd: &Typed<L>, name: &str, code: &Text) -> Option<Money> {
        let message = format!(
            "no currency is declared for `{name}`, which is {verb} with an amount in {code}"
        );
        let help = format!("if it is one too: `declare {}: number currency {code:?}`", said(name));
        self.warn(Code::UndeclaredCurrency, odd.span, message, Some(help));
        Some(Money::Of(code.clone()))
    }

    /// Refuses an amount of which the currency may be any.
    fn loose<T, L>(&mut self, verb: &str, odd: &Typed<L>) -> Option<T> {
        let (Money::Beside(loose) | Money::Lost(loose)) = &odd.money else { return None };
        let Loose { name, code } = loose;
        let Some(code) = code else {
            let message = format!("`{name}` is of one currency on some events and not on others");
            let found = Diagnostic::error(Code::Currency, odd.span, message);
            return self.refuse(found.label(format!("so it is not {verb}")));
        };
        let message =
            format!("`{name}` is in the currency that `{code}` says, so it is not {verb}");
        self.refuse(
            Diagnostic::error(Code::Currency, odd.span, message).label("events differ in it").help(
                format!("fix it to one where it is read: `{code} = \"EUR\"`, joined by `and`"),
            ),
        )
    }

    /// Refuses to bring amounts of several currencies together in one aggregate.
    pub(super) fn may_gather<L>(&mut self, function: Function, taken: &Typed<L>) -> Option<()> {
        let hands_on = matches!(
            function,
            Function::Count
                | Function::Distinct
                | Function::TypicalGap
                | Function::First
                | Function::Last
                | Function::MostFrequent
                | Function::Collect
        );
        match &taken.money {
            Money::Beside(_) if !hands_on => {
                let verb = if matches!(function, Function::Min | Function::Max) {
                    "compared"
                } else {
                    "added"
                };
                self.loose(verb, taken)
            }
            _ => Some(()),
        }
    }

    /// Refuses to order people by amounts of several currencies.
    pub(super) fn may_order<L>(&mut self, value: &Typed<L>) -> Option<()> {
        if value.money.is_loose() { self.loose("compared", value) } else { Some(()) }
    }

    /// W206: a sum over amounts that carry more than one code beside them.
    pub(super) fn warn_of_currencies(
        &mut self,
        aggregate: &tree::Aggregate,
        function: Function,
        taken: &Typed<RowLeaf>,
    ) {
        let tree::Stream::Event { name: event, .. } = &aggregate.stream else { return };
        let (Money::Unsaid(name), event) = (&taken.money, &event.node) else { return };
        let gathers = function.takes_numbers() || matches!(function, Function::Min | Function::Max);
        let beside = [Step::Key("currency".into())];
        if !gathers || self.fixed_code(true, &keys_of(&beside)).is_some() {
            return;
        }
        let Some(facts) = self.catalog.facts().event(event) else { return };
        let Some(seen) = facts.properties.at(&beside) else { return };
        let codes: Vec<String> = seen.examples().iter().filter_map(code_of).collect();
        if codes.len() < 2 {
            return;
        }
        let (n, codes, declared) = (grouped(seen.count()), codes.join(", "), said(name));
        let message = format!(
            "`{}` brings together amounts of several currencies: {n} of `{event}.currency` are {codes}",
            function.name()
        );
        let helps = [
            format!("say it: `declare {declared}: number currency currency`"),
            format!("or: if `{name}` is no amount, `declare {declared}: number`"),
        ];
        let mut warning = Diagnostic::warning(Code::UndeclaredCurrency, taken.span, message);
        warning.helps.extend(helps);
        self.diagnostics.push(warning);
    }

    /// What is known of the currency of a property.
    pub(super) fn money_of_property(
        &self,
        scope: &RowScope,
        whole: &[Step],
        name: &str,
        declared: Option<tree::TypeName>,
    ) -> Money {
        let found: Vec<Option<&Currency>> = match &scope.events {
            Events::Any => self.catalog.currencies_at(whole).into_iter().map(Some).collect(),
            Events::Named(names) => {
                names.iter().map(|event| self.catalog.currency_of_property(event, whole)).collect()
            }
        };
        match found.first() {
            Some(Some(first)) if found.iter().all(|it| *it == Some(*first)) => {
                self.money_by(true, first, name)
            }
            Some(_) if found.iter().any(Option::is_some) => {
                Money::Lost(Loose { name: name.to_owned(), code: None })
            }
            _ if declared.is_none() => Money::Unsaid(name.to_owned()),
            _ => Money::Plain,
        }
    }

    /// What is known of the currency of an attribute.
    pub(super) fn money_of_attribute(
        &self,
        steps: &[Step],
        declared: Option<tree::TypeName>,
    ) -> Money {
        let name = keys_of(steps).join(".");
        match self.catalog.currency_of_attribute(steps) {
            Some(currency) => self.money_by(false, currency, &name),
            None if declared.is_none() => Money::Unsaid(name),
            None => Money::Plain,
        }
    }

    fn money_by(&self, of_event: bool, currency: &Currency, name: &str) -> Money {
        match currency {
            Currency::Code(code) => Money::Of(code.clone()),
            Currency::At(keys) => match self.fixed_code(of_event, keys) {
                Some(code) => Money::Of(code.clone()),
                None => {
                    let code = Some(keys.join("."));
                    Money::Beside(Loose { name: name.to_owned(), code })
                }
            },
        }
    }

    fn fixed_code(&self, of_event: bool, keys: &[Text]) -> Option<&Text> {
        let there = |it: &&Fixed| it.of_event == of_event && it.keys == keys;
        self.fixed.iter().rev().find(there).map(|it| &it.code)
    }

    /// Works where a condition holds: codes that it fixes are fixed.
    pub(super) fn where_fixed<T>(
        &mut self,
        fixed: Vec<Fixed>,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.fixed.len();
        self.fixed.extend(fixed);
        let result = work(self);
        self.fixed.truncate(before);
        result
    }

    /// Forgets what is fixed of the event around; gives what was, to be put back.
    pub(super) fn of_no_event(&mut self) -> Vec<Fixed> {
        let all = self.fixed.clone();
        self.fixed.retain(|it| !it.of_event);
        all
    }

    /// The codes that are fixed for every event that an aggregate takes.
    pub(super) fn fixed_in(&self, aggregate: &tree::Aggregate) -> Vec<Fixed> {
        let (scope, mut fixed) = match &aggregate.stream {
            tree::Stream::Event { name, path } => {
                let items = Path::new(path.iter().map(super::person::step).collect());
                let events = Events::Named(vec![name.node.clone()]);
                (RowScope { events, items }, Vec::new())
            }
            tree::Stream::Union(matcher) => self.fixed_by_each(matcher),
        };
        let filter = aggregate.filter.as_ref();
        fixed.extend(filter.into_iter().flat_map(|filter| self.fixes(Some(&scope), filter)));
        fixed
    }

    fn fixed_by_each(&self, matcher: &tree::Matcher) -> (RowScope, Vec<Fixed>) {
        let events = match matcher {
            tree::Matcher::Event(event) => std::slice::from_ref(event),
            tree::Matcher::AnyOf(events, _) => events.as_slice(),
            tree::Matcher::AnyEvent(filter, _) => {
                let scope = RowScope { events: Events::Any, items: None };
                let fixed = filter.iter().flat_map(|filter| self.fixes(Some(&scope), filter));
                let fixed = fixed.collect();
                return (scope, fixed);
            }
        };
        let by = |event: &tree::Event| {
            let scope = RowScope::of(&event.name.node);
            let filter = event.filter.as_deref();
            filter.map_or(Vec::new(), |filter| self.fixes(Some(&scope), filter))
        };
        let mut each = events.iter().map(by);
        let first = each.next().unwrap_or_default();
        let all =
            each.fold(first, |all, one| all.into_iter().filter(|it| one.contains(it)).collect());
        let names = events.iter().map(|event| event.name.node.clone()).collect();
        (RowScope { events: Events::Named(names), items: None }, all)
    }

    /// The codes that are fixed where all of these hold.
    pub(super) fn fixed_by(
        &self,
        scope: Option<&RowScope>,
        parts: &[tree::Condition],
    ) -> Vec<Fixed> {
        parts.iter().flat_map(|part| self.fixes(scope, part)).collect()
    }

    /// The codes that are fixed where this holds.
    pub(super) fn fixes(
        &self,
        scope: Option<&RowScope>,
        condition: &tree::Condition,
    ) -> Vec<Fixed> {
        match condition {
            tree::Condition::And(parts, _)
            | tree::Condition::Quantified(Quantifier::All, parts, _) => self.fixed_by(scope, parts),
            tree::Condition::Predicate(tree::Predicate::Is(value, test), _) => {
                self.fix(scope, value, test)
            }
            _ => Vec::new(),
        }
    }

    fn fix(&self, scope: Option<&RowScope>, value: &tree::Value, test: &tree::Test) -> Vec<Fixed> {
        let (tree::ValueKind::Path(path), Some(code)) = (&value.kind, self.code_in(test)) else {
            return Vec::new();
        };
        let steps = super::person::steps(&path.first.node, &path.rest);
        let (of_event, ways) = match (path.head, scope) {
            (tree::PathHead::Profile, _) | (_, None) => (false, vec![steps]),
            (tree::PathHead::Event, Some(_)) => (true, vec![steps]),
            (tree::PathHead::Bare, Some(scope)) => (true, self.ways(scope, steps)),
        };
        let fixed =
            |steps: Vec<Step>| Fixed { of_event, keys: keys_of(&steps), code: code.clone() };
        ways.into_iter().map(fixed).collect()
    }

    /// What a bare name may read: where facts have shown nothing yet, the event's
    /// own property as well.
    fn ways(&self, scope: &RowScope, steps: Vec<Step>) -> Vec<Vec<Step>> {
        let inner = self.standing(scope, &steps).filter(|inner| *inner != steps);
        let outer = (inner.is_none() || self.n_to_objects(scope).is_none()).then_some(steps);
        inner.into_iter().chain(outer).collect()
    }

    fn code_in(&self, test: &tree::Test) -> Option<Text> {
        let literal = match test {
            tree::Test::Compare(tree::Comparison::Equal, other) => match &other.kind {
                tree::ValueKind::Literal(literal) => literal,
                tree::ValueKind::Parameter(name) => return self.given_text(&name.node),
                _ => return None,
            },
            tree::Test::OneOf { negated: false, values } if values.len() == 1 => &values[0].node,
            _ => return None,
        };
        match literal {
            tree::Literal::Text(code) => Some(code.clone()),
            _ => None,
        }
    }

    fn given_text(&self, name: &str) -> Option<Text> {
        let (_, given) = self.given.iter().find(|(known, _)| **known == *name)?;
        match given {
            super::given::Given::Value(typed) => match &typed.expr {
                Expr::Literal(Value::Text(code)) => Some((&**code).into()),
                _ => None,
            },
            super::given::Given::Length(_) => None,
        }
    }
}

impl Money {
    fn is_loose(&self) -> bool {
        matches!(self, Money::Beside(_) | Money::Lost(_))
    }
}

fn is_missing<L>(typed: &Typed<L>) -> bool {
    matches!(typed.expr, Expr::Literal(Value::Null)) && typed.kinds == Kinds::ANY
}

fn keys_of(steps: &[Step]) -> Vec<Text> {
    let keys = steps.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Index(_) => None,
    });
    keys.collect()
}

fn code_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(code) => Some(code.to_string()),
        _ => None,
    }
}

/// A name as a declaration writes it: a dot parts the event from its property.
fn said(name: &str) -> String {
    if name.contains('.') { format!("event {name}") } else { format!("attribute {name}") }
}
