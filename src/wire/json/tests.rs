use crate::model::limits::*;
use crate::model::{Body, Call, EventId, Value};
use crate::wire::{
    Defaults, Forget, Incoming, Reason, Reject, Verb, batch_of_json, calls_of_json, json_of_value,
};

fn file(line: &str) -> Result<Incoming, Reject> {
    calls_of_json(line.as_bytes(), &Defaults::file("import"))
}

fn call(line: &str) -> Call {
    match file(line) {
        Ok(Incoming::Call(call)) => call,
        other => panic!("{line}: {other:?}"),
    }
}

fn request(line: &str) -> Call {
    let defaults = Defaults::request("web", "2026-03-01T12:00:10Z".parse().unwrap());
    match calls_of_json(line.as_bytes(), &defaults) {
        Ok(Incoming::Call(call)) => call,
        other => panic!("{line}: {other:?}"),
    }
}

#[track_caller]
fn check(line: &str, reason: Reason, message: &str) {
    let reject = file(line).unwrap_err();
    assert_eq!(reject.reason, reason, "{line}: {reject}");
    assert!(reject.message.contains(message), "{line}: {reject}");
    assert!(!reject.remedy.is_empty());
}

#[test]
fn a_track_call_is_read_whole() {
    let call = call(
        r#"{"type":"track","event":"order","messageId":"m-1","userId":"u1","anonymousId":"a1",
            "channel":"web","ord":2,"timestamp":"2026-03-01T12:00:00Z","sentAt":"2026-03-01T12:00:09Z",
            "properties":{"total":0.1,"items":[{"sku":"x","n":2}],"gone":null},
            "context":{"campaign":{"name":"spring"}},"crm":7,"writeKey":"secret","_metadata":{"x":1},
            "integrations":{"All":true}}"#,
    );
    assert_eq!(call.id, Some(EventId::of_message("import", "m-1")));
    assert_eq!((call.user_id.as_deref(), call.anonymous_id.as_deref()), (Some("u1"), Some("a1")));
    assert_eq!((call.channel.as_deref(), call.ord), (Some("web"), 2));
    assert_eq!(call.when.unwrap().to_string(), "2026-03-01T12:00:00Z");
    let Body::Track { event, properties } = &call.body else { panic!() };
    assert_eq!(&**event, "order");
    assert_eq!(
        json_of_value(&Value::Object(properties.clone())),
        r#"{"gone":null,"items":[{"n":2,"sku":"x"}],"total":0.1}"#
    );
    assert_eq!(
        json_of_value(&Value::Object(call.extra)),
        r#"{"crm":7,"integrations":{"All":true}}"#
    );
}

#[test]
fn what_real_senders_write_for_nothing_says_nothing() {
    let call = call(
        r#"{"type":"page","userId":"","anonymousId":null,"name":null,"category":null,"x":null,"timestamp":null}"#,
    );
    assert_eq!((call.user_id, call.anonymous_id, call.when), (None, None, None));
    assert!(call.extra.is_empty());
    assert_eq!(call.body, Body::Page { properties: Default::default() });
}

#[test]
fn numbers_as_ids_become_text_as_they_are_written() {
    let call = call(
        r#"{"type":"group","userId":17850,"anonymousId":12345678901234567890123,"groupId":1.50}"#,
    );
    assert_eq!(call.user_id.as_deref(), Some("17850"));
    assert_eq!(call.anonymous_id.as_deref(), Some("12345678901234567890123"));
    let Body::Group { group_id, .. } = call.body else { panic!() };
    assert_eq!(&*group_id, "1.50");
}

#[test]
fn numbers_never_pass_through_f64() {
    let call = call(
        r#"{"type":"page","properties":{"a":9007199254740993,"b":0.1,"c":123456789012345678901,"d":1E2,"e":-0.000000001}}"#,
    );
    let properties = call.body.properties().unwrap().clone();
    assert_eq!(properties.get("c"), Some(&Value::Digits("123456789012345678901".into())));
    assert_eq!(
        json_of_value(&Value::Object(properties)),
        r#"{"a":9007199254740993,"b":0.1,"c":123456789012345678901,"d":100,"e":-0.000000001}"#
    );
}

#[test]
fn a_senders_clock_is_corrected_once_by_when_it_sent() {
    // The sender's clock is an hour ahead; it waited four seconds before it sent.
    let line = r#"{"type":"page","originalTimestamp":"2026-03-01T13:00:01+00:00","timestamp":"2020-01-01T00:00:00Z","sentAt":"2026-03-01T13:00:05Z"}"#;
    assert_eq!(request(line).when.unwrap().to_string(), "2026-03-01T12:00:06Z");
    assert_eq!(call(line).when.unwrap().to_string(), "2020-01-01T00:00:00Z");
    let unsent = r#"{"type":"page","timestamp":"2026-03-01T11:00:00Z"}"#;
    assert_eq!(request(unsent).when.unwrap().to_string(), "2026-03-01T11:00:00Z");
    assert_eq!(request(r#"{"type":"page","sentAt":"2026-03-01T11:00:00Z"}"#).when, None);
}

#[test]
fn traits_are_the_union_with_those_of_the_context() {
    let call = call(
        r#"{"type":"identify","userId":"u","traits":{"email":"top","plan":"a"},
            "context":{"traits":{"email":"under","plan":"a","age":3},"ip":"::1"}}"#,
    );
    let Body::Identify { traits } = call.body else { panic!() };
    assert_eq!(json_of_value(&Value::Object(traits)), r#"{"age":3,"email":"top","plan":"a"}"#);
    // What the traits say already is not kept twice; the other email still names a person.
    assert_eq!(
        json_of_value(&Value::Object(call.context)),
        r#"{"ip":"::1","traits":{"email":"under"}}"#
    );
}

#[test]
fn page_and_screen_keep_their_name_among_the_properties() {
    let screen = call(r#"{"type":"screen","name":"Home","category":"Shop","properties":{"x":1}}"#);
    assert_eq!(
        json_of_value(&Value::Object(screen.body.properties().unwrap().clone())),
        r#"{"category":"Shop","name":"Home","x":1}"#
    );
    assert_eq!(screen.body.event_name(), Some("screen_view"));
}

#[test]
fn consent_and_forget_are_calls() {
    let consent = call(
        r#"{"type":"consent","userId":"u","purpose":"email","granted":true,"expiresAt":"2027-01-01T00:00:00Z"}"#,
    );
    let Body::Consent { purpose, granted, expires } = consent.body else { panic!() };
    assert_eq!(
        (&*purpose, granted, expires.unwrap().to_string().as_str()),
        ("email", true, "2027-01-01T00:00:00Z")
    );
    let Ok(Incoming::Forget(Forget { names, suppress })) =
        file(r#"{"type":"forget","traits":{"email":"a@example.org"},"suppress":true}"#)
    else {
        panic!()
    };
    assert!(suppress);
    let Body::Identify { traits } = names.body else { panic!() };
    assert_eq!(traits.get("email"), Some(&Value::text("a@example.org")));
}

#[test]
fn an_endpoint_knows_the_type_and_a_sender_cannot_choose_its_source() {
    let mut defaults = Defaults::request("web", "2026-03-01T12:00:10Z".parse().unwrap());
    defaults.verb = Verb::of_path("p");
    let Ok(Incoming::Call(call)) = calls_of_json(br#"{"source":"other"}"#, &defaults) else {
        panic!()
    };
    assert_eq!((&*call.source, call.extra.len()), ("web", 1));
    let exported = file(r#"{"type":"page","source":"other","messageId":"m"}"#);
    let Ok(Incoming::Call(call)) = exported else { panic!() };
    assert_eq!((&*call.source, call.id), ("other", Some(EventId::of_message("other", "m"))));
}

#[test]
fn text_is_brought_to_normal_form() {
    let call = call(
        "{\"type\":\"track\",\"event\":\"e\u{301}\",\"properties\":{\"e\u{301}\":\"e\u{301}\"}}",
    );
    assert_eq!(call.body.event_name(), Some("\u{e9}"));
    assert_eq!(call.body.properties().unwrap().get("\u{e9}"), Some(&Value::text("\u{e9}")));
    check(
        "{\"type\":\"page\",\"properties\":{\"e\u{301}\":1,\"\u{e9}\":2}}",
        Reason::RepeatedKey,
        "\u{e9}",
    );
}

#[test]
fn what_is_broken_says_where() {
    for (line, column) in [
        ("", 1),
        ("{", 1),
        (r#"{"type":"page""#, 14),
        (r#"{"type":"page"} x"#, 17),
        (r#"{"type":"page","a":}"#, 20),
        (r#"{"type":"page","a":01}"#, 21),
        (r#"{"type":"page","a":NaN}"#, 20),
        (r#"{"type":"page","é":"\ud800"}"#, 26),
        ("{\"type\":\"page\",\"a\":\"\t\"}", 21),
        (r#"{"type":"page",}"#, 16),
    ] {
        let reject = file(line).unwrap_err();
        assert_eq!(reject.reason, Reason::BrokenJson, "{line}: {reject}");
        assert!(reject.column.unwrap().abs_diff(column) <= 1, "{line}: {reject}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_reason() {
    check("[]", Reason::NotAnObject, "a call is a JSON object");
    check("3", Reason::NotAnObject, "a call is a JSON object");
    check("\"order\"", Reason::NotAnObject, "a call is a JSON object");
    for line in ["not json", "3 4", "[1,", "order", "nul"] {
        check(line, Reason::BrokenJson, "JSON");
    }
    check("{}", Reason::UnknownType, "no `type`");
    check(r#"{"type":"trakc"}"#, Reason::UnknownType, "did you mean `track`?");
    check(r#"{"type":7}"#, Reason::WrongType, "`type` must be text");
    check(r#"{"type":"track"}"#, Reason::MissingField, "needs `event`");
    check(r#"{"type":"track","event":""}"#, Reason::MissingField, "needs `event`");
    check(r#"{"type":"track","event":5}"#, Reason::WrongType, "`event` must be text");
    check(r#"{"type":"group"}"#, Reason::MissingField, "needs `groupId`");
    check(r#"{"type":"alias","userId":"u"}"#, Reason::MissingField, "needs `previousId`");
    check(r#"{"type":"consent","purpose":"p"}"#, Reason::MissingField, "needs `granted`");
    check(
        r#"{"type":"consent","purpose":"p","granted":"yes"}"#,
        Reason::WrongType,
        "true or false",
    );
    check(r#"{"type":"page","userId":true}"#, Reason::WrongType, "`userId` must be text");
    check(r#"{"type":"page","userId":{}}"#, Reason::WrongType, "`userId` must be text");
    check(
        r#"{"type":"page","properties":[]}"#,
        Reason::WrongType,
        "`properties` must be an object",
    );
    check(r#"{"type":"page","ord":1.5}"#, Reason::WrongType, "`ord` must be a whole number");
    check(r#"{"type":"page","ord":99999999999999999999}"#, Reason::WrongType, "whole number");
    check(r#"{"type":"page","type":"page"}"#, Reason::RepeatedKey, "`type` occurs twice");
    check(r#"{"type":"page","x":1,"x":2}"#, Reason::RepeatedKey, "`x` occurs twice");
    check(r#"{"type":"page","properties":{"a":{"x":1,"x":1}}}"#, Reason::RepeatedKey, "`x`");
    check(r#"{"type":"page","a":"\u0000"}"#, Reason::NulCharacter, "U+0000");
    check(r#"{"type":"page","\u0000":1}"#, Reason::NulCharacter, "U+0000");
    check(r#"{"type":"page","userId":"a\u0000"}"#, Reason::NulCharacter, "U+0000");
    check(
        r#"{"type":"page","timestamp":"yesterday"}"#,
        Reason::InvalidTime,
        "`timestamp` is `yesterday`",
    );
    check(
        r#"{"type":"page","timestamp":1767225600}"#,
        Reason::WrongType,
        "`timestamp` must be text",
    );
    check(
        r#"{"type":"page","timestamp":"2026-02-30T00:00:00Z"}"#,
        Reason::InvalidTime,
        "2026-02-30",
    );
}

#[test]
fn bytes_that_are_no_utf_8_are_named_with_their_place() {
    let reject = calls_of_json(b"{\"type\":\"page\",\"a\":\"\xE9\"}", &Defaults::file("import"))
        .unwrap_err();
    assert_eq!((reject.reason, reject.column), (Reason::InvalidUtf8, Some(21)));
}

#[test]
fn a_corrected_time_beyond_the_years_is_refused() {
    let defaults = Defaults::request("web", "9999-12-31T00:00:00Z".parse().unwrap());
    let line =
        br#"{"type":"page","timestamp":"9999-12-31T00:00:00Z","sentAt":"2026-01-01T00:00:00Z"}"#;
    let reject = calls_of_json(line, &defaults).unwrap_err();
    assert_eq!(reject.reason, Reason::TimeOutOfRange);
}

#[test]
fn each_limit_holds_exactly() {
    let with = |value: String| format!(r#"{{"type":"page","properties":{value}}}"#);
    let text = |n_bytes: usize| with(format!(r#"{{"a":"{}"}}"#, "x".repeat(n_bytes)));
    call(&text(TEXT_BYTES_MAX));
    check(&text(TEXT_BYTES_MAX + 1), Reason::TextTooLong, "65537 bytes, at most 65536");
    let list = |n: usize| with(format!(r#"{{"a":[{}]}}"#, vec!["1"; n].join(",")));
    call(&list(LEAVES_PER_EVENT_MAX));
    check(&list(LEAVES_PER_EVENT_MAX + 1), Reason::TooManyLeaves, "512");
    let empties = |n: usize| with(format!(r#"{{"a":[{}]}}"#, vec!["{}"; n].join(",")));
    check(&empties(LEAVES_PER_EVENT_MAX + 1), Reason::TooManyLeaves, "512");
    let deep = |n: usize| with(format!("{}1{}", "{\"a\":".repeat(n), "}".repeat(n)));
    call(&deep(NESTING_MAX));
    check(&deep(NESTING_MAX + 1), Reason::TooDeep, "16");
    check(&deep(100_000), Reason::TooDeep, "16");
    check(&with(format!("{{\"a\":{}", "[".repeat(100_000))), Reason::TooDeep, "16");
    let event = |n: usize| format!(r#"{{"type":"track","event":"{}"}}"#, "e".repeat(n));
    call(&event(NAME_BYTES_MAX));
    check(&event(NAME_BYTES_MAX + 1), Reason::NameTooLong, "257 bytes, at most 256");
    let long = format!(r#"{{"type":"page","userId":"{}"}}"#, "x".repeat(EVENT_BYTES_MAX));
    check(&long, Reason::CallTooLong, "1048576");
    check(&with(format!("{{\"a\":{}}}", "9".repeat(5_000))), Reason::TextTooLong, "digits");
}

#[test]
fn a_batch_lays_its_context_under_each_call() {
    let body = br#"{"batch":[
        {"type":"track","event":"e","userId":"u","timestamp":"2026-03-01T12:00:00Z","context":{"page":{"url":"own"}}},
        {"type":"track","event":"e","userId":"u","timestamp":"2026-03-01T12:00:00Z","sentAt":"2026-03-01T12:00:01Z"},
        {"type":"track"}, 5],
        "sentAt":"2026-03-01T12:00:05Z","writeKey":"k","context":{"page":{"url":"batch","title":"t"},"ip":"::1"},
        "integrations":{"All":false}}"#;
    let defaults = Defaults::request("web", "2026-03-01T12:00:10Z".parse().unwrap());
    let calls = batch_of_json(body, &defaults).unwrap();
    let Ok(Incoming::Call(first)) = &calls[0] else { panic!() };
    assert_eq!(
        json_of_value(&Value::Object(first.context.clone())),
        r#"{"ip":"::1","page":{"title":"t","url":"own"}}"#
    );
    assert_eq!(
        json_of_value(&Value::Object(first.extra.clone())),
        r#"{"integrations":{"All":false}}"#
    );
    assert_eq!(first.when.unwrap().to_string(), "2026-03-01T12:00:05Z");
    let Ok(Incoming::Call(second)) = &calls[1] else { panic!() };
    assert_eq!(second.when.unwrap().to_string(), "2026-03-01T12:00:09Z");
    let reasons: Vec<_> = calls[2..].iter().map(|call| call.as_ref().unwrap_err().reason).collect();
    assert_eq!(reasons, [Reason::MissingField, Reason::NotAnObject]);
}

#[test]
fn an_envelope_that_is_wrong_spoils_the_batch() {
    for (body, reason) in [
        ("", Reason::BrokenJson),
        ("{}", Reason::MissingField),
        ("[]", Reason::MissingField),
        (r#"{"batch":{}}"#, Reason::MissingField),
        (r#"{"batch":[{"type":"page"}"#, Reason::BrokenJson),
        (r#"{"batch":[],"sentAt":"now"}"#, Reason::InvalidTime),
    ] {
        let reject = batch_of_json(body.as_bytes(), &Defaults::file("import")).unwrap_err();
        assert_eq!(reject.reason, reason, "{body}");
    }
}

#[test]
fn what_a_batch_adds_counts_against_the_limits() {
    let many = |n: usize| (0..n).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(",");
    let body = format!(
        r#"{{"context":{{{}}},"batch":[{{"type":"page","properties":{{{}}}}}]}}"#,
        many(300),
        many(300)
    );
    let calls = batch_of_json(body.as_bytes(), &Defaults::file("import")).unwrap();
    assert_eq!(calls[0].as_ref().unwrap_err().reason, Reason::TooManyLeaves);
}

#[test]
fn what_a_call_cannot_do_without_is_not_to_be_left_out() {
    for line in [
        r#"{"type":"consent","userId":"u1","purpose":"email","granted":"yes"}"#,
        r#"{"type":"track","userId":"u1","event":7}"#,
    ] {
        let reject = file(line).unwrap_err();
        assert_eq!(reject.reason, Reason::WrongType);
        assert!(!reject.remedy.contains("leave"), "{reject}");
    }
    let reject = file(r#"{"type":"page","userId":"u1","name":7}"#).unwrap_err();
    assert!(reject.remedy.contains("or leave `name` out"), "{reject}");
}
