//! What every request finds: the database, the token, and the turns to wait for.

use super::problem::Problem;
use super::settings::Settings;
use super::token::Token;
use crate::engine::Throng;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of bodies are counted in pieces of this size.
const PIECE_BYTES: usize = 64 << 10;

/// So many lakes wait to be fetched: everybody's data lies in each.
#[cfg(feature = "lake")]
const LAKES_MAX: usize = 4;

/// What every request finds. A clone shares it.
#[derive(Clone)]
pub(super) struct Shared(Arc<Inner>);

struct Inner {
    throng: Throng,
    token: Token,
    settings: Settings,
    bodies: Arc<Semaphore>,
    queries: Arc<Semaphore>,
    followers: Arc<Semaphore>,
    closing: AtomicBool,
    /// Lakes that wait to be fetched, the oldest first; they go with the server.
    #[cfg(feature = "lake")]
    lakes: std::sync::Mutex<std::collections::VecDeque<tempfile::TempDir>>,
}

impl Shared {
    pub fn new(throng: Throng, token: Token, settings: Settings) -> Shared {
        let turns = |n: usize| Arc::new(Semaphore::new(n.max(1)));
        let pieces = pieces(settings.bodies_bytes_max).max(pieces(settings.body_bytes_max));
        Shared(Arc::new(Inner {
            throng,
            token,
            bodies: turns(pieces),
            queries: turns(settings.queries_max),
            followers: turns(settings.followers_max),
            settings,
            closing: AtomicBool::new(false),
            #[cfg(feature = "lake")]
            lakes: std::sync::Mutex::default(),
        }))
    }

    pub fn throng(&self) -> &Throng {
        &self.0.throng
    }

    pub fn token(&self) -> &Token {
        &self.0.token
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Room for a body of so many bytes.
    pub async fn room(&self, n_bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let n = u32::try_from(pieces(n_bytes)).unwrap_or(u32::MAX);
        self.turn(&self.0.bodies, n, "bodies").await
    }

    /// A turn to ask a question.
    pub async fn question(&self) -> Result<OwnedSemaphorePermit, Problem> {
        self.turn(&self.0.queries, 1, "questions").await
    }

    /// Keeps a lake until somebody has fetched it; of many, the oldest go.
    #[cfg(feature = "lake")]
    pub fn keep_lake(&self, lake: tempfile::TempDir) {
        let mut lakes = self.0.lakes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        lakes.push_back(lake);
        if lakes.len() > LAKES_MAX {
            lakes.pop_front();
        }
    }

    /// A turn to follow an audience. It may last for ever, so nobody waits for it.
    pub fn follower(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let turn = self.0.followers.clone().try_acquire_owned();
        turn.map_err(|_| Problem::busy("followers"))
    }

    async fn turn(
        &self,
        turns: &Arc<Semaphore>,
        n: u32,
        what: &str,
    ) -> Result<OwnedSemaphorePermit, Problem> {
        let waiting = turns.clone().acquire_many_owned(n);
        match tokio::time::timeout(self.settings().patience, waiting).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Problem::busy(what)),
        }
    }

    /// No new work is taken in from here on; who follows an audience is let go.
    pub fn close(&self) {
        self.0.closing.store(true, Ordering::Relaxed);
    }

    pub fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::Relaxed)
    }

    /// Runs what blocks on a thread that may block.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let shared = self.clone();
        tokio::task::spawn_blocking(move || work(&shared)).await.unwrap_or_else(|error| {
            Err(Problem::internal(format!("the work ended early: {error}")))
        })
    }
}

fn pieces(n_bytes: usize) -> usize {
    n_bytes.div_ceil(PIECE_BYTES).max(1)
}
