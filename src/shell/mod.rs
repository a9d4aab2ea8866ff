//! The terminal: statements typed in or piped in, answers drawn.
//!
//! It knows no database by itself: what answers its statements it is handed.
#![warn(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "they panic where nobody reads; `tell` does not"
)]

mod complete;
mod construct;
mod database;
mod editor;
mod help;
mod history;
mod input;
mod lsp;
mod meta;
mod names;
mod print;
mod session;
mod suggest;
mod texts;

pub use database::{Database, Trouble};
pub use lsp::serve as serve_editor;
pub(crate) use print::tell;
pub use print::{Format, drawn, print_answer, print_rows, shown};
pub use session::{Ended, Interrupt, Settings, run};
