//! Following an audience: who enters and leaves, in order, from any number.

use super::audience::known;
use super::{QueryError, Throng};
use crate::model::{Lsn, ProfileId, Text, Timestamp};
use crate::store::{Cause, Entries, EntryKind, FeedEntry};
use std::time::{Duration, Instant};

/// One person who entered or left an audience.
///
/// ```
/// use std::time::Duration;
/// use throng::engine::Throng;
/// use throng::model::{Body, Call, Object};
/// let throng = Throng::temporary()?;
/// throng.query("declare event order; create audience buyers is people who did order")?;
/// let mut changes = throng.subscribe("buyers", None)?;
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// throng.ingest(vec![call])?;
/// let change = changes.next(Duration::ZERO)?.unwrap();
/// assert_eq!((change.entered, change.profile.to_string()), (true, "p:1".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The record that made the change; resume with the number after it.
    pub lsn: Lsn,
    /// The time of that record.
    pub committed: Timestamp,
    /// The version of the audience's definition.
    pub version: u32,
    /// Why.
    pub cause: Cause,
    /// Who.
    pub profile: ProfileId,
    /// Whether they entered; otherwise they left.
    pub entered: bool,
    /// The instant from which the answer has held.
    pub at: Timestamp,
}

/// The changes of one audience, in order. It reads the feed on disk, so a
/// slow subscriber costs the writer nothing, and what it has seen stays as it
/// was after a crash.
///
/// ```
/// use std::time::Duration;
/// use throng::engine::Throng;
/// use throng::model::{Body, Call, Object};
/// let throng = Throng::temporary()?;
/// throng.query("declare event order; create audience buyers is people who did order")?;
/// let mut changes = throng.subscribe("buyers", None)?;
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// throng.ingest(vec![call])?;
/// while let Some(change) = changes.next(Duration::ZERO)? {
///     println!("{} entered: {}", change.profile, change.entered);
/// }
/// let later = throng.subscribe("buyers", Some(changes.position().0))?;
/// assert_eq!(later.position(), changes.position());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Subscription {
    throng: Throng,
    audience: Text,
    /// The first record that was not looked at yet.
    next: Lsn,
    entries: Option<Entries>,
    ready: std::collections::VecDeque<Change>,
}

impl Subscription {
    pub(super) fn new(
        throng: &Throng,
        audience: &str,
        from: Option<u64>,
    ) -> Result<Subscription, QueryError> {
        let view = throng.view()?;
        known(&view, audience)?;
        let next = from.map_or(Lsn(view.lsn().0 + 1), Lsn);
        let (throng, audience) = (throng.clone(), audience.into());
        Ok(Subscription { throng, audience, next, entries: None, ready: Default::default() })
    }

    /// The first record that was not looked at yet: once no change is ready,
    /// following from here on misses nothing.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// throng.query("create audience visitors is everyone")?;
    /// let changes = throng.subscribe("visitors", None)?;
    /// assert_eq!(changes.position().0, throng.info()?.lsn.0 + 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn position(&self) -> Lsn {
        self.next
    }

    /// The next change; none if there is none within `wait`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use throng::engine::Throng;
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// throng.query("declare event order; create audience buyers is people who did order")?;
    /// let mut changes = throng.subscribe("buyers", None)?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// assert_eq!(changes.next(Duration::from_millis(1))?, None);
    /// throng.ingest(vec![call])?;
    /// assert!(changes.next(Duration::from_secs(10))?.unwrap().entered);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the handle is closed or the feed cannot be read.
    pub fn next(&mut self, wait: Duration) -> Result<Option<Change>, QueryError> {
        let until = Instant::now() + wait;
        loop {
            if let Some(change) = self.ready.pop_front() {
                return Ok(Some(change));
            }
            if self.read_on()? {
                continue;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            let seen = Lsn(self.next.0.saturating_sub(1));
            self.throng.shared().wait_beyond(seen, left);
        }
    }

    /// Takes in one more entry of the feed; `false` at its end.
    fn read_on(&mut self) -> Result<bool, QueryError> {
        let announced = self.throng.shared().wait_beyond(Lsn(0), Duration::ZERO);
        if self.entries.is_none() {
            if announced < self.next {
                return Ok(false);
            }
            self.entries = Some(self.throng.entries(self.next)?);
        }
        match self.entries.as_mut().and_then(Iterator::next) {
            Some(Ok(entry)) => {
                self.take(&entry);
                Ok(true)
            }
            Some(Err(damage)) => Err(QueryError::Read(damage.to_string())),
            None => {
                // Entries of one record come together, so the number after the last is next.
                self.entries = None;
                self.next = Lsn(self.next.0.max(announced.0.saturating_add(1)));
                Ok(false)
            }
        }
    }

    fn take(&mut self, entry: &FeedEntry) {
        self.next = Lsn(entry.lsn.0 + 1);
        if entry.audience != self.audience || entry.kind != EntryKind::Changed {
            return;
        }
        let change = |seat: u32, delta: i64, entered: bool| Change {
            lsn: entry.lsn,
            committed: entry.at,
            version: entry.version,
            cause: entry.cause,
            profile: ProfileId(seat),
            entered,
            at: entry.at.plus_ms(delta),
        };
        self.ready.extend(entry.left.iter().map(|(seat, delta)| change(*seat, *delta, false)));
        self.ready.extend(entry.entered.iter().map(|(seat, delta)| change(*seat, *delta, true)));
    }
}
