use super::{Batch, ReadError, Shape, read};
use crate::model::limits::{EVENT_BYTES_MAX, RECORD_CALLS_MAX};
use crate::wire::csv::Mapping;
use crate::wire::{Defaults, Reason};
use flate2::{Compression, write::GzEncoder};
use std::io::{self, Cursor, Read, Write};
use std::sync::Arc;

fn all(bytes: Vec<u8>, n_threads: usize) -> Vec<Batch> {
    let batches = read(Cursor::new(bytes), Shape::Ndjson, Defaults::file("import"), n_threads);
    batches.unwrap().map(|batch| batch.unwrap()).collect()
}

fn pages(n_lines: usize) -> Vec<u8> {
    let mut file = Vec::new();
    (0..n_lines).for_each(|n| writeln!(file, r#"{{"type":"page","userId":"u{n}"}}"#).unwrap());
    file
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Gives a few bytes at a time, as a pipe may.
struct Drops(Cursor<Vec<u8>>);

impl Read for Drops {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = buffer.len().min(7_001);
        self.0.read(&mut buffer[..n_bytes])
    }
}

#[test]
fn batches_are_the_same_whatever_the_threads_and_the_source() {
    let file = pages(120_000);
    let shapes = |batches: &[Batch]| -> Vec<(usize, u64, u64)> {
        batches.iter().map(|b| (b.lines.len(), b.lines[0].number, b.n_records)).collect()
    };
    let one = all(file.clone(), 1);
    let numbers: Vec<u64> = one.iter().flat_map(|b| &b.lines).map(|line| line.number).collect();
    assert!(numbers.iter().copied().eq(1..=120_000));
    assert!(one.iter().all(|batch| batch.lines.len() <= RECORD_CALLS_MAX));
    for n_threads in [2, 3, 7] {
        let many = all(file.clone(), n_threads);
        assert_eq!(shapes(&many), shapes(&one));
        assert!(one.iter().zip(&many).all(|(a, b)| a.lines == b.lines));
    }
    let drops = Drops(Cursor::new(packed(&file)));
    let batches = read(drops, Shape::Ndjson, Defaults::file("import"), 2).unwrap();
    let progress = batches.progress();
    let unpacked: Vec<Batch> = batches.map(|batch| batch.unwrap()).collect();
    assert_eq!(shapes(&unpacked), shapes(&one));
    assert_eq!(progress.bytes(), packed(&file).len() as u64);
    assert_eq!(unpacked.last().unwrap().read_to, progress.bytes());
}

#[test]
fn blank_lines_byte_order_marks_and_a_missing_last_line_break_are_fine() {
    let file = b"\xEF\xBB\xBF\r\n{\"type\":\"page\"}\r\n \n{\"type\":\"page\"}";
    let batches = all(file.to_vec(), 1);
    let numbers: Vec<u64> = batches[0].lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [2, 4]);
    assert_eq!(batches[0].raw(&batches[0].lines[1]), b"{\"type\":\"page\"}");
}

#[test]
fn a_line_that_is_too_long_is_passed_over() {
    for n_bytes in [EVENT_BYTES_MAX + 1, 5 * EVENT_BYTES_MAX] {
        let mut file = pages(1);
        file.extend(vec![b'x'; n_bytes]);
        file.push(b'\n');
        file.extend(pages(2));
        let batches = all(file, 2);
        let lines: Vec<_> = batches.iter().flat_map(|batch| &batch.lines).collect();
        let reasons: Vec<_> =
            lines.iter().map(|line| line.call.as_ref().err().map(|r| r.reason)).collect();
        assert_eq!(reasons, [None, Some(Reason::CallTooLong), None, None]);
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }
}

#[test]
fn a_file_that_is_cut_short_gives_what_is_whole_and_then_an_error() {
    let whole = packed(&pages(200_000));
    let cut = whole[..whole.len() - 5_000].to_vec();
    let batches = read(Cursor::new(cut), Shape::Ndjson, Defaults::file("import"), 2).unwrap();
    let (mut n_lines, mut errors) = (0, Vec::new());
    for batch in batches {
        match batch {
            Ok(batch) => n_lines += batch.lines.iter().filter(|line| line.call.is_ok()).count(),
            Err(error) => errors.push(error.to_string()),
        }
    }
    assert!(n_lines > 100_000, "{n_lines}");
    assert!(matches!(errors.as_slice(), [only] if only.contains("cut short")), "{errors:?}");
}

#[test]
fn a_source_that_cannot_be_read_says_why() {
    let open = |bytes: &[u8]| {
        let source = Cursor::new(bytes.to_vec());
        let batches = read(source, Shape::Ndjson, Defaults::file("import"), 1);
        batches.and_then(|batches| batches.collect::<Result<Vec<_>, _>>())
    };
    assert!(matches!(open(b""), Err(ReadError::Empty)));
    assert!(matches!(open(b"\xFF\xFE{\0"), Err(ReadError::Utf16)));
    let mut damaged = packed(&pages(10_000));
    damaged[2_000..2_100].fill(0xFF);
    assert!(matches!(open(&damaged), Err(ReadError::Damaged { .. })));
    let directory = std::fs::File::open(env!("CARGO_MANIFEST_DIR")).unwrap();
    let error = read(directory, Shape::Ndjson, Defaults::file("import"), 1).unwrap_err();
    assert!(error.to_string().contains("directory"), "{error}");
}

#[test]
fn dropping_the_batches_stops_the_threads() {
    struct Endless {
        _alive: std::sync::mpsc::Sender<()>,
    }
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let line = b"{\"type\":\"page\"}\n";
            buffer.iter_mut().zip(line.iter().cycle()).for_each(|(to, from)| *to = *from);
            Ok(buffer.len() / line.len() * line.len())
        }
    }
    let (alive, ended) = std::sync::mpsc::channel();
    let source = io::BufReader::with_capacity(1 << 16, Endless { _alive: alive });
    let mut batches = read(source, Shape::Ndjson, Defaults::file("import"), 2).unwrap();
    assert!(batches.next().unwrap().is_ok());
    drop(batches);
    // The source is dropped with the thread that reads it.
    assert_eq!(ended.recv(), Err(std::sync::mpsc::RecvError));
}

#[test]
fn a_packed_file_that_is_cut_short_is_not_called_empty() {
    let whole = packed(&pages(500));
    for n_bytes in [2, 5, 10, 12, 40, 100] {
        let cut = Cursor::new(whole[..n_bytes].to_vec());
        let batches = read(cut, Shape::Ndjson, Defaults::file("import"), 1);
        let error = match batches {
            Err(error) => error,
            Ok(batches) => batches.filter_map(Result::err).next().expect("it is cut short"),
        };
        assert!(matches!(error, ReadError::CutShort { .. }), "{n_bytes}: {error}");
    }
    let nothing = read(Cursor::new(packed(b"")), Shape::Ndjson, Defaults::file("import"), 1);
    assert!(matches!(nothing, Err(ReadError::Empty)));
}

#[test]
fn a_header_that_is_cut_short_is_not_called_an_empty_file() {
    let names: Vec<String> = (0..2_000).map(|n| format!("column_{n}")).collect();
    let whole = packed(names.join(",").as_bytes());
    let cut = Cursor::new(whole[..whole.len() / 2].to_vec());
    let mapping = "[identifiers]\nuser_id = 'column_1'\n[[call]]\ntype = 'identify'\n";
    let mapping = Arc::new(Mapping::from_toml(mapping).unwrap());
    let error = read(cut, Shape::Csv(mapping), Defaults::file("import"), 1).unwrap_err();
    assert!(matches!(error, ReadError::CutShort { .. }), "{error}");
}
