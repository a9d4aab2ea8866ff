//! Instants that follow from others: a row is mostly committed by the first
//! commit at its `when` or later, so the commits' times tell when it was.

use crate::timeline::bytes::{Reader, pack, pack_ascending, packed, packed_ascending, put_varint};

/// Writes what the rows have behind what is there, if that pays; `whens` are
/// what they follow.
pub fn put_following(out: &mut Vec<u8>, instants: &[i64], whens: &[i64]) -> bool {
    let mut times = instants.to_vec();
    times.sort_unstable();
    times.dedup();
    if times.len() > instants.len() / 4 + 1 {
        return false;
    }
    let rows = instants.iter().zip(whens).enumerate();
    let differs = |(row, (at, when)): (usize, (&i64, &i64))| {
        (times.get(first_from(&times, *when)) != Some(at)).then_some((row, *at))
    };
    let others: Vec<(usize, i64)> = rows.filter_map(differs).collect();
    if others.len() > instants.len() / 8 {
        return false;
    }
    put_varint(out, times.len() as u64);
    pack_ascending(out, times.iter().copied());
    put_varint(out, others.len() as u64);
    pack_ascending(out, others.iter().map(|(row, _)| *row as i64));
    pack(out, others.iter().map(|(_, at)| *at));
    true
}

/// The instants that [`put_following`] wrote.
pub fn read_following(reader: &mut Reader<'_>, whens: &[i64]) -> Option<Vec<i64>> {
    let n_times = reader.below(whens.len() + 1)?;
    let times = packed_ascending(reader, n_times)?;
    let n_others = reader.below(whens.len() + 1)?;
    let rows = packed_ascending(reader, n_others)?;
    let others = packed(reader, n_others)?;
    let at = |when: &i64| times.get(first_from(&times, *when)).copied();
    let mut instants: Vec<i64> = whens.iter().map(at).collect::<Option<_>>()?;
    for (row, at) in rows.into_iter().zip(others) {
        *instants.get_mut(usize::try_from(row).ok()?)? = at;
    }
    Some(instants)
}

/// The place of the first time from `when` on; of the last one where there is none.
fn first_from(times: &[i64], when: i64) -> usize {
    times.partition_point(|at| *at < when).min(times.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_costs_nothing_and_what_does_not_comes_back() {
        let whens: Vec<i64> = (0..2_000).map(|n| n * 7_919 % 100_000).collect();
        let first = |when: &i64| (when / 5_000 + 1) * 5_000;
        let mut instants: Vec<i64> = whens.iter().map(first).collect();
        for n_late in [0, 100] {
            (0..n_late).for_each(|n| instants[n * 13] = 250_000 + n as i64 % 3);
            let mut out = Vec::new();
            assert!(put_following(&mut out, &instants, &whens));
            assert!(out.len() < 60 + 4 * n_late, "{} bytes", out.len());
            let mut reader = Reader::new(&out);
            assert_eq!(read_following(&mut reader, &whens), Some(instants.clone()));
            assert!(reader.is_empty());
        }
        assert!(!put_following(&mut Vec::new(), &whens, &instants), "each row has its own");
        let mut out = Vec::new();
        assert!(put_following(&mut out, &[], &[]));
        assert_eq!(read_following(&mut Reader::new(&out), &[]), Some(Vec::new()));
    }
}
