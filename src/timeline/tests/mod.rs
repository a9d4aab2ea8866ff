//! The timeline against a naive twin that keeps a `Vec<Event>`.

mod damage;
mod generate;
mod history;
