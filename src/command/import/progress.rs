//! How far an import has come, on a terminal.

use super::input::Input;
use crate::wire::Batch;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal};

/// A bar on standard error with rate and remaining time; nothing where that is no terminal.
pub(super) struct Meter(ProgressBar);

impl Meter {
    /// The bar of one input.
    pub fn new(input: &Input) -> Meter {
        if !io::stderr().is_terminal() {
            return Meter(ProgressBar::hidden());
        }
        let (bar, template) = match input.n_bytes {
            Some(n_bytes) => (
                ProgressBar::new(n_bytes),
                "{msg} {bar:30} {percent:>3} % {binary_bytes_per_sec}, {eta} left",
            ),
            None => (ProgressBar::no_length(), "{msg} {binary_bytes} {binary_bytes_per_sec}"),
        };
        let style = ProgressStyle::with_template(template);
        let bar = match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        };
        bar.set_message(input.name.clone());
        Meter(bar)
    }

    /// The import has come to this batch.
    pub fn at(&self, batch: &Batch) {
        self.0.set_position(batch.read_to);
    }

    /// The input is at its end.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
