//! How long others wait while calls keep coming in.

use super::rows::{ms, print, quantile, sorted, timed, us};
use super::{Arguments, Outcome, calls, field};
use serde_json::json;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use throng::engine::{CommitTime, Pending, Throng};
use throng::model::{Call, Timestamp};

/// Calls of one commit, and commits that are on their way at once.
const COMMIT: usize = 1_000;
const IN_FLIGHT_MAX: usize = 8;
/// Between two tests of membership, and between two questions.
const BETWEEN_TESTS: Duration = Duration::from_millis(1);
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(20);

/// `busy --data DIR --events FILE --questions FILE --id ID --audience NAME --people N
/// [--seconds N]`: the calls of the file come in again and again, as new ones and later each
/// time. First as fast as they are taken, then at half of that, while one thread tests
/// membership and another asks a question.
pub fn busy(given: &Arguments) -> Outcome {
    let throng = given.open_to_write()?;
    let seconds = Duration::from_secs(given.number_or("seconds", 10)?);
    let mut inflow = Inflow::new(calls::commits(given.path("events")?)?)?;
    let (took, n_calls) = timed(|| flat_out(&throng, &mut inflow, seconds));
    let fastest = n_calls? as f64 / took.as_secs_f64();
    let reading = Reading::new(given)?;
    let every = Duration::from_secs_f64(COMMIT as f64 / (fastest / 2.0));
    let stop = AtomicBool::new(false);
    let (paced, tests, questions) = thread::scope(|scope| {
        let tests = scope.spawn(|| reading.tests(&throng, &stop).map_err(|e| e.to_string()));
        let questions =
            scope.spawn(|| reading.questions(&throng, &stop).map_err(|e| e.to_string()));
        let paced = paced(&throng, &mut inflow, seconds, every);
        stop.store(true, Ordering::Relaxed);
        (paced, tests.join(), questions.join())
    });
    let (rate, commits) = paced?;
    let tests = sorted(tests.map_err(|_| "the tests of membership failed")??);
    let questions = sorted(questions.map_err(|_| "the questions failed")??);
    print(&json!({
        "row": "busy",
        "audiences": throng.info()?.audiences.len(),
        "fastest_per_s": fastest,
        "per_s": rate,
        "test_us": us(quantile(&tests, 0.5)),
        "test_p99_us": us(quantile(&tests, 0.99)),
        "n_tests": tests.len(),
        "question_ms": ms(quantile(&questions, 0.5)),
        "question_p99_ms": ms(quantile(&questions, 0.99)),
        "n_questions": questions.len(),
        "commit_ms": ms(quantile(&commits, 0.5)),
        "commit_p99_ms": ms(quantile(&commits, 0.99)),
        "commit_max_ms": ms(quantile(&commits, 1.0)),
        "n_commits": commits.len(),
    }));
    Ok(throng.close()?)
}

/// Calls without an end: those of a file, as new ones and later each time round.
struct Inflow {
    calls: Vec<Call>,
    span_ms: i64,
    n: usize,
}

impl Inflow {
    fn new(commits: Vec<Vec<Call>>) -> Outcome<Inflow> {
        let calls: Vec<Call> = commits.into_iter().flatten().collect();
        let whens = || calls.iter().filter_map(|call| call.when).map(Timestamp::millis);
        let ends = whens().min().zip(whens().max()).ok_or("the file holds no calls")?;
        Ok(Inflow { span_ms: ends.1 - ends.0 + 1, calls, n: 0 })
    }

    fn commit(&mut self) -> Vec<Call> {
        (0..COMMIT).map(|_| self.call()).collect()
    }

    fn call(&mut self) -> Call {
        let round = 1 + (self.n / self.calls.len()) as i64;
        let mut call = self.calls[self.n % self.calls.len()].clone();
        self.n += 1;
        call.id = None;
        call.when = call.when.map(|when| when.plus_ms(round * self.span_ms));
        call
    }
}

/// How many calls were taken in in that time.
fn flat_out(throng: &Throng, inflow: &mut Inflow, seconds: Duration) -> Outcome<u64> {
    let (mut flight, mut n_calls, begun) = (VecDeque::new(), 0, Instant::now());
    while begun.elapsed() < seconds {
        flight.push_back(throng.begin(inflow.commit(), CommitTime::Follow, false)?);
        if flight.len() > IN_FLIGHT_MAX {
            n_calls +=
                flight.pop_front().map(Pending::wait).transpose()?.map_or(0, |it| it.accepted);
        }
    }
    for on_its_way in flight {
        n_calls += on_its_way.wait()?.accepted;
    }
    Ok(n_calls)
}

/// A commit every so often; calls a second, and how long each commit took from being handed
/// over to its acknowledgement.
fn paced(
    throng: &Throng,
    inflow: &mut Inflow,
    seconds: Duration,
    every: Duration,
) -> Outcome<(f64, Vec<Duration>)> {
    let (sender, on_their_way) = mpsc::sync_channel::<(Instant, Pending)>(1_024);
    let waiting = thread::spawn(move || {
        let land = |(at, pending): (Instant, Pending)| pending.wait().map(|_| at.elapsed());
        on_their_way.into_iter().map(land).collect::<Result<Vec<_>, _>>()
    });
    let begun = Instant::now();
    let mut n_commits = 0;
    while begun.elapsed() < seconds {
        let commit = inflow.commit();
        thread::sleep((begun + every * n_commits).saturating_duration_since(Instant::now()));
        sender.send((Instant::now(), throng.begin(commit, CommitTime::Follow, false)?))?;
        n_commits += 1;
    }
    drop(sender);
    let took = waiting.join().map_err(|_| "the commits failed")??;
    Ok((f64::from(n_commits) * COMMIT as f64 / begun.elapsed().as_secs_f64(), sorted(took)))
}

/// What the readers read.
struct Reading {
    question: String,
    audience: String,
    n_people: u64,
}

impl Reading {
    fn new(given: &Arguments) -> Outcome<Reading> {
        let (file, id) = (given.json("questions")?, given.text("id")?);
        let of = file.as_array().into_iter().flatten().find(|of| of["id"] == id);
        let question = field(of.ok_or(format!("there is no {id}"))?, "timed")?.to_owned();
        let audience = given.text("audience")?.to_owned();
        Ok(Reading { question, audience, n_people: given.number("people")? })
    }

    fn tests(&self, throng: &Throng, stop: &AtomicBool) -> Outcome<Vec<Duration>> {
        let mut took = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let n = took.len() as u64 * 7_919 % self.n_people;
            let (time, is_in) = timed(|| -> Outcome<bool> {
                Ok(throng.audience(&self.audience)?.contains_called(&format!("user_id:u{n}"))?)
            });
            is_in?;
            took.push(time);
            thread::sleep(BETWEEN_TESTS);
        }
        Ok(took)
    }

    fn questions(&self, throng: &Throng, stop: &AtomicBool) -> Outcome<Vec<Duration>> {
        let mut took = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let (time, answer) = timed(|| throng.query(&self.question));
            answer?;
            took.push(time);
            thread::sleep(BETWEEN_QUESTIONS);
        }
        Ok(took)
    }
}
