//! The desk at which one works at a time: the writer, or a caller who finds it free and has
//! something short to do. Waking the writer and being woken by it costs more than that does.

use super::CommitError;
use super::keep::News;
use super::lane::Lane;
use super::request::{Order, Request};
use super::turn::Turn;
use crossbeam::channel::{Receiver, Select, Sender, bounded};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// More calls than that take so much longer than waking the writer and being woken by it that
/// nothing is gained.
const SHORT: usize = 64;

/// The thread that works, and how it ended.
pub(super) type Writer = JoinHandle<Result<(), CommitError>>;

/// For so long all calls go to the writer once somebody has found another caller at work, or
/// other requests waiting: where several come at once the writer serves them together, with one
/// sync, and who goes first would only hold up others. Whoever finds the writer at work alone,
/// perhaps with what it has just been answered, is no crowd.
const CROWD: Duration = Duration::from_millis(50);

/// Where the lane stands.
pub(super) struct Desk {
    place: Mutex<Place>,
    /// The writer waits for its turn: nobody goes before it.
    is_claimed: AtomicBool,
    /// A caller is at work.
    is_serving: AtomicBool,
    /// Until when everybody brings calls to the writer: microseconds since the opening.
    crowded_until: AtomicU64,
    opened: Instant,
    /// Wakes the writer.
    bell: Sender<()>,
    /// What nobody serves any more once it is over.
    inbox: Receiver<Request>,
    is_over: AtomicBool,
}

struct Place {
    /// None once it has ended.
    lane: Option<Lane>,
    /// When the writer wakes by itself.
    wakes_at: Instant,
}

/// What the writer sleeps by.
struct Sleep {
    inbox: Receiver<Request>,
    news: Receiver<News>,
    bell: Receiver<()>,
}

impl Desk {
    /// Starts the writer.
    pub fn open(lane: Lane) -> std::io::Result<(Arc<Desk>, Writer)> {
        let (bell, rung) = bounded(1);
        let sleep = Sleep { inbox: lane.inbox.clone(), news: lane.keeper.told(), bell: rung };
        let place = Mutex::new(Place { lane: Some(lane), wakes_at: Instant::now() });
        let desk = Arc::new(Desk {
            place,
            is_claimed: AtomicBool::new(false),
            is_serving: AtomicBool::new(false),
            crowded_until: AtomicU64::new(0),
            opened: Instant::now(),
            bell,
            inbox: sleep.inbox.clone(),
            is_over: AtomicBool::new(false),
        });
        let writer = desk.clone();
        let thread = std::thread::Builder::new()
            .name("throng-writer".to_owned())
            .spawn(move || writer.work(&sleep))?;
        Ok((desk, thread))
    }

    /// Does what is asked for on the thread of who asks, if that is short, nobody is at work,
    /// and nothing waits that came before; otherwise gives it back.
    pub fn serve(&self, request: Request) -> Option<Request> {
        let is_call = matches!(request.order, Order::Calls { .. });
        if !is_short(&request.order) || is_call && self.is_crowded() {
            return Some(request);
        }
        self.try_serve(request).inspect(|_| {
            if is_call && (self.is_serving.load(Ordering::Relaxed) || !self.inbox.is_empty()) {
                let until = (self.opened.elapsed() + CROWD).as_micros() as u64;
                self.crowded_until.store(until, Ordering::Relaxed);
            }
        })
    }

    fn is_crowded(&self) -> bool {
        let until = self.crowded_until.load(Ordering::Relaxed);
        until > 0 && until > self.opened.elapsed().as_micros() as u64
    }

    fn try_serve(&self, request: Request) -> Option<Request> {
        if self.is_claimed.load(Ordering::Acquire) {
            return Some(request);
        }
        let Ok(mut place) = self.place.try_lock() else { return Some(request) };
        if !place.lane.as_ref().is_some_and(Lane::is_idle) {
            return Some(request);
        }
        self.is_serving.store(true, Ordering::Relaxed);
        self.at_once(&mut place, |lane| lane.serve_alone(request));
        self.is_serving.store(false, Ordering::Relaxed);
        None
    }

    /// Works on the lane, and wakes the writer where something is left for it to do. Nobody goes
    /// on with a lane in which that failed: who asked finds the database closed, like all others.
    fn at_once(&self, place: &mut Place, work: impl FnOnce(&mut Lane) -> Duration) {
        let Some(lane) = &mut place.lane else { return };
        let done = catch_unwind(AssertUnwindSafe(|| work(lane)));
        if done.is_err() {
            place.lane = None;
        }
        let due = Instant::now() + done.unwrap_or_default();
        if due < place.wakes_at {
            place.wakes_at = due;
            // A bell that rings already is enough.
            let _ringing = self.bell.try_send(());
        }
    }

    /// Leaves a request for the writer.
    pub fn queue(&self, requests: &Sender<Request>, request: Request) -> Result<(), CommitError> {
        if self.is_over.load(Ordering::SeqCst) {
            return Err(CommitError::Closed);
        }
        requests.send(request).map_err(|_| CommitError::Closed)?;
        // The writer has looked for the last time, or is going to see it.
        fence(Ordering::SeqCst);
        if self.is_over.load(Ordering::SeqCst) {
            self.refuse();
        }
        Ok(())
    }

    /// Nobody waits for a reply to what is never served.
    fn refuse(&self) {
        while self.inbox.try_recv().is_ok() {}
    }

    /// Works until the lane is told to close, or until every handle is gone.
    fn work(&self, sleep: &Sleep) -> Result<(), CommitError> {
        let _leave = Leave(self);
        loop {
            match self.turn() {
                Turn::Again => {}
                Turn::Rest { until, hears } => sleep.until(until, hears),
                Turn::End(ended) => return ended,
            }
        }
    }

    fn turn(&self) -> Turn {
        self.is_claimed.store(true, Ordering::Release);
        let place = self.place.lock();
        self.is_claimed.store(false, Ordering::Release);
        // A caller who failed in the middle of something left a lane that nobody may go on with.
        let Ok(mut place) = place else { return Turn::End(Err(CommitError::Closed)) };
        let Some(lane) = &mut place.lane else { return Turn::End(Err(CommitError::Closed)) };
        let turn = lane.turn();
        match &turn {
            Turn::Again => {}
            Turn::Rest { until, .. } => place.wakes_at = *until,
            // Nobody finds it free who comes now.
            Turn::End(_) => place.lane = None,
        }
        turn
    }
}

fn is_short(order: &Order) -> bool {
    match order {
        Order::Calls { calls, .. } => calls.offer.calls().len() <= SHORT,
        order => matches!(order, Order::View),
    }
}

impl Sleep {
    fn until(&self, until: Instant, hears: bool) {
        let mut select = Select::new();
        select.recv(&self.inbox);
        select.recv(&self.bell);
        if hears {
            select.recv(&self.news);
        }
        // What it was that woke it, the next turn finds out.
        let _woken = select.ready_deadline(until);
        let _rung = self.bell.try_recv();
    }
}

/// However the writer ends, nobody waits for a lane that has none, and the directory is let go.
struct Leave<'a>(&'a Desk);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let lane = self.0.place.lock().unwrap_or_else(PoisonError::into_inner).lane.take();
        drop(lane);
        self.0.is_over.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        self.0.refuse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::lane::RELAXED;
    use crate::engine::open::open;
    use crate::engine::request::Reply;
    use crate::engine::shared::Shared;
    use crate::engine::{CommitTime, Durability, Options};
    use crate::model::{Body, Call, Object};
    use crossbeam::channel::RecvTimeoutError;

    type Answer = Receiver<Result<Reply, CommitError>>;

    struct Opened {
        desk: Arc<Desk>,
        requests: Sender<Request>,
        thread: Writer,
        shared: Arc<Shared>,
        _directory: tempfile::TempDir,
    }

    fn opened(durability: Durability) -> Opened {
        let directory = tempfile::tempdir().unwrap();
        let options = Options { reserve_bytes: 0, durability, ..Options::default() };
        let mut lane = open(&directory.path().join("data"), &options).unwrap();
        let (requests, inbox) = bounded(8);
        lane.inbox = inbox;
        let shared = lane.shared();
        let (desk, thread) = Desk::open(lane).unwrap();
        let opened = Opened { desk, requests, thread, shared, _directory: directory };
        opened.wait(|place| place.wakes_at > Instant::now() + RELAXED);
        opened
    }

    impl Opened {
        /// Until the writer sleeps, or has done what it is woken for.
        fn wait(&self, is_so: impl Fn(&Place) -> bool) {
            let end = Instant::now() + Duration::from_secs(60);
            while !is_so(&self.desk.place.lock().unwrap()) {
                assert!(Instant::now() < end, "the writer does nothing");
                std::thread::sleep(Duration::from_millis(1));
            }
        }

        fn call(&self) -> (Request, Answer) {
            self.calls(1)
        }

        fn calls(&self, n: usize) -> (Request, Answer) {
            let mut call = Call::new("web", Body::Page { properties: Object::default() });
            call.user_id = Some("u-1".into());
            let calls = self.shared.prepare(vec![call; n]);
            request(Order::Calls { calls, bulk: false, time: CommitTime::Clock })
        }

        fn close(self) -> Result<(), CommitError> {
            let (close, _answer) = request(Order::Close);
            // The writer may have ended.
            let _gone = self.desk.queue(&self.requests, close);
            self.thread.join().unwrap()
        }
    }

    fn request(order: Order) -> (Request, Answer) {
        let (reply, answer) = bounded(1);
        (Request { order, reply }, answer)
    }

    fn is_committed(answer: &Answer) -> bool {
        matches!(answer.try_recv(), Ok(Ok(Reply::Receipt(receipt, _))) if receipt.lsn.is_some())
    }

    /// Whether nobody is going to reply any more.
    fn is_refused(answer: &Answer) -> bool {
        let refused = answer.recv_timeout(Duration::from_secs(60));
        matches!(refused, Err(RecvTimeoutError::Disconnected))
    }

    #[test]
    fn who_finds_nobody_at_work_is_answered_without_the_writer() {
        let opened = opened(Durability::Synced);
        let (call, answer) = opened.call();
        assert!(opened.desk.serve(call).is_none() && is_committed(&answer));
        let (long, _answer) = request(Order::Checkpoint);
        assert!(opened.desk.serve(long).is_some(), "that may take its time");
        let (many, _answer) = opened.calls(SHORT + 1);
        assert!(opened.desk.serve(many).is_some(), "and that");
        opened.close().unwrap();
    }

    #[test]
    fn whoever_is_at_work_or_came_before_goes_first() {
        let opened = opened(Durability::Synced);
        let (first, first_answer) = opened.call();
        let (second, second_answer) = opened.call();
        let place = opened.desk.place.lock().unwrap();
        let second = opened.desk.serve(second).unwrap();
        assert!(!opened.desk.is_crowded(), "it is at work, but on nothing that somebody brought");
        opened.requests.send(first).unwrap();
        let second = opened.desk.serve(second).unwrap();
        opened.requests.send(second).unwrap();
        drop(place);
        let lsn = |answer: Answer| match answer.recv() {
            Ok(Ok(Reply::Receipt(receipt, _))) => receipt.lsn,
            _ => None,
        };
        let (first, second) = (lsn(first_answer), lsn(second_answer));
        assert!(first.is_some() && first < second);
        let met = opened.desk.crowded_until.load(Ordering::Relaxed);
        assert!(met > 0, "others are likely to come as well");
        let end = Instant::now() + Duration::from_secs(60);
        let is_served = || opened.desk.serve(opened.call().0).is_none();
        while !is_served() {
            assert!(Instant::now() < end, "nobody came, and still it waits");
        }
        assert!(opened.desk.opened.elapsed().as_micros() as u64 >= met);
        opened.close().unwrap();
    }

    /// The writer slept for up to a second: a relaxed commit would be that long behind the disk.
    #[test]
    fn the_writer_wakes_for_what_a_caller_has_left_to_do() {
        let opened = opened(Durability::Relaxed);
        let (call, answer) = opened.call();
        assert!(opened.desk.serve(call).is_none() && is_committed(&answer));
        assert!(opened.desk.place.lock().unwrap().wakes_at <= Instant::now() + RELAXED);
        opened.wait(|place| place.lane.as_ref().is_some_and(|lane| lane.behind.is_none()));
        opened.close().unwrap();
    }

    /// Once, who came after that waited for ever.
    #[test]
    fn nobody_goes_on_with_a_lane_in_which_somebody_failed() {
        let opened = opened(Durability::Synced);
        let fail = |_: &mut Lane| std::panic::resume_unwind(Box::new("in the middle of something"));
        opened.desk.at_once(&mut opened.desk.place.lock().unwrap(), fail);
        let (call, answer) = opened.call();
        let call = opened.desk.serve(call).unwrap();
        // It is refused at once, or left to a writer that is just about to end.
        if opened.desk.queue(&opened.requests, call).is_ok() {
            assert!(is_refused(&answer));
        }
        assert!(matches!(opened.close(), Err(CommitError::Closed)));
    }

    #[test]
    fn what_comes_when_it_is_over_is_refused() {
        let opened = opened(Durability::Synced);
        let (close, closed) = request(Order::Close);
        opened.requests.send(close).unwrap();
        assert!(matches!(closed.recv(), Ok(Ok(_))));
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let (call, answer) = opened.call();
            let call = opened.desk.serve(call).expect("nobody is served any more");
            if opened.desk.queue(&opened.requests, call).is_err() {
                break;
            }
            assert!(is_refused(&answer));
            assert!(Instant::now() < end, "it is never over");
        }
        opened.thread.join().unwrap().unwrap();
    }
}
