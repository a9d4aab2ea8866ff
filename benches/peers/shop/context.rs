//! What a browser or a phone says of itself with every call, as tags send it.

use super::chance::hash;
use super::event::{Channel, Event};
use std::io::Write;

const AGENTS: [(&str, &str); 4] = [
    (
        "macOS",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    ),
    (
        "Windows",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    ),
    (
        "iOS",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    ),
    (
        "Android",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
    ),
];
const ZONES: [(&str, &str); 3] =
    [("da-DK", "Europe/Copenhagen"), ("sv-SE", "Europe/Stockholm"), ("de-DE", "Europe/Berlin")];
const SCREENS: [(u32, u32); 4] = [(1512, 982), (1920, 1080), (393, 852), (412, 915)];
const CAMPAIGNS: [&str; 3] = ["spring-sale", "brand", "retargeting"];

/// A person keeps device and place; page and address differ from visit to visit.
pub fn put(out: &mut Vec<u8>, seed: u64, event: &Event) {
    let person = hash(seed ^ 11, u64::from(event.person), 0);
    let visit = hash(seed ^ 12, u64::from(event.person), u64::from(event.visit));
    let page = hash(1, u64::from(event.person), event.when as u64) % 500;
    let device = person as usize % AGENTS.len();
    let ((os, agent), (width, height)) = (AGENTS[device], SCREENS[device]);
    let (locale, zone) = ZONES[(person >> 8) as usize % ZONES.len()];
    let library = if event.channel == Channel::App { "throng-mobile" } else { "throng.js" };
    let [a, b, c, d, ..] = visit.to_le_bytes();
    let _in_memory = write!(
        out,
        r#","context":{{"ip":"{a}.{b}.{c}.{d}","userAgent":"{agent}","locale":"{locale}","timezone":"{zone}","library":{{"name":"{library}","version":"2.11.3"}},"os":{{"name":"{os}"}},"screen":{{"width":{width},"height":{height},"density":2}},"page":{{"path":"/p/{page}","url":"https://shop.example.com/p/{page}?v={visit:x}","search":"?v={visit:x}","title":"Product {page} | Shop","referrer":"https://www.example.com/"}}"#
    );
    if visit.is_multiple_of(3) {
        let campaign = CAMPAIGNS[(visit >> 8) as usize % CAMPAIGNS.len()];
        let _in_memory = write!(
            out,
            r#","campaign":{{"name":"{campaign}","source":"newsletter","medium":"email","content":"{:x}"}}"#,
            visit >> 32
        );
    }
    out.push(b'}');
}
