//! Random calls: late, ahead, repeated, under identifiers of every kind.

use super::super::generate::{Random, ZONES};
use throng::model::{Body, Call, Decimal, EventId, Object, Text, Timestamp, Value};

/// How many there are of what calls name.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    pub n_users: u64,
    pub n_devices: u64,
    pub n_emails: u64,
    pub n_ids: u64,
    /// Letters of a note that says nothing, and is in no other call.
    pub n_letters: u64,
}

/// Few enough that they meet all the time.
pub const FEW: Crowd = Crowd { n_users: 5, n_devices: 5, n_emails: 3, n_ids: 400, n_letters: 0 };

impl Crowd {
    pub fn user(&self, random: &mut Random) -> String {
        format!("u{}", random.below(self.n_users))
    }

    pub fn device(&self, random: &mut Random) -> String {
        format!("a{}", random.below(self.n_devices))
    }

    fn note(&self, random: &mut Random) -> String {
        (0..self.n_letters).map(|_| char::from(b'a' + random.below(26) as u8)).collect()
    }
}

/// A call dated around `now`, of one of a crowd.
pub fn call(random: &mut Random, now: Timestamp, crowd: &Crowd) -> Call {
    let mut call = Call::new(random.one_of(&["web", "shop"]), body(random, crowd));
    call.id = (!random.chance(12)).then(|| EventId(u128::from(random.below(crowd.n_ids))));
    call.when = (!random.chance(10)).then(|| now.plus_ms(offset(random)));
    call.ord = if random.chance(6) { random.between(-1, 2) } else { 0 };
    names(random, &mut call, crowd);
    if crowd.n_letters > 0 {
        call.context.insert("note".into(), Value::text(&crowd.note(random)));
    }
    call
}

/// Most calls are of now or a little before; some late, some ahead; many on
/// the edges of windows.
fn offset(random: &mut Random) -> i64 {
    const HOUR: i64 = 3_600_000;
    let whole = random.one_of(&[0, 0, 0, -1, -24, -36, -48, -72, -168, -720, 1, 24, 48]) * HOUR;
    whole + random.one_of(&[0, 0, 0, 1, -1, 600_000])
}

fn names(random: &mut Random, call: &mut Call, crowd: &Crowd) {
    let user = |random: &mut Random| crowd.user(random).into();
    let device = |random: &mut Random| crowd.device(random).into();
    match random.below(8) {
        0..=2 => call.user_id = Some(user(random)),
        3 | 4 => call.anonymous_id = Some(device(random)),
        5 | 6 => {
            call.user_id = Some(user(random));
            call.anonymous_id = Some(device(random));
        }
        _ => {
            call.user_id = Some(user(random));
            let email = format!("e{}@x.example", random.below(crowd.n_emails));
            let traits = object(vec![("email", Value::text(&email))]);
            call.context.insert("traits".into(), Value::Object(traits));
        }
    }
}

/// Another call of the same person and kind in the same instant.
pub fn twin(random: &mut Random, of: &Call, crowd: &Crowd) -> Call {
    let body = match &of.body {
        Body::Track { event, .. } => {
            Body::Track { event: event.clone(), properties: properties(random) }
        }
        Body::Identify { .. } => Body::Identify { traits: traits(random) },
        Body::Consent { .. } => consent(random),
        other => other.clone(),
    };
    let id = Some(EventId(u128::from(random.below(crowd.n_ids))));
    Call { body, id, ord: random.between(-1, 2), ..of.clone() }
}

fn consent(random: &mut Random) -> Body {
    Body::Consent {
        purpose: "email".into(),
        granted: !random.chance(3),
        expires: random.chance(2).then(|| expiry(random)),
    }
}

fn body(random: &mut Random, crowd: &Crowd) -> Body {
    match random.below(14) {
        0 | 1 => Body::Identify { traits: traits(random) },
        2 => consent(random),
        3 if random.chance(2) => Body::Alias { previous: crowd.user(random).into() },
        3 => Body::Group { group_id: "g1".into(), traits: Object::default() },
        _ => Body::Track { event: event(random), properties: properties(random) },
    }
}

fn event(random: &mut Random) -> Text {
    random.one_of(&["order", "order", "view", "view", "login", "refund"]).into()
}

fn expiry(random: &mut Random) -> Timestamp {
    let base: Timestamp = "2026-03-31T12:00:00Z".parse().unwrap();
    base.plus_ms(random.between(-3, 5) * 43_200_000)
}

fn traits(random: &mut Random) -> Object {
    let mut fields = Vec::new();
    if random.chance(2) {
        let country = random.one_of(&["SK", "CZ", "web"]);
        fields.push(("country", if random.chance(5) { Value::Null } else { country.into() }));
    }
    if random.chance(2) {
        fields.push(("age", if random.chance(6) { "old".into() } else { number(random) }));
    }
    if random.chance(3) {
        fields.push(("timezone", timezone(random)));
    }
    for (key, value) in declared(random) {
        if random.chance(3) {
            fields.push((key, value));
        }
    }
    if random.chance(4) {
        fields.push(("tags", tags(random)));
    }
    object(fields)
}

/// The name of a zone, now and then of none.
fn timezone(random: &mut Random) -> Value {
    match random.below(8) {
        0 => Value::Null,
        1 => random.one_of(&["Europe/Nowhere", ""]).into(),
        2 => Value::from(2),
        _ => random.one_of(&ZONES).into(),
    }
}

/// Values of declared types, and some that are none.
fn declared(random: &mut Random) -> [(&'static str, Value); 4] {
    let days = ["1990-03-31", "2000-04-01", "2000-04-02", "2004-02-29", "someday"];
    let degrees = |text: &str| Value::Number(text.parse().unwrap());
    let lat = random.one_of(&["48.2", "48.1486", "91"]);
    let home = object(vec![("lat", degrees(lat)), ("lon", degrees("17.1077"))]);
    [
        ("birthday", random.one_of(&days).into()),
        ("ip", random.one_of(&["10.0.0.1", "10.0.0.2", "2001:db8::1", "here"]).into()),
        ("name", random.one_of(&["e@x.sk", "E@X.sk ", "Eva", " e@y@x.sk"]).into()),
        ("home", Value::Object(home)),
    ]
}

fn properties(random: &mut Random) -> Object {
    let mut fields = Vec::new();
    if !random.chance(4) {
        fields.push(("total", if random.chance(9) { "12.5".into() } else { number(random) }));
    }
    if random.chance(2) {
        fields.push(("channel", channel(random)));
    }
    if random.chance(3) {
        fields.push(("coupon", Value::Bool(true)));
        fields.push(("app", random.one_of(&["1.9", "2.0", "v2", "2.10.1", "?"]).into()));
    }
    if random.chance(4) {
        fields.push(("cart", cart(random)));
    }
    object(fields)
}

/// A list, which may be empty; or none at all.
fn tags(random: &mut Random) -> Value {
    let tags = ["SK", "web", "gold"];
    match random.below(6) {
        0 => "SK".into(),
        n => Value::List((1..n.min(4)).map(|_| random.one_of(&tags).into()).collect()),
    }
}

/// What was in the cart: items with their prices.
fn cart(random: &mut Random) -> Value {
    let item = |random: &mut Random| Value::Object(object(vec![("price", number(random))]));
    Value::List((0..random.below(3)).map(|_| item(random)).collect())
}

fn channel(random: &mut Random) -> Value {
    if random.chance(9) { number(random) } else { random.one_of(&["web", "SK", "shop"]).into() }
}

fn number(random: &mut Random) -> Value {
    let text = random.one_of(&["0", "1", "2.5", "10", "12.5", "30", "-4", "0.000000001"]);
    Value::Number(text.parse::<Decimal>().unwrap())
}

fn object(fields: Vec<(&str, Value)>) -> Object {
    Object::new(fields.into_iter().map(|(key, value)| (key.into(), value)).collect()).unwrap()
}
