//! A model as its file says it.

use crate::model::Real;
use crate::query::predicate::{ModelForm as Form, ModelLink as Link, TreeNode};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Features that a model may have.
const FEATURES_MAX: usize = 1_000;

/// What a file says, with its features as texts of the language.
#[derive(Debug)]
pub(in crate::query) struct ModelFile {
    /// Text and number where it is missing, in order.
    pub(in crate::query) features: Vec<(String, Real)>,
    pub(in crate::query) form: Form,
    pub(in crate::query) link: Link,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape<'a> {
    kind: Kind,
    features: Vec<FeatureShape<'a>>,
    #[serde(borrow)]
    intercept: Option<&'a RawValue>,
    #[serde(borrow)]
    weights: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    trees: Option<Vec<Vec<NodeShape<'a>>>>,
    combine: Option<Combine>,
    splits: Option<Splits>,
    link: Option<LinkShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureShape<'a> {
    value: String,
    #[serde(borrow)]
    missing: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeShape<'a> {
    #[serde(borrow)]
    leaf: Option<&'a RawValue>,
    feature: Option<usize>,
    #[serde(borrow)]
    threshold: Option<&'a RawValue>,
    left: Option<usize>,
    right: Option<usize>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Linear,
    Trees,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Combine {
    Sum,
    Mean,
}

#[derive(Deserialize, PartialEq)]
enum Splits {
    #[serde(rename = "<")]
    Below,
    #[serde(rename = "<=")]
    AtMost,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum LinkShape {
    Identity,
    Logistic,
}

impl ModelFile {
    /// Reads a file; an error says what is wrong and where.
    pub(in crate::query) fn read(text: &str) -> Result<ModelFile, String> {
        let shape: Shape<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if shape.features.len() > FEATURES_MAX {
            let given = shape.features.len();
            return Err(format!(
                "a model has at most {FEATURES_MAX} features, this one has {given}"
            ));
        }
        let mut features = Vec::new();
        for (place, feature) in shape.features.iter().enumerate() {
            let missing = optional(feature.missing, || format!("`missing` of feature {place}"))?;
            features.push((feature.value.clone(), missing));
        }
        let link = match shape.link {
            Some(LinkShape::Logistic) => Link::Logistic,
            Some(LinkShape::Identity) | None => Link::Identity,
        };
        let form = match shape.kind {
            Kind::Linear => linear(&shape, features.len())?,
            Kind::Trees => trees(&shape, features.len())?,
        };
        Ok(ModelFile { features, form, link })
    }
}

fn linear(shape: &Shape<'_>, n_features: usize) -> Result<Form, String> {
    if shape.trees.is_some() || shape.combine.is_some() || shape.splits.is_some() {
        return Err("a linear model has `weights`, and no trees".to_owned());
    }
    let given = shape.weights.as_deref().unwrap_or_default();
    if given.len() != n_features {
        let n = given.len();
        return Err(format!("there are {n_features} features and {n} weights"));
    }
    let numbered = given.iter().enumerate();
    let weights = numbered.map(|(place, raw)| number(raw, || format!("weight {place}")));
    let intercept = optional(shape.intercept, || "`intercept`".to_owned())?;
    Ok(Form::Linear { intercept, weights: weights.collect::<Result<_, _>>()? })
}

fn trees(shape: &Shape<'_>, n_features: usize) -> Result<Form, String> {
    if shape.weights.is_some() {
        return Err("a model of trees has no `weights`".to_owned());
    }
    let given = shape.trees.as_deref().unwrap_or_default();
    if given.is_empty() {
        return Err("a model of trees has at least one tree".to_owned());
    }
    let numbered = given.iter().enumerate();
    let trees = numbered.map(|(number, nodes)| tree(number, nodes, n_features));
    Ok(Form::Trees {
        intercept: optional(shape.intercept, || "`intercept`".to_owned())?,
        trees: trees.collect::<Result<_, _>>()?,
        mean: shape.combine == Some(Combine::Mean),
        or_equal: shape.splits == Some(Splits::AtMost),
    })
}

fn tree(tree: usize, nodes: &[NodeShape<'_>], n_features: usize) -> Result<Vec<TreeNode>, String> {
    if nodes.is_empty() {
        return Err(format!("tree {tree} has no node"));
    }
    let numbered = nodes.iter().enumerate();
    numbered.map(|(place, node)| of_node(node, (tree, place), nodes.len(), n_features)).collect()
}

fn of_node(
    node: &NodeShape<'_>,
    (tree, place): (usize, usize),
    n_nodes: usize,
    n_features: usize,
) -> Result<TreeNode, String> {
    let where_ = || format!("tree {tree}, node {place}");
    match (node.leaf, node.feature, node.threshold, node.left, node.right) {
        (Some(leaf), None, None, None, None) => Ok(TreeNode::Leaf(number(leaf, where_)?)),
        (None, Some(feature), Some(threshold), Some(left), Some(right)) => {
            if feature >= n_features {
                return Err(format!("{}: there is no feature {feature}", where_()));
            }
            if [left, right].iter().any(|next| *next <= place || *next >= n_nodes) {
                return Err(format!("{}: what it leads to must stand behind it", where_()));
            }
            let threshold = number(threshold, where_)?;
            Ok(TreeNode::Split { feature, threshold, left, right })
        }
        _ => Err(format!(
            "{}: a node has `leaf`, or `feature`, `threshold`, `left` and `right`",
            where_()
        )),
    }
}

fn optional(raw: Option<&RawValue>, what: impl Fn() -> String) -> Result<Real, String> {
    raw.map_or(Ok(Real::ZERO), |raw| number(raw, what))
}

/// A number with the digits of the file, read to the nearest.
fn number(raw: &RawValue, what: impl Fn() -> String) -> Result<Real, String> {
    let text = raw.get().trim();
    text.parse().map_err(|_| format!("{}: `{text}` is no number", what()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_its_place() {
        let features = r#""features": [{"value": "count(order)"}]"#;
        let cases = [
            ("{", "EOF while parsing"),
            (r#"{"kind": "forest", "features": []}"#, "unknown variant `forest`"),
            (&format!(r#"{{"kind": "linear", {features}}}"#), "1 features and 0 weights"),
            (&format!(r#"{{"kind": "linear", {features}, "weights": ["x"]}}"#), "weight 0"),
            (&format!(r#"{{"kind": "linear", {features}, "weight": []}}"#), "unknown field"),
            (&format!(r#"{{"kind": "trees", {features}}}"#), "at least one tree"),
            (
                &format!(
                    r#"{{"kind": "trees", {features}, "trees": [[{{"feature": 1, "threshold": 0, "left": 1, "right": 1}}]]}}"#
                ),
                "tree 0, node 0: there is no feature 1",
            ),
            (
                &format!(
                    r#"{{"kind": "trees", {features}, "trees": [[{{"feature": 0, "threshold": 0, "left": 0, "right": 0}}]]}}"#
                ),
                "must stand behind it",
            ),
        ];
        for (text, expected) in cases {
            let found = ModelFile::read(text).unwrap_err();
            assert!(found.contains(expected), "{text}: {found}");
        }
    }
}
