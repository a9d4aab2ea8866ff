//! What is given for the parameters of a definition.

use super::person::PersonScope;
use super::{Kinds, Resolver, Typed};
use crate::lang::tree::{Length, Literal, Parameter, TypeName, Value, ValueKind};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::{Date, FixedUnit, Text, Timestamp, Unit, counted};
use crate::query::predicate::{Expr, PersonLeaf};
use crate::query::words;

/// What stands in the place of a parameter.
#[derive(Clone, Debug)]
pub(super) enum Given {
    /// A length of time, which may be one of the calendar.
    Length(Length),
    /// A value, of the person or the same for all.
    Value(Box<Typed<PersonLeaf>>),
}

/// What is given, by the names of the parameters.
pub(super) type AllGiven = Vec<(Text, Given)>;

impl Given {
    /// As the language writes it.
    pub(super) fn words(&self) -> String {
        match self {
            Given::Length(length) => crate::lang::print_length(length),
            Given::Value(typed) => words::expr(&typed.expr),
        }
    }
}

impl Resolver<'_> {
    /// What is given for a parameter of the definition that is being read.
    pub(super) fn given(&mut self, name: &Spanned<Text>) -> Option<Given> {
        let found = self.given.iter().find(|(known, _)| *known == name.node);
        match found {
            Some((_, given)) => Some(given.clone()),
            None => self.refuse(Diagnostic::error(
                Code::MissingParameter,
                name.span,
                format!("`${}` is no parameter of this definition", name.node),
            )),
        }
    }

    /// What stands for the parameters while the definition itself is read:
    /// their defaults, and of those without one something of their type.
    pub(super) fn take_params(&mut self, params: &[Parameter]) {
        for param in params {
            let given = match &param.default {
                Some(default) => self.default(param, default),
                None => Some(example(param)),
            };
            self.given.extend(given.map(|given| (param.name.node.clone(), given)));
        }
    }

    /// What is given for each parameter by arguments in their order; from the
    /// right, those with a default may be left out.
    pub(super) fn bind(
        &mut self,
        what: &str,
        params: &[Parameter],
        arguments: &[Value],
        span: Span,
    ) -> Option<AllGiven> {
        if let Some(spare) = arguments.get(params.len()) {
            return self.too_many(what, params, spare.span);
        }
        let mut all = Vec::new();
        for (place, param) in params.iter().enumerate() {
            let given = match (arguments.get(place), &param.default) {
                (Some(argument), _) => self.argument(param, argument),
                (None, Some(default)) => self.default(param, default),
                (None, None) => return self.too_few(what, params, span),
            };
            all.push(given.map(|given| (param.name.node.clone(), given)));
        }
        all.into_iter().collect()
    }

    fn argument(&mut self, param: &Parameter, argument: &Value) -> Option<Given> {
        match &argument.kind {
            ValueKind::Literal(Literal::Duration(length)) if is_length(param) => {
                return Some(Given::Length(*length));
            }
            ValueKind::Parameter(name) => match self.given(name)? {
                Given::Length(length) if is_length(param) => return Some(Given::Length(length)),
                Given::Length(_) => {
                    return self.other_type(param, "a length of time", argument.span);
                }
                Given::Value(_) => {}
            },
            _ => {}
        }
        let typed = self.value::<PersonLeaf>(&PersonScope, argument)?;
        self.fit(param, typed)
    }

    fn default(&mut self, param: &Parameter, default: &Spanned<Literal>) -> Option<Given> {
        if let (Literal::Duration(length), true) = (&default.node, is_length(param)) {
            return Some(Given::Length(*length));
        }
        let typed = self.literal::<PersonLeaf>(&default.node, default.span)?;
        self.fit(param, typed)
    }

    /// Holds a value to the type of its parameter. A length of time is one of
    /// the text: how far a window reaches is settled before anybody is looked at.
    fn fit(&mut self, param: &Parameter, mut typed: Typed<PersonLeaf>) -> Option<Given> {
        let wanted = Kinds::of(param.of.node);
        if is_length(param) || !typed.kinds.meets(wanted) {
            return self.other_type(param, &typed.kinds.words(), typed.span);
        }
        typed.kinds = typed.kinds.and(wanted);
        Some(Given::Value(Box::new(typed)))
    }

    fn other_type<T>(&mut self, param: &Parameter, found: &str, span: Span) -> Option<T> {
        let (name, wanted) = (&param.name.node, super::written(param.of.node));
        let message = format!("`${name}` is declared {wanted}, and this is {found}");
        self.refuse(Diagnostic::error(Code::TypeMismatch, span, message).label(found))
    }

    fn too_many<T>(&mut self, what: &str, params: &[Parameter], span: Span) -> Option<T> {
        let message = match params {
            [] => format!("{what} has no parameters"),
            _ => format!("{what} has {}", parameters(params.len())),
        };
        self.refuse(Diagnostic::error(Code::Arguments, span, message).label("one too many"))
    }

    fn too_few<T>(&mut self, what: &str, params: &[Parameter], span: Span) -> Option<T> {
        let n_needed =
            params.iter().rposition(|param| param.default.is_none()).map_or(0, |n| n + 1);
        let named = params.iter().take(n_needed);
        let named = named.map(|p| format!("`${}: {}`", p.name.node, super::written(p.of.node)));
        let message = format!("{what} needs {}", counted(n_needed as u64, "argument", "arguments"));
        let help = format!("give, in this order: {}", named.collect::<Vec<_>>().join(", "));
        self.refuse(Diagnostic::error(Code::Arguments, span, message).help(help))
    }
}

fn parameters(n: usize) -> String {
    counted(n as u64, "parameter", "parameters")
}

fn is_length(param: &Parameter) -> bool {
    param.of.node == TypeName::Duration
}

/// Something of the type of a parameter: what the definition is checked with.
fn example(param: &Parameter) -> Given {
    use crate::model::Value;
    let span = param.name.span;
    let value = match param.of.node {
        TypeName::Duration => {
            let unit = Unit::Fixed(FixedUnit::Day);
            return Given::Length(Length { count: 1, unit, span });
        }
        TypeName::Number => Value::from(1),
        TypeName::Bool => Value::Bool(true),
        TypeName::Date => Value::Date(Date::default()),
        TypeName::Instant => Value::Instant(Timestamp::EPOCH),
        TypeName::Ip => Value::text("192.0.2.1"),
        TypeName::Text | TypeName::Version | TypeName::Id => Value::text("1"),
        TypeName::Geo | TypeName::ListOf(_) => Value::List(Vec::new()),
    };
    let typed = Typed::new(Expr::Literal(value), Kinds::of(param.of.node), span);
    Given::Value(Box::new(typed))
}
