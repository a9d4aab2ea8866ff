//! What the commands say of damage, of a full disk and of one another, and
//! what they leave alone.

#![allow(clippy::disallowed_methods, reason = "a test has files and processes")]

#[path = "support/command.rs"]
mod command;
mod support;

use command::{CALLS, out, piped, problem, shop, throng};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use support::live::{copy_all, perform, seen, small, step};
use throng::engine::{Options, Throng, repair};
use throng::store::{self, Directory};

const LOG: &str = "log/00000001.log";

fn run(home: &Path, arguments: &[&str]) -> Output {
    throng(home, arguments).output().unwrap()
}

fn count(home: &Path) -> Output {
    run(home, &["query", "--data", "shop", "count everyone"])
}

/// The first place of the log at which a record begins, written over.
fn garble(home: &Path) -> Vec<u8> {
    let log = home.join("shop").join(LOG);
    let mut bytes = fs::read(&log).unwrap();
    bytes[100..104].copy_from_slice(b"XXXX");
    fs::write(&log, &bytes).unwrap();
    bytes
}

#[test]
fn every_command_says_where_the_log_is_damaged_and_none_cuts_it() {
    let home = shop();
    let before = garble(home.path());
    for arguments in [
        &["query", "--data", "shop", "count everyone"][..],
        &["query", "--data", "shop", "declare event visit"],
        &["info", "--data", "shop"],
        &["watch", "--data", "shop", "--once", "buyers"],
        &["serve", "--data", "shop", "--listen", "127.0.0.1:0"],
        &["verify", "--data", "shop"],
        &["repair", "--data", "shop"],
    ] {
        let run = run(home.path(), arguments);
        let said = out(&run) + &problem(&run);
        assert_eq!(run.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("00000001.log is damaged at byte 64"), "{arguments:?}: {said}");
        assert!(said.contains("throng repair"), "{arguments:?}: {said}");
        let after = fs::read(home.path().join("shop").join(LOG)).unwrap();
        assert!(after == before, "{arguments:?} has changed it");
    }
    assert!(!home.path().join("shop/kv.bad-1").exists());
}

#[test]
fn a_loss_is_explained_then_accepted_and_what_was_there_is_kept() {
    let home = shop();
    let before = garble(home.path());
    let said = problem(&run(home.path(), &["repair", "--data", "shop"]));
    for expected in [
        "0 records with 0 calls can be read",
        "record 1 is lost, with 3 calls",
        "throng repair --accept-loss --data shop",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let accepted = run(home.path(), &["repair", "--data", "shop", "--accept-loss"]);
    let said = problem(&accepted);
    assert!(accepted.status.success(), "{said}");
    assert!(said.contains("record 1 was given up, with 3 calls"), "{said}");
    assert!(said.contains("shop/log.bad-1, and may be deleted"), "{said}");
    assert!(fs::read(home.path().join("shop/log.bad-1/00000001.log")).unwrap() == before);
    assert!(home.path().join("shop/kv.bad-1").is_dir());
    let again = piped(home.path(), &["import", "--data", "shop", "--replay", "-"], CALLS);
    assert!(again.status.success(), "{}", problem(&again));
    assert!(out(&count(home.path())).contains('2'));
    let verified = run(home.path(), &["verify", "--deep", "--data", "shop"]);
    assert!(verified.status.success(), "{}", out(&verified));
    let nothing = run(home.path(), &["repair", "--data", "shop", "--accept-loss"]);
    assert!(problem(&nothing).contains("nothing is damaged"), "{}", problem(&nothing));
}

#[test]
fn what_a_crash_left_is_told_and_lies_aside_once_something_is_written() {
    let home = shop();
    let log = home.path().join("shop").join(LOG);
    let mut bytes = fs::read(&log).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    bytes[end..end + 9].fill(3);
    fs::write(&log, &bytes).unwrap();
    let asked = count(home.path());
    assert!(problem(&asked).contains("a crash left 9 bytes at the end of"), "{}", problem(&asked));
    assert!(problem(&asked).contains("the next change sets this aside"), "{}", problem(&asked));
    assert!(fs::read(&log).unwrap() == bytes);
    let wrote = run(home.path(), &["query", "--data", "shop", "declare event visit"]);
    assert!(problem(&wrote).contains("00000001.log.torn"), "{}", problem(&wrote));
    assert_eq!(fs::read(log.with_extension("log.torn")).unwrap(), [3; 9]);
    assert!(problem(&count(home.path())).is_empty());
}

/// Every file of a directory with its content, but for what a lock and the
/// tree store keep for themselves.
fn files(place: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    each(place, &mut |path| {
        let is_own = path.ends_with("LOCK") || path.starts_with(place.join("kv"));
        if path.is_file() && !is_own {
            files.insert(path.to_owned(), fs::read(path).unwrap());
        }
    });
    files
}

fn each(place: &Path, visit: &mut dyn FnMut(&Path)) {
    visit(place);
    if place.is_dir() {
        let mut entries = fs::read_dir(place).unwrap();
        entries.by_ref().for_each(|entry| each(&entry.unwrap().path(), visit));
    }
}

#[test]
fn verifying_changes_no_file() {
    let home = shop();
    let shop = home.path().join("shop");
    // The reserve is filled once the log has grown.
    let declared = run(home.path(), &["query", "--data", "shop", "declare event visit"]);
    assert!(declared.status.success(), "{}", problem(&declared));
    fs::write(shop.join("CKPT.unfinished"), "half of it").unwrap();
    let before = files(&shop);
    assert!(before.contains_key(&shop.join("RESERVE")), "{:?}", before.keys());
    for data in ["shop", "shop/"] {
        assert!(run(home.path(), &["verify", "--data", data]).status.success());
    }
    assert!(files(&shop) == before);
    fs::remove_dir_all(shop.join("kv")).unwrap();
    let verified = run(home.path(), &["verify", "--data", "shop"]);
    assert!(out(&verified).contains("kv: it is missing"), "{}", out(&verified));
    assert!(files(&shop) == before && !shop.join("kv").exists());
}

#[test]
fn every_file_is_its_owners_alone_whoever_made_it() {
    let place = tempfile::tempdir().unwrap();
    for round in 0..3 {
        let throng = Throng::open(place.path(), small(30)).unwrap();
        (0..20).for_each(|number| _ = perform(&throng, &step(5, 20 * round + number, 20)));
        throng.close().unwrap();
        repair(place.path(), small(30)).unwrap();
    }
    assert!(place.path().join("kv.bad-1").is_dir());
    each(place.path(), &mut |path| {
        let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{} has {mode:o}", path.display());
    });
}

#[test]
fn who_finds_a_directory_being_opened_is_told_by_whom() {
    let home = shop();
    let shop = home.path().join("shop");
    let opening = Directory::look(&shop, store::Options::small()).unwrap();
    let said = problem(&count(home.path()));
    let pid = std::process::id();
    assert!(said.contains(&format!("is being opened by process {pid}; ask again")), "{said}");
    opening.opened();
    let said = problem(&count(home.path()));
    assert!(said.contains(&format!("is in use by process {pid}; wait until it ends")), "{said}");
}

#[test]
fn a_question_is_answered_on_a_full_disk_and_an_end_is_orderly_there() {
    let place = tempfile::tempdir().unwrap();
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", "size=96m", "tmpfs"]).arg(place.path()).stderr(Stdio::null());
    if !mount.status().is_ok_and(|status| status.success()) {
        return println!("skipped: no small file system can be mounted here");
    }
    let outcome = std::panic::catch_unwind(|| on_a_full_disk(place.path()));
    Command::new("umount").arg(place.path()).status().unwrap();
    outcome.unwrap();
}

fn on_a_full_disk(home: &Path) {
    let throng = Throng::open(home.join("shop"), small(100)).unwrap();
    (0..20).for_each(|number| _ = perform(&throng, &step(3, number, 20)));
    let expected = seen(&throng);
    copy_all(&home.join("shop"), &home.join("killed"));
    throng.close().unwrap();
    let junk = home.join("junk");
    assert!(fs::write(&junk, vec![1; 128 << 20]).is_err(), "the disk is larger than asked for");
    for data in ["shop", "killed"] {
        let asked = run(home, &["query", "--data", data, "--format", "csv", "count everyone"]);
        assert!(asked.status.success(), "{data}: {}", problem(&asked));
        let n_people: u64 = out(&asked).lines().nth(1).unwrap().parse().unwrap();
        assert!(n_people > 10, "{data}: {n_people}");
    }
    fs::remove_file(&junk).unwrap();
    for data in ["shop", "killed"] {
        let options = Options { create: false, ..small(100) };
        let throng = Throng::open(home.join(data), options).unwrap();
        assert!(seen(&throng) == expected, "{data}");
        throng.close().unwrap();
    }
}
