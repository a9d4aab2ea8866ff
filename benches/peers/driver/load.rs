//! Making the shop, and taking its history in.

use super::{Arguments, Outcome, calls, rows};
use crate::shop::{Disorder, Shop, Size};
use serde_json::json;
use std::path::Path;

/// `generate --people N --events N --batches N --batch-size N --seed N --out DIR`,
/// with shares `--late`, `--duplicates`, `--reordered`, and `--full-context 1`.
pub fn generate(given: &Arguments) -> Outcome {
    let size = Size {
        people: given.number("people")?,
        events: given.number("events")?,
        batches: given.number("batches")?,
        batch_size: given.number("batch-size")?,
    };
    let disorder = Disorder {
        late: given.number_or("late", 0.0)?,
        duplicates: given.number_or("duplicates", 0.0)?,
        reordered: given.number_or("reordered", 0.0)?,
    };
    let full_context = given.number_or("full-context", 0u8)? > 0;
    let shop = Shop { size, seed: given.number("seed")?, disorder, full_context };
    Ok(shop.write(given.path("out")?)?)
}

/// `load --data DIR --events FILE --definitions FILE`: durable, identity resolved,
/// sealed, and closed. Bytes on disk are those afterwards.
pub fn load(given: &Arguments) -> Outcome {
    let (data, file) = (given.path("data")?, given.path("events")?);
    let definitions = std::fs::read_to_string(given.path("definitions")?)?;
    let throng = given.open_to_write()?;
    let (acknowledged, taken) = rows::timed(|| calls::take(&throng, file));
    let taken = taken?;
    throng.query(&definitions)?;
    let info = throng.info()?;
    let (closing, closed) = rows::timed(|| throng.close());
    closed?;
    let calls::Taken { accepted, duplicates, refused, .. } = taken;
    rows::print(&json!({
        "row": "load",
        "seconds": (acknowledged + closing).as_secs_f64(),
        "acknowledged_seconds": acknowledged.as_secs_f64(),
        "accepted": accepted,
        "duplicates": duplicates,
        "refused": refused,
        "people": info.people,
        "log_bytes_without_ids": info.log_bytes_without_ids().map(|bytes| bytes.to_string()),
        "run_bytes_without_ids": info.bytes_per_row().map(|bytes| bytes.to_string()),
        "bytes": sizes(data)?,
    }));
    Ok(())
}

/// The bytes that each entry of the directory takes.
fn sizes(data: &Path) -> Outcome<serde_json::Value> {
    let mut sizes = serde_json::Map::new();
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        sizes.insert(name, size(&entry.path())?.into());
    }
    Ok(sizes.into())
}

fn size(path: &Path) -> Outcome<u64> {
    if !path.is_dir() {
        return Ok(path.symlink_metadata()?.len());
    }
    std::fs::read_dir(path)?.map(|entry| size(&entry?.path())).sum()
}
