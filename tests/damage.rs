//! Damage of log and feed is reported with its place and a remedy, and nothing
//! that was acknowledged is lost without a word: whatever is garbled or cut.

#![allow(clippy::disallowed_methods, reason = "a test damages files of its own")]

mod support;

use std::fs;
use std::path::Path;
use support::live::{check_feed, copy_all, perform, seen, small, step};
use tempfile::TempDir;
use throng::engine::{Options, Throng, accept_loss, check, damages, repair};

const LOG: &str = "log/00000001.log";
const FEED: &str = "feed/00000001.feed";
const SEED: u64 = 21;
const N_STEPS: u64 = 24;

/// A database of some steps, closed, and what a reader saw in it.
fn closed() -> (TempDir, String) {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), small(60)).unwrap();
    throng.query("declare event order; create audience buyers is people who did order").unwrap();
    (0..N_STEPS).for_each(|number| _ = perform(&throng, &step(SEED, number, 10)));
    let seen = seen(&throng);
    throng.close().unwrap();
    (place, seen)
}

/// A copy with some files changed.
fn copy(of: &Path, change: impl FnOnce(&Path)) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    copy_all(of, place.path());
    change(place.path());
    place
}

fn garble(file: &Path, offset: usize, n_bytes: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes.iter_mut().skip(offset).take(n_bytes).for_each(|byte| *byte ^= 0x5a);
    fs::write(file, bytes).unwrap();
}

fn cut(file: &Path, length: usize) {
    fs::File::options().write(true).open(file).unwrap().set_len(length as u64).unwrap();
}

/// How many bytes were written, with the mark at their end.
fn written(file: &Path) -> usize {
    fs::read(file).unwrap().iter().rposition(|byte| *byte != 0).unwrap() + 1
}

const MARK: usize = 24;

fn read_only() -> Options {
    Options { read_only: true, ..small(60) }
}

/// Nobody opens it, nobody changes it, and everybody says where and what to do.
fn is_refused(place: &Path, file: &str, context: &str) {
    let before = [LOG, FEED].map(|file| fs::read(place.join(file)).ok());
    for options in [read_only(), small(60)] {
        let Err(error) = Throng::open(place, options) else { panic!("{context}: it is open") };
        let said = error.to_string();
        assert!(said.contains(file) && said.contains("is damaged at byte "), "{context}: {said}");
        assert!(said.contains("throng repair"), "{context}: {said}");
    }
    assert!(!check(place).unwrap().is_whole(), "{context}");
    let error = repair(place, small(60)).unwrap_err().to_string();
    assert!(error.contains(file), "{context}: {error}");
    let after = [LOG, FEED].map(|file| fs::read(place.join(file)).ok());
    assert!(before == after, "{context}: it was changed");
    assert!(!place.join("kv.bad-1").exists(), "{context}: kv was put aside");
}

/// All is there.
fn is_whole(place: &Path, expected: &str, context: &str) {
    for options in [read_only(), small(60)] {
        let is_live = !options.read_only;
        let throng = Throng::open(place, options).unwrap_or_else(|e| panic!("{context}: {e}"));
        if is_live {
            assert!(seen(&throng) == expected, "{context}: something is lost");
            check_feed(&throng, context);
        }
        throng.close().unwrap();
    }
}

/// What is left after a loss was accepted is the state after some of the steps,
/// and takes in more.
fn goes_on(place: &Path, context: &str) {
    let known = damages(place).unwrap().unwrap_or_else(|| panic!("{context}: nothing is wrong"));
    let repaired = accept_loss(place, small(60)).unwrap();
    let given_up = repaired.damages.unwrap().loss;
    assert_eq!(given_up, known.loss, "{context}");
    assert!(damages(place).unwrap().is_none(), "{context}");
    for number in N_STEPS..N_STEPS + 3 {
        let throng = Throng::open(place, small(60)).unwrap();
        let lsn = throng.info().unwrap().lsn;
        assert!(given_up.log.gone().is_none_or(|(_, last)| lsn > last), "{context}: {lsn}");
        perform(&throng, &step(SEED, number, 10));
        check_feed(&throng, context);
        for verified in throng.verify().unwrap() {
            assert_eq!(verified.differences, 0, "{context}: {verified:?}");
        }
        throng.close().unwrap();
    }
    assert!(check(place).unwrap().is_whole(), "{context}");
}

#[test]
fn a_log_garbled_anywhere_is_refused_and_goes_on_only_if_that_is_accepted() {
    let (base, expected) = closed();
    let end = written(&base.path().join(LOG));
    for (n, offset) in (0..end).step_by(end / 16).enumerate() {
        for n_bytes in [4, 3_000] {
            let context = format!("{n_bytes} bytes at {offset} of {end}");
            let place = copy(base.path(), |place| garble(&place.join(LOG), offset, n_bytes));
            match offset < end - MARK {
                true => is_refused(place.path(), LOG, &context),
                false => is_whole(place.path(), &expected, &context),
            }
            if n % 3 == 0 && offset < end - MARK {
                let bad = fs::read(place.path().join(LOG)).unwrap();
                goes_on(place.path(), &context);
                let [whole, torn] = ["log.bad-1/00000001.log", "log/00000001.log.torn"]
                    .map(|aside| fs::read(place.path().join(aside)).unwrap_or_default());
                let is_kept = whole == bad || (!torn.is_empty() && is_within(&torn, &bad));
                assert!(is_kept, "{context}: what was there is not kept aside");
            }
        }
    }
}

fn is_within(part: &[u8], whole: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_log_cut_anywhere_is_refused_whoever_is_left_to_prove_it() {
    let (base, expected) = closed();
    let end = written(&base.path().join(LOG));
    for length in (0..=end).step_by(end / 7) {
        for gone in [&[][..], &["CKPT"], &["END"], &["CKPT", "END"], &["CKPT", "END", "kv"]] {
            let context = format!("{length} of {end} without {gone:?}");
            let place = copy(base.path(), |place| {
                cut(&place.join(LOG), length);
                gone.iter().for_each(|name| remove(&place.join(name)));
            });
            // The feed proves only the last record that changed an audience.
            let is_proven = gone.len() < 3 || length < end / 2;
            match length >= end - MARK {
                true => is_whole(place.path(), &expected, &context),
                false if is_proven => is_refused(place.path(), LOG, &context),
                false => {}
            }
            if gone.len() == 2 && length < end - MARK {
                goes_on(place.path(), &context);
            }
        }
    }
}

fn remove(path: &Path) {
    if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
}

#[test]
fn a_log_behind_its_feed_is_refused_and_never_reuses_a_number() {
    let (base, _) = closed();
    let place = copy(base.path(), |place| {
        cut(&place.join(LOG), written(&place.join(LOG)) / 3);
        ["CKPT", "END", "kv"].iter().for_each(|name| remove(&place.join(name)));
    });
    is_refused(place.path(), LOG, "behind");
    let error = repair(place.path(), small(60)).unwrap_err().to_string();
    assert!(error.contains("the feed proves that record"), "{error}");
    goes_on(place.path(), "behind");
}

#[test]
fn a_feed_garbled_or_cut_anywhere_is_refused_and_then_told_anew() {
    let (base, expected) = closed();
    let end = written(&base.path().join(FEED));
    for (n, place_of) in (0..end).step_by(end / 9).enumerate() {
        for is_cut in [false, true] {
            let context = format!("at {place_of} of {end}, cut {is_cut}");
            let place = copy(base.path(), |place| match is_cut {
                true => cut(&place.join(FEED), place_of),
                false => garble(&place.join(FEED), place_of, 3),
            });
            if place_of >= end - MARK {
                is_whole(place.path(), &expected, &context);
                continue;
            }
            is_refused(place.path(), FEED, &context);
            if n % 3 == 0 {
                goes_on(place.path(), &context);
                let throng = Throng::open(place.path(), small(60)).unwrap();
                assert_eq!(throng.info().unwrap().calls as u64, n_calls(base.path()) + n_more());
            }
        }
    }
}

/// The calls of a whole database.
fn n_calls(place: &Path) -> u64 {
    let throng = Throng::open(place, read_only()).unwrap();
    throng.info().unwrap().calls as u64
}

/// The calls that the steps after the last one add to a whole database.
fn n_more() -> u64 {
    let (place, _) = closed();
    let before = n_calls(place.path());
    let throng = Throng::open(place.path(), small(60)).unwrap();
    (N_STEPS..N_STEPS + 3).for_each(|number| _ = perform(&throng, &step(SEED, number, 10)));
    throng.close().unwrap();
    n_calls(place.path()) - before
}

#[test]
fn a_checkpoint_that_is_gone_or_garbled_costs_nothing_and_a_newer_one_is_heard() {
    let (base, expected) = closed();
    let gone = copy(base.path(), |place| remove(&place.join("CKPT")));
    is_whole(gone.path(), &expected, "gone");
    let garbled = copy(base.path(), |place| garble(&place.join("CKPT"), 20, 2));
    is_whole(garbled.path(), &expected, "garbled");
    let newer = copy(base.path(), |place| {
        let text = "throng checkpoint\nlsn 4000\nepoch 7\n";
        let sum = crc32fast::hash(text.as_bytes());
        fs::write(place.join("CKPT"), format!("{text}crc {sum:08x}\n")).unwrap();
    });
    is_refused(newer.path(), LOG, "newer");
    let error = repair(newer.path(), small(60)).unwrap_err().to_string();
    assert!(error.contains("CKPT proves that record 4000 was on disk"), "{error}");
    goes_on(newer.path(), "newer");
}

/// Nothing but a mark says that the last sync of a killed process was whole.
#[test]
fn after_a_kill_damage_of_the_last_sync_is_refused_too() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), small(1 << 20)).unwrap();
    (0..6).for_each(|number| _ = perform(&throng, &step(SEED, number, 10)));
    let expected = seen(&throng);
    let end = written(&place.path().join(LOG));
    is_whole(copy(place.path(), |_| {}).path(), &expected, "killed");
    for back in [30, 60, 200] {
        let killed = copy(place.path(), |place| garble(&place.join(LOG), end - back, 4));
        is_refused(killed.path(), LOG, &format!("{back} before {end}"));
    }
}

#[test]
fn a_torn_end_stays_until_something_is_written_and_then_lies_aside() {
    let (base, expected) = closed();
    for file in [LOG, FEED] {
        let end = written(&base.path().join(file));
        let place = copy(base.path(), |place| {
            let mut bytes = fs::read(place.join(file)).unwrap();
            bytes.resize(end + 50, 0);
            bytes[end..].fill(7);
            fs::write(place.join(file), bytes).unwrap();
        });
        let path = place.path().join(file);
        let torn = fs::read(&path).unwrap();
        let reader = Throng::open(place.path(), read_only()).unwrap();
        assert_eq!(reader.torn()[0].bytes, 50);
        let aside = reader.torn()[0].aside();
        reader.close().unwrap();
        assert!(check(place.path()).unwrap().is_whole());
        assert!(fs::read(&path).unwrap() == torn && !aside.exists());
        is_whole(place.path(), &expected, file);
        assert_eq!(fs::read(&aside).unwrap(), [7; 50]);
        assert_eq!(written(&path), end);
    }
}
