//! Aggregates over a person's events, item by item where the path leads through a list.

use super::person::step;
use super::row::{Events, RowScope};
use super::typed::Stored;
use super::{Kinds, Motion, Resolver, Typed};
use crate::lang::tree::{self, Accessor};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::{Path, Text};
use crate::query::predicate::{
    Aggregate, EventFilter, Expr, Filter, Function, Matcher, PersonLeaf, RowLeaf, Tree,
};

/// What is taken of which events, and what is known of it.
struct Parts {
    matcher: Matcher,
    items: Option<Path>,
    value: Option<Expr<RowLeaf>>,
    taken: Option<Typed<RowLeaf>>,
}

/// What is taken of each event, before its filter is looked at.
struct Taken {
    items: Option<Path>,
    value: Option<Expr<RowLeaf>>,
    typed: Option<Typed<RowLeaf>>,
}

impl Resolver<'_> {
    /// An aggregate, and a value that says what kind it gives.
    pub(super) fn aggregate(
        &mut self,
        aggregate: &tree::Aggregate,
        span: Span,
    ) -> Option<(Aggregate, Typed<PersonLeaf>)> {
        let asked = self.asked(aggregate);
        let fixed = self.fixed_in(aggregate);
        let parts = self.where_fixed(fixed.clone(), |resolver| match &aggregate.stream {
            tree::Stream::Event { name, path } => resolver.event_stream(aggregate, name, path),
            tree::Stream::Union(matcher) => resolver.union_stream(aggregate, matcher),
        });
        let windows = self.event_windows(aggregate.window.as_slice());
        let (asked, Parts { matcher, items, value, taken }, windows) = (asked?, parts?, windows?);
        let function = asked.function();
        let value = match self.value_of_events(&asked) {
            Some(value) => {
                self.must_be_whole(aggregate, taken.as_ref(), span)?;
                Some(value)
            }
            None => {
                self.must_fit(function, aggregate, taken.as_ref(), span)?;
                if let Some(taken) = &taken {
                    self.may_gather(function, taken)?;
                }
                value
            }
        };
        if let Some(taken) = &taken {
            self.where_fixed(fixed, |it| it.warn_of_currencies(aggregate, function, taken));
        }
        let typed = given(function, taken.as_ref(), span);
        Some((Aggregate { function, matcher, items, value, windows }, typed))
    }

    fn event_stream(
        &mut self,
        aggregate: &tree::Aggregate,
        name: &tree::Name,
        path: &[Spanned<Accessor>],
    ) -> Option<Parts> {
        let name_known = self.event_name(name)?;
        let taken = match &aggregate.value {
            Some(value) => self.taken_behind_colon(&name_known, path, value),
            None if path.is_empty() => Some(Taken { items: None, value: None, typed: None }),
            None => self.taken_at(aggregate, name, path),
        };
        let items = match &taken {
            Some(taken) => taken.items.clone(),
            None => None,
        };
        let scope = RowScope { events: Events::Named(vec![name_known.clone()]), items };
        let filter = self.optional_filter(&scope, aggregate.filter.as_ref());
        let Taken { items, value, typed } = taken?;
        let matcher = Matcher(vec![EventFilter { name: Some(name_known), filter: filter? }]);
        Some(Parts { matcher, items, value, taken: typed })
    }

    /// `order.items: price * quantity`: a value of each element.
    fn taken_behind_colon(
        &mut self,
        name: &Text,
        path: &[Spanned<Accessor>],
        value: &tree::Value,
    ) -> Option<Taken> {
        self.known_items(name, path)?;
        let items = Path::new(path.iter().map(step).collect());
        let scope = RowScope { events: Events::Named(vec![name.clone()]), items: items.clone() };
        let typed = self.value::<RowLeaf>(&scope, value)?;
        Some(Taken { items, value: Some(typed.expr.clone()), typed: Some(typed) })
    }

    /// `order.total`, `order.items.price`: what a path leads to. A filter may
    /// speak of the elements on the way, so with one the way itself is kept,
    /// unless what it leads to is a number right in the event.
    fn taken_at(
        &mut self,
        aggregate: &tree::Aggregate,
        name: &tree::Name,
        path: &[Spanned<Accessor>],
    ) -> Option<Taken> {
        let span = path.iter().fold(name.span, |span, part| span.to(part.span));
        let typed = self.stream_path(&RowScope::of(&name.node), path, span)?;
        let Expr::Leaf(RowLeaf::Property { path, declared }) = typed.expr.clone() else {
            let value = Some(typed.expr.clone());
            return Some(Taken { items: None, value, typed: Some(typed) });
        };
        let plain = aggregate.filter.is_none()
            || (path.steps().len() == 1 && reads_numbers(aggregate.function.node));
        let (items, value) = if plain {
            (None, Some(typed.expr.clone()))
        } else {
            (Some(path), declared.map(|_| Expr::Leaf(RowLeaf::Element { declared })))
        };
        Some(Taken { items, value, typed: Some(typed) })
    }

    /// Settles that a list before the colon is known, before its fields are looked at.
    fn known_items(&mut self, name: &Text, path: &[Spanned<Accessor>]) -> Option<()> {
        let Some(first) = path.first() else { return Some(()) };
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
        let taken = match &aggregate.value {
            Some(value) => Some(self.value::<RowLeaf>(&scope, value)?),
            None => None,
        };
        let value = taken.as_ref().map(|typed| typed.expr.clone());
        Some(Parts { matcher, items: None, value, taken })
    }

    /// Refuses a value that the function cannot take.
    fn must_fit(
        &mut self,
        function: Function,
        aggregate: &tree::Aggregate,
        taken: Option<&Typed<RowLeaf>>,
        span: Span,
    ) -> Option<()> {
        let name = function.name();
        match (function, taken) {
            (Function::Count, None) => Some(()),
            (_, None) => self.needs_property(aggregate, name, span),
            (function, Some(taken)) if function.takes_numbers() => {
                self.must_be_taken(taken, Kinds::NUMBER, &format!("`{name}` takes numbers"))
            }
            (Function::Min | Function::Max, Some(taken)) => {
                let rule = format!("`{name}` takes numbers, instants and dates");
                self.must_be_taken(taken, Kinds::MEASURED, &rule)
            }
            _ => Some(()),
        }
    }

    /// Holds a value, or the elements of a list, to the kinds that a function takes.
    fn must_be_taken(&mut self, value: &Typed<RowLeaf>, wanted: Kinds, rule: &str) -> Option<()> {
        if value.kinds == Kinds::LIST && value.elements.meets(wanted) {
            return Some(());
        }
        let undeclared = value.stored.as_ref().is_some_and(|stored| !stored.declared);
        let wanted = if undeclared { Kinds::NUMBER } else { wanted };
        let mut value = value.clone();
        value.stored = value.stored.map(Stored::spread);
        self.must_be(&value, wanted, rule)
    }

    fn needs_property<T>(
        &mut self,
        aggregate: &tree::Aggregate,
        function: &str,
        span: Span,
    ) -> Option<T> {
        let example = match &aggregate.stream {
            tree::Stream::Event { name, .. } if function == "decayed" => {
                format!("decayed({}: 1, 14 days)", name.node)
            }
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
        function if function.gives_numbers() => Kinds::NUMBER,
        Function::Collect => Kinds::LIST,
        Function::Min | Function::Max if undeclared => Kinds::NUMBER,
        Function::Min | Function::Max => taken.and(Kinds::MEASURED),
        _ => taken,
    };
    let mut typed = Typed::new(Expr::Literal(crate::model::Value::Null), kinds, span);
    if let Some(value) = value {
        typed.elements = if function == Function::Collect { taken } else { value.elements };
        typed.motion = Motion::of_aggregate(function, value.motion, &value.expr);
        typed.money = value.money.clone().of_aggregate(function);
        // The name makes messages speak of `order.total`, where its values are
        // handed on as they are.
        let handed_on =
            matches!(function, Function::First | Function::Last | Function::MostFrequent);
        typed.stored = value.stored.clone().filter(|_| handed_on).map(Stored::spread);
    }
    typed
}

fn reads_numbers(function: tree::Function) -> bool {
    use tree::Function::{Avg, Decayed, Max, Median, Min, Stddev, Sum};
    matches!(function, Sum | Avg | Min | Max | Median | Stddev | Decayed)
}
