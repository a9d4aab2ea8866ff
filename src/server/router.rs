//! Which path leads where.

use super::problem::Problem;
use super::shared::Shared;
use super::{apply, ask, audiences, calls, changes, health, members, profiles};
use crate::wire::Verb;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, Uri};
use axum::routing::{get, post};

/// The calls by name, and by the letter that browsers send.
const CALLS: [&str; 14] = [
    "identify", "i", "track", "t", "page", "p", "screen", "s", "group", "g", "alias", "a",
    "consent", "forget",
];

/// Every path of the server.
pub(super) fn router(shared: Shared) -> Router {
    let mut router = Router::new();
    for name in CALLS {
        let Some(verb) = Verb::of_path(name) else { continue };
        let call =
            move |State(shared): State<Shared>, request: Request| calls::one(shared, verb, request);
        router = router.route(&format!("/v1/{name}"), post(call));
    }
    #[cfg(feature = "lake")]
    {
        router = router.route("/v1/export", post(super::export::export));
    }
    router
        .route("/v1/batch", post(calls::batch))
        .route("/v1/b", post(calls::batch))
        .route("/v1/import", post(calls::import))
        .route("/v1/query", post(ask::query))
        .route("/v1/apply", post(apply::apply))
        .route("/v1/info", get(health::info))
        .route("/v1/audiences", get(audiences::audiences))
        .route("/v1/audiences/{name}/members", get(members::members))
        .route("/v1/audiences/{name}/changes", get(changes::changes))
        .route("/v1/profiles/{namespace}/{value}", get(profiles::profile))
        .route("/v1/profiles/{namespace}/{value}/timeline", get(profiles::timeline))
        .route("/v1/profiles/{namespace}/{value}/audiences", get(profiles::audiences))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        // Bodies are read with a limit of our own, which its error names.
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

async fn nothing_here(uri: Uri) -> Problem {
    let message = format!("there is nothing at {}; docs/server.md lists the paths", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "unknown_path", message)
}

async fn wrong_method(uri: Uri) -> Problem {
    let message = format!("{} takes another method; the header `Allow` names it", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", message)
}
