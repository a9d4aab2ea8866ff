//! The server as its senders see it: every path, and what each does with what is wrong.

#![allow(clippy::disallowed_methods, reason = "a test of a server has threads and waits")]

#[path = "support/http.rs"]
mod http;

use http::{TOKEN, ask, bearer, connect, get, post, raw, request};
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use throng::engine::{Clock, Endpoint, Options, Throng};
use throng::server::{ServeError, Server, Settings, Stopper};

/// A server that stops when the test ends.
struct Running {
    address: SocketAddr,
    stopper: Stopper,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
    directory: tempfile::TempDir,
}

impl Running {
    fn new() -> Running {
        Running::with(Settings::default())
    }

    fn with(settings: Settings) -> Running {
        Running::over(settings, Clock::Wall)
    }

    fn over(settings: Settings, clock: Clock) -> Running {
        let directory = tempfile::tempdir().unwrap();
        let options = Options { clock: Some(clock), reserve_bytes: 0, ..Options::default() };
        let throng = Throng::open(directory.path(), options).unwrap();
        let settings = Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            token: Some(TOKEN.to_owned()),
            ..settings
        };
        let server = Server::bind(throng, settings).unwrap();
        let (address, stopper) = (server.address(), server.stopper());
        let thread = Some(std::thread::spawn(move || server.run()));
        Running { address, stopper, thread, directory }
    }

    fn stop(&mut self) {
        self.stopper.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap().unwrap();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

fn order(id: usize, user: usize) -> String {
    json!({ "type": "track", "event": "order", "userId": format!("u-{user}"),
            "messageId": format!("m-{id}"), "properties": { "total": 12.5 } })
    .to_string()
}

fn batch(calls: impl IntoIterator<Item = String>) -> String {
    format!("{{\"batch\":[{}]}}", calls.into_iter().collect::<Vec<_>>().join(","))
}

#[test]
fn each_call_has_a_path_and_browsers_a_short_one() {
    let server = Running::new();
    for (path, body) in [
        ("track", r#"{"event":"order","userId":"u-1"}"#),
        ("t", r#"{"event":"order","userId":"u-1"}"#),
        ("identify", r#"{"userId":"u-1","traits":{"plan":"gold","spent":8911407.904}}"#),
        ("i", r#"{"userId":17850,"anonymousId":null,"traits":{"plan":"free"}}"#),
        ("page", r#"{"userId":"u-1","name":"Home"}"#),
        ("p", r#"{"anonymousId":"a-1","name":"Home"}"#),
        ("screen", r#"{"userId":"u-1","name":"Basket"}"#),
        ("s", r#"{"userId":"u-1","name":"Basket"}"#),
        ("group", r#"{"userId":"u-1","groupId":"acme"}"#),
        ("g", r#"{"userId":"u-1","groupId":"acme"}"#),
        ("alias", r#"{"userId":"u-2","previousId":"u-0"}"#),
        ("a", r#"{"userId":"u-2","previousId":"u-0"}"#),
        ("consent", r#"{"userId":"u-1","purpose":"email","granted":true}"#),
        ("batch", r#"{"batch":[{"type":"page","userId":"u-1"}]}"#),
        ("b", r#"{"batch":[]}"#),
    ] {
        let reply = post(server.address, &format!("/v1/{path}"), body);
        assert_eq!((reply.status, &*reply.text()), (200, r#"{"success":true}"#), "{path}");
    }
    assert_eq!(ask(server.address, "count people who did order"), json!([[1]]));
    assert_eq!(ask(server.address, "count people who did page_view"), json!([[2]]));
    assert_eq!(ask(server.address, "count people whose plan = \"gold\""), json!([[1]]));
}

#[test]
fn forgetting_is_a_call_as_well() {
    let server = Running::new();
    post(server.address, "/v1/track", order(1, 1));
    assert_eq!(ask(server.address, "count everyone"), json!([[1]]));
    assert_eq!(post(server.address, "/v1/forget", r#"{"userId":"u-1"}"#).status, 200);
    assert_eq!(ask(server.address, "count everyone"), json!([[0]]));
}

#[test]
fn who_is_to_be_forgotten_must_be_named_and_known() {
    let server = Running::new();
    post(server.address, "/v1/track", order(1, 1));
    for (body, code) in [
        ("{}", "missing_identifier"),
        (r#"{"userID":"u-1"}"#, "unknown_key"),
        (r#"{"userId":"u-1","event":"order"}"#, "unknown_key"),
        (r#"{"traits":{"emial":"ada@example.org"}}"#, "missing_identifier"),
    ] {
        let reply = post(server.address, "/v1/forget", body);
        assert_eq!(reply.problem(), (400, code.into()), "{body}: {}", reply.text());
    }
    let slip = post(server.address, "/v1/forget", r#"{"userID":"u-1"}"#);
    assert!(slip.text().contains("did you mean `userId`?"), "{}", slip.text());
    assert_eq!(ask(server.address, "count everyone"), json!([[1]]));

    let nobody = post(server.address, "/v1/forget", r#"{"userId":"u-9"}"#);
    assert_eq!(nobody.json(), json!({ "success": true, "people": 0 }));
    post(server.address, "/v1/track", order(9, 9));
    assert_eq!(ask(server.address, "count everyone"), json!([[2]]), "nothing was suppressed");
    let known = post(server.address, "/v1/forget", r#"{"userId":"u-9"}"#);
    assert_eq!(known.json(), json!({ "success": true, "people": 1 }));

    // Whoever is suppressed before anything is known of them never comes in.
    let suppress = r#"{"userId":"u-7","traits":{"email":"ada@example.org"},"suppress":true}"#;
    let reply = post(server.address, "/v1/forget", suppress);
    assert_eq!(reply.json(), json!({ "success": true, "people": 0 }));
    let late = post(server.address, "/v1/track", order(7, 7));
    assert_eq!(late.problem(), (400, "forgotten".into()));
    let by_email = r#"{"userId":"u-6","traits":{"email":"ada@example.org"}}"#;
    let reply = post(server.address, "/v1/identify", by_email);
    assert_eq!(reply.problem(), (400, "forgotten".into()), "{}", reply.text());

    let calls = batch([
        r#"{"type":"forget","userId":"u-5"}"#.into(),
        r#"{"type":"forget"}"#.into(),
        r#"{"type":"forget","userId":"u-1"}"#.into(),
    ]);
    let reply = post(server.address, "/v1/import", calls).json();
    assert_eq!((&reply["forgotten"], &reply["nobody"]), (&json!(1), &json!(1)), "{reply}");
    assert_eq!(reply["rejected"][0]["reason"], "missing_identifier", "{reply}");
    assert_eq!(ask(server.address, "count everyone"), json!([[0]]));
}

#[test]
fn the_path_of_a_call_and_its_type_agree() {
    let server = Running::new();
    let reply = post(server.address, "/v1/track", r#"{"type":"identify","userId":"u-1"}"#);
    assert_eq!(reply.problem(), (400, "unknown_type".into()), "{}", reply.text());
    assert!(reply.text().contains("was sent to `track`"), "{}", reply.text());
    let reply = post(server.address, "/v1/i", r#"{"type":"identify","userId":"u-1"}"#);
    assert_eq!(reply.status, 200, "{}", reply.text());
}

#[test]
fn the_token_opens_and_nothing_else_does() {
    let server = Running::new();
    let call = order(1, 1);
    let basic = "Basic dG9rZW4tb2YtdGhlLXRlc3RzOg==";
    for (name, value) in
        [("Authorization", basic), ("Authorization", &bearer()), ("X-Write-Key", TOKEN)]
    {
        let reply =
            raw(server.address, &request("POST", "/v1/track", &[(name, value)], call.as_bytes()));
        assert_eq!(reply.status, 200, "{name}: {value}");
    }
    let in_body = call.replacen('{', &format!("{{\"writeKey\":\"{TOKEN}\","), 1);
    let reply = raw(server.address, &request("POST", "/v1/t", &[], in_body.as_bytes()));
    assert_eq!(reply.status, 200, "{}", reply.text());

    let wrong_in_body = call.replacen('{', "{\"writeKey\":\"another-token\",", 1);
    for (headers, body) in [
        (vec![], &call),
        (vec![], &wrong_in_body),
        (vec![("Authorization", "Bearer another-token")], &call),
        (vec![("Authorization", "Basic ???")], &call),
        // A header is believed before the body is.
        (vec![("Authorization", "Bearer another-token")], &in_body),
    ] {
        let reply = raw(server.address, &request("POST", "/v1/track", &headers, body.as_bytes()));
        assert_eq!(reply.problem(), (401, "unauthorized".into()), "{headers:?}");
        assert!(reply.head.contains("www-authenticate: bearer"));
    }
    for path in ["/v1/audiences", "/v1/info", "/v1/profiles/user_id/u-1", "/v1/audiences/x/members"]
    {
        assert_eq!(raw(server.address, &request("GET", path, &[], &[])).status, 401, "{path}");
    }
    let reply =
        raw(server.address, &request("POST", "/v1/query", &[], b"{\"query\":\"count everyone\"}"));
    assert_eq!(reply.status, 401);
}

#[test]
fn what_is_wrong_with_a_call_is_said() {
    let server = Running::new();
    for (body, code) in [
        (&b"{"[..], "broken_json"),
        (b"", "broken_json"),
        (b"[]", "not_an_object"),
        (b"{\"userId\":\"u-1\"}", "missing_field"),
        (b"{\"event\":\"order\"}", "no_identifier"),
        (b"{\"event\":\"order\",\"userId\":{}}", "wrong_type"),
        (b"{\"event\":\"o\",\"event\":\"p\",\"userId\":\"u-1\"}", "repeated_key"),
        (b"{\"event\":\"o\",\"userId\":\"u\\u0000\"}", "nul_character"),
        (b"{\"event\":\"o\",\"userId\":\"\xff\"}", "invalid_utf8"),
        (b"{\"event\":\"o\",\"userId\":\"u-1\",\"timestamp\":\"teatime\"}", "invalid_time"),
    ] {
        let reply = post(server.address, "/v1/track", body);
        let shown = String::from_utf8_lossy(body);
        let (status, given) = reply.problem();
        assert_eq!(status, 400, "{shown}: {}", reply.text());
        if code != "no_identifier" {
            assert_eq!(given, code, "{shown}");
        }
    }
    let deep = format!(
        "{{\"event\":\"o\",\"userId\":\"u-1\",\"properties\":{}1{}}}",
        "{\"a\":".repeat(40),
        "}".repeat(40)
    );
    assert_eq!(post(server.address, "/v1/track", deep).problem().1, "too_deep");
    let long = format!(
        "{{\"event\":\"o\",\"userId\":\"u-1\",\"properties\":{{\"a\":\"{}\"}}}}",
        "x".repeat(1 << 20)
    );
    assert_eq!(post(server.address, "/v1/track", long).problem(), (400, "call_too_long".into()));
    assert_eq!(ask(server.address, "count everyone"), json!([[0]]));
}

#[test]
fn one_wrong_call_spoils_no_other_of_its_batch() {
    let server = Running::new();
    let calls =
        [order(1, 1), "{\"type\":\"trakc\"}".into(), order(2, 2), r#"{"type":"page"}"#.into()];
    let reply = post(server.address, "/v1/batch", batch(calls));
    assert_eq!(reply.status, 200);
    let reply = reply.json();
    assert_eq!(reply["success"], true);
    let rejected = reply["rejected"].as_array().unwrap();
    let places: Vec<_> =
        rejected.iter().map(|rejected| rejected["index"].as_u64().unwrap()).collect();
    assert_eq!(places, [1, 3]);
    assert_eq!(rejected[0]["reason"], "unknown_type");
    assert!(rejected[0]["message"].as_str().unwrap().contains("did you mean `track`?"));
    assert_eq!(ask(server.address, "count people who did order"), json!([[2]]));
    assert_eq!(post(server.address, "/v1/batch", "{}").problem(), (400, "missing_field".into()));
}

#[test]
fn an_import_says_what_became_of_its_calls() {
    let server = Running::over(Settings::default(), Clock::Given);
    let dated =
        |id: usize| order(id, id).replacen('{', "{\"timestamp\":\"2026-03-01T12:00:00Z\",", 1);
    let calls = batch([
        dated(1),
        dated(2),
        dated(1),
        "{}".into(),
        r#"{"type":"forget","userId":"u-2"}"#.into(),
    ]);
    let reply = post(server.address, "/v1/import?replay=true&source=shop", calls).json();
    assert_eq!(
        (
            &reply["accepted"],
            &reply["duplicates"],
            &reply["forgotten"],
            &reply["rejected"][0]["index"]
        ),
        (&json!(2), &json!(1), &json!(1), &json!(3)),
        "{reply}"
    );
    assert_eq!(ask(server.address, "count events order on 2026-03-01"), json!([[1]]));
    let again = post(server.address, "/v1/import?at=2020-01-01T00:00:00Z", batch([dated(9)]));
    assert_eq!(again.problem(), (409, "time_goes_back".into()));
    for wrong in ["at=teatime", "at=2026-04-01T00:00:00Z&replay=true", "replay=perhaps", "att=1"] {
        let reply = post(server.address, &format!("/v1/import?{wrong}"), batch([]));
        assert_eq!(reply.status, 400, "{wrong}");
    }
}

#[test]
fn a_trial_of_an_import_says_what_would_become_of_its_calls_and_changes_nothing() {
    let server = Running::new();
    post(server.address, "/v1/track", order(1, 1));
    let calls = || {
        let many = (0..25_000).map(|id| order(10 + id, 2));
        // The same id as the first, in what would be another commit.
        let more = [order(10, 2), order(1, 1), order(11, 3), "{}".to_owned()];
        let forget = [r#"{"type":"forget","userId":"u-1"}"#.to_owned()];
        batch(many.chain(more).chain(forget))
    };
    let info = || {
        let all = get(server.address, "/v1/info").json()["rows"].clone();
        let rows = all.as_array().unwrap().iter();
        rows.filter(|row| row[0] == "last record" || row[0] == "calls").cloned().collect::<Vec<_>>()
    };
    let before = info();
    let trial = |how: &str| {
        let reply = post(server.address, &format!("/v1/import?dry_run=true{how}"), calls());
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    };
    let first = trial("&source=http");
    let counts = ["accepted", "duplicates", "conflicting", "forgotten"].map(|key| &first[key]);
    assert_eq!(counts, [&json!(25_000), &json!(2), &json!(1), &json!(1)], "{first}");
    assert_eq!(first["rejected"][0]["index"], 25_003, "{first}");
    assert_eq!(trial("&source=http&bulk=true"), first, "no id is remembered");
    assert_eq!(info(), before, "nothing is logged");
    assert_eq!(before.len(), 2, "{before:?}");
    let wrong = post(server.address, "/v1/import?dry_run=perhaps", batch([]));
    assert_eq!(wrong.problem(), (400, "wrong_parameter".into()));
}

#[test]
fn more_calls_than_one_record_holds_become_several() {
    let server = Running::new();
    let calls = (0..25_000).map(|id| format!("{{\"type\":\"page\",\"userId\":\"u-{id}\"}}"));
    let reply = post(server.address, "/v1/import", batch(calls)).json();
    assert_eq!(reply["accepted"], 25_000);
    assert_eq!(ask(server.address, "count everyone"), json!([[25_000]]));
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn bodies_may_be_packed_but_do_not_explode() {
    let server = Running::new();
    let body = packed(order(1, 1).as_bytes());
    let token = bearer();
    let with = |more: &[(&str, &str)], body: &[u8]| {
        let headers = [&[("Authorization", &*token)], more].concat();
        raw(server.address, &request("POST", "/v1/track", &headers, body))
    };
    let gzip = ("Content-Encoding", "gzip");
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    assert_eq!(with(&[gzip, form], &body).status, 200);
    // Some senders pack without saying so.
    assert_eq!(with(&[], &body).status, 200);
    let bomb = packed(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 100_000);
    assert_eq!(with(&[gzip], &bomb).problem(), (413, "body_too_large".into()));
    assert_eq!(with(&[gzip], b"no gzip").problem(), (400, "broken_gzip".into()));
    assert_eq!(with(&[gzip], &body[..body.len() / 2]).problem(), (400, "broken_gzip".into()));
    assert_eq!(
        with(&[("Content-Encoding", "br")], &body).problem(),
        (415, "unknown_encoding".into())
    );
    assert_eq!(ask(server.address, "count everyone"), json!([[1]]));
}

#[test]
fn a_body_has_a_greatest_size_whether_it_says_so_or_not() {
    let server = Running::with(Settings { body_bytes_max: 10_000, ..Settings::default() });
    let large = vec![b' '; 20_000];
    assert_eq!(post(server.address, "/v1/batch", &large).problem(), (413, "body_too_large".into()));
    let mut chunked = format!(
        "POST /v1/batch HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: {}\r\n\
         Transfer-Encoding: chunked\r\n\r\n4e20\r\n",
        bearer()
    )
    .into_bytes();
    chunked.extend(large);
    chunked.extend(b"\r\n0\r\n\r\n");
    assert_eq!(raw(server.address, &chunked).problem(), (413, "body_too_large".into()));
}

#[test]
fn a_body_that_never_comes_is_not_waited_for_ever() {
    let body_time = Duration::from_millis(100);
    let server = Running::with(Settings { body_time, ..Settings::default() });
    let mut half = request("POST", "/v1/track", &[("Authorization", &bearer())], &[b' '; 100]);
    half.truncate(half.len() - 50);
    assert_eq!(raw(server.address, &half).problem(), (408, "slow_body".into()));
}

#[test]
fn other_paths_and_methods_are_answered_in_the_same_form() {
    let server = Running::new();
    assert_eq!(get(server.address, "/v1/nothing").problem(), (404, "unknown_path".into()));
    assert_eq!(get(server.address, "/v1/track").problem(), (405, "wrong_method".into()));
    assert_eq!(post(server.address, "/v1/audiences", "").problem(), (405, "wrong_method".into()));
    assert_eq!(raw(server.address, b"GARBAGE\r\n\r\n").status, 400);
    assert_eq!(get(server.address, "/healthz").json()["status"], "alive");
    assert_eq!(get(server.address, "/readyz").json()["status"], "ready");
    // Whether it is alive may be asked by whoever has no token.
    assert_eq!(raw(server.address, &request("GET", "/healthz", &[], &[])).status, 200);
}

#[test]
fn questions_are_answered_and_numbers_stay_exact() {
    let server = Running::new();
    post(
        server.address,
        "/v1/track",
        r#"{"event":"order","userId":"u-1","properties":{"total":8911407.904}}"#,
    );
    let form = json!({"report": {"total": {"columns": [{"value": {"aggregate": {
        "function": "sum", "stream": {"event": {"name": "order", "path": ["total"]}}}}}]}}});
    let asked = json!({ "statement": form }).to_string();
    let formed = post(server.address, "/v1/query", asked).json();
    let slip = json!({ "statement": {"report": {"total": {"colums": []}}} }).to_string();
    let slip = post(server.address, "/v1/query", slip).json();
    assert_eq!(slip["pointer"], "/statement/report/total");
    let one = post(server.address, "/v1/query", r#"{"query":"total sum(order.total)"}"#);
    assert_eq!(one.text(), r#"{"columns":["sum(order.total)"],"rows":[[8911407.904]]}"#);
    assert_eq!(one.json(), formed);
    let query = r#"{"query":"create audience orderly is people who did order; count people in audience orderly; explain audience orderly"}"#;
    let several = post(server.address, "/v1/query", query).json();
    assert_eq!(several["answers"][1]["rows"], json!([[1]]), "{several}");
    assert!(several["answers"][0]["done"].is_string() && several["answers"][2]["text"].is_string());
    let past = post(
        server.address,
        "/v1/query",
        r#"{"query":"count everyone","at":"2001-01-01T00:00:00Z"}"#,
    );
    assert_eq!(past.json()["rows"], json!([[0]]));
    assert_eq!(post(server.address, "/v1/query", r#"{"query":""}"#).json(), json!({"answers": []}));
}

#[test]
fn a_wrong_statement_is_shown_where_it_is_wrong() {
    let server = Running::new();
    post(server.address, "/v1/track", order(1, 1));
    let query = "count everyone;\ncount people who did oder in last 30 days";
    let reply = post(server.address, "/v1/query", json!({ "query": query }).to_string());
    assert_eq!(reply.problem(), (400, "wrong_statement".into()));
    let reply = reply.json();
    let found = &reply["diagnostics"][0];
    assert_eq!(found["code"], "E0102");
    let at = query.find("oder").unwrap();
    assert_eq!(found["span"]["start"], json!({ "line": 2, "column": 22, "byte": at }));
    assert_eq!(found["span"]["end"], json!({ "line": 2, "column": 26, "byte": at + 4 }));
    assert!(reply["pictures"].as_str().unwrap().contains("did you mean `order` ("), "{reply}");
}

#[test]
fn a_question_has_a_shape_and_limits() {
    let server = Running::new();
    let calls = (0..50).map(|id| order(id, id));
    post(server.address, "/v1/batch", batch(calls));
    for (body, status, code) in [
        ("count everyone", 400, "broken_question"),
        ("{}", 400, "broken_question"),
        (r#"{"query":"count everyone","statement":{"verify":"a"}}"#, 400, "broken_question"),
        (r#"{"statement":{"verfy":"a"}}"#, 400, "wrong_form"),
        (r#"{"statement":{"verify":"a"}}"#, 400, "wrong_statement"),
        (r#"{"query":"count everyone","qeury":1}"#, 400, "broken_question"),
        (r#"{"query":"count everyone","params":[]}"#, 400, "broken_question"),
        (r#"{"query":"count everyone","params":{"a":null}}"#, 400, "wrong_parameter"),
        (r#"{"query":"count everyone","params":{"a":1}}"#, 400, "wrong_statement"),
        (r#"{"query":"count everyone","at":"teatime"}"#, 400, "invalid_time"),
        (r#"{"query":"count everyone","timeout_ms":999999999999}"#, 400, "wrong_timeout"),
        (r#"{"query":"count everyone","timeout_ms":0}"#, 400, "wrong_timeout"),
        (r#"{"query":"list user_id of people who did order","rows_max":10}"#, 413, "too_many_rows"),
    ] {
        let reply = post(server.address, "/v1/query", body);
        let problem = reply.problem();
        assert_eq!(problem.0, status, "{body}: {}", reply.text());
        assert_eq!(problem.1, code, "{body}: {}", reply.text());
    }
    let huge = format!("count people whose plan = \"{}\"", "x".repeat(1 << 20));
    let reply = post(server.address, "/v1/query", json!({ "query": huge }).to_string());
    assert_eq!(reply.json()["diagnostics"][0]["code"], "E0013");
}

#[test]
fn a_question_has_parameters() {
    let server = Running::new();
    post(server.address, "/v1/batch", batch((0..3).map(|id| order(id, id))));
    let ask = |query: &str, params: serde_json::Value| {
        let question = json!({ "query": query, "params": params }).to_string();
        post(server.address, "/v1/query", question)
    };
    let reply = ask(
        "count people who did order at least $least times and count(order since $since) = $least \
         and count(order in last $idle) < 1 and not user_id one of $others",
        json!({
            "least": 1,
            "since": { "instant": "2020-01-01T00:00:00Z" },
            "idle": { "span": "1ms" },
            "others": ["u-1", "u-2"],
        }),
    );
    assert_eq!(reply.json()["rows"], json!([[1]]), "{}", reply.text());
    let reply =
        ask("count people who did order on $day", json!({ "day": { "date": "2020-01-01" } }));
    assert_eq!(reply.json()["rows"], json!([[0]]), "{}", reply.text());

    let sly = "u-1\"; drop audience buyers; count people whose user_id = \"u-2";
    let reply = ask("count people whose user_id = $who", json!({ "who": sly }));
    assert_eq!(reply.json()["rows"], json!([[0]]), "{}", reply.text());
    let reply = ask("create audience buyers is people whose user_id = $who", json!({ "who": sly }));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let kept = get(server.address, "/v1/audiences").json();
    let definition = kept["audiences"][0]["definition"].as_str().unwrap();
    assert!(definition.ends_with(&format!("user_id = {}", json!(sly))), "{definition}");

    let reply = ask("count people whose user_id = $who", json!({ "whom": "u-1" }));
    assert_eq!(reply.json()["diagnostics"][0]["code"], "E0021");
    assert_eq!(reply.json()["diagnostics"][0]["label"], "did you mean `$whom`?");
    let reply = ask("count everyone", json!({ "idle": { "span": "30 dais" } }));
    assert_eq!(reply.problem(), (400, "wrong_parameter".into()));
    assert!(
        reply.text().contains("`params.idle`: `30 dais` is no length of time"),
        "{}",
        reply.text()
    );
}

/// A program that takes long, and looks now and then whether it is wanted.
fn long_question() -> String {
    json!({ "query": "count everyone;".repeat(60_000), "timeout_ms": 600_000 }).to_string()
}

#[test]
fn a_question_ends_with_its_time() {
    let server = Running::new();
    post(server.address, "/v1/track", order(1, 1));
    let begun = Instant::now();
    let question = long_question().replace("600000", "50");
    let reply = post(server.address, "/v1/query", question);
    assert_eq!(reply.problem(), (504, "timeout".into()));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn what_was_changed_before_the_time_was_over_is_told() {
    let server = Running::new();
    post(server.address, "/v1/track", order(1, 1));
    let define = "create audience buyers is people who did order;";
    let long = json!({ "query": format!("{define}{}", "count everyone;".repeat(60_000)), "timeout_ms": 50 });
    let reply = post(server.address, "/v1/query", long.to_string());
    assert_eq!(reply.problem(), (504, "timeout".into()));
    // The time may be over before the definition as well: the reply says which it was.
    let made = ask(server.address, "show audiences").as_array().unwrap().len();
    assert_eq!(reply.json()["done"].as_array().map_or(0, Vec::len), made, "{}", reply.text());

    let many = format!("{define}list user_id of everyone").replace("buyers", "everybody");
    let many = json!({ "query": many, "rows_max": 0 });
    let reply = post(server.address, "/v1/query", many.to_string());
    assert_eq!(reply.problem(), (413, "too_many_rows".into()));
    assert!(reply.text().contains("before that it was done"), "{}", reply.text());
    assert_eq!(reply.json()["done"].as_array().unwrap().len(), 1);
}

#[test]
fn a_parameter_beyond_its_range_is_told_and_not_bent() {
    let server = Running::new();
    post(server.address, "/v1/track", order(1, 1));
    ask(server.address, "create audience buyers is people who did order");
    for path in [
        "/v1/audiences/buyers/changes?limit=0",
        "/v1/audiences/buyers/changes?limit=100001",
        "/v1/audiences/buyers/changes?wait_ms=60001",
        "/v1/profiles/user_id/u-1/timeline?limit=0",
        "/v1/profiles/user_id/u-1/timeline?limit=10001",
    ] {
        let reply = get(server.address, path);
        assert_eq!(reply.problem(), (400, "wrong_parameter".into()), "{path}");
        assert!(reply.text().contains(" to "), "{}", reply.text());
    }
}

#[test]
fn a_question_ends_when_its_asker_is_gone() {
    let settings =
        Settings { queries_max: 1, patience: Duration::from_millis(50), ..Settings::default() };
    let server = Running::with(settings);
    post(server.address, "/v1/track", order(1, 1));
    let mut asker = connect(server.address);
    let question = long_question();
    asker
        .write_all(&request(
            "POST",
            "/v1/query",
            &[("Authorization", &bearer())],
            question.as_bytes(),
        ))
        .unwrap();
    let short = r#"{"query":"count everyone"}"#;
    let until = Instant::now() + Duration::from_secs(20);
    // The one turn is taken, so another asker is told to come later ...
    loop {
        let reply = post(server.address, "/v1/query", short);
        if reply.status == 429 {
            assert!(reply.head.contains("retry-after: 1"));
            assert_eq!(reply.problem().1, "too_many_requests");
            break;
        }
        assert!(Instant::now() < until, "the long question never ran");
    }
    drop(asker);
    // ... until the first one is gone: its question would have run for long.
    let gone = Instant::now();
    while post(server.address, "/v1/query", short).status == 429 {
        assert!(Instant::now() < until, "the question of nobody went on");
    }
    eprintln!("the turn was free {} ms after its asker left", gone.elapsed().as_millis());
}

#[test]
fn many_senders_at_once_lose_nothing() {
    let mut server = Running::new();
    let address = server.address;
    std::thread::scope(|scope| {
        for sender in 0..16 {
            scope.spawn(move || {
                for n in 0..10 {
                    let reply = post(address, "/v1/track", order(sender * 100 + n, sender));
                    assert_eq!(reply.status, 200, "{}", reply.text());
                }
            });
        }
    });
    assert_eq!(ask(address, "count events order"), json!([[160]]));
    assert_eq!(ask(address, "count everyone"), json!([[16]]));
    server.stop();
    let throng =
        Throng::open(server.directory.path(), Options { create: false, ..Options::default() });
    assert_eq!(throng.unwrap().info().unwrap().calls, 160);
}

#[test]
fn what_is_not_answered_in_time_is_in_the_log_whole_or_not_at_all() {
    let mut server = Running::with(Settings { drain_time: Duration::ZERO, ..Settings::default() });
    let address = server.address;
    let card = |n: usize| {
        json!({ "type": "track", "event": "visit", "anonymousId": format!("a-{n}"),
                "messageId": format!("m-{n}"), "properties": { "card": format!("c-{}", n / 2) } })
        .to_string()
    };
    for first in (0..8_000).step_by(1_000) {
        assert_eq!(post(address, "/v1/batch", batch((first..first + 1_000).map(card))).status, 200);
    }
    let before = get(address, "/v1/info").text();
    let declare = json!({ "query": "declare identifier card: personal from \"properties.card\"" });
    let mut stream = connect(address);
    let asked = [("Authorization", &*bearer())];
    let asked = request("POST", "/v1/query", &asked, declare.to_string().as_bytes());
    stream.write_all(&asked).unwrap();
    while get(address, "/v1/info").text() == before {}
    server.stop();
    let mut reply = Vec::new();
    let _cut = stream.read_to_end(&mut reply);
    assert!(!reply.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&reply));
    assert!(!server.directory.path().join("ENDPOINT").exists());
    let throng = Throng::open(server.directory.path(), Options::default()).unwrap();
    assert_eq!(throng.info().unwrap().people, 4_000);
}

#[cfg(feature = "lake")]
#[test]
fn lakes_that_nobody_fetches_do_not_stay() {
    let mut server = Running::new();
    let export = || {
        let reply = post(server.address, "/v1/export", "").json();
        std::path::PathBuf::from(reply["directory"].as_str().unwrap())
    };
    let lakes: Vec<_> = (0..6).map(|_| export()).collect();
    let are_there: Vec<bool> = lakes.iter().map(|lake| lake.exists()).collect();
    assert_eq!(are_there, [false, false, true, true, true, true]);
    server.stop();
    assert!(lakes.iter().all(|lake| !lake.exists()));
}

#[test]
fn what_was_acknowledged_before_the_stop_is_there_after_it() {
    let mut server = Running::new();
    let address = server.address;
    let (told, acknowledged) = std::sync::mpsc::channel();
    let senders: Vec<_> = (0..8)
        .map(|sender| {
            let told = told.clone();
            std::thread::spawn(move || {
                for n in 0.. {
                    let id = sender * 1_000_000 + n;
                    let bytes = request(
                        "POST",
                        "/v1/track",
                        &[("Authorization", &bearer())],
                        order(id, id).as_bytes(),
                    );
                    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return };
                    let mut reply = Vec::new();
                    if stream.write_all(&bytes).is_err() || stream.read_to_end(&mut reply).is_err()
                    {
                        return;
                    }
                    match reply.starts_with(b"HTTP/1.1 200") {
                        true => told.send(id).unwrap(),
                        false => return,
                    }
                }
            })
        })
        .collect();
    drop(told);
    std::thread::sleep(Duration::from_millis(300));
    server.stop();
    for sender in senders {
        sender.join().unwrap();
    }
    let acknowledged: Vec<usize> = acknowledged.iter().collect();
    assert!(!acknowledged.is_empty());
    assert!(!server.directory.path().join("ENDPOINT").exists());
    let throng =
        Throng::open(server.directory.path(), Options { create: false, ..Options::default() })
            .unwrap();
    let rows = throng.query("list user_id of people who did order").unwrap();
    let rows = &rows.answers[0].rows().unwrap().rows;
    let there: std::collections::HashSet<String> =
        rows.iter().map(|row| row[0].as_text().unwrap().to_string()).collect();
    for id in acknowledged {
        assert!(there.contains(&format!("u-{id}")), "call {id} was acknowledged and is gone");
    }
}

#[test]
fn audiences_are_listed_with_their_members() {
    let server = Running::new();
    post(server.address, "/v1/batch", batch((0..2_500).map(|id| order(id, id))));
    ask_done(&server, "create audience \"big spenders\" is people who did order");
    let audiences = get(server.address, "/v1/audiences").json();
    let audience = &audiences["audiences"][0];
    assert_eq!((&audience["name"], &audience["people"]), (&json!("big spenders"), &json!(2_500)));
    let path = "/v1/audiences/big%20spenders/members";
    let members = get(server.address, path).json();
    assert_eq!(members["columns"], json!(["profile", "user_id", "identifiers"]));
    let rows = members["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2_500);
    assert_eq!(rows[0], json!(["p:1", "u-0", ["user_id:u-0"]]));
    assert_eq!(rows[2_499][1], "u-2499");
    let lines = get(server.address, &format!("{path}?format=ndjson")).text();
    assert_eq!(lines.lines().count(), 2_500);
    let csv = get(server.address, &format!("{path}?format=csv")).text();
    assert_eq!(csv.lines().count(), 2_501);
    assert!(csv.starts_with("profile,user_id,identifiers\r\np:1,u-0,"));
    assert_eq!(
        get(server.address, &format!("{path}?format=xml")).problem(),
        (400, "unknown_format".into())
    );
    assert_eq!(
        get(server.address, "/v1/audiences/none/members").problem(),
        (404, "unknown_audience".into())
    );
    ask_done(&server, "create audience nobody is people who did order before 2001-01-01");
    assert_eq!(get(server.address, "/v1/audiences/nobody/members").json()["rows"], json!([]));
}

fn ask_done(server: &Running, statement: &str) {
    let reply = post(server.address, "/v1/query", json!({ "query": statement }).to_string());
    assert_eq!(reply.status, 200, "{}", reply.text());
}

#[test]
fn a_profile_is_shown_by_any_of_its_names() {
    let server = Running::new();
    post(
        server.address,
        "/v1/identify",
        r#"{"userId":"u-1","anonymousId":"a-1","traits":{"email":"Ada@example.org","spent":8911407.904,"gone":1}}"#,
    );
    post(server.address, "/v1/identify", r#"{"userId":"u-1","traits":{"gone":null}}"#);
    post(server.address, "/v1/track", order(1, 1));
    ask_done(&server, "create audience orderly is people who did order");
    for path in ["user_id/u-1", "email/ada%40example.org", "anonymous_id/a-1", "p/1"] {
        let reply = get(server.address, &format!("/v1/profiles/{path}"));
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        assert!(reply.text().contains("\"spent\":8911407.904"), "{}", reply.text());
        let profile = reply.json();
        assert_eq!(profile["profile"], "p:1");
        assert_eq!(profile["audiences"], json!(["orderly"]));
        assert_eq!(profile["calls"], 3);
        assert_eq!(profile["attributes"]["gone"], json!(null));
        assert!(
            profile["identifiers"].as_array().unwrap().contains(&json!("email:ada@example.org"))
        );
    }
    let timeline = get(server.address, "/v1/profiles/user_id/u-1/timeline?limit=5").json();
    assert!(!timeline["rows"].as_array().unwrap().is_empty(), "{timeline}");
    let audiences = get(server.address, "/v1/profiles/user_id/u-1/audiences").json();
    assert_eq!(audiences["audiences"], json!(["orderly"]));
    for path in
        ["user_id/nobody", "p/zzzzzz", "p/~", "user_id/nobody/timeline", "user_id/nobody/audiences"]
    {
        assert_eq!(
            get(server.address, &format!("/v1/profiles/{path}")).problem(),
            (404, "unknown_profile".into()),
            "{path}"
        );
    }
}

#[test]
fn changes_are_told_once_each_from_any_place() {
    let server = Running::new();
    ask_done(&server, "declare event order; create audience orderly is people who did order");
    post(server.address, "/v1/batch", batch((0..10).map(|id| order(id, id))));
    post(server.address, "/v1/batch", batch((10..15).map(|id| order(id, id))));
    let path = "/v1/audiences/orderly/changes";
    // Three at a time, which stops in the middle of what one record changed.
    let (mut from, mut people) = ("0".to_owned(), Vec::new());
    loop {
        let page = get(server.address, &format!("{path}?limit=3&from={from}")).json();
        let changes = page["changes"].as_array().unwrap();
        people.extend(changes.iter().map(|change| change["profile"].as_str().unwrap().to_owned()));
        from = page["next"].as_str().unwrap().to_owned();
        if changes.is_empty() {
            break;
        }
        assert!(
            changes.len() <= 3
                && changes[0]["change"] == "entered"
                && changes[0]["cause"] == "event"
        );
    }
    people.sort();
    people.dedup();
    assert_eq!(people.len(), 15);
    // Whoever waits is answered as soon as something happens.
    let address = server.address;
    let waiting = std::thread::spawn(move || {
        get(address, &format!("{path}?from={from}&wait_ms=20000")).json()
    });
    std::thread::sleep(Duration::from_millis(100));
    let begun = Instant::now();
    post(server.address, "/v1/track", order(99, 99));
    let page = waiting.join().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(page["changes"].as_array().unwrap().len(), 1);
    for (path, problem) in [
        ("/v1/audiences/none/changes", (404, "unknown_audience")),
        ("/v1/audiences/orderly/changes?from=yesterday", (400, "wrong_parameter")),
        ("/v1/audiences/orderly/changes?form=1", (400, "wrong_parameter")),
        ("/v1/audiences/orderly/changes?from=99999", (400, "wrong_parameter")),
    ] {
        assert_eq!(get(server.address, path).problem(), (problem.0, problem.1.to_owned()));
    }
}

/// Reads server-sent events until it has so many; gives id and profile of each.
fn events(address: SocketAddr, from: &str, last: Option<&str>, n: usize) -> Vec<(String, String)> {
    let mut headers = vec![("Accept", "text/event-stream")];
    let token = bearer();
    headers.push(("Authorization", &token));
    headers.extend(last.map(|last| ("Last-Event-ID", last)));
    let mut stream = connect(address);
    let path = format!("/v1/audiences/orderly/changes?from={from}");
    stream.write_all(&request("GET", &path, &headers, &[])).unwrap();
    let (mut found, mut id) = (Vec::new(), String::new());
    for line in BufReader::new(stream).lines() {
        let line = line.unwrap();
        if let Some(given) = line.strip_prefix("id: ") {
            id = given.to_owned();
        }
        if let Some(data) = line.strip_prefix("data: ") {
            let data: serde_json::Value = serde_json::from_str(data).unwrap();
            found.push((id.clone(), data["profile"].as_str().unwrap().to_owned()));
        }
        if found.len() == n {
            break;
        }
    }
    found
}

#[test]
fn a_stream_of_events_goes_on_where_it_was_cut() {
    let mut server = Running::new();
    ask_done(&server, "declare event order; create audience orderly is people who did order");
    post(server.address, "/v1/batch", batch((0..10).map(|id| order(id, id))));
    post(server.address, "/v1/batch", batch((10..15).map(|id| order(id, id))));
    let whole = events(server.address, "0", None, 15);
    for cut in [1, 4, 10, 12, 14] {
        let first = events(server.address, "0", None, cut);
        let rest = events(server.address, "0", Some(&first[cut - 1].0), 15 - cut);
        assert_eq!([first, rest].concat(), whole, "cut after {cut}");
    }
    // A stop lets followers go; it does not wait for them.
    let address = server.address;
    let following = std::thread::spawn(move || events(address, "0", None, 16));
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    server.stop();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(following.join().unwrap(), whole);
}

#[test]
fn the_directory_says_where_the_server_is_and_only_to_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let mut server = Running::new();
    let path = server.directory.path().join("ENDPOINT");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let endpoint = Endpoint::read(server.directory.path()).unwrap().unwrap();
    assert_eq!((endpoint.address, &*endpoint.token), (server.address.to_string(), TOKEN));
    server.stop();
    assert!(!path.exists());
}

#[test]
fn listening_to_the_world_takes_a_token_of_ones_own() {
    let settings = |token: Option<&str>| Settings {
        listen: "0.0.0.0:0".parse().unwrap(),
        token: token.map(str::to_owned),
        ..Settings::default()
    };
    let bound = |token| Server::bind(Throng::temporary().unwrap(), settings(token));
    assert!(matches!(bound(None).err(), Some(ServeError::Open(_))));
    assert!(matches!(bound(Some("two words")).err(), Some(ServeError::Token)));
    let server = bound(Some(TOKEN)).unwrap();
    assert_eq!(server.new_token(), None);
}

#[test]
fn the_manual_shows_what_the_server_says() {
    let server = Running::new();
    let page = include_str!("../docs/server.md");
    let shown = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let reply =
        post(server.address, "/v1/batch", batch([order(1, 1), "{\"type\":\"trakc\"}".into()]));
    assert_eq!(reply.json(), serde_json::from_str::<serde_json::Value>(shown).unwrap());
    post(server.address, "/v1/query", r#"{"query":"create audience a is people who did order"}"#);
    for path in page.split('`').filter_map(|code| code.strip_prefix("GET ")) {
        let path = path.split('?').next().unwrap();
        let path =
            path.replace("{name}", "a").replace("{namespace}", "user_id").replace("{value}", "u-1");
        for path in path.split(", ") {
            assert_eq!(get(server.address, path).status, 200, "{path}");
        }
    }
}
