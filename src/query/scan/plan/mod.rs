//! A condition as slots per person, passes that fill them, and what is asked of them.

pub mod calendar;
mod choice;
mod days;
pub mod gather;
mod lower;
mod pass;
mod pattern;
mod since;
mod slots;
mod sole;
mod spans;
pub mod switch;
pub mod tree;
mod weighted;
mod wish;

pub use calendar::after;
pub use lower::top;
pub use slots::slots_of;
pub use sole::Verdicts;
pub use wish::{Events, Wish};

use crate::model::Timestamp;
use crate::query::predicate::{
    Aggregate, Audience, Condition, Expr, Occurrence, PersonLeaf, Predicate, Score, Tree,
};
use crate::query::scan::pattern::Sought;
use crate::query::scan::rank::Ranks;
use crate::query::scan::slot::{Fold, Held, Slots};
use crate::query::scan::source::Columns;
use days::Days;
use gather::Pass;
use std::sync::Arc;
use tree::{Decided, Leaf};

/// What has to be known of each person, level by level: what is gathered in one
/// level may name slots of the levels before.
pub struct Plan<'c> {
    pub now: Timestamp,
    /// Rows from here on are not seen.
    end: i64,
    /// The scores that are asked for.
    pub scores: Vec<&'c Score>,
    /// Who is in which rank.
    ranks: &'c Ranks<'c>,
    /// What is known already.
    columns: Option<&'c dyn Columns>,
    /// The slots that are filled by it.
    pub known: Vec<(usize, Held)>,
    /// What is wished for, and how many levels must be done before it is there.
    wishes: Vec<(Wish<'c>, usize)>,
    /// How each slot is folded.
    pub folds: Vec<Fold>,
    pub passes: Vec<Pass>,
    /// The slots of patterns, what is looked for, and where days begin for it.
    patterns: Vec<(usize, Sought<'c>, Days)>,
    audiences: Vec<(&'c Arc<Audience>, usize)>,
    /// Conditions of audiences, each once.
    pub conditions: Vec<Tree<Decided>>,
    /// How many levels must be done before what is being lowered can be read.
    reach: usize,
}

impl<'c> Plan<'c> {
    pub fn new(now: Timestamp, ranks: &'c Ranks<'c>) -> Plan<'c> {
        Plan {
            now,
            end: now.millis() + 1,
            scores: Vec::new(),
            ranks,
            columns: None,
            known: Vec::new(),
            wishes: Vec::new(),
            folds: Vec::new(),
            passes: Vec::new(),
            patterns: Vec::new(),
            audiences: Vec::new(),
            conditions: Vec::new(),
            reach: 0,
        }
    }

    /// The same, of rows before the instant only.
    pub fn before(now: Timestamp, ranks: &'c Ranks<'c>) -> Plan<'c> {
        Plan { end: now.millis(), ..Plan::new(now, ranks) }
    }

    /// The same with what is known at its instant.
    pub fn knowing(self, columns: Option<&'c dyn Columns>) -> Plan<'c> {
        Plan { columns, ..self }
    }

    /// A plan of the same instant, in which nothing is asked for yet.
    pub fn anew(&self) -> Plan<'c> {
        let plan = Plan::new(self.now, self.ranks).knowing(self.columns);
        Plan { end: self.end, ..plan }
    }

    /// The place of a score.
    pub fn score(&mut self, score: &'c Score) -> usize {
        let known = self.scores.iter().position(|other| *other == score);
        known.unwrap_or_else(|| {
            self.scores.push(score);
            self.scores.len() - 1
        })
    }

    /// Whether a slot keeps events that others are told apart from by id.
    pub fn is_named(&self, slot: usize) -> bool {
        matches!(self.wishes[slot].0, Wish::Anchor { named: true, .. })
    }

    /// Whether a slot is one of each group and not of each person.
    pub fn is_total(&self, slot: usize) -> bool {
        matches!(self.wishes[slot].0, Wish::Total(_))
    }

    /// What is looked for in a slot, and where days begin for it.
    pub fn pattern(&self, slot: usize) -> Option<(Sought<'c>, &Days)> {
        let (_, sought, days) = self.patterns.iter().find(|(of, ..)| *of == slot)?;
        Some((*sought, days))
    }

    /// How many levels there are.
    pub fn n_levels(&self) -> usize {
        self.passes.iter().map(|pass| pass.level + 1).max().unwrap_or(0)
    }

    /// The slot of what is to be known; a new one if nothing equal has been wished for.
    pub fn slot(&mut self, wish: Wish<'c>) -> usize {
        let known = self.wishes.iter().position(|(other, _)| *other == wish);
        let slot = known.unwrap_or_else(|| self.add(wish));
        self.reach = self.reach.max(self.wishes[slot].1);
        slot
    }

    fn add(&mut self, wish: Wish<'c>) -> usize {
        let slot = self.wishes.len();
        if let Some(known) = self.known_of(wish) {
            self.wishes.push((wish, 0));
            self.folds.push(Fold::of(wish, self.now));
            self.known.push((slot, known));
            return slot;
        }
        let outer = std::mem::take(&mut self.reach);
        // What is gathered decides the level, and that the pass whose columns
        // are read: so it is lowered once to learn the level.
        self.rehearse(wish);
        let level = std::mem::replace(&mut self.reach, outer);
        let slot = self.wishes.len();
        self.wishes.push((wish, level + 1));
        self.folds.push(Fold::of(wish, self.now));
        self.gather(slot, wish, level);
        if let Wish::Pattern(sought) = wish {
            let days = self.days_of(sought.whole);
            self.patterns.push((slot, sought, days));
        }
        self.reach = outer;
        slot
    }

    fn known_of(&self, wish: Wish<'_>) -> Option<Held> {
        let columns = self.columns?;
        if let Wish::Attribute(key) = wish {
            return Some(Held::Own(Slots::Known(columns.attribute(key)?)));
        }
        let (name, ever) = wish.ever()?;
        columns.tally(name, &ever, true).map(Held::Known)
    }

    /// The slot of an aggregate over all people of a group together.
    pub fn total(&mut self, aggregate: &'c Aggregate) -> usize {
        self.slot(Wish::Total(aggregate.into()))
    }

    /// A value of a person, to be read once all levels are done.
    pub fn value(&mut self, expr: &'c Expr<PersonLeaf>) -> tree::Expr {
        self.expr(expr, &mut Vec::new())
    }

    pub fn condition(&mut self, condition: &'c Condition) -> Tree<Decided> {
        let mut each =
            |parts: &'c [Condition]| parts.iter().map(|part| self.condition(part)).collect();
        match condition {
            Tree::All(parts) => Tree::All(each(parts)),
            Tree::Any(parts) => Tree::Any(each(parts)),
            Tree::Not(inner) => Tree::Not(Box::new(self.condition(inner))),
            Tree::Leaf(predicate) => {
                self.reach = 0;
                let leaf = self.predicate(predicate);
                Tree::Leaf(Decided { leaf, reach: self.reach })
            }
        }
    }

    fn predicate(&mut self, predicate: &'c Predicate) -> Leaf {
        match predicate {
            Predicate::Did(of) => self.did(of),
            Predicate::Pattern(of) => {
                let slot = self.slot(Wish::Pattern(Sought::pattern(of)));
                Leaf::Did { slot, count: of.count }
            }
            Predicate::Is(test) => Leaf::Is(Box::new(self.test(test, &mut Vec::new()))),
            Predicate::Ranked(rank) => {
                Leaf::Members(self.ranks.members(rank).cloned().unwrap_or_default())
            }
            Predicate::Consent { purpose } => {
                Leaf::Consent { slot: self.slot(Wish::Consent(purpose)) }
            }
            Predicate::Drawn(draw) => Leaf::Drawn(draw.clone()),
            Predicate::Listed(list) => Leaf::Listed(list.clone()),
            Predicate::InAudience(audience) => {
                let place = self.audience(audience);
                self.reach = 0;
                Leaf::Audience(place)
            }
        }
    }

    /// Whether there is one is less to gather than how many; where both are asked of the
    /// same events and this is asked first, they are gathered apart.
    fn did(&mut self, of: &'c Occurrence) -> Leaf {
        if let Some(since) = self.since(of) {
            return since;
        }
        let is_counted = |(wish, _): &(Wish<'_>, usize)| *wish == Wish::Events(of.into());
        match of.count.asks_if_any() {
            Some(wanted) if !self.wishes.iter().any(is_counted) => {
                Leaf::Any { slot: self.slot(Wish::Any(of.into())), wanted }
            }
            _ => Leaf::Did { slot: self.slot(Wish::Events(of.into())), count: of.count },
        }
    }

    /// Audiences name each other; each is lowered once, however often it is named.
    fn audience(&mut self, audience: &'c Arc<Audience>) -> usize {
        let known = self.audiences.iter().find(|(other, _)| Arc::ptr_eq(other, audience));
        if let Some((_, place)) = known {
            return *place;
        }
        let condition = self.condition(&audience.condition);
        self.conditions.push(condition);
        self.audiences.push((audience, self.conditions.len() - 1));
        self.conditions.len() - 1
    }
}
