//! Whether the server is alive, whether it is ready, and its numbers.

use super::answer::json_of_rows;
use super::door::Admitted;
use super::info::rows_of_info;
use super::problem::Problem;
use super::shared::Shared;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The process answers.
pub(super) async fn alive() -> Json<Value> {
    Json(json!({ "status": "alive", "version": env!("CARGO_PKG_VERSION") }))
}

/// Calls are taken in and questions answered.
pub(super) async fn ready(State(shared): State<Shared>) -> Result<Json<Value>, Problem> {
    let unready =
        |why: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", why.to_owned());
    if shared.is_closing() {
        return Err(unready("the server is about to stop"));
    }
    let info = shared.blocking(|shared| Ok(shared.throng().info()?)).await?;
    match info.stopped {
        Some(why) => Err(unready(&why)),
        None => Ok(Json(json!({ "status": "ready" }))),
    }
}

/// The numbers that `throng info` prints.
pub(super) async fn info(
    _admitted: Admitted,
    State(shared): State<Shared>,
) -> Result<Response, Problem> {
    let json =
        shared.blocking(|shared| Ok(json_of_rows(&rows_of_info(&shared.throng().info()?)))).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}
