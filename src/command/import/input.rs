//! One source of calls: its name, its bytes, what its records are.

use super::super::arguments::{Import, InputFormat};
use super::super::failure::Failure;
use super::words::Words;
use crate::engine::{Answer, Ask};
use crate::model::Value;
use crate::shell::Database;
use crate::wire::csv::Mapping;
use crate::wire::{self, Batches, Defaults, Shape};
use std::fs::File;
use std::io::ErrorKind;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// Bytes of a file that a draft of a mapping is made from.
const HEAD_BYTES: usize = 1 << 20;

/// A source of calls.
pub(super) struct Input {
    /// How messages name it.
    pub name: String,
    /// Its size, if it is a file.
    pub n_bytes: Option<u64>,
    /// How its records are spoken of.
    pub words: Words,
    source: Box<dyn Read + Send>,
    shape: Shape,
    defaults: Defaults,
}

impl Input {
    /// Its batches, parsed on every core.
    pub fn read(self) -> Result<Batches, Failure> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        wire::read(self.source, self.shape, self.defaults, cores)
            .map_err(|error| Failure::at(&self.name, error))
    }
}

/// The sources that the arguments name; all are opened before anything is read.
pub(super) fn all(import: &Import) -> Result<Vec<Input>, Failure> {
    let mapping = import.map.as_deref().map(mapping).transpose()?;
    import.files.iter().map(|path| one(import, path, mapping.as_ref())).collect()
}

fn one(import: &Import, path: &Path, mapping: Option<&Arc<Mapping>>) -> Result<Input, Failure> {
    let name =
        if path == Path::new("-") { "standard input".into() } else { path.display().to_string() };
    let (source, n_bytes): (Box<dyn Read + Send>, _) = if path == Path::new("-") {
        (Box::new(std::io::stdin()), None)
    } else {
        let (file, n_bytes) = open(path)?;
        (Box::new(file), Some(n_bytes))
    };
    let shape = shape(import, path, mapping, &name)?;
    let words = Words::new(match &shape {
        Shape::Csv(mapping) => Some(mapping),
        Shape::Ndjson => None,
    });
    let defaults = Defaults::file(import.source.as_str());
    Ok(Input { name, n_bytes, words, source, shape, defaults })
}

fn shape(
    import: &Import,
    path: &Path,
    mapping: Option<&Arc<Mapping>>,
    name: &str,
) -> Result<Shape, Failure> {
    let csv = match import.format {
        Some(format) => format == InputFormat::Csv,
        None => mapping.is_some() || looks_like_csv(path),
    };
    match (csv, mapping) {
        (true, Some(mapping)) => Ok(Shape::Csv(mapping.clone())),
        (true, None) => Err(Failure::Wrong(format!(
            "throng: {name} is CSV and needs a mapping: make one with \
             `throng import --map-draft {name} > map.toml`, edit it, then give it with `--map`"
        ))),
        (false, _) => Ok(Shape::Ndjson),
    }
}

/// Refuses a mapping that names people by identifiers that the database does not know.
pub(super) fn check_namespaces(
    import: &Import,
    inputs: &[Input],
    database: &dyn Database,
) -> Result<(), Failure> {
    let mapping = inputs.iter().find_map(|input| match &input.shape {
        Shape::Csv(mapping) => Some(mapping),
        Shape::Ndjson => None,
    });
    let Some(mapping) = mapping else { return Ok(()) };
    let asked = Ask { text: "show identifiers", ..Ask::default() };
    let answers = database.ask(&asked)?.answers;
    let rows = answers.iter().filter_map(Answer::rows).flat_map(|rows| &rows.rows);
    let known: Vec<String> = rows
        .filter_map(|row| match row.first() {
            Some(Value::Text(name)) => Some(name.to_string()),
            _ => None,
        })
        .collect();
    let map = import.map.as_deref().unwrap_or(Path::new("-"));
    mapping
        .check_namespaces(&known)
        .map_err(|error| Failure::Wrong(format!("throng: {}: {error}", map.display())))
}

fn open(path: &Path) -> Result<(File, u64), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Failure::at(path.display(), "there is no such file"),
        _ => Failure::at(path.display(), error),
    };
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(Failure::at(path.display(), "this is a directory; name the files in it"));
    }
    Ok((file, about.len()))
}

fn mapping(path: &Path) -> Result<Arc<Mapping>, Failure> {
    let text = Failure::text_of(path)?;
    Mapping::from_toml(&text)
        .map(Arc::new)
        .map_err(|error| Failure::Wrong(format!("throng: {}: {error}", path.display())))
}

fn looks_like_csv(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".csv") || name.ends_with(".tsv")
}

/// A mapping for a file, to be edited.
pub(super) fn draft(path: &Path) -> Result<String, Failure> {
    let (file, _) = open(path)?;
    let head = wire::head(file, HEAD_BYTES).map_err(|error| Failure::at(path.display(), error))?;
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::at(
            path.display(),
            "the file is empty: there is nothing to draft from",
        ));
    }
    Ok(wire::csv::draft(&head))
}
