//! W209: an event that has not been seen for a while, though others have.
//!
//! Where nothing at all has come in, as in a history that was imported long
//! ago, no name is odder than the next.

use super::words::ago;
use super::{Names, Resolver};
use crate::lang::{Code, Span};
use crate::model::Text;

/// After so long without one, a name is more likely outgrown than rare.
const SILENT_MS: i64 = 30 * 86_400_000;

impl Resolver<'_> {
    /// Said once for each name, of a question about the present.
    pub(super) fn warn_of_silence(&mut self, event: &Text, span: Span) {
        let is_asked = self.names == Names::Checked && !self.bears_silence && self.expanding == 0;
        let Some(facts) = self.catalog.facts().event(event).filter(|_| is_asked) else { return };
        let last = facts.seen.last;
        let is_silent = |last| self.now.since(last) >= SILENT_MS;
        let mut others = self.catalog.facts().events();
        if !is_silent(last) || others.all(|(_, facts)| is_silent(facts.seen.last)) {
            return;
        }
        if !self.silent.insert(event.clone()) {
            return;
        }
        let message =
            format!("no `{event}` has been seen for 30 days: the last was {}", ago(self.now, last));
        let help = format!("at {last}; `show events` lists what comes in");
        self.warn(Code::SilentEvent, span, message, Some(help));
    }
}
