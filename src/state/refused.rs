//! Message ids that were forgotten: whoever sends one again is refused.

use crate::model::{EventId, Text};
use std::collections::BTreeSet;

/// The ids, as messages say them and as events of the sources known have them.
#[derive(Clone, Debug, Default)]
pub(super) struct RefusedIds {
    messages: BTreeSet<Text>,
    sources: BTreeSet<Text>,
    ids: BTreeSet<EventId>,
}

impl RefusedIds {
    /// Takes a message id in; gives the ids that it has in sources met so far.
    pub fn insert<'s>(
        &mut self,
        message: &Text,
        sources: impl Iterator<Item = &'s Text>,
    ) -> BTreeSet<EventId> {
        self.messages.insert(message.clone());
        sources.for_each(|source| self.meet(source));
        let of_source = |source: &Text| EventId::of_message(source, message);
        let ids: BTreeSet<EventId> = self.sources.iter().map(of_source).collect();
        self.ids.extend(&ids);
        ids
    }

    /// Whether a call of that source may not come in.
    pub fn refuses(&mut self, source: &Text, id: Option<EventId>) -> bool {
        let Some(id) = id.filter(|_| !self.messages.is_empty()) else { return false };
        self.meet(source);
        self.ids.contains(&id)
    }

    /// A source that is met for the first time has ids of every message.
    fn meet(&mut self, source: &Text) {
        if !self.sources.contains(source) {
            self.sources.insert(source.clone());
            let ids = self.messages.iter().map(|message| EventId::of_message(source, message));
            self.ids.extend(ids);
        }
    }

    /// The message ids.
    pub fn messages(&self) -> impl Iterator<Item = &Text> {
        self.messages.iter()
    }

    /// Refuses these message ids from here on.
    pub fn of_messages(messages: impl IntoIterator<Item = Text>) -> RefusedIds {
        RefusedIds { messages: messages.into_iter().collect(), ..RefusedIds::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_refused_of_every_source_also_of_one_met_later() {
        let (web, app, late): (Text, Text, Text) = ("web".into(), "app".into(), "late".into());
        let mut refused = RefusedIds::default();
        assert!(!refused.refuses(&web, Some(EventId::of_message("web", "m-1"))));
        let ids = refused.insert(&"m-1".into(), [&web, &app].into_iter());
        assert_eq!(ids.len(), 2);
        for source in [&web, &app, &late] {
            assert!(refused.refuses(source, Some(EventId::of_message(source, "m-1"))));
            assert!(!refused.refuses(source, Some(EventId::of_message(source, "m-2"))));
        }
        assert!(!refused.refuses(&web, None));
    }

    #[test]
    fn what_was_refused_before_a_restart_stays_so_when_more_is() {
        let web: Text = "web".into();
        let mut refused = RefusedIds::of_messages(["m-1".into()]);
        refused.insert(&"m-2".into(), [&web].into_iter());
        for message in ["m-1", "m-2"] {
            assert!(refused.refuses(&web, Some(EventId::of_message("web", message))));
        }
        assert!(!refused.refuses(&web, Some(EventId::of_message("web", "m-3"))));
    }
}
