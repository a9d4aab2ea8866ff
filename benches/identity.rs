//! What a claim costs: a million of them, some late, over people, browsers and kiosks.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use throng::identity::{Identity, Named, Policy};
use throng::model::{Body, Call, EventId, Object, Timestamp};

const N_CLAIMS: u64 = 1_000_000;
const SEED: u64 = 7;

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

struct Workload {
    n_people: u64,
    late_per_mille: u64,
    /// Devices that everybody uses, and how many calls in a thousand come from them.
    kiosks: Option<(u64, u64)>,
}

/// Calls with a user and a browser of theirs, as page views after a login have them.
fn calls(workload: &Workload) -> Vec<(Call, Timestamp, EventId)> {
    let mut dice = Dice(SEED);
    let call = |n| {
        let user = dice.below(workload.n_people);
        let mut call = Call::new("web", Body::Page { properties: Object::default() });
        call.user_id = Some(format!("user-{user}").into());
        call.anonymous_id = Some(match workload.kiosks {
            Some((n_kiosks, share)) if dice.below(1_000) < share => {
                format!("kiosk-{}", dice.below(n_kiosks)).into()
            }
            _ => format!("browser-{user}-{}", dice.below(2)).into(),
        });
        let late =
            if dice.below(1_000) < workload.late_per_mille { dice.below(n * 100 + 1) } else { 0 };
        let when =
            Timestamp::from_millis((n * 100 - late) as i64).expect("a short time after 1970");
        let id = (u128::from(dice.below(u64::MAX)) << 64) | u128::from(n);
        (call, when, EventId(id))
    };
    (1..=N_CLAIMS).map(call).collect()
}

fn take_all(policy: &Policy, named: &[(Named, Timestamp, EventId)], view_every: usize) -> Identity {
    let mut identity = Identity::default();
    let now = Timestamp::from_millis(N_CLAIMS as i64 * 100).expect("a short time after 1970");
    let mut view = identity.clone();
    for (n, (named, when, id)) in named.iter().enumerate() {
        black_box(identity.take(policy, named, *when, *id, now));
        if n % view_every == 0 {
            view = identity.clone();
        }
    }
    black_box(view);
    identity
}

fn claims(c: &mut Criterion) {
    let policy = Policy::standard();
    let mut group = c.benchmark_group("identity");
    group.sample_size(10).throughput(Throughput::Elements(N_CLAIMS));
    let plain = |late_per_mille| Workload { n_people: 100_000, late_per_mille, kiosks: None };
    let kiosks = Workload { n_people: 100_000, late_per_mille: 50, kiosks: Some((1_000, 10)) };
    let never = usize::MAX;
    for (name, workload, view_every) in [
        ("claims in order", plain(0), never),
        ("claims, 5 % late", plain(50), never),
        ("claims, 5 % late, a view every 3000", plain(50), 3_000),
        ("claims, 5 % late, 1 % on 1000 kiosks", kiosks, never),
    ] {
        let calls = calls(&workload);
        let read = |(call, when, id): &(Call, Timestamp, EventId)| {
            (policy.named(call).expect("each names somebody"), *when, *id)
        };
        let named: Vec<_> = calls.iter().map(read).collect();
        group.bench_function(name, |b| {
            b.iter_with_large_drop(|| take_all(&policy, &named, view_every));
        });
    }
    let calls = calls(&plain(0));
    group.bench_function("whom a call names", |b| {
        let read = || calls.iter().for_each(|(call, ..)| drop(black_box(policy.named(call))));
        b.iter_batched(|| (), |()| read(), BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group!(benches, claims);
criterion_main!(benches);
