//! Opening: lock, raise the state, say what was missed.

use super::clock;
use super::journal::Journal;
use super::lane::Lane;
use super::opening::Laps;
use super::raise::{Raised, raise};
use super::shared::Shared;
use super::{Clock, CommitTime, OpenError, Opening, Options};
use crate::audience::{Cause, Delta};
use crate::index::Seats;
use crate::model::{Input, Lsn, Ordinal, Text, Timestamp};
use crate::state::State;
use crate::store::{self, Directory, Feed, Log, Manifest, Members, Membership, Torn};
use crossbeam::channel::never;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// An open clock may be so far behind the last record.
const BEHIND_MAX_MS: i64 = 60_000;
/// An open clock may be so far ahead of the last record.
const AHEAD_MAX_MS: i64 = 90 * 86_400_000;

/// Opens a directory and gives the lane that works in it.
pub(super) fn open(path: &Path, options: &Options) -> Result<Lane, OpenError> {
    let mut laps = Laps::begin();
    let directory = directory(path, options)?;
    let opening = Opening { directory: laps.lap(), ..Opening::default() };
    lane(directory, options, None, opening)
}

/// The lane that works in a directory. Where records were lost, `told` is the
/// last one that somebody may have been told of: the next has a greater number.
pub(super) fn lane(
    directory: Directory,
    options: &Options,
    told: Option<Lsn>,
    mut opening: Opening,
) -> Result<Lane, OpenError> {
    let _span = tracing::info_span!("open", directory = %directory.path().display()).entered();
    let (begun, mut laps) = (Instant::now(), Laps::begin());
    let clock = directory.manifest().clock;
    let (mut log, of_log) = Log::open(&directory)?;
    opening.log = laps.lap();
    let (mut feed, of_feed) = Feed::open(&directory)?;
    opening.feed = laps.lap();
    if told.is_none() {
        // An entry is written once its record is on disk.
        log.must_reach(feed.last().unwrap_or_default(), "the feed")?;
    }
    let torn: Vec<Torn> = [of_log.torn, of_feed.torn].into_iter().flatten().collect();
    tell(&torn, options);
    if options.read_only {
        directory.share()?;
    }
    let Raised { state, keeper, rebuilt } =
        raise(&directory, &mut log, &mut feed, options, &mut opening)?;
    check_clock(&state, clock, options)?;
    if !options.read_only {
        directory.opened();
    }
    let (journal, held) = match options.read_only {
        true => (None, Some((directory, log, feed))),
        false => (Some(Journal::new(directory, log, feed)), None),
    };
    let shared = Arc::new(Shared::new(clock, state.policy().clone()));
    let mut lane = Lane {
        state,
        pages: keeper.shelf().clone(),
        keeper,
        journal,
        held,
        clock,
        options: options.clone(),
        shared,
        behind: None,
        sync_took: std::time::Duration::ZERO,
        stopped: None,
        opened_ms: 0,
        opening,
        rebuilt,
        knows_ids: !options.read_only,
        torn,
        inbox: never(),
        waiting: VecDeque::new(),
        is_temporary: false,
    };
    if let Some(told) = told {
        lane.leap(told)?;
    }
    laps.lap();
    lane.announce_missed()?;
    lane.opening.feed += laps.lap();
    lane.shared.announce(lane.state.lsn());
    lane.opened_ms = (begun.elapsed() + lane.opening.directory).as_millis() as u64;
    tracing::info!(record = lane.state.lsn().0, ms = lane.opened_ms, "the directory is open");
    Ok(lane)
}

/// A command says it in its own words; this is for who embeds the engine.
fn tell(torn: &[Torn], options: &Options) {
    for torn in torn {
        tracing::info!(file = %torn.file.display(), offset = torn.offset, bytes = torn.bytes,
            cut = !options.read_only, "an unfinished end was never acknowledged");
    }
}

fn directory(path: &Path, options: &Options) -> Result<Directory, OpenError> {
    let sizes = store::Options {
        reserve_bytes: options.reserve_bytes,
        free_bytes_min: if options.reserve_bytes == 0 { 0 } else { 256 << 20 },
        page_cache_bytes: usize::try_from(options.page_cache_bytes()).unwrap_or(usize::MAX),
        tree_cache_bytes: (options.memory_budget / 64).clamp(1 << 20, 64 << 20),
        ..store::Options::default()
    };
    if Directory::is_store(path) {
        let open = if options.read_only { Directory::read } else { Directory::open };
        return Ok(open(path, sizes)?);
    }
    if options.read_only || !options.create {
        return Err(OpenError::Missing(path.to_owned()));
    }
    let manifest = Manifest::new(clock::wall_now(), options.clock.unwrap_or(Clock::Wall))?;
    Ok(Directory::create(path, manifest, sizes)?)
}

/// One bad step of a clock must not poison a log whose time never goes back.
fn check_clock(state: &State, clock: Clock, options: &Options) -> Result<(), OpenError> {
    let (now, last) = (clock::wall_now(), state.at());
    let checked = clock == Clock::Wall && !options.read_only && !options.accept_clock;
    if !checked || state.lsn() == Lsn::default() {
        return Ok(());
    }
    let ahead = now.since(last);
    if (-BEHIND_MAX_MS..=AHEAD_MAX_MS).contains(&ahead) {
        return Ok(());
    }
    Err(OpenError::Clock { clock: now, last })
}

impl Lane {
    /// Goes on after records that are lost: the next number is greater than
    /// that of any record or entry that somebody may have seen.
    fn leap(&mut self, told: Lsn) -> Result<(), OpenError> {
        let now = self.time(CommitTime::Clock, self.state.newest())?;
        let Some(journal) = &self.journal else { return Ok(()) };
        let entries = journal.entries(Lsn(0)).filter_map(Result::ok);
        let at = entries.map(|entry| entry.at).fold(now, Timestamp::max);
        self.commit_as(Lsn(told.0.max(self.state.lsn().0) + 1), at, Input::Recovered, None)?;
        Ok(self.sync()?)
    }

    /// Announces what changed between the last announcement that is on disk
    /// and the last record.
    fn announce_missed(&mut self) -> Result<(), OpenError> {
        if self.state.live().is_none() {
            return Ok(());
        }
        let Some(journal) = &self.journal else { return Ok(()) };
        let told = Membership::fold(journal.entries(Lsn(0))).map_err(store::StoreError::from)?;
        for entry in self.state.catalog().clone().audience_entries().filter(|entry| entry.paused) {
            let name = &entry.audience.name;
            let known = told.members(name).into_iter().flat_map(|members| members.iter());
            self.state.knows_announced(name, known.map(Ordinal).collect());
        }
        let mut deltas = self.missed(&told);
        let gone: Vec<Text> = told
            .iter()
            .map(|(name, _)| name.clone())
            .filter(|name| self.state.catalog().audience(name).is_none())
            .collect();
        if deltas.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let at = self.state.at();
        deltas.extend(gone.iter().filter_map(|name| leave(name, told.members(name)?, at)));
        self.commit(at, Input::Recovered, None)?;
        let lsn = self.state.lsn();
        if let Some(journal) = &mut self.journal {
            journal.feed(lsn, at, &deltas)?;
            for name in gone {
                journal.feed_drop(lsn, at, name)?;
            }
            journal.sync()?;
        }
        Ok(())
    }

    /// What the feed has not told yet.
    fn missed(&self, told: &Membership) -> Vec<Delta> {
        let live = self.state.live();
        let at = self.state.at();
        let mut deltas = Vec::new();
        let entries = self.state.catalog().audience_entries();
        for audience in entries.filter(|entry| entry.stands && !entry.paused).map(|e| &e.audience) {
            let Some(now) = live.and_then(|live| live.members(&audience.name)) else { continue };
            let before = told.members(&audience.name).map(seats_of).unwrap_or_default();
            let (mut new, mut gone) = (now.clone(), before.clone());
            new -= &before;
            gone -= now;
            let entered: Vec<_> = new.iter().map(|seat| (seat, at)).collect();
            let left: Vec<_> = gone.iter().map(|seat| (seat, at)).collect();
            if !entered.is_empty() || !left.is_empty() {
                deltas.push(Delta {
                    audience: audience.name.clone(),
                    version: audience.version,
                    cause: Cause::Recovered,
                    entered,
                    left,
                });
            }
        }
        deltas
    }
}

fn seats_of(members: &Members) -> Seats {
    Seats::of_chunks(members.chunks().map(|(chunk, words)| Seats::of_chunk(chunk, words)))
}

/// Whoever was told to be in an audience that is no more has left it.
fn leave(name: &Text, members: &Members, at: Timestamp) -> Option<Delta> {
    let left: Vec<_> = members.iter().map(|seat| (Ordinal(seat), at)).collect();
    let (audience, version) = (name.clone(), members.version);
    let delta = Delta { audience, version, cause: Cause::Recovered, entered: Vec::new(), left };
    (!members.is_empty()).then_some(delta)
}
