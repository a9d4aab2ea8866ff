//! Of which currency amounts are, as declarations say it.
//!
//! Nothing is converted and nothing of it is read from facts: it only decides
//! which amounts may be brought together.

use super::Catalog;
use super::define::Done;
use crate::lang::tree::{self, Accessor, ElementType, TypeName};
use crate::lang::{Code, Diagnostic, Spanned};
use crate::model::{Step, Text};

/// The currency of an amount.
///
/// ```
/// use throng::lang::parse;
/// use throng::model::{Step, Timestamp};
/// use throng::query::catalog::{Catalog, Currency};
///
/// let mut catalog = Catalog::default();
/// let text = "declare event order.total: number currency \"EUR\"";
/// catalog.define(&parse(text).statements[0], Timestamp::EPOCH).unwrap();
/// let found = catalog.currency_of_property("order", &[Step::Key("total".into())]);
/// assert_eq!(found, Some(&Currency::Code("EUR".into())));
/// assert_eq!(found.unwrap().to_string(), "currency \"EUR\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Currency {
    /// Always this one.
    Code(Text),
    /// The one whose code stands there: keys from the event inwards.
    At(Vec<Text>),
}

/// Whose amount it is, an event's or else the person's, and the keys that lead to it.
pub(super) type Place = (Option<Text>, Vec<Text>);

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Currency::Code(code) => write!(f, "currency {code:?}"),
            Currency::At(keys) => write!(f, "currency {}", keys.join(".")),
        }
    }
}

impl Catalog {
    /// The declared currency of a property; places in lists do not matter.
    pub fn currency_of_property(&self, event: &str, steps: &[Step]) -> Option<&Currency> {
        self.definitions.currencies.get(&(Some(event.into()), super::names::keys(steps)))
    }

    /// The declared currency of an attribute.
    pub fn currency_of_attribute(&self, steps: &[Step]) -> Option<&Currency> {
        self.definitions.currencies.get(&(None, super::names::keys(steps)))
    }

    /// The events that have a property with a declared currency at that path.
    pub(in crate::query) fn currencies_at(&self, steps: &[Step]) -> Vec<&Currency> {
        let keys = super::names::keys(steps);
        let all = self.definitions.currencies.iter();
        let there = all.filter(|((event, known), _)| event.is_some() && *known == keys);
        there.map(|(_, currency)| currency).collect()
    }
}

/// The currency that a declaration says, if amounts can have it.
pub(super) fn checked(
    said: Option<&tree::Currency>,
    declared: &Spanned<TypeName>,
) -> Result<Option<Currency>, Vec<Diagnostic>> {
    let Some(said) = said else { return Ok(None) };
    let refused = |span, message: &str| Diagnostic::error(Code::Currency, span, message);
    let amounts = [TypeName::Number, TypeName::ListOf(ElementType::Number)];
    if !amounts.contains(&declared.node) {
        let found = refused(declared.span, "only numbers have a currency");
        return Err(vec![found.help("write `: number currency ...`")]);
    }
    match said {
        tree::Currency::Code(code) if code.node.trim().is_empty() => {
            Err(vec![refused(code.span, "a currency has a code").help("like \"EUR\"")])
        }
        tree::Currency::Code(code) => Ok(Some(Currency::Code(code.node.clone()))),
        tree::Currency::At(path) if path.head == tree::PathHead::Profile => {
            let found = refused(path.span, "the code of a currency stands beside the amount");
            Err(vec![found.label("this is a value of the person")])
        }
        tree::Currency::At(path) => {
            let rest = path.rest.iter().map(|step| match &step.node {
                Accessor::Key(key) => Some(key.clone()),
                Accessor::Index(_) => None,
            });
            let keys = std::iter::once(Some(path.first.node.clone())).chain(rest);
            match keys.collect() {
                Some(keys) => Ok(Some(Currency::At(keys))),
                None => Err(vec![
                    refused(path.span, "the code of a currency stands in no list")
                        .help("name its property by keys alone: `currency items.currency`"),
                ]),
            }
        }
    }
}

/// What was declared, with the currency behind it.
pub(super) fn said(done: Done, currency: Option<&Currency>) -> Done {
    let mut defined = done?;
    if let Some(currency) = currency {
        defined.message = format!("{} {currency}", defined.message);
    }
    Ok(defined)
}
