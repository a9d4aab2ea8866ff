//! Definitions that come, change and go; nothing is half-applied.

use super::change::{Change, Key};
use super::definition::{AudienceEntry, ConditionEntry, Definition, TraitEntry};
use super::{Catalog, DeclaredIdentifier};
use crate::lang::tree::{self, Kind, Name, Statement, StatementKind};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::limits::NAME_BYTES_MAX;
use crate::model::{Decimal, Step, Text, Timestamp};
use crate::query::predicate::Audience;
use crate::query::resolve::{
    self, AudienceParts, BUILT_IN, ConditionParts, Names, TraitParts, meant_audience, written,
};
use std::sync::Arc;

/// What a definition has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defined {
    /// The audiences that are new or mean something else, each after those that it uses.
    pub changed: Vec<Arc<Audience>>,
    /// The audiences that say what they said and are answered by something else:
    /// a list changed, or a name.
    pub renewed: Vec<Arc<Audience>>,
    /// The audiences that are gone.
    pub dropped: Vec<Text>,
    /// The audience of which changes are announced again, or with `false` no more.
    pub announces: Option<(Text, bool)>,
    /// The namespace of identifiers that was declared.
    pub identifier: Option<DeclaredIdentifier>,
    /// What happened, in a line.
    pub message: String,
    /// What is odd about the text.
    pub warnings: Vec<Diagnostic>,
}

/// What comes of a definition: what has changed, or why nothing has.
pub(super) type Done = Result<Defined, Vec<Diagnostic>>;

impl Catalog {
    /// Takes a definition, a declaration, a setting or their end into the
    /// catalog. On an error nothing has changed.
    ///
    /// ```
    /// use throng::lang::parse;
    /// use throng::model::Timestamp;
    /// use throng::query::catalog::Catalog;
    ///
    /// let mut catalog = Catalog::default();
    /// for text in ["declare event order", "create audience buyers is people who did order"] {
    ///     catalog.define(&parse(text).statements[0], Timestamp::EPOCH).unwrap();
    /// }
    /// assert_eq!(catalog.audience("buyers").unwrap().version, 1);
    /// ```
    pub fn define(&mut self, statement: &Statement, at: Timestamp) -> Done {
        self.define_with(statement, at, Names::Checked)
    }

    /// The same for a definition that was accepted before: the facts that made
    /// its names known may have been forgotten since.
    pub fn define_again(&mut self, statement: &Statement, at: Timestamp) -> Done {
        self.define_with(statement, at, Names::Assumed)
    }

    fn define_with(&mut self, statement: &Statement, at: Timestamp, names: Names) -> Done {
        let mut next = self.clone();
        let defined = next.apply(statement, at, names)?;
        *self = next;
        Ok(defined)
    }

    pub(super) fn apply(&mut self, statement: &Statement, at: Timestamp, names: Names) -> Done {
        match &statement.kind {
            StatementKind::CreateAudience { replace, .. } => {
                self.create_audience(statement, *replace, at, names)
            }
            StatementKind::CreateTrait { replace, .. } => {
                self.create_trait(statement, *replace, at, names)
            }
            StatementKind::CreateModel { .. } => self.create_model(statement, at, names),
            StatementKind::CreateCondition { replace, .. } => {
                self.create_condition(statement, *replace, at, names)
            }
            StatementKind::CreateList { replace, name, of } => {
                self.create_list(statement, *replace, name, of, at)
            }
            StatementKind::CreateExperiment { replace, name, variants } => {
                self.create_experiment(statement, *replace, name, variants, at)
            }
            StatementKind::ChangeList { adds, elements, list } => {
                self.change_list(*adds, elements, list, at)
            }
            StatementKind::Rename(kind, from, to) => self.rename(*kind, from, to, at, names),
            StatementKind::Pause { resumes, audience } => self.pause(*resumes, audience),
            StatementKind::Drop(kind, name) => self.drop_definition(*kind, name, at),
            StatementKind::Declare(declare) => self.declare(declare, statement.span, at),
            StatementKind::Set(key, value) => self.set(key, value, at),
            _ => Err(vec![Diagnostic::error(
                Code::Syntax,
                statement.span,
                "this statement defines nothing",
            )]),
        }
    }

    /// A definition as it is said for the first time, with what is known now.
    fn fresh(&self, statement: &Statement, uses: super::Uses, at: Timestamp) -> Definition {
        Definition { basis: Arc::new(self.lists()), ..Definition::new(statement, uses, at) }
    }

    fn create_audience(
        &mut self,
        statement: &Statement,
        replace: bool,
        at: Timestamp,
        names: Names,
    ) -> Done {
        let Some(parts) = AudienceParts::of(&statement.kind) else { return Ok(Defined::default()) };
        let name = parts.name;
        let key = Key::Audience(name.node.clone());
        self.may_create(&key, replace, name)?;
        let outcome = resolve::audience(self, &parts, at, names);
        let Some(found) = outcome.result else { return Err(outcome.diagnostics) };
        self.may_not_cycle(&key, &outcome.uses, name)?;
        if names == Names::Checked {
            self.may_look_for(&found.condition, name)?;
        }
        self.must_agree(&found.holdouts, name)?;
        let fresh = self.fresh(statement, outcome.uses, at);
        let earlier = self.definitions.audiences.get(&name.node);
        let same = earlier.is_some_and(|earlier| {
            earlier.audience.condition == found.condition
                && earlier.audience.zone == found.zone
                && params_of(&earlier.definition) == Some(parts.params)
        });
        let definition = succeed(fresh, earlier.map(|entry| &entry.definition), same);
        let audience = Arc::new(Audience {
            name: name.node.clone(),
            version: definition.version,
            condition: found.condition,
            zone: found.zone,
        });
        let mut warnings = outcome.diagnostics;
        if names == Names::Checked && !same {
            warnings.extend(self.warn_of_equal(&audience, name.span));
        }
        let message = done(&key, &definition, earlier.is_some(), same);
        let stands = parts.params.iter().all(|param| param.default.is_some());
        let (stood, paused) = earlier.map_or((false, false), |it| (it.stands, it.paused));
        let held = earlier.map_or(Vec::new(), |it| it.holdouts.clone());
        let holdouts = found.holdouts;
        let mut change = change_of(key);
        change.keys.extend(other_holdouts(&held, &holdouts));
        let entry = AudienceEntry {
            audience: audience.clone(),
            definition,
            stands,
            paused: paused && stands,
            holdouts,
            size: outcome.size,
        };
        Arc::make_mut(&mut self.definitions).audiences.insert(name.node.clone(), entry);
        let mut defined = Defined { message, warnings, ..Defined::default() };
        if stood && !stands {
            defined.dropped.push(name.node.clone());
        }
        if !same {
            defined.changed.extend(stands.then_some(audience));
        }
        if !same || change.keys.len() > 1 {
            defined.changed.extend(self.derive_again(change, name.span, at)?);
        }
        Ok(defined)
    }

    fn create_trait(
        &mut self,
        statement: &Statement,
        replace: bool,
        at: Timestamp,
        names: Names,
    ) -> Done {
        let Some(parts) = TraitParts::of(&statement.kind) else { return Ok(Defined::default()) };
        let name = parts.name;
        let key = Key::Trait(name.node.clone());
        self.may_create(&key, replace, name)?;
        self.may_be_trait(name, names)?;
        let outcome = resolve::trait_value(self, &parts, at, names);
        let Some(found) = outcome.result else { return Err(outcome.diagnostics) };
        self.may_not_cycle(&key, &outcome.uses, name)?;
        let fresh = self.fresh(statement, outcome.uses, at);
        let earlier = self.definitions.traits.get(&name.node);
        let same = earlier.is_some_and(|earlier| {
            earlier.value == found.expr
                && earlier.kinds == found.kinds
                && earlier.money == found.money
                && parts.params.is_empty()
                && params_of(&earlier.definition) == Some(parts.params)
        });
        let definition = succeed(fresh, earlier.map(|entry| &entry.definition), same);
        let message = done(&key, &definition, earlier.is_some(), same);
        let entry = TraitEntry {
            name: name.node.clone(),
            value: found.expr,
            definition,
            stands: parts.params.iter().all(|param| param.default.is_some()),
            kinds: found.kinds,
            elements: found.elements,
            motion: found.motion,
            money: found.money,
            size: outcome.size,
        };
        Arc::make_mut(&mut self.definitions).traits.insert(name.node.clone(), entry);
        let changed =
            if same { Vec::new() } else { self.derive_again(change_of(key), name.span, at)? };
        Ok(Defined { changed, message, warnings: outcome.diagnostics, ..Defined::default() })
    }

    fn create_condition(
        &mut self,
        statement: &Statement,
        replace: bool,
        at: Timestamp,
        names: Names,
    ) -> Done {
        let Some(parts) = ConditionParts::of(&statement.kind) else {
            return Ok(Defined::default());
        };
        let name = parts.name;
        let key = Key::Condition(name.node.clone());
        self.may_create(&key, replace, name)?;
        let outcome = resolve::condition(self, &parts, at, names);
        if outcome.result.is_none() {
            return Err(outcome.diagnostics);
        }
        self.may_not_cycle(&key, &outcome.uses, name)?;
        let fresh = self.fresh(statement, outcome.uses, at);
        let earlier = self.definitions.conditions.get(&name.node);
        let same = earlier.is_some_and(|earlier| earlier.definition.says(&fresh));
        let definition = succeed(fresh, earlier.map(|entry| &entry.definition), same);
        let message = done(&key, &definition, earlier.is_some(), same);
        let entry = ConditionEntry { name: name.node.clone(), definition };
        Arc::make_mut(&mut self.definitions).conditions.insert(name.node.clone(), entry);
        let changed =
            if same { Vec::new() } else { self.derive_again(change_of(key), name.span, at)? };
        Ok(Defined { changed, message, warnings: outcome.diagnostics, ..Defined::default() })
    }

    pub(super) fn may_create(
        &self,
        key: &Key,
        replace: bool,
        name: &Name,
    ) -> Result<(), Vec<Diagnostic>> {
        if name.node.is_empty() || name.node.len() > NAME_BYTES_MAX {
            let message =
                format!("a name has 1 to {NAME_BYTES_MAX} bytes, this one has {}", name.node.len());
            return Err(vec![Diagnostic::error(Code::Syntax, name.span, message)]);
        }
        match self.definition(key) {
            Some(_) if !replace => Err(vec![
                Diagnostic::error(
                    Code::NameTaken,
                    name.span,
                    format!("{} is there already", key.words()),
                )
                .help("`create or replace` takes its place"),
            ]),
            _ => Ok(()),
        }
    }

    /// A trait and an attribute of one name could not be told apart.
    pub(super) fn may_be_trait(&self, name: &Name, names: Names) -> Result<(), Vec<Diagnostic>> {
        let steps = [Step::Key(name.node.clone())];
        let taken = BUILT_IN.contains(&&*name.node)
            || (names == Names::Checked
                && !self.definitions.traits.contains_key(&name.node)
                && !self.facts.attributes().is_crowded()
                && self.knows_attribute(&steps));
        if !taken {
            return Ok(());
        }
        Err(vec![
            Diagnostic::error(
                Code::NameTaken,
                name.span,
                format!("`{}` is an attribute already", name.node),
            )
            .help("give the trait another name"),
        ])
    }

    pub(super) fn may_not_cycle(
        &self,
        key: &Key,
        uses: &super::Uses,
        name: &Spanned<Text>,
    ) -> Result<(), Vec<Diagnostic>> {
        let Some(path) = self.cycle(key, uses) else { return Ok(()) };
        let way: Vec<String> = path.iter().map(Key::words).collect();
        Err(vec![
            Diagnostic::error(Code::Cycle, name.span, format!("{} would need itself", key.words()))
                .help(format!("why: {}", way.join(" needs ")))
                .help("write out in one of them what it is to mean, without the other"),
        ])
    }

    fn drop_definition(&mut self, kind: Kind, name: &Name, at: Timestamp) -> Done {
        if kind == Kind::Model {
            return self.drop_model(&name.node, name.span);
        }
        let key = key_of(kind, name)?;
        if self.definition(&key).is_none() {
            return Err(vec![self.nothing_there(&key, name)]);
        }
        let span = name.span;
        self.may_drop(&key, span)?;
        let held = self.audience_entry(&name.node).map(|entry| entry.holdouts.clone());
        let definitions = Arc::make_mut(&mut self.definitions);
        let mut defined =
            Defined { message: format!("{} dropped", key.words()), ..Defined::default() };
        match &key {
            Key::Audience(name) => {
                let gone = definitions.audiences.remove(name);
                defined.dropped.extend(gone.filter(|gone| gone.stands).map(|_| name.clone()));
                let keys = other_holdouts(&held.unwrap_or_default(), &[]).collect();
                let change = Change { keys, ..Change::default() };
                defined.changed = self.derive_again(change, span, at)?;
            }
            Key::Trait(name) => drop(definitions.traits.remove(name)),
            Key::Condition(name) => drop(definitions.conditions.remove(name)),
            Key::List(name) => drop(definitions.lists.remove(name)),
            Key::Experiment(name) => drop(definitions.experiments.remove(name)),
            Key::Model(..) | Key::Holdout(_) => {}
        }
        Ok(defined)
    }

    /// There is no definition of that name.
    pub(super) fn nothing_there(&self, key: &Key, name: &Name) -> Diagnostic {
        let all = &self.definitions;
        let (code, known): (Code, Vec<&Text>) = match key {
            Key::Audience(_) => (Code::UnknownAudience, all.audiences.keys().collect()),
            Key::Trait(_) | Key::Model(..) => (Code::UnknownName, all.traits.keys().collect()),
            Key::Condition(_) => (Code::UnknownCondition, all.conditions.keys().collect()),
            Key::List(_) => (Code::UnknownList, all.lists.keys().collect()),
            Key::Experiment(_) => (Code::UnknownExperiment, all.experiments.keys().collect()),
            Key::Holdout(_) => (Code::UnknownHoldout, Vec::new()),
        };
        let known: Vec<&str> = known.into_iter().map(|name| &**name).collect();
        let found = Diagnostic::error(code, name.span, format!("{} does not exist", key.words()));
        if matches!(key, Key::Audience(_)) && !known.is_empty() {
            return found.help(meant_audience(&name.node, &known));
        }
        match crate::lang::nearest(&name.node, known.into_iter().map(|name| (name, 0))) {
            Some(meant) => found.help(format!("did you mean `{meant}`?")),
            None => found,
        }
    }

    /// Refuses a holdout of which another audience says another share.
    fn must_agree(&self, holdouts: &[(Text, Decimal)], name: &Name) -> Result<(), Vec<Diagnostic>> {
        let awaited = |name: &Text| self.awaited.contains(&Key::Audience(name.clone()));
        let others = self
            .audience_entries()
            .filter(|entry| entry.audience.name != name.node && !awaited(&entry.audience.name));
        let said = others.flat_map(|entry| entry.holdouts.iter().map(move |it| (entry, it)));
        let said: Vec<_> = said.collect();
        for (place, (holdout, share)) in holdouts.iter().enumerate() {
            let twice =
                holdouts[..place].iter().any(|(known, other)| known == holdout && other != share);
            let other = said.iter().find(|(_, (known, other))| known == holdout && other != share);
            if !twice && other.is_none() {
                continue;
            }
            let message = format!("two shares are held out as `{holdout}`");
            let found = Diagnostic::error(Code::Shares, name.span, message);
            return Err(vec![match other {
                Some((entry, _)) => found.help(format!(
                    "why: audience `{}` says another; give this one another name",
                    entry.audience.name
                )),
                None => found.help("a holdout has one share, whoever names it"),
            }]);
        }
        Ok(())
    }

    pub(super) fn may_drop(&self, key: &Key, span: Span) -> Result<(), Vec<Diagnostic>> {
        let users: Vec<String> = self.users_of(key).iter().map(Key::words).collect();
        if users.is_empty() {
            return Ok(());
        }
        Err(vec![
            Diagnostic::error(Code::InUse, span, format!("{} is in use", key.words()))
                .help(format!("why: it is named by {}", users.join(", ")))
                .help("drop or change these first"),
        ])
    }
}

/// What a statement calls a definition.
pub(super) fn key_of(kind: Kind, name: &Name) -> Result<Key, Vec<Diagnostic>> {
    let of = name.node.clone();
    match kind {
        Kind::Audience => Ok(Key::Audience(of)),
        Kind::Trait => Ok(Key::Trait(of)),
        Kind::Condition => Ok(Key::Condition(of)),
        Kind::List => Ok(Key::List(of)),
        Kind::Experiment => Ok(Key::Experiment(of)),
        Kind::Model => Err(vec![super::rename::keeps_its_name(name)]),
        Kind::Event | Kind::Attribute | Kind::Identifier => {
            let message = "declared names can be neither dropped nor renamed";
            Err(vec![
                Diagnostic::error(Code::Renamed, name.span, message)
                    .help("a declaration is replaced by declaring the name again"),
            ])
        }
    }
}

/// The holdouts of which a share is another, or is said no more.
fn other_holdouts<'h>(
    before: &'h [(Text, Decimal)],
    after: &'h [(Text, Decimal)],
) -> impl Iterator<Item = Key> {
    let differ = before.iter().filter(|held| !after.contains(held));
    differ
        .chain(after.iter().filter(|held| !before.contains(held)))
        .map(|(name, _)| Key::Holdout(name.clone()))
}

fn params_of(definition: &Definition) -> Option<&[tree::Parameter]> {
    match &definition.statement.kind {
        StatementKind::CreateAudience { params, .. }
        | StatementKind::CreateTrait { params, .. } => Some(params),
        _ => None,
    }
}

/// The definition after what was there before; an equal meaning is no new version.
pub(super) fn succeed(fresh: Definition, earlier: Option<&Definition>, same: bool) -> Definition {
    match earlier {
        Some(earlier) if same => Definition {
            version: earlier.version,
            created: earlier.created,
            changed: earlier.changed,
            ..fresh
        },
        Some(earlier) => fresh.after(earlier),
        None => fresh,
    }
}

pub(super) fn done(key: &Key, definition: &Definition, was_there: bool, same: bool) -> String {
    match (was_there, same) {
        (_, true) => format!("{} means the same as before", key.words()),
        (true, _) => format!("{} replaced, version {}", key.words(), definition.version),
        (false, _) => format!("{} created", key.words()),
    }
}

pub(super) fn change_of(key: Key) -> Change {
    Change { keys: [key].into(), ..Change::default() }
}

/// The name of an event or attribute in a message.
pub(super) fn said(kind: &str, name: &tree::Name) -> String {
    format!("{kind} `{}` declared", name.node)
}

/// The same with the type that was said of it.
pub(super) fn typed(kind: &str, name: &str, declared: tree::TypeName) -> String {
    format!("{kind} `{name}` declared as {}", written(declared))
}
