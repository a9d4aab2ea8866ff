//! Scores: a model asked as of the last midnight, of the facts dated before it.
//!
//! A lake holds attributes and consents twice: as they are, and as they were then.

use super::cell::Cell;
use super::refused::{Made, Refused};
use super::sql::{Scope, Sql};
use crate::model::{Kind, Real};
use crate::query::predicate::{Feature, ModelForm, ModelLink, Score, TreeNode};

impl Sql {
    /// What a model says of the person of a row.
    pub(super) fn score(&mut self, score: &Score, scope: &mut Scope) -> Made<Cell> {
        if self.past {
            return Err(Refused::new("a score of a score"));
        }
        let midnight = score.zone.start_of(self.today(&score.zone));
        let now = std::mem::replace(&mut self.now, midnight);
        self.past = true;
        let features = self.features(score);
        (self.now, self.past) = (now, false);
        let table = self.table("feature", features?);
        let number = computed(&score.form);
        let number = match score.link {
            ModelLink::Identity => number,
            ModelLink::Logistic => format!("1.0 / (1.0 + exp(-({number})))"),
        };
        let rounded = self.dialect.or_null(&self.dialect.as_decimal("round(d, 9)"));
        let text = format!(
            "SELECT profile_id, {rounded} AS v FROM (SELECT profile_id, {number} AS d FROM {table})"
        );
        let table = self.table("score", text);
        Ok(Cell::number(scope.of_person(&table, "v")))
    }

    /// The table of the features of everybody who had a fact before.
    fn features(&mut self, score: &Score) -> Made<String> {
        let mut scope = Scope::people(self);
        let mut columns = vec![scope.person()];
        for (place, feature) in score.features.iter().enumerate() {
            columns.push(format!("{} AS f{place}", self.feature(feature, &mut scope)?));
        }
        Ok(self.select(&scope, &columns.join(", "), &[], ""))
    }

    fn feature(&mut self, feature: &Feature, scope: &mut Scope) -> Made<String> {
        let cell = self.value(&feature.value, scope)?;
        let number = format!("CAST({} AS DOUBLE)", self.read(&cell, Kind::Number));
        let bool = format!("CASE WHEN {} THEN 1.0 ELSE 0.0 END", self.read(&cell, Kind::Bool));
        let missing = real(feature.missing);
        Ok(match cell.kind() {
            Some(Kind::Number) => format!("COALESCE({number}, {missing})"),
            Some(Kind::Bool) => {
                format!("CASE WHEN {} THEN {bool} ELSE {missing} END", self.known(&cell))
            }
            Some(_) => missing,
            None => format!(
                "CASE WHEN {} IS NOT NULL THEN {bool} ELSE COALESCE({number}, {missing}) END",
                self.read(&cell, Kind::Bool)
            ),
        })
    }
}

/// Sums run in the order of the file.
fn computed(form: &ModelForm) -> String {
    match form {
        ModelForm::Linear { intercept, weights } => {
            let terms = weights.iter().enumerate();
            terms.fold(real(*intercept), |sum, (place, weight)| {
                format!("({sum} + {} * f{place})", real(*weight))
            })
        }
        ModelForm::Trees { intercept, trees, mean, or_equal } => {
            let sum = trees.iter().fold("CAST(0 AS DOUBLE)".to_owned(), |sum, tree| {
                format!("({sum} + {})", leaf(tree, 0, *or_equal))
            });
            let sum = if *mean { format!("({sum} / {}.0)", trees.len()) } else { sum };
            format!("({sum} + {})", real(*intercept))
        }
    }
}

fn leaf(tree: &[TreeNode], place: usize, or_equal: bool) -> String {
    match &tree[place] {
        TreeNode::Leaf(number) => real(*number),
        TreeNode::Split { feature, threshold, left, right } => format!(
            "CASE WHEN f{feature} {} {} THEN {} ELSE {} END",
            if or_equal { "<=" } else { "<" },
            real(*threshold),
            leaf(tree, *left, or_equal),
            leaf(tree, *right, or_equal)
        ),
    }
}

fn real(number: Real) -> String {
    format!("CAST('{:?}' AS DOUBLE)", number.get())
}
