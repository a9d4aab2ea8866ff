//! The token that opens everything, and the ways in which a sender shows it.

use super::settings::ServeError;
use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

/// The admin token. Compared by its sum, so that the time which a comparison
/// takes says nothing of the token.
#[derive(Clone)]
pub(super) struct Token {
    text: String,
    sum: [u8; 32],
    /// Whether it was made here: nobody knows it yet.
    pub made: bool,
}

impl Token {
    pub fn given(text: &str) -> Result<Token, ServeError> {
        let fits = (8..=256).contains(&text.len());
        let sendable = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
        if fits && sendable {
            Ok(Token::of(text.to_owned(), false))
        } else {
            Err(ServeError::Token)
        }
    }

    pub fn by_chance() -> Result<Token, ServeError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| ServeError::Chance(error.to_string()))?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Token::of(format!("throng_{digits}"), true))
    }

    fn of(text: String, made: bool) -> Token {
        let sum = Sha256::digest(&text).into();
        Token { text, sum, made }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether these are the same.
    pub fn is(&self, shown: &str) -> bool {
        let sum: [u8; 32] = Sha256::digest(shown).into();
        sum == self.sum
    }
}

/// The token that the headers show, if they show any.
pub(super) fn shown(headers: &HeaderMap) -> Option<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(key) = text("x-write-key") {
        return Some(key.to_owned());
    }
    let (scheme, rest) = text("authorization")?.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    scheme.eq_ignore_ascii_case("basic").then(|| user_of(rest))
}

/// The user's name in Basic authorisation: senders put their key there, with
/// an empty password. What cannot be read is nobody's key.
fn user_of(encoded: &str) -> String {
    let plain = base64(encoded).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    plain.split_once(':').map_or(plain.clone(), |(user, _)| user.to_owned())
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut n_bits) = (Vec::new(), 0u32, 0u32);
    for byte in text.trim_end_matches('=').bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(digit)) & 0x3_FFFF;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((bits >> n_bits) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_by(name: &'static str, value: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        shown(&headers)
    }

    #[test]
    fn a_token_is_shown_in_three_headers() {
        assert_eq!(shown_by("authorization", "Basic a2V5Og==").as_deref(), Some("key"));
        assert_eq!(shown_by("authorization", "basic a2V5OnNlY3JldA==").as_deref(), Some("key"));
        assert_eq!(shown_by("authorization", "Bearer key").as_deref(), Some("key"));
        assert_eq!(shown_by("x-write-key", "key").as_deref(), Some("key"));
        assert_eq!(shown_by("authorization", "Digest key"), None);
        assert_eq!(shown_by("authorization", "Basic ???").as_deref(), Some(""));
    }

    #[test]
    fn only_the_token_itself_is_the_token() {
        let token = Token::given("a-token-of-mine").unwrap();
        assert!(token.is("a-token-of-mine"));
        assert!(!token.is("a-token-of-min") && !token.is(""));
        assert!(Token::given("a b c d e f g").is_err() && Token::given("short").is_err());
        assert_ne!(Token::by_chance().unwrap().text(), Token::by_chance().unwrap().text());
    }
}
