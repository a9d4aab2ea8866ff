//! The people of a view, asked on all cores, until the question is taken back.

use super::Stop;
use super::manners::Asked;
use crate::index::Seats;
use crate::model::{Timestamp, Value};
use crate::query::predicate::{Aggregate, Audience, Condition, Expr, Pattern, PersonLeaf};
use crate::query::{Ahead, Crowd, CrowdError, Grouped, Person, Reference};
use crate::state::{Carried, View};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, TryLockError};
use std::thread;

/// People of whom no more are handed over once the sign is given.
pub(super) struct Stoppable<'a> {
    pub view: &'a View,
    pub stop: &'a Stop,
}

impl Stoppable<'_> {
    fn carried<T>(&self, question: impl FnOnce(Carried<'_>) -> T) -> T {
        let _asked = Asked::begin();
        question(Carried { stop: &|| self.stop.is_stopped(), run: &on_all_cores })
    }
}

impl Crowd for Stoppable<'_> {
    fn each(
        &self,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>) -> bool,
    ) -> Result<(), CrowdError> {
        self.view.each(now, &mut |person| !self.stop.is_stopped() && visit(person))?;
        if self.stop.is_stopped() { Err(CrowdError::Cancelled) } else { Ok(()) }
    }

    fn select(&self, condition: &Condition, now: Timestamp) -> Result<Option<Seats>, CrowdError> {
        self.carried(|carried| self.view.select_by(carried, condition, now)).map(Some)
    }

    fn reached(
        &self,
        beginnings: &[&Pattern],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Option<Vec<Seats>>, CrowdError> {
        self.carried(|carried| self.view.reached_by(carried, beginnings, people, now)).map(Some)
    }

    fn values(
        &self,
        values: &[&Expr<PersonLeaf>],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        self.carried(|carried| self.view.values_by(carried, values, people, now)).map(Some)
    }

    fn grouped(
        &self,
        condition: &Condition,
        values: &[&Expr<PersonLeaf>],
        now: Timestamp,
    ) -> Result<Option<Grouped>, CrowdError> {
        self.carried(|carried| self.view.grouped_by(carried, condition, values, now)).map(Some)
    }

    fn totals(
        &self,
        aggregates: &[&Aggregate],
        people: &Seats,
        groups: (&[u32], u32),
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        let view = self.view;
        self.carried(|carried| view.totals_by(carried, aggregates, people, groups, now)).map(Some)
    }

    fn trends(
        &self,
        aggregates: &[&Aggregate],
        people: &Seats,
        groups: (&[u32], u32),
        edges: &[Timestamp],
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        let view = self.view;
        self.carried(|carried| {
            view.trends_by(carried, aggregates, people, (groups, edges), now).map(Some)
        })
    }

    fn regroups_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.view.regroups_after(at)
    }

    fn ahead(
        &self,
        audience: &Arc<Audience>,
        between: (Timestamp, Timestamp),
    ) -> Result<Ahead, CrowdError> {
        self.carried(|carried| self.view.ahead_by(carried, audience, between))
    }

    fn one(
        &self,
        reference: &Reference,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>),
    ) -> Result<bool, CrowdError> {
        self.view.one(reference, now, visit)
    }
}

/// Threads that help whoever asks, one less than there are cores. They wait from one
/// question to the next, and keep the memory that they worked in.
static HELPERS: OnceLock<Option<ThreadPool>> = OnceLock::new();
/// They are lent to one question at a time: in a queue, a short one would wait for
/// a long one to end.
static LENT: Mutex<()> = Mutex::new(());

fn helpers() -> Option<&'static ThreadPool> {
    let build = || {
        let n_threads = thread::available_parallelism().map_or(1, NonZero::get) - 1;
        let pool = ThreadPoolBuilder::new().num_threads(n_threads);
        let pool = pool.thread_name(|_| "throng-asker".to_owned());
        // Where no thread is to be had, who asks works alone.
        (n_threads > 0).then(|| pool.build().ok()).flatten()
    };
    HELPERS.get_or_init(build).as_ref()
}

/// Runs jobs on all cores, each taking the next one. The asker works too; where the
/// helpers are lent to somebody else, threads are made for this question.
pub(super) fn on_all_cores(n_jobs: usize, job: &(dyn Fn(usize) + Sync)) {
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= n_jobs {
                return;
            }
            job(n);
        }
    };
    let Some(helpers) = helpers().filter(|_| n_jobs > 1) else { return work() };
    let n_helping = helpers.current_num_threads().min(n_jobs - 1);
    let lent = match LENT.try_lock() {
        Ok(lent) => Some(lent),
        // A job that panicked has ended, and left nothing half done here.
        Err(TryLockError::Poisoned(lent)) => Some(lent.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    };
    if lent.is_some() {
        helpers.in_place_scope(|scope| {
            (0..n_helping).for_each(|_| scope.spawn(|_| work()));
            work();
        });
    } else {
        thread::scope(|scope| {
            (0..n_helping).for_each(|_| drop(scope.spawn(work)));
            work();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam::channel::bounded;
    use std::time::Duration;

    #[test]
    fn every_job_is_run_once() {
        for n_jobs in [0, 1, 2, 100] {
            let runs: Vec<AtomicUsize> = (0..n_jobs).map(|_| AtomicUsize::new(0)).collect();
            on_all_cores(n_jobs, &|n| {
                runs[n].fetch_add(1, Ordering::Relaxed);
            });
            assert!(runs.iter().all(|runs| runs.load(Ordering::Relaxed) == 1), "{n_jobs}");
        }
    }

    /// The first question holds every thread that it was lent until the second has its answer.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "two ask at once")]
    fn a_short_question_waits_for_no_long_one() {
        let n_cores = thread::available_parallelism().map_or(1, NonZero::get);
        let (begun, has_begun) = bounded(n_cores);
        let (ends, may_end) = bounded::<()>(0);
        thread::scope(|scope| {
            scope.spawn(move || {
                on_all_cores(n_cores, &|_| {
                    begun.send(()).unwrap();
                    may_end.recv().unwrap_err();
                });
            });
            (0..n_cores).for_each(|_| has_begun.recv().unwrap());
            let (answer, answered) = bounded(1);
            scope.spawn(move || {
                on_all_cores(8, &|_| ());
                answer.send(()).unwrap();
            });
            let answered = answered.recv_timeout(Duration::from_secs(20));
            drop(ends);
            assert_eq!(answered, Ok(()));
        });
    }
}
