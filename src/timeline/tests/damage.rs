//! Pages and directories that say nonsense: an error or other rows, never a panic.

use super::generate::{Dice, NOW, event};
use crate::model::{IdentifierNumber, Path, Timestamp};
use crate::timeline::{ColumnKey, DirectoryKey, MemoryPages, PageError, Shape, Timeline, Wanted};

fn sealed(dice: &mut Dice, n_rows: u128, shape: Shape) -> (Timeline, MemoryPages) {
    let mut timeline = Timeline::default().with_shape(shape);
    let mut pages = MemoryPages::default();
    (0..n_rows).for_each(|id| timeline.append(event(dice, id)));
    let change = timeline.seal(Timestamp::saturating_from_millis(NOW));
    pages.put(change.pages.iter().cloned());
    timeline.install(change).unwrap();
    (timeline, pages)
}

/// A few bytes changed, cut off or put in.
fn damage(dice: &mut Dice, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(3) {
        let place = dice.below(bytes.len() as u64) as usize;
        match dice.below(5) {
            0 => bytes.truncate(place),
            1 => bytes.insert(place, dice.roll() as u8),
            2 => bytes[place..].iter_mut().take(8).for_each(|byte| *byte = 0xff),
            _ if place < bytes.len() => bytes[place] ^= 1 << dice.below(8),
            _ => {}
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Reads all there is, in every way there is.
fn read_all(timeline: &Timeline, pages: &MemoryPages) -> Result<usize, PageError> {
    let mut n_rows = 0;
    for origin in (1..13).chain(65_530..65_542).chain([u32::MAX - 1, u32::MAX]) {
        let origin = IdentifierNumber(origin);
        let count = &mut |_: &_| n_rows += 1;
        timeline.rows(pages, origin, Timestamp::MIN, None, &Wanted::All, count)?;
    }
    let columns =
        ["a", "total", "a.b"].map(|path| ColumnKey::Property(Path::dotted(path).unwrap()));
    let scan = timeline.scan(Wanted::All, &columns, Timestamp::MIN, None, true);
    for chunk in scan.chunks() {
        scan.chunk(pages, chunk, &mut |block| {
            for row in 0..block.origins.len() {
                block.columns.iter().for_each(|column| drop(column.value(row)));
            }
        })?;
    }
    timeline.merge(pages, Timestamp::MAX)?;
    Ok(n_rows)
}

#[test]
fn damaged_pages_are_told_and_never_panic() {
    let (mut n_told, mut n_cases) = (0, 0);
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let page_bytes = dice.pick(&[200, 8 << 10]);
        let shape = Shape { own_group_rows: 1, page_bytes, ..Shape::default() };
        let (timeline, pages) = sealed(&mut dice, 120, shape);
        assert_eq!(read_all(&timeline, &pages), Ok(120));
        let entries = timeline.directory();
        for case in 0..60 {
            let open = entries.iter().map(|(key, bytes)| (*key, &**bytes));
            let timeline = Timeline::open(open).unwrap();
            let mut damaged = pages.clone();
            let place = dice.below(pages.iter().count() as u64) as usize;
            let (key, page) = pages.iter().nth(place).unwrap();
            damaged.put([(*key, damage(&mut dice, page))]);
            println!("seed {seed}, case {case}");
            n_told += usize::from(read_all(&timeline, &damaged).is_err());
            n_cases += 1;
        }
        let (key, _) = pages.iter().next().unwrap();
        let mut missing = pages.clone();
        missing.remove(key);
        let open = entries.iter().map(|(key, bytes)| (*key, &**bytes));
        let timeline = Timeline::open(open).unwrap();
        assert_eq!(read_all(&timeline, &missing), Err(PageError::Missing(*key)), "seed {seed}");
    }
    // The store sums its pages; here most of the damage is told without a sum.
    assert!(n_told * 3 > n_cases, "{n_told} of {n_cases}");
}

#[test]
fn a_damaged_directory_is_refused_or_read_without_panic() {
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let (timeline, pages) = sealed(&mut dice, 60, Shape::default());
        let entries = timeline.directory();
        for case in 0..40 {
            println!("seed {seed}, case {case}");
            let chosen = dice.below(entries.len() as u64) as usize;
            let damaged: Vec<(DirectoryKey, Vec<u8>)> = entries
                .iter()
                .enumerate()
                .map(|(place, (key, bytes))| {
                    let damaged = place == chosen && !bytes.is_empty();
                    (*key, if damaged { damage(&mut dice, bytes) } else { bytes.clone() })
                })
                .collect();
            let open = damaged.iter().map(|(key, bytes)| (*key, &**bytes));
            if let Ok(timeline) = Timeline::open(open) {
                drop(read_all(&timeline, &pages));
            }
        }
    }
}
