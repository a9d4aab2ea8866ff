//! A mapping drafted from the head of a file, to be edited.

use super::guess::{Guess, squeezed};
use super::mapping::Encoding;
use super::sample::{Column, Sample};
use crate::model::{Value, agreeing};
use crate::wire::out::json_of_value;

/// A mapping for the file that begins so, with what could be guessed: the
/// delimiter, types, identifiers, a format of time. It says what to look at.
///
/// ```
/// use throng::wire::csv::{Mapping, draft};
/// let drafted = draft(b"customer_id;date;amount\n7;31.12.2025 08:00;12,50\n");
/// assert!(drafted.contains(r#"delimiter = ";""#));
/// assert!(drafted.contains(r#"format = "%d.%m.%Y %H:%M""#));
/// Mapping::from_toml(&drafted).unwrap();
/// ```
pub fn draft(head: &[u8]) -> String {
    let sample = Sample::of(head);
    let names = names(&sample);
    let is_list = is_list_of_people(&sample, &names);
    let time = sample.time().filter(|_| !is_list);
    let mut lines = vec![
        "# A draft: look at what became of each column. docs/import.md says what can be written."
            .to_owned(),
    ];
    lines.extend(file_lines(&sample));
    lines.extend(time_lines(time));
    lines.extend(message_id_lines(&sample, is_list));
    lines.extend(name_lines(&names));
    lines.extend(call_lines(&sample, &names, time, is_list));
    lines.extend(consent_lines(&sample));
    lines.push(String::new());
    lines.join("\n")
}

/// Names that identifiers go by, the likely ones first.
const NAMES: [(&str, &[&str]); 6] = [
    (
        "user_id",
        &[
            "userid",
            "customerid",
            "clientid",
            "memberid",
            "personid",
            "custid",
            "customerno",
            "customernumber",
            "uniqueid",
            "recid",
            "user",
            "customer",
            "id",
        ],
    ),
    ("email", &["email", "emailaddress", "mail", "customeremail", "useremail"]),
    ("phone", &["phone", "phonenumber", "mobile", "mobilenumber", "telephone", "tel"]),
    ("loyalty_id", &["loyaltyid", "loyaltycard", "loyaltynumber", "cardnumber", "cardid"]),
    ("anonymous_id", &["anonymousid", "visitorid", "anonid", "clientuuid"]),
    ("device_id", &["deviceid"]),
];

type Names<'a> = Vec<(&'static str, &'a Column)>;

fn names(sample: &Sample) -> Names<'_> {
    let called = |known: &[&str]| sample.called(known);
    NAMES.iter().filter_map(|(namespace, known)| Some((*namespace, called(known)?))).collect()
}

/// A list of people has one row for each of them, or tells no time.
fn is_list_of_people(sample: &Sample, names: &Names<'_>) -> bool {
    let is_key = |column: &Column| column.n_distinct == column.n_known && column.n_known > 0;
    let reachable = names.iter().any(|(namespace, _)| matches!(*namespace, "email" | "phone"));
    let one_each = names.first().is_some_and(|(_, column)| is_key(column));
    sample.time().is_none() || (one_each && reachable)
}

fn file_lines(sample: &Sample) -> Vec<String> {
    let mut lines = Vec::new();
    match sample.delimiter {
        b',' => {}
        b'\t' => lines.push("delimiter = \"tab\"".to_owned()),
        other => lines.push(format!("delimiter = \"{}\"", char::from(other))),
    }
    if sample.encoding == Encoding::Latin1 {
        lines.push("encoding = \"latin-1\"".to_owned());
    }
    lines
}

fn time_lines(time: Option<&Column>) -> Vec<String> {
    let Some(column) = time else {
        let why = "# Without `time = \"COLUMN\"` a row counts from when it is imported.";
        return vec![why.to_owned()];
    };
    let (format, other) = match &column.guess {
        Guess::Instant(format, other) => (*format, *other),
        Guess::Date(format, other) => (format.unwrap_or("%Y-%m-%d"), *other),
        _ => ("rfc3339", None),
    };
    let zone = if matches!(format, "rfc3339" | "unix" | "unix_ms") || format.contains("%z") {
        ""
    } else {
        ", zone = \"UTC\""
    };
    let mut lines = Vec::new();
    lines.extend(other.map(|other| format!("# Day and month may be the other way round: {other}")));
    lines.extend(
        odd(column).map(|odd| format!("# {odd}: such rows are rejected until it is mended.")),
    );
    let name = quoted(&column.name);
    lines.push(format!("time = {{ column = {name}, format = {}{zone} }}", quoted(format)));
    lines
}

fn message_id_lines(sample: &Sample, is_list: bool) -> Vec<String> {
    if is_list {
        return Vec::new();
    }
    let known = ["messageid", "eventid", "orderid", "invoiceno", "invoiceid", "transactionid"];
    let columns = sample
        .called(&known)
        .map_or(String::new(), |column| format!("columns = [{}], ", quoted(&column.name)));
    vec![
        "# A row that was imported counts once. Another file with the same numbers needs a `prefix`."
            .to_owned(),
        format!("message_id = {{ {columns}row = true }}"),
    ]
}

fn name_lines(names: &Names<'_>) -> Vec<String> {
    let mut lines = vec![String::new(), "[identifiers]".to_owned()];
    if names.is_empty() {
        lines.push(
            "# No column looks like an identifier; without one every row is rejected.".to_owned(),
        );
        lines.push("# user_id = \"COLUMN\"".to_owned());
    }
    let named = names.iter();
    lines
        .extend(named.map(|(namespace, column)| format!("{namespace} = {}", quoted(&column.name))));
    lines
}

fn call_lines(
    sample: &Sample,
    names: &Names<'_>,
    time: Option<&Column>,
    is_list: bool,
) -> Vec<String> {
    let mut lines = vec![String::new(), "[[call]]".to_owned()];
    let event = sample.called(&["event", "eventname", "eventtype", "action"]);
    let (kind, table) = if is_list { ("identify", "traits") } else { ("track", "properties") };
    lines.push(format!("type = \"{kind}\""));
    match event {
        _ if is_list => {}
        Some(column) => lines.push(format!("event = {{ column = {} }}", quoted(&column.name))),
        None => lines.push("event = \"order\"  # what a row tells of".to_owned()),
    }
    lines.extend([String::new(), format!("[call.{table}]")]);
    let is_used = |column: &Column| {
        let is = |other: Option<&Column>| other.is_some_and(|other| std::ptr::eq(other, column));
        is(time) || is(event.filter(|_| !is_list)) || names.iter().any(|(_, named)| is(Some(named)))
    };
    for name in &sample.repeated {
        let name = quoted(name);
        lines.push(format!(
            "# Several columns are called {name}: name them apart, or set header = false and `columns`."
        ));
    }
    let mut keys = Vec::new();
    for column in sample.columns.iter().filter(|column| !is_used(column)) {
        let key = key(&column.name);
        let repeated = if keys.contains(&key) { "# " } else { "" };
        match odd(column) {
            // As text every row has it, whatever it is.
            Some(odd) => {
                let name = quoted(&column.name);
                lines.push(format!("{repeated}{key} = {name}  # {odd}: it is read as text"));
            }
            None => lines.push(format!("{repeated}{key} = {}", value(column))),
        }
        keys.push(key);
    }
    lines
}

/// Consent is for a person to decide on: the lines stay comments until then.
fn consent_lines(sample: &Sample) -> Vec<String> {
    let speaks = |column: &&Column| {
        let name = squeezed(&column.name);
        ["optin", "consent", "newsletter"].iter().any(|word| name.contains(word))
    };
    let Some(column) = sample.columns.iter().find(speaks) else { return Vec::new() };
    vec![
        String::new(),
        "# If this column is a consent, say for what:".to_owned(),
        "# [[call]]".to_owned(),
        "# type = \"consent\"".to_owned(),
        "# purpose = \"email\"".to_owned(),
        format!("# granted = {{ column = {} }}", quoted(&column.name)),
    ]
}

/// What is said of a column of times in which some cells are none.
fn odd(column: &Column) -> Option<String> {
    let first: String = column.odd.first()?.chars().take(40).collect();
    let (odd, all) = (column.odd.len(), column.n_known);
    let are = agreeing(odd as u64, "is", "are");
    Some(format!("{odd} of {all} cells {are} written otherwise, like {}", quoted(&first)))
}

fn value(column: &Column) -> String {
    let name = quoted(&column.name);
    let typed = |rest: String| format!("{{ column = {name}, {rest} }}");
    match &column.guess {
        Guess::Text => name,
        Guess::Number => typed("type = \"number\"".into()),
        Guess::CommaNumber => typed("type = \"number\", decimal = \",\"".into()),
        Guess::Bool => typed("type = \"bool\"".into()),
        Guess::Instant("rfc3339", _) | Guess::Date(None, _) => match column.guess {
            Guess::Date(..) => typed("type = \"date\"".into()),
            _ => typed("type = \"instant\"".into()),
        },
        Guess::Instant(format, _) => {
            typed(format!("type = \"instant\", format = {}", quoted(format)))
        }
        Guess::Date(Some(format), _) => {
            typed(format!("type = \"date\", format = {}", quoted(format)))
        }
    }
}

/// A column's name as a key: lower case, its words parted by `_`.
fn key(name: &str) -> String {
    let mut key = String::new();
    let mut was_lower = false;
    for letter in name.trim().chars() {
        let starts_word = was_lower && letter.is_uppercase();
        if (starts_word || !letter.is_alphanumeric()) && !key.ends_with('_') {
            key.push('_');
        }
        was_lower = letter.is_lowercase();
        key.extend(letter.is_alphanumeric().then(|| letter.to_lowercase()).into_iter().flatten());
    }
    match key.trim_matches('_') {
        "" => "\"column\"".into(),
        key if key.is_ascii() => key.to_owned(),
        key => quoted(key),
    }
}

/// Text in quotes; what JSON escapes is escaped alike in TOML, but for DEL.
fn quoted(text: &str) -> String {
    json_of_value(&Value::Text(text.into())).replace('\u{7F}', "\\u007F")
}
