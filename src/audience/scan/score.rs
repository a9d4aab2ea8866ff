//! Scores: the rows before the last midnight, and the model over what they say.

use super::super::eval::{Leaves, Over, Span, over, today};
use super::Scan;
use crate::model::{Real, Value, logistic, rounded};
use crate::query::predicate::{Feature, ModelForm as Form, ModelLink as Link, Score, TreeNode};

impl Scan<'_> {
    /// What a model says of the person; it says the same until the next midnight.
    pub(super) fn score(&self, score: &Score) -> Value {
        let day = today(&score.zone, self.at);
        let midnight = score.zone.start_of(day).millis();
        self.horizon().note_after(self.at, score.zone.start_of(day.plus_days(1)).millis());
        let n_before = self.rows.partition_point(|row| row.when.millis() < midnight);
        if n_before == 0 {
            return Value::Null;
        }
        let then = Scan::new(&self.rows[..n_before], self.user_id, self.parties, midnight);
        let features: Vec<f64> =
            score.features.iter().map(|feature| then.feature(feature)).collect();
        let raw = match &score.form {
            Form::Linear { intercept, weights } => {
                let mut total = intercept.get();
                weights.iter().zip(features).for_each(|(weight, x)| total += weight.get() * x);
                total
            }
            Form::Trees { intercept, trees, mean, or_equal } => {
                let mut total = 0.0;
                trees.iter().for_each(|tree| total += says(tree, &features, *or_equal));
                let n = if *mean { trees.len() } else { 1 };
                total / n as f64 + intercept.get()
            }
        };
        let found = match score.link {
            Link::Identity => rounded(raw),
            Link::Logistic => rounded(logistic(raw)),
        };
        found.map_or(Value::Null, Value::Number)
    }

    fn feature(&self, feature: &Feature) -> f64 {
        match over(&feature.value, self, Span::at(self.at)) {
            Over::Is(value) => match value.as_ref() {
                Value::Number(number) => Real::of(*number).get(),
                Value::Bool(holds) => {
                    if *holds {
                        1.0
                    } else {
                        0.0
                    }
                }
                _ => feature.missing.get(),
            },
            _ => feature.missing.get(),
        }
    }
}

/// What a tree says: nodes stand before those they lead to.
fn says(tree: &[TreeNode], features: &[f64], or_equal: bool) -> f64 {
    let mut next = 0;
    for (place, node) in tree.iter().enumerate() {
        if place != next {
            continue;
        }
        match node {
            TreeNode::Leaf(leaf) => return leaf.get(),
            TreeNode::Split { feature, threshold, left, right } => {
                let order = features[*feature].partial_cmp(&threshold.get());
                let is_less =
                    order.is_some_and(|order| order.is_lt() || (or_equal && order.is_eq()));
                next = if is_less { *left } else { *right };
            }
        }
    }
    0.0
}
