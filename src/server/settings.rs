//! Where the server listens, whom it lets in, and how much it takes at once.

use super::token::Token;
use crate::engine::CommitError;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// How the server works. Start from the default and change what matters.
///
/// ```
/// use throng::server::Settings;
/// let settings = Settings { listen: "127.0.0.1:0".parse().unwrap(), ..Settings::default() };
/// assert_eq!(settings.body_bytes_max, 10 << 20);
/// ```
#[derive(Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The token that opens everything; on loopback one is made if none is given.
    pub token: Option<String>,
    /// Bytes that a request's body may have, packed and unpacked.
    pub body_bytes_max: usize,
    /// Bytes of bodies that are worked on at once; more wait, then are refused.
    pub bodies_bytes_max: usize,
    /// Questions that are answered at once; more wait, then are refused.
    pub queries_max: usize,
    /// Readers that follow audiences at once.
    pub followers_max: usize,
    /// How long a request waits for its turn before it is told to come later.
    pub patience: Duration,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// How long requests may take to end after the server was told to stop.
    pub drain_time: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 7717)),
            token: None,
            body_bytes_max: 10 << 20,
            bodies_bytes_max: 256 << 20,
            queries_max: 16,
            followers_max: 256,
            patience: Duration::from_secs(2),
            body_time: Duration::from_secs(60),
            drain_time: Duration::from_secs(30),
        }
    }
}

impl Settings {
    /// Whether a server can work with these settings.
    ///
    /// # Errors
    /// If it would be open to the world, or its token cannot be sent.
    pub fn check(&self) -> Result<(), ServeError> {
        self.token().map(drop)
    }

    /// The token to be used: the one given, or on loopback a new one.
    pub(super) fn token(&self) -> Result<Token, ServeError> {
        match &self.token {
            Some(given) => Token::given(given),
            None if self.listen.ip().is_loopback() => Token::by_chance(),
            None => Err(ServeError::Open(self.listen)),
        }
    }
}

/// The token stays out of messages and traces.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("listen", &self.listen).finish_non_exhaustive()
    }
}

/// Why the server does not work.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServeError {
    /// It would listen to the world, and no token was chosen.
    Open(SocketAddr),
    /// The token holds what cannot be sent in a header.
    Token,
    /// No token could be made.
    Chance(String),
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The threads that serve could not be started.
    Start(std::io::Error),
    /// The database did not do its part.
    Commit(CommitError),
}

impl From<CommitError> for ServeError {
    fn from(error: CommitError) -> ServeError {
        ServeError::Commit(error)
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Open(address) => write!(
                f,
                "{address} can be reached from other machines: choose a token with `--token` or \
                 THRONG_TOKEN, or listen on 127.0.0.1"
            ),
            ServeError::Token => f.write_str(
                "a token has 8 to 256 letters, digits and signs, without spaces and colons; \
                 choose another one",
            ),
            ServeError::Chance(what) => write!(f, "no token could be made: {what}; give one"),
            ServeError::Listen { address, source } => {
                write!(f, "cannot listen on {address}: {source}; choose another with `--listen`")
            }
            ServeError::Start(source) => write!(f, "the server could not be started: {source}"),
            ServeError::Commit(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ServeError::Listen { source, .. } | ServeError::Start(source) => Some(source),
            ServeError::Commit(error) => Some(error),
            _ => None,
        }
    }
}
