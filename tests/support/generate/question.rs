//! Reports over many people.

use super::*;
use std::sync::Arc;
use throng::model::{Period, Text};
use throng::query::predicate::*;
use throng::query::{Column, Per, Question, Sort};

/// A report about many people, of every kind.
pub fn question(random: &mut Random) -> Question {
    let people = match random.below(8) {
        0 => condition(random, 1),
        1 => asked_among_others(random, 1),
        _ => Condition::always(),
    };
    let (by, top) = (by(random), random.chance(3).then(|| random.below(4)));
    match random.below(11) {
        0 => Question::CountPeople { people, by, top },
        1 => {
            let (matcher, windows) = (occurrence_matcher(random), windows(random));
            Question::CountEvents { matcher, windows, people, by, top }
        }
        2 => Question::Total { aggregates: aggregates(random), people, by, top },
        3 => {
            let columns = random.several(1, 2, column);
            let sort = random
                .chance(2)
                .then(|| Sort { value: column(random).value, descending: random.chance(2) });
            Question::List { columns, people, sort, limit: top }
        }
        4 | 5 => {
            let (per, windows) = (per(random), windows(random));
            Question::Trend { aggregates: aggregates(random), per, windows, people, by, top }
        }
        6 | 7 => Question::Funnel { steps: steps(random), people, by, top },
        8 | 9 => {
            let [of, returning] = [(); 2].map(|()| often(random));
            let (per, n_periods, windows) = (per(random), random.below(5), windows(random));
            Question::Retention { of, returning, per, n_periods, windows, people, by, top }
        }
        _ => Question::Overlap {
            audiences: (0..random.between(2, 3)).map(|n| audience(random, n)).collect(),
        },
    }
}

fn by(random: &mut Random) -> Vec<Column> {
    if random.chance(2) { Vec::new() } else { random.several(1, 2, column) }
}

fn column(random: &mut Random) -> Column {
    let value = if random.chance(4) { value_among_others(random, 1) } else { value(random, 1) };
    Column { name: "x".to_owned(), value }
}

/// Many events, so that people come back.
fn often(random: &mut Random) -> Matcher {
    if random.chance(3) {
        return occurrence_matcher(random);
    }
    Matcher(vec![EventFilter { name: None, filter: None }])
}

fn windows(random: &mut Random) -> Vec<Window<PersonLeaf>> {
    if random.chance(3) { vec![event_window(random, 1)] } else { Vec::new() }
}

fn aggregates(random: &mut Random) -> Vec<(String, Aggregate)> {
    let of = |random: &mut Random| loop {
        let leaf = match random.below(6) {
            0 | 1 => person_leaf(random, 2),
            2 => aggregate_among_others(random),
            _ => plain_aggregate(random),
        };
        if let PersonLeaf::Aggregate(of) = leaf {
            return ("x".to_owned(), *of);
        }
    };
    random.several(1, 2, of)
}

/// Days are rare: of years of history they would be too many.
fn per(random: &mut Random) -> Per {
    match random.below(12) {
        0 => Per::Hour,
        1 | 2 => Per::Period(Period::Day),
        3..=5 => Per::Period(Period::Week),
        _ => Per::Period(random.one_of(&[Period::Month, Period::Quarter, Period::Year])),
    }
}

fn audience(random: &mut Random, n: i64) -> Arc<Audience> {
    let (name, condition) = (Text::from(format!("a{n}").as_str()), condition(random, 1));
    Arc::new(Audience { name, version: 1, condition, zone: local(random) })
}

/// The beginnings of a sequence of frequent events.
fn steps(random: &mut Random) -> Vec<(String, Pattern)> {
    let (mut whole, mut all) = loop {
        let pattern = pattern::pattern(random);
        if let Form::Sequence(all) = pattern.form.clone() {
            break (Pattern { count: CountRange::SOME, ..pattern }, all);
        }
    };
    whole.windows.iter_mut().for_each(|placing| placing.binds = Binds::Each);
    if random.chance(2) {
        whole.windows.clear();
    }
    all.steps.iter_mut().for_each(|step| step.matcher = often(random));
    let beginning = |n: usize| {
        let n_tails = n.saturating_sub(all.steps.len());
        let (steps, tails) = (all.steps.iter().take(n), all.tails.iter().take(n_tails));
        let (steps, tails) = (steps.cloned().collect(), tails.cloned().collect());
        let form = Form::Sequence(Sequence { steps, tails, same: all.same.clone() });
        ("x".to_owned(), Pattern { form, ..whole.clone() })
    };
    (1..=all.steps.len() + all.tails.len()).map(beginning).collect()
}
