//! The life of one customer: visits, letters, and what makes them known.

use super::calendar::{BEGIN, BUSIEST, Calendar, DAY, END};
use super::chance::Chance;
use super::event::{Channel, Event, Identify, Kind, Says};
use super::person::Person;
use super::visit::Visit;

/// What all lives have in common.
pub struct World {
    pub seed: u64,
    /// Visits a day of an average person on an average day.
    pub pace: f64,
    /// Lives are followed up to here, a little after the history's end.
    pub until: i64,
    /// How rarely an order is the last; the more events a person has, the rarer.
    pub drop_b: f64,
    pub calendar: Calendar,
}

/// Everything that happens, as it is drawn.
#[derive(Default)]
pub struct Happened {
    pub events: Vec<Event>,
    pub identifies: Vec<Identify>,
}

/// A life under way.
pub struct Life<'a> {
    pub world: &'a World,
    pub number: u32,
    pub person: Person,
    pub dice: Chance,
    pub visits: u16,
    /// The last order, if it was one; otherwise the end of the world.
    pub active_until: i64,
    pub subscribed_until: i64,
}

impl World {
    /// Adds one person's life to what happened.
    pub fn live(&self, number: u32, happened: &mut Happened) {
        let (person, dice) = Person::draw(self.seed, number, self.drop_b);
        let first = happened.events.len();
        let (visits, active_until, subscribed_until) = (0, self.until, 0);
        let mut life =
            Life { world: self, number, person, dice, visits, active_until, subscribed_until };
        life.introduce(happened);
        life.visit_often(happened);
        if life.person.opted_in {
            life.read_letters(happened);
        }
        in_order(&mut happened.events, first, self.until);
    }
}

/// One person's events in order of time, no two at one instant, within the history.
fn in_order(events: &mut Vec<Event>, first: usize, until: i64) {
    let mut own = events.split_off(first);
    own.sort_unstable_by_key(|event| (event.when, event.kind));
    for later in 1..own.len() {
        own[later].when = own[later].when.max(own[later - 1].when + 1);
    }
    events.extend(own.into_iter().filter(|event| (BEGIN..until).contains(&event.when)));
}

impl Life<'_> {
    fn introduce(&self, happened: &mut Happened) {
        let (person, when) = (self.number, self.person.known_from);
        happened.identifies.push(Identify { when, person, says: Says::All });
        if let Some((when, plan)) = self.person.later_plan {
            happened.identifies.push(Identify { when, person, says: Says::Plan(plan) });
        }
    }

    /// The wait for what comes so often a day, were every day the busiest.
    fn wait(&mut self, a_day: f64) -> i64 {
        (self.dice.exponential(1.0 / (a_day * BUSIEST)) * DAY as f64).min(1e15) as i64
    }

    fn is_busy(&mut self, at: i64) -> bool {
        let busy = self.world.calendar.busy(at);
        self.dice.happens(busy / BUSIEST)
    }

    fn at_an_hour(&mut self, day: i64) -> i64 {
        let share = self.dice.even();
        let part = self.dice.even();
        self.world.calendar.at_an_hour(day, share, part)
    }

    /// Visits until the person drops out. Who signs up within the history begins with
    /// an anonymous one, right before.
    fn visit_often(&mut self, happened: &mut Happened) {
        let a_day = self.person.activity * self.world.pace;
        let known_from = self.person.known_from;
        let mut at = known_from;
        if self.person.signup >= BEGIN {
            self.visit(known_from - 200_000, true, happened);
        }
        while self.active_until >= self.world.until {
            at += self.wait(a_day);
            if at >= self.world.until {
                break;
            }
            if !self.is_busy(at) {
                continue;
            }
            let begins = self.at_an_hour(at);
            let begins = if begins < known_from { known_from + 60_000 } else { begins };
            self.visit(begins, false, happened);
        }
    }

    fn visit(&mut self, begins: i64, is_first: bool, happened: &mut Happened) {
        self.visits = self.visits.wrapping_add(1);
        let anonymous = is_first || self.dice.happens(0.16);
        let channel = match self.dice.happens(0.06) {
            true => Channel::Store,
            false if self.dice.happens(0.35) => Channel::App,
            false => Channel::Web,
        };
        let anonymous = anonymous && channel != Channel::Store;
        let first = happened.events.len();
        Visit::new(self, begins, channel, anonymous, &mut happened.events).run();
        if anonymous {
            let own = happened.events[first..].iter().filter(|event| event.anonymous);
            let last = own.map(|event| event.when).max().unwrap_or(begins).max(begins);
            let mut when = last + 5_000;
            if begins < END && when >= END {
                // Known at the end of the history, so that nobody is half known there.
                when = END - 1;
            }
            let says = Says::Visit(self.visits);
            happened.identifies.push(Identify { when, person: self.number, says });
        }
    }

    /// Newsletters: opened, and sometimes clicked; less often by who has dropped out.
    fn read_letters(&mut self, happened: &mut Happened) {
        let a_day = self.person.activity * self.world.pace * 1.1;
        let mut at = self.person.known_from;
        loop {
            at += self.wait(a_day);
            if at >= self.world.until {
                break;
            }
            if !self.is_busy(at) || (at > self.active_until && !self.dice.happens(0.25)) {
                continue;
            }
            let opened = self.at_an_hour(at).max(self.person.known_from + 1_000);
            happened.events.push(self.letter(opened, Kind::Open));
            if self.dice.happens(0.22) {
                let clicked = opened + 2_000 + self.dice.exponential(15_000.0) as i64;
                happened.events.push(self.letter(clicked, Kind::Click));
            }
        }
    }

    fn letter(&self, when: i64, kind: Kind) -> Event {
        let (cents, product, visit, anonymous) = (None, None, 0, false);
        let (person, channel) = (self.number, Channel::Email);
        Event { when, person, cents, product, visit, kind, channel, anonymous }
    }
}
