//! `POST /v1/export`: a lake, written where this machine keeps what is temporary.
//! Whoever asked fetches it from there: no path of theirs is written to. What
//! nobody fetches goes with the server, or before, when others come.

use super::door::Admitted;
use super::problem::Problem;
use super::shared::Shared;
use crate::lake::{self, Lake};
use crate::model::Timestamp;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    as_of: Option<String>,
}

/// Writes a lake and says where it lies.
pub(super) async fn export(
    _admitted: Admitted,
    State(shared): State<Shared>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(asked) =
        asked.map_err(|error| Problem::wrong("wrong_parameter", error.body_text()))?;
    let as_of = asked.as_of.map(|text| text.parse::<Timestamp>()).transpose();
    let as_of = as_of.map_err(|error| Problem::wrong("wrong_parameter", error.to_string()))?;
    let turn = shared.question().await?;
    shared
        .blocking(move |shared| {
            let _turn = turn;
            written(shared, as_of)
        })
        .await
        .map(Json)
}

fn written(shared: &Shared, as_of: Option<Timestamp>) -> Result<Value, Problem> {
    let (view, now) = shared.throng().view_as_of(as_of)?;
    let home = tempfile::Builder::new().prefix("throng-lake-").tempdir();
    let home = home.map_err(|error| Problem::internal(error.to_string()))?;
    let exported = lake::export(&Lake::of(&view, view.catalog(), now), &home.path().join("lake"));
    let exported = exported.map_err(|error| Problem::internal(error.to_string()))?;
    let directory = home.path().join("lake");
    shared.keep_lake(home);
    Ok(json!({
        "directory": directory,
        "people": exported.people,
        "events": exported.events,
        "now": now.to_string(),
    }))
}
