//! The faults as they are written down.

use std::path::{Path, PathBuf};

/// One list for each evaluator.
pub const LISTS: [&str; 3] = ["holds", "scan", "live"];

/// A mistake in one place of the sources.
#[derive(Debug, serde::Deserialize)]
pub struct Fault {
    #[serde(skip)]
    pub list: &'static str,
    /// What goes wrong, in words.
    pub name: String,
    pub file: String,
    /// The text as it stands, once in the file.
    pub stands: String,
    /// The text with the fault.
    pub fault: String,
}

#[derive(serde::Deserialize)]
struct Faults {
    fault: Vec<Fault>,
}

/// Where the crate lies.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Every fault of every list.
pub fn faults() -> Vec<Fault> {
    LISTS.into_iter().flat_map(faults_of).collect()
}

fn faults_of(list: &'static str) -> Vec<Fault> {
    let path = root().join("tests/faults").join(format!("{list}.toml"));
    let text = std::fs::read_to_string(&path).unwrap();
    let faults: Faults = toml::from_str(&text).unwrap_or_else(|error| panic!("{list}: {error}"));
    faults.fault.into_iter().map(|fault| Fault { list, ..fault }).collect()
}

impl Fault {
    /// The file with the fault in it, or why it cannot be planted any more.
    pub fn planted(&self, root: &Path) -> Result<String, String> {
        let Fault { name, file, stands, fault, .. } = self;
        let text = std::fs::read_to_string(root.join(file))
            .map_err(|error| format!("`{name}`: {file}: {error}"))?;
        match text.matches(stands.as_str()).count() {
            1 if stands != fault => Ok(text.replace(stands.as_str(), fault)),
            1 => Err(format!("`{name}` is no fault: it changes nothing")),
            n => Err(format!("`{name}`: `{stands}` stands {n} times in {file}")),
        }
    }
}
