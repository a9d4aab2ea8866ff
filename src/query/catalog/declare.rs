//! Declarations and settings: types, namespaces, sources, the zone.

use super::change::Change;
use super::currency::{self, Place};
use super::define::{Defined, Done, said, typed};
use super::{Catalog, Currency, DeclaredIdentifier};
use crate::lang::tree::{Blocking, Declare, IdentifierKind, Literal, Name, TypeName};
use crate::lang::{Code, Diagnostic, Span, Spanned, nearest};
use crate::model::{Blocked, Path, Text, Timestamp, Zone};
use std::sync::Arc;

/// Settings of a workspace; only the first is built.
const SETTINGS: [&str; 2] = ["timezone", "week_start"];

/// The days of the week, by which it may begin.
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Catalog {
    pub(super) fn declare(&mut self, declare: &Declare, span: Span, at: Timestamp) -> Done {
        match declare {
            Declare::Event { name, property, currency } => {
                let Some(property) = property else { return Ok(self.declare_name(name)) };
                let currency = currency::checked(currency.as_ref(), &property.1)?;
                let done = self.declare_event(name, property, currency.as_ref(), span, at);
                currency::said(done, currency.as_ref())
            }
            Declare::Attribute { name, declared, currency } => {
                let currency = currency::checked(currency.as_ref(), declared)?;
                let done = self.declare_attribute(name, declared, currency.as_ref(), span, at);
                currency::said(done, currency.as_ref())
            }
            Declare::Identifier { name, kind, priority, limit, from, blocking } => {
                let declared = DeclaredIdentifier {
                    name: name.node.clone(),
                    kind: kind.unwrap_or(IdentifierKind::Personal),
                    priority: priority.as_ref().map(|number| number.node),
                    limit: limit.unwrap_or((*name.node == *"user_id").then_some(1)),
                    from: paths(from)?,
                    blocked: blocked(blocking),
                };
                self.declare_identifier(name, declared)
            }
            Declare::Source { name, party } => {
                let definitions = Arc::make_mut(&mut self.definitions);
                definitions.sources.insert(name.node.clone(), *party);
                definitions.parties.declare(name.node.clone(), *party);
                Ok(Defined { message: said("source", name), ..Defined::default() })
            }
        }
    }

    fn declare_name(&mut self, name: &Name) -> Defined {
        let events = &mut Arc::make_mut(&mut self.definitions).events;
        events.entry(name.node.clone()).or_default();
        Defined { message: said("event", name), ..Defined::default() }
    }

    fn declare_attribute(
        &mut self,
        name: &Name,
        declared: &Spanned<TypeName>,
        currency: Option<&Currency>,
        span: Span,
        at: Timestamp,
    ) -> Done {
        self.may_be_attribute(name)?;
        let attributes = &mut Arc::make_mut(&mut self.definitions).attributes;
        attributes.insert(name.node.clone(), declared.node);
        self.take_currency((None, vec![name.node.clone()]), currency);
        let change = Change { attributes: [name.node.clone()].into(), ..Change::default() };
        let changed = self.derive_again(change, span, at)?;
        let message = typed("attribute", &name.node, declared.node);
        Ok(Defined { changed, message, ..Defined::default() })
    }

    /// A declaration replaces the earlier one whole, its currency too.
    fn take_currency(&mut self, place: Place, currency: Option<&Currency>) {
        let currencies = &mut Arc::make_mut(&mut self.definitions).currencies;
        match currency {
            Some(currency) => drop(currencies.insert(place, currency.clone())),
            None => drop(currencies.remove(&place)),
        }
    }

    fn declare_event(
        &mut self,
        name: &Name,
        (path, kind): &(Vec<Name>, Spanned<TypeName>),
        currency: Option<&Currency>,
        span: Span,
        at: Timestamp,
    ) -> Done {
        let events = &mut Arc::make_mut(&mut self.definitions).events;
        let declared = events.entry(name.node.clone()).or_default();
        let keys: Vec<Text> = path.iter().map(|key| key.node.clone()).collect();
        let message = typed("event", &format!("{}.{}", name.node, keys.join(".")), kind.node);
        declared.insert(keys.clone(), kind.node);
        self.take_currency((Some(name.node.clone()), keys), currency);
        let change = Change { events: [name.node.clone()].into(), ..Change::default() };
        let changed = self.derive_again(change, span, at)?;
        Ok(Defined { changed, message, ..Defined::default() })
    }

    fn may_be_attribute(&self, name: &Name) -> Result<(), Vec<Diagnostic>> {
        if self.definitions.traits.contains_key(&name.node) {
            return Err(vec![
                Diagnostic::error(
                    Code::NameTaken,
                    name.span,
                    format!("`{}` is a trait already", name.node),
                )
                .help(format!("why: `{}` would mean the trait everywhere", name.node)),
            ]);
        }
        Ok(())
    }

    fn declare_identifier(&mut self, name: &Name, declared: DeclaredIdentifier) -> Done {
        if *name.node == *"p" {
            return Err(vec![
                Diagnostic::error(Code::NameTaken, name.span, "`p` is the namespace of ProfileIds")
                    .help("choose another name"),
            ]);
        }
        let identifiers = &mut Arc::make_mut(&mut self.definitions).identifiers;
        identifiers.insert(name.node.clone(), declared.clone());
        Ok(Defined {
            identifier: Some(declared),
            message: said("identifier", name),
            ..Defined::default()
        })
    }

    pub(super) fn set(&mut self, key: &Name, value: &Spanned<Literal>, at: Timestamp) -> Done {
        match &*key.node {
            "timezone" => self.set_zone(value, at),
            "week_start" => self.set_week_start(value, at),
            _ => Err(vec![unknown_setting(key)]),
        }
    }

    fn set_zone(&mut self, value: &Spanned<Literal>, at: Timestamp) -> Done {
        let Literal::Text(name) = &value.node else {
            return Err(vec![
                Diagnostic::error(Code::Zone, value.span, "a time zone is named by a text")
                    .help("write `set timezone = \"Europe/Prague\"`"),
            ]);
        };
        let zone = zone(name, value.span).map_err(|found| vec![found])?;
        let message = format!("local days begin in {}", zone.name());
        Arc::make_mut(&mut self.definitions).zone = zone;
        let change = Change { zone: true, ..Change::default() };
        let changed = self.derive_again(change, value.span, at)?;
        Ok(Defined { changed, message, ..Defined::default() })
    }

    fn set_week_start(&mut self, value: &Spanned<Literal>, at: Timestamp) -> Done {
        let day = match &value.node {
            Literal::Text(name) => {
                WEEKDAYS.iter().position(|known| known.eq_ignore_ascii_case(name))
            }
            _ => None,
        };
        let Some(day) = day else {
            return Err(vec![
                Diagnostic::error(Code::TypeMismatch, value.span, "this is no day of the week")
                    .help("write `set week_start = \"monday\"`, or another day"),
            ]);
        };
        let message = format!("weeks begin on {}", capital(WEEKDAYS[day]));
        Arc::make_mut(&mut self.definitions).first_day = day as u8 + 1;
        let change = Change { zone: true, ..Change::default() };
        let changed = self.derive_again(change, value.span, at)?;
        Ok(Defined { changed, message, ..Defined::default() })
    }
}

fn capital(word: &str) -> String {
    word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect()
}

/// A zone by its name.
pub(in crate::query) fn zone(name: &str, span: Span) -> Result<Zone, Diagnostic> {
    Zone::named(name).map_err(|unknown| Diagnostic::error(Code::Zone, span, unknown.to_string()))
}

fn unknown_setting(key: &Name) -> Diagnostic {
    let found =
        Diagnostic::error(Code::UnknownName, key.span, format!("unknown setting `{}`", key.node));
    match nearest(&key.node, SETTINGS.iter().map(|name| (*name, 0))) {
        Some(meant) => found.help(format!("did you mean `{meant}`?")),
        None => found.help("the settings are `timezone` and `week_start`"),
    }
}

fn paths(from: &[Spanned<Text>]) -> Result<Vec<Path>, Vec<Diagnostic>> {
    from.iter()
        .map(|text| {
            Path::dotted(&text.node).ok_or_else(|| {
                vec![
                    Diagnostic::error(Code::Syntax, text.span, "this is no path into a call")
                        .help("write keys parted by dots, like \"traits.crm.id\""),
                ]
            })
        })
        .collect()
}

fn blocked(blocking: &Blocking) -> Blocked {
    match blocking {
        Blocking::Values(values) => {
            let values: Vec<Text> = values.iter().map(|value| value.node.clone()).collect();
            values.into()
        }
        Blocking::Pattern(pattern) => {
            Blocked { pattern: Some(pattern.node.clone()), ..Blocked::default() }
        }
    }
}
