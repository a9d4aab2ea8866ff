//! What a resolution carries along: the catalog, the zone, what was found wrong.

use super::Typed;
use super::aside::Aside;
use super::given::AllGiven;
use super::money::Fixed;
use super::row::RowScope;
use crate::lang::{Code, Diagnostic, Severity, Span};
use crate::model::{Decimal, Text, Timestamp};
use crate::query::catalog::{Catalog, Key, Size, Uses};
use crate::query::predicate::{Local, PersonLeaf};
use std::collections::BTreeSet;

/// Values and conditions inside one another, definitions that are used counted in.
pub const DEPTH_MAX: u32 = 256;
/// Parts of one definition or question, definitions that are used counted in.
pub const PARTS_MAX: u64 = 20_000;

/// Whether a name must be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) enum Names {
    /// It must: somebody writes it now.
    Checked,
    /// It was checked when it was written. The fact that made it known may have
    /// been forgotten since, and the definition still stands.
    Assumed,
}

/// One resolution under way.
pub(in crate::query) struct Resolver<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) zone: Local,
    pub(super) now: Timestamp,
    pub(super) names: Names,
    /// What was found wrong or odd.
    pub(in crate::query) diagnostics: Vec<Diagnostic>,
    /// What the text names.
    pub(in crate::query) uses: Uses,
    /// How large the result is.
    pub(in crate::query) size: Size,
    depth: u32,
    too_large: bool,
    /// Whether the answer is kept while time passes.
    pub(super) standing: bool,
    /// Whether a feature of a model is looked at.
    pub(super) in_model: bool,
    /// How many values stand around what is looked at.
    pub(super) values: u32,
    /// Whether a comparison was met of which nobody could say when it turns over.
    pub(super) bent: bool,
    /// Events that must have happened for the rest of the conjunction to matter.
    pub(super) guards: Vec<Vec<Text>>,
    /// Codes of currencies that hold for the rest of the conjunction.
    pub(super) fixed: Vec<Fixed>,
    /// What bare names mean in the filter that is being read, if one is.
    pub(super) scope: Option<RowScope>,
    /// What warnings leave open until people are counted.
    pub(super) asides: Vec<Aside>,
    /// Whether a definition is looked at for what its warnings leave open.
    pub(super) defines: bool,
    /// Whether an event may be long ago: an instant that is over is asked about,
    /// a window hangs on it, or a report shows by itself when it was.
    pub(super) bears_silence: bool,
    /// Events of which it was said that they have not been seen for a while.
    pub(super) silent: BTreeSet<Text>,
    /// Whether what is looked at must not hold: an odd number of `not`s around it.
    pub(super) is_denied: bool,
    /// The columns of a list that have a name of their own: its order may use them.
    pub(super) listed: Vec<Listed>,
    /// The names that a list gives its columns, while it is settled whom it lists.
    pub(super) columns: Vec<Text>,
    /// The first event of the funnel that is being grouped.
    pub(super) first_step: Option<Text>,
    /// What a value is compared with that is being read: examples of its texts.
    pub(super) against: Option<Vec<Text>>,
    /// Whether a report about events is being grouped.
    pub(super) groups_events: bool,
    /// What stands for the parameters of the definition that is being read.
    pub(super) given: AllGiven,
    /// The names that the definition gives values.
    pub(super) lets: Vec<Listed>,
    /// The holdouts of the definition, with their shares.
    pub(super) holdouts: Vec<(Text, Decimal)>,
    /// How many definitions are being written out inside one another.
    pub(super) expanding: u32,
    /// Where the text itself names definitions.
    pub(in crate::query) named: Vec<(Key, Span)>,
}

/// A value under a name of its own, a column of a list or a `let`, with its
/// size. Without a value it is wrong, which was said where it stands.
pub(super) struct Listed {
    pub(super) name: Text,
    pub(super) value: Option<Typed<PersonLeaf>>,
    pub(super) size: Size,
}

impl<'a> Resolver<'a> {
    pub(in crate::query) fn new(
        catalog: &'a Catalog,
        zone: Local,
        now: Timestamp,
        names: Names,
    ) -> Resolver<'a> {
        Resolver {
            catalog,
            zone,
            now,
            names,
            diagnostics: Vec::new(),
            uses: Uses::default(),
            size: Size::default(),
            depth: 0,
            too_large: false,
            standing: false,
            values: 0,
            in_model: false,
            bent: false,
            guards: Vec::new(),
            fixed: Vec::new(),
            asides: Vec::new(),
            defines: false,
            bears_silence: true,
            silent: BTreeSet::new(),
            scope: None,
            is_denied: false,
            listed: Vec::new(),
            columns: Vec::new(),
            first_step: None,
            against: None,
            groups_events: false,
            given: Vec::new(),
            lets: Vec::new(),
            holdouts: Vec::new(),
            expanding: 0,
            named: Vec::new(),
        }
    }

    /// Works one level further down, as far as the limits allow.
    pub(super) fn inside<T>(
        &mut self,
        span: Span,
        work: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        self.grow(span, Size { parts: 1, depth: 1 })?;
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// Works, and says how large what came of it is.
    pub(super) fn measured<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> (T, Size) {
        let before = self.size;
        self.size.depth = 0;
        let result = work(self);
        let size = Size { parts: self.size.parts - before.parts, depth: self.size.depth };
        self.size.depth = before.depth.max(size.depth);
        (result, size)
    }

    /// Takes the size of something that is used here into account.
    pub(super) fn grow(&mut self, span: Span, part: Size) -> Option<()> {
        let depth = self.depth.saturating_add(part.depth);
        self.size.parts = self.size.parts.saturating_add(part.parts);
        self.size.depth = self.size.depth.max(depth);
        if self.size.parts <= PARTS_MAX && depth <= DEPTH_MAX {
            return Some(());
        }
        if !self.too_large {
            self.too_large = true;
            self.diagnostics.push(
                Diagnostic::error(
                    Code::Nesting,
                    span,
                    "too large with everything that it uses written out",
                )
                .label(format!(
                    "at most {PARTS_MAX} parts, {DEPTH_MAX} inside one another; here are {} and {depth}",
                    self.size.parts
                ))
                .help("split it into audiences that are smaller"),
            );
        }
        None
    }

    /// Records an error; nothing comes of what it is about.
    pub(super) fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    /// Records something odd.
    pub(super) fn warn(&mut self, code: Code, span: Span, message: String, help: Option<String>) {
        let mut warning = Diagnostic::warning(code, span, message);
        warning.helps.extend(help);
        // Both bounds of a range look at the same value, which is odd once.
        if !self.diagnostics.contains(&warning) {
            self.diagnostics.push(warning);
        }
    }

    /// Whether nothing that was found stops the statement.
    pub(in crate::query) fn is_sound(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error)
    }
}
