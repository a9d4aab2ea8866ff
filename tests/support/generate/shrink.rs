//! Takes away from a failing case what its failure does not need.

use throng::model::Event;
use throng::query::predicate::{Condition, Predicate, Tree};

/// A history and a condition asked of it.
#[derive(Clone, Debug)]
pub struct Case {
    pub events: Vec<Event>,
    pub condition: Condition,
}

/// A case that still fails and of which nothing more can be dropped: no event,
/// no part of the condition.
pub fn shrink(mut case: Case, fails: &dyn Fn(&Case) -> bool) -> Case {
    while let Some(smaller) = smaller(&case).into_iter().find(|smaller| fails(smaller)) {
        case = smaller;
    }
    case
}

/// Every case that is one step smaller.
fn smaller(case: &Case) -> Vec<Case> {
    let without_event = (0..case.events.len()).map(|place| {
        let mut events = case.events.clone();
        events.remove(place);
        Case { events, condition: case.condition.clone() }
    });
    let simpler = parts(&case.condition)
        .into_iter()
        .map(|condition| Case { events: case.events.clone(), condition });
    without_event.chain(simpler).collect()
}

/// Every condition that is one step simpler.
fn parts(condition: &Condition) -> Vec<Condition> {
    match condition {
        Tree::All(of) => fewer(of, Tree::All),
        Tree::Any(of) => fewer(of, Tree::Any),
        Tree::Not(inner) => {
            let inside = parts(inner).into_iter().map(|part| Tree::Not(Box::new(part)));
            [(**inner).clone()].into_iter().chain(inside).collect()
        }
        Tree::Leaf(Predicate::InAudience(audience)) => vec![audience.condition.clone()],
        Tree::Leaf(Predicate::Did(occurrence)) => {
            let without_window = (0..occurrence.windows.len()).map(|place| {
                let mut occurrence = occurrence.clone();
                occurrence.windows.remove(place);
                Tree::Leaf(Predicate::Did(occurrence))
            });
            without_window.collect()
        }
        Tree::Leaf(_) => Vec::new(),
    }
}

/// One of the parts alone, all but one, or one of them simpler.
fn fewer(of: &[Condition], join: fn(Vec<Condition>) -> Condition) -> Vec<Condition> {
    let mut simpler = of.to_vec();
    for place in 0..of.len() {
        let mut others = of.to_vec();
        let taken = others.remove(place);
        simpler.push(join(others));
        simpler.extend(parts(&taken).into_iter().map(|part| {
            let mut all = of.to_vec();
            all[place] = part;
            join(all)
        }));
    }
    simpler
}
