//! `throng query`: statements in, answers out.

use super::arguments::Query;
use super::failure::Failure;
use super::place::{self, Use};
use super::print;
use crate::engine::Ask;
use crate::lang;
use crate::lang::tree::StatementKind;
use crate::shell::Database;
use std::io::{self, Write};
use std::process::ExitCode;

/// Runs the statements and prints their answers.
pub(super) fn run(query: &Query) -> Result<ExitCode, Failure> {
    let (text, file) = match (&query.file, &query.statements) {
        (Some(file), _) => {
            let text = std::fs::read_to_string(file)
                .map_err(|error| Failure::at(file.display(), error))?;
            (text, Some(file.display().to_string()))
        }
        (None, Some(statements)) => (statements.clone(), None),
        (None, None) => return Err(Failure::Wrong("throng: no statement was given".to_owned())),
    };
    let at = query.at.as_deref().map(place::instant).transpose()?;
    let reached = place::reach(&query.place, how(&text, at.is_some()))?;
    let asked = Ask { text: &text, file: file.as_deref(), at, ..Ask::default() };
    let printed = ask(reached.database(), &asked, query);
    reached.close()?;
    printed
}

/// Whether the statements change anything or look at what is kept: both need a
/// handle that may write.
fn how(text: &str, given: bool) -> Use {
    let parsed = lang::parse(text);
    let changes = parsed.statements.iter().any(|statement| {
        !matches!(
            statement.kind,
            StatementKind::Report(_)
                | StatementKind::Why { .. }
                | StatementKind::Show { .. }
                | StatementKind::Describe(..)
                | StatementKind::Explain { .. }
        )
    });
    let creates = parsed.statements.iter().any(|statement| {
        matches!(
            statement.kind,
            StatementKind::CreateAudience { .. }
                | StatementKind::CreateTrait { .. }
                | StatementKind::Declare(_)
                | StatementKind::Set(..)
        )
    });
    match (creates, changes) {
        (true, _) => Use::Create { given },
        (false, true) => Use::Change,
        (false, false) => Use::Read,
    }
}

fn ask(database: &dyn Database, asked: &Ask<'_>, query: &Query) -> Result<ExitCode, Failure> {
    let answers = database.ask(asked)?;
    answers.warnings.iter().for_each(|warning| eprintln!("{}", warning.trim_end()));
    let mut out = io::stdout().lock();
    for answer in &answers.answers {
        print::answer(answer, print::usual(query.format), &mut out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
