use super::{Mapping, draft};
use crate::model::{Body, Call, EventId, Value};
use crate::wire::{Batch, Defaults, Incoming, Line, Reason, Shape, read};
use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

fn mapping(name: &str) -> Arc<Mapping> {
    let text = fs::read_to_string(example(name)).unwrap();
    Arc::new(Mapping::from_toml(&text).unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn batches(file: impl std::io::Read + Send + 'static, mapping: Arc<Mapping>) -> Vec<Batch> {
    let batches = read(file, Shape::Csv(mapping), Defaults::file("import"), 2).unwrap();
    batches.map(|batch| batch.unwrap()).collect()
}

fn lines(text: &str, mapping: &str) -> Vec<Line> {
    let mapping = Arc::new(Mapping::from_toml(mapping).unwrap());
    let batches = batches(Cursor::new(text.to_owned()), mapping);
    batches.into_iter().flat_map(|batch| batch.lines).collect()
}

fn call(line: &Line) -> &Call {
    match line.call.as_ref() {
        Ok(Incoming::Call(call)) => call,
        other => panic!("line {}: {other:?}", line.number),
    }
}

fn text(value: Option<&Value>) -> String {
    value.map(crate::wire::json_of_value).unwrap_or_default()
}

#[test]
fn the_customers_example_identifies_asks_and_groups() {
    let file = File::open(example("customers.csv")).unwrap();
    let batches = batches(file, mapping("customers.toml"));
    let lines: Vec<&Line> = batches.iter().flat_map(|batch| &batch.lines).collect();
    let said: Vec<String> = lines
        .iter()
        .map(|line| {
            let call = call(line);
            format!(
                "{} {} {}",
                line.number,
                call.user_id.as_deref().unwrap_or("-"),
                call.body.kind().name()
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "2 C-1001 identify",
            "2 C-1001 consent",
            "4 C-1002 identify",
            "4 C-1002 consent",
            "4 C-1002 group",
            "5 C-1003 identify",
            "5 C-1003 group",
            "6 C-1004 identify",
            "6 C-1004 consent",
        ]
    );
    assert_eq!(batches[0].n_records, 5);
    let Body::Identify { traits } = &call(lines[0]).body else { panic!() };
    assert_eq!(
        text(traits.get("address")),
        r#"{"city":"Bratislava","country":"SK","street":"Hlavná 12\n2nd floor"}"#
    );
    assert_eq!(text(traits.get("birth_date")), "\"1990-02-14\"");
    assert_eq!(text(traits.get("email")), "\"Ada@Example.org\"");
    let Body::Consent { granted, expires, .. } = &call(lines[1]).body else { panic!() };
    assert!(granted);
    assert_eq!(expires.unwrap().to_string(), "2027-12-30T23:00:00Z");
    let Body::Group { group_id, traits } = &call(lines[4]).body else { panic!() };
    assert_eq!((&**group_id, text(traits.get("size"))), ("Kral s.r.o.", "12".to_owned()));
    assert!(batches[0].raw(lines[2]).starts_with(b"C-1002,"));
}

#[test]
fn the_orders_example_reads_commas_and_local_time() {
    let file = File::open(example("orders.csv")).unwrap();
    let batches = batches(file, mapping("orders.toml"));
    let calls: Vec<&Call> = batches.iter().flat_map(|batch| &batch.lines).map(call).collect();
    let said: Vec<String> = calls
        .iter()
        .map(|call| {
            let total = text(call.body.properties().unwrap().get("total"));
            format!("{} {} {total}", call.body.event_name().unwrap(), call.when.unwrap())
        })
        .collect();
    assert_eq!(
        said,
        [
            "order 2026-03-01T07:15:00Z 1249.9",
            "order 2026-03-01T22:30:00Z 19.95",
            "return 2026-03-05T16:45:00Z 249.9",
            "order 2026-03-06T11:00:00Z 7.5",
        ]
    );
    assert_eq!(calls[0].id, Some(EventId::of_message("import", "2026-0001")));
    assert_eq!(calls[3].user_id, None);
    assert_eq!(text(calls[3].context.get("externalIds")), r#"[{"id":"K-88","type":"loyalty_id"}]"#);
    assert_eq!(calls[1].channel.as_deref(), Some("store"));
}

const TWO: &str = "identifiers = { user_id = 'id' }\n[[call]]\ntype = 'track'\nevent = 'e'\nproperties = { n = { column = 'n', type = 'number' } }\n";

#[test]
fn a_row_that_is_wrong_says_line_reason_and_column() {
    let file = "id,n\nu1,1\n\nu2,x\nu3\nu4,\"a\nb\"\nu5,1\nu6,\"\n";
    let said: Vec<String> = lines(file, TWO)
        .iter()
        .map(|line| match &line.call {
            Ok(_) => format!("{} fine", line.number),
            Err(reject) => format!("{} {} {:?}", line.number, reject.reason, reject.column),
        })
        .collect();
    assert_eq!(
        said,
        [
            "2 fine",
            "4 wrong_type Some(2)",
            "5 wrong_columns None",
            "6 wrong_type Some(2)",
            "8 fine",
            "9 unclosed_quote None",
        ]
    );
}

#[test]
fn a_quote_that_never_closes_costs_one_line() {
    let mut file = String::from("id,n\nu0,\"1\n");
    (1..50_000).for_each(|n| file.push_str(&format!("u{n},{n}\n")));
    let lines = lines(&file, TWO);
    assert_eq!(lines.len(), 50_000);
    assert_eq!(lines[0].call.as_ref().unwrap_err().reason, Reason::UnclosedQuote);
    assert!(lines[1..].iter().all(|line| line.call.is_ok()));
    assert_eq!(lines[49_999].number, 50_001);
}

/// Each of these lines opens a quote, alone or after any of the others: read
/// to the end from each, this file would take half a minute.
#[test]
fn a_file_full_of_quotes_that_never_close_is_read_in_time() {
    let mut file = String::from("id,n\n");
    (0..40_000).for_each(|_| file.push_str("a\"b,\"\"\"\n"));
    // A long row after them is whole all the same.
    file.push_str(&format!("{},1\nu1,1\n", "u".repeat(60_000)));
    let lines = lines(&file, TWO);
    assert_eq!(lines.len(), 40_002);
    assert!(lines[40_000..].iter().all(|line| line.call.is_ok()));
    assert!(lines[..40_000].iter().all(|line| {
        line.call.as_ref().is_err_and(|reject| reject.reason == Reason::UnclosedQuote)
    }));
}

#[test]
fn byte_order_marks_latin_1_tabs_and_files_without_header_are_read() {
    let mapping = "encoding = 'latin-1'\ndelimiter = 'tab'\nheader = false\ncolumns = ['id', 'name']\n\
        identifiers = { user_id = 'id' }\n[[call]]\ntype = 'identify'\ntraits = { name = 'name' }\n";
    let mapping = Arc::new(Mapping::from_toml(mapping).unwrap());
    let batches = batches(Cursor::new(b"u1\tJos\xE9 \x80\r\nu2\tB\r".to_vec()), mapping);
    let Body::Identify { traits } = &call(&batches[0].lines[0]).body else { panic!() };
    assert_eq!(text(traits.get("name")), "\"José €\"");
    assert_eq!(batches[0].lines.len(), 2);
    assert_eq!(lines("\u{FEFF}id,n\r\nu1,2\r\n", TWO).len(), 1);
}

#[test]
fn a_wrong_mapping_says_where_and_what_is_near() {
    for (mapping, expected) in [
        ("", "the mapping, line 1: `call` is missing; add `call`"),
        (
            "delimter = ';'\n[[call]]\ntype='track'",
            "the mapping, line 1, `delimter`: there is no such key; did you mean `delimiter`?",
        ),
        (
            "[[call]]\ntype = 'trak'",
            "the mapping, line 2, `call[1].type`: there is no such type of call; did you mean `track`?",
        ),
        ("[[call]]\ntype = 'track'", "the mapping, line 1, `call[1]`: `event` is missing"),
        (
            "[[call]]\ntype = 'track'\nevent = 'e'\n[call.properties]\na = { column = 'a', type = 'numbr' }",
            "`call[1].properties.a.type`: there is no type `numbr`; did you mean `number`?",
        ),
        (
            "time = { column = 'a', format = '%Q' }\n[[call]]\ntype = 'identify'",
            "`time.format`: this is no format of a time",
        ),
        (
            "time = { column = 'a', zone = 'Europe/Bratislva' }\n[[call]]\ntype = 'identify'",
            "`time.zone`: no time zone is called `Europe/Bratislva`",
        ),
        (
            "leave_out = { column = 'a', begin_with = 'x' }\n[[call]]\ntype = 'identify'",
            "did you mean `begins_with`?",
        ),
        (
            "leave_out = { column = 'a' }\n[[call]]\ntype = 'identify'",
            "a condition has `column` and one test",
        ),
        (
            "message_id = { row = false }\n[[call]]\ntype = 'identify'",
            "nothing tells two rows apart",
        ),
        ("header = false\n[[call]]\ntype = 'identify'", "needs the names of its columns"),
        ("call = 3", "`call`: this is of type integer; write a table of keys and values"),
        ("a = = 3", "the mapping, line 1: this is no TOML"),
    ] {
        let error = Mapping::from_toml(mapping).unwrap_err().to_string();
        assert!(error.contains(expected), "{mapping}\n  gave {error}\n  not  {expected}");
    }
}

#[test]
fn a_column_that_the_file_lacks_is_named_with_its_neighbour() {
    let mapping = Arc::new(Mapping::from_toml(TWO).unwrap());
    let file = Cursor::new("idd;n\n1;2\n");
    let error = read(file, Shape::Csv(mapping), Defaults::file("import"), 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the mapping, line 1, `identifiers.user_id`: the file has no column `id`; \
         check the `delimiter`. The file has idd;n"
    );
}

#[test]
fn an_empty_cell_says_nothing_or_unsets() {
    let mapping = "[[call]]\ntype = 'identify'\ntraits = { a = 'a', 'b.c' = 'b' }\n";
    let said = |mapping: &str| {
        let lines = lines("a,b\n,x\n", mapping);
        let Body::Identify { traits } = &call(&lines[0]).body else { panic!() };
        crate::wire::json_of_value(&Value::Object(traits.clone()))
    };
    assert_eq!(said(mapping), r#"{"b":{"c":"x"}}"#);
    assert_eq!(said(&format!("empty = 'unset'\n{mapping}")), r#"{"a":null,"b":{"c":"x"}}"#);
}

#[test]
fn message_ids_come_from_cells_and_rows_and_differ_between_calls_of_a_row() {
    let mapping = "message_id = { columns = ['a', 'b'], row = true, prefix = 'p' }\n\
        [[call]]\ntype = 'identify'\n[[call]]\ntype = 'track'\nevent = { column = 'b' }\n";
    let lines = lines("a,b\n1,23\n12,3\n", mapping);
    let mut ids: Vec<_> = lines.iter().map(|line| call(line).id.unwrap()).collect();
    assert_eq!(ids[0], EventId::of_message("import", "p\u{1F}1\u{1F}23\u{1F}1"));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[test]
fn a_row_without_its_message_id_is_refused_unless_its_number_is_one() {
    let file = "a,b\n1,\n ,\n,2\n";
    let ids = |spec: &str| {
        let mapping = format!("message_id = {spec}\n[[call]]\ntype = 'identify'\n");
        let lines = lines(file, &mapping);
        lines.into_iter().map(|line| line.call.map_err(|reject| reject.to_string())).collect()
    };
    let refused: Vec<Result<_, String>> = ids("['a', 'b']");
    assert!(refused[0].is_ok() && refused[2].is_ok(), "one of them tells it apart");
    let reject = refused[1].as_ref().unwrap_err();
    assert!(
        reject.starts_with("missing_message_id: the row has no message id: `a`, `b` are empty")
    );
    let refused = ids("{ columns = ['a'], prefix = 'p' }");
    assert_eq!(refused.iter().filter(|it| it.is_err()).count(), 2, "a prefix tells no row apart");
    assert!(ids("{ columns = ['a'], row = true }").iter().all(Result::is_ok));
}

#[test]
fn times_are_read_in_many_forms() {
    for (spec, cell, expected) in [
        ("'t'", "2026-03-01T12:00:00+01:00", "2026-03-01T11:00:00Z"),
        ("{ column = 't', format = 'unix' }", "1767225600.5", "2026-01-01T00:00:00.500Z"),
        ("{ column = 't', format = 'unix_ms' }", "1767225600123", "2026-01-01T00:00:00.123Z"),
        (
            "{ column = 't', format = '%Y-%m-%d', zone = 'America/New_York' }",
            "2026-01-01",
            "2026-01-01T05:00:00Z",
        ),
        (
            "{ column = 't', format = '%Y-%m-%d %H:%M:%S %z' }",
            "2026-01-01 00:00:00 +0200",
            "2025-12-31T22:00:00Z",
        ),
        (
            "{ column = 't', format = '%Y-%m-%d %H:%M:%S UTC' }",
            "2026-01-01 00:00:00 UTC",
            "2026-01-01T00:00:00Z",
        ),
        ("{ column = 't', format = '%s' }", "1767225600", "2026-01-01T00:00:00Z"),
        // A clock that is set forward skips this minute, and it is read as an hour later.
        (
            "{ column = 't', format = '%Y-%m-%d %H:%M', zone = 'Europe/Prague' }",
            "2026-03-29 02:30",
            "2026-03-29T01:30:00Z",
        ),
    ] {
        let mapping = format!("time = {spec}\n[[call]]\ntype = 'identify'\n");
        let lines = lines(&format!("t,x\n{cell},1\n"), &mapping);
        assert_eq!(call(&lines[0]).when.unwrap().to_string(), expected, "{spec} {cell}");
    }
    let mapping = "time = { column = 't', format = '%Y-%m-%d' }\n[[call]]\ntype = 'identify'\n";
    for (cell, reason) in [
        ("2026-02-30", Reason::InvalidTime),
        ("0000-01-01", Reason::TimeOutOfRange),
        ("x", Reason::InvalidTime),
    ] {
        let lines = lines(&format!("t,x\n{cell},1\n"), mapping);
        assert_eq!(lines[0].call.as_ref().unwrap_err().reason, reason, "{cell}");
    }
}

#[test]
fn a_draft_of_the_examples_reads_them_back() {
    for name in ["customers.csv", "orders.csv"] {
        let bytes = fs::read(example(name)).unwrap();
        let drafted = draft(&bytes);
        let mapping =
            Mapping::from_toml(&drafted).unwrap_or_else(|error| panic!("{error}\n{drafted}"));
        let batches = batches(Cursor::new(bytes), Arc::new(mapping));
        let n_calls = batches.iter().flat_map(|batch| &batch.lines).map(call).count();
        assert_eq!(n_calls, 5, "{drafted}");
    }
    let drafted = draft(&fs::read(example("orders.csv")).unwrap());
    for expected in [
        "delimiter = \";\"",
        "time = { column = \"placed\", format = \"%d.%m.%Y %H:%M\", zone = \"UTC\" }",
        "user_id = \"customer_id\"",
        "amount = { column = \"amount\", type = \"number\", decimal = \",\" }",
        "gift = { column = \"gift\", type = \"bool\" }",
    ] {
        assert!(drafted.contains(expected), "no {expected} in\n{drafted}");
    }
}

#[test]
fn a_draft_of_anything_is_a_mapping() {
    for head in
        ["", "\n\n", "a", "\"", "a,a\n1,2\n", "x.y,\"a\"\"b\",\u{7F}\n1,2,3\n", ";;;\n;;;\n"]
    {
        let drafted = draft(head.as_bytes());
        Mapping::from_toml(&drafted).unwrap_or_else(|error| panic!("{head:?}: {error}\n{drafted}"));
    }
}

/// Our splitting of rows against the csv crate's, on rows of every small shape.
#[test]
fn rows_split_as_another_reader_splits_them() {
    let mut random = crate::wire::tests::Random(7);
    for case in 0..3_000 {
        let len = random.below(24);
        let text: String =
            (0..len).map(|_| ['a', ',', '"', '\n', 'b', '\r', ' '][random.below(7)]).collect();
        let ours = crate::wire::tests::split(&text);
        let Some(ours) = ours else { continue };
        let theirs: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        assert_eq!(ours, theirs, "case {case}: {text:?}");
    }
}

fn data(name: &str) -> Option<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let given = std::env::var_os("THRONG_TEST_DATA").map(PathBuf::from);
    let places =
        given.into_iter().chain([root.join("../shared/data"), root.join("../../shared/data")]);
    let found = places.map(|place| place.join(name)).find_map(|path| File::open(path).ok());
    if found.is_none() {
        println!("skipped: {name} is not here; set THRONG_TEST_DATA to where it is");
    }
    found
}

#[test]
fn online_retail_is_read_whole() {
    let Some(file) = data("orders/online_retail.csv.gz") else { return };
    let batches = batches(file, mapping("online_retail.toml"));
    let (mut n_rows, mut n_known, mut n_returns) = (0, 0, 0);
    let mut revenue = crate::model::Decimal::ZERO;
    let mut ids = std::collections::HashSet::new();
    for batch in &batches {
        n_rows += batch.n_records;
        for call in batch.lines.iter().map(call).filter(|call| call.user_id.is_some()) {
            n_known += 1;
            ids.insert(call.id);
            n_returns += u32::from(call.body.event_name() == Some("return_line"));
            let Body::Track { event, properties } = &call.body else { panic!() };
            let (Some(Value::Number(quantity)), Some(Value::Number(price))) =
                (properties.get("quantity"), properties.get("unit_price"))
            else {
                panic!()
            };
            if **event == *"order_line" && *quantity > 0.into() && *price > 0.into() {
                revenue = revenue.checked_add(quantity.checked_mul(*price).unwrap()).unwrap();
            }
        }
    }
    assert_eq!((n_rows, n_known, ids.len()), (541_909, 406_829, 406_829));
    assert_eq!(revenue.to_string(), "8911407.904");
    assert_eq!(n_returns, 8_905);
}

#[test]
fn cdnow_is_read_whole() {
    let Some(file) = data("orders/cdnow_master.csv.gz") else { return };
    let batches = batches(file, mapping("cdnow.toml"));
    let calls: Vec<&Call> = batches.iter().flat_map(|batch| &batch.lines).map(call).collect();
    let people: std::collections::HashSet<_> = calls.iter().map(|call| &call.user_id).collect();
    let ids: std::collections::HashSet<_> = calls.iter().map(|call| call.id).collect();
    assert_eq!((calls.len(), people.len(), ids.len()), (69_659, 23_570, 69_659));
}

#[test]
fn one_bad_cell_among_many_leaves_a_column_of_times() {
    let mut file = "customer_id,placed,shipped\n".to_owned();
    for day in 1..=28 {
        let shipped = if day == 7 { "soon" } else { "2026-02-01" };
        let placed = if day == 9 { "n/a".to_owned() } else { format!("{day:02}.03.2026 10:00") };
        file += &format!("{},{placed},{shipped}\n", day % 3);
    }
    let drafted = draft(file.as_bytes());
    assert!(
        drafted.contains("time = { column = \"placed\", format = \"%d.%m.%Y %H:%M\""),
        "{drafted}"
    );
    assert!(drafted.contains("# 1 of 27 cells is written otherwise, like \"n/a\""), "{drafted}");
    assert!(drafted.contains("shipped = \"shipped\"  # 1 of 27 cells"), "{drafted}");
    Mapping::from_toml(&drafted).unwrap();
}

#[test]
fn columns_of_one_name_are_left_out_of_a_draft_which_says_so() {
    let file = "customer_id,note,total,note\n7,a,12,b\n8,c,13,d\n";
    let drafted = draft(file.as_bytes());
    assert!(drafted.contains("# Several columns are called \"note\""), "{drafted}");
    let mapping = Arc::new(Mapping::from_toml(&drafted).unwrap());
    let read = batches(Cursor::new(file), mapping);
    let lines: Vec<_> = read.iter().flat_map(|batch| &batch.lines).collect();
    assert!(lines.len() == 2 && lines.iter().all(|line| line.call.is_ok()), "{lines:?}");
}

#[test]
fn drafts_of_real_files_read_them_without_rejects() {
    for name in [
        "orders/online_retail.csv.gz",
        "orders/cdnow_master.csv.gz",
        "events/rees46_2019-10-01_sample.csv.gz",
        "identity/fake_1000.csv",
        "identity/febrl_1.csv",
        "identity/historical_50k.csv.gz",
        "btyd/apparel_transactions.csv",
        "propensity/telco_churn.csv.gz",
    ] {
        let (Some(file), Some(again)) = (data(name), data(name)) else { continue };
        let head = crate::wire::head(file, 64 << 10).unwrap();
        let drafted = draft(&head);
        println!("--- {name}\n{drafted}");
        let mapping = Mapping::from_toml(&drafted).unwrap();
        let batches = batches(again, Arc::new(mapping));
        let lines = batches.iter().flat_map(|batch| &batch.lines);
        let rejects: Vec<_> = lines.filter_map(|line| line.call.as_ref().err()).take(3).collect();
        assert!(rejects.is_empty(), "{name}: {rejects:?}\n{drafted}");
    }
}
