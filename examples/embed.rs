//! Throng inside a program: calls go in as values, an audience is kept, time
//! passes, and what changed comes out.
//!
//!     cargo run --example embed

use std::time::Duration;
use throng::engine::{Change, CommitTime, Subscription, Throng};
use throng::model::{Body, Call, EventId, Object, Timestamp, Value};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    for line in story()? {
        println!("{line}");
    }
    Ok(())
}

/// Two customers, one audience, ten days.
pub fn story() -> Outcome<Vec<String>> {
    // A directory of its own, gone with the handle; `Throng::open` keeps one.
    // Its time is what commits say, so nothing here waits.
    let throng = Throng::temporary()?;
    let monday = "2026-03-02T09:00:00Z".parse()?;
    throng.ingest_at(vec![order("ada", "o-1", 120, monday)], CommitTime::At(monday), false)?;

    throng
        .query("create audience recent is people whose sum(order.total in last 7 days) >= 100")?;
    // From the first record on: who was there when the audience was made is told, too.
    let mut changes = throng.subscribe("recent", Some(1))?;
    let mut told = changes_so_far(&mut changes)?;

    // The same order again counts once: its id is known.
    let thursday = "2026-03-05T18:30:00Z".parse()?;
    let calls = vec![order("ada", "o-1", 120, monday), order("bob", "o-2", 250, thursday)];
    let receipt = throng.ingest_at(calls, CommitTime::At(thursday), false)?;
    told.push(format!("{} accepted, {} known already", receipt.accepted, receipt.duplicates));
    told.extend(changes_so_far(&mut changes)?);

    // Nothing happens for a week: both leave, each at an instant of their own.
    throng.advance_to("2026-03-12T18:30:00Z".parse()?)?;
    told.extend(changes_so_far(&mut changes)?);

    let answers = throng.query("list user_id, sum(order.total) of everyone")?;
    for row in answers.answers.iter().filter_map(|answer| answer.rows()).flat_map(|it| &it.rows) {
        if let [Value::Text(name), Value::Number(sum)] = &row[..] {
            told.push(format!("{name} has spent {sum}"));
        }
    }
    throng.close()?;
    Ok(told)
}

/// An order, as a call of the shop.
fn order(customer: &str, number: &str, total: i64, when: Timestamp) -> Call {
    let mut properties = Object::default();
    properties.insert("number".into(), number.into());
    properties.insert("total".into(), total.into());
    let body = Body::Track { event: "order".into(), properties };
    let mut call = Call::new("shop", body);
    call.id = Some(EventId::of_message("shop", number));
    call.user_id = Some(customer.into());
    call.when = Some(when);
    call
}

fn changes_so_far(changes: &mut Subscription) -> Outcome<Vec<String>> {
    let mut told = Vec::new();
    while let Some(change) = changes.next(Duration::ZERO)? {
        told.push(line(&change));
    }
    Ok(told)
}

fn line(change: &Change) -> String {
    let verb = if change.entered { "entered" } else { "left" };
    format!("{} {verb} recent at {}", change.profile, change.at)
}
