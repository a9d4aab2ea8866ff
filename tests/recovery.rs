//! A database that is closed, killed or damaged comes back as it was: it is
//! compared with a twin that keeps everything in memory and is never closed.

mod support;

use std::fs;
use std::path::Path;
use support::generate::Random;
use support::live::{check_feed, copy_all, perform, seen, small, step};
use throng::engine::{Options, Throng, repair};

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
        Fate::KvGarbled => garble(&kv.join("db"), random),
        Fate::CheckpointGone => fs::remove_file(place.path().join("CKPT")).unwrap(),
        Fate::Repaired => _ = repair(place.path(), small(100)).unwrap(),
        Fate::Closed | Fate::Killed => {}
    }
    place
}

fn garble(file: &Path, random: &mut Random) {
    let mut bytes = fs::read(file).unwrap();
    for _ in 0..random.between(1, 6) {
        let place = random.below(bytes.len() as u64) as usize;
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

fn n_seeds() -> u64 {
    std::env::var("THRONG_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2)
}

#[test]
fn whatever_happens_between_two_openings_all_is_as_it_was() {
    for seed in 0..n_seeds() {
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
