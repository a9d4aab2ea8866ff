//! Values that are given beside a text: what its `$name`s stand for.

use super::Diagnostic;
use super::parser::read_param;
use crate::model::{Date, Decimal, Text, Timestamp, Unit, nfc};
use std::collections::BTreeMap;

/// A value given beside a text. It stands in a tree as if it were written there.
///
/// ```
/// use throng::lang::Param;
/// use throng::model::{FixedUnit, Unit};
/// assert_eq!(Param::read("30 days"), Ok(Param::Span(30, Unit::Fixed(FixedUnit::Day))));
/// assert_eq!(Param::read("(1, 2)"), Ok(Param::Numbers(vec![1.into(), 2.into()])));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Param {
    /// A text, whatever it holds.
    Text(Text),
    /// A number, exactly.
    Number(Decimal),
    /// True or false.
    Bool(bool),
    /// An instant.
    Instant(Timestamp),
    /// A day.
    Date(Date),
    /// A length of time: how many of a unit.
    Span(u64, Unit),
    /// Texts, for `one of`.
    Texts(Vec<Text>),
    /// Numbers, for `one of`.
    Numbers(Vec<Decimal>),
}

impl Param {
    /// Reads a value as it is written where no program says its kind: what
    /// begins like a literal of the language is one (a number, a date, an
    /// instant, a length of time, a text in quotes, a list in parentheses),
    /// `true` and `false` are, and anything else is a text as it stands.
    ///
    /// ```
    /// use throng::lang::Param;
    /// assert_eq!(Param::read("-2.5"), Ok(Param::Number("-2.5".parse()?)));
    /// assert_eq!(Param::read("2026-03-01"), Ok(Param::Date("2026-03-01".parse()?)));
    /// assert_eq!(Param::read("false"), Ok(Param::Bool(false)));
    /// assert_eq!(Param::read("Nové Zámky"), Ok(Param::Text("Nové Zámky".into())));
    /// assert_eq!(Param::read("\"2026\""), Ok(Param::Text("2026".into())));
    /// assert!(Param::read("30 dais").unwrap_err().label.contains("days"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If it begins like a literal and is none.
    pub fn read(written: &str) -> Result<Param, Diagnostic> {
        read_param(written)
    }

    /// The same with its texts as the language compares them.
    fn normal(self) -> Param {
        let normal = |text: &Text| Text::from(nfc(text));
        match self {
            Param::Text(text) => Param::Text(normal(&text)),
            Param::Texts(texts) => Param::Texts(texts.iter().map(normal).collect()),
            other => other,
        }
    }
}

/// The values given beside a text, by name. Each is used, or its name is an error.
///
/// ```
/// use throng::lang::{Params, parse_with, print};
/// let params = Params::new().text("country", "SK\" or everyone").number("least", 3);
/// let text = "count people whose country = $country and points >= $least";
/// let parsed = parse_with(text, &params);
/// assert_eq!(
///     print(&parsed.statements[0]),
///     "count people whose country = \"SK\\\" or everyone\" and points >= 3"
/// );
/// let parsed = parse_with("count people whose country = $contry", &params);
/// assert_eq!(parsed.diagnostics[0].label, "did you mean `$country`?");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(BTreeMap<Text, Param>);

impl Params {
    /// No values.
    ///
    /// ```
    /// assert!(throng::lang::Params::new().is_empty());
    /// ```
    pub fn new() -> Params {
        Params::default()
    }

    /// With a value of any kind; one given before under this name is gone.
    ///
    /// ```
    /// use throng::lang::{Param, Params};
    /// let params = Params::new().with("idle", Param::read("30 days").unwrap());
    /// assert_eq!(params.get("idle"), Some(&Param::read("30d").unwrap()));
    /// ```
    #[must_use]
    pub fn with(mut self, name: &str, value: Param) -> Params {
        self.0.insert(nfc(name).into(), value.normal());
        self
    }

    /// With a text.
    ///
    /// ```
    /// use throng::lang::{Param, Params};
    /// let params = Params::new().text("country", "SK");
    /// assert_eq!(params.get("country"), Some(&Param::Text("SK".into())));
    /// ```
    #[must_use]
    pub fn text(self, name: &str, text: &str) -> Params {
        self.with(name, Param::Text(text.into()))
    }

    /// With a number: a whole one, or a [`Decimal`].
    ///
    /// ```
    /// use throng::lang::{Param, Params};
    /// let params = Params::new().number("least", 3).number("share", "0.25".parse::<throng::model::Decimal>()?);
    /// assert_eq!(params.get("least"), Some(&Param::Number(3.into())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn number(self, name: &str, number: impl Into<Decimal>) -> Params {
        self.with(name, Param::Number(number.into()))
    }

    /// With true or false.
    ///
    /// ```
    /// use throng::lang::{Param, Params};
    /// assert_eq!(Params::new().bool("vip", true).get("vip"), Some(&Param::Bool(true)));
    /// ```
    #[must_use]
    pub fn bool(self, name: &str, value: bool) -> Params {
        self.with(name, Param::Bool(value))
    }

    /// With an instant.
    ///
    /// ```
    /// use throng::lang::{Params, parse_with};
    /// let params = Params::new().instant("since", "2026-01-01T00:00:00Z".parse()?);
    /// assert!(parse_with("count people who did order since $since", &params).diagnostics.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn instant(self, name: &str, at: Timestamp) -> Params {
        self.with(name, Param::Instant(at))
    }

    /// With a day.
    ///
    /// ```
    /// use throng::lang::{Params, parse_with};
    /// let params = Params::new().date("day", "2026-02-14".parse()?);
    /// assert!(parse_with("count people who did order on $day", &params).diagnostics.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn date(self, name: &str, day: Date) -> Params {
        self.with(name, Param::Date(day))
    }

    /// With a length of time.
    ///
    /// ```
    /// use throng::lang::{Params, parse_with};
    /// use throng::model::{FixedUnit, Unit};
    /// let params = Params::new().span("idle", 30, Unit::Fixed(FixedUnit::Day));
    /// let parsed = parse_with("count people who did not order in last $idle", &params);
    /// assert!(parsed.diagnostics.is_empty());
    /// ```
    #[must_use]
    pub fn span(self, name: &str, count: u64, unit: Unit) -> Params {
        self.with(name, Param::Span(count, unit))
    }

    /// With a list of texts.
    ///
    /// ```
    /// use throng::lang::{Params, parse_with, print};
    /// let params = Params::new().texts("near", ["SK", "CZ"]);
    /// let parsed = parse_with("count people whose country one of $near", &params);
    /// assert!(print(&parsed.statements[0]).ends_with("one of (\"SK\", \"CZ\")"));
    /// ```
    #[must_use]
    pub fn texts<T: Into<Text>>(self, name: &str, texts: impl IntoIterator<Item = T>) -> Params {
        self.with(name, Param::Texts(texts.into_iter().map(Into::into).collect()))
    }

    /// With a list of numbers.
    ///
    /// ```
    /// use throng::lang::{Params, parse_with, print};
    /// let params = Params::new().numbers("sizes", [38, 39]);
    /// let parsed = parse_with("count people whose size one of $sizes", &params);
    /// assert!(print(&parsed.statements[0]).ends_with("one of (38, 39)"));
    /// ```
    #[must_use]
    pub fn numbers<T: Into<Decimal>>(
        self,
        name: &str,
        numbers: impl IntoIterator<Item = T>,
    ) -> Params {
        self.with(name, Param::Numbers(numbers.into_iter().map(Into::into).collect()))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Param> {
        self.0.get(name)
    }

    /// Every name with its value, by name.
    ///
    /// ```
    /// use throng::lang::Params;
    /// let params = Params::new().bool("vip", true).text("country", "SK");
    /// let names: Vec<&str> = params.iter().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["country", "vip"]);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Param)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
