//! `throng fmt`: files of statements in their canonical layout.

mod forms;

use super::arguments::Fmt;
use super::failure::Failure;
use super::print;
use crate::lang;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;

/// How many files are otherwise than they should be, and how many are wrong.
#[derive(Default)]
struct Found {
    n_different: usize,
    n_wrong: usize,
}

/// Lays out files in place, standard input to standard output.
///
/// A file with errors is left alone, its errors are shown, and the others are
/// laid out all the same.
pub(super) fn run(asked: &Fmt) -> Result<ExitCode, Failure> {
    if asked.json || asked.from_json {
        return forms::run(asked);
    }
    let mut found = Found::default();
    let input = [Path::new("-").to_path_buf()];
    let files = if asked.files.is_empty() { &input[..] } else { &asked.files };
    for file in files {
        if file.as_os_str() == "-" {
            pass(asked.check, &mut found)?;
        } else {
            one(file, asked.check, &mut found)?;
        }
    }
    Ok(ExitCode::from(match () {
        () if found.n_wrong > 0 => 2,
        () if asked.check && found.n_different > 0 => 1,
        () => 0,
    }))
}

/// Standard input, which is laid out on standard output unless it is only checked.
fn pass(check: bool, found: &mut Found) -> Result<(), Failure> {
    let text = input()?;
    let Some(laid) = laid_out(&text, "standard input", found) else { return Ok(()) };
    let mut out = print::out();
    if !check {
        out.write_all(laid.as_bytes())?;
    } else if laid != text {
        found.n_different += 1;
        writeln!(out, "standard input")?;
    }
    Ok(out.flush()?)
}

/// The text on standard input.
fn input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    String::from_utf8(bytes)
        .map_err(|_| Failure::at("standard input", "this is not UTF-8; write it in UTF-8"))
}

fn one(file: &Path, check: bool, found: &mut Found) -> Result<(), Failure> {
    let text = Failure::text_of(file)?;
    let Some(laid) = laid_out(&text, &file.display().to_string(), found) else { return Ok(()) };
    if laid == text {
        return Ok(());
    }
    found.n_different += 1;
    if check {
        return Ok(print::say(file.display())?);
    }
    replace(file, &laid).map_err(|error| Failure::at(file.display(), error))
}

/// The layout of a text, or its errors on standard error.
fn laid_out(text: &str, name: &str, found: &mut Found) -> Option<String> {
    match lang::format(text) {
        Ok(laid) => Some(laid),
        Err(diagnostics) => {
            found.n_wrong += 1;
            for diagnostic in diagnostics {
                print::tell(diagnostic.render(text, Some(name)).trim_end_matches('\n'));
            }
            None
        }
    }
}

/// Puts a text in the place of a file, whole or not at all. A link stays one,
/// and who may read the file may read it afterwards.
pub(super) fn replace(file: &Path, text: &str) -> io::Result<()> {
    let file = fs::canonicalize(file)?;
    let directory = file.parent().unwrap_or(Path::new("."));
    let mut written = tempfile::NamedTempFile::new_in(directory)?;
    written.write_all(text.as_bytes())?;
    written.as_file().set_permissions(fs::metadata(&file)?.permissions())?;
    written.as_file().sync_all()?;
    written.persist(&file).map_err(|error| error.error)?;
    Ok(())
}
