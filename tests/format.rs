//! The bytes that `docs/format.md` shows are those that are written, and its
//! rules lead through them. `UPDATE_EXPECT=1` rewrites the blocks, and a
//! person reads the difference.
#![allow(clippy::disallowed_methods, reason = "files are what it is about")]

#[path = "support/document.rs"]
mod document;

use document::{Piece, compare, pieces, read};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use throng::model::{Input, Lsn, Record, Timestamp};
use throng::store::{
    Cause, Clock, Directory, EntryKind, Feed, FeedEntry, Kv, Log, Manifest, Options,
};

/// The store of the document; another one has another identity.
fn store(path: &Path, log: BTreeMap<u32, u32>) -> Directory {
    let manifest = Manifest {
        uuid: 0x1c8e_2f6d_0b7a_4f33_a3c7_f0b9_d2e4_a615,
        created: at(0),
        clock: Clock::Wall,
        secret: 0x5b0d_9a3e_7c1f_48d2_b6e8_0f4a_9c3d_7e21,
        log,
        feed: BTreeMap::new(),
    };
    Directory::create(path, manifest, Options::small()).unwrap()
}

/// So many hours after the store was made.
fn at(hour: i64) -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000 + hour * 3_600_000).unwrap()
}

/// Bytes that are gone through, and what is said of them.
struct Walk<'a> {
    bytes: &'a [u8],
    place: usize,
    drawn: String,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Walk<'a> {
        Walk { bytes, place: 0, drawn: String::new() }
    }

    fn take(&mut self, n: usize, what: &str) -> &'a [u8] {
        let taken = &self.bytes[self.place..self.place + n];
        let hex: String = taken.iter().map(|byte| format!("{byte:02x}")).collect();
        self.drawn += &format!("{:>4}  {hex:<40}  {what}\n", self.place);
        self.place += n;
        taken
    }

    fn u32(&mut self, what: &str) -> u32 {
        u32::from_le_bytes(self.take(4, what).try_into().unwrap())
    }

    /// Seven bits per byte, lowest first; the highest bit says that more follow.
    fn number(&mut self, what: &str) -> u64 {
        let rest = &self.bytes[self.place..];
        let n = rest.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
        let bytes = self.take(n, what);
        bytes.iter().rev().fold(0, |number, byte| (number << 7) | u64::from(byte & 0x7F))
    }

    fn signed(&mut self, what: &str) -> i64 {
        let number = self.number(what);
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }

    fn text(&mut self, expected: &str) {
        assert_eq!(self.number("bytes of a text"), expected.len() as u64);
        assert_eq!(self.take(expected.len(), expected), expected.as_bytes());
    }

    /// The head of a file; gives the checksum with which those of its frames begin.
    fn head(&mut self, magic: &str) -> u32 {
        assert_eq!(self.take(8, &format!("magic {magic}")), magic.as_bytes());
        assert_eq!(self.u32("version"), 1);
        assert_eq!(self.u32("number"), 1);
        assert_eq!(self.u32("generation"), 0);
        assert_eq!(self.take(16, "uuid")[..2], [0x1C, 0x8E]);
        self.take(8, "first: no record is older than the file");
        assert_eq!(self.take(16, "zeros"), [0; 16]);
        let sum = crc32fast::hash(&self.bytes[..60]);
        assert_eq!(self.u32("crc of the bytes so far"), sum);
        sum
    }

    /// What stands before a payload; gives the frame's checksum.
    fn frame(&mut self, seed: u32, chain: u32, (lsn, kind): (u64, u8), what: &str) -> u32 {
        let begin = self.place;
        let len = u32::from_le_bytes(self.bytes[begin..begin + 4].try_into().unwrap()) as usize;
        let mut sum = crc32fast::Hasher::new_with_initial(seed);
        sum.update(&self.bytes[begin..begin + 4]);
        sum.update(&self.bytes[begin + 8..begin + 25 + len]);
        let sum = sum.finalize();
        self.u32(&format!("len: {len}"));
        assert_eq!(self.u32("crc"), sum);
        let of = if chain == seed { "the file's head" } else { "the frame before" };
        assert_eq!(self.u32(&format!("chain: crc of {of}")), chain);
        let place = self.take(8, &format!("lsn {lsn}"));
        assert_eq!(place, lsn.to_le_bytes());
        assert_eq!(self.take(1, what), [kind]);
        assert_eq!(self.u32("raw_len: not compressed"), len as u32);
        sum
    }
}

fn log() -> String {
    let place = tempfile::tempdir().unwrap();
    let directory = store(&place.path().join("db"), BTreeMap::new());
    let (mut log, _) = Log::open(&directory).unwrap();
    let inputs = [
        Input::Define("declare event order".into()),
        Input::Tick,
        Input::Link("user_id:ada".into(), "email:ada@b.example".into()),
    ];
    for (input, number) in inputs.into_iter().zip(1..) {
        let lsn = Lsn(number);
        log.append(&Record { lsn, at: at(number as i64), first_identifier: 1, input }).unwrap();
        if number != 2 {
            log.sync().unwrap();
        }
    }
    let bytes = fs::read(directory.path().join("log/00000001.log")).unwrap();
    let mut walk = Walk::new(&bytes);
    let seed = walk.head("THRNGLOG");
    let chain = walk.frame(seed, seed, (1, 0x84), "kind 4, define; the first of its sync");
    begin(&mut walk, 1);
    walk.text("declare event order");
    let chain = walk.frame(seed, chain, (2, 0x83), "kind 3, tick; the first of its sync");
    begin(&mut walk, 2);
    walk.frame(seed, chain, (3, 0x06), "kind 6, link; the same sync");
    begin(&mut walk, 3);
    walk.text("user_id:ada");
    walk.text("email:ada@b.example");
    walk.drawn
}

/// What every payload of the log begins with.
fn begin(walk: &mut Walk<'_>, hour: i64) {
    assert_eq!(walk.signed(&format!("commit time {}", at(hour))), at(hour).millis());
    assert_eq!(walk.number("birth number of its first identifier"), 1);
}

fn feed() -> String {
    let place = tempfile::tempdir().unwrap();
    let directory = store(&place.path().join("db"), BTreeMap::new());
    let (mut feed, _) = Feed::open(&directory).unwrap();
    let entry = FeedEntry {
        lsn: Lsn(4),
        at: at(4),
        kind: EntryKind::Changed,
        audience: "buyers".into(),
        version: 1,
        cause: Cause::Event,
        entered: vec![(1, 0)],
        left: Vec::new(),
    };
    feed.append(&entry).unwrap();
    feed.sync().unwrap();
    let bytes = fs::read(directory.path().join("feed/00000001.feed")).unwrap();
    let mut walk = Walk::new(&bytes);
    let seed = walk.head("THRNGFED");
    walk.drawn.clear();
    walk.frame(seed, seed, (4, 0x81), "kind 1, changed; the first of its sync");
    assert_eq!(walk.signed(&format!("at {}", at(4))), at(4).millis());
    walk.text("buyers");
    assert_eq!(walk.number("version"), 1);
    assert_eq!(walk.take(1, "cause 0, event"), [0]);
    assert_eq!(walk.number("how many entered"), 1);
    assert_eq!(walk.take(1, "their seats, as ints: all are 1"), [1]);
    assert_eq!(walk.take(1, "since when, as ints: 0 from `at`"), [0]);
    assert_eq!(walk.number("how many left"), 0);
    walk.drawn
}

fn kv() -> String {
    let place = tempfile::tempdir().unwrap();
    let directory = store(&place.path().join("db"), BTreeMap::new());
    let (kv, _) = Kv::open(&directory).unwrap();
    kv.put_pages([(&b"key"[..], &b"a page"[..])]).unwrap();
    kv.flush().unwrap();
    drop(kv);
    let config = sled::Config::new().path(directory.path().join("kv")).segment_size(512 << 10);
    let runs = config.open().unwrap().open_tree("runs").unwrap();
    let value = runs.get(b"key").unwrap().unwrap();
    let mut walk = Walk::new(&value);
    assert_eq!(walk.take(1, "version"), [1]);
    assert_eq!(walk.take(1, "codec"), [0]);
    let summed = [&3u32.to_le_bytes()[..], b"key", &[1, 0], b"a page"].concat();
    assert_eq!(walk.u32("crc"), crc32fast::hash(&summed));
    assert_eq!(walk.take(6, "body"), b"a page");
    assert_eq!(walk.place, value.len());
    walk.drawn
}

fn manifest() -> String {
    let place = tempfile::tempdir().unwrap();
    let directory = store(&place.path().join("db"), BTreeMap::from([(7, 2)]));
    fs::read_to_string(directory.path().join("MANIFEST")).unwrap()
}

#[test]
fn the_bytes_of_the_format_are_those_that_are_written() {
    let (document, mut out, mut n_shown) = (read("docs/format.md"), String::new(), 0);
    for piece in pieces(&document) {
        let (kind, written) = match piece {
            Piece::Prose(line) => {
                out += &format!("{line}\n");
                continue;
            }
            Piece::Block(kind, written) => (kind, written),
        };
        n_shown += 1;
        let now = match kind {
            "hex log" => log(),
            "hex feed" => feed(),
            "hex kv" => kv(),
            "text MANIFEST" => manifest(),
            _ => {
                n_shown -= 1;
                written
            }
        };
        out += &format!("```{kind}\n{now}```\n");
    }
    assert_eq!(n_shown, 4);
    compare("docs/format.md", &out);
}

/// A drawing shows where things are, and a shape how they follow one another.
/// Neither is an example of something that a program could do.
#[test]
fn each_block_of_these_documents_is_compared_or_says_why_not() {
    for name in ["docs/format.md", "docs/architecture.md"] {
        for piece in pieces(&read(name)) {
            let Piece::Block(kind, text) = piece else { continue };
            let known = ["hex log", "hex feed", "hex kv", "text MANIFEST"];
            let is_known = known.contains(&kind) || matches!(kind, "text drawing" | "text shapes");
            assert!(is_known, "{name}: nobody compares the block `{kind}`:\n{text}");
        }
    }
}
