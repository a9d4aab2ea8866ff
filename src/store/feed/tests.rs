use super::*;
use crate::store::chance::Chance;
use crate::store::{Clock, Manifest, Membership, Options};
use std::collections::{BTreeMap, BTreeSet};

fn directory() -> (tempfile::TempDir, Directory) {
    let place = tempfile::tempdir().unwrap();
    let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given).unwrap();
    let directory = Directory::create(place.path(), manifest, Options::small()).unwrap();
    (place, directory)
}

fn seats(chance: &mut Chance, from: &BTreeSet<u32>, is_in: bool) -> Vec<(u32, i64)> {
    let given: BTreeSet<u32> =
        (0..chance.below(20)).map(|_| chance.below(200_000) as u32).collect();
    let fit: Vec<u32> = match is_in {
        true => from.iter().copied().filter(|_| chance.below(3) == 0).collect(),
        false => given.difference(from).copied().collect(),
    };
    fit.into_iter()
        .map(|seat| (seat, -(chance.below(2) as i64) * chance.below(9_999) as i64))
        .collect()
}

#[test]
fn entries_come_back_and_fold_to_who_is_in() {
    for seed in 0..20 {
        let (_place, directory) = directory();
        let (mut feed, _) = Feed::open(&directory).unwrap();
        let mut chance = Chance(seed);
        let mut twin: BTreeMap<Text, BTreeSet<u32>> = BTreeMap::new();
        let mut written = Vec::new();
        for n in 0..60 {
            let audience: Text = format!("audience {}", chance.below(3)).into();
            let members = twin.entry(audience.clone()).or_default();
            let is_drop = chance.below(20) == 0;
            let entry = FeedEntry {
                lsn: Lsn(1 + n / 2),
                at: Timestamp::saturating_from_millis(chance.below(1 << 42) as i64),
                kind: if is_drop { EntryKind::Dropped } else { EntryKind::Changed },
                audience: audience.clone(),
                version: chance.below(5) as u32,
                cause: CAUSES[chance.below(8) as usize],
                left: seats(&mut chance, members, true),
                entered: seats(&mut chance, members, false),
            };
            entry.left.iter().for_each(|(seat, _)| _ = members.remove(seat));
            entry.entered.iter().for_each(|(seat, _)| _ = members.insert(*seat));
            if is_drop {
                twin.remove(&audience);
            }
            feed.append(&entry).unwrap();
            written.push(entry);
        }
        feed.sync().unwrap();
        assert_eq!((feed.last(), feed.durable()), (Some(Lsn(30)), Some(Lsn(30))));
        let read: Result<Vec<FeedEntry>, Damage> = feed.read(Lsn(0)).collect();
        assert_eq!(read.unwrap(), written, "seed {seed}");
        assert_eq!(feed.read(Lsn(11)).count(), 40, "seed {seed}");
        let folded = Membership::fold(feed.read(Lsn(0))).unwrap();
        for (audience, members) in &twin {
            let found = folded.members(audience).unwrap();
            assert_eq!(found.iter().collect::<BTreeSet<u32>>(), *members, "seed {seed}");
            assert_eq!(found.len(), members.len() as u64);
            assert!(members.iter().all(|seat| found.contains(*seat)));
        }
        assert_eq!(folded.iter().count(), twin.len(), "seed {seed}");
    }
}

#[test]
fn a_great_change_is_several_entries_of_one_record() {
    let (_place, directory) = directory();
    let (mut feed, _) = Feed::open(&directory).unwrap();
    let entered: Vec<(u32, i64)> = (0..SEATS_MAX as u32 + 10).map(|seat| (seat * 2, 0)).collect();
    let entry = FeedEntry {
        lsn: Lsn(1),
        at: Timestamp::EPOCH,
        kind: EntryKind::Changed,
        audience: "all".into(),
        version: 1,
        cause: Cause::Definition,
        entered: entered.clone(),
        left: vec![(7, -5)],
    };
    feed.append(&entry).unwrap();
    feed.sync().unwrap();
    assert!(feed.bytes() < 1_000, "every second seat takes {} bytes", feed.bytes());
    let read: Vec<FeedEntry> = feed.read(Lsn(0)).map(Result::unwrap).collect();
    assert_eq!(read.iter().map(|entry| entry.entered.len()).collect::<Vec<_>>(), [SEATS_MAX, 10]);
    assert_eq!(read.iter().map(|entry| entry.left.len()).sum::<usize>(), 1);
    assert_eq!(read.iter().flat_map(|entry| entry.entered.clone()).collect::<Vec<_>>(), entered);
}

#[test]
fn changed_bytes_are_some_entry_or_an_error_but_no_panic() {
    let mut chance = Chance(1);
    let entry = FeedEntry {
        lsn: Lsn(1),
        at: Timestamp::EPOCH,
        kind: EntryKind::Changed,
        audience: "a".into(),
        version: 1,
        cause: Cause::Time,
        entered: (0..50).map(|seat| (seat * seat, i64::from(seat) * 3)).collect(),
        left: vec![(9, 9)],
    };
    let mut raw = Vec::new();
    let kind = put(&mut raw, &entry, 0);
    for _ in 0..20_000 {
        let mut bad = raw.clone();
        for _ in 0..=chance.below(2) {
            let place = chance.below(bad.len() as u64) as usize;
            bad[place] = chance.next() as u8;
        }
        let _ = read(Lsn(1), kind, &bad);
    }
}
