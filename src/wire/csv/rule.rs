//! Rules: the call that a row makes, and the rows that make it.

use super::cell::Field;
use super::condition::Condition;
use super::mapping::{Column, Columns};
use super::node::{Fields, Node, Read};
use super::time::Time;
use crate::lang::nearest;
use crate::model::Text;
use crate::model::limits::{LEAVES_PER_EVENT_MAX, NAME_BYTES_MAX};

/// Which columns name the person, by namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names(pub Vec<(Text, Column)>);

/// A call that rows make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub when: Option<Condition>,
    pub time: Option<Time>,
    pub names: Option<Names>,
    pub channel: Option<Said>,
    pub says: Says,
}

/// A text that is always the same, or stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Always(Text),
    Cell(Column),
}

/// An event's name, and the rows that it is the name for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub when: Option<Condition>,
    pub name: Said,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Track { event: Vec<Choice>, properties: Vec<Field> },
    Identify { traits: Vec<Field> },
    Group { group: Said, traits: Vec<Field> },
    Consent { purpose: Said, granted: Granted, expires: Option<Time> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Granted {
    Always(bool),
    Cell(Column),
}

const COMMON: [&str; 5] = ["type", "when", "time", "identifiers", "channel"];
const KINDS: [(&str, &[&str]); 4] = [
    ("track", &["event", "properties"]),
    ("identify", &["traits"]),
    ("group", &["group_id", "traits"]),
    ("consent", &["purpose", "granted", "expires_at"]),
];

impl Rule {
    pub(super) fn read(node: &Node<'_>, columns: &mut Columns) -> Read<Rule> {
        let (kind, own) = kind(node)?;
        let allowed: Vec<&str> = COMMON.iter().chain(own).copied().collect();
        let fields = node.clone().fields(&allowed)?;
        let when = fields.get("when").map(|node| Condition::read(&node, columns));
        let time = fields.get("time").map(|node| Time::read(&node, columns));
        let names = fields.get("identifiers").map(|node| Names::read(&node, columns));
        let channel = fields.get("channel").map(|node| Said::read(&node, columns));
        Ok(Rule {
            when: when.transpose()?,
            time: time.transpose()?,
            names: names.transpose()?,
            channel: channel.transpose()?,
            says: Says::read(kind, &fields, columns)?,
        })
    }
}

/// The kind of the call, and the keys that it has of its own.
fn kind(node: &Node<'_>) -> Read<(&'static str, &'static [&'static str])> {
    let any: Vec<&str> =
        COMMON.iter().chain(KINDS.iter().flat_map(|(_, own)| own.iter())).copied().collect();
    let fields = node.clone().fields(&any)?;
    let said = fields.need("type")?;
    let word = said.text()?;
    let found = KINDS.iter().find(|(kind, _)| *kind == word);
    found.copied().ok_or_else(|| {
        let nearest = nearest(word, KINDS.iter().map(|(kind, _)| (*kind, 0)));
        let meant = nearest.map(|word| format!("did you mean `{word}`? ")).unwrap_or_default();
        let remedy = format!("{meant}A row becomes track, identify, group or consent");
        said.error("there is no such type of call", remedy)
    })
}

impl Says {
    /// The type of the call.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Says::Track { .. } => "track",
            Says::Identify { .. } => "identify",
            Says::Group { .. } => "group",
            Says::Consent { .. } => "consent",
        }
    }

    fn read(kind: &str, fields: &Fields<'_>, columns: &mut Columns) -> Read<Says> {
        Ok(match kind {
            "track" => Says::Track {
                event: Choice::read_each(&fields.need("event")?, columns)?,
                properties: table(fields, "properties", columns)?,
            },
            "identify" => Says::Identify { traits: table(fields, "traits", columns)? },
            "group" => Says::Group {
                group: Said::read(&fields.need("group_id")?, columns)?,
                traits: table(fields, "traits", columns)?,
            },
            _ => Says::Consent {
                purpose: Said::read(&fields.need("purpose")?, columns)?,
                granted: Granted::read(&fields.need("granted")?, columns)?,
                expires: fields
                    .get("expires_at")
                    .map(|node| Time::read(&node, columns))
                    .transpose()?,
            },
        })
    }
}

fn table(fields: &Fields<'_>, key: &str, columns: &mut Columns) -> Read<Vec<Field>> {
    let Some(node) = fields.get(key) else { return Ok(Vec::new()) };
    let table = Field::read_each(&node, columns)?;
    if table.len() > LEAVES_PER_EVENT_MAX {
        let message = format!("a call has at most {LEAVES_PER_EVENT_MAX} values");
        return Err(node.error(message, "take some out"));
    }
    Ok(table)
}

impl Said {
    /// A text, or a table with `column`.
    fn read(node: &Node<'_>, columns: &mut Columns) -> Read<Said> {
        if node.is_table() {
            let fields = node.clone().fields(&["column"])?;
            return Ok(Said::Cell(columns.read(&fields.need("column")?)?));
        }
        let text = node.text()?;
        if text.is_empty() || text.len() > NAME_BYTES_MAX {
            let message = format!("a name has 1 to {NAME_BYTES_MAX} bytes");
            return Err(node.error(message, "write another"));
        }
        Ok(Said::Always(crate::model::nfc(text).into()))
    }
}

impl Choice {
    /// A name, a column, or a list of names with conditions: the first that holds.
    fn read_each(node: &Node<'_>, columns: &mut Columns) -> Read<Vec<Choice>> {
        node.items().iter().map(|item| Choice::read(item, columns)).collect()
    }

    fn read(node: &Node<'_>, columns: &mut Columns) -> Read<Choice> {
        if !node.is_table() {
            return Ok(Choice { when: None, name: Said::read(node, columns)? });
        }
        let fields = node.clone().fields(&["name", "column", "when"])?;
        let when = fields.get("when").map(|node| Condition::read(&node, columns)).transpose()?;
        let name = match (fields.get("name"), fields.get("column")) {
            (Some(name), None) => Said::read(&name, columns)?,
            (None, Some(column)) => Said::Cell(columns.read(&column)?),
            _ => return Err(node.error("an event is named once", "give `name` or `column`")),
        };
        Ok(Choice { when, name })
    }
}

impl Granted {
    /// `true`, `false`, or a table with `column`.
    fn read(node: &Node<'_>, columns: &mut Columns) -> Read<Granted> {
        if node.is_table() {
            let fields = node.clone().fields(&["column"])?;
            return Ok(Granted::Cell(columns.read(&fields.need("column")?)?));
        }
        node.boolean().map(Granted::Always)
    }
}

impl Names {
    /// A table of namespaces, each with the name of its column.
    pub(super) fn read(node: &Node<'_>, columns: &mut Columns) -> Read<Names> {
        let entries = node.entries()?;
        let names = entries.iter().map(|(namespace, node)| {
            if namespace.is_empty() || namespace.len() > NAME_BYTES_MAX {
                let message = format!("a namespace has 1 to {NAME_BYTES_MAX} bytes");
                return Err(node.error(message, "write another, like `user_id` or `email`"));
            }
            columns.namespace(namespace, node);
            Ok((Text::from(*namespace), columns.read(node)?))
        });
        names.collect::<Read<_>>().map(Names)
    }
}
