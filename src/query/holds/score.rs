//! Scores: a model asked of a person as of the last midnight.

use super::super::Person;
use super::super::predicate::{Feature, ModelForm as Form, ModelLink as Link, Score, TreeNode};
use super::calendar::day_of;
use super::expression::value;
use super::place::Seen;
use crate::model::{Real, Value, logistic, rounded};

/// What a model says of a person.
pub(super) fn score(score: &Score, seen: Seen<'_>) -> Value {
    let midnight = score.zone.start_of(day_of(&score.zone, seen.now));
    let n_before = seen.person.events.iter().take_while(|call| call.when < midnight).count();
    if n_before == 0 {
        return Value::Null;
    }
    let person = Person { events: &seen.person.events[..n_before], ..seen.person };
    let then = Seen { person, now: midnight };
    let features: Vec<f64> = score.features.iter().map(|feature| read(feature, then)).collect();
    let number = computed(&score.form, &features);
    let number = match score.link {
        Link::Identity => number,
        Link::Logistic => logistic(number),
    };
    rounded(number).into()
}

fn read(feature: &Feature, then: Seen<'_>) -> f64 {
    match value(&feature.value, &then) {
        Value::Number(number) => Real::of(number).get(),
        Value::Bool(true) => 1.0,
        Value::Bool(false) => 0.0,
        _ => feature.missing.get(),
    }
}

fn computed(form: &Form, features: &[f64]) -> f64 {
    match form {
        Form::Linear { intercept, weights } => {
            let mut sum = intercept.get();
            for (weight, feature) in weights.iter().zip(features) {
                sum += weight.get() * feature;
            }
            sum
        }
        Form::Trees { intercept, trees, mean, or_equal } => {
            let mut sum = 0.0;
            for tree in trees {
                sum += leaf(tree, 0, features, *or_equal);
            }
            if *mean {
                sum /= trees.len() as f64;
            }
            sum + intercept.get()
        }
    }
}

fn leaf(tree: &[TreeNode], place: usize, features: &[f64], or_equal: bool) -> f64 {
    match &tree[place] {
        TreeNode::Leaf(leaf) => leaf.get(),
        TreeNode::Split { feature, threshold, left, right } => {
            let (own, threshold) = (features[*feature], threshold.get());
            let goes_left = own < threshold || (or_equal && own == threshold);
            leaf(tree, if goes_left { *left } else { *right }, features, or_equal)
        }
    }
}
