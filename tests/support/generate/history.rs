//! Histories that sit on the edges.

use super::window::{DAY, LENGTHS};
use super::{Random, ZONES, midnight, now};
use throng::model::{Body, Event, EventId, IdentifierNumber, Object, Party, Timestamp, Value};
use throng::query::Parties;

/// `broker` is a third party; `web` and `app` are not.
pub fn parties() -> Parties {
    let mut parties = Parties::default();
    parties.declare("broker".into(), Party::Third);
    parties
}

/// Up to so many calls in canonical order, some dated ahead, some with a twin.
pub fn history(random: &mut Random, n_calls_max: i64) -> Vec<Event> {
    let mut events = random.several(0, n_calls_max, event);
    for place in 0..events.len() {
        if random.chance(4) {
            let twin = twin(random, &events[place]);
            events.push(twin);
        } else if random.chance(4) {
            // The same again, at another time.
            let again = Event { body: events[place].body.clone(), ..event(random) };
            events.push(again);
        }
    }
    events.sort_by(Event::canonical);
    events.dedup_by_key(|event| event.id);
    events
}

/// One call. Its id is random, so a thousand of them hardly ever meet.
pub fn event(random: &mut Random) -> Event {
    let when = when(random);
    Event {
        when,
        received: when.plus_ms(random.between(0, 2) * DAY),
        ord: if random.chance(4) { random.between(-1, 2) } else { 0 },
        id: EventId(u128::from(random.next())),
        origin: IdentifierNumber(1),
        source: random.one_of(&["web", "web", "app", "broker"]).into(),
        channel: random.one_of(&[None, Some("web"), Some("store")]).map(Into::into),
        body: body(random),
        context: object(vec![("campaign", campaign(random))]),
    }
}

/// Another call of the same kind in the same instant: what decides between the two is asked.
fn twin(random: &mut Random, of: &Event) -> Event {
    let body = match &of.body {
        Body::Track { event, .. } => {
            Body::Track { event: event.clone(), properties: properties(random) }
        }
        Body::Identify { .. } => Body::Identify { traits: traits(random) },
        Body::Consent { purpose, .. } => consent(random, purpose),
        other => other.clone(),
    };
    Event { when: of.when, ord: random.between(-1, 2), body, ..event(random) }
}

fn consent(random: &mut Random, purpose: &str) -> Body {
    Body::Consent {
        purpose: purpose.into(),
        granted: !random.chance(3),
        expires: random.chance(2).then(|| if random.chance(3) { now() } else { when(random) }),
    }
}

/// At an edge of some window, a millisecond beside it, or anywhere near; one in eight ahead.
fn when(random: &mut Random) -> Timestamp {
    if random.chance(3) {
        return midnight(random).plus_ms(random.between(-1, 1));
    }
    let edge = match random.below(4) {
        0 => random.between(0, 70 * DAY),
        1 => random.between(0, 140) * DAY / 2,
        _ => random.one_of(&LENGTHS),
    };
    let ms = edge + random.between(-1, 1);
    now().plus_ms(if random.chance(8) { ms } else { -ms })
}

/// Behind now or ahead of it, or a little later than now.
fn either_side(random: &mut Random) -> Timestamp {
    let at = when(random);
    match random.below(4) {
        0 => now().plus_ms(now().since(at)),
        1 => now().plus_ms(random.one_of(&[1, 3_600_000, 12 * 3_600_000])),
        _ => at,
    }
}

fn body(random: &mut Random) -> Body {
    match random.below(16) {
        0..=7 => {
            let event = random.one_of(&["order", "order", "visit", "cart"]).into();
            Body::Track { event, properties: properties(random) }
        }
        8 => Body::Page { properties: properties(random) },
        9 => Body::Screen { properties: properties(random) },
        10..=12 => Body::Identify { traits: traits(random) },
        13 => Body::Group {
            group_id: random.one_of(&["acme", "beta"]).into(),
            traits: Object::default(),
        },
        14 => Body::Alias { previous: "old".into() },
        _ => {
            let purpose = random.one_of(&["email", "sms"]);
            consent(random, purpose)
        }
    }
}

fn properties(random: &mut Random) -> Object {
    let mut fields = vec![("total", number(random)), ("channel", word(random))];
    if random.chance(2) {
        fields.push(("items", Value::List(random.several(0, 3, item))));
    }
    if random.chance(2) {
        fields.push(("tags", Value::List(random.several(0, 3, word))));
    }
    if random.chance(2) {
        fields.push(("departs", day(random)));
    }
    if random.chance(2) {
        let more = typed(random);
        fields.push(random.one_of(&more));
    }
    if random.chance(8) {
        let hiding = Value::Object(object(vec![("campaign", campaign(random))]));
        fields.push(("context", if random.chance(3) { Value::Null } else { hiding }));
    }
    object(fields)
}

fn item(random: &mut Random) -> Value {
    Value::Object(object(vec![
        ("category", word(random)),
        ("price", number(random)),
        ("quantity", Value::from(random.between(0, 3))),
    ]))
}

fn traits(random: &mut Random) -> Object {
    let all = [
        ("country", word(random)),
        ("points", number(random)),
        ("trial_ends_at", Value::from(&*either_side(random).to_string())),
        ("birthday", day(random)),
        ("vip", Value::Bool(random.chance(2))),
        ("tags", Value::List(random.several(0, 3, word))),
        ("timezone", timezone(random)),
        ("home", Value::Object(object(vec![("city", word(random))]))),
    ];
    let all = all.into_iter().chain(typed(random)).collect::<Vec<_>>();
    object(all.into_iter().filter(|_| random.chance(2)).collect())
}

/// The name of a zone, now and then of none.
fn timezone(random: &mut Random) -> Value {
    match random.below(8) {
        0 => Value::Null,
        1 => random.one_of(&["Europe/Nowhere", "", "Etc/Unknown"]).into(),
        2 => Value::from(2),
        _ => random.one_of(&ZONES).into(),
    }
}

/// Values of declared types, some of which do not read as such.
fn typed(random: &mut Random) -> [(&'static str, Value); 4] {
    let emails = ["eva@acme.example", " Eva@ACME.example", "i@x@shop.example", "nobody", "x@"];
    let ips = ["10.0.0.1", "10.0.127.255", "11.0.0.0", "::ffff:10.0.128.0", "2001:DB8::1", "10.1"];
    let versions = ["2.0", "v2.0.0", "2.0-beta.2", "2.0.0-beta.10", "2.10", "1.9.9", "two"];
    let place = random.one_of(&[("48.2082", "16.3738"), ("48.1486", "17.1077"), ("95", "0")]);
    let degrees = |text: &str| Value::Number(text.parse().unwrap());
    let place = object(vec![("lat", degrees(place.0)), ("lon", degrees(place.1))]);
    [
        ("email", random.one_of(&emails).into()),
        ("ip", random.one_of(&ips).into()),
        ("app", random.one_of(&versions).into()),
        ("place", if random.chance(8) { Value::from(48) } else { Value::Object(place) }),
    ]
}

fn campaign(random: &mut Random) -> Value {
    Value::Object(object(vec![("name", word(random))]))
}

/// Numbers with ties, some as text, in lists, out of range or missing.
fn number(random: &mut Random) -> Value {
    match random.below(13) {
        0 => Value::Null,
        4 => Value::List(vec![number(random), Value::List(vec![number(random)])]),
        1 => Value::from(&*random.between(-2, 9).to_string()),
        2 => Value::Number("0.333333333".parse().unwrap()),
        3 => Value::Digits("1e18".into()),
        _ => Value::from(random.between(-2, 9)),
    }
}

fn word(random: &mut Random) -> Value {
    match random.below(8) {
        0 => Value::Null,
        1 => Value::from(random.between(0, 3)),
        _ => Value::from(random.one_of(&["SK", "CZ", "sk", "", "store"])),
    }
}

/// A day as text, near the edges of windows of days.
fn day(random: &mut Random) -> Value {
    if random.chance(8) {
        return "someday".into();
    }
    let at = either_side(random);
    Value::from(&at.to_string()[..10])
}

fn object(fields: Vec<(&str, Value)>) -> Object {
    Object::new(fields.into_iter().map(|(key, value)| (key.into(), value)).collect()).unwrap()
}
