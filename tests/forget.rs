//! Who was forgotten is shown nowhere, not even as an example of a value.

use throng::engine::{Answer, Throng};
use throng::model::{Body, Call, Object, Value};

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
