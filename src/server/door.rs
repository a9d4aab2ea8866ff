//! Who may come in.

use super::problem::Problem;
use super::shared::Shared;
use super::token;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use serde::Deserialize;

/// Proof that the headers show the token.
pub(super) struct Admitted;

impl FromRequestParts<Shared> for Admitted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Admitted, Problem> {
        match by_headers(&parts.headers, shared)? {
            true => Ok(Admitted),
            false => Err(Problem::unauthorised()),
        }
    }
}

/// Whether the headers let the sender in; `false` if they say nothing.
pub(super) fn by_headers(headers: &HeaderMap, shared: &Shared) -> Result<bool, Problem> {
    match token::shown(headers) {
        Some(shown) if shared.token().is(&shown) => Ok(true),
        Some(_) => Err(Problem::unauthorised()),
        None => Ok(false),
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "writeKey", borrow)]
    write_key: Option<std::borrow::Cow<'a, str>>,
}

/// Whether the body lets the sender in: browsers that say goodbye cannot send headers.
pub(super) fn by_body(body: &[u8], shared: &Shared) -> Result<(), Problem> {
    let envelope: Option<Envelope<'_>> = serde_json::from_slice(body).ok();
    match envelope.and_then(|envelope| envelope.write_key) {
        Some(key) if shared.token().is(&key) => Ok(()),
        Some(_) | None => Err(Problem::unauthorised()),
    }
}
