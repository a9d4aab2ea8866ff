//! A play: lines that call, ask and let time pass, and what is seen after each.
//!
//! - `at INSTANT` lets time pass.
//! - `track NAMESPACE:VALUE ... EVENT key=value ...` is a call, and so are
//!   `page`, `screen`, `identify`, `group ... GROUP`, `alias ... PREVIOUS` and
//!   `consent ... PURPOSE yes`; each may end with `when INSTANT`, `until
//!   INSTANT` (of a consent), `id MESSAGE`, `source NAME`, `ord NUMBER`. A
//!   value is JSON, else text.
//! - Every other line is the language's; lines that stand together are one program.
//!   A comment in it, `-- --param NAME=VALUE`, gives the value of a parameter.
//!
//! After each of them comes who entered and left which audience.

use std::collections::BTreeMap;
use std::time::Duration;

use throng::engine::{Answer, Change, Param, Params, Subscription, Throng};
use throng::model::{Call, Identifier, Ordinal, ProfileId, Value};
use throng::query::{Crowd, Reference, Rows, why};
use throng::state::View;
use throng::store::Cause;
use throng::wire::{Defaults, Incoming, calls_of_json, json_of_value};

/// A database, the audiences that are followed, and how people were last called.
pub struct Play {
    throng: Throng,
    followed: BTreeMap<String, Subscription>,
    names: BTreeMap<ProfileId, String>,
}

impl Play {
    /// A database of its own, whose clock is given.
    pub fn new() -> Play {
        let throng = Throng::temporary().unwrap();
        Play { throng, followed: BTreeMap::new(), names: BTreeMap::new() }
    }

    /// Runs lines and programs, and says what came of them.
    #[allow(dead_code, reason = "the documents hold the language alone")]
    pub fn run(&mut self, text: &str) -> String {
        let mut seen = String::new();
        let mut program = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if is_act(line) {
                self.ask(&std::mem::take(&mut program), &mut seen);
                self.act(line, &mut seen);
            } else {
                program.push_str(line);
                program.push('\n');
            }
        }
        self.ask(&program, &mut seen);
        seen
    }

    /// Takes calls in, each line a call as the wire has it, at one commit time.
    #[allow(dead_code, reason = "the documents begin with a file, the scripts do not")]
    pub fn import(&mut self, lines: &str, at: &str) {
        let at = at.parse().unwrap();
        let calls = lines.lines().map(|line| call_of(line).unwrap_or_else(|why| panic!("{why}")));
        let time = throng::engine::CommitTime::At(at);
        let receipt = self.throng.ingest_at(calls.collect(), time, false).unwrap();
        assert_eq!(receipt.refused, []);
    }

    /// The same where some may be refused or known; says what became of them.
    #[allow(dead_code, reason = "the scripts see that themselves")]
    pub fn receive(&mut self, lines: &str, at: &str) -> String {
        let calls = lines.lines().map(|line| call_of(line).unwrap_or_else(|why| panic!("{why}")));
        let time = throng::engine::CommitTime::At(at.parse().unwrap());
        let receipt = self.throng.ingest_at(calls.collect(), time, false).unwrap();
        let conflicting = receipt.conflicting.len() as u64;
        let counts = [
            (receipt.accepted, "accepted"),
            (receipt.duplicates, "known"),
            (conflicting, "known with another content"),
            (receipt.refused.len() as u64, "refused"),
        ];
        let said: Vec<String> = counts
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{n} {what}"))
            .collect();
        let mut seen = format!("{}\n", said.join(", "));
        receipt.refused.iter().for_each(|(_, refused)| add(&mut seen, &refused.to_string()));
        seen
    }

    /// What a program is answered, alone.
    #[allow(dead_code, reason = "the scripts look on, the documents do not")]
    pub fn answers(&mut self, program: &str) -> String {
        let mut seen = String::new();
        self.answer(program, &mut seen);
        seen
    }

    fn act(&mut self, line: &str, seen: &mut String) {
        match line.strip_prefix("at ") {
            Some(at) => match at.trim().parse() {
                Ok(at) => note(seen, self.throng.advance_to(at).err()),
                Err(error) => note(seen, Some(error)),
            },
            None => self.call(line, seen),
        }
        self.look(seen);
    }

    fn call(&mut self, line: &str, seen: &mut String) {
        let receipt = match json_of_line(line).and_then(|json| call_of(&json)) {
            Ok(call) => self.throng.ingest(vec![call]).unwrap(),
            Err(wrong) => return note(seen, Some(wrong)),
        };
        for (_, refused) in &receipt.refused {
            add(seen, &format!("refused, {}: {refused}", refused.reason()));
        }
        if receipt.duplicates > 0 {
            add(seen, "a duplicate: it counts once");
        }
        if !receipt.conflicting.is_empty() {
            add(seen, "a conflicting duplicate: the content accepted first stays");
        }
    }

    fn ask(&mut self, program: &str, seen: &mut String) {
        if program.trim().is_empty() {
            return;
        }
        let before = self.throng.view().unwrap().lsn().0;
        self.answer(program, seen);
        self.follow(before + 1);
        self.look(seen);
    }

    fn answer(&self, program: &str, seen: &mut String) {
        match self.throng.query_with(program.trim_end(), params(program)) {
            Ok(answers) => {
                answers.warnings.iter().for_each(|warning| add(seen, warning));
                answers.answers.iter().for_each(|answer| add(seen, &shown(answer)));
            }
            Err(error) => note(seen, Some(error)),
        }
    }

    /// Follows every audience from its first record on, and no longer those that were dropped.
    fn follow(&mut self, from: u64) {
        let view = self.throng.view().unwrap();
        let names: Vec<String> = view.catalog().audiences().map(|it| it.name.to_string()).collect();
        self.followed.retain(|name, _| names.contains(name));
        for name in names {
            let subscribe = || self.throng.subscribe(&name, Some(from)).unwrap();
            self.followed.entry(name.clone()).or_insert_with(subscribe);
        }
    }

    /// What the subscriptions have to tell.
    fn look(&mut self, seen: &mut String) {
        let view = self.throng.view().unwrap();
        let now: BTreeMap<ProfileId, String> =
            view.alive().iter().map(|seat| (ProfileId(seat.0), name_of(&view, seat))).collect();
        for (audience, subscription) in &mut self.followed {
            while let Some(change) = subscription.next(Duration::ZERO).unwrap() {
                let name = match now.get(&change.profile).or(self.names.get(&change.profile)) {
                    Some(name) if change.cause != Cause::Forgotten => name.clone(),
                    _ => change.profile.to_string(),
                };
                add(seen, &told(&view, audience, &name, &change));
            }
        }
        self.names = now;
    }
}

/// The values that a program gives in comments.
fn params(program: &str) -> Params {
    let lines = program.lines();
    let given = lines.filter_map(|line| line.split_once("-- --param ")?.1.split_once('='));
    let read = |params: Params, (name, value)| params.with(name, Param::read(value).unwrap());
    given.fold(Params::new(), read)
}

/// One change as a line: who, which way, until when or since when, and why if
/// neither a call nor time did it.
fn told(view: &View, audience: &str, name: &str, change: &Change) -> String {
    let mut line = format!("{name} {} {audience}", if change.entered { "entered" } else { "left" });
    if change.at != change.committed {
        line += &format!(" at {}", change.at);
    }
    if let Some(until) = until(view, audience, change) {
        line += &format!(", until {until}");
    }
    if !matches!(change.cause, Cause::Event | Cause::Time) {
        line += &format!(" ({})", format!("{:?}", change.cause).to_lowercase());
    }
    line
}

/// When a member leaves, if nothing happens.
fn until(view: &View, audience: &str, change: &Change) -> Option<throng::model::Timestamp> {
    let audience = view.catalog().audience(audience)?;
    if !view.members(&audience.name)?.contains(Ordinal(change.profile.0)) || !change.entered {
        return None;
    }
    let mut until = None;
    view.one(&Reference::Profile(change.profile), view.at(), &mut |person| {
        until = why::changes_at(&audience.condition, person, view.at());
    })
    .unwrap();
    until
}

/// How a person is called: by the user id or the email, else as first seen.
fn name_of(view: &View, seat: Ordinal) -> String {
    let names = view.identifiers(seat);
    let of = |namespace: &str| names.iter().find(|name| &*name.namespace == namespace);
    let name = of("user_id").or_else(|| of("email")).or(names.first());
    name.map_or_else(|| ProfileId(seat.0).to_string(), Identifier::to_string)
}

/// A line that calls or lets time pass; all others are the language's.
fn is_act(line: &str) -> bool {
    let verbs = ["at", "track", "page", "screen", "identify", "group", "alias", "consent"];
    line.split_once(' ').is_some_and(|(verb, rest)| verbs.contains(&verb) && !rest.is_empty())
}

fn call_of(json: &str) -> Result<Call, String> {
    match calls_of_json(json.as_bytes(), &Defaults::file("import")) {
        Ok(Incoming::Call(call)) => Ok(call),
        Ok(Incoming::Forget(_)) => Err("forget is a statement here".to_owned()),
        Err(reject) => Err(format!("{}; {}", reject.message, reject.remedy)),
    }
}

/// A call as the wire has it, of a line of words.
fn json_of_line(line: &str) -> Result<String, String> {
    let words = words(line);
    let (verb, mut rest) = (words[0].as_str(), &words[1..]);
    let mut call: BTreeMap<&str, String> = BTreeMap::from([("type", quoted(verb))]);
    let mut names = Names::default();
    while let Some((namespace, value)) = rest.first().and_then(|word| identifier(word)) {
        names.add(namespace, value);
        rest = &rest[1..];
    }
    let subject: &[&'static str] = match verb {
        "track" => &["event"],
        "group" => &["groupId"],
        "alias" => &["previousId"],
        "consent" => &["purpose", "granted"],
        _ => &[],
    };
    for key in subject {
        let (word, after) = rest.split_first().ok_or_else(|| format!("`{verb}` needs {key}"))?;
        let yes = word == "yes";
        call.insert(key, if *key == "granted" { yes.to_string() } else { quoted(unquoted(word)) });
        rest = after;
    }
    let mut fields: Vec<String> = Vec::new();
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        let key = match word.as_str() {
            "when" => "timestamp",
            "until" => "expiresAt",
            "id" => "messageId",
            "source" => "source",
            "ord" => "ord",
            _ => {
                let (key, value) =
                    word.split_once('=').ok_or_else(|| format!("what is `{word}`?"))?;
                fields.push(format!("{}:{}", quoted(key), json(value)));
                continue;
            }
        };
        let (value, after) = rest.split_first().ok_or_else(|| format!("`{word}` needs a value"))?;
        call.insert(key, if key == "ord" { value.clone() } else { quoted(value) });
        rest = after;
    }
    let holder = if matches!(verb, "identify" | "group") { "traits" } else { "properties" };
    call.insert(holder, format!("{{{}}}", fields.join(",")));
    names.put(&mut call);
    Ok(object(&call))
}

/// The identifiers of a call, where the wire has them.
#[derive(Default)]
struct Names {
    top: Vec<(&'static str, String)>,
    traits: Vec<String>,
    context: Vec<String>,
    external: Vec<String>,
}

impl Names {
    fn add(&mut self, namespace: &str, value: &str) {
        match namespace {
            "user_id" => self.top.push(("userId", quoted(value))),
            "anonymous_id" => self.top.push(("anonymousId", quoted(value))),
            "email" | "phone" => {
                self.traits.push(format!("{}:{}", quoted(namespace), quoted(value)))
            }
            "device_id" => self.context.push(format!("\"device\":{{\"id\":{}}}", quoted(value))),
            other => self.external.push(format!(
                "{{\"type\":{},\"id\":{}}}",
                quoted(other),
                quoted(value)
            )),
        }
    }

    fn put(mut self, call: &mut BTreeMap<&str, String>) {
        if !self.traits.is_empty() {
            self.context.push(format!("\"traits\":{{{}}}", self.traits.join(",")));
        }
        if !self.external.is_empty() {
            self.context.push(format!("\"externalIds\":[{}]", self.external.join(",")));
        }
        call.insert("context", format!("{{{}}}", self.context.join(",")));
        call.extend(self.top);
    }
}

fn object(fields: &BTreeMap<&str, String>) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(key, value)| format!("{}:{value}", quoted(key))).collect();
    format!("{{{}}}", fields.join(","))
}

/// `namespace:value`.
fn identifier(word: &str) -> Option<(&str, &str)> {
    let (namespace, value) = word.split_once(':')?;
    let named = namespace.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    (named && !namespace.is_empty()).then_some((namespace, value))
}

/// A value as JSON: as it is where it is JSON, else as text.
fn json(value: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(value) {
        Ok(_) => value.to_owned(),
        Err(_) => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn unquoted(word: &str) -> &str {
    word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word)
}

/// The words of a line: blanks inside quotes and brackets do not part.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut inside, mut depth) = (false, 0);
    for c in line.chars() {
        match c {
            '"' => inside = !inside,
            '[' | '{' if !inside => depth += 1,
            ']' | '}' if !inside => depth -= 1,
            _ => {}
        }
        if c == ' ' && !inside && depth == 0 {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        } else {
            word.push(c);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// An answer; that something new is there now goes without saying.
fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Rows(rows) => table(rows),
        Answer::Done(done) if done.ends_with(" created") || done.contains(" declared") => {
            String::new()
        }
        Answer::Text(text) | Answer::Done(text) => text.clone(),
    }
}

/// A small table: columns two blanks apart, numbers to the right.
fn table(rows: &Rows) -> String {
    let cells: Vec<Vec<String>> =
        rows.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let widths: Vec<usize> = (0..rows.columns.len())
        .map(|at| {
            let below = cells.iter().map(|row| row[at].chars().count());
            below.chain([rows.columns[at].chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let right: Vec<bool> = (0..widths.len())
        .map(|at| {
            let column = || rows.rows.iter().map(|row| &row[at]);
            column().all(|value| matches!(value, Value::Number(_) | Value::Null))
                && column().any(|value| !value.is_null())
        })
        .collect();
    let line = |row: &[String]| {
        let cells = row.iter().zip(&widths).zip(&right).map(|((cell, width), right)| match right {
            true => format!("{cell:>width$}"),
            false => format!("{cell:<width$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let lines: Vec<String> =
        std::iter::once(&rows.columns).chain(&cells).map(|row| line(row)).collect();
    lines.join("\n")
}

fn cell(value: &Value) -> String {
    match value {
        Value::Text(text) => text.replace('\n', "\\n"),
        Value::Instant(at) => at.to_string(),
        Value::Date(day) => day.to_string(),
        other => json_of_value(other),
    }
}

fn add(seen: &mut String, text: &str) {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        seen.push_str(line.trim_end());
        seen.push('\n');
    }
}

fn note(seen: &mut String, problem: Option<impl ToString>) {
    if let Some(problem) = problem {
        add(seen, &problem.to_string());
    }
}
