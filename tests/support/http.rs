//! HTTP as bytes on a socket, so that tests see what a sender would see.

#![allow(dead_code, reason = "each test uses what it needs")]

use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The token of the servers in tests.
pub const TOKEN: &str = "token-of-the-tests";

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    /// Status and code, as problems say them.
    pub fn problem(&self) -> (u16, String) {
        let code = self.json()["code"].as_str().unwrap_or("none").to_owned();
        assert!(!self.json()["message"].as_str().unwrap_or("").is_empty(), "{}", self.text());
        (self.status, code)
    }
}

/// A connection on which nothing was said yet.
pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Says these bytes and reads the reply to its end.
pub fn raw(address: SocketAddr, bytes: &[u8]) -> Reply {
    let mut stream = connect(address);
    // A server that refuses early may close before it has read everything.
    let _written = stream.write_all(bytes);
    let mut reply = Vec::new();
    let _reset = stream.read_to_end(&mut reply);
    parse(&reply)
}

fn parse(reply: &[u8]) -> Reply {
    let at = reply.windows(4).position(|window| window == b"\r\n\r\n");
    let at = at.unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(reply)));
    let head = String::from_utf8(reply[..at].to_vec()).unwrap().to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut body = reply[at + 4..].to_vec();
    if head.contains("transfer-encoding: chunked") {
        body = unchunked(&body);
    }
    Reply { status, head, body }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..at]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        body.extend_from_slice(&rest[at + 2..at + 2 + size]);
        rest = &rest[(at + 4 + size).min(rest.len())..];
    }
    body
}

/// A request with these headers, `Host` and length added.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
    for (name, value) in headers {
        bytes.push_str(&format!("{name}: {value}\r\n"));
    }
    if method == "POST" {
        bytes.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    bytes.push_str("\r\n");
    [bytes.as_bytes(), body].concat()
}

/// The header that shows the token of the tests.
pub fn bearer() -> String {
    format!("Bearer {TOKEN}")
}

pub fn post(address: SocketAddr, path: &str, body: impl AsRef<[u8]>) -> Reply {
    raw(address, &request("POST", path, &[("Authorization", &bearer())], body.as_ref()))
}

pub fn get(address: SocketAddr, path: &str) -> Reply {
    raw(address, &request("GET", path, &[("Authorization", &bearer())], &[]))
}

/// The rows of one statement, as JSON.
pub fn ask(address: SocketAddr, statement: &str) -> Value {
    let reply = post(address, "/v1/query", serde_json::json!({ "query": statement }).to_string());
    assert_eq!(reply.status, 200, "{statement}: {}", reply.text());
    reply.json()["rows"].clone()
}
