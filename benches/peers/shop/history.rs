//! Everybody's life at once: as many events as were asked for, and the days after.

use super::Size;
use super::calendar::{Calendar, DAY, END, N_DAYS};
use super::event::{Event, Identify};
use super::life::{Happened, World};

/// People whose lives say how busy everybody must be.
const SAMPLE: u32 = 40_000;

pub struct History {
    pub world: World,
    /// What the shop knows, in order of time.
    pub events: Vec<Event>,
    pub identifies: Vec<Identify>,
    /// What comes after the end, in order of time.
    pub later: Vec<Event>,
    pub later_identifies: Vec<Identify>,
}

impl History {
    pub fn of(size: &Size, seed: u64) -> History {
        let mut world = world(size, seed);
        calibrate(&mut world, size);
        let n_events = size.events as usize;
        let mut all = everybody(&world, size.people);
        while n_until_end(&all.events) < n_events {
            world.pace *= 1.02 * n_events as f64 / n_until_end(&all.events) as f64;
            all = everybody(&world, size.people);
        }
        let later = all.events.split_off(n_until_end(&all.events));
        // The surplus is cut where the history begins.
        all.events.drain(..all.events.len() - n_events);
        let n_identifies = all.identifies.partition_point(|call| call.when < END);
        let later_identifies = all.identifies.split_off(n_identifies);
        let (events, identifies) = (all.events, all.identifies);
        History { world, events, identifies, later, later_identifies }
    }
}

fn world(size: &Size, seed: u64) -> World {
    let n_later = f64::from(size.batches * size.batch_size);
    let a_day = size.events as f64 / N_DAYS as f64;
    let n_days_later = (n_later / a_day).ceil().clamp(1.0, 120.0) as i64 + 1;
    let each = size.events as f64 / f64::from(size.people);
    World {
        seed,
        pace: each / 1_000.0,
        until: END + n_days_later * DAY,
        drop_b: 6.0 * (each / 20.0).max(1.0),
        calendar: Calendar::new(N_DAYS + n_days_later + 2),
    }
}

/// Finds the pace at which a little more happens than was asked for.
fn calibrate(world: &mut World, size: &Size) {
    let n_sampled = size.people.min(SAMPLE);
    let stride = size.people / n_sampled;
    let wanted = size.events as f64;
    for _ in 0..12 {
        let (mut happened, mut n_seen) = (Happened::default(), 0);
        for n in 0..n_sampled {
            happened.events.clear();
            happened.identifies.clear();
            world.live(n * stride, &mut happened);
            n_seen += happened.events.iter().filter(|event| event.when < END).count();
        }
        let got = n_seen as f64 * f64::from(size.people) / f64::from(n_sampled);
        world.pace *= (wanted * 1.02 / got).powf(1.2).clamp(0.2, 5.0);
        if (got / wanted - 1.02).abs() < 0.003 {
            break;
        }
    }
}

fn n_until_end(events: &[Event]) -> usize {
    events.partition_point(|event| event.when < END)
}

/// Everybody's lives in order of time; each half of the people has a core.
fn everybody(world: &World, n_people: u32) -> Happened {
    let lives = |people: std::ops::Range<u32>| {
        let mut happened = Happened::default();
        people.for_each(|person| world.live(person, &mut happened));
        happened
    };
    let half = n_people / 2;
    let (mut first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(move || lives(half..n_people));
        (lives(0..half), second.join().expect("a life is only arithmetic"))
    });
    first.events.extend(second.events);
    first.identifies.extend(second.identifies);
    first.events.sort_unstable_by_key(|event| (event.when, event.person));
    first.identifies.sort_by_key(|call| (call.when, call.person, call.kind()));
    first
}
