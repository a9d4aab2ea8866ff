//! People with the same values together: small numbers first, values for each group.

use super::answer::{Told, by_chunk};
use super::choose::Choice;
use super::plan::Plan;
use super::plan::tree::{Asked, Expr};
use super::rank::{Everyone, Ranks};
use super::source::{ScanError, Source};
use super::value::{Here, value};
use crate::index::Seats;
use crate::model::{Ordinal, Timestamp, Value};
use crate::query::Grouped;
use crate::query::predicate::{self, Condition, PersonLeaf, Rank, Tree};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// So many pairs of numbers have a place each.
const PAIRS: usize = 1 << 16;

/// Who fulfils a condition, and who of them have the same values.
pub fn grouped(
    condition: &Condition,
    exprs: &[&predicate::Expr<PersonLeaf>],
    everyone: Everyone<'_>,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Grouped, ScanError> {
    let mut named: Vec<&Rank> = condition.ranks();
    named.extend(exprs.iter().flat_map(|expr| expr.ranks()));
    let ranks = Ranks::of(&named, everyone, source, now)?;
    let plan = Plan::new(now, &ranks).knowing(source.columns);
    let told = match ranks.asked(condition) {
        Some(people) => Told::by(plan, people, exprs, source)?,
        None => Told::of(plan, condition, exprs, &everyone()?, source)?,
    };
    let parts = by_chunk(source, &told.people, |people| of_chunk(&told, people, source))?;
    Ok(joined(told.people, parts))
}

/// The number of each person's group, and the values of each group.
struct Part {
    groups: Vec<u32>,
    keys: Vec<Vec<Value>>,
}

/// The people of one chunk.
fn of_chunk(told: &Told<'_>, people: &Seats, source: &Source<'_>) -> Part {
    let chunk = people.chunks().next().unwrap_or_default();
    let seats = people.listed(chunk);
    let chosen = Chosen { told, chunk, source };
    let mut part = Part { groups: vec![0; seats.len()], keys: vec![Vec::new()] };
    let mut by_seat = vec![0; Ordinal::PER_CHUNK as usize];
    for expr in &told.exprs {
        let mut coded = Coded::default();
        coded.choose(expr, chosen, people, &mut by_seat);
        for seat in &seats {
            coded.codes.push(by_seat[at(*seat)]);
        }
        part.split(&coded);
    }
    part
}

/// The place of a seat in its chunk.
fn at(seat: u32) -> usize {
    (seat % Ordinal::PER_CHUNK) as usize
}

/// A chunk, and what is read of its people.
#[derive(Clone, Copy)]
struct Chosen<'a, 'c> {
    told: &'a Told<'c>,
    chunk: u32,
    source: &'a Source<'a>,
}

fn joined(people: Seats, parts: Vec<Part>) -> Grouped {
    let mut numbers: HashMap<Vec<Value>, u32, FixedState> = HashMap::default();
    let (mut groups, mut keys) = (Vec::with_capacity(people.len() as usize), Vec::new());
    for part in parts {
        let of_part = part.keys.into_iter().map(|key| {
            *numbers.entry(key).or_insert_with_key(|key| {
                keys.push(key.clone());
                keys.len() as u32 - 1
            })
        });
        let of_part: Vec<u32> = of_part.collect();
        groups.extend(part.groups.into_iter().map(|group| of_part[group as usize]));
    }
    Grouped { people, groups, keys }
}

impl Part {
    /// Splits each group by one more value.
    fn split(&mut self, by: &Coded) {
        let n_words = by.words.len();
        let mut keys: Vec<Vec<Value>> = Vec::new();
        let mut add = |group: u32, code: u32| {
            let before = self.keys[group as usize].iter().cloned();
            keys.push(before.chain([by.words[code as usize].clone()]).collect());
            keys.len() as u32 - 1
        };
        let pairs = self.groups.iter_mut().zip(&by.codes);
        if self.keys.len() * n_words <= PAIRS {
            let mut places = vec![u32::MAX; self.keys.len() * n_words];
            for (group, code) in pairs {
                let place = &mut places[*group as usize * n_words + *code as usize];
                if *place == u32::MAX {
                    *place = add(*group, *code);
                }
                *group = *place;
            }
        } else {
            let mut places: HashMap<(u32, u32), u32, FixedState> = HashMap::default();
            for (group, code) in pairs {
                *group = *places.entry((*group, *code)).or_insert_with(|| add(*group, *code));
            }
        }
        self.keys = keys;
    }
}

/// Whether a value is a literal, or one that is chosen by who is in sets that are known.
fn is_quick(expr: &Expr) -> bool {
    let is_set = |asked: &Asked| matches!(asked, Asked::Person(leaf) if leaf.is_set());
    match expr {
        Expr::Literal(_) => true,
        Expr::Choice(choice) => {
            choice.condition.leaves().into_iter().all(is_set)
                && is_quick(&choice.then)
                && is_quick(&choice.otherwise)
        }
        _ => false,
    }
}

/// A value of each person, as the number of a word.
#[derive(Default)]
struct Coded {
    codes: Vec<u32>,
    words: Vec<Value>,
    numbers: HashMap<Value, u32, FixedState>,
}

impl Coded {
    /// Those who fulfil the condition of a choice have one value, the others another; by
    /// the place of their seat in the chunk.
    fn choose(&mut self, expr: &Expr, chosen: Chosen<'_, '_>, people: &Seats, by_seat: &mut [u32]) {
        if people.is_empty() {
            return;
        }
        let Chosen { told, chunk, source } = chosen;
        if let Expr::Choice(choice) = expr {
            let then = told.choice(source).inside(&choice.condition, people);
            // What costs nobody a look is said of everybody, and of some anew.
            let others = if is_quick(&choice.otherwise) { people } else { &(people - &then) };
            self.choose(&choice.otherwise, chosen, others, by_seat);
            return self.choose(&choice.then, chosen, &then, by_seat);
        }
        let seats = people.listed(chunk);
        if let Expr::Literal(value) = expr {
            let code = self.word(value.clone());
            seats.iter().for_each(|seat| by_seat[at(*seat)] = code);
            return;
        }
        for seat in seats {
            let here = Here::of(seat, &told.table, source.identity, told.plan.now);
            by_seat[at(seat)] = self.word(value(expr, &here));
        }
    }

    fn word(&mut self, value: Value) -> u32 {
        *self.numbers.entry(value).or_insert_with_key(|value| {
            self.words.push(value.clone());
            self.words.len() as u32 - 1
        })
    }
}

impl Told<'_> {
    /// Conditions inside values, asked of everybody whom values were read of.
    fn choice<'a>(&'a self, source: &'a Source<'_>) -> Choice<'a> {
        Choice {
            tree: &NOTHING,
            audiences: &[],
            table: &self.table,
            identity: source.identity,
            now: self.plan.now,
            n_levels: usize::MAX,
        }
    }
}

static NOTHING: Tree<super::plan::tree::Decided> = Tree::All(Vec::new());
