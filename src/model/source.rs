//! Where a call came from, as far as attributes care.

/// Whose data a source sends: attributes of a first party win over those of a third.
///
/// ```
/// use throng::model::Party;
/// assert!(Party::First > Party::Third);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// Bought or exchanged data.
    Third,
    /// Our own; what a source is until it is declared otherwise.
    First,
}
