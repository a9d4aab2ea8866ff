use super::*;
use crate::model::Timestamp;
use crate::store::lines::Lines;
use std::process::Command;

fn create(path: &Path) -> Directory {
    let manifest = Manifest::new(Timestamp::EPOCH, Clock::Wall).unwrap();
    Directory::create(path, manifest, Options::small()).unwrap()
}

#[test]
fn a_manifest_comes_back_as_it_was_put() {
    let place = tempfile::tempdir().unwrap();
    let mut directory = create(place.path());
    let mut manifest = directory.manifest().clone();
    manifest.log.insert(7, 2);
    manifest.feed.insert(1, 1);
    directory.put_manifest(manifest.clone()).unwrap();
    drop(directory);
    let directory = Directory::open(place.path(), Options::small()).unwrap();
    assert!(*directory.manifest() == manifest);
}

#[test]
fn two_stores_have_two_names_and_two_secrets() {
    let [a, b] = [0, 1].map(|_| Manifest::new(Timestamp::EPOCH, Clock::Wall).unwrap());
    assert_ne!((a.uuid, a.secret), (b.uuid, b.secret));
    assert!(!format!("{a:?}").contains(&format!("{:x}", a.secret)));
}

#[test]
fn a_newer_format_is_refused_with_both_numbers() {
    let place = tempfile::tempdir().unwrap();
    drop(create(place.path()));
    let newer = Lines::default().with("format", 7).with("what", "nobody knows");
    newer.put(&place.path().join("MANIFEST"), "throng store").unwrap();
    let refused = Directory::open(place.path(), Options::small()).unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 7, known: 1 }));
    assert!(refused.to_string().contains("format 7") && refused.to_string().contains("up to 1"));
}

#[test]
fn a_second_process_is_told_who_holds_the_lock() {
    let place = tempfile::tempdir().unwrap();
    drop(create(place.path()));
    // Another process takes the same lock, as a second Throng would.
    let lock = place.path().join("LOCK");
    let held = format!(
        "exec 9<>'{0}'; flock -n 9 && echo $$ >'{0}' && echo held && read _",
        lock.display()
    );
    let mut other = match Command::new("sh")
        .args(["-c", &held])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
    {
        Ok(other) => other,
        Err(error) => return println!("skipped: no shell here ({error})"),
    };
    let mut said = String::new();
    let out = other.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut said).unwrap();
    if said.trim() != "held" {
        return println!("skipped: no flock command here");
    }
    let refused = Directory::open(place.path(), Options::small()).unwrap_err();
    assert!(refused.to_string().ends_with(&format!("is in use by process {}", other.id())));
    drop(other.stdin.take());
    other.wait().unwrap();
    Directory::open(place.path(), Options::small()).unwrap();
}

#[test]
fn a_store_is_created_only_where_nothing_is() {
    let place = tempfile::tempdir().unwrap();
    let manifest = Manifest::new(Timestamp::EPOCH, Clock::Wall).unwrap();
    let refused = Directory::open(place.path(), Options::small());
    assert!(matches!(refused, Err(StoreError::NotAStore { .. })));
    fs::write(place.path().join("notes.txt"), "mine").unwrap();
    let refused = Directory::create(place.path(), manifest, Options::small());
    assert!(matches!(refused, Err(StoreError::Occupied { .. })));
}

#[test]
fn a_creation_that_a_crash_broke_off_begins_again() {
    let place = tempfile::tempdir().unwrap();
    drop(create(place.path()));
    fs::remove_file(place.path().join("MANIFEST")).unwrap();
    fs::write(place.path().join("MANIFEST.unfinished"), "throng st").unwrap();
    drop(create(place.path()));
}

#[test]
fn a_log_without_a_manifest_is_not_written_over() {
    let place = tempfile::tempdir().unwrap();
    drop(create(place.path()));
    fs::remove_file(place.path().join("MANIFEST")).unwrap();
    let log = place.path().join("log/00000001.log");
    let records = [fs::read(&log).unwrap(), vec![1; 30]].concat();
    fs::write(&log, &records).unwrap();
    let manifest = Manifest::new(Timestamp::EPOCH, Clock::Wall).unwrap();
    let refused = Directory::create(place.path(), manifest, Options::small());
    assert!(matches!(refused, Err(StoreError::Occupied { .. })));
    assert_eq!(fs::read(&log).unwrap(), records);
}

#[test]
fn an_endpoint_is_read_while_its_process_lives() {
    let place = tempfile::tempdir().unwrap();
    let directory = create(place.path());
    assert_eq!(Endpoint::read(place.path()).unwrap(), None);
    let here = Endpoint::here("127.0.0.1:7070", "secret token");
    directory.put_endpoint(&here).unwrap();
    assert_eq!(Endpoint::read(place.path()).unwrap(), Some(here.clone()));
    assert!(!format!("{here:?}").contains("secret"));
    let mut gone = Command::new("true").spawn().unwrap();
    gone.wait().unwrap();
    directory.put_endpoint(&Endpoint { pid: gone.id(), ..here }).unwrap();
    assert_eq!(Endpoint::read(place.path()).unwrap(), None);
    drop(directory);
    Directory::open(place.path(), Options::small()).unwrap();
    assert!(!place.path().join("ENDPOINT").exists());
}

#[test]
fn the_reserve_grows_with_the_log_is_given_up_and_made_again() {
    use std::os::unix::fs::MetadataExt;
    let place = tempfile::tempdir().unwrap();
    drop(create(place.path()));
    let options = Options { reserve_bytes: 3 << 20, ..Options::small() };
    let reserve = || fs::metadata(place.path().join("RESERVE")).ok();
    let length = || reserve().map(|file| file.len());
    let directory = Directory::open(place.path(), options.clone()).unwrap();
    assert_eq!(length(), None, "a new store needs none");
    let log = fs::File::options().write(true).open(place.path().join("log/00000001.log")).unwrap();
    for (log_bytes, bytes) in [(2 << 20, 2 << 20), (1 << 20, 2 << 20), (70 << 20, 3 << 20)] {
        log.set_len(log_bytes).unwrap();
        directory.check_space().unwrap();
        assert_eq!(length(), Some(bytes), "of a log of {log_bytes}");
    }
    assert!(reserve().unwrap().blocks() * 512 >= 3 << 20, "it takes no room");
    directory.release_reserve().unwrap();
    assert_eq!(length(), None);
    drop(directory);
    drop(Directory::open(place.path(), options).unwrap());
    assert_eq!(length(), Some(3 << 20));
}

#[test]
fn looking_changes_nothing() {
    let place = tempfile::tempdir().unwrap();
    drop(create(place.path()));
    fs::write(place.path().join("CKPT.unfinished"), "half").unwrap();
    fs::write(place.path().join("RESERVE"), "zeros").unwrap();
    let directory = Directory::look(place.path(), Options::small()).unwrap();
    let second = Directory::open(place.path(), Options::small());
    assert!(matches!(second, Err(StoreError::Locked { opens: true, .. })));
    directory.opened();
    let second = Directory::open(place.path(), Options::small());
    assert!(matches!(second, Err(StoreError::Locked { opens: false, .. })));
    assert!(place.path().join("CKPT.unfinished").exists());
    assert_eq!(fs::read(place.path().join("RESERVE")).unwrap(), b"zeros");
}

#[test]
fn too_little_free_space_is_told_with_both_numbers() {
    let place = tempfile::tempdir().unwrap();
    drop(create(place.path()));
    let options = Options { free_bytes_min: u64::MAX, ..Options::small() };
    let directory = Directory::open(place.path(), options).unwrap();
    let free = directory.free_bytes().unwrap();
    let refused = directory.check_space();
    assert!(free > 0 && matches!(refused, Err(StoreError::Full { least: u64::MAX, .. })));
}
