//! Any mapping is read or refused, and any file goes through it without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use std::sync::Arc;
use throng::wire::csv::{Mapping, draft};
use throng::wire::{Defaults, Shape, read};

const MAPPING: &str = "
[identifiers]
user_id = 'customer'

[time]
column = 'day'

[[call]]
type = 'track'
event = 'order'
properties = { total = 'amount' }
";

fuzz_target!(|parts: (&str, Vec<u8>)| {
    let (mapping, file) = parts;
    let _draft = draft(&file);
    let mapping = Mapping::from_toml(mapping).or_else(|_| Mapping::from_toml(MAPPING));
    let Ok(mapping) = mapping else { return };
    let shape = Shape::Csv(Arc::new(mapping));
    if let Ok(batches) = read(Cursor::new(file), shape, Defaults::file("fuzz"), 1) {
        batches.for_each(drop);
    }
});
