//! The handle that a developer holds.

use super::desk::{Desk, Writer};
use super::lane::Lane;
use super::open;
use super::pending::{Answered, Pending};
use super::prepared::Prepared;
use super::request::{Change, Order, Reply, Request};
use super::shared::Shared;
use super::{CommitError, CommitTime, OpenError, Options, Receipt};
use crate::model::{Call, Lsn, Text, Timestamp};
use crate::store::{Endpoint, Entries, Records, Torn};
use crossbeam::channel::{Sender, bounded};
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;

/// A database, open. Clones share it; it is closed when the last one is gone,
/// or by [`Throng::close`], which says whether that went well.
///
/// ```
/// use throng::engine::Throng;
/// use throng::model::{Body, Call, Object};
///
/// let throng = Throng::temporary()?;
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// let receipt = throng.ingest(vec![call])?;
/// assert_eq!(receipt.accepted, 1);
///
/// let answers = throng.query("count people who did order")?;
/// assert_eq!(answers.answers[0].rows().unwrap().rows, [[1.into()]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Throng(Arc<Handle>);

struct Handle {
    requests: Sender<Request>,
    desk: Arc<Desk>,
    shared: Arc<Shared>,
    thread: Mutex<Option<Writer>>,
    torn: Vec<Torn>,
    /// Of a temporary database: the directory, removed at the end.
    _temporary: Option<tempfile::TempDir>,
}

impl Throng {
    /// Opens a directory, or makes it.
    ///
    /// ```
    /// use throng::engine::{Options, Throng};
    /// let place = tempfile::tempdir()?;
    /// let options = Options { reserve_bytes: 0, ..Options::default() };
    /// Throng::open(place.path(), options.clone())?.close()?;
    /// // What is there is opened again; without `create` nothing else is.
    /// Throng::open(place.path(), Options { create: false, ..options })?.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If another process holds it, if it was written by a newer version, if
    /// the log or the feed is damaged: what may have been acknowledged is never cut.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Throng, OpenError> {
        Throng::start(open::open(path.as_ref(), &options)?, None)
    }

    /// What a crash had left at the end of the files of log and feed when they
    /// were opened. Nothing of it was ever acknowledged. A handle that may
    /// write has cut it off and kept it aside.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// assert!(Throng::temporary()?.torn().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn torn(&self) -> &[Torn] {
        &self.0.torn
    }

    /// A new database in a directory of its own, gone with the handle. Its
    /// clock is given by the commits.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// throng.query("declare event order")?;
    /// throng.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If no directory can be made.
    pub fn temporary() -> Result<Throng, OpenError> {
        let directory = tempfile::tempdir().map_err(OpenError::Temporary)?;
        let options =
            Options { clock: Some(super::Clock::Given), reserve_bytes: 0, ..Options::default() };
        let lane = open::open(directory.path(), &options)?;
        Throng::start(lane, Some(directory))
    }

    pub(super) fn start(
        mut lane: Lane,
        temporary: Option<tempfile::TempDir>,
    ) -> Result<Throng, OpenError> {
        let (requests, inbox) = bounded(1_024);
        lane.inbox = inbox;
        lane.is_temporary = temporary.is_some();
        let (shared, torn) = (lane.shared(), std::mem::take(&mut lane.torn));
        let (desk, thread) = Desk::open(lane).map_err(OpenError::Thread)?;
        Ok(Throng(Arc::new(Handle {
            requests,
            desk,
            shared,
            thread: Mutex::new(Some(thread)),
            torn,
            _temporary: temporary,
        })))
    }

    /// Takes calls in as one commit, at the time of the clock. What is
    /// refused is named by its place; the others are applied, all or none.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// let nobody = Call { user_id: None, ..call.clone() };
    /// let receipt = throng.ingest(vec![call, nobody])?;
    /// assert_eq!((receipt.accepted, receipt.refused[0].0), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`CommitError`]; nothing was applied.
    pub fn ingest(&self, calls: Vec<Call>) -> Result<Receipt, CommitError> {
        self.ingest_at(calls, CommitTime::Clock, false)
    }

    /// Takes calls in as one commit at a chosen time. A `bulk` commit computes
    /// its effect on standing audiences once, at its end.
    ///
    /// ```
    /// use throng::engine::{CommitTime, Throng};
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// let at = "2026-03-01T12:00:00Z".parse()?;
    /// let receipt = throng.ingest_at(vec![call], CommitTime::At(at), false)?;
    /// assert_eq!(receipt.at, Some(at));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`CommitError`]; nothing was applied.
    pub fn ingest_at(
        &self,
        calls: Vec<Call>,
        time: CommitTime,
        bulk: bool,
    ) -> Result<Receipt, CommitError> {
        let calls = self.0.shared.prepare(calls);
        self.do_or_send(Order::Calls { calls, bulk, time }).map(Pending)?.wait()
    }

    /// The same without waiting: several batches on their way share a sync.
    ///
    /// ```
    /// use throng::engine::{CommitTime, Throng};
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// let [first, second] = [vec![call.clone()], vec![call]]
    ///     .map(|calls| throng.begin(calls, CommitTime::Clock, false));
    /// assert!(first?.wait()?.lsn < second?.wait()?.lsn);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the handle is closed.
    pub fn begin(
        &self,
        calls: Vec<Call>,
        time: CommitTime,
        bulk: bool,
    ) -> Result<Pending, CommitError> {
        let calls = self.0.shared.prepare(calls);
        self.send(Order::Calls { calls, bulk, time }).map(Pending)
    }

    /// What would become of calls as one commit at that time; nothing is changed.
    /// Several batches are tried by a [`Trial`](super::Trial), which remembers them.
    ///
    /// ```
    /// use throng::engine::{CommitTime, Throng};
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// assert_eq!(throng.would_ingest(vec![call], CommitTime::Clock)?.accepted, 1);
    /// assert_eq!(throng.info()?.people, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`CommitError`].
    pub fn would_ingest(&self, calls: Vec<Call>, time: CommitTime) -> Result<Receipt, CommitError> {
        // Nothing is written, so nothing is drafted.
        let calls = Prepared::new(calls, self.0.shared.policy(), false);
        self.send(Order::Try { calls, time }).map(Pending)?.wait()
    }

    /// Lets time pass up to an instant: people leave and enter as it says.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// call.when = Some("2026-03-01T00:00:00Z".parse()?);
    /// throng.ingest(vec![call])?;
    /// throng.query("create audience recent is people who did order in last 7 days")?;
    /// throng.advance_to("2026-03-08T00:00:00Z".parse()?)?;
    /// assert_eq!(throng.info()?.audiences[0].2, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the instant lies before the last commit.
    pub fn advance_to(&self, at: Timestamp) -> Result<(), CommitError> {
        self.order(Order::Advance(at)).map(drop)
    }

    /// Writes what is in memory to the rebuildable store, so that the next
    /// open has less to read again.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// throng.query("declare event order")?;
    /// throng.checkpoint()?;
    /// assert_eq!(throng.info()?.checkpoint, Some(throng.info()?.lsn));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the store cannot be written; the log has everything all the same.
    pub fn checkpoint(&self) -> Result<(), CommitError> {
        self.order(Order::Checkpoint).map(drop)
    }

    /// Tells processes that find the directory held where this one answers,
    /// and with which token; without an endpoint, that it answers no more. A
    /// handle that closes takes back what it told.
    ///
    /// ```
    /// use throng::engine::{Endpoint, Options, Throng};
    /// let place = tempfile::tempdir()?;
    /// let throng = Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?;
    /// throng.answer_at(Some(Endpoint::here("127.0.0.1:7411", "a secret")))?;
    /// assert_eq!(Endpoint::read(place.path())?.unwrap().address, "127.0.0.1:7411");
    /// throng.answer_at(None)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the handle only reads, is closed, or the file cannot be written.
    pub fn answer_at(&self, endpoint: Option<Endpoint>) -> Result<(), CommitError> {
        self.order(Order::Endpoint(endpoint)).map(drop)
    }

    /// Ends the writer after everything that came before. Other clones of the
    /// handle get [`CommitError::Closed`] from then on.
    ///
    /// ```
    /// use throng::engine::{CommitError, Throng};
    /// let throng = Throng::temporary()?;
    /// let other = throng.clone();
    /// throng.close()?;
    /// assert!(matches!(other.ingest(Vec::new()), Err(CommitError::Closed)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the last write failed: what was not acknowledged may be lost.
    pub fn close(self) -> Result<(), CommitError> {
        self.0.close()
    }

    /// The same for who is about to end: what is ordered and not begun is
    /// refused, and a derivation on its way is broken off. Its declaration is in
    /// the log, so the next opening does what it says.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// throng.query("declare event order")?;
    /// throng.close_soon()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As of [`Throng::close`].
    pub fn close_soon(self) -> Result<(), CommitError> {
        self.0.shared.leave();
        self.close()
    }

    pub(super) fn change(
        &self,
        change: Change,
        time: CommitTime,
    ) -> Result<Option<String>, CommitError> {
        match self.order(Order::Change { change, time })? {
            Reply::Changed(message) => Ok(message),
            _ => Ok(None),
        }
    }

    pub(super) fn define_each(
        &self,
        texts: Vec<Text>,
        time: CommitTime,
    ) -> Result<(Vec<String>, Option<CommitError>), CommitError> {
        match self.order(Order::Define { texts, time })? {
            Reply::Defined(messages, wrong) => Ok((messages, wrong)),
            _ => Err(CommitError::Closed),
        }
    }

    pub(super) fn entries(&self, from: Lsn) -> Result<Entries, CommitError> {
        match self.order(Order::Entries(from))? {
            Reply::Entries(entries) => Ok(entries),
            _ => Err(CommitError::Closed),
        }
    }

    pub(super) fn records(&self) -> Result<Records, CommitError> {
        match self.order(Order::Records)? {
            Reply::Records(records) => Ok(records),
            _ => Err(CommitError::Closed),
        }
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.0.shared
    }

    pub(super) fn order(&self, order: Order) -> Result<Reply, CommitError> {
        self.do_or_send(order)?.recv().map_err(|_| CommitError::Closed)?
    }

    /// For who waits for the answer and nothing else: done on this thread, if that may be.
    fn do_or_send(&self, order: Order) -> Result<Answered, CommitError> {
        let (reply, answer) = bounded(1);
        match self.0.desk.serve(Request { order, reply }) {
            None => Ok(answer),
            Some(request) => self.queue(request).map(|()| answer),
        }
    }

    fn send(&self, order: Order) -> Result<Answered, CommitError> {
        let (reply, answer) = bounded(1);
        self.queue(Request { order, reply }).map(|()| answer)
    }

    fn queue(&self, request: Request) -> Result<(), CommitError> {
        self.0.desk.queue(&self.0.requests, request)
    }
}

impl Handle {
    fn close(&self) -> Result<(), CommitError> {
        let (reply, answer) = bounded(1);
        if self.desk.queue(&self.requests, Request { order: Order::Close, reply }).is_ok() {
            // A lane that has ended already refuses the request: the join says how it ended.
            let _ended = answer.recv();
        }
        let thread = self.thread.lock().map_or(None, |mut thread| thread.take());
        thread.map_or(Ok(()), |thread| thread.join().unwrap_or(Err(CommitError::Closed)))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            tracing::error!(%error, "the database did not close cleanly");
        }
    }
}
