//! `GET /v1/audiences`: which there are, and how many people are in each.

use super::door::Admitted;
use super::problem::Problem;
use super::shared::Shared;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

/// Every audience, by name.
pub(super) async fn audiences(
    _admitted: Admitted,
    State(shared): State<Shared>,
) -> Result<Json<Value>, Problem> {
    shared
        .blocking(|shared| {
            let view = shared.throng().view()?;
            let all: Vec<Value> = view
                .catalog()
                .audience_entries()
                .map(|entry| {
                    let name = &entry.audience.name;
                    let definition = &entry.definition;
                    json!({
                        "name": **name,
                        "paused": entry.paused,
                        "people": view.members(name).map(|members| members.len()),
                        "version": definition.version,
                        "created": definition.created.to_string(),
                        "changed": definition.changed.to_string(),
                        "description": *definition.description,
                        "definition": *definition.text,
                    })
                })
                .collect();
            Ok(Json(json!({ "audiences": all })))
        })
        .await
}
