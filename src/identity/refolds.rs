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
/// use throng::identity::{Identity, Policy};
/// use throng::model::{Body, Call, EventId, Object, Timestamp};
/// let (policy, mut identity) = (Policy::standard(), Identity::default());
/// let now = Timestamp::from_millis(2).unwrap();
/// for (id, ms, user) in [(1, 2, "ada"), (2, 1, "bob")] {
///     let mut call = Call::new("tv", Body::Page { properties: Object::default() });
///     (call.user_id, call.anonymous_id) = (Some(user.into()), Some("tv".into()));
///     let when = Timestamp::from_millis(ms).unwrap();
///     identity.take(&policy, &policy.named(&call).unwrap(), when, EventId(id), now);
/// }
/// assert_eq!((identity.refolds().late, identity.refolds().unlink), (1, 0));
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
    /// Forgetting had left a mark on it when another policy was declared.
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
