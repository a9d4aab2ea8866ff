//! The demo tells the same story on every machine: the one that `docs/demo.txt` keeps.

#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

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
    let told = String::from_utf8(output.stdout).unwrap();
    let kept = format!("{}/docs/demo.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&kept, &told).unwrap();
    }
    assert_eq!(told, std::fs::read_to_string(&kept).unwrap());
    assert!(place.path().join("throng-demo/MANIFEST").exists(), "its data is left to be tried");
}
