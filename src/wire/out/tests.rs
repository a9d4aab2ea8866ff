use super::{Format, write_rows};
use crate::model::Value;
use crate::query::Rows;

fn written(format: Format) -> String {
    let mut object = crate::model::Object::default();
    object.insert("k".into(), Value::List(vec![1.into(), Value::Null]));
    let rows = Rows {
        columns: vec!["a".into(), "a".into(), "b,c".into()],
        rows: vec![
            vec![Value::Number("8911407.904".parse().unwrap()), Value::Null, "x\"y\n".into()],
            vec![Value::Digits("123456789012345678901".into()), true.into(), Value::Object(object)],
            vec![
                Value::Instant("2026-03-01T12:00:00Z".parse().unwrap()),
                Value::Date("2026-03-01".parse().unwrap()),
                Value::Duration(1_500),
            ],
        ],
    };
    let mut out = Vec::new();
    write_rows(&rows, format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn rows_go_out_as_json() {
    assert_eq!(
        written(Format::Json),
        "{\"columns\":[\"a\",\"a\",\"b,c\"],\"rows\":[[8911407.904,null,\"x\\\"y\\n\"],\
         [123456789012345678901,true,{\"k\":[1,null]}],\
         [\"2026-03-01T12:00:00Z\",\"2026-03-01\",1500]]}\n"
    );
}

#[test]
fn rows_go_out_as_one_object_each_with_distinct_keys() {
    assert_eq!(
        written(Format::Ndjson),
        "{\"a\":8911407.904,\"a_2\":null,\"b,c\":\"x\\\"y\\n\"}\n\
         {\"a\":123456789012345678901,\"a_2\":true,\"b,c\":{\"k\":[1,null]}}\n\
         {\"a\":\"2026-03-01T12:00:00Z\",\"a_2\":\"2026-03-01\",\"b,c\":1500}\n"
    );
}

#[test]
fn rows_go_out_as_csv() {
    assert_eq!(
        written(Format::Csv),
        "a,a,\"b,c\"\r\n8911407.904,,\"x\"\"y\n\"\r\n\
         123456789012345678901,true,\"{\"\"k\"\":[1,null]}\"\r\n\
         2026-03-01T12:00:00Z,2026-03-01,1500\r\n"
    );
}

#[test]
fn what_is_written_as_json_is_json() {
    for format in [Format::Json, Format::Ndjson] {
        for line in written(format).lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
}
