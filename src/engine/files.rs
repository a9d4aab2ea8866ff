//! Files that statements name, read where the statements are written: what they
//! hold becomes a value of the program, and so a part of what is logged.

use super::Source;
use crate::lang::tree::{ModelSource, StatementKind};
use crate::lang::{self, Param, Params, Spanned};
use crate::model::Text;
use std::fmt::Display;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The values of a program, with what the files hold that it names. The text
/// stays as it was written, and so do the pictures of what is wrong with it.
///
/// ```
/// use throng::engine::{Params, with_files};
/// let text = "create model m version 1 from \"no-such-file\"";
/// assert!(with_files(text, Params::new(), None).unwrap_err().contains("no-such-file"));
/// let place = tempfile::tempdir()?;
/// std::fs::write(place.path().join("m.json"), "{}")?;
/// let text = "create model m version 1 from \"m.json\"";
/// let params = with_files(text, Params::new(), Some(place.path()))?;
/// let parsed = throng::lang::parse_with(text, &params);
/// assert_eq!(throng::lang::print(&parsed.statements[0]), "create model m version 1 is \"{}\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If a file cannot be read; the text says which and why. Paths are relative to
/// `beside`, or to where the process runs.
pub fn with_files(text: &str, params: Params, beside: Option<&Path>) -> Result<Params, String> {
    named(text, &params, beside)?.into_iter().try_fold(params, |params, (path, held)| {
        Ok(params.with(&lang::file_param(&path.node), Param::Text(held.into())))
    })
}

/// The same with what the files hold written into the text.
///
/// ```
/// use throng::engine::with_files_inside;
/// let place = tempfile::tempdir()?;
/// std::fs::write(place.path().join("m.json"), "{}")?;
/// let read = with_files_inside("create model m version 1 from \"m.json\"", Some(place.path()))?;
/// assert_eq!(read, "create model m version 1 is \"{}\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If a file cannot be read; the text says which and why.
pub fn with_files_inside(text: &str, beside: Option<&Path>) -> Result<String, String> {
    let mut read = text.to_owned();
    // From the end, so that the places before stay where they are.
    for (path, held) in named(text, &Params::new(), beside)?.into_iter().rev() {
        let (start, end) = (path.span.start as usize, path.span.end as usize);
        let Some(from) = text[..start].to_ascii_lowercase().rfind("from") else { continue };
        read.replace_range(from..end, &format!("is {}", lang::print_text(&held)));
    }
    Ok(read)
}

/// The files that a text names, each with what it holds.
fn named(
    text: &str,
    params: &Params,
    beside: Option<&Path>,
) -> Result<Vec<(Spanned<Text>, String)>, String> {
    let parsed = lang::parse_with(text, params);
    let mut found = Vec::new();
    for statement in parsed.statements {
        let StatementKind::CreateModel { source: ModelSource::File(path), .. } = statement.kind
        else {
            continue;
        };
        let file = beside.map_or_else(|| (*path.node).into(), |base| base.join(&*path.node));
        let held = std::fs::read_to_string(&file)
            .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        found.push((path, held));
    }
    Ok(found)
}

impl Source {
    /// The files of these names, and every `.who` file below directories of
    /// these names, each with the files that it names written into its text.
    ///
    /// ```
    /// use throng::engine::Source;
    /// let place = tempfile::tempdir()?;
    /// std::fs::write(place.path().join("a.who"), "declare event order")?;
    /// std::fs::write(place.path().join("notes.txt"), "who did what")?;
    /// let files = Source::of_files(&[place.path().to_owned()])?;
    /// assert_eq!(files.len(), 1);
    /// assert_eq!(files[0].text, "declare event order");
    /// assert!(Source::of_files(&["no-such.who".into()]).unwrap_err().contains("no-such.who"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If one cannot be read, or a directory has none; the text says which and why.
    pub fn of_files(paths: &[PathBuf]) -> Result<Vec<Source>, String> {
        let mut files = Vec::new();
        for path in paths {
            match path.is_dir() {
                true => match of_directory(path)? {
                    // Definitions that stand in no file go: nothing asks for that.
                    none if none.is_empty() => {
                        let problem = "no file of definitions is here; they end in `.who`";
                        return Err(format!("{}: {problem}", path.display()));
                    }
                    found => files.extend(found),
                },
                false => files.push(path.clone()),
            }
        }
        let mut read: Vec<Source> = Vec::new();
        for file in files {
            let name = file.display().to_string();
            if !read.iter().any(|known| known.name == name) {
                read.push(Source::new(name, text_of(&file)?));
            }
        }
        Ok(read)
    }
}

fn text_of(file: &Path) -> Result<String, String> {
    let text = read_text(file)?;
    with_files_inside(&text, file.parent()).map_err(|wrong| format!("{}: {wrong}", file.display()))
}

/// The text of a file.
///
/// ```
/// use throng::engine::read_text;
/// let wrong = read_text("no-such.who".as_ref()).unwrap_err();
/// assert_eq!(wrong, "no-such.who: there is no such file");
/// ```
///
/// # Errors
/// If it cannot be read: which one, why not, and what to do.
pub fn read_text(path: &Path) -> Result<String, String> {
    let failed = |problem: &dyn Display| format!("{}: {problem}", path.display());
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => failed(&"there is no such file"),
        ErrorKind::IsADirectory => failed(&"this is a directory; name a file in it"),
        _ => failed(&error),
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        failed(&format!("line {line} is not UTF-8; write the file in UTF-8"))
    })
}

/// Every `.who` file below a directory, by name.
fn of_directory(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", directory.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(of_directory(&path)?);
        } else if path.extension().is_some_and(|end| end == "who") {
            files.push(path);
        }
    }
    Ok(files)
}
