//! A mapping as it is written: the file's shape, and what each row says.

use super::condition::Condition;
use super::error::MappingError;
use super::node::{Fields, Node, Read, line_of};
use super::rule::{Names, Rule};
use super::time::Time;
use crate::lang::nearest;
use crate::model::Text;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How bytes become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Latin1,
}

/// The columns that a mapping names, each once, in the order of their mention,
/// and the namespaces of identifiers: a name, and the key and the line of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    named: Vec<Mention>,
    namespaces: Vec<Mention>,
}

type Mention = (Text, String, usize);

/// A column that a mapping names: its place among [`Columns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column(pub usize);

/// What a row's message id is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MessageId {
    pub prefix: Option<Text>,
    pub columns: Vec<Column>,
    pub row: bool,
}

/// How rows of CSV become calls, checked.
///
/// ```
/// use throng::wire::csv::Mapping;
/// let mapping = "
///     identifiers = { user_id = 'customer' }
///     [[call]]
///     type = 'track'
///     event = 'order'
///     propertys = { total = 'amount' }
/// ";
/// let error = Mapping::from_toml(mapping).unwrap_err();
/// assert_eq!(error.key, "call[1].propertys");
/// assert!(error.remedy.starts_with("did you mean `properties`?"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    pub(super) delimiter: u8,
    pub(super) encoding: Encoding,
    /// The names of the columns, where the file has no header.
    pub(super) named: Option<Vec<String>>,
    pub(super) columns: Columns,
    pub(super) leave_out: Vec<Condition>,
    pub(super) time: Option<Time>,
    pub(super) names: Names,
    pub(super) message_id: Option<MessageId>,
    pub(super) unsets_empty: bool,
    pub(super) rules: Vec<Rule>,
}

const KEYS: [&str; 10] = [
    "delimiter",
    "encoding",
    "header",
    "columns",
    "empty",
    "leave_out",
    "time",
    "identifiers",
    "message_id",
    "call",
];

impl Mapping {
    /// The mapping that this text says.
    pub fn from_toml(text: &str) -> Result<Mapping, MappingError> {
        let table = DeTable::parse(text).map_err(|error| MappingError {
            line: error.span().map(|span| line_of(text, span.start)),
            key: String::new(),
            message: format!("this is no TOML: {}", error.message()),
            remedy: "mend it as https://toml.io describes".into(),
        })?;
        let root = Spanned::new(0..0, DeValue::Table(table.into_inner()));
        read_mapping(&Node::root(&root, text).fields(&KEYS)?)
    }

    /// The byte that parts two fields.
    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Refuses a namespace of identifiers that is none of these.
    ///
    /// ```
    /// use throng::wire::csv::Mapping;
    /// let mapping = Mapping::from_toml(
    ///     "identifiers = { user_id = 'who' }
    ///      [[call]]
    ///      type = 'track'
    ///      event = 'order'",
    /// );
    /// let mapping = mapping.unwrap();
    /// assert!(mapping.check_namespaces(&["user_id".into()]).is_ok());
    /// let error = mapping.check_namespaces(&["user".into()]).unwrap_err();
    /// assert_eq!(error.message, "no identifier is called `user_id`");
    /// ```
    pub fn check_namespaces(&self, known: &[String]) -> Result<(), MappingError> {
        let is_known = |name: &str| known.iter().any(|known| known == name);
        let unknown = self.columns.namespaces.iter().find(|(name, _, _)| !is_known(name));
        let Some((name, key, line)) = unknown else { return Ok(()) };
        let meant = nearest(name, known.iter().map(|known| (known.as_str(), 0)));
        let meant = meant.map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
        Err(MappingError {
            line: Some(*line),
            key: key.clone(),
            message: format!("no identifier is called `{name}`"),
            remedy: format!(
                "{meant}There are {}; another is declared first: `declare identifier {name}: \
                 personal`",
                known.join(", ")
            ),
        })
    }

    /// The columns that name the person, each once.
    ///
    /// ```
    /// use throng::wire::csv::Mapping;
    /// let mapping = Mapping::from_toml(
    ///     "identifiers = { user_id = 'who' }
    ///      [[call]]
    ///      type = 'track'
    ///      event = 'order'",
    /// );
    /// assert_eq!(mapping.unwrap().identifier_columns(), ["who"]);
    /// ```
    pub fn identifier_columns(&self) -> Vec<&str> {
        let own = self.rules.iter().filter_map(|rule| rule.names.as_ref());
        let all = own.chain([&self.names]).flat_map(|names| &names.0);
        let mut columns: Vec<&str> = all.map(|(_, column)| self.columns.name(*column)).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Whether ids are made of the numbers of rows.
    ///
    /// ```
    /// use throng::wire::csv::Mapping;
    /// let mapping = Mapping::from_toml(
    ///     "identifiers = { user_id = 'who' }
    ///      [[call]]
    ///      type = 'track'
    ///      event = 'order'",
    /// );
    /// assert!(!mapping.unwrap().counts_rows());
    /// let counting = "message_id = { row = true }\n[[call]]\ntype = 'track'\nevent = 'order'";
    /// assert!(Mapping::from_toml(counting).unwrap().counts_rows());
    /// ```
    pub fn counts_rows(&self) -> bool {
        self.message_id.as_ref().is_some_and(|id| id.row)
    }

    /// Whether the first record names the columns.
    pub(crate) fn has_header(&self) -> bool {
        self.named.is_none()
    }
}

fn read_mapping(fields: &Fields<'_>) -> Read<Mapping> {
    let mut columns = Columns::default();
    let leave_out = fields.get("leave_out").map_or(Ok(Vec::new()), |node| {
        node.items().iter().map(|item| Condition::read(item, &mut columns)).collect()
    })?;
    let time = fields.get("time").map(|node| Time::read(&node, &mut columns)).transpose()?;
    let names = fields.get("identifiers").map(|node| Names::read(&node, &mut columns));
    let message_id =
        fields.get("message_id").map(|node| MessageId::read(&node, &mut columns)).transpose()?;
    let rules = fields.need("call")?.items();
    let rules = rules.iter().map(|item| Rule::read(item, &mut columns)).collect::<Read<_>>()?;
    Ok(Mapping {
        delimiter: delimiter(fields)?,
        encoding: encoding(fields)?,
        named: column_names(fields)?,
        leave_out,
        time,
        names: names.transpose()?.unwrap_or_default(),
        message_id,
        unsets_empty: unsets_empty(fields)?,
        rules,
        columns,
    })
}

fn delimiter(fields: &Fields<'_>) -> Read<u8> {
    let Some(node) = fields.get("delimiter") else { return Ok(b',') };
    match node.text()? {
        "tab" => Ok(b'\t'),
        text => {
            match text.as_bytes() {
                [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r' | 0) => Ok(*byte),
                _ => Err(node
                    .error("a delimiter is one ASCII character", "write \",\", \";\" or \"tab\"")),
            }
        }
    }
}

fn encoding(fields: &Fields<'_>) -> Read<Encoding> {
    let Some(node) = fields.get("encoding") else { return Ok(Encoding::Utf8) };
    match node.text()?.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Ok(Encoding::Utf8),
        "latin-1" | "latin1" | "iso-8859-1" | "windows-1252" => Ok(Encoding::Latin1),
        _ => Err(node.error("this encoding is not read", "write \"utf-8\" or \"latin-1\"")),
    }
}

fn column_names(fields: &Fields<'_>) -> Read<Option<Vec<String>>> {
    let has_header = fields.get("header").map_or(Ok(true), |node| node.boolean())?;
    let names = fields.get("columns").map(|node| {
        node.items().iter().map(|item| item.text().map(str::to_owned)).collect::<Read<Vec<_>>>()
    });
    match (has_header, names.transpose()?) {
        (true, None) => Ok(None),
        (false, Some(names)) => Ok(Some(names)),
        (false, None) => Err(fields.node().error(
            "a file without a header needs the names of its columns",
            "add columns = [\"a\", \"b\"]",
        )),
        (true, Some(_)) => Err(fields.node().error(
            "`columns` names the columns of a file without a header",
            "add header = false, or take `columns` out",
        )),
    }
}

fn unsets_empty(fields: &Fields<'_>) -> Read<bool> {
    let Some(node) = fields.get("empty") else { return Ok(false) };
    match node.text()? {
        "ignore" => Ok(false),
        "unset" => Ok(true),
        _ => Err(node.error(
            "an empty cell is ignored, or unsets its attribute",
            "write \"ignore\" or \"unset\"",
        )),
    }
}

impl MessageId {
    fn read(node: &Node<'_>, columns: &mut Columns) -> Read<MessageId> {
        if !node.is_table() {
            let names = node.items();
            let columns = names.iter().map(|item| columns.read(item)).collect::<Read<_>>()?;
            return Ok(MessageId { prefix: None, columns, row: false });
        }
        let fields = node.clone().fields(&["columns", "row", "prefix"])?;
        let named = fields.get("columns").map_or(Vec::new(), |node| node.items());
        let named: Vec<Column> =
            named.iter().map(|item| columns.read(item)).collect::<Read<_>>()?;
        let row = fields.get("row").map_or(Ok(false), |node| node.boolean())?;
        if named.is_empty() && !row {
            return Err(node.error("nothing tells two rows apart", "add `columns`, or row = true"));
        }
        let prefix = fields.get("prefix").map(|node| node.text().map(Text::from)).transpose()?;
        Ok(MessageId { prefix, columns: named, row })
    }
}

impl Columns {
    /// The column that a text of the mapping names.
    pub(super) fn read(&mut self, node: &Node<'_>) -> Read<Column> {
        let name = node.text()?;
        if let Some(place) = self.named.iter().position(|(known, _, _)| **known == *name) {
            return Ok(Column(place));
        }
        let here = node.error("", "");
        self.named.push((name.into(), here.key, here.line.unwrap_or(1)));
        Ok(Column(self.named.len() - 1))
    }

    /// Takes note of a namespace; whether there is one is not known here.
    pub(super) fn namespace(&mut self, name: &str, node: &Node<'_>) {
        let here = node.error("", "");
        self.namespaces.push((name.into(), here.key, here.line.unwrap_or(1)));
    }

    /// Each name, with the key and the line that first mention it.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(Text, String, usize)> {
        self.named.iter()
    }

    pub(super) fn name(&self, column: Column) -> &str {
        &self.named[column.0].0
    }
}
