//! Trees by chance: whole statements.

use super::dice::Dice;
use crate::lang::Spanned;
use crate::lang::tree::*;
use crate::model::{Decimal, Text};

impl Dice {
    pub(super) fn changing(&mut self) -> StatementKind {
        let (name, replace) = (self.defined(), self.roll(2) == 0);
        let kinds = [Kind::Audience, Kind::Trait, Kind::Condition, Kind::List, Kind::Experiment];
        match self.roll(7) {
            0 => {
                let (params, condition) = (self.params(), self.condition(3));
                StatementKind::CreateCondition { replace, name, params, condition }
            }
            1 => {
                let types = [ElementType::Text, ElementType::Number, ElementType::Id];
                let of = Spanned::new(self.of(&types), self.span());
                StatementKind::CreateList { replace, name, of }
            }
            2 => {
                let variant = |dice: &mut Dice| {
                    let share = Decimal::from_billionths(dice.roll(700_000_000).into());
                    let share = Spanned::new(share.unwrap_or(Decimal::ZERO), dice.span());
                    Variant { name: dice.defined(), share }
                };
                let variants = (0..self.roll(3)).map(|_| variant(self)).collect();
                StatementKind::CreateExperiment { replace, name, variants }
            }
            3 => {
                let elements = (0..self.roll(3)).map(|_| self.name()).collect();
                StatementKind::ChangeList { adds: self.roll(3) > 0, elements, list: name }
            }
            4 => StatementKind::Rename(self.of(&kinds), name, self.defined()),
            5 => StatementKind::Pause { resumes: self.roll(2) == 0, audience: name },
            _ => StatementKind::Drop(self.of(&kinds), name),
        }
    }

    fn timezone(&mut self) -> Spanned<TimeZone> {
        let named = TimeZone::Named(self.of(&["Europe/Prague", "Mars/Base"]).into());
        let zone = if self.roll(2) == 0 { TimeZone::Theirs } else { named };
        Spanned::new(zone, self.span())
    }

    pub(super) fn statement(&mut self) -> Statement {
        let name = Spanned::new(Text::from(self.of(&["a", "b", "ltv", "x"])), self.span());
        let replace = self.roll(2) == 0;
        let condition = Some(self.condition(4));
        let people = People { condition, span: self.span() };
        let options = match self.roll(4) {
            0 => {
                vec![AudienceOption::Zone(self.timezone()), AudienceOption::Requiring(self.name())]
            }
            1 => vec![AudienceOption::HoldingOut { share: self.share(), name: self.defined() }],
            _ => Vec::new(),
        };
        let types = [TypeName::Text, TypeName::Date, TypeName::ListOf(ElementType::Number)];
        let declared = Spanned::new(self.of(&types), self.span());
        let (params, lets) = (self.params(), self.lets());
        let kind = match self.roll(14) {
            8.. => self.changing(),
            0 | 1 => StatementKind::CreateAudience { replace, name, params, options, lets, people },
            2 => {
                let declared = (self.roll(2) == 0).then_some(declared);
                let value = self.value(4);
                StatementKind::CreateTrait { replace, name, params, declared, options, lets, value }
            }
            3 => StatementKind::Drop(self.of(&[Kind::Audience, Kind::Trait, Kind::Event]), name),
            4 => StatementKind::Declare(Declare::Attribute { name: self.name(), declared }),
            5 => {
                let path = (0..self.roll(3)).map(|_| self.name()).collect();
                let property = Some((path, declared));
                StatementKind::Declare(Declare::Event { name: self.name(), property })
            }
            6 => StatementKind::Set(self.name(), Spanned::new(self.literal(), self.span())),
            _ => StatementKind::Report(Report {
                kind: ReportKind::CountPeople {
                    people,
                    group: Some(Group { by: vec![self.value(3)], top: Some(self.count()) }),
                },
                as_of: Some(AsOf { at: self.instant(), hindsight: true, span: self.span() }),
                zone: Some(self.timezone()),
            }),
        };
        Statement { kind, span: self.span(), comments: vec![" x ".to_owned()] }
    }
}
