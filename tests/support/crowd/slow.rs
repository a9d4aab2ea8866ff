//! A few people who can only be asked one by one.

use super::Crowd;
use std::sync::Arc;
use throng::model::Timestamp;
use throng::query::predicate::Audience;
use throng::query::{self, Ahead, CrowdError, Person, Reference};

/// People who can only be asked one by one.
pub struct Slow<'a>(pub &'a Crowd);

impl query::Crowd for Slow<'_> {
    fn each(
        &self,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>) -> bool,
    ) -> Result<(), CrowdError> {
        let mut goes_on = true;
        self.0.each_at(now, |_, person| goes_on = goes_on && visit(person));
        Ok(())
    }

    fn ahead(&self, _: &Arc<Audience>, _: (Timestamp, Timestamp)) -> Result<Ahead, CrowdError> {
        panic!("nobody is ranked")
    }

    fn one(
        &self,
        _: &Reference,
        _: Timestamp,
        _: &mut dyn FnMut(&Person<'_>),
    ) -> Result<bool, CrowdError> {
        Ok(false)
    }
}
