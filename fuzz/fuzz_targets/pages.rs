//! Pages and directories of sealed rows, damaged anywhere: an error or rows, never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use throng::model::{Body, Event, EventId, IdentifierNumber, Object, Timestamp, Value};
use throng::timeline::{DirectoryKey, MemoryPages, PageKey, Timeline, Wanted};

/// Pages and directory of a few hundred rows.
type Sealed = (Vec<(PageKey, Vec<u8>)>, Vec<(DirectoryKey, Vec<u8>)>);

fn event(n: u32) -> Event {
    let mut properties = Object::default();
    properties.insert("total".into(), i64::from(n % 50).into());
    properties.insert("channel".into(), Value::text(["web", "store"][n as usize % 2]));
    if n % 7 == 0 {
        properties.insert("tags".into(), Value::List(vec![Value::Null, i64::from(n).into()]));
    }
    Event {
        when: Timestamp::EPOCH.plus_ms(i64::from(n) * 3_600_000),
        received: Timestamp::EPOCH,
        ord: 0,
        id: EventId(u128::from(n)),
        origin: IdentifierNumber(1 + n % 40),
        source: "web".into(),
        channel: None,
        body: Body::Track { event: "order".into(), properties },
        context: Object::default(),
    }
}

fn sealed() -> &'static Sealed {
    static SEALED: OnceLock<Sealed> = OnceLock::new();
    SEALED.get_or_init(|| {
        let mut timeline = Timeline::default();
        (0..600).for_each(|n| timeline.append(event(n)));
        let change = timeline.seal(Timestamp::EPOCH.plus_ms(90_000_000_000));
        let pages = change.pages.clone();
        timeline.install(change).unwrap();
        (pages, timeline.directory())
    })
}

fuzz_target!(|patches: Vec<(u8, u16, u8)>| {
    let (mut pages, mut directory) = sealed().clone();
    for (which, place, byte) in patches {
        let n = pages.len() + directory.len();
        let at = usize::from(which) % n;
        let bytes = match at.checked_sub(pages.len()) {
            None => &mut pages[at].1,
            Some(at) => &mut directory[at].1,
        };
        if let Some(old) = bytes.get_mut(usize::from(place)) {
            *old = byte;
        }
    }
    let mut store = MemoryPages::default();
    store.put(pages);
    let entries = directory.iter().map(|(key, bytes)| (*key, &bytes[..]));
    let Ok(timeline) = Timeline::open(entries) else { return };
    for origin in 1..4 {
        let origin = IdentifierNumber(origin);
        let _read = timeline.rows(&store, origin, Timestamp::MIN, None, &Wanted::All, &mut |_| {});
    }
});
