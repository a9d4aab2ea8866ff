//! The rows that one person has in each table.

use super::declared::{Declared, with_declared};
use super::json::{self, Form};
use super::table::{Cell, Table};
use super::{LakeError, export::Tables};
use crate::model::{Body, Event, Object, Party, Text, Timestamp, Value, Zone};
use crate::query::Person;
use std::collections::BTreeMap;

/// The instants of which a lake is.
#[derive(Clone, Copy)]
pub(super) struct Instants {
    /// That of the export: what is dated up to it is written.
    pub now: Timestamp,
    /// The last midnight: scores are of what is dated before it.
    pub midnight: Timestamp,
}

/// Writes a person who exists at that instant; gives the number of events.
pub(super) fn write(
    person: &Person<'_>,
    Instants { now, midnight }: Instants,
    declared: &Declared,
    tables: &mut Tables,
) -> Result<u64, LakeError> {
    let visible = || person.events.iter().filter(|call| call.when <= now);
    let profile = person.profile.to_string();
    let Tables { zones, profiles, consents, .. } = tables;
    let said = Said::of(person, visible());
    said.write(person, declared, zones, (profiles, consents))?;
    let Tables { zones, midnight_profiles, midnight_consents, .. } = tables;
    let before = visible().filter(|call| call.when < midnight);
    let said = Said::of(person, before);
    if said.seen.is_some() {
        said.write(person, declared, zones, (midnight_profiles, midnight_consents))?;
    }
    for identifier in person.identifiers {
        let [namespace, value] = [&*identifier.namespace, &*identifier.value].map(Cell::from);
        tables.identifiers.push([
            (&*profile).into(),
            namespace,
            value,
            identifier.to_string().into(),
        ])?;
    }
    let mut n_events = 0;
    for event in visible() {
        if let Some(name) = event.name() {
            event_row(&profile, n_events, name, event, declared, &mut tables.events)?;
            n_events += 1;
        }
    }
    Ok(n_events as u64)
}

fn event_row(
    profile: &str,
    seq: i64,
    name: &str,
    event: &Event,
    declared: &Declared,
    table: &mut Table,
) -> Result<(), LakeError> {
    let nothing = Object::default();
    let properties = event.body.properties().unwrap_or(&nothing);
    let lettered = with_declared(properties, &declared.properties);
    // A property called `context` hides the context of the call.
    let hiding = properties.get("context").filter(|value| !value.is_null());
    let context = match hiding {
        Some(Value::Object(object)) => object,
        Some(_) => &nothing,
        None => &event.context,
    };
    table.push([
        profile.into(),
        seq.into(),
        name.into(),
        event.when.millis().into(),
        event.received.millis().into(),
        event.ord.into(),
        format!("{:032x}", event.id.0).into(),
        (&*event.source).into(),
        event.channel.as_deref().into(),
        event.body.kind().name().into(),
        json::object(properties, Form::Plain).into(),
        json::object(&event.context, Form::Plain).into(),
        json::object(&lettered, Form::Lettered).into(),
        json::object(context, Form::Lettered).into(),
    ])
}

/// Which of several calls decides: a first party before a third, then the later one.
type Weight = (Party, Timestamp, u128);

/// What the calls of a person say that are no events.
#[derive(Default)]
struct Said<'a> {
    /// When the first and the last of them were.
    seen: Option<(Timestamp, Timestamp)>,
    attributes: BTreeMap<&'a Text, (Weight, &'a Value)>,
    group: Option<(Weight, &'a Text)>,
    consents: BTreeMap<&'a Text, &'a Event>,
}

impl<'a> Said<'a> {
    fn of(person: &Person<'a>, calls: impl Iterator<Item = &'a Event>) -> Said<'a> {
        let mut said = Said::default();
        for call in calls {
            let (first, last) = said.seen.unwrap_or((call.when, call.when));
            said.seen = Some((first.min(call.when), last.max(call.when)));
            let weight = (person.parties.of(&call.source), call.when, call.id.0);
            match &call.body {
                Body::Identify { traits } => {
                    traits.iter().for_each(|(key, value)| said.attribute(key, weight, value));
                }
                Body::Group { group_id, .. } => said.group(group_id, weight),
                Body::Consent { purpose, .. } => said.consent(purpose, call),
                _ => {}
            }
        }
        said
    }

    fn attribute(&mut self, key: &'a Text, weight: Weight, value: &'a Value) {
        let known = self.attributes.get(key);
        if known.is_none_or(|(other, _)| *other <= weight) {
            self.attributes.insert(key, (weight, value));
        }
    }

    fn group(&mut self, id: &'a Text, weight: Weight) {
        if self.group.is_none_or(|(other, _)| other <= weight) {
            self.group = Some((weight, id));
        }
    }

    fn consent(&mut self, purpose: &'a Text, call: &'a Event) {
        let known = self.consents.get(purpose);
        if known.is_none_or(|other| (other.when, other.id) <= (call.when, call.id)) {
            self.consents.insert(purpose, call);
        }
    }

    /// A row of the person, and those of their consents.
    fn write(
        &self,
        person: &Person<'_>,
        declared: &Declared,
        zones: &mut BTreeMap<String, Zone>,
        (profiles, consents): (&mut Table, &mut Table),
    ) -> Result<(), LakeError> {
        let profile = person.profile.to_string();
        let attributes = self.attributes();
        let lettered = with_declared(&attributes, &declared.attributes);
        let told = attributes.get("timezone").and_then(Value::as_text);
        let zone = told.and_then(|name| Zone::named(name).ok());
        profiles.push([
            (&*profile).into(),
            i64::from(person.profile.0).into(),
            person.user_id.map(|id| &**id).into(),
            self.group.map(|(_, id)| &**id).into(),
            self.seen.map(|(first, _)| first.millis()).into(),
            self.seen.map(|(_, last)| last.millis()).into(),
            zone.as_ref().map(Zone::name).into(),
            json::object(&attributes, Form::Plain).into(),
            json::object(&lettered, Form::Lettered).into(),
        ])?;
        if let Some(zone) = zone {
            zones.entry(zone.name().to_owned()).or_insert(zone);
        }
        for (purpose, call) in &self.consents {
            let Body::Consent { granted, expires, .. } = &call.body else { continue };
            consents.push([
                (&*profile).into(),
                (&***purpose).into(),
                (*granted).into(),
                expires.map(Timestamp::millis).into(),
                call.when.millis().into(),
            ])?;
        }
        Ok(())
    }

    /// Null unsets: it is no value.
    fn attributes(&self) -> Object {
        let known = self.attributes.iter().filter(|(_, (_, value))| !value.is_null());
        let fields = known.map(|(key, (_, value))| ((*key).clone(), (*value).clone()));
        Object::new(fields.collect()).unwrap_or_default()
    }
}
