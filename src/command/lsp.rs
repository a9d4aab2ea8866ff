//! `throng lsp`: a language server on standard input and output.

use super::arguments::Lsp;
use super::failure::Failure;
use super::place::{self, Reached, Use};
use crate::shell::{Database, serve_editor};
use crate::store::Directory;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;

/// Answers an editor, with the catalog of a database if there is one.
pub(super) fn run(arguments: &Lsp) -> Result<ExitCode, Failure> {
    let reached = match Directory::is_store(&arguments.place.data) {
        true => match place::reach(&arguments.place, Use::Read) {
            Ok(reached) => Some(reached),
            // An editor is of use without a database, too.
            Err(failure) => {
                failure.report();
                None
            }
        },
        false => None,
    };
    let database: Option<Arc<dyn Database>> = reached.as_ref().map(|reached| match reached {
        Reached::Here(throng) => Arc::new(throng.clone()) as Arc<dyn Database>,
        Reached::There(client) => Arc::new(client.clone()) as Arc<dyn Database>,
    });
    let agreed = serve_editor(database, &mut io::stdin().lock(), &mut io::stdout().lock());
    if let Some(reached) = reached {
        reached.close()?;
    }
    Ok(if agreed? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
