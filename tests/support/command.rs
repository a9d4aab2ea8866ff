//! The command itself, run in an environment of its own.
#![allow(dead_code, reason = "not every test uses all of it")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The command with these arguments, in an environment of its own.
pub fn throng(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throng"));
    command.args(arguments);
    for name in ["THRONG_DATA", "THRONG_TOKEN", "XDG_STATE_HOME", "RUST_LOG"] {
        command.env_remove(name);
    }
    command.env("HOME", home).stdin(Stdio::null()).current_dir(home);
    command
}

/// Runs the command with this as its input.
pub fn piped(home: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = throng(home, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A shell that has ended already reads no more.
    let _read = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What it answered.
pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it complained of.
pub fn problem(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The calls of a small shop, the last of which names nobody.
pub const CALLS: &str = r#"{"type":"track","event":"order","userId":"u-1","timestamp":"2026-03-01T12:00:00Z","messageId":"o-1","properties":{"total":12.50}}
{"type":"track","event":"order","userId":"u-2","timestamp":"2026-03-02T12:00:00Z","messageId":"o-2","properties":{"total":7}}
{"type":"identify","userId":"u-2","timestamp":"2026-03-02T12:00:00Z","messageId":"i-1","traits":{"plan":"gold"}}
{"type":"track","event":"order"}
"#;

/// A directory with a small shop in it, at a given clock.
pub fn shop() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let imported = piped(home.path(), &["import", "--data", "shop", "--replay", "-"], CALLS);
    assert!(imported.status.success(), "{}", problem(&imported));
    home
}

/// A server beside which the other commands work; killed at the end.
pub struct Serving(pub Child, pub String);

impl Serving {
    /// Serves the directory `shop`.
    pub fn new(home: &Path, more: &[&str]) -> Serving {
        let arguments = [&["serve", "--data", "shop", "--listen", "127.0.0.1:0"], more].concat();
        Serving::by(throng(home, &arguments), !more.contains(&"--token"))
    }

    /// Serves by this command; whether it makes a token, and says it.
    pub fn by(mut command: Command, made: bool) -> Serving {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = said.next().expect("it says where it answers").unwrap();
        assert!(first.contains(" answers at http://127.0.0.1:"), "{first}");
        // Only a token that nobody knows yet is said, on a second line.
        let token = if made { said.next().unwrap().unwrap() } else { String::new() };
        Serving(child, token)
    }

    /// Asks it to stop as an operator would.
    pub fn stop(mut self) -> Output {
        terminate(&self.0);
        let status = self.0.wait().unwrap();
        let mut problem = Vec::new();
        let mut stderr = self.0.stderr.take().unwrap();
        std::io::Read::read_to_end(&mut stderr, &mut problem).unwrap();
        Output { status, stdout: Vec::new(), stderr: problem }
    }
}

/// Tells a process to end, as an operator would.
pub fn terminate(child: &Child) {
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(told.unwrap().success());
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}
