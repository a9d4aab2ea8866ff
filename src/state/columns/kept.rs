//! Columns by what they are of, and what has happened since each was made.

use crate::index::{Known, Seats};
use crate::model::{Ordinal, Text, Timestamp};
use crate::query::scan::{Did, Ever, Sum, Tally};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// What a column takes in which nobody has anything: there may be many of them.
const KEY_BYTES: usize = 1 << 10;
/// So many questions later what was refused, or asked for once, is so no longer.
const LAPSE: u64 = 1 << 10;
/// A column that one of so many questions used is in use.
const IN_USE: u64 = 16;
/// Bytes that are kept until a budget is set.
const BYTES: usize = 64 << 20;
/// Of so many people who were touched nothing is carried over.
const TOUCHED_MAX: u64 = 1 << 16;
/// Of so many events that were done neither.
const DONE_MAX: usize = 1 << 18;
/// After so many views nothing is carried over to the next one: whoever asks for nothing
/// costs no more than that.
const STEPS_MAX: usize = 1 << 16;

/// What a column is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Attribute(Text),
    /// Of the events of a name.
    Events(Text, Ever),
}

impl Key {
    /// The name of the events that change it, and what is told of them.
    fn events(&self) -> Option<(&Text, &Ever)> {
        match self {
            Key::Events(name, ever) => Some((name, ever)),
            Key::Attribute(_) => None,
        }
    }
}

/// What everybody has.
#[derive(Clone)]
pub enum Column {
    Attribute(Arc<Known>),
    Events(Arc<Tally>),
}

impl Column {
    fn memory(&self) -> usize {
        match self {
            Column::Attribute(known) => known.memory(),
            Column::Events(tally) => tally.memory(),
        }
    }

    fn is_worn(&self) -> bool {
        matches!(self, Column::Attribute(known) if known.is_worn())
    }
}

/// An event of a name that somebody did at an instant.
#[derive(Debug)]
pub struct Done {
    pub name: Text,
    pub seat: Ordinal,
    pub when: Timestamp,
    /// What it adds to sums that are kept.
    pub sums: Box<[(Arc<Ever>, Sum)]>,
}

/// Names of events of which it is noted who does one, and the sums that are kept of them.
pub type Names = Arc<BTreeMap<Text, BTreeSet<Arc<Ever>>>>;

/// Whether what is noted of events says what is asked of a name.
fn tell(names: &Names, name: &Text, ever: &Ever) -> bool {
    let Some(sums) = names.get(name) else { return false };
    !matches!(ever, Ever::Sum { .. }) || sums.contains(ever)
}

/// What both note.
fn both(own: &Names, other: &Names) -> Names {
    let of_name = |(name, sums): (&Text, &BTreeSet<Arc<Ever>>)| {
        let common = other.get(name)?.intersection(sums).cloned().collect();
        Some((name.clone(), common))
    };
    Arc::new(own.iter().filter_map(of_name).collect())
}

impl Done {
    /// What it comes to for what is kept.
    fn did(&self, ever: &Ever) -> Did {
        let sum = self.sums.iter().find(|(of, _)| **of == *ever).map(|(_, sum)| sum.clone());
        Did { seat: self.seat, when: self.when, sum }
    }
}

/// What some commits did, which one view shows and the one before did not.
struct Step {
    stamp: u64,
    /// Of whom everything may be another.
    touched: Seats,
    /// What others did, of the events of these names.
    done: Vec<Done>,
    names: Names,
}

pub struct Kept {
    /// How often something happened: what is known is known as of such a number.
    stamp: u64,
    /// Whether a view of this number was made.
    is_shown: bool,
    /// What each number brought, ascending.
    steps: VecDeque<Step>,
    /// Who was touched in all of them, and how much was done.
    n_touched: u64,
    n_done: usize,
    /// From which number on that is known.
    since: u64,
    /// Whether somebody has asked, so that it is worth to know what happens.
    is_wanted: bool,
    columns: BTreeMap<Key, Held>,
    names: Names,
    /// What was asked for once, and was not worth it yet.
    asked: BTreeSet<Key>,
    /// What would take too much.
    refused: BTreeSet<Key>,
    budget: usize,
    /// Counts the questions.
    clock: u64,
}

struct Held {
    column: Column,
    stamp: u64,
    memory: usize,
    used: u64,
}

/// What is kept, as a view of a number can use it.
pub enum Found {
    Whole(Column),
    /// These were touched since, and that was done by others.
    Before(Column, Seats, Vec<Did>),
    /// It is worth to find out.
    Nothing,
    /// It is of no use to keep it.
    Never,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept {
            stamp: 0,
            is_shown: false,
            steps: VecDeque::new(),
            n_touched: 0,
            n_done: 0,
            since: 0,
            is_wanted: false,
            columns: BTreeMap::new(),
            names: Arc::default(),
            asked: BTreeSet::new(),
            refused: BTreeSet::new(),
            budget: BYTES,
            clock: 0,
        }
    }
}

impl Kept {
    /// The events of which it is to be noted who does one.
    pub fn names(&self) -> Names {
        self.names.clone()
    }

    /// The number of the view that is made now.
    pub fn show(&mut self) -> u64 {
        self.is_shown = true;
        self.stamp
    }

    pub fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes;
        self.refused.clear();
        self.shrink(None);
    }

    pub fn memory(&self) -> usize {
        let of_step =
            |step: &Step| step.touched.memory() + step.done.capacity() * size_of::<Done>();
        self.columns.values().map(|held| held.memory).sum::<usize>()
            + self.steps.iter().map(of_step).sum::<usize>()
    }

    /// Events came in. Of these people everything may be another; of all others it was noted
    /// who did what of these names.
    pub fn step(&mut self, touched: Seats, done: Vec<Done>, names: Names) {
        if !self.is_wanted {
            self.clear();
            return;
        }
        self.n_done += done.len();
        match self.steps.back_mut() {
            Some(step) if step.stamp == self.stamp && !self.is_shown => {
                self.n_touched -= step.touched.len();
                step.touched |= &touched;
                self.n_touched += step.touched.len();
                step.done.extend(done);
                if !Arc::ptr_eq(&step.names, &names) {
                    step.names = both(&step.names, &names);
                }
            }
            _ => {
                self.stamp += 1;
                self.is_shown = false;
                self.n_touched += touched.len();
                self.steps.push_back(Step { stamp: self.stamp, touched, done, names });
            }
        }
        while self.is_too_much() {
            if self.drop_laggard() {
                continue;
            }
            match self.n_done > DONE_MAX {
                true => self.forget_events(),
                false => self.clear(),
            }
        }
    }

    fn is_too_much(&self) -> bool {
        let is_over = self.n_touched > TOUCHED_MAX || self.n_done > DONE_MAX;
        is_over || self.steps.len() > STEPS_MAX
    }

    /// Lets the column go that was brought up to date longest ago, and for which steps are
    /// kept that no other one needs; whether there is one.
    fn drop_laggard(&mut self) -> bool {
        let stamps = || self.columns.iter().map(|(key, held)| (held.stamp, key));
        let (Some(least), Some(most)) = (stamps().min(), stamps().max()) else { return false };
        let (lags, key) = (least.0 < most.0, least.1.clone());
        if lags {
            self.remove(&key);
            self.trim();
        }
        lags
    }

    fn remove(&mut self, key: &Key) {
        self.columns.remove(key);
        // To make it again is worth it only if it is asked for again and again.
        self.asked.remove(key);
        self.take_names();
    }

    /// What every column has seen is needed no more.
    fn trim(&mut self) {
        let oldest = self.columns.values().map(|held| held.stamp).min().unwrap_or(self.stamp);
        if self.steps.front().is_some_and(|step| step.stamp <= oldest) {
            self.steps.retain(|step| step.stamp > oldest);
            self.n_touched = self.steps.iter().map(|step| step.touched.len()).sum();
            self.n_done = self.steps.iter().map(|step| step.done.len()).sum();
        }
        // What is forgotten here no column needs; one that is begun before it is not kept.
        self.since = self.since.max(oldest);
    }

    /// It is no longer known who did what.
    fn forget_events(&mut self) {
        for step in &mut self.steps {
            (step.done, step.names) = (Vec::new(), Arc::default());
        }
        self.n_done = 0;
        self.columns.retain(|key, _| key.events().is_none());
        self.take_names();
    }

    pub fn clear(&mut self) {
        let (budget, clock, stamp) = (self.budget, self.clock, self.stamp + 1);
        *self = Kept { stamp, since: stamp, budget, clock, ..Kept::default() };
    }

    /// Where the question `reads_all` to find out, it is worth to keep at the first one already.
    pub fn find(&mut self, key: &Key, stamp: u64, reads_all: bool) -> Found {
        self.clock += 1;
        self.is_wanted = true;
        if self.clock.is_multiple_of(LAPSE) {
            (self.asked, self.refused) = Default::default();
        }
        if stamp < self.since || self.refused.contains(key) {
            return Found::Never;
        }
        let Some(held) = self.columns.get_mut(key) else {
            return if reads_all || !self.asked.insert(key.clone()) {
                Found::Nothing
            } else {
                Found::Never
            };
        };
        held.used = self.clock;
        if held.stamp > stamp {
            return Found::Never;
        }
        let from = self.steps.partition_point(|step| step.stamp <= held.stamp);
        let to = self.steps.partition_point(|step| step.stamp <= stamp);
        let steps = || self.steps.range(from..to);
        let mut done = Vec::new();
        if let Some((name, ever)) = key.events() {
            if steps().any(|step| !tell(&step.names, name, ever)) {
                return Found::Nothing;
            }
            let all = steps().flat_map(|step| &step.done);
            done.extend(all.filter(|done| done.name == *name).map(|done| done.did(ever)));
        }
        let mut touched = Seats::default();
        steps().for_each(|step| touched |= &step.touched);
        if touched.is_empty() && done.is_empty() {
            held.stamp = stamp;
            let column = held.column.clone();
            self.trim();
            return Found::Whole(column);
        }
        Found::Before(held.column.clone(), touched, done)
    }

    /// Keeps what a view has found out, unless a later one has.
    pub fn keep(&mut self, key: &Key, stamp: u64, column: &Column) {
        if stamp < self.since || self.columns.get(key).is_some_and(|held| held.stamp >= stamp) {
            return;
        }
        if column.is_worn() {
            return self.remove(key);
        }
        let (memory, used) = (KEY_BYTES + column.memory(), self.clock);
        if memory > self.budget {
            self.remove(key);
            self.refused.insert(key.clone());
            return;
        }
        self.columns.insert(key.clone(), Held { column: column.clone(), stamp, memory, used });
        self.take_names();
        self.shrink(Some(key));
        self.trim();
    }

    /// Lets those go that were not used for longest; but the newest, where all others are in
    /// use: they would be made in turn for ever.
    fn shrink(&mut self, newest: Option<&Key>) {
        while self.columns.values().map(|held| held.memory).sum::<usize>() > self.budget {
            let idle = self.columns.iter().min_by_key(|(_, held)| held.used);
            let Some((idle, used)) = idle.map(|(key, held)| (key.clone(), held.used)) else {
                break;
            };
            match newest.filter(|newest| **newest != idle && used + IN_USE > self.clock) {
                Some(newest) => {
                    self.remove(newest);
                    self.refused.insert(newest.clone());
                }
                None => self.remove(&idle),
            }
        }
    }

    fn take_names(&mut self) {
        let mut names: BTreeMap<Text, BTreeSet<Arc<Ever>>> = BTreeMap::new();
        for (name, ever) in self.columns.keys().filter_map(Key::events) {
            let sums = names.entry(name.clone()).or_default();
            sums.extend(matches!(ever, Ever::Sum { .. }).then(|| Arc::new(ever.clone())));
        }
        if *self.names != names {
            self.names = Arc::new(names);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_orders() -> Key {
        Key::Events("order".into(), Ever::Last)
    }

    fn nobody() -> Column {
        Column::Attribute(Arc::new(Known::of([])))
    }

    /// A view has made a column of it.
    fn made(kept: &mut Kept, stamp: u64) {
        assert!(matches!(kept.find(&of_orders(), stamp, true), Found::Nothing));
        kept.keep(&of_orders(), stamp, &nobody());
    }

    fn done(seat: u32) -> Done {
        let (name, seat, when) = (Text::from("order"), Ordinal(seat), Timestamp::EPOCH);
        Done { name, seat, when, sums: Box::default() }
    }

    fn order(kept: &mut Kept, seat: u32) {
        let names = kept.names();
        let done = if names.contains_key("order") { vec![done(seat)] } else { Vec::new() };
        kept.step(Seats::default(), done, names);
    }

    #[test]
    fn what_was_done_since_is_told_and_others_are_touched() {
        let mut kept = Kept::default();
        let first = kept.show();
        made(&mut kept, first);
        order(&mut kept, 7);
        order(&mut kept, 8);
        kept.step([Ordinal(9)].into_iter().collect(), Vec::new(), kept.names());
        let second = kept.show();
        let Found::Before(_, touched, done) = kept.find(&of_orders(), second, true) else {
            panic!("it was known before");
        };
        assert_eq!(touched.iter().collect::<Vec<_>>(), [Ordinal(9)]);
        assert_eq!(done.iter().map(|did| did.seat.0).collect::<Vec<_>>(), [7, 8]);
        assert!(matches!(kept.find(&of_orders(), first, true), Found::Whole(_)));
    }

    /// The column was not there when the commit began, so nobody noted who ordered.
    #[test]
    fn a_column_that_comes_after_a_commit_it_does_not_show_is_made_anew() {
        let mut kept = Kept::default();
        let first = kept.show();
        assert!(matches!(kept.find(&of_orders(), first, true), Found::Nothing));
        order(&mut kept, 7);
        let second = kept.show();
        kept.keep(&of_orders(), first, &nobody());
        assert!(matches!(kept.find(&of_orders(), second, true), Found::Nothing));
        made(&mut kept, second);
        assert!(matches!(kept.find(&of_orders(), second, true), Found::Whole(_)));
    }

    #[test]
    fn what_a_question_need_not_read_all_of_is_worth_it_the_second_time() {
        let mut kept = Kept::default();
        let stamp = kept.show();
        assert!(matches!(kept.find(&of_orders(), stamp, false), Found::Never));
        assert!(matches!(kept.find(&of_orders(), stamp, false), Found::Nothing));
    }

    #[test]
    fn nothing_is_noted_for_ever_for_who_asks_no_more() {
        let mut kept = Kept::default();
        let first = kept.show();
        made(&mut kept, first);
        for _ in 0..=STEPS_MAX {
            kept.step(Seats::default(), Vec::new(), kept.names());
            kept.show();
        }
        let last = kept.show();
        assert_eq!((kept.steps.len(), kept.columns.len()), (0, 0));
        assert!(matches!(kept.find(&of_orders(), last, true), Found::Nothing));
    }

    #[test]
    fn what_is_asked_for_again_and_again_stays_and_what_nobody_asks_for_goes() {
        let mut kept = Kept::default();
        let (mut stamp, country) = (kept.show(), Key::Attribute("country".into()));
        made(&mut kept, stamp);
        assert!(matches!(kept.find(&country, stamp, true), Found::Nothing));
        kept.keep(&country, stamp, &nobody());
        for n in 0..2 * STEPS_MAX {
            kept.step(Seats::default(), Vec::new(), kept.names());
            stamp = kept.show();
            if n % 1_000 == 0 {
                assert!(matches!(kept.find(&country, stamp, true), Found::Whole(_)));
            }
        }
        assert!(kept.columns.contains_key(&country) && kept.columns.len() == 1);
        assert!(matches!(kept.find(&country, stamp, true), Found::Whole(_)));
        assert!(kept.steps.is_empty());
    }

    /// What is kept of a column without anybody in it is not nothing.
    #[test]
    fn columns_that_are_in_use_do_not_make_room_for_each_other_in_turn() {
        let mut kept = Kept::default();
        kept.set_budget(2 * (KEY_BYTES + nobody().memory()));
        let stamp = kept.show();
        let key = |name: &str| Key::Attribute(name.into());
        let ask = |kept: &mut Kept, name| match kept.find(&key(name), stamp, true) {
            Found::Nothing => {
                kept.keep(&key(name), stamp, &nobody());
                "made"
            }
            Found::Whole(_) => "known",
            Found::Never => "never",
            Found::Before(..) => "before",
        };
        for name in ["a", "b", "c"] {
            assert_eq!(ask(&mut kept, name), "made");
        }
        for _ in 0..3 {
            let asked = ["a", "b", "c"].map(|name| ask(&mut kept, name));
            assert_eq!(asked, ["known", "known", "never"]);
        }
        // Somebody else has asked for long: there is room again.
        (0..LAPSE).for_each(|_| assert_eq!(ask(&mut kept, "a"), "known"));
        assert_eq!((ask(&mut kept, "c"), ask(&mut kept, "c")), ("made", "known"));
        assert_eq!(ask(&mut kept, "b"), "made");
    }

    #[test]
    fn a_view_of_before_does_not_get_what_a_later_one_knows() {
        let mut kept = Kept::default();
        let first = kept.show();
        made(&mut kept, first);
        order(&mut kept, 7);
        let second = kept.show();
        kept.keep(&of_orders(), second, &nobody());
        assert!(matches!(kept.find(&of_orders(), first, true), Found::Never));
        kept.keep(&of_orders(), first, &nobody());
        assert!(matches!(kept.find(&of_orders(), second, true), Found::Whole(_)));
    }

    #[test]
    fn too_much_that_was_done_is_forgotten_and_attributes_stay() {
        let mut kept = Kept::default();
        let (first, country) = (kept.show(), Key::Attribute("country".into()));
        made(&mut kept, first);
        assert!(matches!(kept.find(&country, first, true), Found::Nothing));
        kept.keep(&country, first, &nobody());
        let all: Vec<Done> = (0..=DONE_MAX as u32).map(done).collect();
        kept.step(Seats::default(), all, kept.names());
        let second = kept.show();
        assert!(matches!(kept.find(&of_orders(), second, true), Found::Nothing));
        assert!(matches!(kept.find(&country, second, true), Found::Whole(_)));
    }
}
