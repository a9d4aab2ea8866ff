//! `forecast`: who enters and leaves an audience if nothing happens.

use super::axis::Axis;
use crate::model::{ProfileId, Timestamp, Value, Zone};
use crate::query::predicate::Audience;
use crate::query::{Crowd, CrowdError, Per, Person, Rows, holds, why};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Somebody enters or leaves.
type Move = (Timestamp, u32, bool);

pub(super) fn forecast(
    crowd: &dyn Crowd,
    audience: &Arc<Audience>,
    (now, ms): (Timestamp, i64),
    per: Option<(Per, &Zone)>,
) -> Result<Rows, CrowdError> {
    let end = now.plus_ms(ms);
    let moves = moves(crowd, audience, (now, end))?;
    match per {
        None => Ok(each(&moves)),
        Some((per, zone)) => numbers(&moves, &Axis::new(per, zone, now, end.plus_ms(-1))?),
    }
}

/// The next instant before an end at which somebody enters or leaves an audience if
/// nothing happens, neither to them nor to anybody else.
pub(crate) fn next_move(
    crowd: &dyn Crowd,
    audience: &Arc<Audience>,
    profile: ProfileId,
    (now, end): (Timestamp, Timestamp),
) -> Result<Option<Timestamp>, CrowdError> {
    let moves = moves(crowd, audience, (now, end))?;
    Ok(moves.iter().find(|(_, moved, _)| *moved == profile.0).map(|(at, ..)| *at))
}

/// Who enters and leaves between two instants, in order.
fn moves(
    crowd: &dyn Crowd,
    audience: &Arc<Audience>,
    (now, end): (Timestamp, Timestamp),
) -> Result<Vec<Move>, CrowdError> {
    let mut walk = Walk { audience, now, from: now, inside: BTreeSet::new(), moves: Vec::new() };
    while walk.from < end {
        let regroups = crowd.regroups_after(walk.from).filter(|at| *at > walk.from);
        let until = regroups.map_or(end, |at| at.min(end));
        match audience.condition.has_ranks() {
            true => walk.stretch_together(crowd, until)?,
            false => walk.stretch(crowd, until)?,
        }
    }
    walk.moves.sort_unstable();
    Ok(walk.moves)
}

/// People moved along from stretch to stretch, in each of which who is who stays.
struct Walk<'a> {
    audience: &'a Arc<Audience>,
    now: Timestamp,
    from: Timestamp,
    /// Who is in before `from`.
    inside: BTreeSet<u32>,
    moves: Vec<Move>,
}

impl Walk<'_> {
    fn stretch(&mut self, crowd: &dyn Crowd, until: Timestamp) -> Result<(), CrowdError> {
        let before = std::mem::take(&mut self.inside);
        let mut met = BTreeSet::new();
        crowd.each(until.plus_ms(-1), &mut |person| {
            met.insert(person.profile.0);
            self.person(person, before.contains(&person.profile.0), until);
            true
        })?;
        // They are somebody else's part by now.
        let gone = before.difference(&met);
        self.moves.extend(gone.map(|profile| (self.from, *profile, false)));
        self.from = until;
        Ok(())
    }

    /// Where people are ranked, each moves with all others.
    fn stretch_together(&mut self, crowd: &dyn Crowd, until: Timestamp) -> Result<(), CrowdError> {
        let ahead = crowd.ahead(self.audience, (self.from, until))?;
        let inside = ahead.inside.iter().map(|seat| seat.0).collect();
        let before = std::mem::replace(&mut self.inside, inside);
        if self.from > self.now {
            let moved = before.symmetric_difference(&self.inside);
            self.moves.extend(moved.map(|it| (self.from, *it, self.inside.contains(it))));
        }
        for (at, seat, enters) in ahead.moves {
            self.moves.push((at, seat.0, enters));
            let _ = if enters { self.inside.insert(seat.0) } else { self.inside.remove(&seat.0) };
        }
        self.from = until;
        Ok(())
    }

    fn person(&mut self, person: &Person<'_>, was_inside: bool, until: Timestamp) {
        let (condition, profile) = (&self.audience.condition, person.profile.0);
        let born = person.events.first().map_or(until, |event| event.when);
        let mut at = self.from.max(born);
        let mut inside = holds::holds(condition, person, at);
        // Whoever is in now does not enter.
        if inside != was_inside && at > self.now {
            self.moves.push((at, profile, inside));
        }
        while let Some(flip) = why::moves_before(condition, person, at, until) {
            (at, inside) = (flip, !inside);
            self.moves.push((at, profile, inside));
        }
        if inside {
            self.inside.insert(profile);
        }
    }
}

fn each(moves: &[Move]) -> Rows {
    let row = |(at, profile, enters): &Move| {
        let change = if *enters { "enters" } else { "leaves" };
        let profile = ProfileId(*profile).to_string();
        vec![Value::Instant(*at), Value::text(&profile), Value::text(change)]
    };
    let columns = ["instant", "profile", "change"].map(String::from).to_vec();
    Rows { columns, rows: moves.iter().map(row).collect() }
}

fn numbers(moves: &[Move], axis: &Axis) -> Result<Rows, CrowdError> {
    let mut counts = vec![[0_i64; 2]; axis.len()];
    for (at, _, enters) in moves {
        if let Some(place) = axis.place(*at) {
            counts[place][usize::from(!enters)] += 1;
        }
    }
    let row = |(name, [enters, leaves]): (&Value, [i64; 2])| {
        vec![name.clone(), enters.into(), leaves.into()]
    };
    let columns = ["period", "enters", "leaves"].map(String::from).to_vec();
    Ok(Rows { columns, rows: axis.names.iter().zip(counts).map(row).collect() })
}
