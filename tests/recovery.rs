//! A database that is closed, killed or damaged comes back as it was: it is
//! compared with a twin that keeps everything in memory and is never closed.

#![allow(clippy::disallowed_methods, reason = "a test has files and its environment")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use support::generate::Random;
use support::live::{Step, check_feed, copy_all, perform, seen, small, step};
use throng::engine::{Options, Throng, repair};
use throng::model::Timestamp;

/// What happens to a directory between two openings.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Closed,
    Killed,
    KvGone,
    KvGarbled,
    CheckpointGone,
    Repaired,
}

const FATES: [Fate; 6] = [
    Fate::Closed,
    Fate::Killed,
    Fate::KvGone,
    Fate::KvGarbled,
    Fate::CheckpointGone,
    Fate::Repaired,
];

/// Ends a database in a directory and gives one in which its files lie as they
/// may after that.
fn meet(
    throng: Throng,
    place: tempfile::TempDir,
    fate: Fate,
    random: &mut Random,
) -> tempfile::TempDir {
    if matches!(fate, Fate::Killed) {
        let killed = tempfile::tempdir().unwrap();
        copy_all(place.path(), killed.path());
        throng.close().unwrap();
        return killed;
    }
    throng.close().unwrap();
    let kv = place.path().join("kv");
    match fate {
        Fate::KvGone => fs::remove_dir_all(&kv).unwrap(),
        Fate::KvGarbled => garble(&random.one_of(&kept_in(&kv)), random),
        Fate::CheckpointGone => fs::remove_file(place.path().join("CKPT")).unwrap(),
        Fate::Repaired => _ = repair(place.path(), small(100)).unwrap(),
        Fate::Closed | Fate::Killed => {}
    }
    place
}

/// The file of the trees, and the volumes.
fn kept_in(kv: &Path) -> Vec<PathBuf> {
    let folders = ["pages", "pieces"].map(|name| kv.join(name));
    let volumes = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let mut files: Vec<PathBuf> = volumes.map(|volume| volume.unwrap().path()).collect();
    files.sort();
    files.push(kv.join("db"));
    files
}

fn garble(file: &Path, random: &mut Random) {
    let mut bytes = fs::read(file).unwrap();
    // Most of the file is zeros that were never written.
    let written: Vec<usize> = (0..bytes.len()).filter(|place| bytes[*place] != 0).collect();
    for _ in 0..random.between(1, 6) {
        let place = random.one_of(&written);
        let end = bytes.len().min(place + random.between(1, 4_096) as usize);
        bytes[place..end].iter_mut().for_each(|byte| *byte ^= random.next() as u8 | 1);
    }
    fs::write(file, bytes).unwrap();
}

/// Runs one history with these fates, and compares after each.
fn run(seed: u64, options: &Options, fates: &[Fate], n_steps: u64) {
    let mut random = Random::new(seed);
    let twin = Throng::temporary().unwrap();
    let mut place = tempfile::tempdir().unwrap();
    let mut number = 0;
    for (round, fate) in fates.iter().enumerate() {
        let context = format!("seed {seed}, round {round}, before {fate:?}");
        let throng = Throng::open(place.path(), options.clone()).unwrap();
        for _ in 0..n_steps {
            let step = step(seed, number, 40);
            number += 1;
            let (own, other) = (perform(&throng, &step), perform(&twin, &step));
            assert_eq!(own, other, "{context}, step {number}: {step:?}");
        }
        place = meet(throng, place, *fate, &mut random);
        let throng = Throng::open(place.path(), options.clone()).unwrap();
        let rebuilt = throng.info().unwrap().rebuilt;
        match fate {
            Fate::KvGone => assert!(rebuilt[0].contains("missing"), "{context}: {rebuilt:?}"),
            Fate::Closed | Fate::CheckpointGone | Fate::Repaired => {
                assert!(rebuilt.is_empty(), "{context}: {rebuilt:?}");
            }
            // What is garbled may be what nobody reads.
            Fate::Killed | Fate::KvGarbled => println!("{context}: {rebuilt:?}"),
        }
        same(&seen(&throng), &seen(&twin), &context);
        check_feed(&throng, &context);
        throng.close().unwrap();
    }
    check_feed(&twin, "the twin");
}

/// Two texts are equal, or the first line in which they differ is shown.
fn same(own: &str, twin: &str, context: &str) {
    for (own, twin) in own.lines().zip(twin.lines()) {
        assert_eq!(own, twin, "{context}");
    }
    assert_eq!(own.lines().count(), twin.lines().count(), "{context}");
}

#[test]
fn whatever_happens_between_two_openings_all_is_as_it_was() {
    for seed in support::cases::seeds(2) {
        run(seed, &small(150), &FATES, 12);
    }
}

#[test]
fn a_tail_of_a_thousand_rows_and_a_small_cache_give_the_same() {
    let options = Options { memory_budget: 1 << 20, ..small(1_000) };
    run(100, &options, &[Fate::Killed, Fate::Closed, Fate::KvGarbled], 40);
}

#[test]
fn every_fate_comes_to_what_nothing_was_sealed_of() {
    run(200, &small(1 << 20), &FATES, 6);
}

#[test]
fn whatever_is_garbled_in_kv_nothing_is_lost() {
    for seed in support::cases::seeds(2).map(|seed| 300 + seed) {
        run(seed, &small(60), &[Fate::KvGarbled; 5], 8);
    }
}

#[test]
fn a_reopening_reads_only_what_came_after_the_checkpoint() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), small(200)).unwrap();
    for number in 0..60 {
        perform(&throng, &step(7, number, 40));
    }
    let before = throng.info().unwrap();
    throng.close().unwrap();
    let throng = Throng::open(place.path(), small(200)).unwrap();
    let after = throng.info().unwrap();
    assert_eq!(after.checkpoint, Some(before.lsn));
    assert_eq!((after.tail.0, after.calls), (0, before.calls));
    assert_eq!(after.sealed.0, before.calls as u64);
    assert!(after.rebuilt.is_empty(), "{:?}", after.rebuilt);
    // A handle that only reads sees the same, and writes nothing.
    let people = seen(&throng);
    throng.close().unwrap();
    let reader = Throng::open(place.path(), Options { read_only: true, ..small(200) }).unwrap();
    let n_people = reader.query("count everyone").unwrap();
    reader.close().unwrap();
    let throng = Throng::open(place.path(), small(200)).unwrap();
    assert_eq!(throng.query("count everyone").unwrap(), n_people);
    assert_eq!(seen(&throng), people);
}

/// A directory as a crash leaves it that cut the write of one step anywhere:
/// what was there before, and that much of the log's new bytes.
fn torn(before: &Path, log: &[u8], length: usize) -> tempfile::TempDir {
    let torn = tempfile::tempdir().unwrap();
    copy_all(before, torn.path());
    let mut bytes = log.to_vec();
    bytes[length..].fill(0);
    fs::write(torn.path().join(LOG), bytes).unwrap();
    torn
}

const LOG: &str = "log/00000001.log";

/// Cuts the write of one more step at many places. The step is there or it is
/// not; a definition may be there whose activation is not.
fn cut(told: &(Timestamp, Step), every: usize) {
    let (place, before) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let throng = Throng::open(place.path(), small(60)).unwrap();
    for number in 0..20 {
        perform(&throng, &step(11, number, 10));
    }
    copy_all(place.path(), before.path());
    let mut expected = vec![seen(&throng)];
    perform(&throng, told);
    expected.push(seen(&throng));
    throng.close().unwrap();
    let [old, new] = [before.path(), place.path()].map(|path| fs::read(path.join(LOG)).unwrap());
    let from = old.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let to = new.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    for length in (from..to).step_by(every).chain([to]) {
        let context = format!("{length} bytes of {from} to {to}: {told:?}");
        let torn = torn(before.path(), &new, length);
        let throng = Throng::open(torn.path(), small(60)).unwrap();
        assert!(expected.contains(&seen(&throng)), "{context}");
        for verified in throng.verify().unwrap() {
            assert_eq!(verified.differences, 0, "{context}: {verified:?}");
        }
        check_feed(&throng, &context);
    }
}

#[test]
fn a_write_of_calls_that_was_cut_is_there_or_is_not() {
    let next = step(11, 20, 10).0;
    let calls = (21..).map(|number| step(11, number, 10)).find(|step| match &step.1 {
        Step::Calls(_) => true,
        Step::Told(_) | Step::Passes => false,
    });
    let (_, calls) = calls.unwrap();
    cut(&(next, calls), 61);
}

#[test]
fn a_definition_whose_activation_was_cut_off_is_kept_all_the_same() {
    let text = "create or replace audience lately is people who did order in last 3 days";
    cut(&(step(11, 20, 10).0, Step::Told(text.to_owned())), 7);
}

#[test]
fn memory_is_bounded_while_rows_come_in() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), small(200)).unwrap();
    for number in 0..120 {
        perform(&throng, &step(8, number, 40));
        let info = throng.info().unwrap();
        assert!(info.tail.0 <= 4 * 200 + 40, "{} rows wait", info.tail.0);
    }
    assert!(throng.info().unwrap().sealed.0 > 1_000);
}

#[test]
fn a_view_reads_on_while_its_runs_are_merged_away() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), small(60)).unwrap();
    let mut views = Vec::new();
    for number in 0..150 {
        perform(&throng, &step(9, number, 20));
        if number % 30 == 10 {
            views.push((throng.view().unwrap(), seen(&throng)));
        }
    }
    for (view, then) in &views {
        let mut people = std::collections::BTreeMap::new();
        use throng::query::Crowd;
        view.each(view.at(), &mut |person| {
            let text = format!(
                "{} {:?} {:?} {:?}",
                person.profile, person.identifiers, person.user_id, person.events
            );
            people.insert(person.profile, text);
            true
        })
        .unwrap();
        for person in people.values() {
            assert!(then.contains(person.as_str()), "at {}", view.at());
        }
    }
    // A view that outlives the handle reads no more, and hinders nobody.
    throng.close().unwrap();
    let throng = Throng::open(place.path(), small(60)).unwrap();
    assert!(throng.info().unwrap().rebuilt.is_empty());
}
