//! The desk at which one works at a time: the writer, or a caller who finds it free and has
//! something short to do. Waking the writer and being woken by it costs more than that does.

use super::CommitError;
use super::keep::News;
use super::lane::Lane;
use super::request::{Order, Request};
use super::turn::Turn;
use crossbeam::channel::{Receiver, Select, Sender, bounded};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

/// More calls than that take so much longer than waking the writer and being woken by it that
/// nothing is gained.
const SHORT: usize = 64;

/// The thread that works, and how it ended.
pub(super) type Writer = JoinHandle<Result<(), CommitError>>;

/// So many go to the writer once somebody has found another at work: where several come at
/// once it serves them together, with one sync, and who goes first would only hold up others.
const CROWD: u32 = 64;

/// Where the lane stands.
pub(super) struct Desk {
    place: Mutex<Place>,
    /// The writer waits for its turn: nobody goes before it.
    is_claimed: AtomicBool,
    /// How many more bring their calls to the writer, whether it is at work or not.
    crowd: AtomicU32,
    /// Wakes the writer.
    bell: Sender<()>,
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
            crowd: AtomicU32::new(0),
            bell,
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
        let refused = self.try_serve(request);
        if refused.is_some() && is_call {
            self.crowd.store(CROWD, Ordering::Relaxed);
        }
        refused
    }

    /// One less is to bring its calls to the writer; how many exactly is no matter.
    fn is_crowded(&self) -> bool {
        let left = self.crowd.load(Ordering::Relaxed);
        self.crowd.store(left.saturating_sub(1), Ordering::Relaxed);
        left > 0
    }

    fn try_serve(&self, request: Request) -> Option<Request> {
        if self.is_claimed.load(Ordering::Acquire) {
            return Some(request);
        }
        let Ok(mut place) = self.place.try_lock() else { return Some(request) };
        let Some(lane) = place.lane.as_mut().filter(|lane| lane.is_idle()) else {
            return Some(request);
        };
        lane.serve_alone(request);
        let due = Instant::now() + lane.nap();
        if due < place.wakes_at {
            place.wakes_at = due;
            // A bell that rings already is enough.
            let _ringing = self.bell.try_send(());
        }
        None
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
        let turn = place.lane.as_mut().map_or(Turn::End(Ok(())), Lane::turn);
        if let Turn::Rest { until, .. } = turn {
            place.wakes_at = until;
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::lane::RELAXED;
    use crate::engine::open::open;
    use crate::engine::prepared::Prepared;
    use crate::engine::request::Reply;
    use crate::engine::shared::Shared;
    use crate::engine::{CommitTime, Durability, Options};
    use crate::model::{Body, Call, Object};
    use crossbeam::channel::unbounded;
    use std::time::Duration;

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
        let (requests, inbox) = unbounded();
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
            let calls = Prepared::new(vec![call; n], self.shared.policy());
            request(Order::Calls { calls, bulk: false, time: CommitTime::Clock })
        }

        fn close(self) -> Result<(), CommitError> {
            let (close, _answer) = request(Order::Close);
            // The writer may have ended.
            let _gone = self.requests.send(close);
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
        opened.requests.send(first).unwrap();
        opened.requests.send(second).unwrap();
        drop(place);
        let lsn = |answer: Answer| match answer.recv() {
            Ok(Ok(Reply::Receipt(receipt, _))) => receipt.lsn,
            _ => None,
        };
        let (first, second) = (lsn(first_answer), lsn(second_answer));
        assert!(first.is_some() && first < second);
        opened.wait(|place| place.wakes_at > Instant::now());
        let serve = || opened.desk.serve(opened.call().0).is_none();
        assert!((0..CROWD).all(|_| !serve()), "others are likely to come as well");
        assert!(serve(), "nobody came");
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

    #[test]
    fn nobody_goes_on_with_a_lane_in_which_somebody_failed() {
        let opened = opened(Durability::Synced);
        let desk = opened.desk.clone();
        let failed = std::thread::spawn(move || {
            let _place = desk.place.lock();
            std::panic::resume_unwind(Box::new("in the middle of something"));
        });
        assert!(failed.join().is_err());
        let (call, _answer) = opened.call();
        assert!(opened.desk.serve(call).is_some());
        assert!(matches!(opened.close(), Err(CommitError::Closed)));
    }
}
