//! `GET /v1/audiences` and `GET /v1/audiences/{name}/members`.

use super::door::Admitted;
use super::problem::Problem;
use super::shared::Shared;
use super::stream::{self, Out};
use crate::model::{Ordinal, ProfileId, Value};
use crate::query::Rows;
use crate::state::View;
use crate::wire::{Format, write_rows};
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{self, HeaderName};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// The header that says whether changes of the audience are not announced for now.
const PAUSED: HeaderName = HeaderName::from_static("throng-paused");

/// Members that are written as one piece.
const PIECE: usize = 1_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    format: Option<String>,
}

/// The members of an audience, by birth of their profiles.
pub(super) async fn members(
    _admitted: Admitted,
    State(shared): State<Shared>,
    Path(name): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(asked) =
        asked.map_err(|error| Problem::wrong("wrong_parameter", error.body_text()))?;
    let (format, content_type) = match asked.format.as_deref() {
        None | Some("json") => (Format::Json, "application/json"),
        Some("ndjson") => (Format::Ndjson, "application/x-ndjson"),
        Some("csv") => (Format::Csv, "text/csv; charset=utf-8"),
        Some(other) => {
            let message = format!("members come as json, ndjson or csv, not as `{other}`");
            return Err(Problem::wrong("unknown_format", message));
        }
    };
    let turn = shared.follower()?;
    let (audience, seats) = shared
        .blocking(move |shared| {
            let audience = shared.throng().audience(&name)?;
            let seats: Vec<Ordinal> = audience.members().map(|member| Ordinal(member.0)).collect();
            Ok((audience, seats))
        })
        .await?;
    let is_paused = audience.is_paused();
    let body: Body = stream::body(&shared, move |_, out| {
        let _turn = turn;
        write(audience.view(), &seats, format, out);
        Ok(())
    });
    let paused = (PAUSED, if is_paused { "true" } else { "false" });
    Ok(([(header::CONTENT_TYPE, content_type), paused], body).into_response())
}

/// Writes the members piece by piece. Each piece is a table of its own, of
/// which head and foot are left out where another piece stands beside it.
fn write(view: &View, seats: &[Ordinal], format: Format, out: &Out<'_>) {
    let n_pieces = seats.len().div_ceil(PIECE).max(1);
    for place in 0..n_pieces {
        let seats = seats.chunks(PIECE).nth(place).unwrap_or_default();
        let mut piece = Vec::new();
        write_rows(&table(view, seats), format, &mut piece).expect("memory takes every byte");
        if place > 0 {
            behead(&mut piece, format);
        }
        if place + 1 < n_pieces && format == Format::Json {
            piece.truncate(piece.len() - "]}\n".len());
            piece.push(b',');
        }
        if out.send(piece).is_err() {
            return;
        }
    }
}

fn behead(piece: &mut Vec<u8>, format: Format) {
    let end = match format {
        Format::Json => find(piece, b"\"rows\":[").map(|at| at + "\"rows\":[".len()),
        Format::Csv => find(piece, b"\r\n").map(|at| at + 2),
        Format::Ndjson => None,
    };
    piece.drain(..end.unwrap_or(0));
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn table(view: &View, seats: &[Ordinal]) -> Rows {
    let row = |seat: &Ordinal| {
        let names = view.identifiers(*seat);
        let user_id = names.iter().find(|name| &*name.namespace == "user_id");
        vec![
            Value::text(&ProfileId(seat.0).to_string()),
            user_id.map_or(Value::Null, |name| Value::Text(name.value.clone())),
            Value::List(names.iter().map(|name| Value::text(&name.to_string())).collect()),
        ]
    };
    Rows {
        columns: ["profile", "user_id", "identifiers"].map(str::to_owned).to_vec(),
        rows: seats.iter().map(row).collect(),
    }
}
