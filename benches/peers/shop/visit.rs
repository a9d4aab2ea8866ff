//! One visit: pages, products, a cart, an order, and what an order brings later.

use super::calendar::DAY;
use super::event::{Channel, Event, Kind, Product};
use super::life::Life;
use super::person::OF_CATEGORY;

const CLUB_CENTS: [i32; 3] = [995, 1_995, 4_995];
const PRODUCTS_OF_A_CATEGORY: f64 = 400.0;

/// A product in hand, with what it costs.
#[derive(Clone, Copy)]
struct InHand {
    cents: i32,
    product: Product,
}

pub struct Visit<'a, 'w> {
    life: &'a mut Life<'w>,
    events: &'a mut Vec<Event>,
    channel: Channel,
    anonymous: bool,
    at: i64,
}

impl<'a, 'w> Visit<'a, 'w> {
    pub fn new(
        life: &'a mut Life<'w>,
        begins: i64,
        channel: Channel,
        anonymous: bool,
        events: &'a mut Vec<Event>,
    ) -> Visit<'a, 'w> {
        Visit { life, events, channel, anonymous, at: begins }
    }

    pub fn run(mut self) {
        let category = match self.life.dice.happens(0.55) {
            true => self.life.person.favourite,
            false => self.life.dice.pick(&OF_CATEGORY),
        };
        if self.channel == Channel::Store {
            return self.buy_in_store(category);
        }
        for _ in 0..1 + self.life.dice.geometric(0.8) {
            let when = self.step();
            self.push(when, Kind::Page, None);
        }
        if let Some(seen) = self.look(category)
            && self.life.dice.happens(0.42)
        {
            self.cart(seen);
        }
    }

    fn buy_in_store(&mut self, category: usize) {
        let bought = self.pick_up(category);
        let when = self.step();
        self.push(when, Kind::Order, Some(bought));
        if self.life.dice.happens(self.life.person.drop) {
            self.life.active_until = self.at;
        }
    }

    /// Products looked at, mostly of one category; the last of them.
    fn look(&mut self, category: usize) -> Option<InHand> {
        let mut seen = None;
        for n in 0..self.life.dice.geometric(1.3) {
            let same = n == 0 || self.life.dice.happens(0.8);
            let category = if same { category } else { self.life.dice.pick(&OF_CATEGORY) };
            let product = self.pick_up(category);
            let when = self.step();
            self.push(when, Kind::View, Some(product));
            seen = Some(product);
        }
        seen
    }

    fn cart(&mut self, product: InHand) {
        let when = self.step();
        self.push(when, Kind::Add, Some(product));
        if self.life.dice.happens(0.1) {
            let when = self.step();
            return self.push(when, Kind::Remove, Some(product));
        }
        if self.life.dice.happens(0.62) {
            let when = self.step();
            self.push(when, Kind::Checkout, Some(product));
            if self.life.dice.happens(0.8) {
                self.order(product);
            }
        }
    }

    /// An order at once, or within five days and then under the person's own name.
    fn order(&mut self, product: InHand) {
        let later = self.life.dice.happens(0.15);
        let pieces = 1 + self.life.dice.geometric(0.35) as i32;
        let bought = InHand { cents: product.cents.saturating_mul(pieces), ..product };
        let when = match later {
            true => self.at + (self.life.dice.even() * 5.0 * DAY as f64) as i64,
            false => self.step(),
        };
        let anonymous = self.anonymous && !later;
        self.put(when, Kind::Order, Some(bought.cents), Some(bought.product), anonymous);
        if self.life.dice.happens(0.07) {
            let back = when + ((3.0 + 17.0 * self.life.dice.even()) * DAY as f64) as i64;
            self.put_by(Channel::Store, back, Kind::Refund, bought.cents, Some(bought.product));
        }
        if when > self.life.subscribed_until && self.life.dice.happens(0.05) {
            self.subscribe(when + 30_000);
        }
        if self.life.dice.happens(self.life.person.drop) {
            self.life.active_until = when;
        }
    }

    /// A club, renewed every thirty days until it is not.
    fn subscribe(&mut self, when: i64) {
        let cents = CLUB_CENTS[self.life.dice.below(3) as usize];
        self.put(when, Kind::Subscribe, Some(cents), None, false);
        let mut due = when + 30 * DAY;
        while !self.life.dice.happens(0.12) && due <= self.life.world.until {
            self.put_by(Channel::Web, due, Kind::Renew, cents, None);
            due += 30 * DAY;
        }
        self.put_by(Channel::Web, due, Kind::Expire, cents, None);
        self.life.subscribed_until = due;
    }

    fn pick_up(&mut self, category: usize) -> InHand {
        let person_spends = self.life.person.spends;
        let price = (person_spends * (0.45 * self.life.dice.normal()).exp()).clamp(2.0, 3_000.0);
        let of_category = (self.life.dice.even().powi(2) * PRODUCTS_OF_A_CATEGORY) as u16;
        let number = category as u16 * PRODUCTS_OF_A_CATEGORY as u16 + of_category;
        let product = Product { category: category as u8, number };
        InHand { cents: (price * 100.0) as i32, product }
    }

    /// The visit goes on: the instant of the next event.
    fn step(&mut self) -> i64 {
        self.at += 1_000 + self.life.dice.exponential(45_000.0) as i64;
        self.at
    }

    fn push(&mut self, when: i64, kind: Kind, of: Option<InHand>) {
        let (cents, product) = (of.map(|of| of.cents), of.map(|of| of.product));
        self.put(when, kind, cents, product, self.anonymous);
    }

    fn put(
        &mut self,
        when: i64,
        kind: Kind,
        cents: Option<i32>,
        product: Option<Product>,
        anonymous: bool,
    ) {
        let (person, visit, channel) = (self.life.number, self.life.visits, self.channel);
        self.events.push(Event { when, person, cents, product, visit, kind, channel, anonymous });
    }

    /// What the shop does by itself, under the person's own name.
    fn put_by(
        &mut self,
        channel: Channel,
        when: i64,
        kind: Kind,
        cents: i32,
        product: Option<Product>,
    ) {
        let (person, visit, cents) = (self.life.number, self.life.visits, Some(cents));
        let anonymous = false;
        self.events.push(Event { when, person, cents, product, visit, kind, channel, anonymous });
    }
}
