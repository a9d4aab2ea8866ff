//! A language server: JSON-RPC over two streams, texts of an editor in, what is
//! wrong and what may stand there out.
//!
//! It changes no database: it asks one that is open only to be read, or goes
//! without. A message that makes no sense is answered and forgotten.

mod ask;
mod check;
mod document;
mod frame;
mod hover;
mod offer;
mod rename;
mod session;
mod symbols;

use super::database::Database;
use session::Session;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

/// Answers an editor until it says `exit` or goes away; whether it ended as agreed.
///
/// # Errors
/// If the streams break.
pub fn serve(
    database: Option<Arc<dyn Database>>,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> io::Result<bool> {
    let mut session = Session::new(database);
    while let Some(body) = frame::read(input)? {
        for message in session.answer(&body) {
            frame::write(output, &message)?;
        }
        if let Some(agreed) = session.ended() {
            return Ok(agreed);
        }
    }
    Ok(false)
}
