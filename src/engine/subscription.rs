//! Following an audience: who enters and leaves, in order, from any number.

use super::audience::known;
use super::settle::Settling;
use super::{Clock, QueryError, Throng, clock};
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
    /// Of a subscription that tells what has held for a while.
    settling: Option<Settling>,
    /// What lies before it is not told.
    from: Lsn,
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
        let (entries, settling, ready) = (None, None, Default::default());
        Ok(Subscription { throng, audience, next, entries, settling, from: next, ready })
    }

    /// The same changes, each told once it has held for so long, and never if
    /// it was taken back before. They come by record, those of one together.
    /// Following again from any record gives what follows it here.
    ///
    /// ```
    /// use std::time::Duration;
    /// use throng::engine::Throng;
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// throng.query("declare event order; create audience buyers is people who did order")?;
    /// let mut changes = throng.subscribe("buyers", Some(0))?.settled(Duration::from_secs(600));
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// let at = throng.ingest(vec![call])?.at.unwrap();
    /// assert_eq!(changes.next(Duration::ZERO)?, None);
    /// throng.advance_to(at.plus_ms(600_000))?;
    /// assert_eq!(changes.next(Duration::ZERO)?.unwrap().at, at);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn settled(mut self, span: Duration) -> Subscription {
        let span_ms = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        // Whether somebody's change settles depends on their changes before it.
        self.settling = Some(Settling::new(span_ms));
        (self.next, self.entries) = (Lsn(0), None);
        self.ready.clear();
        self
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
        let undecided = self.settling.as_ref().and_then(Settling::first);
        undecided.unwrap_or(self.next).max(self.from)
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
            self.release();
            if let Some(change) = self.ready.pop_front() {
                return Ok(Some(change));
            }
            if self.read_on()? {
                continue;
            }
            // The end of the feed is the end of its last record.
            self.release();
            if !self.ready.is_empty() || self.pass()? {
                continue;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            let seen = Lsn(self.next.0.saturating_sub(1));
            self.throng.shared().wait_beyond(seen, left.min(self.nap()));
        }
    }

    /// What has settled is ready to be told.
    fn release(&mut self) {
        // Entries of one record, one for each cause, come one after the other.
        let whole = self.next.0.saturating_sub(u64::from(self.entries.is_some()));
        let Some(settling) = &mut self.settling else { return };
        while self.ready.is_empty()
            && settling.first().is_some_and(|first| first.0 < whole)
            && let Some(record) = settling.record()
        {
            let from = self.from;
            self.ready.extend(record.into_iter().filter(|change| change.lsn >= from));
        }
    }

    /// Lets time pass for what waits to settle, as far as every commit of it is
    /// read; `false` if it makes no difference.
    fn pass(&mut self) -> Result<bool, QueryError> {
        let Some(due) = self.settling.as_ref().and_then(Settling::due) else { return Ok(false) };
        // Read before the view: what that lacks has a later time.
        let wall = self.throng.shared().instant();
        let is_given = self.throng.shared().clock() == Clock::Given;
        if !is_given && wall < due {
            return Ok(false);
        }
        let view = self.throng.view()?;
        let until = view.told_until(if is_given { view.at() } else { wall });
        if until < due {
            return Ok(false);
        }
        while self.read_on()? {}
        let is_read = self.next > view.lsn();
        if let Some(settling) = self.settling.as_mut().filter(|_| is_read) {
            settling.pass(until);
        }
        Ok(is_read)
    }

    /// How long nothing can settle by itself.
    fn nap(&self) -> Duration {
        let due = self.settling.as_ref().and_then(Settling::due);
        let ms = due.map_or(i64::MAX, |due| due.since(clock::wall_now()).max(1));
        match self.throng.shared().clock() {
            Clock::Given => Duration::MAX,
            Clock::Wall => Duration::from_millis(ms as u64),
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
        let left = entry.left.iter().map(|(seat, delta)| change(*seat, *delta, false));
        let entered = entry.entered.iter().map(|(seat, delta)| change(*seat, *delta, true));
        match &mut self.settling {
            Some(settling) => left.chain(entered).for_each(|change| settling.take(change)),
            None => self.ready.extend(left.chain(entered)),
        }
    }
}
