//! The server from its first connection to its orderly end.

use super::router::router;
use super::settings::{ServeError, Settings};
use super::shared::Shared;
use crate::engine::{Endpoint, Throng};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// A database that listens.
///
/// ```
/// use throng::engine::Throng;
/// use throng::server::{Server, Settings};
///
/// let settings = Settings { listen: "127.0.0.1:0".parse()?, ..Settings::default() };
/// let server = Server::bind(Throng::temporary()?, settings)?;
/// let (address, stopper) = (server.address(), server.stopper());
/// let running = std::thread::spawn(move || server.run());
/// assert!(std::net::TcpStream::connect(address).is_ok());
/// stopper.stop();
/// running.join().unwrap()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Server {
    listener: Option<TcpListener>,
    address: SocketAddr,
    shared: Shared,
    stopper: Stopper,
    stopped: watch::Receiver<bool>,
}

/// Tells a server to stop: requests that have come in are answered first.
#[derive(Clone)]
pub struct Stopper(Arc<watch::Sender<bool>>);

impl Stopper {
    /// Tells it.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Server {
    /// Listens, and tells others in the directory where. Nothing is answered
    /// before [`Server::run`].
    ///
    /// # Errors
    /// If the address cannot be listened on, or is open to other machines and
    /// no token was given.
    pub fn bind(throng: Throng, settings: Settings) -> Result<Server, ServeError> {
        let token = settings.token()?;
        let listen = |source| ServeError::Listen { address: settings.listen, source };
        let listener = TcpListener::bind(settings.listen).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        throng.answer_at(Some(Endpoint::here(here(address).to_string(), token.text())))?;
        let (sender, stopped) = watch::channel(false);
        let shared = Shared::new(throng, token, settings);
        let listener = Some(listener);
        Ok(Server { listener, address, shared, stopper: Stopper(Arc::new(sender)), stopped })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The token, if it was made here and nobody knows it yet.
    pub fn new_token(&self) -> Option<&str> {
        let token = self.shared.token();
        token.made.then(|| token.text())
    }

    /// What stops it.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Serves until it is told to stop; then answers what has come in, and
    /// closes the database. What is not answered in time is cut off: it is in
    /// the log whole, or not at all.
    ///
    /// # Errors
    /// If no thread can be started, or the database does not close cleanly.
    pub fn run(mut self) -> Result<(), ServeError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("throng-server")
            // Followers and bodies hold a thread each while they are served.
            .max_blocking_threads(self.shared.settings().followers_max + 512)
            .build();
        let runtime = runtime.map_err(ServeError::Start)?;
        let served = self.serve(&runtime);
        runtime.shutdown_timeout(Duration::from_secs(1));
        self.shared.throng().clone().close_soon()?;
        served
    }

    /// Nothing else holds the listener: once it is told to stop, nobody waits
    /// in vain at a door that is not opened any more.
    fn serve(&mut self, runtime: &Runtime) -> Result<(), ServeError> {
        let Some(listener) = self.listener.take() else { return Ok(()) };
        let app = router(self.shared.clone());
        let (shared, drain_time) = (self.shared.clone(), self.shared.settings().drain_time);
        let (told, late) = (self.stopped.clone(), self.stopped.clone());
        runtime.block_on(async move {
            let listener =
                tokio::net::TcpListener::from_std(listener).map_err(ServeError::Start)?;
            let served = axum::serve(listener, app).with_graceful_shutdown(async move {
                until_stopped(told).await;
                shared.close();
            });
            tokio::select! {
                served = served => served.map_err(ServeError::Start),
                () = overdue(late, drain_time) => {
                    tracing::warn!("some connections did not end in time and were cut");
                    Ok(())
                }
            }
        })
    }
}

async fn until_stopped(mut told: watch::Receiver<bool>) {
    // Without a sender nobody could stop the server any more: then it stops.
    let _gone = told.wait_for(|stopped| *stopped).await;
}

async fn overdue(told: watch::Receiver<bool>, drain_time: Duration) {
    until_stopped(told).await;
    tokio::time::sleep(drain_time).await;
}

/// The address by which this machine reaches a listener on every address.
fn here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
