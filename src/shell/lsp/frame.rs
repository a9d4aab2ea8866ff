//! Messages on a stream: headers, an empty line, and so many bytes.

use serde_json::Value;
use std::io::{self, BufRead, Read, Write};

/// A message of more bytes is passed over.
const BYTES_MAX: usize = 64 << 20;

/// The next message; none at the end of the stream. One without a length, or
/// with too great a one, is empty: it is answered as broken.
pub(super) fn read(input: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.take(8 << 10).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let length = length.unwrap_or(0);
    if length > BYTES_MAX {
        io::copy(&mut input.take(length as u64), &mut io::sink())?;
        return Ok(Some(Vec::new()));
    }
    let mut body = Vec::new();
    let n_read = input.take(length as u64).read_to_end(&mut body)?;
    Ok((n_read == length).then_some(body))
}

pub(super) fn write(output: &mut dyn Write, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}
