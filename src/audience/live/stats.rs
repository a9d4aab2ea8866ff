//! What keeping audiences has cost.

use super::super::rank::Ranking;
use super::Live;

/// Counters since the beginning, and sizes now.
///
/// ```
/// use throng::engine::Throng;
/// use throng::model::{Body, Call, Object};
/// let throng = Throng::temporary()?;
/// throng.query("declare event order; create audience buyers is people who did order")?;
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// throng.ingest(vec![call])?;
/// let live = throng.info()?.live.unwrap();
/// assert_eq!((live.people, live.predicates, live.flips), (1, 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveStats {
    /// Events that touched a store, a question or somebody's existence.
    pub touches: u64,
    /// Entries and leaves, those taken back before they were announced too.
    pub flips: u64,
    /// Deadlines that came: instants at which somebody's answers were computed again.
    pub due: u64,
    /// Times that a person's rows were read to answer questions.
    pub rescans: u64,
    /// Different pairs of event names and filters.
    pub matchers: u64,
    /// Different readings of what is kept.
    pub accumulators: u64,
    /// Different questions about a person.
    pub predicates: u64,
    /// Orders of people that are kept.
    pub rankings: u64,
    /// Entries and buckets of orders that were looked at, in all.
    pub ranked: u64,
    /// How many people are kept.
    pub people: u64,
    /// Bytes of memory, without texts that are shared with others; of many people they are
    /// estimated by some.
    pub bytes: u64,
}

impl Live {
    /// The counters, and sizes as of now.
    pub fn stats(&self) -> LiveStats {
        let members: usize = self.circuit.nodes.iter().flatten().map(|n| n.members.memory()).sum();
        let rankings = || self.circuit.rankings.iter().flatten();
        let orders: usize = rankings().map(Ranking::bytes).sum();
        let bytes =
            orders + self.people.bytes() + self.due.bytes() + self.waiting.bytes() + members;
        LiveStats {
            matchers: self.circuit.n_matchers() as u64,
            accumulators: self.circuit.n_accumulators() as u64,
            predicates: self.circuit.questions.iter().flatten().count() as u64,
            rankings: rankings().count() as u64,
            ranked: rankings().map(|ranking| ranking.n_touched).sum(),
            people: self.people.len() as u64,
            bytes: bytes as u64,
            ..self.stats
        }
    }
}
