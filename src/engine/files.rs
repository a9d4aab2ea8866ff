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
    let parsed = lang::parse_with(text, &params);
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
        let name = format!("file_{number}");
        let (start, end) = (path.span.start as usize, path.span.end as usize);
        let Some(from) = text[..start].to_ascii_lowercase().rfind("from") else { continue };
        read.replace_range(from..end, &format!("is ${name}"));
        params = params.with(&name, Param::Text(held.as_str().into()));
    }
    Ok((read, params))
}
