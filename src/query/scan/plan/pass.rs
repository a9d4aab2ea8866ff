//! What is gathered for a slot, and in which passes.

use super::gather::{Gather, Named, Pass, Rows, What, column};
use super::switch::Switch;
use super::tree::{Expr, Point, Read, Window};
use super::wish::{Events, Wish};
use super::{Plan, top};
use crate::model::{Path, Text};
use crate::query::predicate::Matcher;
use crate::query::scan::value::{Here, Placed, place};
use crate::timeline::ColumnKey;
use std::collections::BTreeSet;

impl<'c> Plan<'c> {
    /// Lowers what a wish names, only to meet the slots that it needs.
    pub(super) fn rehearse(&mut self, wish: Wish<'c>) {
        for rows in rows_of(wish) {
            self.all_lowered(0, wish, &rows, &mut Vec::new());
        }
    }

    /// Adds what a wish needs to the passes of its level.
    pub(super) fn gather(&mut self, slot: usize, wish: Wish<'c>, level: usize) {
        for rows in rows_of(wish) {
            let place = self.pass(level, &rows);
            let mut columns = std::mem::take(&mut self.passes[place].columns);
            let gathers = self.all_lowered(slot, wish, &rows, &mut columns);
            self.passes[place].columns = columns;
            self.passes[place].gathers.extend(gathers);
        }
    }

    fn pass(&mut self, level: usize, rows: &Rows) -> usize {
        let same = |pass: &Pass| pass.level == level && pass.rows == *rows;
        self.passes.iter().position(same).unwrap_or_else(|| {
            let (columns, gathers) = (Vec::new(), Vec::new());
            self.passes.push(Pass { level, rows: rows.clone(), columns, gathers });
            self.passes.len() - 1
        })
    }

    fn all_lowered(
        &mut self,
        slot: usize,
        wish: Wish<'c>,
        rows: &Rows,
        columns: &mut Vec<ColumnKey>,
    ) -> Vec<Gather> {
        match wish {
            Wish::Pattern(sought) => self.marks(slot, sought, rows, columns),
            Wish::Weighted(expr) => self.weighted(slot, expr, rows, columns),
            _ => vec![self.lowered(slot, wish, rows, columns)],
        }
    }

    fn lowered(
        &mut self,
        slot: usize,
        wish: Wish<'c>,
        rows: &Rows,
        columns: &mut Vec<ColumnKey>,
    ) -> Gather {
        let property = |key: &str| ColumnKey::Property(Path::key(key));
        let what = match wish {
            Wish::Events(events) | Wish::Any(events) => {
                return self.events(slot, events, rows, columns);
            }
            Wish::Total(events) => {
                let gather = self.events(slot, events, rows, columns);
                return Gather { is_together: true, ..gather };
            }
            Wish::Anchor { matcher, .. } => {
                let filters = self.filters(matcher, rows, columns);
                return Gather { filters, ..self.every(slot, What::When) };
            }
            // These are gathered in parts.
            Wish::Pattern(_) | Wish::Weighted(_) => What::Row,
            Wish::Seen(_) => What::When,
            Wish::Attribute(key) => What::Attribute {
                column: column(columns, property(key)),
                source: column(columns, ColumnKey::Source),
            },
            Wish::GroupId => What::Group {
                column: column(columns, ColumnKey::GroupId),
                source: column(columns, ColumnKey::Source),
            },
            Wish::Consent(purpose) => What::Consent {
                wanted: purpose.into(),
                purpose: column(columns, ColumnKey::Purpose),
                granted: column(columns, ColumnKey::Granted),
                expires: column(columns, ColumnKey::Expires),
            },
        };
        self.every(slot, what)
    }

    /// Of every row up to now.
    pub(super) fn every(&self, slot: usize, what: What) -> Gather {
        Gather {
            slot,
            filters: vec![Named { name: None, filter: None }],
            switch: None,
            what,
            weight: 1,
            span: (i64::MIN, self.end),
            windows: Vec::new(),
            anchors: Vec::new(),
            is_together: false,
        }
    }

    pub(super) fn events(
        &mut self,
        slot: usize,
        of: Events<'c>,
        rows: &Rows,
        columns: &mut Vec<ColumnKey>,
    ) -> Gather {
        let filters = self.filters(of.matcher, rows, columns);
        let value = of.value.map(|value| self.expr(value, columns));
        let what = match (of.items, value) {
            (None, None) => What::Row,
            (None, Some(Expr::Read(Read::When))) => What::When,
            (None, Some(value)) => What::Value(value),
            (Some(path), value) => What::Items {
                column: column(columns, ColumnKey::Property(top(path))),
                path: path.clone(),
                value,
            },
        };
        let switch = Switch::of(&filters);
        let mut gather = Gather { filters, switch, ..self.every(slot, what) };
        for window in of.windows {
            let window = self.window(window, &mut Vec::new(), true);
            self.narrow(&mut gather, window);
        }
        gather
    }

    /// A window that is the same for everyone narrows the span; others are kept.
    pub(super) fn narrow(&self, gather: &mut Gather, window: Window) {
        for point in window.points() {
            if let Point::Anchor(slot) = point {
                gather.anchors.push(*slot);
            }
        }
        if window.is_constant()
            && let Placed::Between(from, to) = place(&window, &Here::nobody(self.now))
        {
            gather.span = (gather.span.0.max(from), gather.span.1.min(to));
            return;
        }
        gather.windows.push(window);
    }

    pub(super) fn filters(
        &mut self,
        matcher: &'c Matcher,
        rows: &Rows,
        columns: &mut Vec<ColumnKey>,
    ) -> Vec<Named> {
        let mut filters = Vec::new();
        for filter in &matcher.0 {
            let named = match rows {
                Rows::Named(name) => filter.name.as_ref().is_none_or(|wanted| wanted == name),
                _ => true,
            };
            if !named {
                continue;
            }
            let name = filter.name.clone().filter(|_| *rows == Rows::Events);
            if name.is_some() {
                column(columns, ColumnKey::Name);
                column(columns, ColumnKey::Kind);
            }
            let filter = filter.filter.as_ref().map(|filter| self.filter(filter, columns));
            filters.push(Named { name, filter });
        }
        filters
    }
}

/// The rows that a wish is about: one pass for each name, or one over all events.
pub(super) fn rows_of(wish: Wish<'_>) -> Vec<Rows> {
    match wish {
        Wish::Events(Events { matcher, .. })
        | Wish::Any(Events { matcher, .. })
        | Wish::Total(Events { matcher, .. })
        | Wish::Anchor { matcher, .. } => {
            let names: Option<BTreeSet<&Text>> =
                matcher.0.iter().map(|filter| filter.name.as_ref()).collect();
            match names {
                Some(names) => names.into_iter().cloned().map(Rows::Named).collect(),
                None => vec![Rows::Events],
            }
        }
        Wish::Pattern(sought) => super::pattern::rows_of(sought),
        Wish::Weighted(expr) => super::weighted::rows_of(expr),
        Wish::Attribute(_) => vec![Rows::Identify],
        Wish::GroupId => vec![Rows::Group],
        Wish::Consent(_) => vec![Rows::Consent],
        Wish::Seen(_) => vec![Rows::Calls],
    }
}
