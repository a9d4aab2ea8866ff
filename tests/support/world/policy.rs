//! Other policies, and who is who by them: as derived again on the way, and as
//! it would be if names had been read like that from the first call on.

use super::super::generate::Random;
use std::collections::{BTreeMap, BTreeSet};
use throng::model::{EventId, Input, Lsn, Record};
use throng::query::Crowd;
use throng::state::{Again, Changes, State, View};
use throng::timeline::{MemoryPages, Pages};

/// What may be declared: kinds, limits, blocked values and places come and go.
const POLICIES: [&str; 12] = [
    "declare identifier anonymous_id: personal",
    "declare identifier anonymous_id: carrier",
    "declare identifier anonymous_id: carrier limit 1",
    "declare identifier user_id: personal limit 1",
    "declare identifier user_id: personal limit 2",
    "declare identifier user_id: personal limit 1 blocking (\"u1\", \"u2\")",
    "declare identifier user_id: carrier",
    "declare identifier email: personal limit 1",
    "declare identifier email: personal priority 1",
    "declare identifier email: carrier blocking (\"e1@x.example\")",
    "declare identifier place: personal limit 1 from \"properties.channel\"",
    "declare identifier place: carrier from \"traits.country\"",
];

/// The standard's own.
const STANDARD: [&str; 3] = [
    "declare identifier anonymous_id: carrier",
    "declare identifier user_id: personal limit 1",
    "declare identifier email: personal",
];

/// One of them.
pub fn policy(random: &mut Random) -> &'static str {
    random.one_of(&POLICIES)
}

/// Derives identity again from the records before the state's last one, if a
/// record's changes ask for that; what follows is added to them.
pub fn follow(
    state: &mut State,
    changes: &mut Changes,
    records: &[Record],
    pages: &dyn Pages,
) -> Result<(), String> {
    let Some(mut again) = changes.again.take() else { return Ok(()) };
    for record in records.iter().filter(|record| record.lsn < state.lsn()) {
        Again::take(&mut again, record.clone()).map_err(|error| error.to_string())?;
    }
    let (deltas, _) = state.become_again(*again, pages).map_err(|error| error.to_string())?;
    changes.deltas.extend(deltas);
    Ok(())
}

/// What takes a declaration back: the one before it of the same namespace.
pub fn back(text: &str, records: &[Record]) -> Option<String> {
    let head = text.split(':').next().unwrap_or_default();
    let before = records.iter().rev().find_map(|record| match &record.input {
        Input::Define(before) if before.starts_with(head) => Some(before.to_string()),
        _ => None,
    });
    before.or_else(|| STANDARD.iter().find(|it| it.starts_with(head)).map(|it| (*it).to_owned()))
}

/// A person without a number: identifiers that calls name, and calls.
type Someone = (BTreeSet<String>, BTreeSet<EventId>);

/// Everybody, however they are numbered.
pub fn people(view: &View) -> BTreeSet<Someone> {
    let mut people = BTreeSet::new();
    view.each(view.at(), &mut |person| {
        let events = person.events.iter().filter(|event| event.when <= view.at());
        let events = events.map(|event| event.id).collect();
        let identifiers = person.identifiers.iter().map(ToString::to_string).collect();
        people.insert((identifiers, events));
        true
    })
    .unwrap();
    people
}

/// The same facts under the policy of the last record from the first call on.
/// Nobody may have been forgotten in them: who that is depends on the policy.
pub fn twin(records: &[Record]) -> View {
    let (mut state, pages) = (State::new(7), MemoryPages::default());
    let mut declared: BTreeMap<String, Record> = BTreeMap::new();
    for record in records.iter().filter(|record| declares(record)) {
        let Input::Define(text) = &record.input else { unreachable!("it declares") };
        let at = records[0].at;
        let record = Record { lsn: Lsn(0), at, ..record.clone() };
        declared.insert(text.split(':').next().unwrap_or_default().to_owned(), record);
    }
    for record in declared.into_values().chain(records.iter().filter(|r| !declares(r)).cloned()) {
        let record = with_ids(&state, record);
        state.apply(record, None, &pages).unwrap();
    }
    state.view(std::sync::Arc::new(pages))
}

fn declares(record: &Record) -> bool {
    matches!(&record.input, Input::Define(text) if text.starts_with("declare identifier"))
}

/// Calls that the policy does not read as anybody's are left out, and the
/// others keep their ids.
fn with_ids(state: &State, mut record: Record) -> Record {
    if let Input::Calls(calls) = &mut record.input {
        for (index, call) in calls.iter_mut().enumerate() {
            call.id.get_or_insert(EventId::of_place(record.lsn, index as u32));
        }
        calls.retain(|call| state.policy().named(call).is_ok());
    }
    record
}
