//! Who is who: claims folded in event order into groups of identifiers.
//!
//! It knows no event beyond the claim in it, and no audience.

mod accept;
mod again;
mod births;
mod claims;
mod clusters;
pub mod fold;
mod forget;
mod groups;
mod kept;
mod memory;
mod named;
mod people;
mod policy;
mod refold;
mod refolds;
mod regrouped;
mod scars;
#[cfg(test)]
mod tests;

pub use forget::Forgotten;
pub use groups::{NOBODY, PARTED};
pub use kept::{
    CallKept, ClaimKept, ClaimsKept, Kept, NumberKept, NumbersKept, RestKept, ScarKept, TenureKept,
    TenuresKept,
};
pub use named::{Named, NamedError};
pub use people::{Identity, Quarantined, Refusal, Stretch};
pub use policy::{Namespace, NamespaceKind, Policy};
pub use refolds::Refolds;
pub use regrouped::Regrouped;

/// Why a link was refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// An `unlink` stands between the two groups.
    Unlinked,
    /// A namespace would have more values than its limit allows.
    Limit(crate::model::Text),
    /// Two carriers, each held by somebody with an own identifier.
    Shared,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Unlinked => f.write_str("unlinked"),
            Reason::Limit(namespace) => write!(f, "limit {namespace}"),
            Reason::Shared => f.write_str("shared"),
        }
    }
}
