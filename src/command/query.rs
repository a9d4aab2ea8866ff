//! `throng query`: statements in, answers out.

use super::arguments::{OutputFormat, Query};
use super::failure::Failure;
use super::place::{self, Use};
use super::print;
use crate::engine::{self, Ask, Param, Params};
use crate::lang;
use crate::lang::tree::{Statement, StatementKind};
use crate::model::Timestamp;
use crate::shell::{Database, Trouble};
use crate::store::Directory;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Runs the statements and prints their answers.
pub(super) fn run(query: &Query) -> Result<ExitCode, Failure> {
    let (text, file) = match (&query.file, &query.statements) {
        (Some(file), _) => (Failure::text_of(file)?, Some(file.display().to_string())),
        (None, Some(statements)) => (statements.clone(), None),
        (None, None) => return Err(Failure::Wrong("throng: no statement was given".to_owned())),
    };
    let at = query.at.as_deref().map(place::instant).transpose()?;
    let params = params(&query.param)?;
    let beside = query.file.as_deref().and_then(Path::parent);
    let params = engine::with_files(&text, params, beside)
        .map_err(|wrong| Failure::Wrong(format!("throng: {wrong}")))?;
    let asked = Ask { text: &text, file: file.as_deref(), at, params, ..Ask::default() };
    let parsed = lang::parse_with(&text, &asked.params);
    if parsed.statements.is_empty() && parsed.diagnostics.is_empty() {
        let place = file.as_deref().unwrap_or("the text");
        return Err(Failure::Wrong(format!(
            "throng: {place} has no statement; write one, like `count everyone`"
        )));
    }
    let how = how(&parsed.statements, at.is_some());
    let is_missing = !Directory::is_store(&query.place.data);
    let is_new = is_missing && matches!(how, Use::Create { .. });
    if is_new || (is_missing && parsed.statements.is_empty()) {
        // What is wrong leaves no directory behind.
        engine::rehearse(&asked).map_err(|error| told(Trouble::of(error, &text), query.format))?;
    }
    let reached = place::reach(&query.place, how)?;
    if is_new {
        begun(&query.place.data, at);
    }
    let printed = ask(reached.database(), &asked, query);
    reached.close()?;
    printed
}

/// The values given as `--param NAME=VALUE`, each under a name of its own.
fn params(given: &[String]) -> Result<Params, Failure> {
    given.iter().try_fold(Params::new(), |params, given| {
        let (name, value) = given.split_once('=').ok_or_else(|| {
            Failure::Wrong(format!("throng: `--param {given}` has no value; write `{given}=VALUE`"))
        })?;
        if params.get(name).is_some() {
            return Err(Failure::Wrong(format!("throng: `--param {name}=` is given twice")));
        }
        let value = Param::read(value).map_err(|wrong| {
            Failure::Wrong(wrong.render(value, Some(&format!("--param {name}"))))
        })?;
        Ok(params.with(name, value))
    })
}

/// Says that a database was made, and where its time comes from: that is
/// settled by its first commit, and history can be replayed only after it.
fn begun(data: &Path, at: Option<Timestamp>) {
    let clock = match at {
        Some(at) => format!("its time is given by commits and begins at {at}"),
        None => "its time is the clock's; to replay history into one, begin it with `--at` and \
                 an instant before that history"
            .to_owned(),
    };
    print::tell(format_args!("{} is a new database; {clock}", data.display()));
}

/// Whether the statements change anything or look at what is kept: both need a
/// handle that may write.
fn how(statements: &[Statement], given: bool) -> Use {
    let changes = statements.iter().any(|statement| !statement.kind.is_question());
    // Who and what is dropped or forgotten must have been there before.
    let creates = statements.iter().any(|statement| {
        matches!(
            statement.kind,
            StatementKind::CreateAudience { .. }
                | StatementKind::CreateTrait { .. }
                | StatementKind::CreateModel { .. }
                | StatementKind::Declare(_)
                | StatementKind::Set(..)
                | StatementKind::Link(..)
                | StatementKind::Unlink(..)
        )
    });
    match (creates, changes) {
        (true, _) => Use::Create { given },
        (false, true) => Use::Change,
        (false, false) => Use::Read,
    }
}

/// Programs that ask for JSON are told in JSON what is wrong.
fn told(trouble: Trouble, format: Option<OutputFormat>) -> Failure {
    let for_programs = matches!(format, Some(OutputFormat::Json | OutputFormat::Ndjson));
    match trouble {
        Trouble::Text { json, .. } if for_programs => Failure::Wrong(json),
        other => Failure::from(other),
    }
}

fn ask(database: &dyn Database, asked: &Ask<'_>, query: &Query) -> Result<ExitCode, Failure> {
    let answers = database.ask(asked).map_err(|trouble| told(trouble, query.format))?;
    answers.warnings.iter().for_each(|warning| print::tell(warning.trim_end()));
    let mut out = io::stdout().lock();
    for answer in &answers.answers {
        print::answer(answer, print::usual(query.format), &mut out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
