//! Who was forgotten is shown nowhere, not even as an example of a value.

use throng::engine::{Answer, Clock, CommitTime, Options, Throng};
use throng::model::{Body, Call, EventId, Object, Value};

fn order(user: &str, city: &str) -> Call {
    let properties = Object::new(vec![("city".into(), Value::text(city))]).unwrap();
    let mut call = Call::new("web", Body::Track { event: "order".into(), properties });
    call.user_id = Some(user.into());
    call
}

/// Everything that the catalog says of the event, as one text.
fn described(throng: &Throng) -> String {
    let answers = throng.query("describe event order").unwrap().answers;
    let rows = answers.iter().filter_map(Answer::rows).flat_map(|rows| &rows.rows);
    rows.map(|row| format!("{row:?}")).collect()
}

#[test]
fn values_of_the_forgotten_are_no_examples_any_more() {
    let throng = Throng::temporary().unwrap();
    throng.ingest(vec![order("u-1", "Atlantis"), order("u-2", "Brno")]).unwrap();
    assert!(described(&throng).contains("Atlantis"));
    throng.query("forget profile \"user_id:u-1\"").unwrap();
    let after = described(&throng);
    assert!(after.contains("Brno") && !after.contains("Atlantis"), "{after}");
}

#[test]
fn a_message_id_that_was_forgotten_stays_refused_over_openings() {
    let place = tempfile::tempdir().unwrap();
    let at = |n: u32| CommitTime::At(format!("2026-03-0{n}T00:00:00Z").parse().unwrap());
    let open = || Throng::open(place.path(), Options::default()).unwrap();
    let sent = |throng: &Throng, message: &str, n| {
        let id = Some(EventId::of_message("web", message));
        let call = Call { id, ..order("u-1", "Brno") };
        throng.ingest_at(vec![call], at(n), false).unwrap().refused.len()
    };
    let given = Options { clock: Some(Clock::Given), ..Options::default() };
    let throng = Throng::open(place.path(), given).unwrap();
    assert_eq!(sent(&throng, "m-0", 1), 0);
    throng.query("forget event \"m-1\"").unwrap();
    throng.close().unwrap();
    let throng = open();
    throng.query("forget event \"m-2\"").unwrap();
    let asked = [("m-1", 1), ("m-2", 1), ("m-3", 0)];
    let check = |throng: Throng| {
        for (message, n_refused) in asked {
            assert_eq!(sent(&throng, message, 2), n_refused, "{message}");
        }
        throng.close().unwrap();
    };
    check(throng);
    check(open());
}
