//! A few people whose rows lie in tails and runs, to be asked over columns and
//! one by one.

#![allow(dead_code, reason = "each test takes what it needs")]

pub mod slow;
pub mod standing;

use super::generate::*;
use standing::Standing;
use std::sync::{Arc, Barrier, OnceLock};
use std::thread;
use throng::identity::{Identity, Policy};
use throng::index::{Known, Seats};
use throng::model::{
    Body, Call, Event, EventId, IdentifierNumber, Object, Ordinal, Text, Timestamp,
};
use throng::query::{Person, scan};
use throng::timeline::{MemoryPages, Shape, Timeline};

/// A few people, their rows in tails and runs.
pub struct Crowd {
    few: Few,
    identity: Identity,
    timeline: Timeline,
    pages: MemoryPages,
}

impl Crowd {
    pub fn of(random: &mut Random, histories: Vec<Vec<Event>>) -> Crowd {
        let policy = Policy::standard();
        let mut identity = if random.chance(10) { nearly_a_chunk() } else { Identity::default() };
        let (mut people, mut timeline) = (Vec::new(), Timeline::default());
        if random.chance(2) {
            let (own_group_rows, own_group_rows_in_run) = (3, 1);
            let shape = Shape { own_group_rows, own_group_rows_in_run, ..Shape::default() };
            timeline = timeline.with_shape(shape);
        }
        let mut pages = MemoryPages::default();
        for (place, mut events) in histories.into_iter().enumerate() {
            let origins = born(&mut identity, &policy, place);
            for event in &mut events {
                event.origin = random.one_of(&origins);
                timeline.append(event.clone());
            }
            if random.chance(2) {
                seal(&mut timeline, &mut pages);
            }
            people.push((Ordinal(origins[0].0), format!("u{place}").as_str().into(), events));
        }
        if random.chance(3) {
            while let Some(change) = timeline.merge(&pages, now()).unwrap() {
                pages.put(change.pages.iter().cloned());
                timeline.install(change).unwrap();
            }
        }
        Crowd { few: Few { people, parties: parties() }, identity, timeline, pages }
    }

    pub fn source(&self) -> scan::Source<'_> {
        scan::Source {
            timeline: &self.timeline,
            pages: &self.pages,
            identity: &self.identity,
            parties: &self.few.parties,
            known: None,
            columns: None,
            stop: &|| false,
            run: &scan::one_by_one,
            written_max: scan::WRITTEN_BYTES,
        }
    }

    /// The same where it is known already what everybody has of each attribute, and of events.
    pub fn knowing(&self) -> scan::Source<'_> {
        scan::Source { columns: Some(self), ..self.source() }
    }

    /// The same, or not, as a seed says.
    pub fn source_of(&self, seed: u64) -> scan::Source<'_> {
        let source = if seed.is_multiple_of(2) { self.source() } else { self.knowing() };
        // Much is put in its place at the end, or little all the time.
        let written_max = if seed.is_multiple_of(3) { 40 } else { scan::WRITTEN_BYTES };
        let run: scan::Runner<'_> =
            if seed.is_multiple_of(5) { &two_at_once } else { &scan::one_by_one };
        scan::Source { written_max, run, ..source }
    }

    /// Who exists, each as the oracle reads them.
    pub fn each(&self, visit: impl FnMut(Ordinal, &Person<'_>)) {
        self.each_at(now(), visit);
    }

    /// The same of another instant.
    pub fn each_at(&self, at: Timestamp, mut visit: impl FnMut(Ordinal, &Person<'_>)) {
        self.few.each(at, &mut visit);
    }

    /// The same people as live evaluation reads them, at an instant.
    pub fn standing(&self, at: Timestamp) -> Standing<&Few> {
        Standing { few: &self.few, at }
    }

    pub fn everyone(&self) -> Seats {
        scan::existing(&self.source(), Timestamp::MIN, now()).unwrap()
    }
}

impl scan::Columns for Crowd {
    fn attribute(&self, key: &str) -> Option<Arc<Known>> {
        scan::attribute(key, &self.source(), now()).ok().map(Arc::new)
    }

    fn tally(&self, name: &Text, ever: &scan::Ever, _: bool) -> Option<Arc<scan::Tally>> {
        scan::Tally::of(name, ever.clone(), &self.source(), now()).ok().map(Arc::new)
    }
}

/// Runs jobs on two threads that begin together.
#[expect(clippy::disallowed_methods, reason = "what several workers find is to be united")]
fn two_at_once(n_jobs: usize, job: &(dyn Fn(usize) + Sync)) {
    if n_jobs < 2 {
        return scan::one_by_one(n_jobs, job);
    }
    let begin = Barrier::new(2);
    let every_second = |first: usize| {
        begin.wait();
        (first..n_jobs).step_by(2).for_each(job);
    };
    thread::scope(|scope| {
        scope.spawn(|| every_second(1));
        every_second(0);
    });
}

/// A person with a user id and a device; gives the numbers of the two.
fn born(identity: &mut Identity, policy: &Policy, place: usize) -> [IdentifierNumber; 2] {
    let mut call = Call::new("web", Body::Page { properties: Object::default() });
    call.user_id = Some(format!("u{place}").as_str().into());
    call.anonymous_id = Some(format!("a{place}").as_str().into());
    let named = policy.named(&call).unwrap();
    let first = identity.next_number();
    identity.take(policy, &named, Timestamp::MIN, EventId(place as u128 + 1), now());
    [first, first + 1].map(IdentifierNumber)
}

/// So many identifiers of others that the next two lie in two chunks.
fn nearly_a_chunk() -> Identity {
    static BORN: OnceLock<Identity> = OnceLock::new();
    let crowded = || {
        let (policy, mut identity) = (Policy::standard(), Identity::default());
        while identity.next_number() + 1 < Ordinal::PER_CHUNK {
            let mut call = Call::new("web", Body::Page { properties: Object::default() });
            call.user_id = Some(format!("other{}", identity.next_number()).as_str().into());
            let named = policy.named(&call).unwrap();
            identity.take(&policy, &named, Timestamp::MIN, EventId(0), now());
        }
        identity
    };
    BORN.get_or_init(crowded).clone()
}

fn seal(timeline: &mut Timeline, pages: &mut MemoryPages) {
    let change = timeline.seal(now());
    pages.put(change.pages.iter().cloned());
    timeline.install(change).unwrap();
}

/// Histories whose ids are apart, and many of whose calls share an instant.
pub fn histories(random: &mut Random) -> Vec<Vec<Event>> {
    let crowded = random.chance(3);
    let mut histories: Vec<Vec<Event>> =
        (0..3).map(|_| history(random, if crowded { 20 } else { 8 })).collect();
    if crowded {
        for history in &mut histories {
            history.iter_mut().filter(|event| event.when <= now()).for_each(|event| {
                event.when = now().plus_ms(-(event.id.0 as i64 & 1));
            });
            history.sort_by(Event::canonical);
        }
    }
    histories
}
