//! `throng demo`: a sample shop from its first visit to what one may ask of it.

mod audiences;
mod call;
mod card;
mod customer;
mod random;
mod shop;
mod story;

use super::arguments::Demo;
use super::failure::Failure;
use shop::Shop;
use std::ffi::OsStr;
use std::process::ExitCode;
use story::Story;

/// Makes the shop in a new directory and tells what happens in it; at the end,
/// what to try with the program by the name that it was called.
pub(super) fn run(demo: &Demo, program: &OsStr) -> Result<ExitCode, Failure> {
    if demo.data.exists() {
        return Err(Failure::Wrong(format!(
            "throng: {} exists already; remove it, or choose another place with --data",
            demo.data.display()
        )));
    }
    let shop = Shop::new();
    let story = Story::begin(&demo.data, &shop)?;
    story.import()?;
    story.unified()?;
    story.define()?;
    let person = story.someone()?;
    story.card(person)?;
    story.a_month_later()?;
    story.verify()?;
    story.end(program)?;
    Ok(ExitCode::SUCCESS)
}
