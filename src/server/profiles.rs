//! `GET /v1/profiles/{namespace}/{value}`: one customer.

use super::answer::json_of_rows;
use super::door::Admitted;
use super::problem::{Problem, within};
use super::shared::Shared;
use crate::engine::Throng;
use crate::model::{
    Body, Identifier, Object, Ordinal, Path as Steps, ProfileId, Text, Timestamp, Value,
};
use crate::query::predicate::{Expr, PersonLeaf};
use crate::query::{Crowd, Person, Question, Reference, holds};
use crate::report;
use crate::state::View;
use crate::wire::json_of_value;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Events of a timeline, unless it is asked for fewer or more.
const EVENTS: u64 = 100;
/// The most that may be asked for.
const EVENTS_MAX: u64 = 10_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    limit: Option<u64>,
}

/// Identifiers, attributes, audiences.
pub(super) async fn profile(
    _admitted: Admitted,
    State(shared): State<Shared>,
    Path((namespace, value)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let json = shared.blocking(move |shared| card(shared.throng(), &namespace, &value)).await?;
    Ok(json_response(json))
}

/// The latest events.
pub(super) async fn timeline(
    _admitted: Admitted,
    State(shared): State<Shared>,
    Path((namespace, value)): Path<(String, String)>,
    limit: Result<Query<Limit>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(limit) =
        limit.map_err(|error| Problem::wrong("wrong_parameter", error.body_text()))?;
    let n_events = within("limit", limit.limit.unwrap_or(EVENTS), 1, EVENTS_MAX)?;
    let json = shared.blocking(move |shared| {
        let view = shared.throng().view()?;
        let profile = reference(&namespace, &value)?;
        let now = shared.throng().now(&view);
        let limit = Some(n_events);
        let known = view.one(&profile, now, &mut |_| {}).map_err(Problem::internal)?;
        if !known {
            return Err(unknown(&namespace, &value));
        }
        let question = Question::Timeline { profile, windows: Vec::new(), limit };
        let rows = report::answer(&question, &view, now, view.catalog().zone());
        rows.map(|rows| json_of_rows(&rows)).map_err(Problem::internal)
    });
    Ok(json_response(json.await?))
}

/// The audiences that the person is in.
pub(super) async fn audiences(
    _admitted: Admitted,
    State(shared): State<Shared>,
    Path((namespace, value)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let json = shared.blocking(move |shared| {
        let view = shared.throng().view()?;
        met(&view, shared.throng().now(&view), &namespace, &value, |person| {
            object([
                ("profile", Value::text(&person.profile.to_string())),
                ("audiences", joined(&view, person.profile)),
            ])
        })
    });
    Ok(json_response(json.await?))
}

fn json_response(json: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}

fn card(throng: &Throng, namespace: &str, value: &str) -> Result<String, Problem> {
    let view = throng.view()?;
    let now = throng.now(&view);
    met(&view, now, namespace, value, |person| {
        let names = person.identifiers.iter().map(|name| Value::text(&name.to_string()));
        let n_calls = person.events.iter().filter(|event| event.when <= now).count();
        let read = |leaf| holds::value(&Expr::Leaf(leaf), person, now);
        object([
            ("profile", Value::text(&person.profile.to_string())),
            ("user_id", person.user_id.map_or(Value::Null, |id| Value::Text(id.clone()))),
            ("identifiers", Value::List(names.collect())),
            ("attributes", attributes(person, now)),
            ("audiences", joined(&view, person.profile)),
            ("first_seen", read(PersonLeaf::FirstSeen)),
            ("last_seen", read(PersonLeaf::LastSeen)),
            ("calls", Value::from(n_calls as i64)),
        ])
    })
}

/// Shows the person whom the path names.
fn met(
    view: &View,
    now: Timestamp,
    namespace: &str,
    value: &str,
    show: impl Fn(&Person<'_>) -> Value,
) -> Result<String, Problem> {
    let mut shown = None;
    view.one(&reference(namespace, value)?, now, &mut |person| shown = Some(show(person)))
        .map_err(Problem::internal)?;
    shown.map(|shown| json_of_value(&shown)).ok_or_else(|| unknown(namespace, value))
}

/// Whom a path names: an identifier, or by `p` a profile.
fn reference(namespace: &str, value: &str) -> Result<Reference, Problem> {
    if namespace == "p" {
        let profile = format!("p:{value}").parse().map_err(|_| unknown(namespace, value))?;
        return Ok(Reference::Profile(profile));
    }
    Ok(Reference::Identifier(Identifier::new(namespace, value)))
}

/// Every attribute that is known, as the language reads it.
fn attributes(person: &Person<'_>, now: Timestamp) -> Value {
    let mut keys: BTreeSet<&Text> = BTreeSet::new();
    for event in person.events.iter().filter(|event| event.when <= now) {
        if let Body::Identify { traits } = &event.body {
            keys.extend(traits.iter().map(|(key, _)| key));
        }
    }
    let value = |key: &Text| {
        let path = Steps::key(key.clone());
        holds::value(&Expr::Leaf(PersonLeaf::Attribute { path, declared: None }), person, now)
    };
    let known = keys.into_iter().map(|key| (&**key, value(key)));
    object(known.filter(|(_, value)| *value != Value::Null))
}

fn joined(view: &View, profile: ProfileId) -> Value {
    let seat = Ordinal(profile.0);
    let names = view.catalog().audiences().map(|audience| &audience.name);
    let joined =
        names.filter(|name| view.members(name).is_some_and(|members| members.contains(seat)));
    Value::List(joined.map(|name| Value::Text(name.clone())).collect())
}

fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let mut object = Object::default();
    for (key, value) in fields {
        object.insert(key.into(), value);
    }
    Value::Object(object)
}

fn unknown(namespace: &str, value: &str) -> Problem {
    let message = format!("nobody is called `{namespace}:{value}` here; check the identifier");
    Problem::new(StatusCode::NOT_FOUND, "unknown_profile", message)
}
