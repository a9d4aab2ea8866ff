//! The store as a whole: crashes, full disks, copies.

use super::chance::Chance;
use super::*;
use crate::model::{Lsn, Record, Timestamp};
use std::fs;
use std::path::Path;
use std::process::Command;

fn create(path: &Path) -> Directory {
    let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given).unwrap();
    let options = Options { file_bytes: 4_000, step_bytes: 1_000, ..Options::small() };
    Directory::create(path, manifest, options).unwrap()
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_all(&entry, &target)
        } else {
            _ = fs::copy(&entry, &target).unwrap()
        }
    }
}

#[test]
fn a_copy_of_the_files_at_any_moment_holds_all_that_was_acknowledged() {
    let place = tempfile::tempdir().unwrap();
    let directory = create(place.path());
    let (mut log, _) = Log::open(&directory).unwrap();
    let mut chance = Chance(11);
    let mut written: Vec<Record> = Vec::new();
    for round in 0..40 {
        for _ in 0..=chance.below(3) {
            written.push(chance.record(written.len() as u64 + 1));
            log.append(written.last().unwrap()).unwrap();
        }
        let is_synced = chance.below(2) == 0;
        if is_synced {
            log.sync().unwrap();
        }
        let n_durable = log.durable().map_or(0, |lsn| lsn.0 as usize);
        let killed = tempfile::tempdir().unwrap();
        copy_all(place.path(), killed.path());
        let after = Directory::open(killed.path(), Options::small()).unwrap();
        let (log, _) = Log::open(&after).unwrap();
        let found: Vec<Record> = log.read(Lsn(0)).map(Result::unwrap).collect();
        assert!(found == written[..n_durable], "round {round}");
    }
}

#[test]
fn a_backup_is_a_store_with_the_same_records() {
    let place = tempfile::tempdir().unwrap();
    let directory = create(place.path());
    let (mut log, _) = Log::open(&directory).unwrap();
    let (feed, _) = Feed::open(&directory).unwrap();
    let records: Vec<Record> = (1..60).map(|lsn| Chance(lsn).record(lsn)).collect();
    for record in &records {
        log.append(record).unwrap();
        log.sync().unwrap();
    }
    log.append(&Chance(60).record(60)).unwrap();
    let target = tempfile::tempdir().unwrap();
    backup(&directory, &log, &feed, target.path()).unwrap();
    let copy = Directory::open(target.path(), Options::small()).unwrap();
    let (copied, recovery) = Log::open(&copy).unwrap();
    assert_eq!(recovery, Recovery { last: Some(Lsn(59)), torn: None });
    assert_eq!(copied.read(Lsn(0)).map(Result::unwrap).collect::<Vec<_>>(), records);
    let again = backup(&directory, &log, &feed, target.path());
    assert!(matches!(again, Err(StoreError::Occupied { .. })));
}

#[test]
fn verifying_reads_everything() {
    let place = tempfile::tempdir().unwrap();
    let directory = create(place.path());
    let (mut log, _) = Log::open(&directory).unwrap();
    for lsn in 1..60 {
        log.append(&Chance(lsn).record(lsn)).unwrap();
        log.sync().unwrap();
    }
    drop(log);
    let (kv, _) = Kv::open(&directory).unwrap();
    kv.put_pages([(&b"k"[..], &b"v"[..])]).unwrap();
    kv.checkpoint(Checkpoint { lsn: Lsn(59), epoch: 0 }).unwrap();
    drop(kv);
    let report = verify(&directory).unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!((report.log.n_records, report.feed.n_records), (59, 0));
    let sealed = place.path().join("log/00000001.log");
    let mut bytes = fs::read(&sealed).unwrap();
    *bytes.last_mut().unwrap() ^= 4;
    fs::write(&sealed, bytes).unwrap();
    let report = verify(&directory).unwrap();
    assert_eq!(report.log.damage.as_ref().map(|damage| &damage.file), Some(&sealed));
    assert!(!report.is_whole() && report.kv.is_none());
}

/// Runs a test on a small file system of its own, where one can be mounted.
fn on_a_small_disk(size: &str, test: fn(&Path)) {
    let place = tempfile::tempdir().unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", size, "tmpfs"])
        .arg(place.path())
        .stderr(std::process::Stdio::null())
        .status();
    if !mount.is_ok_and(|status| status.success()) {
        return println!("skipped: no small file system can be mounted here");
    }
    let outcome = std::panic::catch_unwind(|| test(&place.path().join("store")));
    Command::new("umount").arg(place.path()).status().unwrap();
    outcome.unwrap();
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    on_a_small_disk("size=2m", fill_up);
}

#[test]
fn a_full_disk_does_not_put_the_rebuildable_store_aside() {
    on_a_small_disk("size=24m", open_kv_on_a_full_disk);
}

fn open_kv_on_a_full_disk(path: &Path) {
    let directory = create(path);
    let pages: Vec<([u8; 4], Vec<u8>)> =
        (0..200u32).map(|n| (n.to_be_bytes(), vec![n as u8; 9_000])).collect();
    let (kv, _) = Kv::open(&directory).unwrap();
    kv.put_pages(pages.iter().map(|(key, page)| (&key[..], &page[..]))).unwrap();
    kv.checkpoint(Checkpoint { lsn: Lsn(5), epoch: 0 }).unwrap();
    drop(kv);
    let junk = path.join("junk");
    assert!(fs::write(&junk, vec![1; 64 << 20]).is_err(), "the disk is larger than asked for");
    match Kv::open(&directory) {
        Err(error) => assert!(matches!(error, StoreError::Kv(KvError::DiskFull)), "{error}"),
        Ok((_, start)) => assert_eq!(start.rebuild, None),
    }
    fs::remove_file(&junk).unwrap();
    let (kv, start) = Kv::open(&directory).unwrap();
    assert_eq!(start.rebuild, None);
    for (key, page) in &pages {
        assert_eq!(kv.page(key).unwrap().as_deref(), Some(&page[..]));
    }
}

fn fill_up(path: &Path) {
    let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given).unwrap();
    let options = Options { reserve_bytes: 256 << 10, ..Options::small() };
    let directory = Directory::create(path, manifest, options.clone()).unwrap();
    let (mut log, _) = Log::open(&directory).unwrap();
    let mut n_durable = 0;
    let error = loop {
        let record = Chance(n_durable + 1).record(n_durable + 1);
        directory.check_space().unwrap();
        if let Err(error) = log.append(&record).and_then(|()| log.sync()) {
            break error;
        }
        n_durable += 1;
    };
    assert!(matches!(error, StoreError::Io { .. }), "{error}");
    assert!(matches!(log.sync(), Err(StoreError::Stopped)));
    drop(log);
    directory.release_reserve().unwrap();
    let (mut log, recovery) = Log::open(&directory).unwrap();
    assert!(recovery.last >= Some(Lsn(n_durable)), "{recovery:?}");
    for record in log.read(Lsn(0)).take(n_durable as usize) {
        let record = record.unwrap();
        assert_eq!(record, Chance(record.lsn.0).record(record.lsn.0));
    }
    let next = recovery.last.map_or(1, |last| last.0 + 1);
    log.append(&Chance(next).record(next)).unwrap();
    log.sync().unwrap();
}
