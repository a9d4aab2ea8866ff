//! A copy of the sources in which faults are planted, built and looked for.

use super::list::{Fault, LISTS, root};
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

/// A test that looks for faults.
struct Finder {
    test: &'static str,
    n_cases: u32,
    /// The lists whose evaluators it compares.
    lists: &'static [&'static str],
}

const FINDERS: [Finder; 5] = [
    Finder { test: "kept", n_cases: 50_000, lists: &["holds", "live"] },
    Finder { test: "kept_ranks", n_cases: 20_000, lists: &["holds", "live"] },
    Finder { test: "scan", n_cases: 3_000, lists: &["holds", "scan"] },
    Finder { test: "reports", n_cases: 3_000, lists: &["holds", "scan"] },
    Finder { test: "three_ways", n_cases: 800, lists: &LISTS },
];

/// What the tests need to be built.
const COPIED: [&str; 10] = [
    "src",
    "tests",
    "grammar",
    "examples",
    "docs",
    "benches",
    "build.rs",
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
];

/// How often a test is looked after, every so long, before it has lost its way.
/// Looks are counted, so a machine that sleeps meanwhile does no harm.
const PATIENCE: (u32, Duration) = (6_000, Duration::from_millis(100));

/// What became of a fault.
pub enum Found {
    /// That test has failed.
    By(&'static str),
    Missed,
    NotBuilt,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::By(test) => f.pad(test),
            Found::Missed => f.pad("NOT FOUND"),
            Found::NotBuilt => f.pad("DOES NOT COMPILE"),
        }
    }
}

/// A test's answer.
#[derive(Debug, PartialEq)]
enum Outcome {
    Passed,
    Failed,
    Lost,
}

/// The copy, and where it is built.
pub struct Workshop {
    sources: PathBuf,
    target: PathBuf,
}

impl Workshop {
    /// The copy is brought up to date and built; without a fault no test fails.
    pub fn open() -> Workshop {
        let place = root().join("target/faults");
        let workshop = Workshop { sources: place.join("copy"), target: place.join("built") };
        for name in COPIED {
            mirror(&root().join(name), &workshop.sources.join(name));
        }
        let programs = workshop.build().expect("the copy can be built");
        for finder in &FINDERS {
            let outcome = finder.run(&programs, &workshop.sources);
            assert_eq!(outcome, Outcome::Passed, "{}, without a fault", finder.test);
        }
        workshop
    }

    /// Plants a fault, looks for it, and takes it out again.
    pub fn find(&self, fault: &Fault) -> Found {
        let path = self.sources.join(&fault.file);
        let sound = fs::read(&path).unwrap();
        fs::write(&path, fault.planted(&self.sources).unwrap()).unwrap();
        let found = self.found(fault);
        fs::write(&path, sound).unwrap();
        found
    }

    fn found(&self, fault: &Fault) -> Found {
        let Some(programs) = self.build() else { return Found::NotBuilt };
        let mut finders = FINDERS.iter().filter(|finder| finder.lists.contains(&fault.list));
        let fails = |finder: &&Finder| finder.run(&programs, &self.sources) == Outcome::Failed;
        finders.find(fails).map_or(Found::Missed, |finder| Found::By(finder.test))
    }

    /// Builds the tests; gives their programs, or none if that was no success.
    fn build(&self) -> Option<Vec<PathBuf>> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["test", "--locked", "--no-default-features", "--no-run"]);
        cargo.args(["--message-format", "json", "--target-dir"]).arg(&self.target);
        cargo.args(FINDERS.iter().flat_map(|finder| ["--test", finder.test]));
        // What is built again and again is built bit by bit.
        cargo.env("CARGO_INCREMENTAL", "1").current_dir(&self.sources);
        let output = cargo.output().unwrap();
        if !output.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&output.stderr));
            return None;
        }
        let messages = String::from_utf8(output.stdout).unwrap();
        Some(messages.lines().filter_map(program_of).collect())
    }
}

/// The program that a message of cargo's names.
fn program_of(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    Some(message.get("executable")?.as_str()?.into())
}

impl Finder {
    /// Runs the test in the copy.
    fn run(&self, programs: &[PathBuf], directory: &Path) -> Outcome {
        let program = programs.iter().find(|program| self.is_run_by(program)).unwrap();
        let mut command = Command::new(program);
        command.env("THRONG_CASES", self.n_cases.to_string()).current_dir(directory);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        for _ in 0..PATIENCE.0 {
            if let Some(status) = child.try_wait().unwrap() {
                return outcome(status);
            }
            std::thread::sleep(PATIENCE.1);
        }
        child.kill().and_then(|()| child.wait()).unwrap();
        Outcome::Lost
    }

    fn is_run_by(&self, program: &Path) -> bool {
        let name = program.file_stem().and_then(|name| name.to_str());
        name.and_then(|name| name.rsplit_once('-')).is_some_and(|(name, _)| name == self.test)
    }
}

/// A test that fails ends in its own way; what crashes says nothing.
fn outcome(status: ExitStatus) -> Outcome {
    match status.code() {
        Some(0) => Outcome::Passed,
        Some(101) => Outcome::Failed,
        _ => Outcome::Lost,
    }
}

/// Makes one place like another; what is the same stays, so that it is not built again.
fn mirror(from: &Path, to: &Path) {
    if !from.is_dir() {
        let bytes = fs::read(from).unwrap();
        if fs::read(to).ok().as_ref() != Some(&bytes) {
            fs::write(to, bytes).unwrap();
        }
        return;
    }
    fs::create_dir_all(to).unwrap();
    let names = |path: &Path| -> BTreeSet<PathBuf> {
        let entries = fs::read_dir(path).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into()).collect()
    };
    for gone in names(to).difference(&names(from)) {
        let path = to.join(gone);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
    }
    names(from).iter().for_each(|name| mirror(&from.join(name), &to.join(name)));
}
