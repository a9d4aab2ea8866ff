//! A shop that has seen a few people, and answers as text.

use crate::lang::{Diagnostic, parse};
use crate::model::{Body, Event, EventId, IdentifierNumber, Object, Text, Timestamp, Value};
use crate::query::Rows;
use crate::query::catalog::Catalog;
use crate::query::describe::{describe, show};
use crate::query::explain::explain;
use crate::query::resolve::{Explanation, Resolved, check};

/// When everything in these tests is asked.
pub(crate) fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn object(fields: Vec<(&str, Value)>) -> Object {
    let fields = fields.into_iter().map(|(key, value)| (Text::from(key), value));
    Object::new(fields.collect()).unwrap()
}

pub(crate) fn call(body: Body, minutes_ago: i64) -> Event {
    let when = now().plus_ms(-minutes_ago * 60_000);
    Event {
        when,
        received: when,
        ord: 0,
        id: EventId(1),
        origin: IdentifierNumber(1),
        source: "shop".into(),
        channel: None,
        body,
        context: object(vec![("campaign", Value::Object(object(vec![("name", "spring".into())])))]),
    }
}

pub(crate) fn track(event: &str, properties: Vec<(&str, Value)>) -> Body {
    Body::Track { event: event.into(), properties: object(properties) }
}

fn item(category: &str, price: i64) -> Value {
    let fields =
        vec![("category", category.into()), ("price", price.into()), ("quantity", 2.into())];
    Value::Object(object(fields))
}

/// Orders with items and tags, visits, a rare name with a space, some people.
pub(crate) fn shop() -> Catalog {
    let mut catalog = Catalog::default();
    for n in 0..1_200 {
        let items = Value::List(vec![item("shoes", n), item("hats", 3)]);
        let tags = Value::List(vec!["new".into(), "gift".into()]);
        let mut fields = vec![
            ("total", if n < 40 { "12".into() } else { n.into() }),
            ("currency", "EUR".into()),
            ("items", items),
            ("tags", tags),
            ("shipped", "2026-02-01".into()),
        ];
        if n % 3 == 0 {
            fields.push(("voucher", "SPRING".into()));
        }
        catalog.note(&call(track("order", fields), 2 + n));
    }
    for name in ["visit", "added_to_cart", "Order Completed", "login"] {
        catalog.note(&call(track(name, vec![("path", "/".into())]), 60 * 24 * 3));
    }
    for n in 0..30 {
        let traits = object(vec![
            ("country", if n % 2 == 0 { "SK" } else { "CZ" }.into()),
            ("age", (20 + n).into()),
            ("interests", Value::List(vec!["running".into()])),
            ("address", Value::Object(object(vec![("city", "Brno".into())]))),
            ("trial_ends_at", "2026-04-01T00:00:00Z".into()),
        ]);
        catalog.note(&call(Body::Identify { traits }, n));
    }

    define(&mut catalog, "declare attribute birthday: date");
    define(&mut catalog, "declare attribute paid_until: instant");
    define(&mut catalog, "declare event order.shipped_at: instant");
    define(&mut catalog, "declare event session.app: version");
    catalog
}

/// Runs definitions that must be right.
pub(crate) fn define(catalog: &mut Catalog, text: &str) {
    for statement in parse(text).statements {
        if let Err(found) = catalog.define(&statement, now()) {
            panic!("{}", pictures(text, &found));
        }
    }
}

pub(crate) fn pictures(text: &str, found: &[Diagnostic]) -> String {
    found.iter().map(|found| found.render(text, None)).collect()
}

/// What a text means and what was noticed; a definition is taken into the catalog.
pub(crate) fn answer(catalog: &mut Catalog, text: &str) -> String {
    let parsed = parse(text);
    let mut out = pictures(text, &parsed.diagnostics);
    for statement in &parsed.statements {
        let (resolved, found) = check(statement, catalog, now());
        out += &pictures(text, &found);
        out += &match resolved {
            Some(Resolved::Question { question, .. }) => {
                explain(&Explanation::Question(Box::new(question)), catalog)
            }
            Some(Resolved::Explain(what)) => explain(&what, catalog),
            Some(Resolved::Define(_) | Resolved::Set(_)) => defined(catalog, statement),
            Some(Resolved::Show { shown, like }) => rows(&show(catalog, shown, like.as_deref())),
            Some(Resolved::Describe { kind, name }) => rows(&describe(catalog, kind, &name)),
            Some(other) => format!("{other:?}\n"),
            None => String::new(),
        };
    }
    out
}

/// A table as lines of text.
fn rows(rows: &Rows) -> String {
    let head = rows.columns.join(" | ");
    let lines = rows.rows.iter().map(|row| {
        let cells: Vec<String> = row.iter().map(cell).collect();
        cells.join(" | ")
    });
    std::iter::once(head).chain(lines).map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Bool(bool) => bool.to_string(),
        Value::Instant(at) => at.to_string(),
        Value::List(values) => values.iter().map(cell).collect::<Vec<_>>().join(" "),
        other => format!("{other:?}"),
    }
}

fn defined(catalog: &mut Catalog, statement: &crate::lang::tree::Statement) -> String {
    match catalog.define(statement, now()) {
        Ok(defined) => {
            let changed: Vec<String> = defined
                .changed
                .iter()
                .map(|audience| format!("{} v{}", audience.name, audience.version))
                .collect();
            let changed = if changed.is_empty() {
                String::new()
            } else {
                format!("; {}", changed.join(", "))
            };
            format!("{}{changed}\n", defined.message)
        }
        Err(found) => format!("checked and then refused: {found:?}\n"),
    }
}
