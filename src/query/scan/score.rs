//! Scores of everybody: the features as columns, then the model, row by row.

use super::answer::values_before;
use super::slot::PerSeat;
use super::source::{ScanError, Source};
use crate::index::Seats;
use crate::model::{Decimal, Real, Timestamp, Value, Zone, logistic, rounded};
use crate::query::predicate::{
    Expr, ModelForm as Form, ModelLink as Link, PersonLeaf, Score, TreeNode,
};

/// What a model says of these people, by seat.
pub fn scores(
    score: &Score,
    people: &Seats,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<PerSeat<Option<Decimal>>, ScanError> {
    let midnight = midnight(&score.zone, now);
    let first = Expr::Leaf(PersonLeaf::FirstSeen);
    let mut exprs = vec![&first];
    exprs.extend(score.features.iter().map(|feature| &feature.value));
    let mut found = PerSeat::default();
    for (seat, row) in people.iter().zip(values_before(&exprs, people, source, midnight)?) {
        // Whoever has no fact before the midnight has no score.
        if row.first().is_some_and(|first| !first.is_null()) {
            *found.at(seat.0) = of_row(score, &row[1..]);
        }
    }
    Ok(found)
}

/// The start of the day that has begun last.
fn midnight(zone: &Zone, now: Timestamp) -> Timestamp {
    let shown = zone.local_day(now);
    let next = zone.start_of(shown.plus_days(1));
    if shown.plus_days(1) > shown && next <= now { next } else { zone.start_of(shown) }
}

fn of_row(score: &Score, row: &[Value]) -> Option<Decimal> {
    let missing = score.features.iter().map(|feature| feature.missing);
    let features: Vec<f64> = row
        .iter()
        .zip(missing)
        .map(|(value, missing)| match value {
            Value::Number(number) => Real::of(*number).get(),
            Value::Bool(bool) => f64::from(u8::from(*bool)),
            _ => missing.get(),
        })
        .collect();
    let plain = match &score.form {
        Form::Linear { intercept, weights } => {
            let products = weights.iter().zip(&features).map(|(weight, x)| weight.get() * x);
            products.fold(intercept.get(), |sum, product| sum + product)
        }
        Form::Trees { intercept, trees, mean, or_equal } => {
            let leaves = trees.iter().map(|tree| walk(tree, &features, *or_equal));
            let sum = leaves.fold(0.0, |sum, leaf| sum + leaf);
            let n_trees = if *mean { trees.len() as f64 } else { 1.0 };
            sum / n_trees + intercept.get()
        }
    };
    rounded(if score.link == Link::Logistic { logistic(plain) } else { plain })
}

fn walk(tree: &[TreeNode], features: &[f64], or_equal: bool) -> f64 {
    let mut place = 0;
    loop {
        match tree[place] {
            TreeNode::Leaf(leaf) => return leaf.get(),
            TreeNode::Split { feature, threshold, left, right } => {
                let x = features[feature];
                let is_left = if or_equal { x <= threshold.get() } else { x < threshold.get() };
                place = if is_left { left } else { right };
            }
        }
    }
}
