//! A session with an editor: requests answered, texts kept, what is wrong told.

use super::super::database::Database;
use super::ask::Known;
use super::check::Checked;
use super::document::Document;
use super::symbols::{definitions, symbols};
use super::{hover, offer, rename};
use crate::lang;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is kept between messages.
pub(super) struct Session {
    known: Known,
    checked: Checked,
    documents: BTreeMap<String, Document>,
    begun: bool,
    /// `shutdown` came.
    closing: bool,
    ended: Option<bool>,
}

/// Why a request is not answered: a code of JSON-RPC, and words.
type Refusal = (i64, String);

impl Session {
    pub fn new(database: Option<Arc<dyn Database>>) -> Session {
        Session {
            known: Known(database),
            checked: Checked::default(),
            documents: BTreeMap::new(),
            begun: false,
            closing: false,
            ended: None,
        }
    }

    /// Whether it is over, and then whether as agreed.
    pub fn ended(&self) -> Option<bool> {
        self.ended
    }

    /// What is sent in answer to a message.
    pub fn answer(&mut self, body: &[u8]) -> Vec<Value> {
        let Ok(message) = serde_json::from_slice::<Value>(body) else {
            return vec![refused(&Value::Null, (-32700, "this is not JSON".to_owned()))];
        };
        let (id, method) = (&message["id"], message["method"].as_str());
        let is_request = message.get("id").is_some();
        match method {
            // An answer to something that was never asked.
            None if is_request && message.get("result").or(message.get("error")).is_some() => {
                Vec::new()
            }
            None => vec![refused(id, (-32600, "a message needs a method".to_owned()))],
            Some(method) if is_request => vec![match self.request(method, &message["params"]) {
                Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
                Err(refusal) => refused(id, refusal),
            }],
            Some(method) => self.notice(method, &message["params"]),
        }
    }

    fn request(&mut self, method: &str, params: &Value) -> Result<Value, Refusal> {
        match method {
            "initialize" => {
                self.begun = true;
                return Ok(abilities());
            }
            _ if !self.begun => {
                return Err((-32002, "`initialize` comes first".to_owned()));
            }
            _ if self.closing => return Err((-32600, "the server is closing".to_owned())),
            "shutdown" => {
                self.closing = true;
                return Ok(Value::Null);
            }
            _ => {}
        }
        let known = [
            "textDocument/completion",
            "textDocument/hover",
            "textDocument/definition",
            "textDocument/rename",
            "textDocument/documentSymbol",
            "textDocument/formatting",
        ];
        if !known.contains(&method) {
            return Err((-32601, format!("`{method}` is not known")));
        }
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
        let Some(document) = self.documents.get(uri) else {
            return Err((-32602, format!("no open text is called `{uri}`")));
        };
        let byte = document.byte(&params["position"]);
        match method {
            "textDocument/completion" => Ok(offer::completions(document, byte, &self.known).into()),
            "textDocument/hover" => Ok(hover::hover(document, byte, &self.known)),
            "textDocument/documentSymbol" => Ok(symbols(document).into()),
            "textDocument/formatting" => Ok(formatted(document)),
            "textDocument/definition" => Ok(self.definition(document, byte)),
            _ => self.renamed(document, byte, params["newName"].as_str().unwrap_or_default()),
        }
    }

    /// Where what is named there is defined, in this text first.
    fn definition(&self, document: &Document, byte: usize) -> Value {
        let Some(word) = rename::word_at(document, byte) else { return Value::Null };
        let kind = rename::kind_of(document, &word);
        let here = self.documents.iter().filter(|(_, other)| std::ptr::eq(*other, document));
        let others = self.documents.iter().filter(|(_, other)| !std::ptr::eq(*other, document));
        let found = here.chain(others).find_map(|(uri, other)| {
            let span = rename::definition(other, kind, &word.node)?;
            Some(json!({ "uri": uri, "range": other.range(span) }))
        });
        found.unwrap_or(Value::Null)
    }

    fn renamed(&self, document: &Document, byte: usize, name: &str) -> Result<Value, Refusal> {
        let wrong = |message: &str| (-32602, message.to_owned());
        if name.trim().is_empty() || name.contains(['\n', '`', '"']) {
            return Err(wrong("a new name is needed, without quotes and backticks"));
        }
        let word = rename::word_at(document, byte).ok_or_else(|| wrong("no name stands here"))?;
        let all = || self.documents.values().flat_map(|other| definitions(&other.text));
        let wanted = rename::kind_of(document, &word);
        let same = |found: &(&'static str, lang::tree::Name)| found.1.node == word.node;
        let kind =
            all().find(|found| same(found) && Some(found.0) == wanted).or_else(|| all().find(same));
        let Some((kind, _)) = kind else {
            return Err(wrong("no open text defines this; `rename` renames what a database has"));
        };
        let mut changes = Map::new();
        for (uri, other) in &self.documents {
            let edit = |span: &lang::Span| {
                let written = rename::written(other, *span, kind, name);
                json!({ "range": other.range(*span), "newText": written })
            };
            let edits: Vec<Value> =
                rename::uses(other, kind, &word.node).iter().map(edit).collect();
            if !edits.is_empty() {
                changes.insert(uri.clone(), edits.into());
            }
        }
        Ok(json!({ "changes": changes }))
    }

    fn notice(&mut self, method: &str, params: &Value) -> Vec<Value> {
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default().to_owned();
        match method {
            "exit" => self.ended = Some(self.closing),
            "textDocument/didOpen" => {
                if let Some(text) = params["textDocument"]["text"].as_str() {
                    self.documents.insert(uri.clone(), Document::new(text.to_owned()));
                    return self.told(&uri);
                }
            }
            "textDocument/didChange" => {
                let changes = params["contentChanges"].as_array().into_iter().flatten();
                for change in changes {
                    let changed = self.documents.get(&uri).and_then(|it| it.changed(change));
                    changed.map(|changed| self.documents.insert(uri.clone(), changed));
                }
                return self.told(&uri);
            }
            "textDocument/didSave" => {
                self.checked.forget();
                return self.told(&uri);
            }
            "textDocument/didClose" if self.documents.remove(&uri).is_some() => {
                return vec![published(&uri, Vec::new())];
            }
            _ => {}
        }
        Vec::new()
    }

    /// What is wrong with a text.
    fn told(&mut self, uri: &str) -> Vec<Value> {
        let others = self.documents.iter().filter(|(other, _)| *other != uri);
        let others: BTreeSet<String> = others
            .flat_map(|(_, document)| definitions(&document.text))
            .map(|(_, name)| name.node.to_string())
            .collect();
        let Some(document) = self.documents.get(uri) else { return Vec::new() };
        vec![published(uri, self.checked.told(document, &self.known, &others))]
    }
}

fn published(uri: &str, diagnostics: Vec<Value>) -> Value {
    json!({
        "jsonrpc": "2.0",
        "method": "textDocument/publishDiagnostics",
        "params": { "uri": uri, "diagnostics": diagnostics },
    })
}

fn refused(id: &Value, (code, message): Refusal) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

/// One edit, if the text has no errors and is not laid out already.
fn formatted(document: &Document) -> Value {
    match lang::format(&document.text) {
        Ok(laid) if laid != document.text => {
            json!([{ "range": document.whole(), "newText": laid }])
        }
        _ => json!([]),
    }
}

fn abilities() -> Value {
    json!({
        "serverInfo": { "name": "throng", "version": env!("CARGO_PKG_VERSION") },
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": { "openClose": true, "change": 2, "save": true },
            "completionProvider": { "triggerCharacters": [".", " ", "("] },
            "hoverProvider": true,
            "definitionProvider": true,
            "renameProvider": true,
            "documentSymbolProvider": true,
            "documentFormattingProvider": true,
        },
    })
}
