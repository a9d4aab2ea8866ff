//! The body of a request: read with a limit, unpacked with the same limit.

use super::problem::Problem;
use super::shared::Shared;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Reads the body as it arrives.
pub(super) async fn read(body: Body, shared: &Shared) -> Result<Bytes, Problem> {
    let limit = shared.settings().body_bytes_max;
    let read = tokio::time::timeout(shared.settings().body_time, to_bytes(body, limit));
    match read.await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_limit(&error) => Err(too_large(limit)),
        Ok(Err(error)) => {
            Err(Problem::wrong("broken_body", format!("the body ended early: {error}")))
        }
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "slow_body",
            "the body took too long to arrive",
        )),
    }
}

/// Bytes that the body takes at most: what it says, or the limit where it may unfold.
pub(super) fn size_hint(headers: &HeaderMap, shared: &Shared) -> Result<usize, Problem> {
    let limit = shared.settings().body_bytes_max;
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    match said.and_then(|said| said.parse::<usize>().ok()) {
        Some(n_bytes) if n_bytes > limit => Err(too_large(limit)),
        Some(n_bytes) if !headers.contains_key(header::CONTENT_ENCODING) => Ok(n_bytes),
        _ => Ok(limit),
    }
}

/// Unpacks a body that says it is gzip, or that begins like it.
pub(super) fn unpack(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, Problem> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes());
    let gzip = match encoding {
        None | Some(b"" | b"identity") => body.starts_with(&[0x1F, 0x8B]),
        Some(b"gzip" | b"x-gzip") => true,
        Some(other) => {
            let message = format!(
                "the body is packed as `{}`; send it plain or as gzip",
                String::from_utf8_lossy(other)
            );
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unknown_encoding",
                message,
            ));
        }
    };
    if !gzip {
        return Ok(body);
    }
    let mut plain = Vec::new();
    let read = MultiGzDecoder::new(&body[..]).take(limit as u64 + 1).read_to_end(&mut plain);
    match read {
        Ok(n_bytes) if n_bytes > limit => Err(too_large(limit)),
        Ok(_) => Ok(plain.into()),
        Err(error) => Err(Problem::wrong("broken_gzip", format!("the body is no gzip: {error}"))),
    }
}

fn too_large(limit: usize) -> Problem {
    let message = format!("a body has at most {limit} bytes, unpacked; send it in parts");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
}

fn is_limit(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("length limit") {
            return true;
        }
        cause = error.source();
    }
    false
}
