//! Calls become facts: first who is who, call by call; then rows and audiences,
//! which know nothing of each other and may be worked on at once.

use super::State;
use super::admit::event_of;
use super::alive::Rows;
use super::apply::ApplyError;
use super::columns::{Done, Names};
use super::facts::StateFacts;
use crate::audience::{Delta, Live};
use crate::identity::{Named, Regrouped};
use crate::index::Seats;
use crate::model::{Body, Call, Event, EventId, Ordinal, Stream, Timestamp};
use crate::query::Parties;
use crate::query::scan::{Ever, Runner};
use crate::timeline::{PageError, Pages};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

/// Something to be done.
pub type Job = Box<dyn FnOnce() + Send>;

/// Does a job before it returns, or at the same time as what comes after.
pub type Aside = Arc<dyn Fn(Job) + Send + Sync>;

/// Fewer events are not worth a second thread.
const ASIDE_MIN: usize = 512;

/// So many calls are read ahead in memory.
const AHEAD: usize = 16;

/// What a record brings.
#[derive(Default)]
pub(super) struct News {
    /// People who must be looked at anew: something was parted from them.
    pub moved: BTreeSet<Ordinal>,
    events: Vec<Event>,
    /// What audiences are told, in order.
    told: Vec<Told>,
    /// People whose attributes may be others.
    touched: Vec<Ordinal>,
    /// Who did what of the events that somebody wants to know of, and which those are.
    done: Vec<Done>,
    wanted: Names,
    /// Whom the calls named.
    named: Vec<Named>,
}

impl News {
    /// That these people are not what they were, and nothing else.
    pub fn of_moved(moved: BTreeSet<Ordinal>) -> News {
        News { moved, ..News::default() }
    }
}

/// What is left of the calls of a record once it is applied: nobody needs it.
/// To free it takes a while, and whoever applies records knows where there is time.
#[derive(Debug, Default)]
pub struct Spent {
    _events: Arc<Vec<Event>>,
    _named: Vec<Named>,
}

/// What audiences are to hear of a record.
struct Heard {
    told: Vec<Told>,
    events: Arc<Vec<Event>>,
    seats: Vec<Ordinal>,
}

impl Heard {
    fn tell(self, live: &mut Live, parties: &Parties, at: Timestamp, run: Runner<'_>) {
        tell(live, &self.told, &self.events, (at, run));
        live.regrouped(&self.seats);
        live.settle_alone(parties, at, run);
    }
}

/// Audiences that hear of a record.
enum Listening {
    /// They have heard it.
    Over(Box<Live>),
    /// They come back.
    Aside(Receiver<Live>),
}

impl Listening {
    fn end(self) -> Live {
        match self {
            Listening::Over(live) => *live,
            Listening::Aside(live) => live.recv().expect("audiences that listen come back"),
        }
    }
}

enum Told {
    /// An event, by its place, and whose it is.
    Event(usize, Ordinal),
    /// The first one's facts are all the second one's from here on.
    United(Ordinal, Ordinal),
}

impl Told {
    /// Whom it is about.
    fn seat(&self) -> Ordinal {
        match self {
            Told::Event(_, seat) | Told::United(_, seat) => *seat,
        }
    }
}

impl State {
    /// How a job of a commit is done while another one is, and how many that are alike
    /// are done; without that, one after the other.
    pub fn work_with(&mut self, aside: Aside, run: Runner<'static>) {
        (self.aside, self.run) = (aside, run);
    }

    pub(super) fn take(
        &mut self,
        calls: Vec<Call>,
        named: Option<Vec<Named>>,
        news: &mut News,
    ) -> Result<(), ApplyError> {
        let names = named.unwrap_or_default();
        (news.events, news.told) = (Vec::with_capacity(calls.len()), Vec::new());
        news.wanted = self.columns.names();
        // Late claims of one commit are folded together, once, at its end.
        self.identity.hold();
        for (index, call) in calls.into_iter().enumerate() {
            if index.is_multiple_of(AHEAD) {
                let next = names.get(index..).unwrap_or_default();
                self.identity.read_ahead(&next[..next.len().min(AHEAD)]);
            }
            match names.get(index) {
                Some(named) => self.take_one(index as u32, call, named, news),
                None => {
                    let named = self.name_again(&call)?;
                    self.take_one(index as u32, call, &named, news);
                }
            }
        }
        news.named = names;
        let regrouped = self.identity.settle(&self.policy);
        self.note(news, regrouped);
        Ok(())
    }

    /// The names of a call that the log holds: it was admitted once.
    fn name_again(&mut self, call: &Call) -> Result<Named, ApplyError> {
        if let Some(id) = call.id {
            self.messages.insert(id);
        }
        self.policy
            .named(call)
            .map_err(|error| ApplyError::Record { kind: "calls", reason: error.to_string() })
    }

    fn take_one(&mut self, index: u32, call: Call, named: &Named, news: &mut News) {
        let now = self.at;
        self.newest = call.when.map_or(self.newest, |when| when.max(self.newest));
        let id = call.id.unwrap_or_else(|| EventId::of_place(self.lsn, index));
        let when = call.when.unwrap_or(now);
        let (origin, regrouped) = self.identity.take(&self.policy, named, when, id, now);
        self.note(news, regrouped);
        let owner = self.identity.owner(origin, when);
        self.alive.note(owner, origin, when, now);
        if matches!(call.body, Body::Identify { .. }) {
            news.touched.extend(owner);
        }
        if let Some(seat) = owner.filter(|_| when <= now && !news.wanted.is_empty())
            && let Stream::Events(name) = call.body.stream()
            && let Some(sums) = news.wanted.get(&name)
        {
            let summed = |of: &Arc<Ever>| Some((of.clone(), of.summed(&call.body)?));
            let sums = sums.iter().filter_map(summed).collect();
            news.done.push(Done { name, seat, when, sums });
        }
        if let Some(seat) = owner.filter(|_| self.live.is_some()) {
            news.told.push(Told::Event(news.events.len(), seat));
        }
        news.events.push(event_of(call, origin, id, when, now));
    }

    /// Unions are told in their place; whoever else moved is looked at when the
    /// record is through.
    pub(super) fn note(&mut self, news: &mut News, regrouped: Regrouped) {
        let Some(unions) = regrouped.unions else {
            news.moved.extend(regrouped.before);
            news.moved.extend(regrouped.after);
            return;
        };
        for (gone, stays) in unions {
            if news.moved.contains(&gone) || news.moved.contains(&stays) {
                news.moved.extend([gone, stays]);
                continue;
            }
            self.alive.unite(gone, stays);
            news.touched.extend([gone, stays]);
            if self.live.is_some() {
                news.told.push(Told::United(gone, stays));
            }
        }
    }

    /// Rows are kept and audiences are told; gives back what was heard.
    pub(super) fn hear(&mut self, news: News, pages: &dyn Pages) -> Result<Spent, PageError> {
        let News { moved, events, told, touched, done, wanted, named } = news;
        let touched: Seats = touched.into_iter().chain(moved.iter().copied()).collect();
        if events.is_empty() {
            self.columns.touch(touched);
        } else {
            self.columns.step(touched, done, wanted);
        }
        let (seats, events) = (moved.into_iter().collect::<Vec<_>>(), Arc::new(events));
        let heard = Heard { told, events: events.clone(), seats: seats.clone() };
        let listening = self.live.take().map(|live| self.listen(live, heard));
        for some in events.chunks(AHEAD) {
            self.timeline.read_ahead(some.iter().map(|event| event.origin));
            for event in some {
                self.catalog.note(event);
                self.timeline.append(event);
            }
        }
        self.live = listening.map(Listening::end);
        if !seats.is_empty() {
            let rows = Rows { identity: &self.identity, timeline: &self.timeline, pages };
            self.alive.look_again(rows, &seats, self.at)?;
        }
        Ok(Spent { _events: events, _named: named })
    }

    /// Lets the audiences hear what has happened, while rows are kept if that is much.
    fn listen(&self, mut live: Live, heard: Heard) -> Listening {
        let (at, parties, run) = (self.at, self.catalog.parties().clone(), self.run);
        if heard.events.len() < ASIDE_MIN {
            heard.tell(&mut live, &parties, at, run);
            return Listening::Over(Box::new(live));
        }
        let (back, listening) = channel();
        (self.aside)(Box::new(move || {
            heard.tell(&mut live, &parties, at, run);
            // Whoever waits for them is there, or is ending.
            let _gone = back.send(live);
        }));
        Listening::Aside(listening)
    }

    pub(super) fn settle(&mut self, pages: &dyn Pages) -> Result<Vec<Delta>, PageError> {
        let Some(mut live) = self.live.take() else { return Ok(Vec::new()) };
        let deltas = live.settle(&StateFacts { state: self, pages }, self.at);
        self.live = Some(live);
        deltas
    }
}

/// Nobody depends on anybody else but those who become one: what is told of them is
/// told in its order, and what is told of others may be told at once.
fn tell(live: &mut Live, told: &[Told], events: &[Event], (at, run): (Timestamp, Runner<'_>)) {
    let united: BTreeSet<Ordinal> = told
        .iter()
        .flat_map(|told| match told {
            Told::Event(..) => [None, None],
            Told::United(gone, stays) => [Some(*gone), Some(*stays)],
        })
        .flatten()
        .collect();
    let (mut alone, mut others) = (Vec::new(), Vec::new());
    for told in told {
        match told {
            Told::Event(place, seat) if !united.contains(seat) => {
                alone.push((*seat, &events[*place]));
            }
            told => others.push(told),
        }
    }
    live.events(&alone, at, run);
    for some in others.chunks(Live::AHEAD) {
        live.read_ahead(some.iter().map(|told| told.seat()));
        some.iter().for_each(|told| tell_one(live, told, events, at));
    }
}

fn tell_one(live: &mut Live, told: &Told, events: &[Event], at: Timestamp) {
    match told {
        Told::Event(place, seat) => live.event(*seat, &events[*place], at),
        Told::United(gone, stays) => live.unite(*gone, *stays, at),
    }
}
