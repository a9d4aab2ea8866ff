//! One customer's card: names, attributes, latest events, audiences and since when.

use super::super::failure::Failure;
use super::super::print::{self, say};
use crate::engine::{Answer, Throng};
use crate::model::{Ordinal, ProfileId, Timestamp, Value};
use crate::state::View;
use std::time::Duration;

/// Prints the card of a person.
pub(super) fn show(throng: &Throng, view: &View, seat: Ordinal) -> Result<(), Failure> {
    let profile = ProfileId(seat.0);
    say(format_args!("  profile {profile}"))?;
    for identifier in view.identifiers(seat) {
        say(format_args!("    known as  {identifier}"))?;
    }
    attributes(throng, profile)?;
    say("    latest events")?;
    let timeline = throng.query(&format!("timeline of profile \"{profile}\" limit 5"))?;
    for row in rows(&timeline.answers) {
        let text = |place: usize| row.get(place).map(print::shown).unwrap_or_default();
        say(format_args!("      {}  {:<16} {}", text(0), text(1), shortened(&text(3))))?;
    }
    say("    audiences")?;
    for audience in view.catalog().audiences() {
        if view.members(&audience.name).is_some_and(|members| members.contains(seat)) {
            let since = since(throng, &audience.name, profile)?;
            let since = since.map(|at| at.to_string()).unwrap_or_default();
            say(format_args!("      {:<16} since {since}", audience.name))?;
        }
    }
    Ok(())
}

fn attributes(throng: &Throng, profile: ProfileId) -> Result<(), Failure> {
    let name = format!(
        "list name, country, plan, sum(order.total) as spent, count(order) as orders of \
         people whose user_id is known and user_id = \"{}\"",
        user_id(throng, profile)?
    );
    let answers = throng.query(&name)?;
    let columns = answers.answers.first().and_then(Answer::rows).map(|rows| rows.columns.clone());
    let Some(row) = rows(&answers.answers).into_iter().next() else { return Ok(()) };
    for (column, value) in columns.unwrap_or_default().iter().zip(&row) {
        say(format_args!("    {column:<9} {}", print::shown(value)))?;
    }
    Ok(())
}

fn user_id(throng: &Throng, profile: ProfileId) -> Result<String, Failure> {
    let view = throng.view()?;
    let named = view.identifiers(Ordinal(profile.0));
    let user = named.iter().find(|identifier| &*identifier.namespace == "user_id");
    Ok(user.map(|user| user.value.to_string()).unwrap_or_default())
}

/// The instant from which a person has been in an audience, by the feed.
fn since(
    throng: &Throng,
    audience: &str,
    profile: ProfileId,
) -> Result<Option<Timestamp>, Failure> {
    let mut changes = throng.subscribe(audience, Some(0))?;
    let mut since = None;
    while let Some(change) = changes.next(Duration::ZERO)? {
        if change.profile == profile {
            since = change.entered.then_some(change.at);
        }
    }
    Ok(since)
}

fn rows(answers: &[Answer]) -> Vec<Vec<Value>> {
    answers.first().and_then(Answer::rows).map(|rows| rows.rows.clone()).unwrap_or_default()
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 64;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain("...".chars()).collect()
}
