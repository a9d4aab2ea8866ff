//! What a name outside of `where ( )` means: a trait, then an attribute.

use super::kinds::{element_type, evaluated};
use super::typed::{Lists, Stored};
use super::words::ago;
use super::{Kinds, Names, Resolver, Typed};
use crate::lang::tree::{self, PathHead, TypeName};
use crate::lang::{Code, Diagnostic, Span, Spanned, nearest};
use crate::model::{Path, Step, Text, Value, counted};
use crate::query::catalog::Key;
use crate::query::predicate::{Expr, PersonLeaf};

/// Outside of `where ( )` bare names speak of the person; nothing else decides.
pub(super) struct PersonScope;

/// Names that every workspace knows.
pub(in crate::query) const BUILT_IN: [&str; 5] =
    ["user_id", "group_id", "first_seen", "last_seen", "timezone"];

impl Resolver<'_> {
    /// A path that speaks of the person.
    pub(super) fn person_path(&mut self, path: &tree::ValuePath) -> Option<Typed<PersonLeaf>> {
        if path.head == PathHead::Event {
            return self.refuse(
                Diagnostic::error(Code::UnknownName, path.span, "no event is being looked at here")
                    .label("`event.` reads the event around, inside `where ( )`")
                    .help(
                        "write `did EVENT where (...)` or an aggregate like `last(EVENT.property)`",
                    ),
            );
        }
        if let Some(found) = self.listed_value(path) {
            return found;
        }
        if let Some(found) = self.let_value(path) {
            return found;
        }
        if self.catalog.trait_named(&path.first.node).is_some() {
            return self.trait_value(path);
        }
        let steps = steps(&path.first.node, &path.rest);
        if let Some(found) = self.built_in(path, &steps) {
            return found;
        }
        self.attribute(path, steps)
    }

    /// A column of the list that is being sorted, by the name that the list gives it.
    fn listed_value(&mut self, path: &tree::ValuePath) -> Option<Option<Typed<PersonLeaf>>> {
        let is_bare = path.head == PathHead::Bare && path.rest.is_empty();
        let column = self.listed.iter().find(|column| is_bare && column.name == path.first.node)?;
        let (value, size) = (column.value.clone(), column.size);
        Some(self.grow(path.span, size).and(value))
    }

    /// A name that the definition gives a value.
    fn let_value(&mut self, path: &tree::ValuePath) -> Option<Option<Typed<PersonLeaf>>> {
        let named = self.lets.iter().find(|named| named.name == path.first.node)?;
        if let Some(part) = path.rest.first() {
            let message = format!("`{}` has no parts", path.first.node);
            return Some(self.refuse(Diagnostic::error(Code::TypeMismatch, part.span, message)));
        }
        let (value, size) = (named.value.clone(), named.size);
        Some(self.grow(path.span, size).and(value))
    }

    fn trait_value(&mut self, path: &tree::ValuePath) -> Option<Typed<PersonLeaf>> {
        let name = &path.first.node;
        let found = self.catalog.trait_named(name)?;
        if let Some(part) = path.rest.first() {
            return self.refuse(
                Diagnostic::error(Code::TypeMismatch, part.span, format!("`{name}` has no parts"))
                    .label("a trait is one value"),
            );
        }
        if !found.stands {
            return self.trait_with(&path.first, &[]);
        }
        self.uses.traits.insert(name.clone());
        self.names_key(Key::Trait(name.clone()), path.first.span);
        self.grow(path.span, found.size)?;
        if !found.value.ranks().is_empty() {
            self.may_rank(path.span)?;
        }
        let mut typed = Typed::new(found.value.clone(), found.kinds, path.span);
        typed.elements = found.elements;
        Some(typed.moving(found.motion).of_currency(found.money.clone()))
    }

    fn built_in(
        &mut self,
        path: &tree::ValuePath,
        steps: &[Step],
    ) -> Option<Option<Typed<PersonLeaf>>> {
        let (leaf, kinds) = match &*path.first.node {
            "user_id" => (PersonLeaf::UserId, Kinds::TEXT.or(Kinds::ID)),
            "group_id" => (PersonLeaf::GroupId, Kinds::TEXT.or(Kinds::ID)),
            "first_seen" => (PersonLeaf::FirstSeen, Kinds::INSTANT),
            "last_seen" => (PersonLeaf::LastSeen, Kinds::INSTANT),
            "timezone" => {
                self.uses.attributes.insert(path.first.node.clone());
                let declared = self.catalog.declared_attribute("timezone").map(evaluated);
                (PersonLeaf::Attribute { path: Path::key("timezone"), declared }, Kinds::TEXT)
            }
            _ => return None,
        };
        if steps.len() > 1 {
            return Some(self.refuse(Diagnostic::error(
                Code::TypeMismatch,
                path.span,
                format!("`{}` has no parts", path.first.node),
            )));
        }
        Some(Some(Typed::new(Expr::Leaf(leaf), kinds, path.span)))
    }

    fn attribute(&mut self, path: &tree::ValuePath, steps: Vec<Step>) -> Option<Typed<PersonLeaf>> {
        let name = &path.first.node;
        self.uses.attributes.insert(name.clone());
        if self.names == Names::Checked && !self.catalog.knows_attribute(&steps) {
            return self.unknown_name(path, &steps);
        }
        let path_read = Path::new(steps)?;
        let declared = declared_at(self.catalog.declared_attribute(name), path_read.steps());
        let stored = Stored {
            name: path_read.to_string(),
            declarable: format!("attribute {name}"),
            declared: declared.is_some(),
            seen: self.catalog.facts().attributes().at(path_read.steps()).cloned(),
            among: None,
            lists: Lists::of(self.catalog.facts().attributes(), path_read.steps(), 0),
        };
        let money = self.money_of_attribute(path_read.steps(), declared);
        let (whole, typed) = (path_read.clone(), declared.map(evaluated));
        let leaf = Expr::Leaf(PersonLeaf::Attribute { path: path_read, declared: typed });
        let typed = stored_value(leaf, declared, path.span, stored).of_currency(money);
        if declared.is_some() {
            self.count_unread_of(&whole, &typed);
        }
        Some(typed)
    }

    fn unknown_name<T>(&mut self, path: &tree::ValuePath, steps: &[Step]) -> Option<T> {
        let name = &path.first.node;
        let attributes = self.catalog.attributes();
        let traits = self.catalog.traits().count();
        let known = attributes.len() + traits + BUILT_IN.len();
        let shown = Path::new(steps.to_vec()).map_or_else(String::new, |path| path.to_string());
        let mut found =
            Diagnostic::error(Code::UnknownName, path.span, format!("unknown name `{shown}`"))
                .label(format!("no such trait or attribute ({known} known)"));
        if let Some(help) = self.meant_name(name, steps) {
            found = found.help(help);
        }
        self.refuse(found)
    }

    /// What was probably meant by a name that nobody knows.
    fn meant_name(&self, name: &Text, steps: &[Step]) -> Option<String> {
        if steps.len() > 1 && self.catalog.knows_attribute(&steps[..1]) {
            let inner = self.catalog.facts().attributes().keys_below(&steps[..1]);
            let Some(Step::Key(key)) = steps.get(1) else { return None };
            let meant = nearest(key, inner.into_iter())?;
            return Some(format!("did you mean `{name}.{meant}`?"));
        }
        if steps.len() == 1 && self.columns.contains(name) {
            return Some(format!(
                "`{name}` is the name of a column and no value: repeat what it shows, or make it \
                 one by `create trait {name} is ...`"
            ));
        }
        if **name == *"when" {
            return Some("`when` is the time of one event: write `last(EVENT.when)`".to_owned());
        }
        if **name == *"now" {
            return Some(
                "time is measured from now: `in last 7 days`, `days since X`, `hours until X`"
                    .to_owned(),
            );
        }
        if steps.len() > 1 && self.catalog.knows_property(name, &steps[1..]) {
            let read = Path::new(steps.to_vec())?;
            let seen =
                self.catalog.facts().event(name).and_then(|it| it.properties.at(&steps[1..]));
            let is_number = |value: &Value| matches!(value, Value::Number(_));
            let adds = seen.is_some_and(|seen| seen.examples().iter().any(is_number));
            let other = if adds { "sum" } else { "collect" };
            return Some(format!(
                "it is a property of the event `{name}`, which may come often: write \
                 `last({read})` for the latest value, or `{other}({read})`"
            ));
        }
        if let Some(help) = self.as_text(steps) {
            return Some(help);
        }
        if let Some(facts) = self.catalog.facts().event(name) {
            let events = counted(facts.seen.count, "event", "events");
            return Some(format!("`{name}` is an event ({events}): write `did {name}`"));
        }
        if self.catalog.audience(name).is_some() {
            return Some(format!("`{name}` is an audience: write `in audience {name}`"));
        }
        let attributes = self.catalog.attributes();
        let known = attributes.iter().map(|(name, n)| (&**name, *n));
        let traits = self.catalog.traits().map(|found| (&*found.name, 1));
        let listed = self.listed.iter().map(|column| (&*column.name, 1));
        match nearest(name, known.chain(traits).chain(listed).chain(BUILT_IN.map(|name| (name, 0))))
        {
            Some(meant) => Some(format!("did you mean `{meant}`{}?", self.use_of_attribute(meant))),
            None => self.event_with(steps),
        }
    }

    /// The most frequent event that has a property of that name.
    fn event_with(&self, steps: &[Step]) -> Option<String> {
        let mut events = self.catalog.events();
        events.retain(|(event, _)| self.catalog.knows_property(event, steps));
        let path = Path::new(steps.to_vec())?;
        let first =
            self.first_step.as_ref().filter(|first| self.catalog.knows_property(first, steps));
        if let Some(first) = first {
            return Some(format!(
                "`by` takes what is known of the person; `{path}` is a property of `{first}`: ask \
                 for each of its values by `{first} where ({path} = ...)` as the first step"
            ));
        }
        let (event, _) = events.into_iter().max_by_key(|(_, n)| *n)?;
        if self.groups_events {
            return Some(format!(
                "`by` takes what is known of the person, like an attribute; `{path}` is a property \
                 of `{event}`, of which `where ({path} = ...)` counts one value"
            ));
        }
        Some(format!("`{event}` has it: write `last({event}.{path})` or `did {event} where (...)`"))
    }

    fn use_of_attribute(&self, name: &str) -> String {
        match self.catalog.facts().attributes().at(&[Step::Key(name.into())]) {
            Some(seen) => format!(
                " ({}, last seen {})",
                counted(seen.count(), "value", "values"),
                ago(self.now, seen.last)
            ),
            None => String::new(),
        }
    }
}

/// The steps of a path as the model knows them.
pub(super) fn steps(first: &Text, rest: &[Spanned<tree::Accessor>]) -> Vec<Step> {
    std::iter::once(Step::Key(first.clone())).chain(rest.iter().map(step)).collect()
}

pub(super) fn step(accessor: &Spanned<tree::Accessor>) -> Step {
    match &accessor.node {
        tree::Accessor::Key(key) => Step::Key(key.clone()),
        tree::Accessor::Index(place) => Step::Index(*place),
    }
}

/// The type of what a path leads to, where the type of its first part is declared.
fn declared_at(declared: Option<TypeName>, steps: &[Step]) -> Option<TypeName> {
    match (declared, &steps[1..]) {
        (declared, []) => declared,
        (Some(list), [Step::Index(_)]) => element_type(list),
        _ => None,
    }
}

/// A stored value under a name, with the kinds that its declaration allows.
pub(super) fn stored_value<L>(
    expr: Expr<L>,
    declared: Option<TypeName>,
    span: Span,
    stored: Stored,
) -> Typed<L> {
    let kinds = declared.map_or(Kinds::UNDECLARED, Kinds::of);
    let elements = declared.and_then(element_type).map_or(Kinds::UNDECLARED, Kinds::of);
    let motion = super::Motion::Still;
    let money = super::Money::Plain;
    Typed { expr, kinds, elements, motion, money, span, stored: Some(stored) }
}
