//! The oracle of patterns, against one that tries every choice and looks at
//! everything at its end.

use super::super::tests::build::{HOUR, History, after_now, event, list, number};
use super::*;
use crate::model::{EventId, Path, Timestamp, Zone};
use crate::query::predicate::*;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn name(&mut self) -> Matcher {
        event(["a", "a", "b", "c"][self.below(4) as usize])
    }

    fn length(&mut self) -> Length {
        Length::Ms((1 + self.below(3) as i64) * HOUR)
    }

    fn gaps(&mut self) -> Vec<Gap> {
        match self.below(5) {
            0 => vec![Gap::Within(self.length())],
            1 => vec![Gap::AtLeast(self.length())],
            2 => vec![Gap::AtLeast(Length::Ms(HOUR)), Gap::Within(self.length())],
            _ => Vec::new(),
        }
    }

    fn step(&mut self) -> Step {
        let link = match self.below(5) {
            0 => Link::Strictly,
            1 => Link::Immediately,
            _ => Link::Then,
        };
        let without = self.one_in(3).then(|| self.name());
        Step { link, matcher: self.name(), gaps: self.gaps(), without }
    }

    fn sequence(&mut self) -> Sequence {
        let mut steps: Vec<Step> = (0..1 + self.below(3)).map(|_| self.step()).collect();
        steps[0] = Step { link: Link::Then, gaps: Vec::new(), without: None, ..steps[0].clone() };
        let tails = (0..self.below(3)).map(|_| Tail { matcher: self.name(), gaps: self.gaps() });
        let tails = tails.collect();
        let key = RowLeaf::Property { path: Path::key("k"), declared: None };
        Sequence { steps, tails, same: self.one_in(3).then_some(key) }
    }

    fn pattern(&mut self) -> Pattern {
        let form = match self.one_in(4) {
            true => {
                let kinds: Vec<Matcher> = (0..1 + self.below(3)).map(|_| self.name()).collect();
                let needed = 1 + self.below(kinds.len() as u64) as usize;
                Form::Combination { kinds, needed }
            }
            false => Form::Sequence(self.sequence()),
        };
        let total = self.one_in(3).then(|| self.length());
        let windows = (0..self.below(2)).map(|_| {
            let binds = [Binds::Each, Binds::First, Binds::Last][self.below(3) as usize];
            let window = match self.below(3) {
                0 => Window::Last { ms: (1 + self.below(4) as i64) * HOUR },
                1 => Window::Ago { from_ms: HOUR, to_ms: 3 * HOUR },
                _ => {
                    let point = Point::Anchor(Which::First, self.name());
                    Window::Range { from: Some(Edge { point, included: true }), to: None }
                }
            };
            Placing { binds, window }
        });
        Pattern { form, total, windows: windows.collect(), count: CountRange::SOME }
    }

    fn history(&mut self) -> History {
        (0..self.below(7)).fold(History::new(), |history, _| {
            let (name, hour) = (["a", "b", "c"][self.below(3) as usize], self.below(5) as i64);
            let properties = match self.below(4) {
                0 => vec![],
                1 => vec![("k", list(vec![number("1"), number("2")]))],
                n => vec![("k", number(&(n - 1).to_string()))],
            };
            history.did_with(-hour * HOUR, name, properties)
        })
    }
}

/// Every choice of so many different numbers below `n`, in every order.
fn choices(n: usize, length: usize) -> Vec<Vec<usize>> {
    if length == 0 {
        return vec![Vec::new()];
    }
    let shorter = choices(n, length - 1);
    let longer = |choice: &Vec<usize>| {
        let others = (0..n).filter(|next| !choice.contains(next)).collect::<Vec<_>>();
        others.into_iter().map(|next| [choice.as_slice(), &[next]].concat()).collect::<Vec<_>>()
    };
    shorter.iter().flat_map(longer).collect()
}

/// A pattern and the events of a person.
struct Twin<'t> {
    pattern: &'t Pattern,
    seen: Seen<'t>,
    events: Vec<&'t Event>,
}

impl Twin<'_> {
    fn fits(&self, matcher: &Matcher, event: &Event) -> bool {
        matcher.0.iter().any(|one| one.name.as_deref() == event.name())
    }

    fn ms(length: &Length) -> i64 {
        match length {
            Length::Ms(ms) => *ms,
            Length::Months(..) => unreachable!("the twin knows no calendar"),
        }
    }

    fn obeys(gaps: &[Gap], after_ms: i64) -> bool {
        gaps.iter().all(|gap| match gap {
            Gap::Within(length) => after_ms < Self::ms(length),
            Gap::AtLeast(length) => after_ms >= Self::ms(length),
        })
    }

    /// Whether windows and the total allow these, in whatever order they are.
    fn lies(&self, chosen: &[usize]) -> bool {
        let (first, last) = (*chosen.iter().min().unwrap(), *chosen.iter().max().unwrap());
        let short = self.pattern.total.as_ref().is_none_or(|total| {
            self.events[last].when.since(self.events[first].when) < Self::ms(total)
        });
        short
            && self.pattern.windows.iter().all(|placing| {
                let windows = Windows::of(std::slice::from_ref(&placing.window), self.seen);
                let has = |place: usize| windows.have(self.events[place], self.seen.now);
                match placing.binds {
                    Binds::Each => chosen.iter().all(|place| has(*place)),
                    // Of a sequence it is the first step, of a combination the earliest.
                    Binds::First if self.is_sequence() => has(chosen[0]),
                    Binds::Last if self.is_sequence() => has(chosen[chosen.len() - 1]),
                    Binds::First => has(first),
                    Binds::Last => has(last),
                }
            })
    }

    fn is_sequence(&self) -> bool {
        matches!(self.pattern.form, Form::Sequence(_))
    }

    fn is_match(&self, sequence: &Sequence, chosen: &[usize], agrees: &[bool]) -> bool {
        let at = |place: usize| self.events[place];
        let is_there = |matcher: &Matcher, from: Timestamp, inside: &dyn Fn(Timestamp) -> bool| {
            (0..self.events.len()).any(|other| {
                let when = at(other).when;
                !chosen.contains(&other)
                    && agrees[other]
                    && from <= when
                    && inside(when)
                    && self.fits(matcher, at(other))
            })
        };
        let steps = chosen.iter().zip(&sequence.steps);
        let fit = steps.into_iter().all(|(c, s)| agrees[*c] && self.fits(&s.matcher, at(*c)));
        let linked = chosen.windows(2).zip(&sequence.steps[1..]).all(|(pair, step)| {
            let (a, b) = (at(pair[0]), at(pair[1]));
            let after = b.when.since(a.when);
            let linked = match step.link {
                Link::Then => after >= 0,
                Link::Strictly => after > 0,
                Link::Immediately => pair[1] == pair[0] + 1,
            };
            let before_b = |when: Timestamp| when <= b.when;
            let without = step.without.as_ref();
            linked
                && Self::obeys(&step.gaps, after)
                && !without.is_some_and(|other| is_there(other, a.when, &before_b))
        });
        let last = at(chosen[chosen.len() - 1]);
        let ended = sequence.tails.iter().all(|tail| {
            let over = tail.gaps.iter().all(|gap| match gap {
                Gap::Within(length) => self.seen.now.since(last.when) >= Self::ms(length),
                Gap::AtLeast(_) => true,
            });
            let inside = |when: Timestamp| Self::obeys(&tail.gaps, when.since(last.when));
            over && !is_there(&tail.matcher, last.when, &inside)
        });
        let short = self
            .pattern
            .total
            .as_ref()
            .is_none_or(|total| last.when.since(at(chosen[0]).when) < Self::ms(total));
        fit && linked && ended && short && self.lies(chosen)
    }

    fn n_matches(&self) -> usize {
        let n = self.events.len();
        match &self.pattern.form {
            Form::Combination { kinds, needed } => {
                let fit = |chosen: &Vec<usize>| {
                    choices(kinds.len(), *needed).iter().any(|order| {
                        let mut pairs = order.iter().zip(chosen);
                        pairs.all(|(kind, place)| self.fits(&kinds[*kind], self.events[*place]))
                    })
                };
                let mut all = choices(n, *needed).into_iter();
                usize::from(all.any(|chosen| fit(&chosen) && self.lies(&chosen)))
            }
            Form::Sequence(sequence) => {
                let all = choices(n, sequence.steps.len());
                let of = |agrees: &[bool]| {
                    let found = all.iter().filter(|chosen| self.is_match(sequence, chosen, agrees));
                    let mut firsts: Vec<usize> = found.map(|chosen| chosen[0]).collect();
                    firsts.sort_unstable();
                    firsts.dedup();
                    firsts.len()
                };
                let Some(same) = &sequence.same else { return of(&vec![true; n]) };
                let keys = |event: &&Event| keys_of(same, Row::of(self.seen, event));
                let keys: Vec<Vec<Value>> = self.events.iter().map(keys).collect();
                let matches = |key: &str| {
                    let agrees: Vec<bool> =
                        keys.iter().map(|keys| keys.contains(&number(key))).collect();
                    of(&agrees) > 0
                };
                ["1", "2"].into_iter().filter(|key| matches(key)).count()
            }
        }
    }
}

#[test]
fn what_is_found_is_what_trying_every_choice_finds() {
    let (mut n_found, mut n_many) = (0, 0);
    for seed in 0..6_000 {
        let mut chance = Chance(seed);
        let (history, pattern) = (chance.history(), chance.pattern());
        let seen = Seen { person: history.person(), now: after_now(0) };
        let twin = Twin { pattern: &pattern, seen, events: seen.events().collect() };
        let (found, expected) = (matches(&pattern, seen), twin.n_matches());
        let shown: Vec<_> = twin.events.iter().map(|event| (event.name(), event.when)).collect();
        assert_eq!(found.len(), expected, "seed {seed}: {pattern:#?}\nof {shown:?}");
        n_found += usize::from(expected > 0);
        n_many += usize::from(expected > 1);
    }
    assert!(n_found > 1_000 && n_many > 150, "too tame: {n_found}, {n_many}");
}

#[test]
fn a_month_ends_with_the_day_before() {
    let zone = Zone::named("Europe/Bratislava").unwrap();
    let jan_31 = History::new()
        .did(0, "a")
        .with(|event| event.when = "2026-01-31T12:00:00Z".parse().unwrap());
    let month = Length::Months(1, zone.into());
    let windows = Bound { each: Vec::new(), first: Vec::new(), last: Vec::new() };
    let ground = Ground {
        seen: Seen { person: jan_31.person(), now: jan_31.events[0].when },
        events: &[],
        windows: &windows,
        total: None,
    };
    let passed = |at: &str| ground.has_passed(&jan_31.events[0], at.parse().unwrap(), &month);
    assert!(!passed("2026-02-27T22:59:59.999Z"));
    assert!(passed("2026-02-27T23:00:00Z"));
    assert_eq!(jan_31.events[0].id, EventId(1));
}
