//! `throng lsp`: a session as an editor has it, over the program itself.
#![cfg(all(feature = "shell", feature = "server"))]
#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

#[path = "support/command.rs"]
mod command;

use command::{Serving, piped, problem, shop, throng};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// An editor and its server.
struct Editor {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    n_asked: u64,
}

impl Editor {
    fn new(home: &Path, data: &str) -> Editor {
        let mut started = throng(home, &["lsp", "--data", data]);
        let started = started.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = started.spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut editor = Editor { child, input, output: BufReader::new(output), n_asked: 0 };
        let can = editor.ask("initialize", json!({ "capabilities": {} }));
        assert_eq!(can["capabilities"]["positionEncoding"], "utf-16");
        editor.tell("initialized", json!({}));
        editor
    }

    fn send(&mut self, body: &str) {
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server is gone");
            match line.trim_end().split_once(": ") {
                Some((_, value)) => length = value.parse().unwrap(),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    fn reply(&mut self, method: &str, params: Value) -> Value {
        self.n_asked += 1;
        let id = self.n_asked;
        self.send(
            &json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string(),
        );
        let reply = self.read();
        assert_eq!(reply["id"], id, "{reply}");
        reply
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let reply = self.reply(method, params);
        assert!(reply.get("error").is_none(), "{method}: {reply}");
        reply["result"].clone()
    }

    /// Opens a text, and gives what is told of it.
    fn open(&mut self, uri: &str, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri, "languageId": "who", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.told(uri)
    }

    fn change(&mut self, uri: &str, changes: Value) -> Vec<Value> {
        let document = json!({ "uri": uri, "version": 2 });
        self.tell(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": changes }),
        );
        self.told(uri)
    }

    fn told(&mut self, uri: &str) -> Vec<Value> {
        let told = self.read();
        assert_eq!(told["method"], "textDocument/publishDiagnostics", "{told}");
        assert_eq!(told["params"]["uri"], uri);
        told["params"]["diagnostics"].as_array().unwrap().clone()
    }

    fn at(&mut self, method: &str, uri: &str, line: u64, character: u64) -> Value {
        let place = json!({ "line": line, "character": character });
        self.ask(
            &format!("textDocument/{method}"),
            json!({ "textDocument": { "uri": uri }, "position": place }),
        )
    }

    /// The labels that are offered there.
    fn offered(&mut self, uri: &str, line: u64, character: u64) -> Vec<String> {
        let items = self.at("completion", uri, line, character);
        let items = items.as_array().unwrap().clone();
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.child.wait().unwrap().success());
    }
}

fn range(line: u64, from: u64, to: u64) -> Value {
    json!({
        "start": { "line": line, "character": from },
        "end": { "line": line, "character": to },
    })
}

const FILE: &str = "file:///winback.who";

#[test]
fn a_session_checks_offers_shows_and_lays_out() {
    let home = shop();
    let made = ["query", "--data", "shop", "create audience buyers is people who did order"];
    let made = piped(home.path(), &made, "");
    assert!(made.status.success(), "{}", problem(&made));
    let mut editor = Editor::new(home.path(), "shop");

    let told =
        editor.open(FILE, "-- é😀\ncount people who did ordr in last 3 days;\ncount people a =");
    assert_eq!(told.len(), 2, "{told:?}");
    let unknown = told.iter().find(|found| found["code"] == "E0102").unwrap();
    assert_eq!(unknown["range"], range(1, 21, 25));
    assert!(unknown["message"].as_str().unwrap().contains("did you mean `order`"), "{unknown}");
    assert!(
        told.iter().any(|found| found["code"] == "E0001" && found["range"]["start"]["line"] == 2)
    );

    let mended = json!([
        { "range": range(1, 21, 25), "text": "order" },
        { "range": range(2, 0, 16), "text": "count people who did " },
    ]);
    let told = editor.change(FILE, mended);
    assert_eq!(told.len(), 1, "{told:?}");
    let events = editor.offered(FILE, 2, 21);
    assert!(
        events.contains(&"order".to_owned()) && events.contains(&"not".to_owned()),
        "{events:?}"
    );
    assert!(!events.contains(&"buyers".to_owned()), "{events:?}");

    editor.change(FILE, json!([{ "text": "count people in audience b" }]));
    assert_eq!(editor.offered(FILE, 0, 26), ["buyers"]);
    editor.change(FILE, json!([{ "text": "count people who did order in last 3 d" }]));
    assert_eq!(editor.offered(FILE, 0, 38), ["days"]);
    editor.change(FILE, json!([{ "text": "total sum(order." }]));
    assert!(!editor.offered(FILE, 0, 16).is_empty());

    editor.change(FILE, json!([{ "text": "count people who did order in audience buyers" }]));
    let hover = editor.at("hover", FILE, 0, 23);
    let shown = hover["contents"]["value"].as_str().unwrap();
    assert!(shown.contains("**event** `order`") && shown.contains("- events: "), "{shown}");
    let hover = editor.at("hover", FILE, 0, 41);
    let shown = hover["contents"]["value"].as_str().unwrap();
    assert!(shown.contains("**audience** `buyers`") && shown.contains("- people: "), "{shown}");
    assert_eq!(editor.at("hover", FILE, 0, 15), Value::Null);

    let told = editor.change(FILE, json!([{ "text": "count  people did order in last 3d" }]));
    assert!(told.is_empty(), "{told:?}");
    let edits = editor.ask("textDocument/formatting", json!({ "textDocument": { "uri": FILE } }));
    assert_eq!(edits[0]["newText"], "count people who did order in last 3 days;\n");
    assert_eq!(edits[0]["range"], range(0, 0, 34));
    editor.end();
}

#[test]
fn names_are_found_and_renamed_in_all_open_texts() {
    let home = tempfile::tempdir().unwrap();
    let mut editor = Editor::new(home.path(), "none");
    let other = "file:///other.who";
    let text = "create trait spent is sum(order.total);\n\
                create audience 😀\"big ones\" is people whose spent > 3;\n\
                count people in audience \"big ones\" and not spent = 1 and x.spent = 2";
    editor.open(FILE, &text.replace('😀', ""));
    editor.open(other, "verify audience \"big ones\"; list \"big ones\" of everyone");
    let found = editor.at("definition", other, 0, 20);
    assert_eq!(found, json!({ "uri": FILE, "range": range(1, 16, 26) }));
    let found = editor.at("definition", FILE, 1, 45);
    assert_eq!(found["range"], range(0, 13, 18));

    let rename = |line: u64, character: u64, name: &str| {
        json!({
            "textDocument": { "uri": FILE },
            "position": { "line": line, "character": character },
            "newName": name,
        })
    };
    let edits = editor.ask("textDocument/rename", rename(1, 18, "large"));
    let of_other = edits["changes"][other].as_array().unwrap();
    assert_eq!(of_other, &[json!({ "range": range(0, 16, 26), "newText": "large" })]);
    assert_eq!(edits["changes"][FILE].as_array().unwrap().len(), 2);
    let edits = editor.ask("textDocument/rename", rename(0, 14, "paid in all"));
    let texts = edits["changes"][FILE].as_array().unwrap();
    assert_eq!(texts.len(), 3, "{edits}");
    assert!(texts.iter().all(|edit| edit["newText"] == "`paid in all`"));
    let refused = editor.reply("textDocument/rename", rename(0, 30, "x"));
    assert_eq!(refused["error"]["code"], -32602);

    let symbols =
        editor.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": FILE } }));
    let names: Vec<&str> =
        symbols.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["spent", "big ones"]);
    editor.end();
}

#[test]
fn what_an_open_text_defines_is_known_in_the_others() {
    let home = shop();
    let _serving = Serving::new(home.path(), &[]);
    let mut editor = Editor::new(home.path(), "shop");
    let told = editor.open(FILE, "create audience first_ones is people who did order once;");
    assert!(told.is_empty(), "{told:?}");
    let told = editor.open(
        "file:///b.who",
        "count people in audience first_ones;\ncount people in audience none_such",
    );
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["code"], &told[0]["range"]), (&json!("E0104"), &range(1, 25, 34)));
    editor.end();
}

#[test]
fn bad_messages_are_answered_and_forgotten() {
    let home = tempfile::tempdir().unwrap();
    let mut editor = Editor::new(home.path(), "none");
    for (body, code) in [
        ("not json", -32700),
        ("{}", -32600),
        ("[]", -32600),
        ("", -32700),
        (r#"{"id":7,"method":"no/such"}"#, -32601),
        (r#"{"id":7,"method":"textDocument/hover"}"#, -32602),
        (r#"{"id":7,"method":"textDocument/hover","params":[1,2]}"#, -32602),
        (r#"{"id":{},"method":5}"#, -32600),
    ] {
        editor.send(body);
        let reply = editor.read();
        assert_eq!(reply["error"]["code"], code, "{body}: {reply}");
    }
    for (method, params) in [
        ("textDocument/didChange", json!({ "contentChanges": 3 })),
        (
            "textDocument/didChange",
            json!({ "textDocument": { "uri": "x" }, "contentChanges": [{}] }),
        ),
        ("textDocument/didOpen", json!("x")),
        ("textDocument/didClose", Value::Null),
        ("$/cancelRequest", json!({ "id": 1 })),
    ] {
        editor.tell(method, params);
    }
    editor.input.write_all(b"Nonsense\r\nContent-Length: x\r\n\r\n").unwrap();
    assert_eq!(editor.read()["error"]["code"], -32700);
    let odd = json!([{ "range": { "start": {}, "end": { "line": 9_999, "character": -3 } }, "text": "count everyone" }]);
    editor.open(FILE, "nonsense\u{0} (((");
    assert!(editor.change(FILE, odd).is_empty());
    editor.end();
}
