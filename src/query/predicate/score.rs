//! Models: numbers computed of many values at once.

use super::{Expr, PersonLeaf};
use crate::model::{Real, Text, Zone};

/// A version of a model, to be asked of a person: what it comes to at the last
/// midnight, of the facts dated before it. Nothing of somebody without such a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The model's name.
    pub model: Text,
    /// Which version.
    pub version: u64,
    /// Whose midnights.
    pub zone: Zone,
    /// What it is computed of, in order.
    pub features: Vec<Feature>,
    /// How.
    pub form: Form,
    /// What is made of the number.
    pub link: Link,
}

/// A value that a model reads: a number, or of a bool 1 or 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// The value.
    pub value: Expr<PersonLeaf>,
    /// The number where it is missing, or of another kind.
    pub missing: Real,
}

/// How a model computes. Sums run in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// The intercept, plus each weight times its feature.
    Linear {
        /// What everybody has.
        intercept: Real,
        /// By feature.
        weights: Vec<Real>,
    },
    /// The sum of what each tree says, or their mean, plus the intercept.
    Trees {
        /// What everybody has.
        intercept: Real,
        /// Each from its first node on.
        trees: Vec<Vec<TreeNode>>,
        /// Whether the sum is divided by the number of trees.
        mean: bool,
        /// Whether a feature that equals the threshold goes left.
        or_equal: bool,
    },
}

/// A node of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeNode {
    /// The tree says this.
    Leaf(Real),
    /// Left if the feature is below the threshold. Both nodes stand behind this one.
    Split {
        /// The place of the feature.
        feature: usize,
        /// What it is compared with.
        threshold: Real,
        /// The place of the next node.
        left: usize,
        /// The same otherwise.
        right: usize,
    },
}

/// What is made of a model's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The number itself.
    Identity,
    /// `1 / (1 + e^-x)`.
    Logistic,
}
