//! `--name value` pairs, and what is opened by them.

use super::Outcome;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use throng::engine::{Clock, Durability, Options, Throng};
use throng::model::Timestamp;

pub struct Arguments(BTreeMap<String, String>);

impl Arguments {
    pub fn new(mut words: impl Iterator<Item = String>) -> Outcome<Arguments> {
        let mut given = BTreeMap::new();
        while let Some(name) = words.next() {
            let name = name.strip_prefix("--").ok_or(format!("`{name}` is no option"))?.to_owned();
            let value = words.next().ok_or(format!("--{name} needs a value"))?;
            given.insert(name, value);
        }
        Ok(Arguments(given))
    }

    pub fn text(&self, name: &str) -> Outcome<&str> {
        Ok(self.0.get(name).ok_or(format!("--{name} is needed"))?)
    }

    pub fn path(&self, name: &str) -> Outcome<&Path> {
        self.text(name).map(Path::new)
    }

    /// Several, parted by commas.
    pub fn paths(&self, name: &str) -> Outcome<Vec<PathBuf>> {
        Ok(self.text(name)?.split(',').map(PathBuf::from).collect())
    }

    pub fn number<T: FromStr>(&self, name: &str) -> Outcome<T> {
        let text = self.text(name)?;
        text.parse().map_err(|_| format!("--{name} {text} is not understood").into())
    }

    pub fn number_or<T: FromStr>(&self, name: &str, default: T) -> Outcome<T> {
        if self.0.contains_key(name) { self.number(name) } else { Ok(default) }
    }

    /// The JSON of a file.
    pub fn json(&self, name: &str) -> Outcome<serde_json::Value> {
        Ok(serde_json::from_str(&std::fs::read_to_string(self.path(name)?)?)?)
    }

    /// The instant of `--now`.
    pub fn now(&self) -> Outcome<Timestamp> {
        Ok(Timestamp::from_millis(self.number("now")?).ok_or("--now lies outside of time")?)
    }

    /// The database of `--data`, opened to be read, as a question of the command line does.
    pub fn open_to_read(&self) -> Outcome<Throng> {
        let options = Options { read_only: true, live: false, ..self.options()? };
        Ok(Throng::open(self.path("data")?, options)?)
    }

    /// The same opened to be written, its audiences kept.
    pub fn open_to_write(&self) -> Outcome<Throng> {
        let options = Options { clock: Some(Clock::Given), ..self.options()? };
        Ok(Throng::open(self.path("data")?, options)?)
    }

    fn options(&self) -> Outcome<Options> {
        let standard = Options::default();
        let durability = match self.number_or("relaxed", 0u8)? {
            0 => Durability::Synced,
            _ => Durability::Relaxed,
        };
        let memory_budget = self.number_or("memory", standard.memory_budget)?;
        Ok(Options { memory_budget, durability, ..standard })
    }
}
