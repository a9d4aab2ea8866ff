//! Bodies that are written while they are sent.

use super::problem::Problem;
use super::shared::Shared;
use axum::body::{Body, Bytes};
use futures_core::Stream;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Pieces that wait for a slow reader. The writer of the database waits for nobody.
const PIECES_MAX: usize = 64;

struct Pieces(Receiver<Bytes>);

impl Stream for Pieces {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        self.0.poll_recv(context).map(|piece| piece.map(Ok))
    }
}

/// Where a body is written to.
pub(super) struct Out<'a> {
    pieces: Sender<Bytes>,
    shared: &'a Shared,
}

/// Whoever read is gone, or the server is about to stop.
pub(super) struct Gone;

impl Out<'_> {
    /// Sends a piece, however slowly it is read.
    pub fn send(&self, piece: impl Into<Bytes>) -> Result<(), Gone> {
        let mut piece = piece.into();
        loop {
            match self.pieces.try_send(piece) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(back)) if !self.is_over() => {
                    piece = back;
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(_) => return Err(Gone),
            }
        }
    }

    /// Whether nobody reads any more, or the server is about to stop.
    pub fn is_over(&self) -> bool {
        self.pieces.is_closed() || self.shared.is_closing()
    }
}

/// A body that a thread writes while it is sent.
pub(super) fn body(
    shared: &Shared,
    write: impl FnOnce(&Shared, &Out<'_>) -> Result<(), Problem> + Send + 'static,
) -> Body {
    let (pieces, received) = channel(PIECES_MAX);
    let shared = shared.clone();
    tokio::task::spawn_blocking(move || {
        let out = Out { pieces, shared: &shared };
        // The status is sent already: all that is left is to end the body early.
        if let Err(problem) = write(&shared, &out) {
            tracing::warn!(message = problem.message, "a body ended early");
        }
    });
    Body::from_stream(Pieces(received))
}
