//! Keeping memory small: rows are sealed and runs merged in the background,
//! and now and then a checkpoint is made that a reopening starts from.
//!
//! One job is on its way at a time. What it gives is installed between two commits.

mod load;
mod worker;

pub(super) use load::{load, resume};
pub(super) use worker::Failed;

use super::clock::wall_now;
use super::lane::Lane;
use super::manners::Hurry;
use super::pages::Shelf;
use super::{CommitError, Options};
use crate::model::Lsn;
use crate::state::State;
use crate::store::{Checkpoint, Kv};
use crate::timeline::{Change, PageKey, Timeline};
use crossbeam::channel::{Receiver, Sender, TryRecvError, unbounded};
use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use worker::{Job, Order, Outcome, standing_name};

/// Rows after which a checkpoint is made together with a seal.
const CHECKPOINT_ROWS: u64 = 2_000_000;
/// A tail of so many times its size makes the worker go on without a pause, and seal although
/// runs could be merged; one of so many makes commits wait for it.
const TAILS_HURRIED: usize = 2;
const TAILS_MAX: usize = 4;
/// More runs than are written between two checkpoints.
pub(super) const RUNS_SKIPPED: u32 = 1 << 16;

/// What the worker says of a job.
pub(super) type News = Result<Outcome, Failed>;

/// What keeps memory small.
pub(super) struct Keeper {
    jobs: Option<Sender<Job>>,
    done: Receiver<News>,
    worker: Option<JoinHandle<()>>,
    shelf: Arc<Shelf>,
    /// Set while the lane waits for the worker, or is going to.
    hurry: Hurry,
    tail_rows: usize,
    is_busy: bool,
    /// Whether merging may come to something; never where it would be lost again.
    may_merge: bool,
    is_read_only: bool,
    /// Whether a seal was ordered after the last merge.
    has_sealed: bool,
    /// Pages that were replaced, with who may still read them; the oldest first.
    graves: VecDeque<(Weak<()>, Vec<PageKey>)>,
    rows_since: u64,
    /// Whether what is sealed is a state that was: none that is being derived.
    is_whole: bool,
    /// The last checkpoint that is durable.
    checkpoint: Option<Checkpoint>,
    /// Whether the opening took standing audiences up.
    took_up: bool,
}

impl Keeper {
    /// A keeper over a store that is complete up to a checkpoint.
    pub fn start(
        shelf: Arc<Shelf>,
        checkpoint: Option<Checkpoint>,
        options: &Options,
    ) -> std::io::Result<Keeper> {
        let (jobs, orders) = unbounded();
        let (outcomes, done) = unbounded();
        let (hurry, shelves) = (Hurry::default(), shelf.clone());
        let hurried = hurry.clone();
        let worker = std::thread::Builder::new()
            .name("throng-keeper".to_owned())
            .spawn(move || worker::work(&shelves, hurried, &orders, &outcomes))?;
        Ok(Keeper {
            jobs: Some(jobs),
            done,
            worker: Some(worker),
            shelf,
            hurry,
            tail_rows: options.tail_rows.max(1),
            is_busy: false,
            may_merge: !options.read_only,
            is_read_only: options.read_only,
            has_sealed: false,
            graves: VecDeque::new(),
            rows_since: 0,
            is_whole: true,
            checkpoint,
            took_up: false,
        })
    }

    /// Where sealed rows are read from.
    pub fn shelf(&self) -> &Arc<Shelf> {
        &self.shelf
    }

    /// Up to which record the rebuildable store is complete.
    pub fn checkpointed(&self) -> Option<Lsn> {
        self.checkpoint.map(|checkpoint| checkpoint.lsn)
    }

    /// Where the worker says what it has done.
    pub fn told(&self) -> Receiver<News> {
        self.done.clone()
    }

    /// What there is to install; a worker that has ended is news as well.
    pub fn news(&self) -> Option<News> {
        match self.done.try_recv() {
            Ok(outcome) => Some(outcome),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(gone())),
        }
    }

    /// Removes what a crash has left, before anything is written.
    pub fn sweep(&mut self, state: &State) {
        self.give(Job::Sweep(state.timeline().run_numbers()));
    }

    /// Installs what is done and orders what is due. Waits only if far too
    /// many rows are not sealed.
    pub fn tend(&mut self, state: &mut State) -> Result<(), Failed> {
        if self.is_busy {
            match self.done.try_recv() {
                Ok(outcome) => self.install(outcome?, state)?,
                Err(_) if state.timeline().tail_len() > TAILS_MAX * self.tail_rows => {}
                Err(_) => {
                    self.hurry_if_late(state);
                    return Ok(());
                }
            }
        }
        self.hurry_if_late(state);
        self.order(state);
        while state.timeline().tail_len() > TAILS_MAX * self.tail_rows {
            self.wait(state)?;
            self.order(state);
        }
        Ok(())
    }

    /// Commits are going to wait for the worker if it goes on as it does.
    fn hurry_if_late(&self, state: &State) {
        self.hurry.set(state.timeline().tail_len() > TAILS_HURRIED * self.tail_rows);
    }

    /// The rows of a state that is being derived are tended next, in the place
    /// of those that are there: no checkpoint is made until it holds.
    pub fn begin_again(&mut self, state: &mut State, next: &mut State) -> Result<(), Failed> {
        self.wait(state)?;
        next.timeline_mut().skip_runs(RUNS_SKIPPED);
        self.is_whole = false;
        Ok(())
    }

    /// The state that was derived is going to hold: nothing but views reads the
    /// pages of the one before it.
    pub fn end_again(&mut self, state: &State, next: &mut State) -> Result<(), Failed> {
        self.wait(next)?;
        self.graves.push_back((state.timeline().hold(), state.timeline().pages()));
        self.is_whole = true;
        Ok(())
    }

    /// Seals every row and makes a checkpoint, and waits until it is durable.
    pub fn checkpoint(&mut self, state: &mut State) -> Result<(), Failed> {
        self.wait(state)?;
        let is_made = self.checkpointed() == Some(state.lsn());
        if is_made && state.timeline().tail_len() == 0 && !self.has_graves() {
            return Ok(());
        }
        self.seal(state, true);
        self.wait(state)
    }

    /// Lays standing audiences down beside the last checkpoint, which is of this record: the
    /// next opening takes them up as they are. They go on no more.
    pub fn lay_down(&mut self, state: &mut State) -> Result<(), Failed> {
        let has_head = |kv: &Kv| kv.has_piece(&standing_name((0, 0)));
        // What was not taken up is of no use to the next opening either.
        let is_there = self.took_up && self.shelf.with(has_head).unwrap_or_default();
        let last = self.checkpoint.filter(|last| last.lsn == state.lsn() && !is_there);
        let Some((last, rest)) = last.and_then(|last| Some((last, state.lay_down_live()?))) else {
            return Ok(());
        };
        let (epoch, is_clean) = (self.next_epoch(), !self.has_graves());
        let (rest, checkpoint) = (Box::new(rest), Checkpoint { epoch, ..last });
        self.give(Job::LayDown { rest, checkpoint, is_clean });
        self.wait(state)
    }

    /// Standing audiences were taken up as they had been laid down.
    pub fn took_up(&mut self) {
        self.took_up = true;
    }

    /// A number that no checkpoint has had, not even one that a crash cut short.
    fn next_epoch(&self) -> u64 {
        let next = self.checkpoint.map_or(0, |checkpoint| checkpoint.epoch) + 1;
        next.max(wall_now().millis().unsigned_abs())
    }

    /// Waits for the job that is on its way.
    fn wait(&mut self, state: &mut State) -> Result<(), Failed> {
        if !self.is_busy {
            return Ok(());
        }
        self.hurry.set(true);
        let outcome = self.done.recv().map_err(|_| gone());
        self.hurry.set(false);
        self.install(outcome??, state)
    }

    fn install(&mut self, outcome: Outcome, state: &mut State) -> Result<(), Failed> {
        self.is_busy = false;
        self.checkpoint = outcome.checkpoint.or(self.checkpoint);
        self.may_merge = outcome.change.is_some() && !self.is_read_only;
        if let Some(change) = outcome.change {
            self.bury(state, &change);
            state.timeline_mut().install(change)?;
        }
        Ok(())
    }

    /// Notes which pages a change replaces, and who may read them: whoever
    /// reads the directory as it was, or as it was at some time before.
    fn bury(&mut self, state: &State, change: &Change) {
        let readers = state.timeline().hold();
        self.graves.push_back((readers, change.replaced.clone()));
    }

    /// Whether there are rows enough to be sealed, and perhaps a checkpoint made.
    fn is_due(&self, state: &State) -> bool {
        state.timeline().tail_len() >= self.tail_rows
    }

    /// Whether rows wait for a worker that has nothing to do, or are far too many.
    fn is_awaited(&self, state: &State) -> bool {
        let is_full = state.timeline().tail_len() > TAILS_MAX * self.tail_rows;
        self.is_due(state) && !self.is_busy || is_full
    }

    /// Whether runs are merged although rows could be sealed, or seals that are always due
    /// would leave no time for it: while there is room for more rows, and otherwise once
    /// after each seal where runs are far too many.
    fn is_merge_first(&self, timeline: &Timeline) -> bool {
        let has_room = timeline.tail_len() <= TAILS_HURRIED * self.tail_rows;
        self.may_merge && (has_room || self.has_sealed && timeline.is_crowded())
    }

    fn order(&mut self, state: &State) {
        if self.is_busy {
            return;
        }
        let timeline = state.timeline();
        if self.is_due(state) && !self.is_merge_first(timeline) {
            let due = CHECKPOINT_ROWS.min(2 * self.tail_rows as u64);
            let n_rows = self.rows_since + timeline.tail_len() as u64;
            self.seal(state, self.is_whole && n_rows >= due);
        } else if self.may_merge {
            self.has_sealed = false;
            self.give(Job::Merge { timeline: timeline.clone(), at: state.at() });
        }
    }

    fn seal(&mut self, state: &State, with_checkpoint: bool) {
        let timeline = state.timeline().clone();
        let checkpoint = with_checkpoint.then(|| {
            let dead = self.dead();
            let epoch = self.next_epoch();
            let is_clean = !self.has_graves();
            let is_again = self.checkpointed() == Some(state.lsn());
            Box::new(Order { snapshot: state.snapshot(), is_again, epoch, dead, is_clean })
        });
        self.rows_since += timeline.tail_len() as u64;
        if with_checkpoint {
            self.rows_since = 0;
        }
        self.has_sealed = true;
        self.give(Job::Seal { timeline, at: state.at(), checkpoint });
    }

    /// Pages that nobody reads any more, and no checkpoint that is still to come names.
    fn dead(&mut self) -> Vec<PageKey> {
        let mut dead = Vec::new();
        while self.graves.front().is_some_and(|(readers, _)| readers.strong_count() == 0) {
            dead.extend(self.graves.pop_front().into_iter().flat_map(|(_, pages)| pages));
        }
        dead
    }

    fn has_graves(&self) -> bool {
        self.graves.iter().any(|(_, pages)| !pages.is_empty())
    }

    fn give(&mut self, job: Job) {
        // A worker that is gone shows itself when it is waited for.
        if let Some(jobs) = &self.jobs {
            let _gone = jobs.send(job);
        }
        self.is_busy = true;
    }
}

impl Drop for Keeper {
    /// The worker ends after the job that it has; then the store is closed.
    fn drop(&mut self) {
        self.jobs = None;
        self.hurry.set(true);
        if let Some(worker) = self.worker.take() {
            let _ended = worker.join();
        }
        self.shelf.close();
    }
}

fn gone() -> Failed {
    Failed::Damage("the worker that seals rows has ended".to_owned())
}

impl Lane {
    /// Installs what the worker has done, and orders what is due.
    pub fn keep_small(&mut self) {
        if self.stopped.is_some() || !self.may_tend() {
            return;
        }
        let directory = self.state.timeline().hold();
        if let Err(why) = self.keeper.tend(&mut self.state) {
            self.stop(&why.to_string());
        }
        // Pages that were replaced go once nobody can look at them.
        if !directory.ptr_eq(&self.state.timeline().hold()) {
            self.shared.show(None);
            self.publish();
        }
    }

    /// Whether [`Lane::keep_small`] would order something, or wait. Where it would do no more than
    /// have the worker hurry, that is done.
    pub fn is_to_be_kept_small(&self) -> bool {
        self.keeper.hurry_if_late(&self.state);
        self.stopped.is_none() && self.keeper.is_awaited(&self.state)
    }

    /// A checkpoint holds nothing that the log has not on disk: otherwise a
    /// power failure would leave a log that ends before it.
    fn may_tend(&mut self) -> bool {
        self.behind.is_none() || !self.keeper.is_due(&self.state) || self.sync().is_ok()
    }

    /// Takes in what the worker says it has done.
    pub fn hear(&mut self, outcome: News) {
        self.shared.show(None);
        let heard = outcome.and_then(|outcome| self.keeper.install(outcome, &mut self.state));
        if let Err(why) = heard {
            self.stop(&why.to_string());
        }
        self.publish();
    }

    /// Everything in memory goes to the rebuildable store.
    pub fn checkpoint(&mut self) -> Result<(), CommitError> {
        if let Some(why) = &self.stopped {
            return Err(CommitError::Stopped(why.clone()));
        }
        if self.journal.is_none() {
            return Err(CommitError::ReadOnly);
        }
        // What a checkpoint holds must be in the log for good.
        self.sync()?;
        self.shared.show(None);
        self.keeper.checkpoint(&mut self.state).map_err(|why| self.stop(&why.to_string()))
    }

    /// Lays standing audiences down for the next opening. Nothing else hangs on that.
    pub fn lay_down(&mut self) {
        if let Err(why) = self.keeper.lay_down(&mut self.state) {
            tracing::warn!(%why, "the next opening computes audiences from the rows");
        }
    }
}
