//! Samples, holdouts and variants: shares of everybody.

use super::Resolver;
use crate::lang::{Code, Diagnostic, Spanned};
use crate::model::{Decimal, Text};
use crate::query::catalog::Key;
use crate::query::predicate::{Condition, Draw, Drawn, Predicate, Tree};

impl Resolver<'_> {
    /// `in sample 10% of "seed"`.
    pub(super) fn sample(
        &mut self,
        share: &Spanned<Decimal>,
        seed: &Spanned<Text>,
    ) -> Option<Condition> {
        self.must_be_share(share)?;
        Some(drawn(&seed.node, Decimal::ZERO, share.node, Drawn::Sample))
    }

    /// `in holdout "name"`: the sample that an audience holds out under that name.
    pub(super) fn holdout(&mut self, name: &Spanned<Text>) -> Option<Condition> {
        self.uses.holdouts.insert(name.node.clone());
        let own = self.holdouts.iter().find(|(known, _)| *known == name.node);
        let share = own.map(|(_, share)| *share).or_else(|| self.catalog.holdout(&name.node));
        match share {
            Some(share) => Some(drawn(&name.node, Decimal::ZERO, share, Drawn::Holdout)),
            None => self.unknown_holdout(name),
        }
    }

    /// `holding out 5% as "name"`: everybody but that sample.
    pub(super) fn holding_out(
        &mut self,
        share: &Spanned<Decimal>,
        name: &Spanned<Text>,
    ) -> Option<Condition> {
        self.must_be_share(share)?;
        self.holdouts.push((name.node.clone(), share.node));
        Some(drawn(&name.node, Decimal::ZERO, share.node, Drawn::Holdout).not())
    }

    /// `in variant "B" of "experiment"`.
    pub(super) fn variant(
        &mut self,
        variant: &Spanned<Text>,
        experiment: &Spanned<Text>,
    ) -> Option<Condition> {
        let Some(found) = self.catalog.experiment(&experiment.node) else {
            return self.unknown_experiment(experiment);
        };
        self.uses.experiments.insert(experiment.node.clone());
        self.names_key(Key::Experiment(experiment.node.clone()), experiment.span);
        let Some((from, below)) = found.range_of(&variant.node) else {
            let names = found.variants.iter().map(|(name, _)| &**name);
            let names: Vec<&str> = names.collect();
            return self.unknown_variant(variant, &experiment.node, &names);
        };
        Some(drawn(&experiment.node, from, below, Drawn::Variant(variant.node.clone())))
    }

    fn must_be_share(&mut self, share: &Spanned<Decimal>) -> Option<()> {
        if share.node <= Decimal::from(1) {
            return Some(());
        }
        self.refuse(Diagnostic::error(
            Code::Shares,
            share.span,
            "a share of everybody is at most 100%",
        ))
    }

    fn unknown_holdout<T>(&mut self, name: &Spanned<Text>) -> Option<T> {
        let message = format!("nobody is held out as `{}`", name.node);
        self.refuse(
            Diagnostic::error(Code::UnknownHoldout, name.span, message)
                .label("no audience has such a holdout")
                .help(format!("an audience says how many: `holding out 5% as {:?}`", name.node)),
        )
    }

    fn unknown_experiment<T>(&mut self, name: &Spanned<Text>) -> Option<T> {
        let known: Vec<&str> = self.catalog.experiments().map(|found| &*found.name).collect();
        let message = format!("unknown experiment `{}`", name.node);
        let found = Diagnostic::error(Code::UnknownExperiment, name.span, message)
            .label(format!("no such experiment ({} known)", known.len()));
        let meant = crate::lang::nearest(&name.node, known.iter().map(|known| (*known, 0)));
        self.refuse(match meant {
            Some(meant) => found.help(format!("did you mean `{meant}`?")),
            None => found,
        })
    }

    fn unknown_variant<T>(
        &mut self,
        variant: &Spanned<Text>,
        experiment: &str,
        known: &[&str],
    ) -> Option<T> {
        let message = format!("`{experiment}` has no variant `{}`", variant.node);
        let known: Vec<String> = known.iter().map(|name| format!("{name:?}")).collect();
        self.refuse(
            Diagnostic::error(Code::UnknownExperiment, variant.span, message)
                .help(format!("it has {}", known.join(", "))),
        )
    }
}

fn drawn(seed: &Text, from: Decimal, below: Decimal, of: Drawn) -> Condition {
    Tree::Leaf(Predicate::Drawn(Draw { seed: seed.clone(), from, below, of }))
}
