//! One customer of the sample shop: who they are, and what they do.

use super::call::{Who, identify, object, track};
use super::random::Random;
use crate::model::{Body, Call, Decimal, Text, Timestamp, Value};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const COUNTRIES: [&str; 6] = ["SK", "CZ", "AT", "PL", "DE", "HU"];
const NAMES: [&str; 12] = [
    "Ada", "Boris", "Clara", "David", "Eva", "Filip", "Greta", "Hugo", "Ida", "Jan", "Klara", "Leo",
];
const CATEGORIES: [(&str, i64); 6] =
    [("shoes", 59), ("jackets", 89), ("bags", 45), ("sports", 30), ("books", 14), ("home", 25)];

/// Days of history before the shop's present.
pub(super) const HISTORY_DAYS: i64 = 540;

/// A customer as the generator knows them.
pub(super) struct Customer {
    number: u64,
    joined: Timestamp,
    country: &'static str,
    /// Buys about once in so many days.
    pace_days: u64,
    /// Stops at some point, as customers do.
    leaves: Timestamp,
    category: usize,
    /// The device that is used before the first login; some share one.
    device: Text,
    premium: bool,
}

impl Customer {
    /// The customer of that number, and the source of what they do.
    pub fn new(seed: u64, number: u64, present: Timestamp) -> (Customer, Random) {
        let mut random = Random::new(seed ^ (number << 20));
        let age_days = 1 + random.below(HISTORY_DAYS as u64) as i64;
        let joined = present.plus_ms(-age_days * DAY + random.below(86_400_000) as i64);
        let stays_days = if random.percent(45) { 2_000 } else { 5 + random.low(500) as i64 };
        let shared = random.percent(3);
        let device = if shared { number / 2 * 2 } else { number };
        let customer = Customer {
            number,
            joined,
            country: random.pick(&COUNTRIES),
            pace_days: 22 + random.low(140),
            leaves: joined.plus_ms(stays_days * DAY),
            category: random.below(CATEGORIES.len() as u64) as usize,
            device: format!("d-{device}").into(),
            premium: random.percent(18),
        };
        (customer, random)
    }

    /// Everything the customer does until the present, in order.
    pub fn live(&self, random: &mut Random, present: Timestamp, calls: &mut Vec<Call>) {
        let end = self.leaves.min(present);
        let mut at = self.joined;
        self.browse(random, at, true, calls);
        at = at.plus_ms(12 * MINUTE);
        self.register(random, at, calls);
        while at < end {
            let pause = (self.pace_days / 3 + random.below(self.pace_days)) as i64;
            at = at.plus_ms(pause * DAY + random.below(86_400_000) as i64);
            if at < end {
                self.visit(random, at, calls);
            }
        }
        self.mails(random, end, calls);
    }

    fn user(&self) -> Who {
        Who::User(format!("c-{:05}", self.number).into())
    }

    fn both(&self) -> Who {
        Who::Both(format!("c-{:05}", self.number).into(), self.device.clone())
    }

    fn register(&self, random: &mut Random, at: Timestamp, calls: &mut Vec<Call>) {
        let name = NAMES[(self.number % NAMES.len() as u64) as usize];
        let email = format!("{}.{}@example.com", name.to_lowercase(), self.number);
        let traits = object(vec![
            ("name", Value::text(name)),
            ("email", Value::text(&email)),
            ("country", Value::text(self.country)),
            ("plan", Value::text(if self.premium { "premium" } else { "free" })),
        ]);
        calls.push(identify(&self.both(), "web", at, traits));
        if random.percent(70) {
            calls.push(self.consent(at.plus_ms(MINUTE)));
        }
    }

    fn consent(&self, at: Timestamp) -> Call {
        let body = Body::Consent { purpose: "email".into(), granted: true, expires: None };
        super::call::call(&self.user(), "web", at, body)
    }

    fn visit(&self, random: &mut Random, at: Timestamp, calls: &mut Vec<Call>) {
        match random.below(10) {
            0 | 1 => self.order(random, at, "store", calls),
            2..=4 => {
                self.browse(random, at, random.clone().percent(30), calls);
                self.order(random, at.plus_ms(9 * MINUTE), "web", calls);
            }
            _ => self.browse(random, at, random.clone().percent(25), calls),
        }
        if random.percent(4) {
            calls.push(track(&self.user(), "support", at.plus_ms(DAY), "support_chat", vec![]));
        }
    }

    /// A visit to the site; not logged in, it is known by the device alone.
    fn browse(&self, random: &mut Random, at: Timestamp, anonymous: bool, calls: &mut Vec<Call>) {
        let who = if anonymous { Who::Device(self.device.clone()) } else { self.both() };
        let (category, _) = CATEGORIES[self.liked(random)];
        let seen = |event: &str, minutes: i64| {
            let properties = vec![("category", Value::text(category))];
            track(&who, "web", at.plus_ms(minutes * MINUTE), event, properties)
        };
        calls.push(seen("product_viewed", 0));
        if random.percent(60) {
            calls.push(seen("product_viewed", 2));
        }
        if random.percent(45) {
            calls.push(seen("added_to_cart", 5));
        }
    }

    fn liked(&self, random: &mut Random) -> usize {
        if random.percent(60) {
            self.category
        } else {
            random.below(CATEGORIES.len() as u64) as usize
        }
    }

    fn order(&self, random: &mut Random, at: Timestamp, channel: &str, calls: &mut Vec<Call>) {
        let mut total = Decimal::ZERO;
        let items: Vec<Value> =
            (0..1 + random.low(4)).map(|_| self.item(random, &mut total)).collect();
        let order_id = format!("o-{}-{}", self.number, at.millis() / MINUTE);
        let mut call = track(
            &self.user(),
            channel,
            at,
            "order",
            vec![
                ("order_id", Value::text(&order_id)),
                ("total", Value::Number(total)),
                ("items", Value::List(items)),
                ("channel", Value::text(channel)),
            ],
        );
        if channel == "store" {
            self.show_card(&mut call);
        }
        calls.push(call);
        if random.percent(8) {
            let properties = vec![("order_id", Value::text(&order_id))];
            let at = at.plus_ms(6 * DAY);
            calls.push(track(&self.user(), channel, at, "product_returned", properties));
        }
    }

    /// In the shop the loyalty card is shown: one more name of the customer.
    fn show_card(&self, call: &mut Call) {
        let card = object(vec![
            ("type", Value::text("loyalty_id")),
            ("id", Value::text(&format!("l-{:05}", self.number))),
        ]);
        call.context.insert("externalIds".into(), Value::List(vec![Value::Object(card)]));
    }

    fn item(&self, random: &mut Random, total: &mut Decimal) -> Value {
        let (category, base) = CATEGORIES[self.liked(random)];
        let price = base + random.below(30) as i64;
        let quantity = 1 + random.low(3) as i64;
        *total = total.checked_add(Decimal::from(price * quantity)).unwrap_or(*total);
        Value::Object(object(vec![
            ("category", Value::text(category)),
            ("price", price.into()),
            ("quantity", quantity.into()),
        ]))
    }

    /// The newsletter is opened by some, and by fewer as time goes on.
    fn mails(&self, random: &mut Random, end: Timestamp, calls: &mut Vec<Call>) {
        let opens = random.below(70);
        let mut at = self.joined.plus_ms(3 * DAY);
        while at < end {
            if random.percent(opens) {
                calls.push(track(&self.user(), "email", at, "email_open", vec![]));
            }
            at = at.plus_ms(28 * DAY + random.below(7_200_000) as i64);
        }
    }
}
