//! A second thread for the writer: jobs of a commit that need not wait for each other.

use crate::state::{Aside, Job};
use crossbeam::channel::{Sender, unbounded};
use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

/// The thread, as long as somebody may give it a job.
struct Second {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// Starts the thread; it ends with the last who may use it.
pub(super) fn second() -> io::Result<Aside> {
    let (jobs, orders) = unbounded::<Job>();
    let work = move || orders.into_iter().for_each(|job| job());
    let thread = Builder::new().name("throng-second".to_owned()).spawn(work)?;
    let second = Second { jobs: Some(jobs), thread: Some(thread) };
    Ok(Arc::new(move |job| second.run(job)))
}

impl Second {
    /// Hands a job over; where the thread is gone, does it here.
    fn run(&self, job: Job) {
        let given = self.jobs.as_ref().map(|jobs| jobs.send(job));
        if let Some(Err(back)) = given {
            (back.0)();
        }
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}
