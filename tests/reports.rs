//! Reports over columns and one by one: the same rows, whatever is asked.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use support::crowd::slow::Slow;
use support::crowd::{Crowd, histories};
use support::generate::*;
use throng::index::Seats;
use throng::model::{Timestamp, Value};
use throng::query::predicate::{
    Aggregate, Audience, Condition, CountRange, Expr, Form, Pattern, PersonLeaf, Predicate,
};
use throng::query::{self, Ahead, CrowdError, Person, Question, Reference, Rows, holds, scan, why};
use throng::report;

/// How many cases are tried, unless the environment says more.
const CASES: u64 = 3_000;

fn n_cases() -> u64 {
    support::cases::n_cases(CASES)
}

/// The same people, who tell of columns.
struct Fast<'a>(&'a Crowd);

fn told<T>(found: Result<T, scan::ScanError>) -> Result<Option<T>, CrowdError> {
    Ok(Some(found.unwrap()))
}

impl query::Crowd for Fast<'_> {
    fn each(&self, _: Timestamp, _: &mut dyn FnMut(&Person<'_>) -> bool) -> Result<(), CrowdError> {
        panic!("nobody is to be asked one by one")
    }

    fn select(&self, condition: &Condition, now: Timestamp) -> Result<Option<Seats>, CrowdError> {
        told(scan::scan(condition, &self.0.everyone(), &self.0.source(), now))
    }

    fn reached(
        &self,
        beginnings: &[&Pattern],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Option<Vec<Seats>>, CrowdError> {
        let everyone = || Ok(self.0.everyone());
        told(scan::reached(beginnings, people, &everyone, &self.0.source(), now))
    }

    fn values(
        &self,
        values: &[&Expr<PersonLeaf>],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        told(scan::values(values, people, &|| Ok(self.0.everyone()), &self.0.source(), now))
    }

    fn totals(
        &self,
        aggregates: &[&Aggregate],
        people: &Seats,
        groups: (&[u32], u32),
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        told(scan::totals(
            aggregates,
            people,
            groups,
            &|| Ok(self.0.everyone()),
            &self.0.source(),
            now,
        ))
    }

    fn trends(
        &self,
        aggregates: &[&Aggregate],
        people: &Seats,
        groups: (&[u32], u32),
        edges: &[Timestamp],
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        told(scan::trends(
            aggregates,
            people,
            (groups, edges),
            &|| Ok(self.0.everyone()),
            &self.0.source(),
            now,
        ))
    }

    fn ahead(
        &self,
        audience: &Arc<Audience>,
        between: (Timestamp, Timestamp),
    ) -> Result<Ahead, CrowdError> {
        let facts = self.0.standing(between.0);
        Ok(throng::audience::ahead(audience, &facts, between, &|| false).unwrap())
    }

    fn one(
        &self,
        _: &Reference,
        _: Timestamp,
        _: &mut dyn FnMut(&Person<'_>),
    ) -> Result<bool, CrowdError> {
        Ok(false)
    }
}

#[test]
fn a_report_over_columns_is_the_report_row_by_row() {
    let mut n_rows = BTreeMap::<&str, usize>::new();
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let crowd = Crowd::of(&mut Random::new(seed), histories(&mut random));
        let (question, zone) = (question(&mut random), zone(&mut random));
        let slow = report::answer(&question, &Slow(&crowd), now(), &zone);
        let fast = report::answer(&question, &Fast(&crowd), now(), &zone);
        // Which of several largest groups of one size comes first is settled by their values.
        assert_eq!(fast, slow, "seed {seed}: {question:#?}");
        let telling = |Rows { rows, .. }: Rows| {
            let last = |row: &Vec<Value>| !matches!(row.last(), None | Some(Value::Null));
            let zero = Some(Value::from(0));
            rows.iter().filter(|row| last(row) && row.last() != zero.as_ref()).count()
        };
        *n_rows.entry(name(&question)).or_default() += slow.map_or(0, telling);
    }
    for name in
        ["count people", "count events", "total", "list", "trend", "retention", "overlap", "funnel"]
    {
        let n = n_rows.get(name).copied().unwrap_or_default() as u64;
        assert!(
            n > (n_cases() / 50).saturating_sub(20),
            "{n} rows of {name} are too few to say much: {n_rows:?}"
        );
    }
}

#[test]
fn as_far_as_why_says_that_somebody_came_the_funnel_counts_them() {
    let (mut n_halfway, mut n_tried) = (0, 0);
    for seed in support::cases::seeds(CASES).step_by(3) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let crowd = Crowd::of(&mut Random::new(seed), histories(&mut random));
        let (whole, zone) = (pattern(&mut random), zone(&mut random));
        let Form::Sequence(sequence) = &whole.form else { continue };
        let beginning = |n: usize| {
            let mut form = sequence.clone();
            form.steps.truncate(n);
            form.tails.truncate(n.saturating_sub(sequence.steps.len()));
            let form = Form::Sequence(form);
            (n.to_string(), Pattern { form, count: CountRange::SOME, ..whole.clone() })
        };
        let n_steps = sequence.steps.len() + sequence.tails.len();
        let steps: Vec<(String, Pattern)> = (1..=n_steps).map(beginning).collect();
        let (people, by) = (Condition::always(), Vec::new());
        let question = Question::Funnel { steps, people, by, top: None };
        let rows = report::answer(&question, &Fast(&crowd), now(), &zone).unwrap().rows;
        let condition = Condition::Leaf(Predicate::Pattern(Box::new(whole.clone())));
        let audience = Audience { name: "a".into(), version: 1, condition, zone: zone.into() };
        let mut reached = vec![0; n_steps];
        crowd.each_at(now(), |_, person| {
            let proof = why::why(&audience, person, now()).proof;
            let why::Step::Predicate(finding) = proof.step else { panic!() };
            let progress = finding.progress.unwrap();
            assert_eq!(progress.steps, n_steps);
            assert_eq!(progress.next.is_none(), progress.reached == n_steps);
            assert_eq!(progress.chosen.len(), progress.reached.min(sequence.steps.len()));
            reached[..progress.reached].iter_mut().for_each(|people| *people += 1);
            n_halfway += usize::from((1..n_steps).contains(&progress.reached));
        });
        let counted: Vec<Value> = rows.iter().map(|row| row[2].clone()).collect();
        let reached: Vec<Value> = reached.into_iter().map(Value::from).collect();
        assert_eq!(counted, reached, "seed {seed}: {whole:#?}");
        n_tried += 1;
    }
    assert!(n_halfway * 4 > n_tried, "{n_halfway} in {n_tried} came some of the way only");
}

#[test]
fn a_forecast_folds_to_who_is_in_at_every_instant() {
    only_live();
    let (mut n_moves, mut n_ranked) = (0, 0);
    for seed in support::cases::seeds(CASES).step_by(2) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let crowd = Crowd::of(&mut Random::new(seed), histories(&mut random));
        for _ in 0..3 {
            n_moves += forecast_folds(&crowd, condition(&mut random, 2), &mut random, seed);
            let ranked = condition_among_others(&mut random, 2);
            n_ranked += forecast_folds(&crowd, ranked, &mut random, seed);
        }
    }
    println!("{n_moves} moves, {n_ranked} of ranks");
    assert!(n_moves > n_cases() / 20, "{n_moves} moves are too few");
    assert!(n_ranked > n_cases() / 20, "{n_ranked} moves of people who are ranked are too few");
}

/// Gives how many moves the forecast has.
fn forecast_folds(crowd: &Crowd, condition: Condition, random: &mut Random, seed: u64) -> u64 {
    let zone = zone(random);
    let audience = Audience { name: "a".into(), version: 1, condition, zone: zone.clone().into() };
    let audience = Arc::new(audience);
    let ms = random.between(1, 40) * 86_400_000;
    let question = Question::Forecast { audience: audience.clone(), ms, per: None };
    let among: &dyn query::Crowd =
        if audience.condition.has_ranks() { &Fast(crowd) } else { &Slow(crowd) };
    let rows = report::answer(&question, among, now(), &zone).unwrap().rows;
    let inside = |at: Timestamp| {
        let mut inside = BTreeSet::new();
        crowd.each_at(at, |_, person| {
            if holds::holds(&audience.condition, person, at) {
                inside.insert(person.profile.to_string());
            }
        });
        inside
    };
    let mut instants: Vec<Timestamp> =
        (0..12).map(|_| now().plus_ms(random.between(0, ms - 1))).collect();
    let at = |row: &Vec<Value>| match row[0] {
        Value::Instant(at) => at,
        _ => panic!("{row:?}"),
    };
    instants.extend(rows.iter().flat_map(|row| [at(row), at(row).plus_ms(-1)]));
    for instant in instants {
        let mut told = inside(now());
        for row in rows.iter().filter(|row| at(row) <= instant) {
            let profile = row[1].as_text().unwrap().to_string();
            let is_new = match row[2].as_text().map(|text| &**text) {
                Some("enters") => told.insert(profile),
                _ => told.remove(&profile),
            };
            assert!(is_new, "seed {seed}: {row:?} of {audience:#?}\n{rows:?}");
        }
        assert_eq!(told, inside(instant), "seed {seed} at {instant}: {audience:#?}\n{rows:?}");
    }
    rows.len() as u64
}

fn name(question: &Question) -> &'static str {
    match question {
        Question::CountPeople { .. } => "count people",
        Question::CountEvents { .. } => "count events",
        Question::Total { .. } => "total",
        Question::List { .. } => "list",
        Question::Trend { .. } => "trend",
        Question::Retention { .. } => "retention",
        Question::Overlap { .. } => "overlap",
        Question::Funnel { .. } => "funnel",
        Question::Forecast { .. } => "forecast",
        Question::Timeline { .. } => "timeline",
    }
}
