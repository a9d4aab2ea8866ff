//! Everybody who exists at an instant, written table by table.

use super::declared::Declared;
use super::place::Place;
use super::table::{Cell, Table};
use super::{LakeError, manifest, rows, zones};
use crate::model::{Timestamp, Zone};
use crate::query::Crowd;
use crate::query::catalog::Catalog;
use crate::query::predicate::List;
use crate::query::sql::lettered;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// What a lake is written of.
pub struct Lake<'a> {
    /// The people.
    pub crowd: &'a dyn Crowd,
    /// The instant: nothing dated later is written.
    pub now: Timestamp,
    /// The workspace's zone.
    pub zone: Zone,
    /// Other zones whose clocks are written beside that one and those that people have.
    pub other_zones: Vec<Zone>,
    /// The day of the week on which its weeks begin, Monday being 1.
    pub first_day: u8,
    /// Which paths have a declared type.
    pub declared: Declared,
    /// The lists as they stand.
    pub lists: Vec<Arc<List>>,
}

/// How much was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// How many people.
    pub people: u64,
    /// How many events.
    pub events: u64,
}

impl<'a> Lake<'a> {
    /// A lake of these people, by what a catalog says.
    pub fn of(crowd: &'a dyn Crowd, catalog: &Catalog, now: Timestamp) -> Lake<'a> {
        let lists = catalog.value_lists().map(|entry| entry.list.clone()).collect();
        let declared = Declared {
            properties: catalog.all_declared_properties(),
            attributes: catalog.all_declared_attributes(),
        };
        let (zone, first_day) = (catalog.zone().clone(), catalog.first_day());
        Lake { crowd, now, zone, other_zones: Vec::new(), first_day, declared, lists }
    }
}

/// The tables of a lake while it is written.
pub(super) struct Tables {
    pub profiles: Table,
    pub identifiers: Table,
    pub consents: Table,
    pub events: Table,
    /// Of who was there at the last midnight, by what was known of them then.
    pub midnight_profiles: Table,
    pub midnight_consents: Table,
    /// Those whose clocks are written, by name.
    pub zones: BTreeMap<String, Zone>,
}

/// Writes a lake; the directory holds all of it afterwards, or what it held before.
pub fn export(lake: &Lake<'_>, directory: &Path) -> Result<Exported, LakeError> {
    let place = Place::begin(directory)?;
    let mut tables = Tables::create(&place.building)?;
    tables.zones = std::iter::once(&lake.zone)
        .chain(&lake.other_zones)
        .map(|zone| (zone.name().to_owned(), zone.clone()))
        .collect();
    let instants = rows::Instants { now: lake.now, midnight: lake.zone.midnight_of(lake.now) };
    let mut exported = Exported { people: 0, events: 0 };
    let mut failed = None;
    lake.crowd.each(lake.now, &mut |person| {
        match rows::write(person, instants, &lake.declared, &mut tables) {
            Ok(n_events) => {
                exported.people += 1;
                exported.events += n_events;
            }
            Err(error) => failed = Some(error),
        }
        failed.is_none()
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    zones::write(&place.building, tables.close()?.values())?;
    write_lists(&place.building, &lake.lists)?;
    let counts = [exported.people, exported.events];
    let text = manifest::text(lake.now, &lake.zone, lake.first_day, counts);
    write_file(&place.building.join(manifest::NAME), &text)?;
    place.end()?;
    Ok(exported)
}

impl Tables {
    fn create(directory: &Path) -> Result<Tables, LakeError> {
        let table = |name, columns: &[&str]| Table::create(directory, name, columns);
        Ok(Tables {
            profiles: table("profiles", &PROFILE)?,
            midnight_profiles: table("midnight_profiles", &PROFILE)?,
            zones: BTreeMap::new(),
            identifiers: table(
                "identifiers",
                &[
                    "binary profile_id (UTF8)",
                    "binary namespace (UTF8)",
                    "binary value (UTF8)",
                    "binary identifier (UTF8)",
                ],
            )?,
            consents: table("consents", &CONSENT)?,
            midnight_consents: table("midnight_consents", &CONSENT)?,
            events: table(
                "events",
                &[
                    "binary profile_id (UTF8)",
                    "int64 seq",
                    "binary name (UTF8)",
                    "int64 when (TIMESTAMP(MILLIS,true))",
                    "int64 received (TIMESTAMP(MILLIS,true))",
                    "int64 ord",
                    "binary id (UTF8)",
                    "binary source (UTF8)",
                    "binary channel (UTF8)",
                    "binary type (UTF8)",
                    "binary props (UTF8)",
                    "binary context (UTF8)",
                    "binary lettered (UTF8)",
                    "binary lettered_context (UTF8)",
                ],
            )?,
        })
    }

    /// Ends the files; gives the zones of those who were written.
    fn close(self) -> Result<BTreeMap<String, Zone>, LakeError> {
        let Tables { profiles, identifiers, consents, events, zones, .. } = self;
        let of_midnight = [self.midnight_profiles, self.midnight_consents];
        let all = [profiles, identifiers, consents, events].into_iter().chain(of_midnight);
        all.into_iter().try_for_each(Table::close)?;
        Ok(zones)
    }
}

const PROFILE: [&str; 9] = [
    "binary profile_id (UTF8)",
    "int64 birth",
    "binary user_id (UTF8)",
    "binary group_id (UTF8)",
    "int64 first_seen (TIMESTAMP(MILLIS,true))",
    "int64 last_seen (TIMESTAMP(MILLIS,true))",
    "binary zone (UTF8)",
    "binary attributes (UTF8)",
    "binary lettered (UTF8)",
];

const CONSENT: [&str; 5] = [
    "binary profile_id (UTF8)",
    "binary purpose (UTF8)",
    "boolean granted",
    "int64 expires (TIMESTAMP(MILLIS,true))",
    "int64 when (TIMESTAMP(MILLIS,true))",
];

fn write_lists(directory: &Path, lists: &[Arc<List>]) -> Result<(), LakeError> {
    let columns = ["binary list (UTF8)", "binary element (UTF8)", "binary lettered (UTF8)"];
    let mut table = Table::create(directory, "lists", &columns)?;
    for list in lists {
        for (written, element) in &list.elements {
            let lettered: Cell = lettered(element).into();
            table.push([(&*list.name).into(), (&**written).into(), lettered])?;
        }
    }
    table.close()
}

fn write_file(path: &Path, text: &str) -> Result<(), LakeError> {
    let written = File::create(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| LakeError::Io(path.to_owned(), error))
}
