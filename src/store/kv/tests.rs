use super::*;
use crate::model::{Lsn, Timestamp};
use crate::store::directory::Lock;
use crate::store::{Clock, Directory, Manifest, Options};
use std::fs;

fn directory() -> (tempfile::TempDir, Directory) {
    let place = tempfile::tempdir().unwrap();
    let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given).unwrap();
    let directory = Directory::create(place.path(), manifest, Options::small()).unwrap();
    (place, directory)
}

fn key(n: u32) -> [u8; 4] {
    n.to_be_bytes()
}

fn page(n: u32) -> Vec<u8> {
    (0..(n % 700) * 40).map(|place| (place ^ n) as u8).collect()
}

fn at(lsn: u64, epoch: u64) -> Checkpoint {
    Checkpoint { lsn: Lsn(lsn), epoch }
}

/// A store with pages 0 to n, complete up to record 5.
fn filled(directory: &Directory, n: u32) {
    let (kv, _) = Kv::open(directory).unwrap();
    let pages: Vec<([u8; 4], Vec<u8>)> = (0..n).map(|n| (key(n), page(n))).collect();
    kv.put_pages(pages.iter().map(|(key, page)| (&key[..], &page[..]))).unwrap();
    kv.put_directory(3, b"three").unwrap();
    kv.checkpoint(at(5, 3)).unwrap();
}

#[test]
fn a_flush_reaches_the_disk() {
    let (_place, directory) = directory();
    for _ in 0..3 {
        let (kv, _) = Kv::open(&directory).unwrap();
        assert!(kv.is_durable(), "sync_file_range is not the one defined here");
        kv.checkpoint(at(1, 0)).unwrap();
    }
}

#[test]
fn pages_come_back_from_memory_and_from_disk_and_no_blob_is_made() {
    let (place, directory) = directory();
    filled(&directory, 1_000);
    let (kv, start) = Kv::open(&directory).unwrap();
    assert_eq!((start.checkpoint, start.rebuild), (Some(at(5, 3)), None));
    for n in (0..1_000).chain(0..10) {
        assert_eq!(kv.page(&key(n)).unwrap().as_deref(), Some(&page(n)[..]), "page {n}");
    }
    assert_eq!(kv.page(&key(0)).unwrap().as_deref(), Some(&page(0)[..]));
    assert_eq!(kv.page(&key(1_000)).unwrap(), None);
    assert!(kv.cache_use().hits > 0 && kv.cache_use().bytes <= 1 << 20);
    let largest = vec![7; 32 << 10];
    kv.put_pages([(&b"largest"[..], &largest[..])]).unwrap();
    kv.flush().unwrap();
    let blobs = fs::read_dir(place.path().join("kv/blobs")).map_or(0, Iterator::count);
    assert_eq!(blobs, 0);
    let too_large = vec![7; (32 << 10) + 1];
    let refused = kv.put_pages([(&b"too large"[..], &too_large[..])]);
    assert_eq!(refused, Err(KvError::TooLarge { given: 32_769, limit: 32_768 }));
}

#[test]
fn a_page_put_again_or_deleted_is_not_answered_from_memory() {
    let (_place, directory) = directory();
    let (kv, _) = Kv::open(&directory).unwrap();
    for body in [b"one", b"two"] {
        kv.put_pages([(&b"k"[..], &body[..])]).unwrap();
        assert_eq!(kv.page(b"k").unwrap().as_deref(), Some(&body[..]));
    }
    kv.delete_pages(&[b"k", b"l"]).unwrap();
    assert_eq!(kv.page(b"k").unwrap(), None);
}

#[test]
fn the_greatest_directory_up_to_an_epoch_is_the_one() {
    let (_place, directory) = directory();
    let (kv, _) = Kv::open(&directory).unwrap();
    let long: Vec<u8> =
        (0..300_000u32).flat_map(|n| n.wrapping_mul(0x9E37_79B9).to_le_bytes()).collect();
    for (epoch, bytes) in [(2, &b"two"[..]), (5, &long), (9, b"")] {
        kv.put_directory(epoch, bytes).unwrap();
    }
    assert_eq!(kv.directory(1).unwrap(), None);
    assert_eq!(kv.directory(4).unwrap(), Some((2, b"two".to_vec())));
    assert_eq!(kv.directory(8).unwrap(), Some((5, long.clone())));
    assert_eq!(kv.directory(u64::MAX).unwrap(), Some((9, Vec::new())));
    kv.checkpoint(at(1, 6)).unwrap();
    assert_eq!(kv.directory(4).unwrap(), None);
    drop(kv);
    // What is newer than the checkpoint was never declared complete.
    let (kv, _) = Kv::open(&directory).unwrap();
    assert_eq!(kv.directory(u64::MAX).unwrap(), Some((5, long)));
}

#[test]
fn before_the_first_checkpoint_nothing_counts() {
    let (_place, directory) = directory();
    let (kv, start) = Kv::open(&directory).unwrap();
    assert_eq!((start.checkpoint, start.rebuild), (None, None));
    kv.put_pages([(&b"k"[..], &b"v"[..])]).unwrap();
    kv.flush().unwrap();
    drop(kv);
    let (kv, start) = Kv::open(&directory).unwrap();
    assert_eq!((start.checkpoint, start.rebuild), (None, None));
    assert_eq!(kv.page(b"k").unwrap(), None);
}

#[test]
fn pages_that_nothing_names_are_swept() {
    let (_place, directory) = directory();
    filled(&directory, 600);
    let (kv, _) = Kv::open(&directory).unwrap();
    assert_eq!(kv.sweep(|key| key[3] % 2 == 0).unwrap(), 300);
    assert_eq!(kv.page(&key(7)).unwrap(), None);
    assert_eq!(kv.page(&key(8)).unwrap().as_deref(), Some(&page(8)[..]));
}

/// Opens and expects a new store, with a reason that holds `expected`.
fn expect_rebuild(directory: &Directory, expected: &str) {
    let (kv, start) = Kv::open(directory).unwrap();
    assert_eq!(start.checkpoint, None);
    let rebuild = start.rebuild.expect(expected);
    assert!(rebuild.reason.contains(expected), "{}", rebuild.reason);
    assert_eq!(kv.page(&key(1)).unwrap(), None);
}

#[test]
fn a_store_that_is_gone_foreign_or_behind_is_built_again() {
    let (place, directory) = directory();
    let kv = place.path().join("kv");
    filled(&directory, 50);
    fs::remove_dir_all(&kv).unwrap();
    expect_rebuild(&directory, "missing");
    filled(&directory, 50);
    at(6, 3).put(place.path()).unwrap();
    expect_rebuild(&directory, "lost");
    assert!(place.path().join("kv.bad-1").is_dir());
    filled(&directory, 50);
    fs::write(place.path().join("CKPT"), "throng checkpoint\nlsn 7\ncrc 00000000\n").unwrap();
    expect_rebuild(&directory, "CKPT");
    assert!(place.path().join("kv.bad-2").is_dir());
    let (elsewhere, other) = self::directory();
    filled(&other, 50);
    drop(other);
    fs::remove_dir_all(&kv).unwrap();
    fs::rename(elsewhere.path().join("kv"), &kv).unwrap();
    at(5, 3).put(place.path()).unwrap();
    expect_rebuild(&directory, "another store");
}

#[test]
fn where_a_flush_does_not_reach_the_disk_only_a_closed_store_is_used_again() {
    let (place, directory) = directory();
    filled(&directory, 50);
    let unclean = place.path().join(open::UNCLEAN);
    let (mut kv, _) = Kv::open(&directory).unwrap();
    kv.is_durable = false;
    fs::write(&unclean, "").unwrap();
    drop(kv);
    assert!(!unclean.exists());
    assert_eq!(Kv::open(&directory).unwrap().1.rebuild, None);
    fs::write(&unclean, "").unwrap();
    expect_rebuild(&directory, "not closed");
}

#[test]
fn a_half_written_snapshot_does_not_matter() {
    let (place, directory) = directory();
    filled(&directory, 50);
    fs::write(place.path().join("kv/snap.00000000000000ff.generating"), "half").unwrap();
    let (kv, start) = Kv::open(&directory).unwrap();
    assert_eq!(start.rebuild, None);
    assert_eq!(kv.page(&key(1)).unwrap().as_deref(), Some(&page(1)[..]));
}

#[test]
fn any_damage_gives_right_pages_an_error_or_a_new_store() {
    let (place, directory) = directory();
    filled(&directory, 400);
    let kv = place.path().join("kv");
    let whole = ["db", "conf", "pages/00000001"].map(|name| fs::read(kv.join(name)).unwrap());
    for step in 0..24 {
        let _ = fs::remove_dir_all(&kv);
        fs::create_dir_all(kv.join("pages")).unwrap();
        let mut bad = whole.clone();
        let bytes = &mut bad[if step < 12 { 0 } else { 2 }];
        let place_of_harm = bytes.len() * (step % 12) / 12;
        match step % 3 {
            0 => bytes.truncate(place_of_harm),
            1 => bytes[place_of_harm] ^= 0x20,
            _ => bytes.iter_mut().skip(place_of_harm).take(4096).for_each(|byte| *byte = 0),
        }
        for (name, bytes) in ["db", "conf", "pages/00000001"].iter().zip(bad) {
            fs::write(kv.join(name), bytes).unwrap();
        }
        at(5, 3).put(place.path()).unwrap();
        let (kv, start) = Kv::open(&directory).unwrap();
        let mut n_wrong = 0;
        for n in 0..400 {
            match kv.page(&key(n)) {
                Ok(Some(found)) => assert_eq!(*found, *page(n), "step {step} page {n}"),
                Ok(None) => {
                    assert!(start.rebuild.is_some(), "step {step} page {n} is lost in silence")
                }
                Err(_) => n_wrong += 1,
            }
        }
        assert!(step < 12 || n_wrong > 0, "step {step}: damage of a volume goes unseen");
    }
}

#[test]
fn what_is_dead_is_given_back_and_what_lives_is_read_meanwhile() {
    let (place, directory) = directory();
    let volumes = || fs::read_dir(place.path().join("kv/pages")).unwrap().count();
    let length = |n: u32| page(n).len() as u64;
    filled(&directory, 400);
    let (kv, _) = Kv::open(&directory).unwrap();
    let whole = kv.bytes().unwrap();
    kv.condense().unwrap();
    assert_eq!(volumes(), 1, "nothing is dead");
    let dead: Vec<[u8; 4]> = (0..400).filter(|n| n % 4 != 1).map(key).collect();
    kv.delete_pages(&dead).unwrap();
    std::thread::scope(|scope| {
        let read = scope.spawn(|| {
            for n in (1..400).step_by(4).cycle().take(20_000) {
                assert_eq!(kv.page(&key(n)).unwrap().as_deref(), Some(&page(n)[..]));
            }
        });
        kv.condense().unwrap();
        read.join().unwrap();
    });
    assert_eq!(volumes(), 1);
    let gone: u64 = (0..400).filter(|n| n % 4 != 1).map(length).sum();
    assert!(kv.bytes().unwrap() < whole - gone + (1 << 20));
    kv.checkpoint(at(6, 3)).unwrap();
    drop(kv);
    let (kv, start) = Kv::open(&directory).unwrap();
    assert_eq!(start.rebuild, None);
    for n in 0..400 {
        let expected = (n % 4 == 1).then(|| page(n));
        assert_eq!(kv.page(&key(n)).unwrap().as_deref(), expected.as_deref());
    }
    assert_eq!(kv.verify().unwrap().1, None);
}

#[test]
fn a_store_whose_bodies_lie_in_its_trees_is_read() {
    let (place, directory) = directory();
    let path = place.path().join("kv");
    fs::create_dir(&path).unwrap();
    let config = sled::Config::new().path(&path).segment_size(4 << 20);
    let db = config.open().unwrap();
    let put = |tree: &str, key: &[u8], body: &[u8]| {
        let value = cell::put(key, cell::Body::Here(body));
        db.open_tree(tree).unwrap().insert(key, value).unwrap();
    };
    put(META, b"uuid", &directory.manifest().uuid.to_be_bytes());
    put(META, open::CHECKPOINT, &open::print(at(5, 3)));
    (0..100).for_each(|n| put(RUNS, &key(n), &page(n)));
    db.flush().unwrap();
    drop(db);
    at(5, 3).put(place.path()).unwrap();
    for _ in 0..2 {
        let (kv, start) = Kv::open(&directory).unwrap();
        assert_eq!((start.checkpoint, start.rebuild), (Some(at(5, 3)), None));
        for n in 0..100 {
            assert_eq!(kv.page(&key(n)).unwrap().as_deref(), Some(&page(n)[..]), "page {n}");
        }
        let body = page(3);
        kv.put_pages([(&key(3)[..], &body[..])]).unwrap();
        kv.condense().unwrap();
    }
}

/// A process that is being started elsewhere in this one has the file of the tree store, too.
#[test]
fn a_store_is_not_put_aside_because_its_file_is_held_a_moment_longer() {
    let (place, directory) = directory();
    let (kv, _) = Kv::open(&directory).unwrap();
    kv.checkpoint(at(5, 3)).unwrap();
    drop(kv);
    let held = Lock::of(&place.path().join("kv/db")).unwrap().unwrap();
    std::thread::scope(|scope| {
        let opened = scope.spawn(|| Kv::open(&directory).unwrap().1);
        std::thread::sleep(std::time::Duration::from_millis(50));
        drop(held);
        let start = opened.join().unwrap();
        assert_eq!((start.checkpoint, start.rebuild), (Some(at(5, 3)), None));
    });
}

#[test]
fn a_held_file_and_a_full_disk_are_no_damage() {
    for error in [KvError::Held, KvError::DiskFull] {
        assert!(matches!(error.into(), open::NotOpened::Failed(_)));
    }
    let failed = KvError::Failed("no such sector".into());
    assert!(matches!(failed.into(), open::NotOpened::Damaged(_)));
}

#[test]
fn a_piece_is_found_by_its_name_and_kept_by_it() {
    let (_place, directory) = directory();
    let (kv, _) = Kv::open(&directory).unwrap();
    let mut pieces = kv.begin_pieces(1);
    for name in ["la", "lb", "s"] {
        pieces.put(name.as_bytes(), name.as_bytes()).unwrap();
    }
    pieces.finish(at(1, 1), true).unwrap();
    let mut pieces = kv.begin_pieces(2);
    pieces.keep(|name| name.starts_with(b"l"));
    pieces.put(b"lb", b"new").unwrap();
    pieces.finish(at(1, 2), true).unwrap();
    drop(kv);
    let (kv, _) = Kv::open(&directory).unwrap();
    let mut found = Vec::new();
    let all = &mut |name: &[u8], _| found.push(name.to_vec());
    assert!(kv.each_piece(2, |name| name != b"la", all).unwrap());
    assert_eq!(found, [b"lb"]);
    // One that was not wanted is there all the same.
    assert_eq!(kv.piece(b"la").unwrap().as_deref(), Some(&b"la"[..]));
    assert_eq!(kv.piece(b"lb").unwrap().as_deref(), Some(&b"new"[..]));
    assert!(!kv.has_piece(b"s") && kv.piece(b"s").unwrap().is_none());
}

#[test]
fn a_checkpoint_writes_only_the_pieces_that_are_new() {
    let (_place, directory) = directory();
    let long: Vec<u8> =
        (0..30_000u32).flat_map(|n| n.wrapping_mul(0x9E37_79B9).to_le_bytes()).collect();
    let read = |kv: &Kv, epoch| {
        let mut found = Vec::new();
        let there = kv.each_piece(epoch, |_| true, &mut |name, bytes| {
            found.push((name.to_vec(), bytes));
        });
        there.unwrap().then_some(found)
    };
    let (kv, _) = Kv::open(&directory).unwrap();
    let put = |kv: &Kv, lsn, named: &[(&[u8], &[u8])]| {
        let mut pieces = kv.begin_pieces(lsn);
        named.iter().for_each(|(name, bytes)| pieces.put(name, bytes).unwrap());
        pieces.finish(at(lsn, lsn), true).unwrap()
    };
    assert_eq!(read(&kv, u64::MAX), None);
    let first = put(&kv, 1, &[(b"a", &long), (b"b", b"one"), (b"c", b"gone")]);
    let second = put(&kv, 2, &[(b"a", &long), (b"b", b"two")]);
    assert!(first > 100_000 && second < 1_000, "{first} and {second} bytes");
    drop(kv);
    let (kv, start) = Kv::open(&directory).unwrap();
    assert_eq!((start.checkpoint, start.is_clean), (Some(at(2, 2)), true));
    let expected = vec![(b"a".to_vec(), long.clone()), (b"b".to_vec(), b"two".to_vec())];
    assert_eq!(read(&kv, 2), Some(expected.clone()));
    // A checkpoint that was never finished leaves nothing that counts, and a sweep takes it away.
    let mut unfinished = kv.begin_pieces(3);
    unfinished.put(b"b", b"three").unwrap();
    unfinished.write().unwrap();
    drop(unfinished);
    drop(kv);
    let (kv, _) = Kv::open(&directory).unwrap();
    assert_eq!(read(&kv, 2), Some(expected.clone()));
    let n_values = || kv.verify().unwrap().0;
    let before = n_values();
    kv.sweep(|_| true).unwrap();
    assert_eq!((n_values(), read(&kv, 2)), (before - 1, Some(expected)));
}

#[test]
fn a_store_that_was_condemned_is_built_again_once() {
    let (_place, directory) = directory();
    filled(&directory, 50);
    Kv::condemn(directory.path(), "a page was damaged").unwrap();
    expect_rebuild(&directory, "a page was damaged");
    filled(&directory, 50);
    assert_eq!(Kv::open(&directory).unwrap().1.rebuild, None);
}
