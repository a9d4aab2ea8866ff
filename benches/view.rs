//! What it costs that somebody looks: a view after a commit, and the commits made while
//! one is held; twenty audiences live, 20,000 and 200,000 people.
//! `cargo bench --bench view`.
#![allow(clippy::disallowed_methods, missing_docs, reason = "a bench reads the clock")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;
#[path = "support/people.rs"]
mod people;
#[path = "support/shop.rs"]
mod shop;

use criterion::{BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};
use shop::{DECLARED, EACH_MS, EVENTS_EACH, SEED, Shop, TWENTY, sizes};
use std::time::{Duration, Instant};
use throng::engine::{Clock, CommitTime, Durability, Options, Throng};
use throng::model::Call;

/// Calls of a commit: one person in twenty at the smaller size, in two hundred at the other.
const COMMIT: usize = 1_000;
/// Rows that are sealed at once, so that rows are sealed at either size.
const TAIL_ROWS: usize = 1 << 16;

/// A database with its shop, and the audiences standing in it.
struct Whole {
    _place: tempfile::TempDir,
    throng: Throng,
    shop: Shop,
}

/// What is timed.
#[derive(Clone, Copy)]
enum Timed {
    Commit { is_seen: bool },
    View,
}

impl Whole {
    fn new(n_people: u64) -> Whole {
        let place = tempfile::tempdir().expect("a directory");
        let options = Options {
            clock: Some(Clock::Given),
            durability: Durability::Relaxed,
            tail_rows: TAIL_ROWS,
            reserve_bytes: 0,
            ..Options::default()
        };
        let throng = Throng::open(place.path(), options).expect("a database");
        let shop = Shop::new(SEED, n_people, EACH_MS);
        let mut whole = Whole { _place: place, throng, shop };
        for _ in 0..n_people * EVENTS_EACH / COMMIT as u64 {
            whole.commit();
        }
        let ask = |text: &str| drop(whole.throng.query(text).expect("it is right"));
        ask(DECLARED);
        for (n, condition) in TWENTY.iter().enumerate() {
            ask(&format!("create audience a{n} is people {condition}"));
        }
        // What is sealed and merged beside is done by then.
        whole.throng.checkpoint().expect("room on the disk");
        whole
    }

    fn calls(&mut self) -> Vec<Call> {
        (0..COMMIT).map(|_| self.shop.call()).collect()
    }

    fn commit(&mut self) -> Duration {
        let calls = self.calls();
        let clock = Instant::now();
        let taken = self.throng.ingest_at(calls, CommitTime::Follow, false);
        assert_eq!(taken.expect("nothing stops it").accepted, COMMIT as u64);
        clock.elapsed()
    }

    /// So many times; whoever looks holds what was shown until the next commit is made.
    fn time(&mut self, n: u64, timed: Timed) -> Duration {
        let (mut sum, mut shown) = (Duration::ZERO, None);
        for _ in 0..n {
            let commit = self.commit();
            if let Timed::Commit { is_seen: false } = timed {
                sum += commit;
                continue;
            }
            let clock = Instant::now();
            shown = Some(self.throng.view().expect("it is open"));
            sum += if matches!(timed, Timed::View) { clock.elapsed() } else { commit };
        }
        drop(shown);
        sum
    }
}

fn views(criterion: &mut Criterion) {
    for n_people in sizes() {
        let mut whole = Whole::new(n_people);
        let mut group = criterion.benchmark_group("view");
        group.sample_size(20).sampling_mode(SamplingMode::Flat);
        group.warm_up_time(Duration::from_millis(500));
        group.measurement_time(Duration::from_secs(3));
        for (name, timed) in [
            ("a view after a commit", Timed::View),
            ("a commit of 1,000, nobody looks", Timed::Commit { is_seen: false }),
            ("a commit of 1,000, the one before is held", Timed::Commit { is_seen: true }),
        ] {
            group.bench_function(BenchmarkId::new(name, n_people), |bencher| {
                bencher.iter_custom(|n| whole.time(n, timed));
            });
        }
        group.finish();
        whole.throng.close().expect("room on the disk");
    }
}

criterion_group!(benches, views);
criterion_main!(benches);
