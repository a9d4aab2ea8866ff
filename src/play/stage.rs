//! A database, and who looks on.
//!
//! - `at INSTANT` lets time pass.
//! - `track NAMESPACE:VALUE ... EVENT key=value ...` is a call, and so are
//!   `page`, `screen`, `identify`, `group ... GROUP`, `alias ... PREVIOUS` and
//!   `consent ... PURPOSE yes`; each may end with `when INSTANT`, `until
//!   INSTANT` (of a consent), `id MESSAGE`, `source NAME`, `ord NUMBER`. A
//!   value is JSON, else text. A line that begins with `{` is a call as the
//!   wire has it.
//! - `import FILE`, `import FILE.csv by FILE.toml` takes the calls of a file in.
//! - `apply FILE.who ...` makes the definitions equal to files.
//! - Every other line is the language's; lines that stand together are one program.
//!   A comment in it, `-- --param NAME=VALUE`, gives the value of a parameter; a
//!   model comes `from "FILE"`, beside the script as well.
//!
//! After each of them comes who entered and left which audience.

use super::call::{call_of, json_of_line};
use super::shown::{add, name_of, shown, told};
use super::words::{unquoted, words};
use crate::engine::{
    CommitTime, OpenError, Param, Params, QueryError, Receipt, Source, Subscription, Throng,
    with_files,
};
use crate::model::{Call, ProfileId, Timestamp};
use crate::state::View;
use crate::store::Cause;
use crate::wire::csv::Mapping;
use crate::wire::{Defaults, Incoming, Shape, read};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::mem::take;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A database of its own, the audiences that are followed, and how people were last called.
pub struct Play {
    throng: Throng,
    /// Where the files are that it names.
    beside: PathBuf,
    followed: BTreeMap<String, Subscription>,
    names: BTreeMap<ProfileId, String>,
}

/// What went wrong, in words.
type Done = Result<(), String>;

impl Play {
    /// A database whose clock is given. It names files beside `beside`.
    ///
    /// # Errors
    /// If there is no room for one.
    pub fn new(beside: &Path) -> Result<Play, OpenError> {
        let (throng, beside) = (Throng::temporary()?, beside.to_owned());
        Ok(Play { throng, beside, followed: BTreeMap::new(), names: BTreeMap::new() })
    }

    /// Runs lines and programs, and says what came of them.
    pub fn run(&mut self, text: &str) -> String {
        let mut seen = String::new();
        let mut program = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if is_act(line) {
                self.ask(&take(&mut program), &mut seen);
                self.act(line, &mut seen);
            } else {
                program.push_str(line);
                program.push('\n');
            }
        }
        self.ask(&program, &mut seen);
        seen
    }

    /// Takes calls in, each line a call as the wire has it, at one commit time,
    /// and says what became of them.
    pub fn receive(&mut self, lines: &str, at: Timestamp) -> String {
        let mut seen = String::new();
        let calls: Result<Vec<Call>, String> = lines.lines().map(call_of).collect();
        let receipt = calls.and_then(|calls| {
            let taken = self.throng.ingest_at(calls, CommitTime::At(at), false);
            taken.map_err(|error| error.to_string())
        });
        match receipt {
            Ok(receipt) => say(&receipt, &mut seen),
            Err(wrong) => add(&mut seen, &wrong),
        }
        seen
    }

    /// What a program is answered, alone.
    pub fn answers(&mut self, program: &str) -> String {
        let mut seen = String::new();
        self.answer(program, &mut seen);
        seen
    }

    fn act(&mut self, line: &str, seen: &mut String) {
        let done = match line.split_once(' ') {
            Some(("at", at)) => self.pass(at.trim()),
            Some(("import", files)) => self.import(files, seen),
            Some(("apply", files)) => return self.apply(files, seen),
            _ => self.call(line, seen),
        };
        if let Err(wrong) = done {
            add(seen, &wrong);
        }
        self.look(seen);
    }

    fn pass(&mut self, at: &str) -> Done {
        let at = at.parse().map_err(|error| format!("{error}, in `at {at}`"))?;
        self.throng.advance_to(at).map_err(|error| error.to_string())
    }

    fn call(&mut self, line: &str, seen: &mut String) -> Done {
        let read = |line| json_of_line(line).map_err(|wrong| format!("{wrong} (in `{line}`)"));
        let json = if line.starts_with('{') { line.to_owned() } else { read(line)? };
        let receipt = self.throng.ingest(vec![call_of(&json)?]);
        let receipt = receipt.map_err(|error| error.to_string())?;
        for (_, refused) in &receipt.refused {
            add(seen, &format!("refused, {}: {refused}", refused.reason()));
        }
        if receipt.duplicates > 0 {
            add(seen, "a duplicate: it counts once");
        }
        if !receipt.conflicting.is_empty() {
            add(seen, "a conflicting duplicate: the content accepted first stays");
        }
        Ok(())
    }

    /// Calls of a file, one commit for each batch.
    fn import(&mut self, files: &str, seen: &mut String) -> Done {
        let words = words(files);
        let (name, map) = match &words[..] {
            [name] => (name, None),
            [name, by, map] if by == "by" => (name, Some(map)),
            _ => return Err("write `import FILE`, or `import FILE.csv by MAPPING.toml`".into()),
        };
        let path = self.beside.join(unquoted(name));
        let failed = |path: &Path, error: &dyn ToString| {
            let path = path.strip_prefix(&self.beside).unwrap_or(path);
            format!("cannot read {}: {}", path.display(), error.to_string())
        };
        let shape = match map.map(|map| self.beside.join(unquoted(map))) {
            None => Shape::Ndjson,
            Some(map) => {
                let text = fs::read_to_string(&map).map_err(|error| failed(&map, &error))?;
                let mapping = Mapping::from_toml(&text).map_err(|error| failed(&map, &error))?;
                Shape::Csv(Arc::new(mapping))
            }
        };
        let file = File::open(&path).map_err(|error| failed(&path, &error))?;
        let batches = read(file, shape, Defaults::file("import"), 1);
        for batch in batches.map_err(|error| failed(&path, &error))? {
            let batch = batch.map_err(|error| failed(&path, &error))?;
            let mut calls = Vec::new();
            for line in &batch.lines {
                match &line.call {
                    Ok(Incoming::Call(call)) => calls.push(call.clone()),
                    Ok(Incoming::Forget(_)) => add(seen, "forget is a statement here"),
                    Err(reject) => add(seen, &format!("{}; {}", reject.message, reject.remedy)),
                }
            }
            let receipt = self.throng.ingest(calls).map_err(|error| error.to_string())?;
            if receipt.accepted as usize != batch.lines.len() {
                say(&receipt, seen);
            }
        }
        Ok(())
    }

    /// Definitions as files say them. What was asked for goes without saying.
    fn apply(&mut self, files: &str, seen: &mut String) {
        let paths: Vec<PathBuf> =
            words(files).iter().map(|word| self.beside.join(unquoted(word))).collect();
        let before = self.lsn();
        let beside = format!("{}/", self.beside.display());
        let applied = Source::of_files(&paths).and_then(|mut files| {
            for file in &mut files {
                file.name = file.name.strip_prefix(&beside).unwrap_or(&file.name).to_owned();
            }
            let plan = self.throng.plan(&files, None).map_err(|error| error.to_string())?;
            self.throng.apply(&files, &plan, None).map_err(|error| error.to_string())
        });
        match applied {
            Ok(plan) => plan.warnings.iter().for_each(|warning| add(seen, warning)),
            Err(wrong) => add(seen, &wrong.replace(&beside, "")),
        }
        self.see(before, seen);
    }

    fn ask(&mut self, program: &str, seen: &mut String) {
        if program.trim().is_empty() {
            return;
        }
        let before = self.lsn();
        self.answer(program, seen);
        self.see(before, seen);
    }

    fn lsn(&self) -> u64 {
        self.throng.view().map_or(0, |view| view.lsn().0)
    }

    fn answer(&self, program: &str, seen: &mut String) {
        let program = program.trim_end();
        let read = params(program).and_then(|params| {
            let read = with_files(program, params, Some(&self.beside));
            read.map_err(|wrong| wrong.replace(&format!("{}/", self.beside.display()), ""))
        });
        let params = match read {
            Ok(read) => read,
            Err(wrong) => return add(seen, &wrong),
        };
        match self.throng.query_with(program, params) {
            Ok(answers) => {
                answers.warnings.iter().for_each(|warning| add(seen, warning));
                answers.answers.iter().for_each(|answer| add(seen, &shown(answer)));
            }
            Err(error) => add(seen, &error.to_string()),
        }
    }

    /// What followers see of what came after a record, new ones among them.
    fn see(&mut self, before: u64, seen: &mut String) {
        if let Err(error) = self.follow(before + 1) {
            add(seen, &error.to_string());
        }
        self.look(seen);
    }

    /// Follows every audience from its first record on, and no longer those that were dropped.
    fn follow(&mut self, from: u64) -> Result<(), QueryError> {
        let view = self.throng.view()?;
        let names: Vec<String> = view.catalog().audiences().map(|it| it.name.to_string()).collect();
        self.followed.retain(|name, _| names.contains(name));
        for name in names {
            if !self.followed.contains_key(&name) {
                let subscription = self.throng.subscribe(&name, Some(from))?;
                self.followed.insert(name, subscription);
            }
        }
        Ok(())
    }

    /// What the subscriptions have to tell.
    fn look(&mut self, seen: &mut String) {
        if let Err(error) = self.try_look(seen) {
            add(seen, &error.to_string());
        }
    }

    fn try_look(&mut self, seen: &mut String) -> Result<(), QueryError> {
        let view = self.throng.view()?;
        let now = names_of(&view);
        for (audience, subscription) in &mut self.followed {
            while let Some(change) = subscription.next(Duration::ZERO)? {
                let name = match now.get(&change.profile).or(self.names.get(&change.profile)) {
                    Some(name) if change.cause != Cause::Forgotten => name.clone(),
                    _ => change.profile.to_string(),
                };
                add(seen, &told(&view, audience, &name, &change));
            }
        }
        self.names = now;
        Ok(())
    }
}

fn names_of(view: &View) -> BTreeMap<ProfileId, String> {
    view.alive().iter().map(|seat| (ProfileId(seat.0), name_of(view, seat))).collect()
}

/// How many calls were taken, and why others were not.
fn say(receipt: &Receipt, seen: &mut String) {
    let counts = [
        (receipt.accepted, "accepted"),
        (receipt.duplicates, "known"),
        (receipt.conflicting.len() as u64, "known with another content"),
        (receipt.refused.len() as u64, "refused"),
    ];
    let said = counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
    add(seen, &said.collect::<Vec<_>>().join(", "));
    receipt.refused.iter().for_each(|(_, refused)| add(seen, &refused.to_string()));
}

/// The values that a program gives in comments.
fn params(program: &str) -> Result<Params, String> {
    let lines = program.lines();
    let mut given = lines.filter_map(|line| line.split_once("-- --param ")?.1.split_once('='));
    given.try_fold(Params::new(), |params, (name, value)| match Param::read(value) {
        Ok(read) => Ok(params.with(name, read)),
        Err(wrong) => Err(wrong.render(value, None)),
    })
}

/// A line that calls or lets time pass; all others are the language's.
pub(super) fn is_act(line: &str) -> bool {
    let verbs = [
        "at", "track", "page", "screen", "identify", "group", "alias", "consent", "import", "apply",
    ];
    line.starts_with('{')
        || line
            .split_once(' ')
            .is_some_and(|(verb, rest)| verbs.contains(&verb) && !rest.is_empty())
}
