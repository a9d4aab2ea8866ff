//! The race with other systems (`benches/peers`) at its smallest: the shop of a seed is the
//! one whose answers were recorded, in order and as calls arrive in life, asked and kept.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

#[path = "../benches/peers/driver/calls.rs"]
#[allow(dead_code, reason = "a test takes what it needs")]
mod calls;
#[path = "support/document.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod document;
#[path = "../benches/peers/driver/members.rs"]
mod members;
#[path = "../benches/peers/shop/mod.rs"]
mod shop;

use document::{Piece, pieces, read};
use members::Members;
use shop::{Disorder, Shop, Size};
use throng::engine::Throng;
use throng::model::Timestamp;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const IN_ORDER: Disorder = Disorder { late: 0.0, duplicates: 0.0, reordered: 0.0 };
const AS_IN_LIFE: Disorder = Disorder { late: 0.05, duplicates: 0.02, reordered: 0.1 };
/// 2025-12-31T23:59:59.999Z.
const NOW: i64 = 1_767_225_599_999;

/// A section of the page of queries.
#[derive(Default)]
struct Query {
    id: String,
    /// The parts of it: what each of their people weighs, and the people.
    parts: Vec<(u32, String)>,
    list: Option<String>,
    count: Option<String>,
}

impl Query {
    fn listed(&self) -> String {
        let lists = self.parts.iter().map(|(weight, people)| list(*weight, people));
        self.list.clone().unwrap_or_else(|| lists.collect())
    }

    fn counted(&self) -> String {
        let counts = self.parts.iter().map(|(_, people)| format!("count {people};"));
        self.count.clone().unwrap_or_else(|| counts.collect())
    }

    /// Statements that make audiences of it, and that list them.
    fn standing(&self) -> (String, String) {
        let name = |part: usize| format!("{}_{part}", self.id.to_lowercase());
        let parts = || self.parts.iter().enumerate();
        let made =
            parts().map(|(n, (_, people))| format!("create audience {} is {people};", name(n)));
        let members = parts().map(|(n, (weight, _))| {
            let people = format!("people in audience {}", name(n));
            list(*weight, &people)
        });
        (made.collect(), members.collect())
    }
}

fn list(weight: u32, people: &str) -> String {
    match weight {
        1 => format!("list user_id of {people};"),
        weight => format!("list user_id, {weight} of {people};"),
    }
}

/// What they need defined, and the queries.
fn page() -> (String, Vec<Query>) {
    let text = read("benches/peers/queries.md");
    let (mut definitions, mut queries) = (String::new(), Vec::<Query>::new());
    for piece in pieces(&text) {
        match piece {
            Piece::Prose(line) => {
                if let Some((id, _)) = line.strip_prefix("## ").and_then(|it| it.split_once(" · "))
                {
                    queries.push(Query { id: id.to_owned(), ..Query::default() });
                }
            }
            Piece::Block("who define", text) => definitions = text,
            Piece::Block(kind, text) => {
                let Some(query) = queries.last_mut() else { continue };
                match kind.strip_prefix("who") {
                    Some("") => query.parts.push((1, text)),
                    Some(" list") => query.list = Some(text),
                    Some(" count") => query.count = Some(text),
                    Some(weight) => query.parts.push((weight.trim().parse().unwrap(), text)),
                    None => {}
                }
            }
        }
    }
    (definitions, queries)
}

/// The recorded answers: query, count, checksum.
fn recorded() -> Vec<(String, u64, u128)> {
    let text = read("benches/peers/expected/XS-42.csv");
    let line = |line: &str| {
        let mut fields = line.split(',');
        let mut next = || fields.next().unwrap_or_default();
        (next().to_owned(), next().parse().unwrap(), next().parse().unwrap())
    };
    text.lines().skip(1).map(line).collect()
}

/// A database with the shop of XS in it.
fn shop(disorder: Disorder) -> Outcome<Throng> {
    let place = tempfile::tempdir()?;
    let size = Size { people: 400, events: 8_000, batches: 2, batch_size: 200 };
    let full_context = disorder.late > 0.0;
    Shop { size, seed: 42, disorder, full_context }.write(place.path())?;
    let throng = Throng::temporary()?;
    let taken = calls::take(&throng, &place.path().join("events.ndjson"))?;
    assert_eq!(taken.refused, 0);
    assert_eq!(taken.duplicates > 0, disorder.duplicates > 0.0);
    throng.query(&page().0)?;
    throng.advance_to(Timestamp::from_millis(NOW).ok_or("within time")?)?;
    Ok(throng)
}

fn answers(throng: &Throng, text: &str) -> Outcome<(u64, u128)> {
    let members = Members::of(&throng.query(text)?)?;
    Ok((members.count, members.checksum))
}

#[test]
fn thirteen_audiences_of_a_shop_are_as_recorded_asked_and_kept() -> Outcome {
    let (throng, (_, queries)) = (shop(IN_ORDER)?, page());
    assert_eq!(queries.len(), 13);
    for (query, (id, count, checksum)) in queries.iter().zip(recorded()) {
        assert_eq!(query.id, id);
        assert_eq!(answers(&throng, &query.listed())?, (count, checksum), "{id}");
        throng.query(&query.counted())?;
        let (made, listed) = query.standing();
        throng.query(&made)?;
        assert_eq!(answers(&throng, &listed)?, (count, checksum), "{id}, kept");
    }
    Ok(())
}

#[test]
fn calls_that_come_late_twice_and_past_each_other_change_no_answer() -> Outcome {
    let (throng, (_, queries)) = (shop(AS_IN_LIFE)?, page());
    for (query, (id, count, checksum)) in queries.iter().zip(recorded()) {
        assert_eq!(answers(&throng, &query.listed())?, (count, checksum), "{id}");
    }
    Ok(())
}
