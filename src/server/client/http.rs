//! As much of HTTP/1.1 as asking a server of our own takes: one request on one
//! connection, and a reply that says its length.

use crate::engine::Stop;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How often a waiting asker looks whether the answer is still wanted.
const LOOK: Duration = Duration::from_millis(50);
/// Bytes that the head of a reply may have.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// A request.
pub(super) struct Request<'a> {
    method: &'static str,
    path: &'a str,
    body: &'a [u8],
}

/// A reply.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

impl<'a> Request<'a> {
    pub fn get(path: &'a str) -> Request<'a> {
        Request { method: "GET", path, body: &[] }
    }

    pub fn post(path: &'a str, body: &'a [u8]) -> Request<'a> {
        Request { method: "POST", path, body }
    }

    /// Sends it and waits for the reply, or until the answer is no longer wanted.
    pub fn send(&self, address: &str, token: &str, stop: &Stop) -> io::Result<Reply> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let Request { method, path, body } = self;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        // A server that refuses early may close before it has read everything;
        // what it said is then still there to be read.
        let written = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        stream.set_read_timeout(Some(LOOK))?;
        match read(&mut stream, stop) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => written.and(Err(error)),
            replied => replied,
        }
    }
}

fn read(stream: &mut impl Read, stop: &Stop) -> io::Result<Reply> {
    let mut bytes = Vec::new();
    let head_len = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if bytes.len() > HEAD_BYTES_MAX {
            return Err(garbled("its head has no end"));
        }
        if more(stream, &mut bytes, stop)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let mut body = bytes.split_off(head_len);
    let head = String::from_utf8(bytes).map_err(|_| garbled("its head is no text"))?;
    let (status, length) = read_head(&head)?;
    while body.len() < length {
        if more(stream, &mut body, stop)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    body.truncate(length);
    Ok(Reply { status, body })
}

fn read_head(head: &str) -> io::Result<(u16, usize)> {
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    let status = status.and_then(|rest| rest.get(..3)?.parse().ok());
    let status = status.ok_or_else(|| garbled("it is no HTTP"))?;
    let length = lines.filter_map(|line| line.split_once(':'));
    let length = length
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .find_map(|(_, value)| value.trim().parse().ok());
    Ok((status, length.ok_or_else(|| garbled("it does not say its length"))?))
}

/// Reads what is there; waits for more as long as it is wanted.
fn more(stream: &mut impl Read, bytes: &mut Vec<u8>, stop: &Stop) -> io::Result<usize> {
    let mut buffer = [0; 64 << 10];
    loop {
        if stop.is_stopped() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match stream.read(&mut buffer) {
            Ok(n_bytes) => {
                bytes.extend_from_slice(&buffer[..n_bytes]);
                return Ok(n_bytes);
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {}
                io::ErrorKind::Interrupted => {}
                _ => return Err(error),
            },
        }
    }
}

fn garbled(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

/// A text as a part of a path or a parameter.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(byte as char);
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> io::Result<Reply> {
        read(&mut text.as_bytes(), &Stop::default())
    }

    #[test]
    fn a_reply_ends_where_it_says() {
        let read = reply("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokand more").unwrap();
        assert_eq!((read.status, &read.body[..]), (200, &b"ok"[..]));
    }

    #[test]
    fn what_is_no_reply_is_an_error() {
        let kind = |text: &str| reply(text).unwrap_err().kind();
        assert_eq!(kind(""), io::ErrorKind::UnexpectedEof);
        assert_eq!(kind("SSH-2.0\r\n\r\n"), io::ErrorKind::InvalidData);
        assert_eq!(kind("HTTP/1.1 200 OK\r\n\r\nbody"), io::ErrorKind::InvalidData);
        assert_eq!(
            kind("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody"),
            io::ErrorKind::UnexpectedEof
        );
    }

    #[test]
    fn a_name_stays_one_part_of_a_path() {
        assert_eq!(escaped("big spenders/ä"), "big%20spenders%2F%C3%A4");
    }
}
