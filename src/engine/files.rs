//! Files that statements name, read where the statements are written: what they
//! hold becomes a value of the program, and so a part of what is logged.

use crate::lang::tree::{ModelSource, StatementKind};
use crate::lang::{self, Param, Params};
use std::path::Path;

/// A program with the files that it names read: the text without them, and its
/// values with what they hold.
///
/// ```
/// use throng::engine::{Params, with_files};
/// let text = "count everyone";
/// let (read, _) = with_files(text, Params::new(), None).unwrap();
/// assert_eq!(read, text);
/// let text = "create model \"m\" version 1 from \"no-such-file\"";
/// assert!(with_files(text, Params::new(), None).unwrap_err().contains("no-such-file"));
/// ```
///
/// # Errors
/// If a file cannot be read; the text says which and why. Paths are relative to
/// `beside`, or to where the process runs.
pub fn with_files(
    text: &str,
    mut params: Params,
    beside: Option<&Path>,
) -> Result<(String, Params), String> {
    let read = put(text, &params.clone(), beside, |number, held| {
        let name = format!("file_{number}");
        params = std::mem::take(&mut params).with(&name, Param::Text(held.into()));
        format!("${name}")
    });
    Ok((read?, params))
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
    put(text, &Params::new(), beside, |_, held| lang::print_text(held))
}

/// A text with each file that it names put in by what it holds.
fn put(
    text: &str,
    params: &Params,
    beside: Option<&Path>,
    mut written: impl FnMut(usize, &str) -> String,
) -> Result<String, String> {
    let parsed = lang::parse_with(text, params);
    let mut read = text.to_owned();
    // From the end, so that the places before stay where they are.
    for (number, statement) in parsed.statements.iter().enumerate().rev() {
        let StatementKind::CreateModel { source: ModelSource::File(path), .. } = &statement.kind
        else {
            continue;
        };
        let file = beside.map_or_else(|| (*path.node).into(), |base| base.join(&*path.node));
        let held = std::fs::read_to_string(&file)
            .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        let (start, end) = (path.span.start as usize, path.span.end as usize);
        let Some(from) = text[..start].to_ascii_lowercase().rfind("from") else { continue };
        read.replace_range(from..end, &format!("is {}", written(number, &held)));
    }
    Ok(read)
}
