//! Experiments: variants that share everybody out.

use super::Catalog;
use super::Uses;
use super::change::Key;
use super::define::{Defined, Done, change_of, done, succeed};
use super::definition::{Definition, ExperimentEntry};
use crate::lang::tree::{Name, Statement, Variant};
use crate::lang::{Code, Diagnostic};
use crate::model::{Decimal, Text, Timestamp};
use std::sync::Arc;

impl Catalog {
    pub(super) fn create_experiment(
        &mut self,
        statement: &Statement,
        replace: bool,
        name: &Name,
        variants: &[Variant],
        at: Timestamp,
    ) -> Done {
        let key = Key::Experiment(name.node.clone());
        self.may_create(&key, replace, name)?;
        must_share(variants)?;
        let variants: Vec<(Text, Decimal)> =
            variants.iter().map(|it| (it.name.node.clone(), it.share.node)).collect();
        let earlier = self.definitions.experiments.get(&name.node);
        let same = earlier.is_some_and(|earlier| earlier.variants == variants);
        let fresh = Definition::new(statement, Uses::default(), at);
        let definition = succeed(fresh, earlier.map(|entry| &entry.definition), same);
        let message = done(&key, &definition, earlier.is_some(), same);
        let entry = ExperimentEntry { name: name.node.clone(), variants, definition };
        Arc::make_mut(&mut self.definitions).experiments.insert(name.node.clone(), entry);
        let changed =
            if same { Vec::new() } else { self.derive_again(change_of(key), name.span, at)? };
        Ok(Defined { changed, message, ..Defined::default() })
    }
}

/// Refuses variants that are named twice or take more than there is.
fn must_share(variants: &[Variant]) -> Result<(), Vec<Diagnostic>> {
    let mut total = Decimal::ZERO;
    for (place, variant) in variants.iter().enumerate() {
        let name = &variant.name;
        if variants[..place].iter().any(|other| other.name.node == name.node) {
            let message = format!("two variants are called `{}`", name.node);
            return Err(vec![Diagnostic::error(Code::Shares, name.span, message)]);
        }
        total = total.checked_add(variant.share.node).unwrap_or(Decimal::from(2));
        if total > Decimal::from(1) {
            let message = "the variants take more than 100% together";
            return Err(vec![
                Diagnostic::error(Code::Shares, variant.share.span, message).label("up to here"),
            ]);
        }
    }
    Ok(())
}
