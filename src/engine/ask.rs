//! Running statements: read from a view, or ordered from the writer.

use super::cost;
use super::crowd::Stoppable;
use super::foresee::foresee;
use super::lint;
use super::nobody::{nobody, placed};
use super::past::Past;
use super::rehearse::rehearse_here;
use super::request::Change;
use super::sizes::Sizes;
use super::together;
use super::watch::{self, Watched};
use super::why;
use super::{
    Answer, Answers, Clock, CommitError, CommitTime, QueryError, Stop, Throng, announced, members,
    profile,
};
use crate::lang::{self, Diagnostic, Params, Severity, tree};
use crate::model::{Identifier, Text, Timestamp, counted};
use crate::query::resolve::{self, Explanation, Resolved};
use crate::query::{Crowd, CrowdError, Reference, Rows, describe, explain};
use crate::report;
use crate::state::View;

/// A program of statements and how it is to be run.
///
/// ```
/// use throng::engine::{Ask, QueryError, Throng};
/// let throng = Throng::temporary()?;
/// throng.query("declare event order")?;
/// let text = "show events";
/// let asked = throng.ask(&Ask { text, rows_max: Some(0), ..Ask::default() });
/// assert!(matches!(asked, Err(QueryError::TooManyRows { limit: 0 })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Ask<'a> {
    /// The statements.
    pub text: &'a str,
    /// What the text's `$name`s stand for.
    pub params: Params,
    /// Where the text stands, for the pictures of diagnostics.
    pub file: Option<&'a str>,
    /// `now`: the instant asked about, and the commit time of changes.
    pub at: Option<Timestamp>,
    /// The sign to take the question back.
    pub stop: Stop,
    /// Rows that an answer may have.
    pub rows_max: Option<usize>,
    /// Refuses statements that change something.
    pub read_only: bool,
}

pub(super) fn ask(throng: &Throng, asked: &Ask<'_>) -> Result<Answers, QueryError> {
    let parsed = lang::parse_with(asked.text, &asked.params);
    rehearse_here(throng, asked, &parsed)?;
    let mut answers = Answers::default();
    let mut rest = &parsed.statements[..];
    while let Some((statement, others)) = rest.split_first() {
        if asked.stop.is_stopped() {
            return Err(after(answers.answers, QueryError::Cancelled));
        }
        match together::created(throng, asked, rest, &mut answers) {
            Ok(0) => rest = others,
            Ok(n) => {
                rest = &rest[n..];
                continue;
            }
            Err(error) => return Err(after(answers.answers, error)),
        }
        match answer(throng, asked, statement, &mut answers.warnings) {
            Ok(answer) => answers.answers.push(answer),
            Err(error) => return Err(after(answers.answers, error)),
        }
    }
    Ok(answers)
}

/// An error that does not hide what the statements before it have changed.
fn after(answers: Vec<Answer>, error: QueryError) -> QueryError {
    let done = answers.into_iter().filter_map(|answer| match answer {
        Answer::Done(done) => Some(done),
        Answer::Rows(_) | Answer::Text(_) => None,
    });
    match done.collect::<Vec<String>>() {
        done if done.is_empty() => error,
        done => QueryError::After { done, error: Box::new(error) },
    }
}

pub(super) fn fail_if_wrong(asked: &Ask<'_>, diagnostics: &[Diagnostic]) -> Result<(), QueryError> {
    if !diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Ok(());
    }
    Err(QueryError::Text { diagnostics: diagnostics.to_vec(), pictures: draw(asked, diagnostics) })
}

pub(super) fn draw(asked: &Ask<'_>, diagnostics: &[Diagnostic]) -> String {
    let pictures: Vec<String> =
        diagnostics.iter().map(|diagnostic| diagnostic.render(asked.text, asked.file)).collect();
    pictures.join("\n")
}

fn answer(
    throng: &Throng,
    asked: &Ask<'_>,
    statement: &tree::Statement,
    warnings: &mut Vec<String>,
) -> Result<Answer, QueryError> {
    // Read before the view: what that lacks has a later time.
    let wall = throng.shared().instant();
    let view = throng.view()?;
    let now = asked.at.unwrap_or_else(|| now_of(throng, &view, wall));
    let (resolved, found) = resolve::check(statement, view.catalog(), now);
    fail_if_wrong(asked, &found)?;
    let found = lint::counted(found, statement, (&view, view.catalog()), (now, &asked.stop))?;
    if !found.is_empty() {
        warnings.push(draw(asked, &found));
    }
    let Some(resolved) = resolved else { return Ok(Answer::Done(String::new())) };
    let answer = run(throng, (asked, statement), (&view, now), resolved, warnings);
    let answer = answer.map_err(|error| placed(asked, statement, &view, error))?;
    if let Some(found) = lint::of_created(throng, statement)? {
        warnings.push(draw(asked, &[found]));
    }
    match (asked.rows_max, &answer) {
        (Some(limit), Answer::Rows(rows)) if rows.rows.len() > limit => {
            Err(QueryError::TooManyRows { limit })
        }
        _ => Ok(answer),
    }
}

/// The instant of a question without one of its own, at a time on the wall.
pub(super) fn now_of(throng: &Throng, view: &View, wall: Timestamp) -> Timestamp {
    match throng.shared().clock() {
        Clock::Given => view.at(),
        Clock::Wall => wall.max(view.at()),
    }
}

fn run(
    throng: &Throng,
    (asked, statement): (&Ask<'_>, &tree::Statement),
    (view, now): (&View, Timestamp),
    resolved: Resolved,
    warnings: &mut Vec<String>,
) -> Result<Answer, QueryError> {
    match resolved {
        Resolved::Question { question, as_of, zone } => {
            let past = Past::of(throng, view, (as_of, now), &asked.stop)?;
            let question = match past.again(statement, now) {
                Some(Resolved::Question { question, .. }) => question,
                _ => question,
            };
            warnings.extend(past.differences(question.audiences()));
            let crowd = Stoppable { view: past.view(), stop: &asked.stop };
            report::answer(&question, &crowd, past.now, &zone).map(Answer::Rows).map_err(unread)
        }
        Resolved::Why { profile, audience, negated: _, as_of } => {
            let past = Past::of(throng, view, (as_of, now), &asked.stop)?;
            warnings.extend(past.differences([audience.name.clone()].into()));
            let audience = match past.again(statement, now) {
                Some(Resolved::Why { audience, .. }) => audience,
                _ => audience,
            };
            why::explain((past.view(), &asked.stop), &profile, &audience, past.now)
        }
        Resolved::Members { audience, at } => {
            announced::members(throng, view, &audience, at).map(Answer::Rows)
        }
        Resolved::Watch { audience, from, columns, settled_ms } => {
            let watched = Watched { audience: &audience, from, columns: &columns, settled_ms };
            watch::changes(throng, view, now, &watched).map(Answer::Rows)
        }
        Resolved::Verify(audience) => members::verify(view, &audience, &asked.stop),
        Resolved::Show { shown, like } => {
            let rows = describe::show(view.catalog(), shown, like.as_deref());
            sizes(view, asked, now, |sizes| sizes.of_all(shown, rows))
        }
        Resolved::Describe { kind, name } => {
            let rows = describe::describe(view.catalog(), kind, &name);
            sizes(view, asked, now, |sizes| sizes.of_one(kind, rows))
        }
        Resolved::DescribeProfile { profile, as_of } => {
            let past = Past::of(throng, view, (as_of, now), &asked.stop)?;
            profile::describe(past.view(), &profile, past.now).map(Answer::Rows)
        }
        Resolved::Explain(Explanation::Identifier(declared)) => {
            foresee(throng, view, &declared, (now, &asked.stop)).map(Answer::Text)
        }
        Resolved::Sql(sql) => Ok(Answer::Text(sql + "\n")),
        Resolved::Explain(what) => Ok(Answer::Text(explain::explain(&what, view.catalog()))),
        Resolved::Cost(what) => {
            let crowd = Stoppable { view, stop: &asked.stop };
            cost::explained(&what, &cost::Ground { crowd: &crowd, now }).map(Answer::Text)
        }
        change => change_of(throng, asked, view, change),
    }
}

/// Rows with the sizes of audiences in them, at the instant asked about.
fn sizes(
    view: &View,
    asked: &Ask<'_>,
    now: Timestamp,
    add: impl FnOnce(&Sizes<'_>) -> Result<Rows, QueryError>,
) -> Result<Answer, QueryError> {
    let crowd = Stoppable { view, stop: &asked.stop };
    add(&Sizes { crowd: &crowd, now, chosen: asked.at.is_some() }).map(Answer::Rows)
}

/// Statements that only a writer can do.
fn change_of(
    throng: &Throng,
    asked: &Ask<'_>,
    view: &View,
    resolved: Resolved,
) -> Result<Answer, QueryError> {
    if asked.read_only {
        return Err(CommitError::ReadOnly.into());
    }
    // The last moment at which a question can be taken back: what is ordered is done.
    if asked.stop.is_stopped() {
        return Err(QueryError::Cancelled);
    }
    let time = asked.at.map_or(CommitTime::Clock, CommitTime::At);
    let (change, done) = match resolved {
        Resolved::Define(text) | Resolved::Set(text) => (Change::Define(text), String::new()),
        Resolved::Link(a, b) => {
            let (a, b) = (identifier_of(view, &a)?, identifier_of(view, &b)?);
            let done = format!("linked {a} with {b}");
            (Change::Link(a, b), done)
        }
        Resolved::Unlink(a, b) => {
            let (a, b) = (identifier_of(view, &a)?, identifier_of(view, &b)?);
            let done = format!("unlinked {a} from {b}{}", unknown_of(view, [&a, &b]));
            (Change::Unlink(a, b), done)
        }
        Resolved::Forget { profile, suppress } => {
            forget(view, &profile, suppress, asked.at.unwrap_or_else(|| throng.now(view)))?
        }
        Resolved::ForgetEvent(message) => (Change::ForgetEvent(message), String::new()),
        Resolved::Freeze { audience, list } => {
            members::kept(view, &audience)?;
            (Change::Freeze { audience: audience.name.clone(), list }, String::new())
        }
        Resolved::ChangeIds { adds, ids, list } => {
            (Change::Define(changed_ids(view, adds, &ids, &list)?), String::new())
        }
        other => return Err(QueryError::Read(format!("no way to run {other:?}"))),
    };
    let linked = match &change {
        Change::Link(a, b) => Some((a.clone(), b.clone())),
        _ => None,
    };
    let message = throng.change(change, time).map_err(|error| picture_of(asked, error))?;
    if let Some(refused) = linked.and_then(|(a, b)| profile::refused(throng, &a, &b).transpose()) {
        return refused.map(Answer::Done);
    }
    Ok(Answer::Done(message.filter(|message| !message.is_empty()).unwrap_or(done)))
}

/// A definition that the writer refused is drawn like any other mistake.
pub(super) fn picture_of(asked: &Ask<'_>, error: CommitError) -> QueryError {
    match error {
        CommitError::Definition(diagnostics) => {
            QueryError::Text { pictures: draw(asked, &diagnostics), diagnostics }
        }
        other => QueryError::Commit(other),
    }
}

fn forget(
    view: &View,
    profile: &Reference,
    suppress: bool,
    upto: Timestamp,
) -> Result<(Change, String), QueryError> {
    let seat = view.seat(profile).ok_or_else(|| nobody(profile))?;
    let mut n_events = 0;
    view.one(profile, upto, &mut |person| {
        n_events = person.events.iter().filter(|event| event.when <= upto).count();
    })
    .map_err(unread)?;
    let names: Vec<String> = view.identifiers(seat).iter().map(ToString::to_string).collect();
    let (personal, tenures) = view.hashes_of(seat, upto);
    let done = format!(
        "forgot {} with {} and {}",
        crate::model::ProfileId(seat.0),
        names.join(", "),
        counted(n_events as u64, "call", "calls")
    );
    Ok((Change::Forget { personal, tenures, suppress }, done))
}

/// A change of a list of ids, each as the policy writes it.
fn changed_ids(view: &View, adds: bool, ids: &[Reference], list: &str) -> Result<Text, QueryError> {
    let ids: Vec<Identifier> =
        ids.iter().map(|id| identifier_of(view, id)).collect::<Result<_, _>>()?;
    let at = |text: &str| lang::Spanned::new(text.into(), lang::Span::default());
    let elements = ids.iter().map(|id| at(&id.to_string())).collect();
    let kind = tree::StatementKind::ChangeList { adds, elements, list: at(list) };
    let (span, comments) = (lang::Span::default(), Vec::new());
    Ok(lang::print(&tree::Statement { kind, span, comments }).into())
}

/// Says of names that nobody has what it means to unlink them.
fn unknown_of(view: &View, names: [&Identifier; 2]) -> String {
    let unknown = names.into_iter().filter(|name| view.n_holders(name) == 0);
    let unknown: Vec<String> = unknown.map(ToString::to_string).collect();
    match &unknown[..] {
        [] => String::new(),
        names => {
            format!("; nobody has {} yet, and calls will not join the two", names.join(" or "))
        }
    }
}

/// The identifier that a reference says, normalised; of a profile its root.
fn identifier_of(view: &View, reference: &Reference) -> Result<Identifier, QueryError> {
    let found = match reference {
        Reference::Identifier(identifier) => view.policy().normalise(identifier),
        Reference::Profile(profile) => {
            view.identifier(crate::model::IdentifierNumber(profile.0)).cloned()
        }
    };
    found.ok_or_else(|| nobody(reference))
}

pub(super) fn unread(error: CrowdError) -> QueryError {
    match error {
        CrowdError::Cancelled => QueryError::Cancelled,
        CrowdError::Nobody(reference) => nobody(&reference),
        CrowdError::TooManyPeriods { limit } => QueryError::TooManyPeriods { limit },
        other => QueryError::Read(other.to_string()),
    }
}

impl Throng {
    /// What `now` is for a question without an instant of its own: the wall's
    /// time, or under a given clock the time of the last commit.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// let at = "2026-03-01T00:00:00Z".parse()?;
    /// throng.advance_to(at)?;
    /// assert_eq!(throng.now(&throng.view()?), at);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(hidden)]
    pub fn now(&self, view: &View) -> Timestamp {
        match self.shared().clock() {
            Clock::Given => view.at(),
            Clock::Wall => self.shared().instant().max(view.at()),
        }
    }
}
