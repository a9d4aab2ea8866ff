//! Random histories: late rows, seals of few rows, merges in between, reopening.

use super::generate::{Dice, NOW, event, streams, when};
use crate::model::{Event, IdentifierNumber, Object, Path, Stream, Timestamp, Value};
use crate::timeline::{
    Block, Change, ColumnKey, DirectoryKey, MemoryPages, Shape, StaleChange, Timeline, Wanted,
};
use std::collections::BTreeMap;

/// A timeline, what lies beside it, and the naive twin of both.
struct Twins {
    timeline: Timeline,
    pages: MemoryPages,
    directory: BTreeMap<Vec<u8>, Vec<u8>>,
    all: Vec<Event>,
    now: Timestamp,
}

fn small(dice: &mut Dice) -> Shape {
    Shape {
        own_group_rows: dice.pick(&[1, 20, 4_096]),
        own_group_rows_in_run: dice.pick(&[1, 8]),
        stripe_rows: dice.pick(&[3, 16, 256, 2_048]),
        stripe_bytes: dice.pick(&[400, 4_000, 256 << 10]),
        page_bytes: dice.pick(&[64, 300, 8 << 10]),
        page_bytes_max: dice.pick(&[300, 32 << 10]),
        runs_max: dice.pick(&[1, 2, 4]),
    }
}

impl Twins {
    fn new(dice: &mut Dice) -> Twins {
        Twins {
            timeline: Timeline::default().with_shape(small(dice)),
            pages: MemoryPages::default(),
            directory: BTreeMap::new(),
            all: Vec::new(),
            now: Timestamp::saturating_from_millis(NOW),
        }
    }

    fn append(&mut self, event: Event) {
        self.timeline.append(event.clone());
        self.all.push(event);
    }

    fn write(&mut self, change: &Change) {
        self.pages.put(change.pages.iter().cloned());
        for (key, bytes) in &change.entries {
            match bytes {
                Some(bytes) => self.directory.insert(key.to_bytes(), bytes.clone()),
                None => self.directory.remove(&key.to_bytes()),
            };
        }
    }

    fn install(&mut self, change: Change) {
        let replaced = change.replaced.clone();
        self.timeline.install(change).unwrap();
        replaced.iter().for_each(|key| self.pages.remove(key));
    }

    fn seal(&mut self) {
        let change = self.timeline.seal(self.now);
        self.write(&change);
        self.install(change);
    }

    fn merge(&mut self) -> bool {
        let Some(change) = self.timeline.merge(&self.pages, self.now).unwrap() else {
            return false;
        };
        self.write(&change);
        self.install(change);
        true
    }

    /// What is sealed is opened again from bytes; what is not is appended again.
    fn reopen(&mut self, shape: Shape) {
        let n_sealed = self.all.len() - self.timeline.tail_len();
        let written: Vec<_> = self
            .timeline
            .directory()
            .into_iter()
            .map(|(key, bytes)| (key.to_bytes(), bytes))
            .collect();
        if n_sealed > 0 {
            assert_eq!(written, self.directory.clone().into_iter().collect::<Vec<_>>());
        }
        let entries = self.directory.iter();
        let entries =
            entries.map(|(key, bytes)| (DirectoryKey::from_bytes(key).unwrap(), &**bytes));
        self.timeline = Timeline::open(entries).unwrap().with_shape(shape);
        let tail = self.all[n_sealed..].to_vec();
        tail.into_iter().for_each(|event| self.timeline.append(event));
    }

    /// Rows by the naive way: keep what fits, sort.
    fn expected(
        &self,
        wanted: &Wanted<'_>,
        from: Timestamp,
        to: Option<Timestamp>,
        fits: impl Fn(&Event) -> bool,
    ) -> Vec<Event> {
        let within = |event: &Event| from <= event.when && to.is_none_or(|to| event.when < to);
        let kept = self.all.iter().filter(|event| within(event) && fits(event));
        let mut kept: Vec<Event> =
            kept.filter(|event| wanted.has(&event.body.stream())).cloned().collect();
        kept.sort_by(|a, b| a.origin.cmp(&b.origin).then(a.canonical(b)));
        kept
    }

    fn check_rows(&self, dice: &mut Dice, case: &str) {
        let origin = event(dice, 0).origin;
        let (from, to) = span(dice);
        let streams = some_streams(dice);
        let wanted = if dice.one_in(3) { Wanted::All } else { Wanted::Streams(&streams) };
        let mut rows = Vec::new();
        let mut keep = |event: &Event| rows.push(event.clone());
        self.timeline.rows(&self.pages, origin, from, to, &wanted, &mut keep).unwrap();
        assert_eq!(
            rows,
            self.expected(&wanted, from, to, |event| event.origin == origin),
            "{case}"
        );
    }

    fn check_scan(&self, dice: &mut Dice, case: &str) {
        let (from, to) = span(dice);
        let streams = some_streams(dice);
        let wanted = if dice.one_in(3) { Wanted::All } else { Wanted::Streams(&streams) };
        let columns = keys();
        let scan = self.timeline.scan(wanted, &columns, from, to, true);
        let mut rows = Vec::new();
        for chunk in scan.chunks() {
            scan.chunk(&self.pages, chunk, &mut |block| rows.extend(rows_of(block))).unwrap();
        }
        let mut expected: Vec<_> = self
            .expected(&wanted, from, to, |_| true)
            .iter()
            .map(|event| (stamp_of(event), columns.iter().map(|key| cell(event, key)).collect()))
            .collect();
        // The order of blocks says nothing; that of equal rows neither.
        let order = |row: &Row| (row.0, format!("{:?}", row.1));
        rows.sort_by_key(order);
        expected.sort_by_key(order);
        assert_eq!(rows, expected, "{case}");
    }
}

type Stamp = (u32, i64, i64, u128);
type Row = (Stamp, Vec<Option<Value>>);

fn stamp_of(event: &Event) -> Stamp {
    (event.origin.0, event.when.millis(), event.ord, event.id.0)
}

fn rows_of(block: &Block<'_>) -> Vec<Row> {
    let n_rows = block.origins.len();
    let row = |row: usize| {
        let stamp = (block.origins[row], block.whens[row], block.ords[row], block.ids[row].0);
        (stamp, block.columns.iter().map(|column| column.value(row)).collect())
    };
    let rows: Vec<Row> = (0..n_rows).map(row).collect();
    assert!(rows.iter().map(|row| row.0).is_sorted());
    assert!(block.columns.iter().all(|column| column.len == n_rows));
    rows
}

fn keys() -> Vec<ColumnKey> {
    let paths = ["a", "total", "a.b", "a.a", "items", "paid", "coupon", "ž"];
    let paths = paths.map(|path| Path::dotted(path).unwrap());
    let plain = [
        ColumnKey::Kind,
        ColumnKey::Name,
        ColumnKey::Received,
        ColumnKey::Source,
        ColumnKey::Channel,
        ColumnKey::GroupId,
        ColumnKey::Previous,
        ColumnKey::Purpose,
        ColumnKey::Granted,
        ColumnKey::Expires,
    ];
    let context = paths.clone().map(ColumnKey::Context);
    plain.into_iter().chain(paths.map(ColumnKey::Property)).chain(context).collect()
}

/// What a column must say of an event, read from the event itself.
fn cell(event: &Event, key: &ColumnKey) -> Option<Value> {
    use crate::model::Body;
    let text = |text: &str| Some(Value::Text(text.into()));
    let none = Object::default();
    let fields = match &event.body {
        Body::Track { properties, .. }
        | Body::Page { properties }
        | Body::Screen { properties } => properties,
        Body::Identify { traits } | Body::Group { traits, .. } => traits,
        Body::Alias { .. } | Body::Consent { .. } => &none,
    };
    match (key, &event.body) {
        (ColumnKey::Kind, body) => text(body.kind().name()),
        (ColumnKey::Name, Body::Track { event, .. }) => text(event),
        (ColumnKey::Received, _) => Some(Value::Instant(event.received)),
        (ColumnKey::Source, _) => text(&event.source),
        (ColumnKey::Channel, _) => event.channel.clone().map(Value::Text),
        (ColumnKey::GroupId, Body::Group { group_id, .. }) => text(group_id),
        (ColumnKey::Previous, Body::Alias { previous }) => text(previous),
        (ColumnKey::Purpose, Body::Consent { purpose, .. }) => text(purpose),
        (ColumnKey::Granted, Body::Consent { granted, .. }) => Some(Value::Bool(*granted)),
        (ColumnKey::Expires, Body::Consent { expires, .. }) => expires.map(Value::Instant),
        (ColumnKey::Property(path), _) => at(fields, path),
        (ColumnKey::Context(path), _) => at(&event.context, path),
        _ => None,
    }
}

fn at(object: &Object, path: &Path) -> Option<Value> {
    let mut value = Value::Object(object.clone());
    for step in path.steps() {
        let (Value::Object(object), crate::model::Step::Key(key)) = (&value, step) else {
            return None;
        };
        value = object.get(key)?.clone();
    }
    Some(value)
}

fn span(dice: &mut Dice) -> (Timestamp, Option<Timestamp>) {
    let from = if dice.one_in(2) { Timestamp::MIN } else { when(dice) };
    let to = if dice.one_in(2) { None } else { Some(when(dice)) };
    (from, to)
}

fn some_streams(dice: &mut Dice) -> Vec<Stream> {
    let all = streams();
    let n_streams = dice.below(4);
    (0..n_streams).map(|_| dice.pick(&all)).collect()
}

fn live_through(seed: u64, n_steps: usize) {
    let mut dice = Dice(seed);
    let mut twins = Twins::new(&mut dice);
    for step in 0..n_steps {
        let case = format!("seed {seed}, step {step}");
        let n_rows = dice.below(60);
        for _ in 0..n_rows {
            let next = twins.all.len() as u128;
            twins.append(event(&mut dice, next));
        }
        match dice.below(8) {
            0..4 => twins.seal(),
            4 => {
                twins.merge();
            }
            5 => while twins.merge() {},
            6 => {
                let shape = small(&mut dice);
                twins.reopen(shape);
            }
            _ => twins.now = twins.now.plus_ms(dice.below(90 * 86_400_000) as i64),
        }
        (0..4).for_each(|_| twins.check_rows(&mut dice, &case));
        twins.check_scan(&mut dice, &case);
        assert_eq!(
            twins.timeline.sealed_len() as usize + twins.timeline.tail_len(),
            twins.all.len(),
            "{case}"
        );
    }
}

#[test]
fn a_timeline_gives_what_a_vector_of_events_gives() {
    for seed in 0..150 {
        live_through(seed, 12);
    }
}

#[test]
fn a_long_history_stays_within_its_runs() {
    let mut dice = Dice(77);
    let mut twins = Twins::new(&mut dice);
    twins.timeline = Timeline::default();
    for _ in 0..40 {
        for _ in 0..50 {
            let next = twins.all.len() as u128;
            twins.append(event(&mut dice, next));
        }
        twins.seal();
        while twins.merge() {}
        assert!(twins.timeline.runs().count() > 0);
        for chunk in twins.timeline.chunks.values() {
            assert!(chunk.values().all(|runs| runs.len() <= 4));
        }
    }
    twins.now = twins.now.plus_ms(500 * 86_400_000);
    while twins.merge() {}
    (0..50).for_each(|_| twins.check_rows(&mut dice, "after 500 days"));
    let slices = twins.timeline.chunks.values().flat_map(|chunk| chunk.iter());
    for run in slices.flat_map(|(_, runs)| runs) {
        let (first, last) = run.span().unwrap();
        assert!(run.slice.is_settled(first, twins.now) && run.slice.is_settled(last, twins.now));
    }
}

#[test]
fn rows_that_come_during_a_seal_stay_in_the_tail() {
    let mut dice = Dice(5);
    let mut twins = Twins::new(&mut dice);
    for id in 0..1_500 {
        twins.append(event(&mut dice, id));
    }
    let view = twins.timeline.clone();
    let change = view.seal(twins.now);
    for id in 1_500..1_700 {
        twins.append(event(&mut dice, id));
    }
    twins.write(&change);
    let again = change.clone();
    twins.install(change);
    assert_eq!(twins.timeline.tail_len(), 200);
    assert_eq!(twins.timeline.install(again), Err(StaleChange));
    (0..200).for_each(|_| twins.check_rows(&mut dice, "after the seal"));
    let mut n_rows = 0;
    for origin in (0..40).chain(65_500..65_600).chain([u32::MAX - 1, u32::MAX]) {
        let count = &mut |_: &Event| n_rows += 1;
        let origin = IdentifierNumber(origin);
        view.rows(&twins.pages, origin, Timestamp::MIN, None, &Wanted::All, count).unwrap();
    }
    assert_eq!(n_rows, 1_500, "the view stays as it was");
}

#[test]
fn a_row_of_great_values_spans_pages() {
    let mut twins = Twins::new(&mut Dice(1));
    twins.timeline = Timeline::default();
    let mut dice = Dice(9);
    for id in 0..40 {
        let mut great = event(&mut dice, id);
        let text: String = (0..200_000).map(|_| char::from(97 + dice.below(26) as u8)).collect();
        let list = vec![Value::Text(text.as_str().into()), Value::Null];
        let object = Object::new(vec![("great".into(), Value::List(list))]).unwrap();
        great.body = crate::model::Body::Page { properties: object };
        great.origin = IdentifierNumber(1);
        twins.append(great);
    }
    twins.seal();
    assert!(twins.pages.iter().all(|(_, page)| page.len() <= 32 << 10));
    twins.timeline.set_cache_budget(0);
    let mut rows = Vec::new();
    let keep = &mut |event: &Event| rows.push(event.clone());
    let origin = IdentifierNumber(1);
    twins.timeline.rows(&twins.pages, origin, Timestamp::MIN, None, &Wanted::All, keep).unwrap();
    assert_eq!(rows, twins.expected(&Wanted::All, Timestamp::MIN, None, |_| true));
}

#[test]
fn seldom_keys_share_one_place() {
    let mut twins = Twins::new(&mut Dice(1));
    twins.timeline = Timeline::default();
    let mut dice = Dice(3);
    for id in 0..3_000 {
        let mut row = event(&mut dice, id);
        let key = format!("key {}", dice.below(700));
        let object = Object::new(vec![
            (key.as_str().into(), Value::from(id as i64)),
            ("often".into(), Value::from(true)),
        ]);
        row.body = crate::model::Body::Screen { properties: object.unwrap() };
        twins.append(row);
    }
    twins.seal();
    (0..100).for_each(|_| twins.check_rows(&mut dice, "seldom keys"));
    let seldom = [ColumnKey::Property(Path::key("key 7")), ColumnKey::Property(Path::key("often"))];
    let scan = twins.timeline.scan(Wanted::All, &seldom, Timestamp::MIN, None, false);
    let (mut n_seldom, mut n_often) = (0, 0);
    for chunk in scan.chunks() {
        let mut count = |block: &Block<'_>| {
            n_seldom += block.columns[0].present.count();
            n_often += block.columns[1].present.count();
        };
        scan.chunk(&twins.pages, chunk, &mut count).unwrap();
    }
    let has = |event: &&Event| event.body.properties().is_some_and(|p| p.get("key 7").is_some());
    assert_eq!((n_seldom, n_often), (twins.all.iter().filter(has).count(), 3_000));
    assert!(n_seldom > 0);
}
