//! The feed: appending and making durable, reading back, and folding into who
//! is in, with entries of 1, 100 and 10,000 seats. `cargo bench --bench feed`;
//! the disk under the temporary directory is measured.
#![allow(missing_docs, reason = "the macros of criterion write no comments")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;

use chance::Chance;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use made::{NOW, at};
use std::collections::{BTreeSet, VecDeque};
use std::hint::black_box;
use std::time::Duration;
use throng::model::{Lsn, Timestamp};
use throng::store::{
    Cause, Clock, Directory, EntryKind, Feed, FeedEntry, Manifest, Membership, Options,
};

const SEED: u64 = 42;
/// Among whom people enter and leave.
const PEOPLE: u64 = 200_000;
/// How many are in at first.
const INSIDE: u64 = 20_000;
const SEATS: [u64; 3] = [1, 100, 10_000];
/// Seats in all entries that are read and folded.
const SEATS_READ: u64 = 200_000;

/// People enter by one entry, and those who came first leave by the next; each
/// change may have held for a while.
struct Entries {
    chance: Chance,
    lsn: u64,
    inside: BTreeSet<u32>,
    queue: VecDeque<u32>,
}

impl Entries {
    /// The first entry is that of those who are in at first.
    fn new() -> (FeedEntry, Entries) {
        let (inside, queue) = (BTreeSet::new(), VecDeque::new());
        let mut entries = Entries { chance: Chance(SEED), lsn: 0, inside, queue };
        (entries.next(INSIDE), entries)
    }

    fn next(&mut self, n_seats: u64) -> FeedEntry {
        self.lsn += 1;
        let (mut entered, mut left) = (Vec::new(), Vec::new());
        match self.lsn % 2 == 1 {
            true => entered = self.enter(n_seats),
            false => left = self.leave(n_seats),
        }
        FeedEntry {
            lsn: Lsn(self.lsn),
            at: at(NOW + self.lsn as i64),
            kind: EntryKind::Changed,
            audience: "spenders".into(),
            version: 1,
            cause: if left.is_empty() { Cause::Event } else { Cause::Time },
            entered,
            left,
        }
    }

    fn enter(&mut self, n_seats: u64) -> Vec<(u32, i64)> {
        let mut seats = BTreeSet::new();
        while (seats.len() as u64) < n_seats {
            let seat = 1 + self.chance.below(PEOPLE) as u32;
            if self.inside.insert(seat) {
                self.queue.push_back(seat);
                seats.insert(seat);
            }
        }
        self.with_times(seats)
    }

    fn leave(&mut self, n_seats: u64) -> Vec<(u32, i64)> {
        let seats: BTreeSet<u32> = self.queue.drain(..n_seats as usize).collect();
        seats.iter().for_each(|seat| _ = self.inside.remove(seat));
        self.with_times(seats)
    }

    fn with_times(&mut self, seats: BTreeSet<u32>) -> Vec<(u32, i64)> {
        seats.into_iter().map(|seat| (seat, -(self.chance.below(1_000) as i64))).collect()
    }
}

fn empty_feed() -> (tempfile::TempDir, Directory, Feed) {
    let place = tempfile::tempdir().expect("a temporary directory");
    let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given).expect("chance of the system");
    let options = Options { reserve_bytes: 0, ..Options::default() };
    let directory = Directory::create(place.path(), manifest, options).expect("an empty place");
    let (feed, _) = Feed::open(&directory).expect("nothing is there");
    (place, directory, feed)
}

fn append(criterion: &mut Criterion) {
    for (name, is_synced) in [("feed, append", false), ("feed, append and sync", true)] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10).measurement_time(Duration::from_secs(1));
        group.warm_up_time(Duration::from_millis(300));
        for n_seats in SEATS {
            let (_place, _directory, mut feed) = empty_feed();
            let (_, mut entries) = Entries::new();
            group.throughput(Throughput::Elements(n_seats));
            group.bench_function(BenchmarkId::from_parameter(n_seats), |bencher| {
                bencher.iter_batched_ref(
                    || entries.next(n_seats),
                    |entry| {
                        feed.append(entry).expect("room on the disk");
                        if is_synced {
                            feed.sync().expect("room on the disk");
                        }
                    },
                    BatchSize::PerIteration,
                );
                feed.sync().expect("room on the disk");
            });
        }
        group.finish();
    }
}

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("feed, read back");
    group.sample_size(10).measurement_time(Duration::from_secs(1));
    for n_seats in SEATS {
        let (_place, _directory, mut feed) = empty_feed();
        let ((_, mut entries), n_entries) = (Entries::new(), SEATS_READ / n_seats);
        for _ in 0..n_entries {
            feed.append(&entries.next(n_seats)).expect("room on the disk");
        }
        feed.sync().expect("room on the disk");
        let bytes = feed.bytes() as f64 / SEATS_READ as f64;
        eprintln!("entries of {n_seats} seats: {bytes:.2} bytes a seat");
        group.throughput(Throughput::Elements(n_entries * n_seats));
        group.bench_function(BenchmarkId::from_parameter(n_seats), |bencher| {
            bencher
                .iter(|| feed.read(Lsn(0)).for_each(|entry| _ = black_box(entry.expect("whole"))));
        });
    }
    group.finish();
}

fn fold(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("feed, fold into who is in");
    group.sample_size(10).measurement_time(Duration::from_secs(1));
    for n_seats in SEATS {
        let (first, mut entries) = Entries::new();
        let mut before = Membership::default();
        before.apply(&first);
        let all: Vec<_> = (0..SEATS_READ / n_seats).map(|_| entries.next(n_seats)).collect();
        group.throughput(Throughput::Elements(SEATS_READ));
        group.bench_function(BenchmarkId::from_parameter(n_seats), |bencher| {
            bencher.iter(|| {
                let mut membership = before.clone();
                all.iter().for_each(|entry| membership.apply(entry));
                black_box(membership)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, append, read, fold);
criterion_main!(benches);
