//! A world in a directory with little memory: its rows are sealed and read
//! back from disk, while a twin keeps every row where it came in.

#![allow(dead_code, reason = "each test takes what it needs")]

use crate::support::generate::now;
use crate::support::live::check_feed;
use crate::support::world::{Step, beginning};
use std::collections::{BTreeMap, BTreeSet};
use throng::engine::{Ask, CommitTime, Info, Options, Throng};
use throng::model::{Call, Timestamp};
use throng::query::{Crowd, holds, why};
use throng::state::View;

/// What was done and compared on the way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Pages that were not in memory when they were needed.
    pub n_pages: u64,
    /// Rows that lay in runs at the end, and in how many.
    pub n_sealed: u64,
    pub n_runs: usize,
    pub n_reopened: u64,
    /// Comparisons of one audience with the oracle.
    pub n_compared: u64,
    /// People who were in at a comparison.
    pub n_members: u64,
    /// Changes that were announced.
    pub n_moves: u64,
}

/// A world in a directory, and its twin.
pub struct Cold {
    options: Options,
    place: tempfile::TempDir,
    throng: Option<Throng>,
    twin: Throng,
    counts: Counts,
}

impl Cold {
    /// An empty world.
    pub fn new(options: Options) -> Cold {
        let place = tempfile::tempdir().unwrap();
        let throng = Throng::open(place.path(), options.clone()).unwrap();
        let (twin, counts) = (Throng::temporary().unwrap(), Counts::default());
        let cold = Cold { options, place, throng: Some(throng), twin, counts };
        for text in beginning() {
            let told = cold.tell(text, now());
            assert!(told.starts_with("Ok"), "{text}: {told}");
        }
        cold
    }

    fn own(&self) -> &Throng {
        self.throng.as_ref().expect("it is open between two steps")
    }

    fn view(&self) -> View {
        self.own().view().unwrap()
    }

    /// Does a step in both worlds, with the same outcome.
    pub fn perform(&mut self, step: &Step) {
        let at = self.view().at().max(now());
        match step {
            Step::Calls(calls) => self.calls(calls, at),
            Step::Pass(ms) => self.pass(at.plus_ms(*ms)),
            Step::ToNextChange(ms) => {
                let next = next_change(&self.view());
                self.pass(next.map_or(at, |next| next.plus_ms(*ms).max(at)));
            }
            Step::Seal => self.own().checkpoint().unwrap(),
            Step::Reopen => self.reopen(),
            told => _ = self.tell(&text(told), at),
        }
    }

    fn calls(&self, calls: &[Call], at: Timestamp) {
        let [own, twin] = [self.own(), &self.twin].map(|throng| {
            let receipt = throng.ingest_at(calls.to_vec(), CommitTime::At(at), false).unwrap();
            (receipt.accepted, receipt.duplicates, receipt.conflicting, receipt.refused)
        });
        assert_eq!(own, twin);
    }

    fn pass(&self, at: Timestamp) {
        [self.own(), &self.twin].iter().for_each(|throng| throng.advance_to(at).unwrap());
    }

    /// What is refused is refused by both.
    fn tell(&self, text: &str, at: Timestamp) -> String {
        let asked = Ask { text, at: Some(at), ..Ask::default() };
        let [own, twin] =
            [self.own(), &self.twin].map(|throng| format!("{:?}", throng.ask(&asked)));
        assert_eq!(own, twin, "{text}");
        own
    }

    fn reopen(&mut self) {
        self.leave();
        let throng = Throng::open(self.place.path(), self.options.clone()).unwrap();
        assert_eq!(throng.info().unwrap().rebuilt, [""; 0]);
        self.throng = Some(throng);
        self.counts.n_reopened += 1;
    }

    fn leave(&mut self) {
        let throng = self.throng.take().expect("it is open between two steps");
        let Info { cold_pages, sealed, .. } = throng.info().unwrap();
        self.counts.n_pages += cold_pages;
        (self.counts.n_sealed, self.counts.n_runs) = sealed;
        throng.close().unwrap();
    }

    /// The oracle, row by row; over columns; kept live; announced and folded;
    /// and the twin that reads no page: one answer.
    pub fn compare(&mut self, context: &str) {
        let (view, twin) = (self.view(), self.twin.view().unwrap());
        let at = view.at();
        assert_eq!(at, twin.at(), "{context}");
        for (name, right) in oracle(&view, at) {
            let context = format!("{context}, audience {name}");
            let audience = view.catalog().audience(&name).unwrap();
            let scanned = view.select(&audience.condition, at).unwrap();
            let scanned: BTreeSet<u32> = scanned.unwrap().iter().map(|seat| seat.0).collect();
            assert_eq!(scanned, right, "{context}: over columns, and the oracle");
            assert_eq!(members(&view, &name), right, "{context}: live, and the oracle");
            assert_eq!(members(&twin, &name), right, "{context}: the twin, and the oracle");
            self.counts.n_compared += 1;
            self.counts.n_members += right.len() as u64;
        }
        // It folds to who is in, and nobody enters or leaves twice.
        self.counts.n_moves = check_feed(self.own(), context);
    }

    /// What was done and compared.
    pub fn end(mut self) -> Counts {
        self.leave();
        self.counts
    }
}

/// A step that is told in the language.
fn text(step: &Step) -> String {
    match step {
        Step::Define { text, .. } | Step::Say(text) => text.clone(),
        Step::Freeze(audience) => format!("freeze audience {audience} as list members"),
        Step::ForgetEvent(id) => format!("forget event \"00000000-0000-0000-0000-{id:012x}\""),
        Step::Declare(text) => (*text).to_owned(),
        Step::Drop(name) => format!("drop audience {name}"),
        Step::Link { a, b, veto: false } => format!("link \"{a}\" with \"{b}\""),
        Step::Link { a, b, veto: true } => format!("unlink \"{a}\" from \"{b}\""),
        Step::Forget { name, suppress } => {
            let and_suppress = if *suppress { " and suppress" } else { "" };
            format!("forget profile \"{name}\"{and_suppress}")
        }
        other => unreachable!("{other:?} is not told"),
    }
}

fn members(view: &View, audience: &str) -> BTreeSet<u32> {
    view.members(audience).unwrap().iter().map(|seat| seat.0).collect()
}

/// Whom the oracle finds for each audience, person by person.
fn oracle(view: &View, at: Timestamp) -> BTreeMap<String, BTreeSet<u32>> {
    let audiences: Vec<_> = view.catalog().audiences().cloned().collect();
    let mut right: BTreeMap<String, BTreeSet<u32>> =
        audiences.iter().map(|audience| (audience.name.to_string(), BTreeSet::new())).collect();
    view.each(at, &mut |person| {
        for audience in &audiences {
            if holds::holds(&audience.condition, person, at) {
                right.get_mut(&*audience.name).unwrap().insert(person.profile.0);
            }
        }
        true
    })
    .unwrap();
    right
}

/// When somebody's answer changes next, though nothing happens.
fn next_change(view: &View) -> Option<Timestamp> {
    let at = view.at();
    let mut next: Option<Timestamp> = None;
    view.each(at, &mut |person| {
        for audience in view.catalog().audiences() {
            let changes = why::changes_at(&audience.condition, person, at);
            next = [next, changes].into_iter().flatten().min();
        }
        true
    })
    .unwrap();
    next
}
