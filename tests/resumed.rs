//! A database that was closed takes its standing audiences up as they were; one that was
//! killed computes them. Either way they are what they would be had it stayed open.

#![allow(clippy::disallowed_methods, reason = "a test has files")]

mod support;

use std::time::Duration;
use support::live::{HOUR, Step, check_feed, copy_all, perform, seen, small, start, step};
use tempfile::TempDir;
use throng::engine::{Ask, Options, Throng};

/// An audience of each kind of what is kept, and those above others.
const AUDIENCES: &str = r#"
declare event order; declare event visit; declare event order.total: number;
declare attribute points: number;
create audience ever is people who did order;
create audience often is people who did order at least 3 times;
create audience lately is people who did order in last 2 days;
create audience busy is people who did visit at least 20 times in last 5 days;
create audience spent is people whose sum(order.total) > 20;
create audience spends is people whose sum(order.total in last 3 days) > 20;
create audience usual is people whose avg(order.total in last 9 days) >= 5;
create audience least is people whose min(order.total) < 3;
create audience most is people whose max(order.total in last 4 days) > 8;
create audience firsts is people whose first(order.total) > 4;
create audience lasts is people whose last(order.total) > 4;
create audience several is people whose distinct(order.total in last 4 days) >= 2;
create audience kinds is people whose distinct(order.total) >= 3;
create audience middle is people whose median(order.total) > 4;
create audience by_days is people whose active_days(any event in last 9 days) >= 3;
create audience fades is people whose decayed(visit: 1, 2 days) >= 0.5;
create audience path is people who did (visit then order within 1 day);
create audience gone is people who did (visit then no order within 6 hours) in last 9 days;
create audience best is people in top 10% by sum(order.total);
create audience newest is people in top 5 by last(order.when) among (did visit);
create audience best_lately is people in top 10% by sum(order.total in last 3 days);
create audience best_of_seen is people in top 20% by count(order) among (did visit in last 2 days);
create audience both is people in audience lately and in audience path and not in audience best;
create audience scored is people whose points > 4;
"#;

/// A database of some calls, and one of the same that is never closed.
struct Twins {
    place: TempDir,
    throng: Option<Throng>,
    twin: Throng,
    number: u64,
}

impl Twins {
    fn new() -> Twins {
        let (place, twin) = (tempfile::tempdir().unwrap(), Throng::temporary().unwrap());
        let throng = Throng::open(place.path(), small(150)).unwrap();
        for one in [&throng, &twin] {
            let ask = Ask { text: AUDIENCES, at: Some(start()), ..Ask::default() };
            one.ask(&ask).unwrap();
        }
        let mut twins = Twins { place, throng: Some(throng), twin, number: 0 };
        twins.go_on(30);
        twins
    }

    fn open(&self) -> &Throng {
        self.throng.as_ref().unwrap()
    }

    /// So many hours pass, with calls in most of them.
    fn go_on(&mut self, n_steps: u64) {
        for number in self.number..self.number + n_steps {
            let step = step(11, number, 25);
            if !matches!(step.1, Step::Told(_)) {
                assert_eq!(perform(self.open(), &step), perform(&self.twin, &step));
            }
        }
        self.number += n_steps;
    }

    fn close(&mut self) {
        self.throng.take().unwrap().close().unwrap();
    }

    /// Opens it, and says whether its audiences were taken up as they were.
    fn reopen(&mut self, options: Options) -> bool {
        self.throng = Some(Throng::open(self.place.path(), options).unwrap());
        self.open().info().unwrap().opening.resumed
    }

    /// Goes on as a process that was killed leaves it.
    fn kill(&mut self) {
        let killed = tempfile::tempdir().unwrap();
        copy_all(self.place.path(), killed.path());
        self.close();
        self.place = killed;
    }

    /// Both have told the same of everybody, since the same instants, for the same causes.
    fn have_told_the_same(&self) {
        let names =
            AUDIENCES.split("create audience ").skip(1).filter_map(|it| it.split(' ').next());
        for name in names {
            let told = |throng: &Throng| {
                let mut changes = throng.subscribe(name, Some(0)).unwrap();
                let mut told = Vec::new();
                while let Some(it) = changes.next(Duration::ZERO).unwrap() {
                    told.push((it.committed, it.at, it.profile, it.entered, it.cause));
                }
                told
            };
            assert_eq!(told(self.open()), told(&self.twin), "{name}");
        }
    }

    fn are_alike(&self, context: &str) {
        let (own, twin) = (seen(self.open()), seen(&self.twin));
        own.lines().zip(twin.lines()).for_each(|(own, twin)| assert_eq!(own, twin, "{context}"));
        check_feed(self.open(), context);
    }
}

#[test]
fn what_a_close_lays_down_the_next_opening_takes_up_and_goes_on_with() {
    let mut twins = Twins::new();
    for round in 0..6 {
        twins.close();
        assert!(twins.reopen(small(150)), "round {round}");
        twins.are_alike("taken up");
        let live = twins.open().info().unwrap().live.unwrap();
        assert_eq!(live.rescans, 0, "nobody's rows are read");
        twins.go_on(9);
        twins.are_alike("gone on");
        twins.have_told_the_same();
    }
    let is_empty = |name: &&str| twins.open().audience(name).unwrap().is_empty();
    let names = AUDIENCES.split("create audience ").skip(1).filter_map(|it| it.split(' ').next());
    let empty: Vec<&str> = names.filter(is_empty).collect();
    assert!(empty.is_empty(), "these show nothing: {empty:?}");
}

#[test]
fn after_a_kill_everything_is_computed() {
    let mut twins = Twins::new();
    twins.close();
    assert!(twins.reopen(small(150)));
    // What was laid down is of a record that is not the last one any more.
    twins.go_on(3);
    twins.kill();
    assert!(!twins.reopen(small(150)));
    twins.are_alike("computed");
    twins.close();
    assert!(twins.reopen(small(150)), "the next close lays it down again");
}

#[test]
fn whoever_opens_it_for_something_else_leaves_what_was_laid_down() {
    let mut twins = Twins::new();
    twins.close();
    for other in [Options { read_only: true, ..small(150) }, Options { live: false, ..small(150) }]
    {
        assert!(!twins.reopen(other));
        twins.close();
    }
    assert!(twins.reopen(small(150)));
    twins.are_alike("taken up");
}

#[test]
fn audiences_that_are_gone_or_new_do_not_stand_in_the_way_for_long() {
    let mut twins = Twins::new();
    let told = "drop audience both; drop audience path; drop audience spends; \
                create audience later is people who did order in last 20 days";
    for one in [twins.open(), &twins.twin] {
        one.ask(&Ask { text: told, at: Some(start().plus_ms(30 * HOUR)), ..Ask::default() })
            .unwrap();
    }
    twins.go_on(9);
    twins.close();
    // A window that reaches as far as that of one that is gone may be kept still.
    twins.reopen(small(150));
    twins.are_alike("after a drop");
    twins.go_on(9);
    twins.close();
    assert!(twins.reopen(small(150)));
    twins.are_alike("once more");
}
