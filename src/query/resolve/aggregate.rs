//! Aggregates over a person's events, item by item where the path leads through a list.

use super::person::step;
use super::row::{Events, RowScope};
use super::{Kinds, Resolver, Typed};
use crate::lang::tree::{self, Accessor};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::{Kind, Path, Step, Text};
use crate::query::predicate::{
    Aggregate, EventFilter, Expr, Filter, Function, Matcher, PersonLeaf, RowLeaf, Tree,
};

/// A value of each event, its filter and where the events lie.
struct Parts {
    matcher: Matcher,
    items: Option<Path>,
    value: Option<Typed<RowLeaf>>,
}

impl Resolver<'_> {
    /// An aggregate, and a value that says what kind it gives.
    pub(super) fn aggregate(
        &mut self,
        aggregate: &tree::Aggregate,
        span: Span,
    ) -> Option<(Aggregate, Typed<PersonLeaf>)> {
        let parts = match &aggregate.stream {
            tree::Stream::Event { name, path } => self.event_stream(aggregate, name, path),
            tree::Stream::Union(matcher) => self.union_stream(aggregate, matcher),
        };
        let windows = self.event_windows(aggregate.window.as_slice());
        let (Parts { matcher, items, value }, windows) = (parts?, windows?);
        let function = function_of(aggregate.function.node);
        let value = self.fitting(aggregate, value, span)?;
        let typed = given(function, value.as_ref(), span);
        let value = value.map(|typed| typed.expr);
        Some((Aggregate { function, matcher, items, value, windows }, typed))
    }

    fn event_stream(
        &mut self,
        aggregate: &tree::Aggregate,
        name: &tree::Name,
        path: &[Spanned<Accessor>],
    ) -> Option<Parts> {
        let name_known = self.event_name(name)?;
        let (items, rest) = self.items_of(aggregate, &name_known, path);
        self.known_items(aggregate, &name_known, path)?;
        let scope = RowScope { events: Events::Named(vec![name_known.clone()]), items };
        let filter = self.optional_filter(&scope, aggregate.filter.as_ref());
        let value = match &aggregate.value {
            Some(value) => Some(self.value::<RowLeaf>(&scope, value)),
            None if rest.is_empty() => None,
            None => {
                let span = rest.iter().fold(name.span, |span, part| span.to(part.span));
                Some(self.stream_path(&scope, rest, span))
            }
        };
        let matcher = Matcher(vec![EventFilter { name: Some(name_known), filter: filter? }]);
        Some(Parts {
            matcher,
            items: scope.items,
            value: value.map_or(Some(None), |v| v.map(Some))?,
        })
    }

    /// The list whose elements are taken, and the keys behind it.
    ///
    /// With a value behind a colon the path leads to the list. Without one it is
    /// the innermost list of objects that facts have shown on the way.
    fn items_of<'p>(
        &self,
        aggregate: &tree::Aggregate,
        name: &Text,
        path: &'p [Spanned<Accessor>],
    ) -> (Option<Path>, &'p [Spanned<Accessor>]) {
        let steps: Vec<Step> = path.iter().map(step).collect();
        if aggregate.value.is_some() {
            return (Path::new(steps), &[]);
        }
        let shape = self.catalog.facts().event(name).map(|facts| &facts.properties);
        let is_list = |steps: &[Step]| {
            let seen = shape.and_then(|shape| shape.at(steps));
            matches!(steps.last(), Some(Step::Key(_)))
                && seen.is_some_and(|seen| seen.elements_of_kind(Kind::Object) > 0)
        };
        match (1..=steps.len()).rev().find(|n| is_list(&steps[..*n])) {
            Some(n) => (Path::new(steps[..n].to_vec()), &path[n..]),
            None => (None, path),
        }
    }

    /// Settles that a list before the colon is known, before its fields are looked at.
    fn known_items(
        &mut self,
        aggregate: &tree::Aggregate,
        name: &Text,
        path: &[Spanned<Accessor>],
    ) -> Option<()> {
        let (Some(first), Some(_)) = (path.first(), &aggregate.value) else { return Some(()) };
        let span = path.iter().fold(first.span, |span, part| span.to(part.span));
        let list = self.stream_path(&RowScope::of(name), path, span)?;
        self.must_be(&list, Kinds::LIST.or(Kinds::OBJECT), "a list stands before the colon")
    }

    fn union_stream(
        &mut self,
        aggregate: &tree::Aggregate,
        matcher: &tree::Matcher,
    ) -> Option<Parts> {
        let events = match matcher {
            tree::Matcher::AnyEvent(..) => Events::Any,
            tree::Matcher::Event(event) => Events::Named(vec![event.name.node.clone()]),
            tree::Matcher::AnyOf(events, _) => {
                Events::Named(events.iter().map(|event| event.name.node.clone()).collect())
            }
        };
        let mut matcher = self.matcher(matcher)?;
        let scope = RowScope { events, items: None };
        let filter = self.optional_filter(&scope, aggregate.filter.as_ref())?;
        matcher.0.iter_mut().for_each(|event| narrow(event, filter.as_ref()));
        let value = match &aggregate.value {
            Some(value) => Some(self.value::<RowLeaf>(&scope, value)?),
            None => None,
        };
        Some(Parts { matcher, items: None, value })
    }

    /// The value, if the function can take it.
    fn fitting(
        &mut self,
        aggregate: &tree::Aggregate,
        value: Option<Typed<RowLeaf>>,
        span: Span,
    ) -> Option<Option<Typed<RowLeaf>>> {
        let function = function_of(aggregate.function.node);
        let name = function.name();
        let Some(value) = value else {
            let countable = function == Function::Count;
            return if countable { Some(None) } else { self.needs_property(aggregate, name, span) };
        };
        match function {
            Function::Sum | Function::Avg => {
                self.must_be_taken(&value, Kinds::NUMBER, &format!("`{name}` takes numbers"))?;
            }
            Function::Min | Function::Max => {
                let rule = format!("`{name}` takes numbers, instants and dates");
                self.must_be_taken(&value, Kinds::MEASURED, &rule)?;
            }
            _ => {}
        }
        Some(Some(value))
    }

    /// Holds a value, or the elements of a list, to the kinds that a function takes.
    fn must_be_taken(&mut self, value: &Typed<RowLeaf>, wanted: Kinds, rule: &str) -> Option<()> {
        if value.kinds == Kinds::LIST && value.elements.meets(wanted) {
            return Some(());
        }
        let undeclared = value.stored.as_ref().is_some_and(|stored| !stored.declared);
        let wanted = if undeclared { Kinds::NUMBER } else { wanted };
        self.must_be(value, wanted, rule)
    }

    fn needs_property<T>(
        &mut self,
        aggregate: &tree::Aggregate,
        function: &str,
        span: Span,
    ) -> Option<T> {
        let example = match &aggregate.stream {
            tree::Stream::Event { name, .. } => {
                let known = self.catalog.properties_below(&name.node, &[]);
                let used = known.into_iter().max_by_key(|(_, n)| *n);
                let property = used.map_or("property".to_owned(), |(key, _)| key);
                format!("{function}({}.{property})", name.node)
            }
            tree::Stream::Union(_) => format!("{function}(any event: property)"),
        };
        self.refuse(
            Diagnostic::error(
                Code::TypeMismatch,
                span,
                format!("`{function}` needs a property of the event"),
            )
            .help(format!("write for example `{example}`, or `count(...)` for the events")),
        )
    }

    /// A value that must be an aggregate: a column of `total`.
    pub(super) fn total_column(&mut self, value: &tree::Value) -> Option<Aggregate> {
        match &value.kind {
            tree::ValueKind::Aggregate(aggregate) => {
                self.aggregate(aggregate, value.span).map(|(aggregate, _)| aggregate)
            }
            _ => self.refuse(
                Diagnostic::error(
                    Code::TypeMismatch,
                    value.span,
                    "`total` takes aggregates over the events of all people together",
                )
                .help("write for example `total sum(order.total)`, or `list` for one row a person"),
            ),
        }
    }
}

/// The event's own filter, and one more.
fn narrow(event: &mut EventFilter, filter: Option<&Filter>) {
    event.filter = match (event.filter.take(), filter) {
        (Some(own), Some(more)) => Some(Tree::All(vec![own, more.clone()])),
        (own, more) => own.or_else(|| more.cloned()),
    };
}

/// What kind of value the aggregate gives.
fn given(function: Function, value: Option<&Typed<RowLeaf>>, span: Span) -> Typed<PersonLeaf> {
    let taken = value.map_or(Kinds::NUMBER, |value| {
        if value.kinds == Kinds::LIST { value.elements } else { value.kinds }
    });
    let undeclared = value.is_some_and(|v| v.stored.as_ref().is_some_and(|s| !s.declared));
    let kinds = match function {
        Function::Count | Function::Sum | Function::Avg | Function::Distinct => Kinds::NUMBER,
        Function::Min | Function::Max if undeclared => Kinds::NUMBER,
        Function::Min | Function::Max => taken.and(Kinds::MEASURED),
        Function::First | Function::Last => taken,
    };
    let mut typed = Typed::new(Expr::Literal(crate::model::Value::Null), kinds, span);
    if let Some(value) = value {
        typed.elements = value.elements;
        // The name makes messages speak of `order.total`, and only first and
        // last hand its values on as they are.
        let handed_on = matches!(function, Function::First | Function::Last);
        typed.stored = value.stored.clone().filter(|_| handed_on);
    }
    typed
}

fn function_of(function: tree::Function) -> Function {
    match function {
        tree::Function::Count => Function::Count,
        tree::Function::Sum => Function::Sum,
        tree::Function::Avg => Function::Avg,
        tree::Function::Min => Function::Min,
        tree::Function::Max => Function::Max,
        tree::Function::Distinct => Function::Distinct,
        tree::Function::First => Function::First,
        tree::Function::Last => Function::Last,
    }
}
