//! One customer as drawn: who they are, how active, and when they turn up.

use super::calendar::{BEGIN, DAY, END, N_DAYS};
use super::chance::Chance;

pub const COUNTRIES: [&str; 16] = [
    "DK", "SE", "NO", "DE", "FI", "NL", "GB", "FR", "PL", "ES", "IT", "BE", "AT", "IE", "US", "CH",
];
const OF_COUNTRY: [f64; 16] = [30., 16., 12., 12., 6., 4., 4., 3., 3., 2., 2., 2., 1., 1., 1., 1.];
pub const CATEGORIES: [&str; 12] = [
    "accessories",
    "bags",
    "beauty",
    "dresses",
    "electronics",
    "home",
    "jackets",
    "kids",
    "shirts",
    "shoes",
    "sports",
    "trousers",
];
pub const OF_CATEGORY: [f64; 12] = [8., 6., 7., 9., 5., 8., 8., 6., 12., 14., 9., 8.];
pub const PLANS: [&str; 3] = ["free", "basic", "premium"];
const GENDERS: [&str; 3] = ["f", "m", "x"];
const N_CITIES: f64 = 400.0;

pub struct Person {
    pub country: &'static str,
    pub city: u16,
    pub gender: Option<&'static str>,
    pub age: Option<u8>,
    pub plan: &'static str,
    /// Another plan, and from when on.
    pub later_plan: Option<(i64, &'static str)>,
    pub signup: i64,
    /// When the shop first says who they are: at the signup, or with the import at the beginning.
    pub known_from: i64,
    pub opted_in: bool,
    pub loyalty: i32,
    /// Visits, beside those of an average person.
    pub activity: f64,
    /// The chance that an order is the last.
    pub drop: f64,
    /// What they pay for an average product, before it is bent by a product's own price.
    pub spends: f64,
    pub favourite: usize,
}

impl Person {
    /// A person, and the chance that goes on with their life. Activity is gamma
    /// (so counts are negative binomial) and dropping out beta, as in BG/NBD.
    pub fn draw(seed: u64, person: u32, drop_b: f64) -> (Person, Chance) {
        let mut chance = Chance::of(seed, u64::from(person) + 1);
        let dice = &mut chance;
        let country = COUNTRIES[dice.pick(&OF_COUNTRY)];
        let gender = (!dice.happens(0.05)).then(|| GENDERS[dice.pick(&[55., 43., 2.])]);
        let age =
            (!dice.happens(0.07)).then(|| (38.0 + 14.0 * dice.normal()).clamp(16., 95.) as u8);
        let plan = dice.pick(&[70., 20., 10.]);
        let signup = signup(dice);
        let known_from = signup.max(BEGIN);
        let later_plan = later_plan(dice, plan, known_from);
        let opted_in = dice.happens(0.62);
        let city = (dice.even().powi(3) * N_CITIES) as u16;
        let loyalty = dice.exponential(800.0) as i32;
        let activity = dice.gamma(0.55);
        let activity = if dice.happens(0.005) { activity * 5.0 } else { activity };
        let drop = dice.beta(0.8, drop_b);
        let spends = (3.6 + 0.6 * dice.normal()).exp();
        let favourite = dice.pick(&OF_CATEGORY);
        let plan = PLANS[plan];
        let person = Person {
            country,
            city,
            gender,
            age,
            plan,
            later_plan,
            signup,
            known_from,
            opted_in,
            loyalty,
            activity,
            drop,
            spends,
            favourite,
        };
        (person, chance)
    }
}

/// Two fifths were there before the history begins; the others come all along it.
fn signup(dice: &mut Chance) -> i64 {
    if dice.happens(0.4) {
        return BEGIN - 1_000 - (dice.even() * 730.0 * DAY as f64) as i64;
    }
    BEGIN + (dice.even().powf(0.9) * (N_DAYS * DAY) as f64) as i64
}

fn later_plan(dice: &mut Chance, plan: usize, known_from: i64) -> Option<(i64, &'static str)> {
    if !dice.happens(0.12) {
        return None;
    }
    let later = dice.below(3) as usize;
    let from = known_from + (dice.even() * (END - known_from) as f64) as i64;
    (later != plan && from < END).then(|| (from, PLANS[later]))
}

pub fn email(person: u32) -> String {
    format!("{:x}.{person}@example.com", u64::from(person).wrapping_mul(2_654_435_761) % (1 << 32))
}
