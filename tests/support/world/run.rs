//! Running steps against a state, and comparing every evaluator after each.

use super::super::generate::now;
use super::{Step, definitions, past, policy};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use throng::audience::Delta;
use throng::identity::Named;
use throng::lang;
use throng::model::{Call, Input, Lsn, Ordinal, ProfileId, Record, Timestamp, Value, Zone};
use throng::query::predicate::Audience;
use throng::query::resolve::{self, Resolved};
use throng::query::{Ahead, Crowd, CrowdError, Person, Question, Reference, holds, why};
use throng::report;
use throng::state::{Changes, State, View};
use throng::timeline::{MemoryPages, PageError, PageKey, Pages};

/// Pages of the run; shared, so that views may read while more are written.
#[derive(Clone, Default)]
struct Shared(Arc<std::sync::RwLock<MemoryPages>>);

impl Pages for Shared {
    fn page(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError> {
        self.0.read().unwrap().page(key)
    }
}

/// A world that was run: what was compared on the way.
pub struct Run {
    state: State,
    pages: Shared,
    records: Vec<Record>,
    told: BTreeMap<String, BTreeSet<Ordinal>>,
    /// What was found at each instant.
    found: Vec<past::Found>,
    /// Comparisons of one audience with the oracle.
    pub n_compared: u64,
    /// People who were in at a comparison.
    pub n_members: u64,
    /// People who were in as of an instant of the past.
    pub n_past: u64,
    /// Changes that were announced.
    pub n_moves: u64,
    /// People who were in where people are ranked.
    pub n_ranked: u64,
}

/// Runs the steps; an error says what disagreed, and after which step.
pub fn run(steps: &[Step]) -> Result<Run, String> {
    let mut run = Run {
        state: fresh(),
        pages: Shared::default(),
        records: Vec::new(),
        told: BTreeMap::new(),
        found: Vec::new(),
        n_past: 0,
        n_compared: 0,
        n_members: 0,
        n_moves: 0,
        n_ranked: 0,
    };
    run.declare()?;
    for (place, step) in steps.iter().enumerate() {
        run.step(step).and_then(|()| run.compare()).map_err(|what| {
            format!("after step {place} ({step:?}) at {}: {what}", run.state.at())
        })?;
    }
    Ok(run)
}

fn fresh() -> State {
    let mut state = State::new(7);
    state.go_live(&MemoryPages::default()).unwrap();
    state
}

/// Reports of every kind.
const QUESTIONS: [&str; 11] = [
    "trend count(order), sum(order.total), distinct(view.channel) per day in last 5 days by country",
    "retention of login returning to any event per day for 3 by country top 2",
    "count everyone by country",
    "count everyone",
    "count events order in last 3 days by country, age",
    "count events any event of people who did login",
    "total sum(order.total), avg(order.total), max(order.total), first(order.total), \
     count(view since first order), distinct(order.channel) by country",
    "list user_id, country, sum(order.total in last 2 days), last(view.when) of people who did \
     any event sort by sum(order.total) limit 3",
    "list user_id, first_seen of people who did not refund limit 2",
    "list user_id, if in quintile 5 of sum(order.total) among (did order) then \"best\" \
     else if in bottom 2 by last(view.when) then \"far\" else \"near\" as place of everyone",
    "count everyone by if in top 50% by count(any event) then 1 else 2",
];

/// A view that shows its people and cannot tell anything of all of them.
struct OneByOne<'a>(&'a View);

impl Crowd for OneByOne<'_> {
    fn each(
        &self,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>) -> bool,
    ) -> Result<(), CrowdError> {
        self.0.each(now, visit)
    }

    fn ahead(
        &self,
        audience: &Arc<Audience>,
        between: (Timestamp, Timestamp),
    ) -> Result<Ahead, CrowdError> {
        self.0.ahead(audience, between)
    }

    fn one(
        &self,
        reference: &Reference,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>),
    ) -> Result<bool, CrowdError> {
        self.0.one(reference, now, visit)
    }
}

/// Whom the oracle finds, one by one.
fn oracle(view: &View, audience: &Audience, at: Timestamp) -> Result<BTreeSet<Ordinal>, String> {
    let mut right = BTreeSet::new();
    view.each(at, &mut |person| {
        if holds::holds(&audience.condition, person, at) {
            right.insert(Ordinal(person.profile.0));
        }
        true
    })
    .map_err(|error| error.to_string())?;
    Ok(right)
}

/// Whom the scan finds.
fn chosen(view: &View, audience: &Audience, at: Timestamp) -> Result<BTreeSet<Ordinal>, String> {
    let found = view.select(&audience.condition, at).map_err(|error| error.to_string())?;
    Ok(found.expect("a view selects").iter().collect())
}

impl Run {
    /// Names that audiences may use before a fact mentions them.
    fn declare(&mut self) -> Result<(), String> {
        for text in definitions::beginning() {
            self.define(text)?;
            if !self.records.iter().any(|record| record.input == Input::Define(text.into())) {
                return Err(format!("`{text}` defines nothing"));
            }
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        let at = self.state.at().max(now());
        match step {
            Step::Calls(calls) => self.calls(calls, at),
            Step::Pass(ms) => self.commit(at.plus_ms(*ms), Input::Tick),
            Step::ToNextChange(ms) => {
                let next = self.next_change().map_or(at, |next| next.plus_ms(*ms).max(at));
                self.commit(next, Input::Tick)
            }
            Step::Define { text, .. } | Step::Say(text) => self.define(text),
            Step::Freeze(audience) => self.freeze(audience, at),
            Step::ForgetEvent(id) => {
                let message = format!("00000000-0000-0000-0000-{id:012x}");
                self.commit(at, Input::ForgetEvent(message.as_str().into()))
            }
            Step::Declare(text) => self.declare_again(text),
            Step::Drop(name) => self.define(&format!("drop audience {name}")),
            Step::Link { a, b, veto: false } => {
                self.commit(at, Input::Link(a.as_str().into(), b.as_str().into()))
            }
            Step::Link { a, b, veto: true } => {
                self.commit(at, Input::Unlink(a.as_str().into(), b.as_str().into()))
            }
            Step::Forget { name, suppress } => self.forget(name, *suppress, at),
            Step::Seal => self.seal(),
            Step::Reopen => self.reopen(),
        }
    }

    fn calls(&mut self, calls: &[Call], at: Timestamp) -> Result<(), String> {
        let admitted =
            self.state.admit(calls.to_vec(), at, &self.pages).map_err(|error| error.to_string())?;
        if admitted.calls.is_empty() {
            return Ok(());
        }
        let record = self.record(at, Input::Calls(admitted.calls));
        self.apply(record, Some(admitted.named))
    }

    /// A definition that names what is not known (any more) is no step at all.
    fn define(&mut self, text: &str) -> Result<(), String> {
        let at = self.state.at().max(now());
        let parsed = lang::parse(text);
        if parsed.statements.len() != 1 || !parsed.diagnostics.is_empty() {
            return Err(format!("`{text}` does not parse: {:?}", parsed.diagnostics));
        }
        if self.state.catalog().clone().define(&parsed.statements[0], at).is_err() {
            return Ok(());
        }
        let record = self.record(at, Input::Define(text.into()));
        let changes = self.changes(record, None)?;
        let changed = changes.changed.clone();
        self.announce(&changes)?;
        for name in changed {
            self.commit(at, Input::Activate(name))?;
        }
        Ok(())
    }

    fn freeze(&mut self, audience: &str, at: Timestamp) -> Result<(), String> {
        let members = self.state.live().and_then(|live| live.members(audience));
        let Some(members) = members.map(|all| all.iter().map(|seat| seat.0).collect()) else {
            return Ok(());
        };
        self.commit(at, Input::Freeze { list: "members".into(), members })
    }

    fn forget(&mut self, name: &str, suppress: bool, at: Timestamp) -> Result<(), String> {
        let view = self.view();
        let Some(seat) = view.seat(&Reference::Identifier(name.parse().unwrap())) else {
            return Ok(());
        };
        let (personal, tenures) = view.hashes_of(seat, at);
        self.commit(at, Input::Forget { personal, tenures, suppress })
    }

    fn commit(&mut self, at: Timestamp, input: Input) -> Result<(), String> {
        let record = self.record(at, input);
        self.apply(record, None)
    }

    fn record(&mut self, at: Timestamp, input: Input) -> Record {
        let first_identifier = self.state.next_identifier();
        let record = Record { lsn: Lsn(self.state.lsn().0 + 1), at, first_identifier, input };
        self.records.push(record.clone());
        record
    }

    fn apply(&mut self, record: Record, named: Option<Vec<Named>>) -> Result<(), String> {
        let changes = self.changes(record, named)?;
        self.announce(&changes)
    }

    fn changes(&mut self, record: Record, named: Option<Vec<Named>>) -> Result<Changes, String> {
        let mut changes =
            self.state.apply(record, named, &self.pages).map_err(|e| e.to_string())?;
        policy::follow(&mut self.state, &mut changes, &self.records, &self.pages)?;
        Ok(changes)
    }

    /// Who is who is what it would be by that policy from the first call on, and
    /// the policy of before brings all back, even where somebody was forgotten.
    fn declare_again(&mut self, text: &str) -> Result<(), String> {
        if let Some(back) = policy::back(text, &self.records) {
            let before = policy::people(&self.view());
            self.define(text)?;
            self.compare()?;
            self.define(&back)?;
            let after = policy::people(&self.view());
            if before != after {
                return Err(format!("{text} and back: {before:?}, then {after:?}"));
            }
        }
        self.define(text)?;
        let forgets =
            |record: &Record| matches!(record.input, Input::Forget { .. } | Input::ForgetEvent(_));
        if self.records.iter().any(forgets) {
            return Ok(());
        }
        let (found, right) =
            (policy::people(&self.view()), policy::people(&policy::twin(&self.records)));
        match found == right {
            true => Ok(()),
            false => Err(format!("derived again {found:?}, from the first call on {right:?}")),
        }
    }

    /// Folds what was announced; nobody enters twice or leaves from outside.
    fn announce(&mut self, changes: &Changes) -> Result<(), String> {
        for Delta { audience, entered, left, .. } in &changes.deltas {
            let members = self.told.entry(audience.to_string()).or_default();
            for (seat, _) in left {
                if !members.remove(seat) {
                    return Err(format!("{seat:?} left {audience} without being in"));
                }
            }
            for (seat, _) in entered {
                if !members.insert(*seat) {
                    return Err(format!("{seat:?} entered {audience} twice"));
                }
            }
            self.n_moves += (entered.len() + left.len()) as u64;
        }
        for name in &changes.dropped {
            if self.told.remove(&**name).is_some_and(|members| !members.is_empty()) {
                return Err(format!("{name} is no more, and somebody never left it"));
            }
        }
        Ok(())
    }

    fn seal(&mut self) -> Result<(), String> {
        let at = self.state.at().max(now());
        let change = self.state.timeline().seal(at);
        self.install(change);
        let timeline = self.state.timeline().clone();
        if let Some(change) = timeline.merge(&self.pages, at).map_err(|e| e.to_string())? {
            self.install(change);
        }
        Ok(())
    }

    fn install(&mut self, change: throng::timeline::Change) {
        self.pages.0.write().unwrap().put(change.pages.iter().cloned());
        self.state.timeline_mut().install(change).unwrap();
    }

    /// The same records give the same state, whoever read them first.
    fn reopen(&mut self) -> Result<(), String> {
        let mut state = State::new(7);
        let pages = Shared::default();
        for record in &self.records {
            let changes = state.apply(record.clone(), None, &pages);
            let mut changes = changes.map_err(|error| error.to_string())?;
            policy::follow(&mut state, &mut changes, &self.records, &pages)?;
        }
        state.go_live(&pages).map_err(|error| error.to_string())?;
        // What subscribers know of paused audiences is what the feed has told them.
        for entry in state.catalog().clone().audience_entries().filter(|entry| entry.paused) {
            let name = &entry.audience.name;
            let told = self.told.get(&**name).cloned().unwrap_or_default();
            state.knows_announced(name, told.into_iter().collect());
        }
        (self.state, self.pages) = (state, pages);
        Ok(())
    }

    /// The world as it stands at the end.
    pub fn view(&self) -> View {
        self.state.view(Arc::new(self.pages.clone()))
    }

    fn next_change(&self) -> Option<Timestamp> {
        let view = self.view();
        // When others move somebody is nobody's own matter: the next deadline will do.
        if view.catalog().audiences().any(|audience| audience.condition.has_ranks()) {
            return self.state.due();
        }
        let at = view.at();
        let mut next: Option<Timestamp> = None;
        for audience in view.catalog().audiences() {
            view.each(at, &mut |person| {
                let changes = why::changes_at(&audience.condition, person, at);
                next = [next, changes].into_iter().flatten().min();
                true
            })
            .unwrap();
        }
        next
    }

    /// Over columns, now and a little earlier and later.
    fn compare_scan(
        &self,
        view: &View,
        audience: &Audience,
        right: &BTreeSet<Ordinal>,
    ) -> Result<(), String> {
        let at = view.at();
        let found = chosen(view, audience, at)?;
        if found != *right {
            return Err(format!("{audience:?}: scan finds {found:?}, the oracle {right:?}"));
        }
        // Another instant costs the oracle the whole history again, so not each time.
        let aside = at.plus_ms([-90_000_000, -1, 1, 90_000_000][self.n_compared as usize % 4]);
        if self.n_compared.is_multiple_of(5) {
            let (found, right) = (chosen(view, audience, aside)?, oracle(view, audience, aside)?);
            if found != right {
                return Err(format!(
                    "{audience:?} at {aside}: scan finds {found:?}, the oracle {right:?}"
                ));
            }
        }
        Ok(())
    }

    /// Reports that read columns say what reports over each person say, also
    /// of the instant that comes next.
    fn compare_reports(&self, view: &View) -> Result<(), String> {
        let text = QUESTIONS[self.records.len() % QUESTIONS.len()];
        let next = i64::from(self.records.len() % 3 == 1);
        let (parsed, at) = (lang::parse(text), view.at().plus_ms(next));
        assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
        let Ok(Resolved::Question { question, zone, .. }) =
            resolve::resolve(&parsed.statements[0], view.catalog(), at)
        else {
            return Ok(());
        };
        let answer = |crowd: &dyn Crowd| report::answer(&question, crowd, at, &zone);
        let (found, right) = (answer(view), answer(&OneByOne(view)));
        match found == right {
            true => Ok(()),
            false => Err(format!("{text}: over columns {found:?}, one by one {right:?}")),
        }
    }

    /// Where people are ranked, a forecast folds to whom the oracle finds later.
    fn compare_forecast(&self, view: &View, audience: &Arc<Audience>) -> Result<(), String> {
        if !audience.condition.has_ranks() || !self.n_compared.is_multiple_of(3) {
            return Ok(());
        }
        let (at, ms) = (view.at(), 3 * 86_400_000);
        let asked = Question::Forecast { audience: audience.clone(), ms, per: None };
        let rows = report::answer(&asked, view, at, &Zone::UTC).map_err(|e| e.to_string())?.rows;
        let now = oracle(view, audience, at)?;
        let mut instants = vec![at.plus_ms(40_000_000), at.plus_ms(ms - 1)];
        let at = |row: &Vec<Value>| match row[0] {
            Value::Instant(at) => at,
            _ => unreachable!("{row:?}"),
        };
        instants.extend(rows.iter().take(3).flat_map(|row| [at(row).plus_ms(-1), at(row)]));
        for instant in instants {
            let mut folded: BTreeSet<String> =
                now.iter().map(|seat| ProfileId(seat.0).to_string()).collect();
            for row in rows.iter().filter(|row| at(row) <= instant) {
                let profile = row[1].as_text().unwrap().to_string();
                let _ = match row[2] == Value::text("enters") {
                    true => folded.insert(profile),
                    false => folded.remove(&profile),
                };
            }
            let right: BTreeSet<String> = oracle(view, audience, instant)?
                .iter()
                .map(|seat| ProfileId(seat.0).to_string())
                .collect();
            if folded != right {
                return Err(format!(
                    "{audience:?}: a forecast says {folded:?} of {instant}, the oracle {right:?}"
                ));
            }
        }
        Ok(())
    }

    /// Live, announced and folded, over columns, and the oracle: one answer.
    fn compare(&mut self) -> Result<(), String> {
        let view = self.view();
        let at = view.at();
        self.compare_reports(&view)?;
        let names: Vec<_> = view.catalog().audiences().cloned().collect();
        let mut found = past::Found { at, members: Vec::new() };
        for audience in names {
            let right = oracle(&view, &audience, at)?;
            self.compare_forecast(&view, &audience)?;
            let kept: BTreeSet<Ordinal> = view
                .members(&audience.name)
                .map(|seats| seats.iter().collect())
                .unwrap_or_default();
            let told = self.told.get(&*audience.name).cloned().unwrap_or_default();
            let text =
                view.catalog().audience_entry(&audience.name).map(|e| e.definition.text.clone());
            if kept != right {
                return Err(format!("{text:?}: live has {kept:?}, the oracle {right:?}"));
            }
            self.compare_scan(&view, &audience, &right)?;
            let paused = view.catalog().audience_entry(&audience.name).is_some_and(|e| e.paused);
            if told != right && !paused {
                return Err(format!(
                    "{text:?}: the feed folds to {told:?}, the oracle has {right:?}"
                ));
            }
            self.n_compared += 1;
            self.n_members += right.len() as u64;
            if audience.condition.has_ranks() {
                self.n_ranked += right.len() as u64;
            }
            found.members.push((audience, right));
        }
        self.found.retain(|earlier| earlier.at < at);
        self.found.push(found);
        // Every record is read again for it, so not each time.
        let place = self.n_compared as usize * 7 % self.found.len();
        if self.records.len().is_multiple_of(3) {
            self.n_past += past::compare(&view, &self.records, &self.found[place])?;
        }
        Ok(())
    }
}
