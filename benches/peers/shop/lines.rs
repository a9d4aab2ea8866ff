//! Events as NDJSON, one call a line, in the shape that tags send.

use super::calendar::{Clock, DAY};
use super::chance::hash;
use super::context;
use super::event::{Event, Identify, Kind, Product, Says};
use super::life::World;
use super::person::{CATEGORIES, Person, email};
use std::io::Write;

/// Writes calls; each is a line.
pub struct Lines<'a> {
    world: &'a World,
    clock: Clock,
    /// Whether calls carry everything that a browser says of itself.
    full_context: bool,
}

/// Writes into memory, which does not fail.
macro_rules! put {
    ($out:expr, $($what:tt)*) => {{ let _in_memory = write!($out, $($what)*); }};
}

impl<'a> Lines<'a> {
    pub fn new(world: &'a World, full_context: bool) -> Lines<'a> {
        Lines { world, clock: Clock::default(), full_context }
    }

    pub fn track(&mut self, out: &mut Vec<u8>, event: &Event) {
        let (seed, person) = (self.world.seed, event.person);
        let message = hash(seed, u64::from(person), event.when as u64);
        put!(out, r#"{{"type":"track","messageId":"{message:016x}","#);
        match event.anonymous {
            true => self.visitor(out, person, event.visit),
            false => put_user(out, person),
        }
        self.instant(out, r#","timestamp":""#, event.when);
        let (channel, name) = (event.channel.name(), event.kind.name());
        put!(out, r#","channel":"{channel}","event":"{name}","properties":{{"#);
        properties(out, event);
        out.push(b'}');
        if self.full_context {
            context::put(out, seed, event);
        }
        out.extend_from_slice(b"}\n");
    }

    pub fn identify(&mut self, out: &mut Vec<u8>, call: &Identify) {
        // Two calls may say different things of a person at one instant.
        let says = match call.says {
            Says::All => 0,
            Says::Visit(visit) => 1 << 16 | u64::from(visit),
            Says::Plan(_) => 2 << 16,
        };
        let person = u64::from(call.person);
        let message = hash(hash(self.world.seed ^ 5, person, says), person, call.when as u64);
        put!(out, r#"{{"type":"identify","messageId":"{message:016x}","#);
        if let Says::Visit(visit) = call.says {
            self.visitor(out, call.person, visit);
            out.push(b',');
        }
        put_user(out, call.person);
        self.instant(out, r#","timestamp":""#, call.when);
        out.extend_from_slice(br#","traits":{"#);
        match call.says {
            Says::All => self.traits(out, call.person),
            Says::Plan(plan) => put!(out, r#""plan":"{plan}""#),
            Says::Visit(_) => {}
        }
        out.extend_from_slice(b"}}\n");
    }

    fn visitor(&self, out: &mut Vec<u8>, person: u32, visit: u16) {
        let name = hash(self.world.seed ^ 77, u64::from(person), u64::from(visit));
        put!(out, r#""anonymousId":"a-{name:016x}""#);
    }

    fn instant(&mut self, out: &mut Vec<u8>, before: &str, at: i64) {
        out.extend_from_slice(before.as_bytes());
        self.clock.write(out, at);
        out.push(b'"');
    }

    fn traits(&mut self, out: &mut Vec<u8>, number: u32) {
        let (person, _) = Person::draw(self.world.seed, number, self.world.drop_b);
        let Person { country, city, plan, opted_in, loyalty, .. } = person;
        let email = email(number);
        put!(out, r#""email":"{email}","country":"{country}","city":"city{city}""#);
        if let Some(gender) = person.gender {
            put!(out, r#","gender":"{gender}""#);
        }
        if let Some(age) = person.age {
            put!(out, r#","age":{age}"#);
        }
        put!(out, r#","plan":"{plan}""#);
        self.instant(out, r#","signup_at":""#, person.signup);
        put!(out, r#","email_opt_in":{opted_in},"loyalty_points":{loyalty}"#);
    }
}

fn put_user(out: &mut Vec<u8>, person: u32) {
    put!(out, r#""userId":"u{person}""#);
}

/// Cents in whole units of money.
struct Money(i32);

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

fn properties(out: &mut Vec<u8>, event: &Event) {
    let (person, when) = (u64::from(event.person), event.when as u64);
    let money = Money(event.cents.unwrap_or_default());
    let Product { category, number } = event.product.unwrap_or(Product { category: 0, number: 0 });
    let category = CATEGORIES[usize::from(category)];
    match event.kind {
        Kind::Page => {
            let page = hash(1, person, when) % 500;
            put!(out, r#""path":"/p/{page}","referrer":"https://www.example.com/""#);
        }
        Kind::View | Kind::Add | Kind::Remove | Kind::Checkout => {
            put!(out, r#""product_id":"p{number}","category":"{category}","#);
            put!(out, r#""price":{money},"currency":"EUR""#);
        }
        Kind::Order | Kind::Refund => {
            let order = hash(2, person, u64::from(number)) % 100_000_000;
            put!(out, r#""order_id":"o{order}","revenue":{money},"currency":"EUR","#);
            put!(out, r#""products":[{{"product_id":"p{number}","category":"{category}","#);
            put!(out, r#""price":{money},"quantity":1}}]"#);
        }
        Kind::Open | Kind::Click => {
            put!(out, r#""campaign_id":"c{}""#, event.when / DAY / 7 % 1_000);
        }
        Kind::Subscribe | Kind::Renew | Kind::Expire => {
            put!(out, r#""plan":"club","price":{money},"currency":"EUR""#);
        }
    }
}
