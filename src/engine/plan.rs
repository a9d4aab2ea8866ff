//! Definitions made equal to files: first what would happen, then that.

use super::ask::unread;
use super::crowd::Stoppable;
use super::members::kept;
use super::request::Change;
use super::{CommitError, CommitTime, QueryError, Stop, Throng};
use crate::index::Seats;
use crate::lang::{self, Diagnostic, Severity, tree::Statement};
use crate::model::{Text, Timestamp};
use crate::query::Crowd;
use crate::query::catalog::{self, Act, Becoming, Catalog, Wrong};
use crate::query::predicate::Audience;
use crate::state::View;
use std::collections::BTreeSet;

/// A file of definitions: where it stands, and its text.
///
/// ```
/// use throng::engine::Source;
/// let source = Source::new("vip.who", "declare event order");
/// assert_eq!(&*source.name, "vip.who");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How diagnostics call it.
    pub name: String,
    /// What it says.
    pub text: String,
}

impl Source {
    /// A file of that name.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        Source { name: name.into(), text: text.into() }
    }
}

/// What makes the definitions of a database equal to those of files.
///
/// ```
/// use throng::engine::{Source, Throng};
/// let throng = Throng::temporary()?;
/// let files = [
///     Source::new("a.who", "create audience seen is people in audience everybody"),
///     Source::new("b.who", "create audience everybody is everyone"),
/// ];
/// let plan = throng.plan(&files, None)?;
/// assert_eq!(
///     plan.to_string(),
///     "+ audience `everybody`: 0 people\n+ audience `seen`: 0 people\n\
///      2 to create, 0 to change, 0 to drop; 0 stay as they are\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What happens, each after what it needs.
    pub steps: Vec<Planned>,
    /// How many definitions stay as they are.
    pub n_same: u64,
    /// The statements that do it, parted by `;`: they are committed as one.
    pub program: String,
    /// Lints of the files, drawn as pictures.
    pub warnings: Vec<String>,
}

/// One definition of a plan.
///
/// ```
/// use throng::engine::{Source, Throng};
/// let throng = Throng::temporary()?;
/// throng.query("create audience old is everyone")?;
/// let plan = throng.plan(&[Source::new("all.who", "declare event order")], None)?;
/// let said: Vec<&str> = plan.steps.iter().map(|step| &*step.name).collect();
/// assert_eq!(said, ["order", "old"]);
/// assert_eq!(plan.steps[1].moves.unwrap().leave, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// What happens to it.
    pub act: Act,
    /// What sort of definition it is.
    pub kind: Text,
    /// Its name.
    pub name: Text,
    /// What else is to be known of it.
    pub note: Option<String>,
    /// Of an audience that is kept: who comes and goes by it.
    pub moves: Option<Moves>,
}

/// How many people a definition moves.
///
/// ```
/// use throng::engine::Moves;
/// let moves = Moves { enter: 2, leave: 0, people: 5 };
/// assert_eq!(moves.people - moves.enter, 3);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Who was not in it and will be.
    pub enter: u64,
    /// Who was in it and will not be.
    pub leave: u64,
    /// Who is in it afterwards.
    pub people: u64,
}

impl Plan {
    /// Whether there is nothing to do.
    ///
    /// ```
    /// use throng::engine::{Source, Throng};
    /// let throng = Throng::temporary()?;
    /// let files = [Source::new("all.who", "declare event order")];
    /// let plan = throng.plan(&files, None)?;
    /// assert!(!plan.is_empty());
    /// throng.apply(&files, &plan, None)?;
    /// assert!(throng.plan(&files, None)?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.program.is_empty()
    }

    /// How many definitions something happens to.
    pub(super) fn n(&self, act: Act) -> u64 {
        self.steps.iter().filter(|step| step.act == act).count() as u64
    }
}

/// A plan and the definitions that it was made for.
struct Made {
    plan: Plan,
    base: Catalog,
}

impl Throng {
    /// What would make the definitions equal to those of files. Nothing is
    /// changed. Definitions that are there and in no file are dropped;
    /// declarations and settings in no file stay.
    ///
    /// ```
    /// use throng::engine::{Source, Throng};
    /// let throng = Throng::temporary()?;
    /// let wrong = throng.plan(&[Source::new("a.who", "count everyone")], None).unwrap_err();
    /// assert!(wrong.to_string().contains("a.who:1:1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If a file is wrong, or the files together are.
    pub fn plan(&self, files: &[Source], at: Option<Timestamp>) -> Result<Plan, QueryError> {
        made(self, files, at).map(|made| made.plan)
    }

    /// Makes the definitions equal to those of files, as one commit: all of
    /// `shown`, or nothing. What was shown holds: should it be another plan by
    /// now, nothing is done.
    ///
    /// ```
    /// use throng::engine::{QueryError, Source, Throng};
    /// let throng = Throng::temporary()?;
    /// let files = [Source::new("a.who", "create audience visitors is everyone")];
    /// let shown = throng.plan(&files, None)?;
    /// throng.query("create audience other is everyone")?;
    /// assert!(matches!(throng.apply(&files, &shown, None), Err(QueryError::OtherPlan)));
    ///
    /// let shown = throng.plan(&files, None)?;
    /// throng.apply(&files, &shown, None)?;
    /// assert!(throng.audience("visitors").is_ok() && throng.audience("other").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the plan is another by now, or the commit fails.
    pub fn apply(
        &self,
        files: &[Source],
        shown: &Plan,
        at: Option<Timestamp>,
    ) -> Result<Plan, QueryError> {
        let Made { plan, base } = made(self, files, at)?;
        if plan.program != shown.program {
            return Err(QueryError::OtherPlan);
        }
        if plan.is_empty() {
            return Ok(plan);
        }
        let text: Text = plan.program.as_str().into();
        let time = at.map_or(CommitTime::Clock, CommitTime::At);
        match self.change(Change::Program { text, base: Box::new(base) }, time) {
            Ok(_) => Ok(plan),
            Err(CommitError::OtherDefinitions) => Err(QueryError::OtherPlan),
            Err(error) => Err(error.into()),
        }
    }
}

fn made(throng: &Throng, files: &[Source], at: Option<Timestamp>) -> Result<Made, QueryError> {
    let (statements, places) = read(files)?;
    let view = throng.view()?;
    let now = at.unwrap_or_else(|| throng.now(&view));
    let base = view.catalog().clone();
    let becoming = base.become_these(&statements, now);
    let becoming = becoming.map_err(|found| wrong(files, &places, found))?;
    let steps = steps(&view, &becoming, now)?;
    let program: Vec<String> = becoming.program.iter().map(lang::print).collect();
    let odd = becoming.warnings.iter().map(|odd| drawn(files, &places, odd));
    let plan = Plan {
        steps,
        n_same: becoming.n_same,
        program: program.join(";\n\n"),
        warnings: odd.collect(),
    };
    Ok(Made { plan, base })
}

/// Every statement of the files, and in which file each stands.
fn read(files: &[Source]) -> Result<(Vec<Statement>, Vec<usize>), QueryError> {
    let (mut statements, mut places, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for (file, source) in files.iter().enumerate() {
        let parsed = lang::parse(&source.text);
        found.extend(parsed.diagnostics.into_iter().map(|diagnostic| (file, diagnostic)));
        places.extend(parsed.statements.iter().map(|_| file));
        statements.extend(parsed.statements);
    }
    let is_wrong = |(_, found): &(usize, Diagnostic)| found.severity == Severity::Error;
    if !found.iter().any(is_wrong) {
        return Ok((statements, places));
    }
    let draw = |(file, found): &(usize, Diagnostic)| {
        found.render(&files[*file].text, Some(&files[*file].name))
    };
    let pictures: Vec<String> = found.iter().map(draw).collect();
    let diagnostics = found.into_iter().map(|(_, found)| found).collect();
    Err(QueryError::Text { diagnostics, pictures: pictures.join("\n") })
}

fn wrong(files: &[Source], places: &[usize], found: Vec<Wrong>) -> QueryError {
    let pictures: Vec<String> = found.iter().map(|wrong| drawn(files, places, wrong)).collect();
    let diagnostics = found.into_iter().map(|wrong| wrong.diagnostic).collect();
    QueryError::Text { diagnostics, pictures: pictures.join("\n") }
}

fn drawn(files: &[Source], places: &[usize], wrong: &Wrong) -> String {
    let file = wrong.statement.and_then(|place| files.get(places[place]));
    match file {
        Some(file) => wrong.diagnostic.render(&file.text, Some(&file.name)),
        None => wrong.diagnostic.render("", None),
    }
}

/// What is shown of each step: who follows and is answered as before is not.
fn steps(view: &View, becoming: &Becoming, now: Timestamp) -> Result<Vec<Planned>, QueryError> {
    let (before, after) = (view.catalog(), &becoming.catalog);
    let mut steps = Vec::new();
    for catalog::Step { act, kind, name, note } in &becoming.steps {
        let is_audience = &**kind == "audience";
        let (old, new) = (before.audience(name), after.audience(name));
        let differs = is_audience && !is_same(old.map(|it| &**it), new.map(|it| &**it));
        if *act == Act::Follow && !differs {
            continue;
        }
        let moves = match is_audience {
            true => moves(view, old.map(|it| &**it), new.map(|it| &**it), now)?,
            false => None,
        };
        let paused = is_audience
            && before.audience_entry(name).is_some_and(|entry| entry.paused)
            && *act != Act::Drop;
        let note = note.clone().or_else(|| paused.then(|| "paused, nothing is announced".into()));
        steps.push(Planned { act: *act, kind: kind.clone(), name: name.clone(), note, moves });
    }
    let said: BTreeSet<Text> = steps.iter().map(|step| step.name.clone()).collect();
    for new in after.audiences().filter(|new| !said.contains(&new.name)) {
        let old = before.audience(&new.name).map(|it| &**it);
        if old.is_some() && !is_same(old, Some(new)) {
            let moves = moves(view, old, Some(new), now)?;
            let (kind, name) = ("audience".into(), new.name.clone());
            steps.push(Planned { act: Act::Follow, kind, name, note: None, moves });
        }
    }
    Ok(steps)
}

fn is_same(old: Option<&Audience>, new: Option<&Audience>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => old.condition == new.condition && old.zone == new.zone,
        (None, None) => true,
        _ => false,
    }
}

/// Who comes and goes; none where neither stands.
fn moves(
    view: &View,
    old: Option<&Audience>,
    new: Option<&Audience>,
    now: Timestamp,
) -> Result<Option<Moves>, QueryError> {
    if old.is_none() && new.is_none() {
        return Ok(None);
    }
    let before = old.map_or_else(|| Ok(Seats::default()), |old| members(view, old, now))?;
    let after = match new {
        Some(new) if is_same(old, Some(new)) => before.clone(),
        Some(new) => selected(view, new, now)?,
        None => Seats::default(),
    };
    let (enter, leave) = ((&after - &before).len(), (&before - &after).len());
    Ok(Some(Moves { enter, leave, people: after.len() }))
}

/// Who is in it: as it is kept, or asked of everybody where nothing is.
fn members(view: &View, audience: &Audience, now: Timestamp) -> Result<Seats, QueryError> {
    kept(view, audience).cloned().or_else(|_| selected(view, audience, now))
}

fn selected(view: &View, audience: &Audience, now: Timestamp) -> Result<Seats, QueryError> {
    let crowd = Stoppable { view, stop: &Stop::default() };
    let selected = crowd.select(&audience.condition, now).map_err(unread)?;
    Ok(selected.unwrap_or_default())
}
