use super::draft::VALUES_MAX;
use super::{decode, encode, put};
use crate::model::{Body, Call, Input, Lsn, Object, Record, Text, Timestamp, Value};
use crate::store::chance::Chance;
use crate::store::error::StoreError;

fn bytes_of(record: &Record) -> (u8, Vec<u8>) {
    let mut out = Vec::new();
    let kind = encode(&mut out, record).unwrap();
    (kind, out)
}

fn record_of(input: Input) -> Record {
    Record { lsn: Lsn(9), at: Timestamp::EPOCH, first_identifier: 1, input }
}

fn nested(depth: usize) -> Record {
    let deep = (0..depth).fold(Value::Null, |value, _| Value::List(vec![value]));
    let properties = Object::new(vec![("deep".into(), deep)]).unwrap();
    let event = "e".into();
    record_of(Input::Calls(vec![Call::new("web", Body::Track { event, properties })]))
}

#[test]
fn every_generated_record_comes_back_exactly() {
    for seed in 0..3_000 {
        let record = Chance(seed).record(seed + 1);
        let (kind, bytes) = bytes_of(&record);
        assert_eq!(decode(record.lsn, kind, &bytes), Ok(record), "seed {seed}");
    }
}

#[test]
fn the_same_record_has_the_same_bytes() {
    for seed in 0..100 {
        let record = Chance(seed).record(1);
        assert_eq!(bytes_of(&record), bytes_of(&record.clone()), "seed {seed}");
    }
}

#[test]
fn a_call_by_itself_is_written_like_columns_of_one() {
    let mut n_calls = 0;
    for seed in 0..3_000 {
        let (Input::Calls(calls) | Input::Bulk(calls)) = Chance(seed).record(1).input else {
            continue;
        };
        for call in calls {
            let n_values = (0..).find(|most| put::one::draft(&call, *most).is_some()).unwrap();
            for most in [n_values.saturating_sub(1), n_values, VALUES_MAX] {
                let columns = put::calls::draft(std::slice::from_ref(&call), most);
                assert_eq!(put::one::draft(&call, most), columns, "seed {seed}: {call:?}");
            }
            n_calls += 1;
        }
    }
    assert!(n_calls > 1_000, "{n_calls} calls");
    for depth in 55..70 {
        let object = |inner: Value| {
            let fields = (0..99_i64).map(|n| (format!("k{n}").into(), Value::from(n)));
            Value::Object(Object::new(fields.chain([("z".into(), inner)]).collect()).unwrap())
        };
        let Value::Object(properties) = (1..depth).fold(object(Value::Null), |it, _| object(it))
        else {
            unreachable!()
        };
        let call = Call::new("web", Body::Page { properties });
        let columns = put::calls::draft(std::slice::from_ref(&call), VALUES_MAX);
        assert_eq!(put::one::draft(&call, VALUES_MAX), columns, "{depth} deep");
        assert_eq!(columns.is_some(), depth <= 64, "{depth} deep");
    }
}

#[test]
fn texts_that_lie_in_one_place_are_written_like_those_that_do_not() {
    let words: Vec<Text> = (0..200).map(|n| format!("word {n}").into()).collect();
    let words = || (0..5_000).map(|n| &words[n * 7_919 % 211 % 200]);
    let record = |words: &mut dyn Iterator<Item = Text>| {
        let call = |word: Text| {
            let properties = Object::new(vec![("word".into(), Value::Text(word))]).unwrap();
            Call::new("web", Body::Page { properties })
        };
        record_of(Input::Calls(words.map(call).collect()))
    };
    let shared = bytes_of(&record(&mut words().cloned()));
    let apart = bytes_of(&record(&mut words().map(|word| Text::from(&**word))));
    assert_eq!(shared, apart);
}

#[test]
fn cut_bytes_are_no_record() {
    for seed in 0..60 {
        let record = Chance(seed).record(1);
        let (kind, bytes) = bytes_of(&record);
        // Every length of a short record, and some of a long one.
        for length in (0..bytes.len()).step_by(1 + bytes.len() / 500) {
            assert!(decode(record.lsn, kind, &bytes[..length]).is_err(), "seed {seed} at {length}");
        }
    }
}

#[test]
fn changed_bytes_are_some_record_or_an_error_but_no_panic() {
    for seed in 0..400 {
        let mut chance = Chance(seed);
        let record = chance.record(1);
        let (kind, bytes) = bytes_of(&record);
        for _ in 0..60 {
            let mut bad = bytes.clone();
            for _ in 0..=chance.below(3) {
                let place = chance.below(bad.len() as u64) as usize;
                bad[place] = chance.next() as u8;
            }
            let _ = decode(record.lsn, kind, &bad);
        }
    }
}

#[test]
fn a_few_bytes_cannot_ask_for_much() {
    for kind in 0..=16 {
        for byte in 0..=255u8 {
            let _ = decode(Lsn(1), kind, &[vec![0, 1], vec![byte; 60]].concat());
            let _ = decode(Lsn(1), kind, &[vec![0, 1, 0x90, 0x4E], vec![byte; 200]].concat());
        }
    }
}

#[test]
fn nesting_comes_back_up_to_its_limit_and_is_refused_beyond() {
    let record = nested(63);
    let (kind, bytes) = bytes_of(&record);
    assert_eq!(decode(record.lsn, kind, &bytes), Ok(record));
    let refused = encode(&mut Vec::new(), &nested(64));
    assert!(matches!(refused, Err(StoreError::TooLarge { .. })));
}

#[test]
fn more_calls_than_a_record_may_hold_are_refused() {
    let call = Call::new("web", Body::Alias { previous: "x".into() });
    let mut calls = vec![call; 10_000];
    let record = record_of(Input::Bulk(calls.clone()));
    let (kind, bytes) = bytes_of(&record);
    assert!(bytes.len() < 60, "{} bytes for ten thousand equal calls", bytes.len());
    assert_eq!(decode(record.lsn, kind, &bytes), Ok(record));
    calls.push(calls[0].clone());
    let refused = encode(&mut Vec::new(), &record_of(Input::Bulk(calls)));
    assert!(matches!(refused, Err(StoreError::TooLarge { given: 10_001, limit: 10_000, .. })));
}

#[test]
fn a_text_that_many_calls_share_is_kept_once_in_memory() {
    let calls = vec![Call::new("web", Body::Alias { previous: "x".into() }); 3];
    let (kind, bytes) = bytes_of(&record_of(Input::Calls(calls)));
    let Ok(Record { input: Input::Calls(calls), .. }) = decode(Lsn(1), kind, &bytes) else {
        panic!("the record came back as something else")
    };
    assert!(Text::ptr_eq(&calls[0].source, &calls[2].source));
}
