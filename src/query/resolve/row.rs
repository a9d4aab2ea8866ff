//! What a name inside `where ( )` means: a property of the event or a field of
//! the item, and the few names that reach around it.

use super::kinds::evaluated;
use super::leaf::Leaf;
use super::person::{step, steps, stored_value};
use super::typed::{Lists, Stored};
use super::{Kinds, Names, Resolver, Typed};
use crate::lang::tree::{self, PathHead};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::{Kind, Path, Step, Text};
use crate::query::catalog::Seen;
use crate::query::predicate::{Expr, RowLeaf};

/// The events whose names are meant.
#[derive(Clone, Debug)]
pub(super) enum Events {
    /// Events of any name.
    Any,
    /// Events of these names.
    Named(Vec<Text>),
}

/// What bare names mean: fields of the innermost element on the way that is an
/// object, else properties of the events.
#[derive(Clone, Debug)]
pub(super) struct RowScope {
    pub(super) events: Events,
    pub(super) items: Option<Path>,
}

impl RowScope {
    /// Properties of events of one name.
    pub(super) fn of(name: &Text) -> RowScope {
        RowScope { events: Events::Named(vec![name.clone()]), items: None }
    }

    /// The one event, if there is just one.
    pub(super) fn only(&self) -> Option<&Text> {
        match &self.events {
            Events::Named(names) if names.len() == 1 => names.first(),
            _ => None,
        }
    }
}

impl Resolver<'_> {
    /// A path that stands inside `where ( )` or behind the colon of an aggregate.
    pub(super) fn row_path(
        &mut self,
        scope: &RowScope,
        path: &tree::ValuePath,
    ) -> Option<Typed<RowLeaf>> {
        let steps = steps(&path.first.node, &path.rest);
        match path.head {
            PathHead::Profile => {
                let typed = self.person_path(path)?;
                let expr = RowLeaf::of_person(self, typed.expr.clone(), path.span)?;
                Some(typed.with(expr))
            }
            PathHead::Bare => self.row_steps(scope, steps, path.span),
            PathHead::Event => {
                let around = RowScope { items: None, ..scope.clone() };
                let typed = self.row_steps(&around, steps, path.span)?;
                Some(if scope.items.is_some() { enclosing(typed) } else { typed })
            }
        }
    }

    /// What the keys behind an event's name read: `order.items.price`.
    pub(super) fn stream_path(
        &mut self,
        scope: &RowScope,
        rest: &[Spanned<tree::Accessor>],
        span: Span,
    ) -> Option<Typed<RowLeaf>> {
        self.row_steps(scope, rest.iter().map(step).collect(), span)
    }

    fn row_steps(
        &mut self,
        scope: &RowScope,
        steps: Vec<Step>,
        span: Span,
    ) -> Option<Typed<RowLeaf>> {
        match steps.as_slice() {
            [Step::Key(key)] if **key == *"when" => {
                Some(Typed::new(Expr::Leaf(RowLeaf::When), Kinds::INSTANT, span))
            }
            [Step::Key(head), rest @ ..] if **head == *"context" && !rest.is_empty() => {
                self.context(scope, &steps, span)
            }
            [Step::Key(head), Step::Key(part)] if **head == *"call" => {
                self.envelope(scope, &steps, part, span)
            }
            _ => self.property(scope, steps, span),
        }
    }

    fn context(&mut self, scope: &RowScope, steps: &[Step], span: Span) -> Option<Typed<RowLeaf>> {
        let known = self.catalog.facts().context();
        let seen = known.at(&steps[1..]);
        let is_known = seen.is_some() || known.is_crowded() || self.is_property(scope, steps);
        if self.names == Names::Checked && !is_known {
            return self.unknown_context(&steps[1..], span);
        }
        let Some(path) = Path::new(steps[1..].to_vec()) else {
            return self.property(scope, steps.to_vec(), span);
        };
        let stored = Stored {
            name: format!("context.{path}"),
            declarable: String::new(),
            declared: false,
            seen: seen.cloned(),
            among: None,
            lists: Lists::of(known, path.steps(), 0),
        };
        Some(stored_value(Expr::Leaf(RowLeaf::Context { path }), None, span, stored))
    }

    fn envelope(
        &mut self,
        scope: &RowScope,
        steps: &[Step],
        part: &Text,
        span: Span,
    ) -> Option<Typed<RowLeaf>> {
        let (leaf, kinds) = match &**part {
            "channel" => (RowLeaf::Channel, Kinds::TEXT),
            "source" => (RowLeaf::Source, Kinds::TEXT),
            "type" => (RowLeaf::CallType, Kinds::TEXT),
            "received" => (RowLeaf::Received, Kinds::INSTANT),
            _ if self.is_property(scope, steps) => {
                return self.property(scope, steps.to_vec(), span);
            }
            _ => {
                return self.refuse(
                    Diagnostic::error(Code::UnknownName, span, format!("a call has no `{part}`"))
                        .help(
                            "it has `call.channel`, `call.source`, `call.type` and `call.received`",
                        ),
                );
            }
        };
        Some(Typed::new(Expr::Leaf(leaf), kinds, span))
    }

    fn property(
        &mut self,
        scope: &RowScope,
        steps: Vec<Step>,
        span: Span,
    ) -> Option<Typed<RowLeaf>> {
        let Some(path) = Path::new(steps) else {
            return self.refuse(
                Diagnostic::error(Code::TypeMismatch, span, "an event is no list")
                    .label("a place in a list stands behind a property"),
            );
        };
        let found = self.standing(scope, path.steps());
        if self.names == Names::Checked && found.is_none() {
            return self.unknown_property(scope, path.steps(), span);
        }
        let whole = found.unwrap_or_else(|| path.steps().to_vec());
        let declared = match self.declared_property(scope, &whole) {
            Ok(declared) => declared,
            Err(()) => return self.ambiguous_type(&path, span),
        };
        let stored = self.stored_property(scope, &whole, path.steps().len(), declared.is_some());
        let money = self.money_of_property(scope, &whole, &stored.name, declared);
        let leaf = RowLeaf::Property { path: path.clone(), declared: declared.map(evaluated) };
        let typed = stored_value(Expr::Leaf(leaf), declared, span, stored).of_currency(money);
        if let (Some(_), Some(event)) = (declared, scope.only()) {
            self.count_unread((event, scope.items.as_ref()), &path, &typed);
        }
        Some(typed)
    }

    /// `n_own` of the whole way's steps are read from what bare names mean.
    fn stored_property(
        &self,
        scope: &RowScope,
        whole: &[Step],
        n_own: usize,
        declared: bool,
    ) -> Stored {
        let shown = Path::new(whole.to_vec()).map_or_else(String::new, |path| path.to_string());
        let name = scope.only();
        let facts = name.and_then(|name| self.catalog.facts().event(name));
        let shown = name.map_or(shown.clone(), |name| format!("{name}.{shown}"));
        let in_event = scope.items.is_none();
        let among = facts.filter(|_| in_event).map(|facts| facts.seen.count);
        Stored {
            declarable: name.map_or_else(String::new, |_| format!("event {shown}")),
            name: shown,
            declared,
            seen: self.seen(scope, whole).cloned(),
            among: name.cloned().zip(among),
            lists: facts.map_or(Lists::AsSeen, |facts| {
                Lists::of(&facts.properties, whole, whole.len() - n_own)
            }),
        }
    }

    /// The known way from the event to what a bare name reads.
    ///
    /// Where facts have shown a list of objects on the way, the name is a field
    /// of theirs and of nothing else; where they have shown nothing yet, it may
    /// be either.
    pub(super) fn standing(&self, scope: &RowScope, steps: &[Step]) -> Option<Vec<Step>> {
        let way = scope.items.as_ref().map_or(&[][..], Path::steps);
        let places: Vec<usize> = match self.n_to_objects(scope) {
            Some(n) => vec![n],
            None => (0..=way.len()).rev().filter(|n| self.is_open(scope, &way[..*n])).collect(),
        };
        let whole = places.into_iter().map(|n| [&way[..n], steps].concat());
        whole.into_iter().find(|whole| self.is_property(scope, whole))
    }

    /// How many steps lead to the innermost list of objects that facts have shown.
    pub(super) fn n_to_objects(&self, scope: &RowScope) -> Option<usize> {
        let way = scope.items.as_ref().map_or(&[][..], Path::steps);
        let has_objects = |n: &usize| {
            let seen = self.seen(scope, &way[..*n]);
            seen.is_some_and(|seen| seen.elements_of_kind(Kind::Object) > 0)
        };
        (1..=way.len()).rev().find(has_objects)
    }

    /// Whether names may be read there: right in the event, or where nothing was seen yet.
    fn is_open(&self, scope: &RowScope, way: &[Step]) -> bool {
        way.is_empty() || self.seen(scope, way).is_none()
    }

    fn seen(&self, scope: &RowScope, steps: &[Step]) -> Option<&Seen> {
        let facts = self.catalog.facts().event(scope.only()?)?;
        facts.properties.at(steps)
    }

    /// Whether any of the events is known to have it.
    pub(super) fn is_property(&self, scope: &RowScope, steps: &[Step]) -> bool {
        match &scope.events {
            Events::Any => self.catalog.knows_property_anywhere(steps),
            Events::Named(names) => {
                names.iter().any(|name| self.catalog.knows_property(name, steps))
            }
        }
    }

    /// The type that declarations give it, if they agree.
    fn declared_property(
        &self,
        scope: &RowScope,
        steps: &[Step],
    ) -> Result<Option<tree::TypeName>, ()> {
        let mut types = match &scope.events {
            Events::Any => self.catalog.declared_properties(None, steps),
            Events::Named(names) => names
                .iter()
                .flat_map(|name| self.catalog.declared_properties(Some(name), steps))
                .collect(),
        };
        types.dedup();
        if types.len() > 1 { Err(()) } else { Ok(types.pop()) }
    }

    /// Settles that an event's name is known.
    pub(super) fn event_name(&mut self, name: &tree::Name) -> Option<Text> {
        self.uses.events.insert(name.node.clone());
        self.warn_of_silence(&name.node, name.span);
        if self.names == Names::Assumed || self.catalog.knows_event(&name.node) {
            return Some(name.node.clone());
        }
        let events = self.catalog.events();
        let mut found = Diagnostic::error(
            Code::UnknownEvent,
            name.span,
            format!("unknown event `{}`", name.node),
        )
        .label(format!("no such event ({} known)", events.len()));
        found.helps.extend(self.of_people_and_no_event(&name.node));
        if let Some(help) = self.meant_event(&name.node, &events) {
            found = found.help(help);
        } else if events.is_empty() {
            let name = crate::lang::print_name(&name.node);
            found = found.help(format!("if it is yet to come: `declare event {name};`"));
        }
        self.refuse(found)
    }
}

/// A property as an item's filter reaches it.
fn enclosing(typed: Typed<RowLeaf>) -> Typed<RowLeaf> {
    let expr = match typed.expr.clone() {
        Expr::Leaf(RowLeaf::Property { path, declared }) => {
            Expr::Leaf(RowLeaf::Enclosing { path, declared })
        }
        other => other,
    };
    typed.with(expr)
}
