//! Ranks: what is ordered, who is ranked, and whether time leaves the order alone.

use super::person::PersonScope;
use super::{Kinds, Motion, Resolver, Typed};
use crate::lang::tree::{self, CutSize};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::{Decimal, Kind, Unit, Value};
use crate::query::predicate::{
    Aggregate, Alike, Condition, Cut, Direction, Expr, Function, Operator, PersonLeaf, Point,
    Predicate, Rank, Size, Tree, Type,
};
use std::sync::Arc;

impl Resolver<'_> {
    /// `in top 5% by VALUE among (CONDITION)` and its kin.
    pub(super) fn rank(&mut self, rank: &tree::Rank) -> Option<Condition> {
        self.may_rank(rank.cut.span)?;
        let cut = self.cut(&rank.cut);
        let value = self.value::<PersonLeaf>(&PersonScope, &rank.value);
        let among = match &rank.among {
            Some(among) => self.among(among),
            None => Some(Tree::always()),
        };
        let (cut, value, among) = (cut?, value?, among?);
        let reads = self.ranked_kind(&value)?;
        self.may_order(&value)?;
        if let Some(order) = decayed_order(&value) {
            let rank = Rank { value: order, reads, among, cut, moves: None };
            return Some(Tree::Leaf(Predicate::Ranked(Arc::new(rank))));
        }
        let moves = self.moves_alike(&value, &rank.value)?;
        let rank = Rank { value: value.expr, reads, among, cut, moves };
        Some(Tree::Leaf(Predicate::Ranked(Arc::new(rank))))
    }

    /// What must have happened to the person says nothing of those beside whom they stand.
    fn among(&mut self, among: &tree::Condition) -> Option<Condition> {
        let guards = std::mem::take(&mut self.guards);
        let resolved = self.condition(among);
        self.guards = guards;
        resolved
    }

    /// What is kept of a person, or read by a model, is made of their own facts, and
    /// a rank of everybody's; in what is asked once it may stand in a value.
    pub(super) fn may_rank(&mut self, span: Span) -> Option<()> {
        if self.values > 0 && self.in_model {
            return self.no_rank(span, "no part of a value that a model reads", &[]);
        }
        if self.values > 0 && self.standing {
            let helps = [
                "ask for the rank beside the value, joined by `and` or `or`",
                "in a report it may stand in a value: `list`, `count`",
            ];
            return self.no_rank(span, "no part of a value that an audience keeps", &helps);
        }
        Some(())
    }

    /// Says of a rank that it cannot stand inside a value.
    pub(super) fn no_rank<T>(&mut self, span: Span, what: &str, helps: &[&str]) -> Option<T> {
        let found = Diagnostic::error(Code::RankMoves, span, format!("a rank is {what}"))
            .label("a rank inside a value")
            .help("why: such a value hangs on one person's own facts, and a rank on everybody's");
        let help = |found: Diagnostic, help: &&str| found.help(*help);
        self.refuse(helps.iter().fold(found, help))
    }

    fn cut(&mut self, cut: &Spanned<tree::Cut>) -> Option<Cut> {
        match cut.node {
            tree::Cut::Top(size) => self.cut_size(size, cut.span).map(Cut::Top),
            tree::Cut::Bottom(size) => self.cut_size(size, cut.span).map(Cut::Bottom),
            tree::Cut::Part(parts, number) => match u32::try_from(number) {
                Ok(number) if (1..=parts.count()).contains(&number) => {
                    Some(Cut::Part { number, of: parts.count() })
                }
                _ => self.refuse(
                    Diagnostic::error(
                        Code::Range,
                        cut.span,
                        format!("there is no {} {number}", parts.name()),
                    )
                    .help(format!("they are counted from 1, the least, to {}", parts.count())),
                ),
            },
        }
    }

    fn cut_size(&mut self, size: CutSize, span: Span) -> Option<Size> {
        let all = Decimal::from(1);
        match size {
            CutSize::Count(count) if count > 0 => Some(Size::Count(count)),
            CutSize::Percent(share) if Decimal::ZERO < share && share <= all => {
                Some(Size::Share(share))
            }
            CutSize::Count(_) => self.refuse(
                Diagnostic::error(Code::Range, span, "this part of the order is empty")
                    .help("the first is `top 1`"),
            ),
            CutSize::Percent(_) => self.refuse(Diagnostic::error(
                Code::Range,
                span,
                "a part of an order is above 0% and up to 100%",
            )),
        }
    }

    /// The kind that is ordered: where a name leaves it open, numbers.
    fn ranked_kind(&mut self, value: &Typed<PersonLeaf>) -> Option<Kind> {
        let (kind, kinds) = if value.kinds.meets(Kinds::NUMBER) {
            (Kind::Number, Kinds::NUMBER)
        } else if value.kinds.meets(Kinds::INSTANT) {
            (Kind::Instant, Kinds::INSTANT)
        } else {
            (Kind::Date, Kinds::DATE)
        };
        self.must_be(value, kinds, "people are ranked by numbers, instants or dates")?;
        Some(kind)
    }

    /// What gives the same order at any instant, if the value moves by itself.
    #[expect(
        clippy::option_option,
        reason = "outside: whether it may be; inside: whether it moves"
    )]
    fn moves_alike(
        &mut self,
        value: &Typed<PersonLeaf>,
        written: &tree::Value,
    ) -> Option<Option<Alike>> {
        if value.motion == Motion::Still || !self.standing {
            return Some(None);
        }
        if let Some(alike) = alike(&value.expr, false) {
            return Some(Some(alike));
        }
        let shown = crate::lang::print_value(written);
        self.refuse(
            Diagnostic::error(
                Code::RankMoves,
                value.span,
                "this rank would change by itself as time passes, for everyone at once",
            )
            .label("does not move alike for everyone")
            .help(match is_multiple(&value.expr) {
                true => {
                    "why: rounded, a multiple of a length of time ties people at some instants \
                         and not at others; without the factor the order is the same"
                        .to_owned()
                }
                false => format!("why: `{shown}` moves at a different speed for each person"),
            })
            .help(
                "rank by a value that only events change, or by one length of time: \
                 `days since last order`",
            ),
        )
    }
}

/// A length of time, maybe with its sign turned, plus or minus a constant. A
/// factor is not taken: rounded, it would tie people at some instants and part
/// them at others, and without it the order is the same.
fn alike(expr: &Expr<PersonLeaf>, turned: bool) -> Option<Alike> {
    match expr {
        Expr::Elapsed { unit: Unit::Fixed(_), direction, point, zone }
            if !zone.is_theirs() || !may_be_date(point) =>
        {
            let falls = (*direction == Direction::Since) != turned;
            Some(Alike { point: (**point).clone(), falls })
        }
        Expr::Negative(inner) => alike(inner, !turned),
        Expr::Arithmetic { operator, left, right } => match (operator, &**left, &**right) {
            (Operator::Add | Operator::Subtract, moving, still) if is_number(still) => {
                alike(moving, turned)
            }
            (Operator::Add, still, moving) if is_number(still) => alike(moving, turned),
            (Operator::Subtract, still, moving) if is_number(still) => alike(moving, !turned),
            _ => None,
        },
        _ => None,
    }
}

/// What decays with one half-life for everybody moves by itself and leaves their
/// order alone; ranked is what gives that order.
fn decayed_order(value: &Typed<PersonLeaf>) -> Option<Expr<PersonLeaf>> {
    let Expr::Leaf(PersonLeaf::Aggregate(aggregate)) = &value.expr else { return None };
    let Function::Decayed { half_life_ms } = aggregate.function else { return None };
    let function = Function::DecayedOrder { half_life_ms };
    // Values that move by themselves have another order at every instant.
    let stays = value.motion == Motion::Decay;
    stays.then(|| {
        Expr::Leaf(PersonLeaf::Aggregate(Box::new(Aggregate { function, ..(**aggregate).clone() })))
    })
}

/// Whether a point may be a date: then each person's days are counted by their
/// own midnights.
fn may_be_date(point: &Point<PersonLeaf>) -> bool {
    match point {
        Point::Instant(_) | Point::Anchor(..) => false,
        Point::Value(Expr::Leaf(leaf), _) => match leaf {
            PersonLeaf::FirstSeen | PersonLeaf::LastSeen => false,
            PersonLeaf::Attribute { declared, .. } => *declared != Some(Type::Instant),
            _ => true,
        },
        Point::Day { .. } | Point::Value(..) => true,
    }
}

/// Whether the only thing wrong is a factor.
fn is_multiple(expr: &Expr<PersonLeaf>) -> bool {
    match expr {
        Expr::Arithmetic { operator: Operator::Multiply, left, right } => {
            [(left, right), (right, left)]
                .iter()
                .any(|(moving, factor)| is_number(factor) && alike(moving, false).is_some())
        }
        Expr::Arithmetic { operator: Operator::Divide, left, right } => {
            is_number(right) && alike(left, false).is_some()
        }
        _ => false,
    }
}

fn is_number(expr: &Expr<PersonLeaf>) -> bool {
    matches!(expr, Expr::Literal(Value::Number(_)))
}
