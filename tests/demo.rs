//! The demo tells the same story on every machine: the one that `docs/demo.txt` keeps.

#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_demo_tells_the_story_that_is_kept() {
    let place = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_throng"))
        .args(["demo", "--data", "./throng-demo"])
        .current_dir(place.path())
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // It names itself as it was called; the story that is kept was told on another machine.
    let told = String::from_utf8(output.stdout).unwrap();
    let told = told.replace(env!("CARGO_BIN_EXE_throng"), "throng");
    let kept = format!("{}/docs/demo.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&kept, &told).unwrap();
    }
    assert_eq!(told, std::fs::read_to_string(&kept).unwrap());
    assert!(place.path().join("throng-demo/MANIFEST").exists(), "its data is left to be tried");
    let turn = told.split("Your turn\n").nth(1).expect("it ends with what to try");
    let lines: Vec<&str> = turn.lines().map(str::trim).collect();
    assert!(lines[0].starts_with("The shop's clock stands at "), "{turn}");
    assert_eq!(lines.len(), 5, "{turn}");
    lines[1..].iter().for_each(|line| runs(place.path(), line));
}

/// Runs a line of the demo as a shell does, with the binary that was built.
fn runs(place: &Path, line: &str) {
    let line = line.strip_prefix("throng ").expect("it is a command of ours");
    let line = format!("'{}' {line}", env!("CARGO_BIN_EXE_throng"));
    let output = Command::new("sh").args(["-c", &line]).current_dir(place).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(!output.stdout.is_empty(), "{line}");
    assert_ne!(output.stdout, b"{\"people\":0}\n", "{line}");
}
