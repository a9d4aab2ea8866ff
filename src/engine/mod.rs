//! The handle that a developer holds: one lane of commits, and places to read from.
//!
//! It knows no wire and no terminal. It is the only room with a thread and the
//! only one that reads the clock.

mod again;
mod announced;
mod answer;
mod ask;
mod audience;
mod check;
mod clock;
mod commit;
mod cost;
mod crowd;
mod desk;
mod error;
mod files;
mod foresee;
mod forget;
mod group;
mod handle;
mod info;
mod journal;
mod keep;
mod lane;
mod lint;
mod look;
mod manners;
mod meanwhile;
mod members;
mod nobody;
mod open;
mod opening;
mod options;
mod pages;
mod past;
mod pending;
mod plan;
mod plan_words;
mod prepared;
mod profile;
mod raise;
mod receipt;
mod rehearse;
mod repair;
mod request;
mod second;
mod settle;
mod shared;
mod shown;
mod sizes;
mod stop;
mod subscription;
mod together;
mod trial;
mod turn;
mod watch;
mod watching;
mod why;

#[doc(inline)]
pub use crate::audience::LiveStats;
#[doc(inline)]
pub use crate::identity::{NamedError, Refolds};
#[doc(inline)]
pub use crate::lang::{Param, Params};
#[doc(inline)]
pub use crate::query::Rows;
#[doc(inline)]
pub use crate::query::catalog::Act;
#[doc(inline)]
pub use crate::state::{ApplyError, Refused};
#[doc(inline)]
pub use crate::store::{
    Cause, Checked, Clock, Damage, Endpoint, Flaw, KvError, Loss, Lost, Report, StoreError, Torn,
};
#[doc(inline)]
pub use crate::timeline::{PageError, PageKey};
pub use answer::{Answer, Answers};
pub use ask::Ask;
pub use audience::Audience;
pub use check::check;
pub use error::{CommitError, OpenError, QueryError};
pub use files::{read_text, with_files, with_files_inside};
pub use forget::Forgotten;
pub use handle::Throng;
pub use info::Info;
pub use members::Verified;
pub use opening::Opening;
pub use options::{CommitTime, Durability, Options};
pub use pending::Pending;
pub use plan::{Moves, Plan, Planned, Source};
pub use receipt::Receipt;
pub use rehearse::rehearse;
pub use repair::{Damages, Repaired, accept_loss, damages, repair};
pub use stop::Stop;
pub use subscription::{Change, Subscription};
pub use trial::Trial;
pub use watching::{Watched, Watching};
