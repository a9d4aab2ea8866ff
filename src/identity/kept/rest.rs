//! All else as plain values: what is rare.

use super::{bits, tenure_of};
use crate::identity::accept::Ahead;
use crate::identity::people::Identity;
use crate::identity::scars::Scar;
use crate::model::{EventId, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is rare.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestKept {
    pub now: i64,
    pub free: u32,
    pub vetoes: Vec<(u32, Vec<u32>)>,
    pub aliases: Vec<(u32, Vec<(i64, u32)>)>,
    pub ahead: Vec<CallKept>,
    pub scars: Vec<ScarKept>,
    pub quarantined: Vec<u32>,
}

/// A call that waits for its time.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallKept {
    pub when: i64,
    pub id: u128,
    pub numbers: Vec<u32>,
    pub anchor: u32,
    pub previous: Vec<u32>,
}

/// What forgetting left on a number.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScarKept {
    pub number: u32,
    pub masks: Vec<(i64, i64)>,
    pub name: Option<u32>,
    pub cuts: Vec<(i64, u32)>,
}

impl Identity {
    pub(super) fn rest_kept(&self) -> RestKept {
        let mut vetoes: Vec<_> =
            self.groups.vetoes.iter().map(|(number, with)| (*number, with.clone())).collect();
        vetoes.sort();
        let mut aliases: Vec<_> = self
            .aliases
            .iter()
            .map(|(number, by)| (*number, by.iter().map(|(at, by)| (at.millis(), *by)).collect()))
            .collect();
        aliases.sort();
        let ahead = self.ahead.iter().map(|((when, id), call)| CallKept {
            when: when.millis(),
            id: id.0,
            numbers: call.numbers.clone(),
            anchor: call.anchor,
            previous: call.previous.clone(),
        });
        let mut scars: Vec<_> =
            self.scars.iter().map(|(number, scar)| scar_kept(number, scar)).collect();
        scars.sort_by_key(|scar| scar.number);
        RestKept {
            now: self.now.millis(),
            free: bits(self.groups.free),
            vetoes,
            aliases,
            ahead: ahead.collect(),
            scars,
            quarantined: self.quarantined.iter().copied().collect(),
        }
    }

    pub(super) fn take_rest(&mut self, kept: RestKept) -> Option<()> {
        self.now = Timestamp::from_millis(kept.now)?;
        self.groups.free = tenure_of(kept.free);
        for (number, with) in kept.vetoes {
            self.groups.vetoes.insert(number, with);
        }
        for (number, by) in kept.aliases {
            let by = by.into_iter().map(|(at, by)| Some((Timestamp::from_millis(at)?, by)));
            self.aliases.insert(number, by.collect::<Option<_>>()?);
        }
        let mut ahead = BTreeMap::new();
        for call in kept.ahead {
            let key = (Timestamp::from_millis(call.when)?, EventId(call.id));
            let (numbers, anchor, previous) = (call.numbers, call.anchor, call.previous);
            ahead.insert(key, Ahead { numbers, anchor, previous });
        }
        self.ahead = Arc::new(ahead);
        for scar in kept.scars {
            let (number, scar) = scar_of(scar)?;
            self.scars.insert(number, scar);
            self.groups.scar(number);
        }
        self.quarantined = kept.quarantined.into_iter().collect();
        Some(())
    }
}

fn scar_kept(number: u32, scar: &Scar) -> ScarKept {
    let masks = scar.masks.iter().map(|(from, to)| (from.millis(), to.millis()));
    let cuts = scar.cuts.iter().map(|(at, name)| (at.millis(), *name));
    ScarKept { number, masks: masks.collect(), name: scar.name, cuts: cuts.collect() }
}

fn scar_of(kept: ScarKept) -> Option<(u32, Scar)> {
    let at = Timestamp::from_millis;
    let masks = kept.masks.into_iter().map(|(from, to)| Some((at(from)?, at(to)?)));
    let cuts = kept.cuts.into_iter().map(|(when, name)| Some((at(when)?, name)));
    let (masks, cuts) = (masks.collect::<Option<_>>()?, cuts.collect::<Option<_>>()?);
    Some((kept.number, Scar { masks, name: kept.name, cuts }))
}
