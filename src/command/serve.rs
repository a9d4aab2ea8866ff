//! `throng serve`: the database over HTTP, until it is told to stop.

use super::arguments::Serve;
use super::failure::Failure;
use super::place::{self, Use};
use super::print;
use super::signal::Signals;
use crate::server::{Server, Settings};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// How long closing the database may take: what is in memory is written down.
const CLOSE_TIME: Duration = Duration::from_secs(30);

/// Serves until SIGTERM or Ctrl-C; a second one ends the process at once.
pub(super) fn run(serve: &Serve) -> Result<ExitCode, Failure> {
    trace();
    let signals = Signals::heard();
    let settings =
        Settings { listen: serve.listen, token: serve.token.clone(), ..Settings::default() };
    // What is wrong with the arguments is said before a directory is made.
    settings.check()?;
    let throng = place::open(&serve.place, Use::Create { given: false })?;
    let within = settings.drain_time + CLOSE_TIME;
    let server = Server::bind(throng, settings)?;
    let stopper = server.stopper();
    signals.end_by(within, move || stopper.stop());
    greet(&server, serve)?;
    server.run()?;
    print::tell("stopped: everything that was acknowledged is on disk");
    Ok(ExitCode::SUCCESS)
}

fn greet(server: &Server, serve: &Serve) -> io::Result<()> {
    let mut out = print::out();
    writeln!(out, "{} answers at http://{}", serve.place.data.display(), server.address())?;
    if let Some(token) = server.new_token() {
        writeln!(out, "token {token}")?;
    }
    out.flush()
}

/// What happens inside is said on standard error; RUST_LOG chooses how much.
fn trace() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    // The work in the background is a span each: its begin, its end and how long it took.
    let spans = FmtSpan::NEW | FmtSpan::CLOSE;
    let traces = tracing_subscriber::fmt().with_env_filter(filter).with_span_events(spans);
    // Whoever embeds the command may have said already where traces go.
    let _set = traces.with_writer(io::stderr).try_init();
}
