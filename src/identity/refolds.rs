//! How often clusters were folded again, and why.

/// Why a cluster was folded again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Late,
    Alias,
    Link,
    Unlink,
    Forget,
    Policy,
}

/// How many times a cluster was folded again since the opening, by what made
/// it necessary. A claim in order, or one that changes nothing, folds none.
///
/// ```
/// use throng::engine::{CommitTime, Throng};
/// use throng::model::{Body, Call, Object};
/// let (throng, time) = (Throng::temporary()?, CommitTime::At("2026-03-03T00:00:00Z".parse()?));
/// for (user, when) in [("ada", "2026-03-02T00:00:00Z"), ("bob", "2026-03-01T00:00:00Z")] {
///     let mut call = Call::new("tv", Body::Page { properties: Object::default() });
///     (call.user_id, call.anonymous_id) = (Some(user.into()), Some("tv".into()));
///     call.when = Some(when.parse()?);
///     throng.ingest_at(vec![call], time, false)?;
/// }
/// let refolds = throng.info()?.refolds;
/// assert_eq!((refolds.late, refolds.unlink), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refolds {
    /// A claim came after others that are dated later.
    pub late: u64,
    /// A user id was superseded by another.
    pub alias: u64,
    /// A `link` lifted what an `unlink` had put between two.
    pub link: u64,
    /// An `unlink` put two apart.
    pub unlink: u64,
    /// Somebody in the cluster was forgotten.
    pub forget: u64,
    /// Another policy was declared, and its claims had not come in order, or
    /// forgetting had left a mark on it.
    pub policy: u64,
}

impl Refolds {
    pub(super) fn note(&mut self, why: Why) {
        let counter = match why {
            Why::Late => &mut self.late,
            Why::Alias => &mut self.alias,
            Why::Link => &mut self.link,
            Why::Unlink => &mut self.unlink,
            Why::Forget => &mut self.forget,
            Why::Policy => &mut self.policy,
        };
        *counter += 1;
    }
}
