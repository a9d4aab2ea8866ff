//! Whatever comes in, nothing panics; and what tests of several doors share.

use super::csv::{Mapping, draft};
use super::read::{Cut, Found};
use super::{
    Defaults, Incoming, Shape, batch_of_json, calls_of_json, json_of_call, json_of_forget, read,
};
use std::io::Cursor;
use std::sync::Arc;

/// A small generator of chance: splitmix64.
pub(super) struct Random(pub u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// The rows of a text and their cells; none if a quote stays open.
pub(super) fn split(text: &str) -> Option<Vec<Vec<String>>> {
    let (mut rest, mut rows) = (text.as_bytes(), Vec::new());
    while !rest.is_empty() {
        let cut = Cut::Rows { delimiter: b',' };
        let Found::Record { n_content, n_bytes, .. } = cut.first(rest, true) else { return None };
        if n_content > 0 {
            rows.push(super::csv::cells(std::str::from_utf8(&rest[..n_content]).unwrap()));
        }
        rest = &rest[n_bytes..];
    }
    Some(rows)
}

const SEEDS: [&str; 8] = [
    r#"{"type":"track","event":"order","userId":"u1","messageId":"m","timestamp":"2026-03-01T12:00:00.5Z","properties":{"total":12.50,"items":[{"p":1e3},{"p":-0.1}]},"ord":3}"#,
    r#"{"type":"identify","userId":17850,"anonymousId":null,"traits":{"email":"a@example.org","x":null},"context":{"traits":{"email":"b","plan":"c"}}}"#,
    r#"{"type":"page","name":"Home","category":"c","anonymousId":"a","properties":{"url":"https:\/\/example.org\/\u017e"},"originalTimestamp":"2026-03-01T12:00:00+01:00","sentAt":"2026-03-01T12:00:05Z"}"#,
    r#"{"type":"group","groupId":5,"userId":"u","traits":{"n":99999999999999999999}}"#,
    r#"{"type":"alias","previousId":"a","userId":"b","integrations":{"All":false}}"#,
    r#"{"type":"consent","userId":"u","purpose":"email","granted":false,"expiresAt":"2027-01-01T00:00:00Z"}"#,
    r#"{"type":"forget","userId":"u","suppress":true,"traits":{"email":"a"}}"#,
    r#"{"batch":[{"type":"screen","userId":"u"},{"type":"track"}],"sentAt":"2026-03-01T12:00:00Z","context":{"ip":"::1"}}"#,
];

fn mutated(random: &mut Random) -> Vec<u8> {
    let mut bytes = SEEDS[random.below(SEEDS.len())].as_bytes().to_vec();
    for _ in 0..random.below(6) {
        let at = random.below(bytes.len() + 1);
        match random.below(5) {
            0 if at < bytes.len() => drop(bytes.remove(at)),
            1 => bytes.insert(at, random.next() as u8),
            2 => bytes.insert(at, b"{}[]\",:0-eu\\\n\0"[random.below(14)]),
            3 if at < bytes.len() => bytes[at] = random.next() as u8,
            _ => {
                let other = SEEDS[random.below(SEEDS.len())].as_bytes();
                let from = random.below(other.len());
                bytes.splice(at..at, other[from..].iter().copied().take(20));
            }
        }
    }
    bytes
}

/// What is accepted goes out and comes in again as the same call.
fn there_and_back(call: &Incoming, case: &str) {
    let json = match call {
        Incoming::Call(call) => json_of_call(call),
        Incoming::Forget(forget) => json_of_forget(forget),
    };
    let again = calls_of_json(json.as_bytes(), &Defaults::file("import"));
    assert_eq!(again.as_ref(), Ok(call), "{case}: {json}");
}

#[test]
fn no_bytes_make_the_wire_panic_and_what_it_takes_reads_back() {
    let n_cases =
        std::env::var("THRONG_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000u64);
    let request = Defaults::request("web", "2026-03-01T12:00:09Z".parse().unwrap());
    let (file, mut n_taken) = (Defaults::file("import"), 0);
    for seed in 0..n_cases {
        let bytes = mutated(&mut Random(seed));
        let case = || format!("seed {seed}: {}", String::from_utf8_lossy(&bytes));
        if let Ok(call) = calls_of_json(&bytes, &file) {
            n_taken += 1;
            there_and_back(&call, &case());
        }
        let _ = calls_of_json(&bytes, &request);
        let _ = batch_of_json(&bytes, &request);
    }
    assert!(n_taken > n_cases / 20, "only {n_taken} of {n_cases} were taken");
}

#[test]
fn random_files_and_random_mappings_never_panic() {
    let good = "time = { column = 't', format = '%Y-%m-%d' }\nmessage_id = ['a']\n[[call]]\ntype = 'track'\nevent = { column = 'a' }\n[call.properties]\nt = { column = 't', type = 'number' }\n";
    let mapping = Arc::new(Mapping::from_toml(good).unwrap());
    for seed in 0..2_000 {
        let mut random = Random(seed);
        let mut file = b"a,t\n".to_vec();
        file.extend((0..random.below(200)).map(|_| b"a,\"\n\r2026-01-\xE9\0 "[random.below(16)]));
        let _ = draft(&file);
        let shape = [Shape::Ndjson, Shape::Csv(mapping.clone())][random.below(2)].clone();
        if let Ok(batches) = read(Cursor::new(file), shape, Defaults::file("import"), 1) {
            batches.for_each(|batch| drop(batch.unwrap()));
        }
        let mut text = good.as_bytes().to_vec();
        let at = random.below(text.len());
        text[at] = b"{}[]='\"\n.x%3"[random.below(12)];
        let _ = Mapping::from_toml(&String::from_utf8(text).unwrap());
    }
}

/// The blocks of `docs/import.md` that are marked so.
fn blocks(mark: &str) -> Vec<String> {
    let page = include_str!("../../docs/import.md");
    let opening = format!("```{mark}\n");
    let blocks = page.split(&opening).skip(1);
    blocks.filter_map(|rest| rest.split_once("```")).map(|(block, _)| block.to_owned()).collect()
}

#[test]
fn every_block_of_the_page_on_importing_is_read() {
    let (calls, mappings, batches) = (blocks("json"), blocks("toml"), blocks("batch"));
    assert_eq!((calls.len(), mappings.len(), batches.len()), (1, 3, 1));
    for line in calls.iter().flat_map(|block| block.lines()) {
        calls_of_json(line.as_bytes(), &Defaults::file("import"))
            .unwrap_or_else(|reject| panic!("{line}: {reject}"));
    }
    for block in mappings {
        Mapping::from_toml(&block).unwrap_or_else(|error| panic!("{error}\n{block}"));
    }
    let calls = batch_of_json(batches[0].as_bytes(), &Defaults::file("web")).unwrap();
    assert!(calls.iter().all(Result::is_ok));
}

#[test]
fn the_page_on_importing_names_every_reason() {
    let page = include_str!("../../docs/import.md");
    for reason in super::Reason::ALL {
        assert!(page.contains(&format!("`{reason}`")), "{reason} is not in docs/import.md");
    }
}
