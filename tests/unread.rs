//! Nobody reads what a command prints: it does what it was told all the same,
//! and its status says how that went.

#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

#[path = "support/command.rs"]
mod command;

use command::{CALLS, out, piped, problem, shop, terminate, throng};
use std::io::{Read, Write, pipe};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// The status of a command whose standard output nobody reads, and what it complains of.
fn unread(home: &Path, arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let mut command = throng(home, arguments);
    command.stdin(Stdio::piped()).stdout(writer).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _read = child.stdin.take().unwrap().write_all(input.as_bytes());
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    (child.wait().unwrap().code(), told)
}

/// Files that are taken in, laid out, applied and played.
fn files(home: &Path) {
    for (name, text) in [
        ("orders.csv", "customer,total\nu-1,3\n"),
        ("buyers.who", "create audience buyers is people who did order;\n"),
        ("crooked.who", "count   everyone;\n"),
        ("wrong.txt", "# Nobody is here.\ncount everyone\n----\npeople\n     7\n"),
    ] {
        std::fs::write(home.join(name), text).unwrap();
    }
}

#[test]
fn every_command_ends_as_if_it_were_read() {
    let home = shop();
    files(home.path());
    let mut commands = vec![
        (&["explain", "E0102"][..], 0),
        (&["explain", "E9999"], 2),
        (&["import", "--data", "shop", "--map-draft", "orders.csv"], 0),
        (&["import", "--data", "shop", "--dry-run", "-"], 0),
        (&["import", "--data", "shop", "--replay", "--strict", "-"], 1),
        (&["import", "--data", "shop", "--replay", "-"], 0),
        (&["query", "--data", "shop", "count everyone"], 0),
        (&["query", "--data", "shop", "count people who did oder"], 2),
        (&["info", "--data", "shop"], 0),
        (&["apply", "--data", "shop", "buyers.who"], 3),
        (&["apply", "--data", "shop", "--yes", "buyers.who"], 0),
        (&["watch", "--data", "shop", "--once", "--from", "0", "buyers"], 0),
        (&["verify", "--data", "shop"], 0),
        (&["verify", "--data", "shop", "--deep"], 0),
        (&["repair", "--data", "shop"], 0),
        (&["fmt", "--check", "crooked.who"], 1),
        (&["fmt", "--json", "buyers.who"], 0),
        (&["test", "wrong.txt"], 1),
        (&["--version"], 0),
    ];
    if cfg!(feature = "lake") {
        commands.push((&["export", "--data", "shop", "--lake", "lake"], 0));
    }
    for (arguments, status) in commands {
        let (ended, told) = unread(home.path(), arguments, CALLS);
        assert_eq!(ended, Some(status), "{arguments:?}: {told}");
        assert!(!told.contains("panicked"), "{arguments:?}: {told}");
    }
    assert_eq!(home.path().join("lake").exists(), cfg!(feature = "lake"));
}

#[test]
fn what_was_told_is_done() {
    let home = shop();
    files(home.path());
    let more = CALLS.replace("o-1", "o-9").replace("u-1", "u-9");
    unread(home.path(), &["import", "--data", "shop", "--replay", "-"], &more);
    unread(home.path(), &["apply", "--data", "shop", "--yes", "buyers.who"], "");
    let asked =
        piped(home.path(), &["query", "--data", "shop", "count people in audience buyers"], "");
    assert_eq!(out(&asked), "{\"people\":3}\n", "{}", problem(&asked));
}

#[test]
fn complaints_that_nobody_reads_change_nothing_either() {
    let home = shop();
    for (arguments, status) in [
        (&["explain", "E9999"][..], 2),
        (&["import", "--data", "shop", "--replay", "-"], 0),
        (&["query", "--data", "nowhere", "count everyone"], 1),
        (&["fmt"], 2),
        (&["shell", "--data", "shop"], 2),
    ] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let mut command = throng(home.path(), arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(writer);
        let mut child = command.spawn().unwrap();
        let _read = child.stdin.take().unwrap().write_all(CALLS.as_bytes());
        assert_eq!(child.wait().unwrap().code(), Some(status), "{arguments:?}");
    }
}

#[test]
fn a_server_serves_although_nobody_reads_where_it_answers() {
    let home = shop();
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let arguments = ["serve", "--data", "shop", "--listen", "127.0.0.1:0"];
    let mut child = throng(home.path(), &arguments).stdout(writer).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    while !home.path().join("shop/ENDPOINT").exists() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    let asked = piped(home.path(), &["query", "--data", "shop", "count everyone"], "");
    assert_eq!(out(&asked), "{\"people\":2}\n", "{}", problem(&asked));
    assert!(child.try_wait().unwrap().is_none(), "it goes on");
    terminate(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
