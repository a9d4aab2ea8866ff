use super::head;
use crate::model::{Input, Lsn, Record, Timestamp};
use crate::store::chance::Chance;
use crate::store::{
    Clock, Damage, Directory, Flaw, Log, Manifest, Options, Recovery, StoreError, Torn,
};
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A store for one test.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given).unwrap();
        Directory::create(place.0.path(), manifest, Options::small()).unwrap();
        place
    }

    fn open_with(&self, options: Options) -> Result<(Directory, Log, Recovery), StoreError> {
        let directory = Directory::open(self.0.path(), options)?;
        let (log, recovery) = Log::open(&directory)?;
        Ok((directory, log, recovery))
    }

    fn open(&self) -> Result<(Directory, Log, Recovery), StoreError> {
        self.open_with(Options { file_bytes: 2_000, step_bytes: 512, ..Options::small() })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join("log").join(name)
    }

    /// What a copy of the files would give: the records before the first error, and the error.
    fn reading(&self) -> (Vec<Record>, Option<String>, Option<Torn>) {
        match self.open() {
            Err(error) => (Vec::new(), Some(error.to_string()), None),
            Ok((_, log, recovery)) => {
                let mut records = Vec::new();
                for record in log.read(Lsn(0)) {
                    match record {
                        Ok(record) => records.push(record),
                        Err(damage) => return (records, Some(damage.to_string()), recovery.torn),
                    }
                }
                (records, None, recovery.torn)
            }
        }
    }
}

fn tick(lsn: u64) -> Record {
    let at = Timestamp::EPOCH;
    Record { lsn: Lsn(lsn), at, first_identifier: 1, input: Input::Tick }
}

/// Appends records in syncs of one to three.
fn fill(log: &mut Log, seed: u64, n: u64) -> Vec<Record> {
    let mut chance = Chance(seed);
    let from = log.last().map_or(1, |last| last.0 + 1);
    let records: Vec<Record> = (from..from + n).map(|lsn| chance.record(lsn)).collect();
    for record in &records {
        log.append(record).unwrap();
        if chance.below(3) > 0 {
            log.sync().unwrap();
        }
    }
    log.sync().unwrap();
    records
}

fn poke(path: &Path, offset: u64, byte: u8) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(&[byte], offset).unwrap();
}

#[test]
fn records_come_back_over_many_files_and_opens() {
    let place = Place::new();
    let mut written = Vec::new();
    for seed in 0..10 {
        let (_directory, mut log, recovery) = place.open().unwrap();
        assert_eq!(recovery.torn, None);
        assert_eq!(recovery.last, written.last().map(|record: &Record| record.lsn));
        written.extend(fill(&mut log, seed, 20));
        let read: Result<Vec<Record>, Damage> = log.read(Lsn(0)).collect();
        assert_eq!(read.as_ref(), Ok(&written), "seed {seed}");
    }
    let (_directory, log, _) = place.open().unwrap();
    assert!(place.file("00000005.sum").exists());
    for from in 0..=written.len() as u64 + 1 {
        let read: Result<Vec<Record>, Damage> = log.read(Lsn(from)).collect();
        assert_eq!(read.unwrap(), written[from.saturating_sub(1) as usize..], "from {from}");
    }
}

#[test]
fn a_record_that_waits_is_not_read_and_does_not_survive() {
    let place = Place::new();
    let (directory, mut log, _) = place.open().unwrap();
    log.append(&tick(1)).unwrap();
    log.sync().unwrap();
    log.append(&tick(2)).unwrap();
    assert_eq!((log.last(), log.durable()), (Some(Lsn(2)), Some(Lsn(1))));
    assert_eq!(log.read(Lsn(0)).count(), 1);
    drop((directory, log));
    assert_eq!(place.reading(), (vec![tick(1)], None, None));
}

#[test]
fn a_record_out_of_order_is_refused_and_harms_nothing() {
    let place = Place::new();
    let (_directory, mut log, _) = place.open().unwrap();
    log.append(&tick(7)).unwrap();
    for lsn in [7, 6] {
        let refused = log.append(&tick(lsn));
        assert!(matches!(refused, Err(StoreError::OutOfOrder { last: Lsn(7), .. })));
    }
    log.append(&tick(8)).unwrap();
    log.sync().unwrap();
    assert_eq!(log.read(Lsn(0)).count(), 2);
}

/// A log of three syncs in one file: the bytes, the records, and where each record ends.
fn small_log() -> (Place, Vec<Record>, Vec<u8>, Vec<u64>) {
    let place = Place::new();
    let (directory, mut log, _) = place.open().unwrap();
    let mut ends = Vec::new();
    let records: Vec<Record> = (1..=5).map(tick).collect();
    for (record, is_last_of_sync) in records.iter().zip([true, false, true, false, true]) {
        log.append(record).unwrap();
        if is_last_of_sync {
            log.sync().unwrap();
        }
        ends.push(0);
    }
    drop((directory, log));
    let bytes = fs::read(place.file("00000001.log")).unwrap();
    let mut at = head::LEN as u64;
    for end in &mut ends {
        at += super::frame::len(&bytes[at as usize..]).unwrap();
        *end = at;
    }
    (place, records, bytes, ends)
}

#[test]
fn a_log_cut_at_any_byte_is_a_prefix() {
    let (place, records, bytes, ends) = small_log();
    for length in 0..bytes.len() {
        fs::write(place.file("00000001.log"), &bytes[..length]).unwrap();
        let (read, error, torn) = place.reading();
        if length < head::LEN {
            assert!(error.unwrap().contains("damaged at byte 0"), "cut at {length}");
            continue;
        }
        let n_whole = ends.iter().filter(|end| **end <= length as u64).count();
        assert_eq!((read.as_slice(), error), (&records[..n_whole], None), "cut at {length}");
        let end = n_whole.checked_sub(1).map_or(head::LEN as u64, |last| ends[last]);
        let n_torn = bytes[end as usize..length].iter().rposition(|byte| *byte != 0);
        // A mark of which the end is gone is no torn record.
        let n_torn = n_torn.filter(|_| n_whole < records.len());
        assert_eq!(torn.map(|torn| (torn.offset, torn.bytes)), n_torn.map(|n| (end, n as u64 + 1)));
    }
}

#[test]
fn a_flipped_bit_in_a_record_is_an_error_also_in_the_last_sync() {
    let (place, records, bytes, ends) = small_log();
    let path = place.file("00000001.log");
    for offset in 0..bytes.len() {
        for bit in [0, 3, 7] {
            let mut bad = bytes.clone();
            bad[offset] ^= 1 << bit;
            fs::write(&path, &bad).unwrap();
            let (read, error, torn) = place.reading();
            // Behind the records are their mark and zeros.
            if offset as u64 >= ends[4] {
                assert_eq!((&read, &error), (&records, &None), "byte {offset} bit {bit}");
                assert!(torn.is_some(), "byte {offset} bit {bit}");
            } else {
                let error = error.unwrap();
                assert!(error.contains("00000001.log is damaged at byte "), "byte {offset}");
                assert!(error.contains("throng repair"), "byte {offset}");
            }
            assert!(fs::read(&path).unwrap() == bad, "byte {offset} bit {bit}");
        }
    }
}

/// A file without a mark is one whose last sync a power failure cut short, or
/// one that was written before there were marks.
#[test]
fn without_a_mark_only_what_is_in_the_last_sync_may_be_cut() {
    let (place, records, bytes, ends) = small_log();
    let path = place.file("00000001.log");
    for offset in 0..ends[4] {
        let mut bad = bytes.clone();
        bad[ends[4] as usize..].fill(0);
        bad[offset as usize] ^= 8;
        fs::write(&path, &bad).unwrap();
        let (read, error, torn) = place.reading();
        // The last sync holds the records 4 and 5.
        assert_eq!(error.is_none(), offset >= ends[2], "byte {offset}: {error:?}");
        assert_eq!(torn.is_some(), offset >= ends[2], "byte {offset}");
        let n_whole = ends.iter().filter(|end| **end <= offset).count();
        assert!(error.is_some() || read == records[..n_whole], "byte {offset}");
    }
}

#[test]
fn what_is_written_after_a_cut_is_read_and_the_cut_stays() {
    let (place, records, bytes, ends) = small_log();
    // Up to the first byte of the record's number: zeros at the end are no part of what is torn,
    // and a byte of the checksums before it is one in some of the files.
    let cut = &bytes[ends[0] as usize..][..13];
    fs::write(place.file("00000001.log"), &bytes[..ends[0] as usize + cut.len()]).unwrap();
    let (directory, mut log, recovery) = place.open().unwrap();
    let torn = recovery.torn.unwrap();
    assert_eq!((torn.offset, torn.bytes), (ends[0], cut.len() as u64));
    assert!(!torn.aside().exists());
    log.append(&tick(2)).unwrap();
    assert_eq!(fs::read(torn.aside()).unwrap(), cut);
    log.sync().unwrap();
    drop((directory, log));
    assert_eq!(place.reading(), (records[..2].to_vec(), None, None));
}

#[test]
fn a_lost_record_in_the_middle_is_noticed() {
    let (place, _, bytes, ends) = small_log();
    for (from, to) in [(head::LEN as u64, ends[0]), (ends[0], ends[1]), (ends[0], ends[2])] {
        let mut bad = bytes[..from as usize].to_vec();
        bad.extend_from_slice(&bytes[to as usize..]);
        fs::write(place.file("00000001.log"), &bad).unwrap();
        let (_, error, _) = place.reading();
        assert!(error.unwrap().contains("a record before this one is lost"));
    }
}

#[test]
fn damage_in_a_sealed_file_names_file_and_offset() {
    let place = Place::new();
    let (directory, mut log, _) = place.open().unwrap();
    let records = fill(&mut log, 3, 60);
    drop((directory, log));
    let sealed = place.file("00000002.log");
    let bytes = fs::read(&sealed).unwrap();
    for offset in (0..bytes.len()).step_by(7) {
        poke(&sealed, offset as u64, bytes[offset] ^ 0x10);
        let (read, error, _) = place.reading();
        let error = error.unwrap();
        assert!(error.contains("00000002.log is damaged at byte "), "byte {offset}: {error}");
        assert_eq!(read, records[..read.len()], "byte {offset}");
        poke(&sealed, offset as u64, bytes[offset]);
    }
    fs::write(&sealed, &bytes[..bytes.len() - 1]).unwrap();
    assert!(place.reading().1.unwrap().contains("sealed with"));
    fs::remove_file(&sealed).unwrap();
    assert!(place.reading().1.unwrap().contains("the file is missing"));
}

#[test]
fn a_last_file_that_is_gone_is_missed() {
    let place = Place::new();
    let (directory, mut log, _) = place.open().unwrap();
    fill(&mut log, 3, 60);
    drop((directory, log));
    let last = (1..).map(|n| place.file(&format!("{n:08}.log"))).take_while(|path| path.exists());
    fs::remove_file(last.last().unwrap()).unwrap();
    assert!(place.reading().1.unwrap().contains("the file is missing"));
}

#[test]
fn a_crash_between_two_steps_of_sealing_is_mended() {
    let place = Place::new();
    let (directory, mut log, _) = place.open().unwrap();
    let records = fill(&mut log, 5, 60);
    drop((directory, log));
    let sum = place.file("00000001.sum");
    let before = fs::read(&sum).unwrap();
    fs::remove_file(&sum).unwrap();
    fs::write(place.file("00000002.sum.unfinished"), "throng").unwrap();
    assert_eq!(place.reading(), (records, None, None));
    // Who only reads writes nothing.
    assert!(!sum.exists() && place.file("00000002.sum.unfinished").exists());
    place.open().unwrap().1.mend().unwrap();
    assert_eq!(fs::read(&sum).unwrap(), before);
    assert!(!place.file("00000002.sum.unfinished").exists());
}

#[test]
fn a_file_of_another_store_is_not_read() {
    let (place, _, _, _) = small_log();
    let (other, _, bytes, _) = small_log();
    drop(other);
    fs::write(place.file("00000001.log"), bytes).unwrap();
    assert!(place.reading().1.unwrap().contains("its head is not that of a file of this store"));
}

#[test]
fn a_sender_cannot_write_what_looks_like_a_record() {
    let (place, records, bytes, ends) = small_log();
    // The bytes of a later record, as another store would have sealed them.
    let (_, _, foreign, foreign_ends) = small_log();
    let mut bad = bytes[..ends[1] as usize].to_vec();
    bad.push(1);
    bad.extend_from_slice(&foreign[foreign_ends[2] as usize..foreign_ends[4] as usize]);
    fs::write(place.file("00000001.log"), bad).unwrap();
    let (read, error, torn) = place.reading();
    assert_eq!((read, error), (records[..2].to_vec(), None));
    assert_eq!(torn.unwrap().offset, ends[1]);
}

#[test]
fn after_a_failed_write_nothing_is_taken_in() {
    let place = Place::new();
    let directory = Directory::open(place.0.path(), Options::small()).unwrap();
    let manifest = directory.manifest();
    let mut family = super::Family::open(
        place.0.path(),
        super::LOG,
        manifest.uuid,
        &manifest.log,
        directory.options(),
    )
    .unwrap();
    family.append(Lsn(1), 3, b"one").unwrap();
    family.sync().unwrap();
    family.append(Lsn(2), 3, b"two").unwrap();
    family.fail_from_now_on();
    assert!(matches!(family.sync(), Err(StoreError::Io { doing: "write", .. })));
    assert!(matches!(family.append(Lsn(3), 3, b"three"), Err(StoreError::Stopped)));
    assert!(matches!(family.sync(), Err(StoreError::Stopped)));
    assert_eq!(family.durable(), Some(Lsn(1)));
}

#[test]
fn every_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let (_directory, mut log, _) = place.open().unwrap();
    fill(&mut log, 1, 60);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(place.0.path()), 0o700);
    for entry in fs::read_dir(place.0.path().join("log")).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
    assert_eq!(mode(&place.0.path().join("MANIFEST")), 0o600);
}

#[test]
fn checking_counts_every_record_and_names_the_first_damage() {
    let place = Place::new();
    let (directory, mut log, _) = place.open().unwrap();
    fill(&mut log, 3, 60);
    drop(log);
    let checked = Log::check(&directory).unwrap();
    assert_eq!((checked.n_records, checked.last), (60, Some(Lsn(60))));
    assert_eq!((&checked.damage, &checked.torn), (&None, &None));
    let sealed = place.file("00000001.log");
    let byte = fs::read(&sealed).unwrap()[70];
    poke(&sealed, 70, byte ^ 1);
    let damaged = Log::check(&directory).unwrap();
    assert_eq!(damaged.damage, Some(Damage { file: sealed, offset: 64, flaw: Flaw::Checksum }));
    assert!(damaged.n_records > 0 && damaged.n_records < 60);
}
