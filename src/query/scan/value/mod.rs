//! Values of rows and people, computed: the scan's own reading of the semantics.

mod asked;
mod check;
mod compare;
mod elapsed;
mod expr;
mod here;
mod months;
mod numbers;
mod range;
mod read;
mod scalar;
mod special;
mod time;
mod typed;
mod walk;

pub use check::{passes, verdict};
pub use compare::{size, sized};
pub use expr::{decimal, number_at, value};
pub use here::Here;
pub use numbers::{compared, numbers};
pub use range::Range;
pub use read::subject_of;
pub use time::{Placed, place, place_of_value};
pub use typed::declared;
pub use walk::{Element, each, elements, lead_from};
