//! `throng verify` reads everything, and names the place of what is damaged.

#![allow(clippy::disallowed_methods, reason = "a test damages a file of its own")]

use std::path::Path;
use std::process::{Command, Output};
use throng::engine::{Clock, Options, Throng};
use throng::model::{Body, Call, Object};

fn database(path: &Path) {
    let options = Options { clock: Some(Clock::Given), reserve_bytes: 0, ..Options::default() };
    let throng = Throng::open(path, options).unwrap();
    for n in 0..50 {
        let body = Body::Track { event: "order".into(), properties: Object::default() };
        let mut call = Call::new("web", body);
        call.user_id = Some(format!("u-{n}").into());
        throng.ingest(vec![call]).unwrap();
    }
    throng.query("create audience buyers is people who did order").unwrap();
    throng.close().unwrap();
}

fn verify(path: &Path) -> (Output, String) {
    let arguments = ["verify", "--deep", "--data", path.to_str().unwrap()];
    let run = Command::new(env!("CARGO_BIN_EXE_throng")).args(arguments).output().unwrap();
    let said = String::from_utf8(run.stdout.clone()).unwrap();
    (run, said)
}

#[test]
fn what_is_whole_is_said_to_be_and_damage_has_its_place() {
    let place = tempfile::tempdir().unwrap();
    database(place.path());
    let (run, said) = verify(place.path());
    assert!(run.status.success(), "{said}");
    assert!(said.contains("log: 52 records, every sum is right"), "{said}");
    assert!(said.contains("audience buyers: 50 people, 0 differences"), "{said}");

    let log = place.path().join("log");
    let file = std::fs::read_dir(&log).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[400] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let (run, said) = verify(place.path());
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("is damaged at byte"), "{said}");
    assert!(said.contains(file.to_str().unwrap()), "{said}");
}
