//! `explain cost`: what keeping a definition answered takes.
//!
//! What can be counted is counted at the instant asked about; the rest is said
//! to be an estimate.

use super::QueryError;
use super::ask::unread;
use super::crowd::Stoppable;
use crate::audience::{Class, Part, cost};
use crate::model::{Stream, Timestamp, Value, Zone, counted, grouped};
use crate::query::explain::{explain, value_of, words_of};
use crate::query::predicate::{Audience, EventFilter, Matcher, Predicate, Rank, Tree, Window};
use crate::query::resolve::Explanation;
use crate::query::{Crowd, Footprint, Question, whole_footprint};
use crate::report;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// The days over which touches are counted.
const DAYS: i64 = 7;
/// Among more people it is not looked for what happens by itself.
const FORESEEN_MAX: u64 = 100_000;

/// Where the answer is counted.
pub(super) struct Ground<'a> {
    pub crowd: &'a Stoppable<'a>,
    pub now: Timestamp,
}

/// What an explanation says, and below it what it costs.
pub(super) fn explained(what: &Explanation, ground: &Ground<'_>) -> Result<String, QueryError> {
    let mut said = explain(what, ground.crowd.view.catalog());
    match what {
        Explanation::Audience(audience) => ground.of_audience(audience, &mut said)?,
        Explanation::Question(question) => ground.of_question(question, &mut said)?,
        Explanation::Trait(..) | Explanation::Condition(..) => {
            said += "cost\n  nothing by itself: it is written out where it is used\n";
        }
        Explanation::Identifier(_) => {}
    }
    Ok(said)
}

impl Ground<'_> {
    fn of_audience(&self, audience: &Arc<Audience>, said: &mut String) -> Result<(), QueryError> {
        let all = self.crowd.view.catalog().audiences();
        let others: Vec<Arc<Audience>> =
            all.filter(|other| other.name != audience.name).cloned().collect();
        let parts = cost(audience, &others);
        let touches = self.touches(&parts)?;
        let n_people = self.crowd.view.alive().len();
        said.push_str("cost of each predicate\n");
        for part in &parts {
            self.of_part(part, &touches, said)?;
        }
        let in_all = InAll::of(&parts, &touches, n_people);
        in_all.write(said);
        self.build(&parts, &touches, said);
        self.by_itself(audience, n_people, said)
    }

    fn of_part(&self, part: &Part, touches: &Touches, said: &mut String) -> Result<(), QueryError> {
        let _ = writeln!(said, "  {}", words_of(&part.predicate));
        let _ = writeln!(said, "    {}{}", class(part.class), shared(&part.shared));
        for cell in &part.cells {
            let per_row = match cell.bytes_per_row {
                0 => String::new(),
                n => format!(" and {n} bytes a row"),
            };
            let bytes = format!("{} bytes a person{per_row}", cell.bytes);
            let _ = writeln!(said, "    keeps {}: {bytes}{}", cell.what, shared(&cell.shared));
        }
        let reads_rows = part.by_all || part.by_any_event || !part.touched_by.is_empty();
        let reach = if reads_rows { part.reach_ms } else { Some(0) };
        let _ = writeln!(said, "    reads {}", history(reach));
        let _ = writeln!(said, "    touched by {}", touches.words(part));
        if let Predicate::Ranked(rank) = &part.predicate {
            self.ties(rank, said)?;
        }
        Ok(())
    }

    /// The people of one value move together, in or out.
    fn ties(&self, rank: &Rank, said: &mut String) -> Result<(), QueryError> {
        let Some(among) = self.crowd.select(&rank.among, self.now).map_err(unread)? else {
            return Ok(());
        };
        let values = self.crowd.values(&[&rank.value], &among, self.now).map_err(unread)?;
        let mut groups: BTreeMap<String, u64> = BTreeMap::new();
        let known = values.into_iter().flatten().flatten().filter(|value| !value.is_null());
        for value in known {
            *groups.entry(value_of(&value)).or_default() += 1;
        }
        let n: u64 = groups.values().sum();
        let Some((value, most)) = groups.into_iter().max_by_key(|(_, n)| *n) else { return Ok(()) };
        let _ = writeln!(
            said,
            "    ranks {}; {} of one value, {value}, move together when the cut passes it",
            counted(n, "person", "people"),
            counted(most, "person", "people")
        );
        Ok(())
    }

    /// How many events of each name there are, lately and in all.
    fn touches(&self, parts: &[Part]) -> Result<Touches, QueryError> {
        let mut touches = Touches::default();
        for stream in parts.iter().flat_map(|part| &part.touched_by) {
            if let Stream::Events(name) = stream
                && !touches.lately.contains_key(name.as_ref() as &str)
            {
                let lately =
                    self.count(Some(EventFilter { name: Some(name.clone()), filter: None }))?;
                touches.lately.insert(name.to_string(), lately);
                let facts = self.crowd.view.catalog().facts().event(name);
                touches.ever.insert(name.to_string(), facts.map_or(0, |facts| facts.seen.count));
            }
        }
        if parts.iter().any(|part| part.by_any_event || part.by_all) {
            touches.any_lately = self.count(Some(EventFilter { name: None, filter: None }))?;
            let all = self.crowd.view.catalog().facts().events();
            touches.any_ever = all.map(|(_, facts)| facts.seen.count).sum();
        }
        Ok(touches)
    }

    fn count(&self, event: Option<EventFilter>) -> Result<u64, QueryError> {
        let question = Question::CountEvents {
            matcher: Matcher(event.into_iter().collect()),
            windows: vec![Window::Last { ms: DAYS * 86_400_000 }],
            people: Tree::always(),
            by: Vec::new(),
            top: None,
        };
        let rows = report::answer(&question, self.crowd, self.now, &Zone::UTC).map_err(unread)?;
        Ok(match rows.rows.first().and_then(|row| row.first()) {
            Some(Value::Number(n)) => n.to_string().parse().unwrap_or(0),
            _ => 0,
        })
    }

    /// What a definition looks at before it is live. Nothing is taken in meanwhile.
    fn build(&self, parts: &[Part], touches: &Touches, said: &mut String) {
        let new: Vec<&Part> = parts.iter().filter(|part| part.shared.is_empty()).collect();
        if new.is_empty() {
            said.push_str("  built from what is kept already: every predicate is shared\n");
            return;
        }
        let n_people = self.crowd.view.alive().len();
        let _ = writeln!(
            said,
            "  built in one go, nothing being taken in meanwhile, by looking at {} and {} for {} of {}",
            counted(n_people, "person", "people"),
            counted(touches.rows(&new), "event", "events"),
            grouped(new.len() as u64),
            counted(parts.len() as u64, "predicate", "predicates"),
        );
    }

    /// Who enters and leaves if nothing happens.
    fn by_itself(
        &self,
        audience: &Arc<Audience>,
        n_people: u64,
        said: &mut String,
    ) -> Result<(), QueryError> {
        let footprint = whole_footprint(&audience.condition);
        if audience.condition.has_ranks() || !footprint.models.is_empty() {
            said.push_str("  due: not known; others, or scores at midnight, move people too\n");
            return Ok(());
        }
        if n_people > FORESEEN_MAX {
            said.push_str("  due: not looked for among so many; `forecast` says it\n");
            return Ok(());
        }
        let ms = DAYS * 86_400_000;
        let question = Question::Forecast { audience: audience.clone(), ms, per: None };
        let rows =
            report::answer(&question, self.crowd, self.now, &Zone::UTC).map_err(unread)?.rows;
        let _ = match rows.first().and_then(|row| row.first()) {
            Some(Value::Instant(at)) => writeln!(
                said,
                "  due: {} by itself in the next {DAYS} days, the first at {at}",
                counted(rows.len() as u64, "change", "changes"),
            ),
            _ => writeln!(said, "  due: nothing changes by itself in the next {DAYS} days"),
        };
        Ok(())
    }

    /// A report keeps nothing.
    fn of_question(&self, question: &Question, said: &mut String) -> Result<(), QueryError> {
        let reads = footprint(question);
        let facts = self.crowd.view.catalog().facts();
        let n_events: u64 = match reads.any_event || reads.any_call {
            true => facts.events().map(|(_, facts)| facts.seen.count).sum(),
            false => {
                let names = reads.streams.iter().filter_map(|stream| match stream {
                    Stream::Events(name) => facts.event(name),
                    _ => None,
                });
                names.map(|facts| facts.seen.count).sum()
            }
        };
        let _ = writeln!(
            said,
            "cost\n  nothing is kept: at most {} of {} are read when it is asked",
            counted(n_events, "event", "events"),
            counted(self.crowd.view.alive().len(), "person", "people"),
        );
        Ok(())
    }
}

/// Events that touch predicates, by name.
#[derive(Default)]
struct Touches {
    lately: BTreeMap<String, u64>,
    ever: BTreeMap<String, u64>,
    any_lately: u64,
    any_ever: u64,
}

impl Touches {
    fn words(&self, part: &Part) -> String {
        if part.by_all || part.by_any_event {
            let kinds = if part.by_all { "every call" } else { "every event" };
            return format!("{kinds}: {}", a_day(self.any_lately));
        }
        let words: Vec<String> = part
            .touched_by
            .iter()
            .map(|stream| match stream {
                Stream::Events(name) => {
                    format!("{name}, {}", a_day(self.lately.get(&**name).copied().unwrap_or(0)))
                }
                Stream::Identify => "what calls say of people".to_owned(),
                Stream::Group => "groups".to_owned(),
                Stream::Consent => "consents".to_owned(),
                Stream::Alias => "names of people".to_owned(),
            })
            .collect();
        if words.is_empty() { "no call".to_owned() } else { words.join("; ") }
    }

    /// Events that touch any of these, a week.
    fn weekly(&self, parts: &[Part]) -> u64 {
        if parts.iter().any(|part| part.by_all || part.by_any_event) {
            return self.any_lately;
        }
        self.lately.values().sum()
    }

    /// Events that these read when they are built.
    fn rows(&self, parts: &[&Part]) -> u64 {
        if parts.iter().any(|part| part.by_all || part.by_any_event) {
            return self.any_ever;
        }
        let read = |name: &String| {
            let is_it = |stream: &Stream| matches!(stream, Stream::Events(it) if **it == **name);
            parts.iter().any(|part| part.touched_by.iter().any(is_it))
        };
        self.ever.iter().filter(|(name, _)| read(name)).map(|(_, n)| n).sum()
    }

    /// How many rows of a person matter to a part at most, all people together.
    fn rows_within(&self, part: &Part) -> u64 {
        let ever = self.rows(&[part]);
        let Some(reach) = part.reach_ms else { return ever };
        let weekly: u64 = part
            .touched_by
            .iter()
            .filter_map(|stream| match stream {
                Stream::Events(name) => self.lately.get(&**name),
                _ => None,
            })
            .sum();
        let days = u64::try_from(reach / 86_400_000).unwrap_or(0).max(1);
        ever.min(weekly.saturating_mul(days) / DAYS as u64)
    }
}

/// All of an audience together.
struct InAll {
    n_people: u64,
    own: u64,
    shared: u64,
    weekly: u64,
}

impl InAll {
    fn of(parts: &[Part], touches: &Touches, n_people: u64) -> InAll {
        let (mut own, mut shared) = (0, 0);
        for part in parts {
            let clock = if part.has_clock { 8 * n_people } else { 0 };
            let answers = n_people.div_ceil(8) + clock;
            *(if part.shared.is_empty() { &mut own } else { &mut shared }) += answers;
            for cell in &part.cells {
                let rows = touches.rows_within(part) * cell.bytes_per_row;
                let bytes = n_people * cell.bytes + rows;
                *(if cell.shared.is_empty() { &mut own } else { &mut shared }) += bytes;
            }
        }
        InAll { n_people, own: own + n_people.div_ceil(8), shared, weekly: touches.weekly(parts) }
    }

    fn write(&self, said: &mut String) {
        let _ = writeln!(
            said,
            "in all\n  {}: about {} of its own, {} shared (estimate, at most one cell a person)",
            counted(self.n_people, "person", "people"),
            size(self.own),
            size(self.shared),
        );
        let _ = writeln!(said, "  touched by {}", a_day(self.weekly));
    }
}

fn a_day(weekly: u64) -> String {
    let tenths = (weekly * 10 + DAYS as u64 / 2) / DAYS as u64;
    let (whole, tenth) = (grouped(tenths / 10), tenths % 10);
    format!("{whole}.{tenth} events a day ({} in the last {DAYS} days)", grouped(weekly))
}

fn size(bytes: u64) -> String {
    match bytes {
        n if n < 10_000 => counted(n, "byte", "bytes"),
        n if n < 10_000_000 => format!("{} KB", grouped(n / 1_000)),
        n => format!("{} MB", grouped(n / 1_000_000)),
    }
}

fn shared(names: &[crate::model::Text]) -> String {
    match names {
        [] => String::new(),
        [a, b, c, rest @ ..] if !rest.is_empty() => {
            format!(", shared with {a}, {b}, {c} and {} more", rest.len())
        }
        names => {
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            format!(", shared with {}", names.join(", "))
        }
    }
}

fn class(class: Class) -> &'static str {
    match class {
        Class::Accumulator => "accumulator: each call changes it, time does not",
        Class::Sliding => "accumulator over a window: what leaves it is known beforehand",
        Class::Crossing => "crossing: the instant at which it turns over is solved",
        Class::Decision => "the latest decision, until it expires",
        Class::Rescan => {
            "rescan: the person's rows are read when one of its calls comes, or it is due"
        }
        Class::Marks => "marks: the events that may take part are kept, and when they no longer do",
        Class::Rank => "rank: an order of people is kept",
        Class::Drawn => "drawn by the person's number: nothing is kept",
    }
}

fn history(reach_ms: Option<i64>) -> String {
    match reach_ms {
        Some(0) => "no rows".to_owned(),
        Some(ms) if ms % 86_400_000 == 0 => {
            format!("back {}", counted((ms / 86_400_000) as u64, "day", "days"))
        }
        Some(ms) => format!("back {}", counted((ms / 1_000).max(1) as u64, "second", "seconds")),
        None => "all history".to_owned(),
    }
}

fn footprint(question: &Question) -> Footprint {
    crate::query::explain::reads_of(question)
}
