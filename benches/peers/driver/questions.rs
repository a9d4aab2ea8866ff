//! Questions ad hoc: asked of a database that is open, and of one that is not.

use super::members::Members;
use super::rows::{ms, print, print_error, quantile, sorted, timed};
use super::{Arguments, Outcome, field};
use serde_json::{Value, json};
use std::time::Duration;
use throng::engine::{Answers, Ask, QueryError, Throng};
use throng::model::Timestamp;

/// The parts of memory that a first question fills with what it reads.
const READ: [&str; 2] = ["decoded rows", "attributes"];

/// One question of the file: what lists its members, and what is timed.
struct Question<'a> {
    id: &'a str,
    check: &'a str,
    timed: &'a str,
}

fn questions(file: &Value) -> Outcome<Vec<Question<'_>>> {
    let list = file.as_array().ok_or("the questions are no list")?;
    let question = |of| {
        let (id, check, timed) = (field(of, "id")?, field(of, "check")?, field(of, "timed")?);
        Ok(Question { id, check, timed })
    };
    list.iter().map(question).collect()
}

fn answer(throng: &Throng, text: &str, now: Timestamp) -> Result<Answers, QueryError> {
    throng.ask(&Ask { text, at: Some(now), read_only: true, ..Ask::default() })
}

/// `ask --data DIR --questions FILE --now MS [--times N]`: members of each question, then
/// its time after one that is not counted.
pub fn ask(given: &Arguments) -> Outcome {
    let (file, now) = (given.json("questions")?, given.now()?);
    let times = given.number_or("times", 5)?;
    let throng = given.open_to_read()?;
    for question in questions(&file)? {
        if let Err(error) = ask_one(&throng, &question, now, times) {
            print_error("ask", question.id, &error);
        }
    }
    Ok(throng.close()?)
}

fn ask_one(throng: &Throng, question: &Question<'_>, now: Timestamp, times: usize) -> Outcome {
    let members = Members::of(&answer(throng, question.check, now)?)?;
    answer(throng, question.timed, now)?;
    let mut took = Vec::new();
    for _ in 0..times {
        let (time, answers) = timed(|| answer(throng, question.timed, now));
        answers?;
        took.push(time);
    }
    let took = sorted(took);
    print(&json!({
        "row": "ask",
        "id": question.id,
        "count": members.count,
        "checksum": members.checksum.to_string(),
        "ms": ms(quantile(&took, 0.5)),
        "min_ms": ms(took.first().copied().unwrap_or_default()),
    }));
    Ok(())
}

/// `cold --data DIR --questions FILE --now MS --id Q1`: the first question of a process.
pub fn cold(given: &Arguments) -> Outcome {
    let (file, now, id) = (given.json("questions")?, given.now()?, given.text("id")?);
    let (opening, throng) = timed(|| given.open_to_read());
    let throng = throng?;
    let all = questions(&file)?;
    let question = all.iter().find(|question| question.id == id).ok_or("no such question")?;
    let (asking, answers): (Duration, _) = timed(|| answer(&throng, question.timed, now));
    answers?;
    let memory = throng.info()?.memory;
    let read = memory.iter().filter(|(part, _)| READ.contains(part));
    print(&json!({
        "row": "cold", "id": id, "open_ms": ms(opening), "ms": ms(asking),
        "read_bytes": read.map(|(_, bytes)| bytes).sum::<usize>(),
    }));
    Ok(throng.close()?)
}
