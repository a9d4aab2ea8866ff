//! What the demo does and says, scene by scene.

use super::super::failure::Failure;
use super::super::print::{counted, grouped, say, tell};
use super::audiences::{AUDIENCES, statement};
use super::card;
use super::shop::Shop;
use crate::engine::{Answer, Change, Clock, CommitTime, Options, Throng};
use crate::model::limits::RECORD_CALLS_MAX;
use crate::model::{Ordinal, Timestamp};
use crate::state::View;
use crate::store::Cause;
use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, Instant};

/// The shop, its database, and when the telling began.
pub(super) struct Story<'a> {
    shop: &'a Shop,
    path: &'a Path,
    throng: Throng,
    begun: Instant,
}

const DAY: i64 = 86_400_000;
/// How many days pass without any event.
const DAYS_PASSED: i64 = 30;

impl<'a> Story<'a> {
    /// Opens a new database whose time is given by the story.
    pub fn begin(path: &'a Path, shop: &'a Shop) -> Result<Story<'a>, Failure> {
        let options = Options { clock: Some(Clock::Given), ..Options::default() };
        let throng = Throng::open(path, options)?;
        Ok(Story { shop, path, throng, begun: Instant::now() })
    }

    /// The shop's whole history comes in.
    pub fn import(&self) -> Result<(), Failure> {
        scene(&format!("A shop opens on {}, and its history comes in", day(self.shop.opened())))?;
        let calls = self.shop.history();
        let (n_calls, begun) = (calls.len() as u64, Instant::now());
        let mut waiting = Vec::new();
        let mut batch = Vec::with_capacity(RECORD_CALLS_MAX);
        for call in calls {
            batch.push(call);
            if batch.len() == RECORD_CALLS_MAX {
                let full = std::mem::take(&mut batch);
                waiting.push(self.throng.begin(full, CommitTime::Follow, false)?);
            }
        }
        waiting.push(self.throng.begin(batch, CommitTime::At(self.shop.present), false)?);
        for pending in waiting {
            pending.wait()?;
        }
        let rate = (n_calls as f64 / begun.elapsed().as_secs_f64().max(0.001)) as u64;
        say(format_args!(
            "  {} from web, store, email and support",
            counted(n_calls, "call", "calls")
        ))?;
        aside(&format!("{} calls a second, each on disk before it counts", grouped(rate)));
        Ok(())
    }

    /// Who turned out to be who.
    pub fn unified(&self) -> Result<(), Failure> {
        scene("Who is who")?;
        let info = self.throng.info()?;
        say(format_args!("  {} names of people and devices", grouped(info.identifiers.into())))?;
        say(format_args!("  {}", counted(info.people, "person", "people")))?;
        let view = self.throng.view()?;
        let joined = view.alive().iter().filter(|seat| view.identifiers(*seat).len() > 1).count();
        let shared = view.alive().iter().filter(|seat| self.shares_device(&view, *seat)).count();
        say(format_args!("  {} of them are known by more than one name", grouped(joined as u64)))?;
        say(format_args!("  {} use a device that somebody else uses too", grouped(shared as u64)))?;
        Ok(())
    }

    fn shares_device(&self, view: &View, seat: Ordinal) -> bool {
        view.identifiers(seat).iter().any(|identifier| {
            &*identifier.namespace == "anonymous_id" && view.n_holders(identifier) > 1
        })
    }

    /// Ten audiences, complete over all history when the statement returns.
    pub fn define(&self) -> Result<(), Failure> {
        scene("Ten audiences of ten kinds, complete as soon as they are defined")?;
        let people = self.throng.info()?.people;
        for (name, words, definition) in AUDIENCES {
            self.throng.query(&statement(name, definition))?;
            let n = self.throng.view()?.members(name).map_or(0, |members| members.len());
            let share = 1_000 * n / people.max(1);
            say(format_args!(
                "  {name:<15} {:>7}  {:>2}.{} %  {words}",
                grouped(n),
                share / 10,
                share % 10
            ))?;
        }
        Ok(())
    }

    /// Somebody whose card has something on it: many names, several audiences.
    pub fn someone(&self) -> Result<Ordinal, Failure> {
        let view = self.throng.view()?;
        let n_audiences = |seat: Ordinal| {
            let names = AUDIENCES.iter().map(|(name, ..)| *name);
            names.filter(|name| view.members(name).is_some_and(|m| m.contains(seat))).count()
        };
        let many = |seat: &Ordinal| view.identifiers(*seat).len() >= 4 && n_audiences(*seat) >= 3;
        let found = view.alive().iter().find(many).or_else(|| view.alive().iter().next());
        found.ok_or_else(|| Failure::Failed("the shop has no customers".to_owned()))
    }

    /// One customer.
    pub fn card(&self, seat: Ordinal) -> Result<(), Failure> {
        scene("One customer")?;
        card::show(&self.throng, &self.throng.view()?, seat)
    }

    /// Thirty days pass without any event.
    pub fn a_month_later(&self) -> Result<(), Failure> {
        scene("Thirty days pass, and nothing happens")?;
        let from = self.throng.info()?.lsn.0 + 1;
        for days in 1..=DAYS_PASSED {
            self.throng.advance_to(self.shop.present.plus_ms(days * DAY))?;
        }
        let mut told = None;
        for (name, ..) in AUDIENCES {
            let (entered, left, someone) = self.moves(name, from)?;
            say(format_args!(
                "  {name:<15} {:>6} entered  {:>6} left",
                grouped(entered),
                grouped(left)
            ))?;
            told = told.or(someone.map(|change| (name, change)));
        }
        match told {
            Some((name, change)) => self.tell(name, &change),
            None => Ok(()),
        }
    }

    fn moves(&self, name: &str, from: u64) -> Result<(u64, u64, Option<Change>), Failure> {
        let mut changes = self.throng.subscribe(name, Some(from))?;
        let (mut entered, mut left, mut someone) = (0, 0, None);
        while let Some(change) = changes.next(Duration::ZERO)? {
            entered += u64::from(change.entered);
            left += u64::from(!change.entered);
            if !change.entered && change.cause == Cause::Time && someone.is_none() {
                someone = Some(change);
            }
        }
        Ok((entered, left, someone))
    }

    fn tell(&self, name: &str, change: &Change) -> Result<(), Failure> {
        say(format_args!(
            "\n  {} left {name} at {}, because time passed:",
            change.profile, change.at
        ))?;
        let asked = format!("why is profile \"{}\" not in audience {name}", change.profile);
        for answer in self.throng.query(&asked)?.answers {
            let Answer::Text(text) = answer else { continue };
            for line in text.lines() {
                say(format_args!("    {line}"))?;
            }
        }
        Ok(())
    }

    /// Everything is computed again from the facts.
    pub fn verify(&self) -> Result<(), Failure> {
        scene("Is all of it true? Every audience, computed again from the facts")?;
        let verified = self.throng.verify()?;
        let wrong: u64 = verified.iter().map(|it| it.differences).sum();
        let people: u64 = verified.iter().map(|it| it.people).sum();
        say(format_args!(
            "  {} with {}: {}",
            counted(verified.len() as u64, "audience", "audiences"),
            counted(people, "membership", "memberships"),
            counted(wrong, "difference", "differences")
        ))?;
        if wrong > 0 {
            return Err(Failure::Failed("what is kept differs from the facts".to_owned()));
        }
        Ok(())
    }

    /// What to try next, by the program as it was called.
    pub fn end(self, program: &OsStr) -> Result<(), Failure> {
        let Story { path, shop, throng, begun } = self;
        throng.close()?;
        let (present, now) = (shop.present, shop.present.plus_ms(DAYS_PASSED * DAY));
        scene("Your turn")?;
        say(format_args!(
            "  The shop's clock stands at {}, {DAYS_PASSED} days after its last event: what was in \
             the days before that is asked `--at {present}`.",
            day(now)
        ))?;
        let (throng, data) = (program.display(), path.display());
        say(format_args!(
            "  {throng} query --data {data} 'count people in audience lapsed by country'"
        ))?;
        say(format_args!(
            "  {throng} query --data {data} 'list name, sum(order.total) as spent of people in \
             audience vip_at_risk sort by spent desc limit 5'"
        ))?;
        say(format_args!(
            "  {throng} query --data {data} --at {present} 'count people who did order in last 30 \
             days'"
        ))?;
        say(format_args!("  {throng} watch --data {data} lapsed --from 1 --once"))?;
        aside(&format!("all of it took {:.1} s", begun.elapsed().as_secs_f64()));
        Ok(())
    }
}

fn scene(title: &str) -> Result<(), Failure> {
    Ok(say(format_args!("\n{title}"))?)
}

/// What differs from run to run goes to standard error, so that the story stays the same.
fn aside(text: &str) {
    tell(format_args!("  ({text})"));
}

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}
