//! `watch`, followed: the statement whose answer goes on.

use super::ask::draw;
use super::watch::values;
use super::{Ask, Change, QueryError, Subscription, Throng, clock};
use crate::lang::tree::StatementKind;
use crate::lang::{self, Code, Diagnostic, Severity, Span};
use crate::model::{Lsn, Timestamp, Value};
use crate::query::Column;
use crate::query::resolve::{self, Resolved};
use std::time::Duration;

/// What a `watch` tells from its record on, and goes on to tell.
///
/// ```
/// use std::time::Duration;
/// use throng::engine::Throng;
/// use throng::model::{Body, Call, Object};
/// let throng = Throng::temporary()?;
/// throng.query("declare event order; create audience buyers is people who did order")?;
/// let watch = "watch audience buyers from 1 with user_id settled for 10 minutes";
/// let mut watching = throng.watch(watch)?;
/// assert!(watching.columns().eq(["user_id"]));
///
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// let at = throng.ingest(vec![call])?.at.unwrap();
/// assert!(watching.next(Duration::ZERO)?.is_none());
/// throng.advance_to(at.plus_ms(600_000))?;
/// let told = watching.next(Duration::ZERO)?.unwrap();
/// assert_eq!((told.change.entered, told.values), (true, vec!["u-1".into()]));
/// assert_eq!(told.settled, Some(at.plus_ms(600_000)));
/// assert_eq!(watching.position(), throng.subscribe("buyers", None)?.position());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Watching {
    throng: Throng,
    subscription: Subscription,
    columns: Vec<Column>,
    settled_ms: Option<i64>,
}

/// One change, with what the person has of the columns when it is told.
///
/// ```
/// use std::time::Duration;
/// use throng::engine::{Throng, Watched};
/// let throng = Throng::temporary()?;
/// throng.query("create audience visitors is everyone")?;
/// let told: Option<Watched> = throng.watch("watch audience visitors")?.next(Duration::ZERO)?;
/// assert_eq!(told, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Who entered or left.
    pub change: Change,
    /// When it had held for as long as it was to; none if that was not asked for.
    pub settled: Option<Timestamp>,
    /// In the order of the columns; nothing of somebody who is no more.
    pub values: Vec<Value>,
}

impl Watching {
    /// The statement that watches an audience from a record on, with columns
    /// that are parted by commas and a span like `10 minutes`.
    ///
    /// ```
    /// use throng::engine::Watching;
    /// assert_eq!(
    ///     Watching::statement("vip", 3, Some("email, ltv"), Some("1 hour")),
    ///     "watch audience vip from 3 with email, ltv settled for 1 hour"
    /// );
    /// ```
    pub fn statement(
        audience: &str,
        from: u64,
        with: Option<&str>,
        settled: Option<&str>,
    ) -> String {
        let with = with.map(|columns| format!(" with {columns}")).unwrap_or_default();
        let settled = settled.map(|span| format!(" settled for {span}")).unwrap_or_default();
        format!("watch audience {} from {from}{with}{settled}", lang::print_name(audience))
    }

    /// The names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The record from which following again misses nothing.
    pub fn position(&self) -> Lsn {
        self.subscription.position()
    }

    /// The next change; none if there is none within `wait`.
    ///
    /// # Errors
    /// If the handle is closed or the feed cannot be read.
    pub fn next(&mut self, wait: Duration) -> Result<Option<Watched>, QueryError> {
        let Some(change) = self.subscription.next(wait)? else { return Ok(None) };
        let values = match self.columns.is_empty() {
            true => Vec::new(),
            false => {
                let view = self.throng.view()?;
                let now = self.throng.now(&view);
                values(&view, change.profile, &self.columns, now)?
            }
        };
        let settled = self.settled_ms.map(|ms| change.at.plus_ms(ms));
        Ok(Some(Watched { change, settled, values }))
    }
}

impl Throng {
    /// Follows an audience as the statement `watch` says it.
    ///
    /// ```
    /// use throng::engine::{QueryError, Throng};
    /// let throng = Throng::temporary()?;
    /// throng.query("create audience visitors is everyone")?;
    /// assert!(throng.watch("watch audience visitors with user_id").is_ok());
    /// assert!(matches!(throng.watch("count everyone"), Err(QueryError::Text { .. })));
    /// assert!(matches!(throng.watch("watch audience x"), Err(QueryError::NoSuchAudience { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the text is wrong or is no `watch`, and if there is no such audience.
    pub fn watch(&self, text: &str) -> Result<Watching, QueryError> {
        let asked = Ask { text, ..Ask::default() };
        let wrong = |diagnostics: Vec<Diagnostic>| QueryError::Text {
            pictures: draw(&asked, &diagnostics),
            diagnostics,
        };
        let parsed = lang::parse(text);
        if parsed.diagnostics.iter().any(|found| found.severity == Severity::Error) {
            return Err(wrong(parsed.diagnostics));
        }
        let [statement] = &parsed.statements[..] else { return Err(wrong(vec![no_watch(text)])) };
        let StatementKind::Watch { audience, .. } = &statement.kind else {
            return Err(wrong(vec![no_watch(text)]));
        };
        let view = self.view()?;
        super::audience::known(&view, &audience.node)?;
        let resolved = resolve::resolve(statement, view.catalog(), clock::wall_now());
        let resolved = resolved.map_err(wrong)?;
        let Resolved::Watch { audience, from, columns, settled_ms } = resolved else {
            return Err(wrong(vec![no_watch(text)]));
        };
        let mut subscription = self.subscribe(&audience, Some(from))?;
        if let Some(ms) = settled_ms {
            subscription = subscription.settled(Duration::from_millis(ms.max(0) as u64));
        }
        Ok(Watching { throng: self.clone(), subscription, columns, settled_ms })
    }
}

fn no_watch(text: &str) -> Diagnostic {
    let span = Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    Diagnostic::error(Code::Syntax, span, "one `watch` is followed, and nothing else")
}
