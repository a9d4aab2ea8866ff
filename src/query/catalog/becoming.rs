//! What makes the definitions of a catalog equal to given ones.
//!
//! The given ones are first taken in where nothing is defined, each once what
//! it names is there: that settles their order, and shows that they make sense
//! without anything that is to go.

use super::change::Key;
use super::definition::Definitions;
use super::program::{Wrong, created, follows, replacing, wrong_at};
use super::{Catalog, Definition};
use crate::lang::tree::{Declare, Kind, Statement, StatementKind};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::{Text, Timestamp, counted};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What happens to a definition.
///
/// ```
/// use throng::engine::{Act, Source, Throng};
/// let throng = Throng::temporary()?;
/// let plan = throng.plan(&[Source::new("all.who", "declare event order")], None)?;
/// assert_eq!(plan.steps[0].act, Act::Create);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// It is new.
    Create,
    /// It says something else.
    Change,
    /// It says what it said; something that it uses says something else.
    Follow,
    /// It goes.
    Drop,
}

/// One definition on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What happens to it.
    pub act: Act,
    /// What sort of definition it is, or `declaration`, or `setting`.
    pub kind: Text,
    /// Its name.
    pub name: Text,
    /// What else is to be known of it.
    pub note: Option<String>,
}

/// The way from the definitions that are there to those that are given.
#[derive(Clone, Debug, Default)]
pub struct Becoming {
    /// What happens, in the order in which it is said.
    pub steps: Vec<Step>,
    /// How many definitions stay as they are.
    pub n_same: u64,
    /// The statements that do it, for [`Catalog::define_all`]: one for each step.
    pub program: Vec<Statement>,
    /// The catalog that they lead to.
    pub catalog: Catalog,
    /// What is odd about the given ones, each with its place among them.
    pub warnings: Vec<Wrong>,
}

/// What was given, in an order in which it can be said.
struct Wanted<'s> {
    catalog: Catalog,
    declared: Vec<(usize, &'s Statement)>,
    defined: Vec<(usize, &'s Statement, Key)>,
    warnings: Vec<Wrong>,
}

impl Catalog {
    /// The way to exactly these definitions. Declarations and settings that
    /// are not given stay: nothing takes them back.
    ///
    /// # Errors
    /// What is wrong with the given ones, each with its place among them.
    pub fn become_these(&self, given: &[Statement], at: Timestamp) -> Result<Becoming, Vec<Wrong>> {
        let wanted = self.wanted(given, at)?;
        let mut becoming = Becoming { warnings: wanted.warnings.clone(), ..Becoming::default() };
        let mut places: Vec<Option<usize>> = Vec::new();
        let mut probe = self.clone();
        for (place, statement) in &wanted.declared {
            let before = probe.definitions.clone();
            // What cannot be said is found below, where everything is said.
            let _said = probe.define_again(statement, at);
            if let Some(step) = declared_step(&before, &probe.definitions, &statement.kind) {
                becoming.add(step, (*statement).clone());
                places.push(Some(*place));
            } else {
                becoming.n_same += 1;
            }
        }
        let moved = self.moved(&wanted);
        for (place, statement, key) in &wanted.defined {
            let Some(act) = moved.get(key) else {
                becoming.n_same += 1;
                continue;
            };
            if *act == Act::Follow {
                becoming.n_same += 1;
            }
            let note = self.note_of(key, *act, &wanted.catalog);
            let step = Step { act: *act, kind: key.kind().into(), name: key.title(), note };
            becoming.add(step, replacing(statement, *act != Act::Create));
            places.push(Some(*place));
        }
        for (key, kind) in self.gone(&wanted) {
            let note = self.note_of(&key, Act::Drop, &wanted.catalog);
            let name = Spanned::new(key.name().clone(), Span::default());
            let step =
                Step { act: Act::Drop, kind: key.kind().into(), name: name.node.clone(), note };
            let kind = StatementKind::Drop(kind, name);
            becoming.add(step, Statement { kind, span: Span::default(), comments: Vec::new() });
            places.push(None);
        }
        becoming.catalog = self.clone();
        becoming.catalog.define_all(&becoming.program, at).map_err(|found| {
            let placed = |wrong: Wrong| Wrong {
                statement: wrong.statement.and_then(|step| places[step]),
                ..wrong
            };
            found.into_iter().map(placed).collect::<Vec<_>>()
        })?;
        Ok(becoming)
    }

    /// The same names and declarations, and nothing defined.
    fn blank(&self) -> Catalog {
        let mut definitions = (*self.definitions).clone();
        definitions.audiences.clear();
        definitions.traits.clear();
        definitions.models.clear();
        definitions.conditions.clear();
        definitions.lists.clear();
        definitions.experiments.clear();
        Catalog { definitions: Arc::new(definitions), ..self.clone() }
    }

    fn wanted<'s>(&self, given: &'s [Statement], at: Timestamp) -> Result<Wanted<'s>, Vec<Wrong>> {
        let (mut declared, mut waiting) = (Vec::new(), Vec::new());
        let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
        for (place, statement) in given.iter().enumerate() {
            let what = match created(&statement.kind) {
                Some((key, name)) => {
                    waiting.push((place, statement, key.clone()));
                    Some((key.words(), name.span))
                }
                None => said_of(&statement.kind).map(|said| {
                    declared.push((place, statement));
                    (format!("{} `{}`", said.0, said.1), statement.span)
                }),
            };
            let found = match what {
                None => no_definition(statement),
                Some((words, _)) if seen.insert(words.clone()) => continue,
                Some((words, span)) => {
                    Diagnostic::error(Code::NameTaken, span, format!("{words} is given twice"))
                        .help("keep one of the two")
                }
            };
            wrong.push(Wrong { statement: Some(place), diagnostic: found });
        }
        let mut catalog = self.blank();
        for (place, statement) in &declared {
            if let Err(found) = catalog.define(statement, at) {
                wrong.extend(wrong_at(*place, found));
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut wanted = Wanted { catalog, declared, defined: Vec::new(), warnings: Vec::new() };
        wanted.take(waiting, at)?;
        Ok(wanted)
    }

    /// What happens to each of the given definitions; what is not named stays.
    fn moved(&self, wanted: &Wanted<'_>) -> BTreeMap<Key, Act> {
        let mut moved = BTreeMap::new();
        let mut keys: BTreeSet<Key> = self.holdouts_moved(&wanted.catalog);
        for (_, _, key) in &wanted.defined {
            let Some(new) = wanted.catalog.definition(key) else { continue };
            let act = match self.definition(key) {
                None => Act::Create,
                Some(old) if !same(old, new) => Act::Change,
                Some(_) if new.uses.keys().any(|used| keys.contains(&used)) => Act::Follow,
                Some(_) => continue,
            };
            keys.insert(key.clone());
            moved.insert(key.clone(), act);
        }
        moved
    }

    /// The holdouts of which the share is another than now.
    fn holdouts_moved(&self, next: &Catalog) -> BTreeSet<Key> {
        let all = self.audience_entries().chain(next.audience_entries());
        let names = all.flat_map(|entry| entry.holdouts.iter().map(|(name, _)| name.clone()));
        let differs = |name: &Text| self.holdout(name) != next.holdout(name);
        names.filter(|name| differs(name)).map(Key::Holdout).collect()
    }

    /// What is there and was not given, each before what it uses.
    fn gone(&self, wanted: &Wanted<'_>) -> Vec<(Key, Kind)> {
        let kept: BTreeSet<&Key> = wanted.defined.iter().map(|(_, _, key)| key).collect();
        let keeps_model = |name: &Text| {
            kept.iter().any(|key| matches!(key, Key::Model(known, _) if known == name))
        };
        let mut order = self.in_order();
        let (lists, experiments) = (&self.definitions.lists, &self.definitions.experiments);
        let rest = lists.keys().cloned().map(Key::List);
        for key in rest.chain(experiments.keys().cloned().map(Key::Experiment)) {
            if !order.contains(&key) {
                order.push(key);
            }
        }
        let (mut gone, mut models) = (Vec::new(), BTreeSet::new());
        for key in order.into_iter().rev().filter(|key| !kept.contains(key)) {
            let kind = match &key {
                Key::Audience(_) => Kind::Audience,
                Key::Trait(_) => Kind::Trait,
                Key::Condition(_) => Kind::Condition,
                Key::List(_) => Kind::List,
                Key::Experiment(_) => Kind::Experiment,
                // A model goes as a whole: no statement drops one version.
                Key::Model(name, _) if !keeps_model(name) && models.insert(name.clone()) => {
                    Kind::Model
                }
                Key::Model(..) | Key::Holdout(_) => continue,
            };
            gone.push((key, kind));
        }
        // Only where everything that uses it has gone does a model go.
        gone.sort_by_key(|(key, _)| matches!(key, Key::Model(..)));
        gone
    }

    /// What is to be known of a step beside its name.
    fn note_of(&self, key: &Key, act: Act, next: &Catalog) -> Option<String> {
        let lost = |list: &Text| {
            let entry = self.list(list)?;
            let n = entry.list.elements.len() as u64;
            let of = next.list(list).is_none_or(|next| next.of != entry.of);
            (of && n > 0).then(|| format!("its {} are lost", counted(n, "element", "elements")))
        };
        match (key, act) {
            (Key::List(list), Act::Change | Act::Drop) => lost(list),
            (_, Act::Change) => {
                let (old, new) = (self.definition(key)?, next.definition(key)?);
                old.says(new).then(|| "its description".to_owned())
            }
            _ => None,
        }
    }
}

impl<'s> Wanted<'s> {
    /// Takes definitions in as soon as what they name is there.
    fn take(
        &mut self,
        mut waiting: Vec<(usize, &'s Statement, Key)>,
        at: Timestamp,
    ) -> Result<(), Vec<Wrong>> {
        while !waiting.is_empty() {
            let (mut left, mut found) = (Vec::new(), Vec::new());
            let n_before = waiting.len();
            for (place, statement, key) in waiting {
                match self.catalog.define(statement, at) {
                    Ok(defined) => {
                        self.warnings.extend(wrong_at(place, defined.warnings));
                        self.defined.push((place, statement, key));
                    }
                    Err(why) => {
                        found.push(wrong_at(place, why));
                        left.push((place, statement, key));
                    }
                }
            }
            if left.len() == n_before {
                return Err(first_causes(&left, found));
            }
            waiting = left;
        }
        Ok(())
    }
}

/// What keeps definitions from being taken in: not that another one was kept.
fn first_causes(left: &[(usize, &Statement, Key)], found: Vec<Vec<Wrong>>) -> Vec<Wrong> {
    let names: BTreeSet<&Text> = left.iter().map(|(_, _, key)| key.name()).collect();
    let follows = |wrong: &Wrong| follows(&wrong.diagnostic, &names);
    let causes: Vec<Wrong> =
        found.into_iter().filter(|all| !all.iter().any(follows)).flatten().collect();
    if !causes.is_empty() {
        return causes;
    }
    let (place, statement, key) = &left[0];
    let span = created(&statement.kind).map_or(statement.span, |(_, name)| name.span);
    let all: Vec<String> = left.iter().map(|(_, _, key)| key.words()).collect();
    let message = format!("{} would need itself", key.words());
    let diagnostic = Diagnostic::error(Code::Cycle, span, message)
        .help(format!("why: none of these stands without another: {}", all.join(", ")))
        .help("write out in one of them what it is to mean, without the others");
    vec![Wrong { statement: Some(*place), diagnostic }]
}

fn no_definition(statement: &Statement) -> Diagnostic {
    let message = "this defines nothing, and stands in a file of definitions";
    Diagnostic::error(Code::Syntax, statement.span, message).help(
        "files of definitions hold `create`, `declare` and `set`; ask and change by `throng query`",
    )
}

/// Whether two definitions say the same, and describe themselves alike.
fn same(old: &Definition, new: &Definition) -> bool {
    old.says(new) && old.description == new.description
}

/// What a declaration or a setting is about.
fn said_of(kind: &StatementKind) -> Option<(&'static str, String)> {
    let what = match kind {
        StatementKind::Set(name, _) => ("setting", name.node.to_string()),
        StatementKind::Declare(declare) => match declare {
            Declare::Event { name, property: None, .. } => ("event", name.node.to_string()),
            Declare::Event { name, property: Some((path, _)), .. } => {
                let path: Vec<&str> = path.iter().map(|key| &*key.node).collect();
                ("event", format!("{}.{}", name.node, path.join(".")))
            }
            Declare::Attribute { name, .. } => ("attribute", name.node.to_string()),
            Declare::Identifier { name, .. } => ("identifier", name.node.to_string()),
            Declare::Source { name, .. } => ("source", name.node.to_string()),
        },
        _ => return None,
    };
    Some(what)
}

/// What a declaration or a setting changes; none if it was said before.
fn declared_step(before: &Definitions, after: &Definitions, kind: &StatementKind) -> Option<Step> {
    let differs = before.events != after.events
        || before.attributes != after.attributes
        || before.identifiers != after.identifiers
        || before.sources != after.sources
        || before.zone != after.zone
        || before.first_day != after.first_day;
    let (kind, name) = said_of(kind).filter(|_| differs)?;
    let was_there = match kind {
        "setting" => true,
        "attribute" => before.attributes.contains_key(&*name),
        "identifier" => before.identifiers.contains_key(&*name),
        "source" => before.sources.contains_key(&*name),
        _ => before.events.iter().any(|(event, paths)| {
            let of = |path: &Vec<Text>| format!("{event}.{}", path.join("."));
            **event == *name || paths.keys().any(|path| of(path) == name)
        }),
    };
    let act = if was_there { Act::Change } else { Act::Create };
    Some(Step { act, kind: kind.into(), name: name.into(), note: None })
}

impl Key {
    /// The name, and of a model its version.
    fn title(&self) -> Text {
        match self {
            Key::Model(name, version) => format!("{name} version {version}").into(),
            _ => self.name().clone(),
        }
    }
}

impl Becoming {
    fn add(&mut self, step: Step, statement: Statement) {
        self.steps.push(step);
        self.program.push(statement);
    }
}
