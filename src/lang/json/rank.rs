//! Ranks.

use super::leaf::words;
use super::place::{Json, JsonError, Spot};
use super::table::{choice, record};
use crate::lang::tree::{Cut, CutSize, Parts, Rank};
use serde_json::Value;

record!(Rank { cut, value, among });

choice!(Cut {
    "top" Top(size),
    "bottom" Bottom(size),
    "part" Part(parts, n),
});

choice!(CutSize {
    "percent" Percent(share),
    "count" Count(n),
});

words!(Parts { "quartile" Quartile, "quintile" Quintile, "decile" Decile, });
