//! Engines of SQL, if this machine has them: statements are run beside the files of lakes.

#![allow(clippy::disallowed_methods, reason = "another program is run")]

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use throng::query::sql::Dialect;

/// A running Python with an engine.
pub struct Engine {
    pub dialect: Dialect,
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The rows of an answer, each value as text, or what went wrong.
pub type Answer = Result<Vec<Vec<Option<String>>>, String>;

impl Engine {
    /// DuckDB; nothing where Python or its package `duckdb` is missing, which is said.
    pub fn duckdb() -> Option<Engine> {
        Engine::start(Dialect::DuckDb, "duckdb", "ask.py")
    }

    /// Spark, likewise, by the package `pyspark`.
    pub fn spark() -> Option<Engine> {
        Engine::start(Dialect::Spark, "pyspark", "ask_spark.py")
    }

    fn start(dialect: Dialect, package: &str, script: &str) -> Option<Engine> {
        let has = Command::new("python3").args(["-c", &format!("import {package}")]).output();
        if !has.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: Python with the package `{package}` is not on this machine");
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/lake").join(script);
        let mut child = Command::new("python3")
            // The scripts share a module, and leave nothing beside it.
            .arg("-B")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let questions = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Engine { dialect, child, questions, answers })
    }

    /// Runs statements beside the files of a directory.
    pub fn ask(&mut self, directory: &Path, statements: &[&str]) -> Vec<Answer> {
        let asked = serde_json::json!({ "directory": directory, "statements": statements });
        writeln!(self.questions, "{asked}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answers: Vec<Value> = serde_json::from_str(&line).unwrap();
        answers.into_iter().map(rows).collect()
    }
}

fn rows(answer: Value) -> Answer {
    match answer {
        Value::String(error) => Err(error),
        rows => Ok(serde_json::from_value(rows).unwrap()),
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}
