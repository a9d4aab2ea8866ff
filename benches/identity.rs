//! What a claim costs: a million of them, some late, over people, browsers and kiosks.
#![allow(missing_docs, reason = "the macro of the bench makes a public function")]

#[path = "support/chance.rs"]
mod chance;

use chance::Chance;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::{Duration, Instant};
use throng::identity::{Identity, Named, Policy};
use throng::model::{Body, Call, EventId, Object, Timestamp};

const N_CLAIMS: u64 = 1_000_000;
/// Claims of one commit: read, taken in, settled.
const BATCH: u64 = 1_000;
const SEED: u64 = 7;

struct Workload {
    n_people: u64,
    /// Calls that one person makes before another takes the place, among 500 at once.
    per_visit: u64,
    late_per_mille: u64,
    /// Devices that everybody uses, and how many calls in a thousand come from them.
    kiosks: Option<(u64, u64)>,
    /// Claims between two views of the state.
    view_every: u64,
}

/// The n-th call: a user and a browser of theirs, as page views after a login have them.
fn call(workload: &Workload, chance: &mut Chance, n: u64) -> (Call, Timestamp, EventId) {
    // 500 people are there at once; each stays for a visit.
    let (place, visit) = (n % 500, n / 500 / workload.per_visit);
    let user = Chance(visit * 500 + place).below(workload.n_people);
    let mut call = Call::new("web", Body::Page { properties: Object::default() });
    call.user_id = Some(format!("user-{user}").into());
    call.anonymous_id = Some(match workload.kiosks {
        Some((n_kiosks, share)) if chance.below(1_000) < share => {
            format!("kiosk-{}", chance.below(n_kiosks)).into()
        }
        _ => format!("browser-{user}-{}", visit % 2).into(),
    });
    let is_late = chance.below(1_000) < workload.late_per_mille;
    let late = if is_late { chance.below(n * 100 + 1) } else { 0 };
    let id = (u128::from(chance.below(u64::MAX)) << 64) | u128::from(n);
    (call, at(n * 100 - late), EventId(id))
}

fn at(ms: u64) -> Timestamp {
    Timestamp::from_millis(ms as i64).expect("a short time after 1970")
}

/// How long all claims take, each batch fresh from its reader as in a lane.
#[allow(clippy::disallowed_methods, reason = "a bench looks at the clock")]
fn take_all(policy: &Policy, workload: &Workload) -> Duration {
    let (mut identity, mut chance, mut spent) = (Identity::default(), Chance(SEED), Duration::ZERO);
    let (now, mut view) = (at(N_CLAIMS * 100), None);
    for batch in 0..N_CLAIMS / BATCH {
        let numbers = batch * BATCH + 1..=(batch + 1) * BATCH;
        let calls: Vec<(Named, Timestamp, EventId)> = numbers
            .map(|n| {
                let (call, when, id) = call(workload, &mut chance, n);
                (policy.named(&call).expect("each names somebody"), when, id)
            })
            .collect();
        let start = Instant::now();
        identity.hold();
        for (named, when, id) in &calls {
            black_box(identity.take(policy, named, *when, *id, now));
        }
        black_box(identity.settle(policy));
        if ((batch + 1) * BATCH).is_multiple_of(workload.view_every) {
            view = Some(identity.clone());
        }
        spent += start.elapsed();
    }
    black_box(view);
    spent
}

fn claims(c: &mut Criterion) {
    let policy = Policy::standard();
    let mut group = c.benchmark_group("identity");
    group.sample_size(10).throughput(Throughput::Elements(N_CLAIMS));
    let plain = |per_visit, late_per_mille, view_every| Workload {
        n_people: 100_000,
        per_visit,
        late_per_mille,
        kiosks: None,
        view_every,
    };
    let never = u64::MAX;
    for (name, workload) in [
        ("visits of 10, in order", plain(10, 0, never)),
        ("visits of 10, 5 % late", plain(10, 50, never)),
        ("visits of 10, 5 % late, a view every 3000", plain(10, 50, 3_000)),
        (
            "visits of 10, 5 % late, 1 % on 1000 kiosks",
            Workload { kiosks: Some((1_000, 10)), ..plain(10, 50, never) },
        ),
        ("anybody at any time, 5 % late", plain(1, 50, never)),
    ] {
        group.bench_function(name, |b| {
            b.iter_custom(|n| (0..n).map(|_| take_all(&policy, &workload)).sum());
        });
    }
    group.finish();
    let (call, ..) = call(&plain(1, 0, never), &mut Chance(SEED), 1);
    c.bench_function("identity/whom a call names", |b| b.iter(|| policy.named(black_box(&call))));
}

criterion_group!(benches, claims);
criterion_main!(benches);
