//! Two jobs of one commit, each on a core.

use std::thread;

/// Runs the first job on a thread of its own and the second here.
pub(super) fn both(first: &mut (dyn FnMut() + Send), second: &mut (dyn FnMut() + Send)) {
    thread::scope(|scope| {
        scope.spawn(first);
        second();
    });
}
