//! Lists come, and elements come and go.

use super::change::{Change, Key};
use super::define::{Defined, Done, done, succeed};
use super::definition::{Definition, ListEntry};
use super::{Catalog, Uses};
use crate::lang::tree::{ElementType, Name, Statement, TypeName};
use crate::lang::{Code, Diagnostic, Param, Spanned};
use crate::model::{FixedUnit, Identifier, Text, Timestamp, Unit, Value, counted, nfc};
use crate::query::predicate::{Audience, List};
use crate::query::resolve::{element_type, evaluated, written};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a list holds, as plain values.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq)]
pub struct ListKept {
    pub name: Text,
    /// When its elements last changed.
    pub changed: i64,
    /// Each as it is written.
    pub elements: Vec<Text>,
}

impl Catalog {
    pub(super) fn create_list(
        &mut self,
        statement: &Statement,
        replace: bool,
        name: &Name,
        of: &Spanned<ElementType>,
        at: Timestamp,
    ) -> Done {
        let key = Key::List(name.node.clone());
        self.may_create(&key, replace, name)?;
        let declared = element_type(TypeName::ListOf(of.node)).unwrap_or(TypeName::Text);
        if declared == TypeName::Geo {
            let message = "a place is told by its distance, and no list can";
            return Err(vec![Diagnostic::error(Code::TypeMismatch, of.span, message)]);
        }
        let earlier = self.definitions.lists.get(&name.node);
        let same = earlier.is_some_and(|earlier| earlier.of == declared);
        let fresh = Definition::new(statement, Uses::default(), at);
        let definition = succeed(fresh, earlier.map(|entry| &entry.definition), same);
        let message = done(&key, &definition, earlier.is_some(), same);
        // Of the same type it is the list that it was.
        let elements = earlier.filter(|_| same).map(|entry| entry.list.elements.clone());
        let list = List {
            name: name.node.clone(),
            of: evaluated(declared),
            elements: elements.unwrap_or_default(),
        };
        let entry = ListEntry { list: Arc::new(list), definition, of: declared };
        Arc::make_mut(&mut self.definitions).lists.insert(name.node.clone(), entry);
        let change = Change { keys: [key].into(), ..Change::default() };
        let changed = if same { Vec::new() } else { self.derive_again(change, name.span, at)? };
        Ok(Defined { changed, message, ..Defined::default() })
    }

    pub(super) fn change_list(
        &mut self,
        adds: bool,
        elements: &[Spanned<Text>],
        list: &Name,
        at: Timestamp,
    ) -> Done {
        let key = Key::List(list.node.clone());
        let Some(entry) = self.definitions.lists.get(&list.node) else {
            return Err(vec![self.nothing_there(&key, list)]);
        };
        let read: Vec<_> = elements.iter().map(|element| element_of(entry.of, element)).collect();
        let wrong: Vec<Diagnostic> = read.iter().filter_map(|read| read.clone().err()).collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut next = entry.list.elements.clone();
        let mut n_changed = 0;
        for (written, value) in read.into_iter().flatten() {
            let is_new = match adds {
                true => next.insert(written, value).is_none(),
                false => next.remove(&written).is_some(),
            };
            n_changed += u64::from(is_new);
        }
        let message = changed_words(adds, n_changed, elements.len() as u64, &list.node);
        let renewed = match n_changed {
            0 => Vec::new(),
            _ => self.put_elements(&list.node, next, at)?,
        };
        Ok(Defined { renewed, message, ..Defined::default() })
    }

    /// A list has these elements from here on; gives the audiences that are
    /// answered by it.
    pub(super) fn put_elements(
        &mut self,
        name: &Text,
        elements: BTreeMap<Text, Value>,
        at: Timestamp,
    ) -> Result<Vec<Arc<Audience>>, Vec<Diagnostic>> {
        let definitions = Arc::make_mut(&mut self.definitions);
        let Some(entry) = definitions.lists.get_mut(name) else { return Ok(Vec::new()) };
        let of = entry.list.of;
        entry.list = Arc::new(List { name: name.clone(), of, elements });
        entry.definition.changed = at;
        let keys = [Key::List(name.clone())].into();
        let change = Change { keys, is_same_text: true, ..Change::default() };
        self.derive_again(change, crate::lang::Span::default(), at)
    }

    /// Fills a list of ids anew, which is made if it is not there.
    ///
    /// # Errors
    /// If the list has elements of another type.
    pub fn freeze(&mut self, name: &str, ids: &[Identifier], at: Timestamp) -> Done {
        let mut next = self.clone();
        let made = format!("create list {} of id", crate::lang::print_name(name));
        if next.list(name).is_none() {
            next.define_again(&crate::lang::parse(&made).statements[0], at)?;
        }
        let ids = ids.iter().map(|id| Text::from(id.to_string()));
        let elements = ids.map(|id| (id.clone(), Value::Text(id))).collect();
        let renewed = next.put_elements(&name.into(), elements, at)?;
        *self = next;
        Ok(Defined { renewed, ..Defined::default() })
    }

    /// Takes ids out of every list of ids; gives the audiences that are
    /// answered by one of those.
    pub fn forget_ids(
        &mut self,
        gone: &[Text],
        at: Timestamp,
    ) -> Result<Vec<Arc<Audience>>, Vec<Diagnostic>> {
        let lists = self.definitions.lists.values().filter(|entry| entry.of == TypeName::Id);
        let has = |entry: &&ListEntry| gone.iter().any(|id| entry.list.elements.contains_key(id));
        let holding: Vec<Arc<List>> = lists.filter(has).map(|entry| entry.list.clone()).collect();
        let mut renewed = Vec::new();
        for list in holding {
            let mut left = list.elements.clone();
            gone.iter().for_each(|id| drop(left.remove(id)));
            renewed.extend(self.put_elements(&list.name, left, at)?);
        }
        // Whoever reads two lists is as the second change left it.
        let last = |(place, audience): (usize, &Arc<Audience>)| {
            !renewed[place + 1..].iter().any(|later: &Arc<Audience>| later.name == audience.name)
        };
        let kept = renewed.iter().enumerate().filter(|it| last(*it)).map(|(_, it)| it.clone());
        Ok(kept.collect())
    }

    /// What lists hold, each element as it is written.
    pub fn lists_kept(&self) -> Vec<ListKept> {
        let lists = self.definitions.lists.values();
        let kept = |entry: &ListEntry| ListKept {
            name: entry.list.name.clone(),
            changed: entry.definition.changed.millis(),
            elements: entry.list.elements.keys().cloned().collect(),
        };
        lists.map(kept).collect()
    }

    /// Takes what lists hold, as it was kept; none if it does not fit.
    pub fn take_list(&mut self, kept: ListKept) -> Option<()> {
        let of = self.list(&kept.name)?.of;
        let changed = Timestamp::from_millis(kept.changed)?;
        let read = kept
            .elements
            .into_iter()
            .map(|text| element_of(of, &Spanned::new(text, crate::lang::Span::default())).ok());
        let elements = read.collect::<Option<BTreeMap<Text, Value>>>()?;
        self.put_elements(&kept.name, elements, changed).ok().map(drop)
    }
}

/// An element as it is written in one way only, and its value.
fn element_of(of: TypeName, text: &Spanned<Text>) -> Result<(Text, Value), Diagnostic> {
    let written_as = &*text.node;
    let value = match of {
        TypeName::Text | TypeName::Ip | TypeName::Version => Some(Value::text(written_as)),
        TypeName::Number => written_as.parse().ok().map(Value::Number),
        TypeName::Bool => written_as.parse().ok().map(Value::Bool),
        TypeName::Date => written_as.parse().ok().map(Value::Date),
        TypeName::Instant => written_as.parse().ok().map(Value::Instant),
        TypeName::Duration => duration(written_as).map(Value::Duration),
        TypeName::Id => {
            let id = written_as.parse::<Identifier>();
            id.ok().map(|id| Value::text(&id.to_string()))
        }
        TypeName::Geo | TypeName::ListOf(_) => None,
    };
    let Some(value) = value else { return Err(no_element(of, text)) };
    let key = match &value {
        Value::Number(number) => number.to_string(),
        Value::Bool(held) => held.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Instant(at) => at.to_string(),
        Value::Duration(ms) => ms.to_string(),
        _ => nfc(written_as).into_owned(),
    };
    Ok((key.into(), value))
}

/// A length of time in fixed units, or milliseconds as they are kept.
fn duration(text: &str) -> Option<i64> {
    match Param::read(text).ok()? {
        Param::Span(count, Unit::Fixed(unit)) => {
            i64::try_from(count).ok()?.checked_mul(FixedUnit::ms(unit))
        }
        Param::Number(_) => text.parse().ok(),
        _ => None,
    }
}

fn no_element(of: TypeName, text: &Spanned<Text>) -> Diagnostic {
    let message = format!("`{}` is no {}", text.node, written(of));
    let found = Diagnostic::error(Code::TypeMismatch, text.span, message);
    match of {
        TypeName::Id => found.help("an id is written like \"email:ada@example.org\""),
        _ => found.label(format!("the list has elements of type {}", written(of))),
    }
}

fn changed_words(adds: bool, n: u64, given: u64, list: &str) -> String {
    let (done, way) = if adds { ("added", "to") } else { ("removed", "from") };
    let elements = counted(n, "element", "elements");
    let left = given - n;
    let rest = match (left, adds) {
        (0, _) => String::new(),
        (_, true) => format!("; {left} there already"),
        (_, false) => format!("; {left} not there"),
    };
    format!("{done} {elements} {way} list `{list}`{rest}")
}
