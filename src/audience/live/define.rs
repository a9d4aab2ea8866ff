//! Audiences come, change and go while events flow.

use super::super::circuit::{Added, Released};
use super::super::delta::Cause;
use super::super::facts::{Facts, PageError};
use super::super::plan::Need;
use super::Live;
use super::flips::Flip;
use super::since::History;
use crate::index::Seats;
use crate::model::{Ordinal, Text, Timestamp};
use crate::query::predicate::Audience;
use std::sync::Arc;

impl Live {
    /// Takes in an audience, new or changed; its members are complete on return.
    /// Who entered and left by that is given by the next [`Live::settle`].
    pub fn define(
        &mut self,
        audience: Arc<Audience>,
        facts: &dyn Facts,
        now: Timestamp,
    ) -> Result<(), PageError> {
        self.renew_audience(audience, Cause::Definition, facts, now)
    }

    /// The same for a reason of the caller's: the audience says what it said, and
    /// is answered by something else.
    pub fn renew_audience(
        &mut self,
        audience: Arc<Audience>,
        cause: Cause,
        facts: &dyn Facts,
        now: Timestamp,
    ) -> Result<(), PageError> {
        let old = self.names.get(&audience.name).copied();
        if old.is_some_and(|old| self.circuit.node(old).audience == audience) {
            return Ok(());
        }
        self.catch_up(facts, now.millis())?;
        let mut added = Added::default();
        let node = self.circuit.add(&audience, &mut self.people, &mut added);
        let filled = self.take_up(&added, facts, now.millis());
        if filled.is_err() {
            self.let_go(node);
            return filled;
        }
        self.stand_for(&audience.name, node, old, (now.millis(), cause));
        Ok(())
    }

    /// Makes audiences ready that are going to be defined: each person is read once for
    /// all of them. Until [`Live::end_preparing`] they are kept, and nobody is told.
    ///
    /// # Errors
    /// If somebody's rows cannot be read.
    pub fn prepare(
        &mut self,
        audiences: &[Arc<Audience>],
        facts: &dyn Facts,
        now: Timestamp,
    ) -> Result<(), PageError> {
        self.catch_up(facts, now.millis())?;
        let mut added = Added::default();
        for audience in audiences {
            let node = self.circuit.add(audience, &mut self.people, &mut added);
            self.circuit.hold(node);
            self.prepared.push(node);
        }
        let filled = self.take_up(&added, facts, now.millis());
        if filled.is_err() {
            self.end_preparing();
        }
        filled
    }

    /// What was made ready and has not been defined goes.
    pub fn end_preparing(&mut self) {
        for node in std::mem::take(&mut self.prepared) {
            if self.circuit.end_hold(node) {
                self.let_go(node);
            }
        }
    }

    /// What has been added is filled and answered.
    fn take_up(&mut self, added: &Added, facts: &dyn Facts, now: i64) -> Result<(), PageError> {
        if added.nodes.is_empty() {
            return Ok(());
        }
        self.circuit.rebuild();
        // A store that must reach further is filled anew, also by what waits.
        self.waiting.release(&added.stores, &[]);
        self.fill_everybody(added, facts, now)?;
        self.settle_ranks(now);
        Ok(())
    }

    /// Standing audiences over everything that is known, of which each person is read
    /// once. Nobody is said to enter.
    ///
    /// # Errors
    /// If somebody's rows cannot be read.
    pub fn of_all(
        audiences: impl IntoIterator<Item = Arc<Audience>>,
        facts: &dyn Facts,
        now: Timestamp,
    ) -> Result<Live, PageError> {
        let (mut live, added, nodes) = Live::begin(audiences);
        live.parties = facts.parties().clone();
        if !nodes.is_empty() {
            live.fill_everybody(&added, facts, now.millis())?;
            live.settle_ranks(now.millis());
        }
        live.stand_all(nodes);
        Ok(live)
    }

    /// What is asked for audiences, of nobody yet, and the node of each.
    pub(super) fn begin(
        audiences: impl IntoIterator<Item = Arc<Audience>>,
    ) -> (Live, Added, Vec<(Text, u32)>) {
        let (mut live, mut added, mut nodes) = (Live::default(), Added::default(), Vec::new());
        for audience in audiences {
            let node = live.circuit.add(&audience, &mut live.people, &mut added);
            nodes.push((audience.name.clone(), node));
        }
        live.circuit.rebuild();
        (live, added, nodes)
    }

    /// These nodes answer for these names from here on, and nobody is said to enter.
    pub(super) fn stand_all(&mut self, nodes: Vec<(Text, u32)>) {
        let columns: Vec<u32> =
            nodes.iter().map(|(_, node)| self.circuit.node(*node).column).collect();
        let members = self.people.with_bits(&columns);
        for ((name, node), members) in nodes.into_iter().zip(members) {
            self.stats.flips += members.len();
            self.stand(&name, node, members);
        }
        self.moves.flips.clear();
    }

    /// Lets an audience go; nobody is said to leave it.
    pub fn drop(&mut self, name: &str) {
        if let Some(node) = self.names.remove(name) {
            let label = self.circuit.node(node).label;
            self.moves.flips.retain(|flip| Some(flip.label) != label);
            self.unstand(node);
        }
    }

    fn unstand(&mut self, node: u32) {
        let of = self.circuit.node_mut(node);
        (of.label, of.members) = (None, Default::default());
        self.let_go(node);
    }

    /// Releases a node and what only it shared.
    fn let_go(&mut self, node: u32) {
        let mut gone = Released::default();
        self.circuit.release(node, &mut self.people, &mut gone);
        self.circuit.rebuild();
        if self.circuit.is_empty() {
            // Without an audience nothing is taken in, so nothing that was kept stays true.
            (self.people, self.waiting, self.due) = Default::default();
            self.work.clear();
            self.afresh.clear();
            return;
        }
        self.waiting.release(&gone.stores, &gone.questions);
        if !gone.stores.is_empty() {
            for person in &mut self.people.persons {
                person.cells.retain(|cell| !gone.stores.contains(&cell.store));
            }
        }
    }

    /// Each person once, all rows that new stores and questions need once.
    fn fill_everybody(
        &mut self,
        added: &Added,
        facts: &dyn Facts,
        now: i64,
    ) -> Result<(), PageError> {
        let mut stores = Need::default();
        for store in &added.stores {
            stores.join(&self.circuit.store(*store).feed.touches());
        }
        let mut seats = Vec::new();
        facts.each(&mut |seat| seats.push(seat));
        let nobody_is_kept = self.people.len() == 0;
        if nobody_is_kept {
            stores = self.circuit.need.clone();
            self.people.reserve(seats.len());
            for seat in &seats {
                self.blank(*seat, facts.exists(*seat), now);
            }
        }
        if nobody_is_kept || !added.stores.is_empty() {
            self.refill_everybody(&stores, &added.stores, facts, now)?;
        }
        let (kept, new): (Vec<Ordinal>, Vec<Ordinal>) =
            seats.into_iter().partition(|seat| self.people.find(*seat).is_some());
        for seat in new {
            self.renew(seat, Cause::Definition, facts, now)?;
        }
        self.ask_everybody(&kept, added, facts, now)
    }

    /// Everybody is asked what is new, and the new audiences are worked out.
    fn ask_everybody(
        &mut self,
        seats: &[Ordinal],
        added: &Added,
        facts: &dyn Facts,
        now: i64,
    ) -> Result<(), PageError> {
        let of_rows = |number: &u32| self.circuit.rows.contains(number);
        let (asks, kept): (Vec<u32>, Vec<u32>) = added.questions.iter().partition(|n| of_rows(n));
        let mut nodes = added.nodes.clone();
        self.circuit.put_in_order(&mut nodes);
        if asks.is_empty() && !self.has_ranks() {
            self.answer_all((&kept, &nodes), (now, Cause::Definition), facts.run());
            self.await_all();
            return Ok(());
        }
        let (mut rows, mut reach) = (Need::default(), 0);
        for question in asks.iter().map(|number| self.circuit.question(*number)) {
            rows.join(&question.need);
            reach = reach.max(question.reach);
        }
        let from = now.saturating_sub(reach);
        for seat in seats {
            self.fill(*seat, (&kept, &nodes), (&rows, from, &asks), facts, now)?;
        }
        Ok(())
    }

    fn fill(
        &mut self,
        seat: Ordinal,
        (kept, nodes): (&[u32], &[u32]),
        (rows, from, asks): (&Need, i64, &[u32]),
        facts: &dyn Facts,
        now: i64,
    ) -> Result<(), PageError> {
        let exists = self.people.find(seat).is_some_and(|p| self.people.persons[p].exists);
        let history = if asks.is_empty() || !exists {
            None
        } else {
            self.stats.rescans += 1;
            Some(History::wanted(seat, &rows.wanted(), from, facts)?)
        };
        let place = self.people.settle_in(seat);
        let before = self.people.persons[place].wakes();
        let mut moved = nodes.to_vec();
        if exists {
            self.people.persons[place].since = now;
            self.answer(place, kept, now, &mut moved);
            if let Some(history) = &history {
                self.answer_rows(place, asks, history, now, &mut moved);
            }
        }
        self.propagate(place, &mut moved, now, Cause::Definition);
        self.await_next(seat, place, before);
        Ok(())
    }

    /// The node answers for the name from here on; whoever is elsewhere than
    /// before has entered or left.
    fn stand_for(&mut self, name: &Text, node: u32, old: Option<u32>, (at, cause): (i64, Cause)) {
        let (label, old) = (self.label(name), old.filter(|old| *old != node));
        // What has not been announced yet is announced as the work of this definition.
        for flip in self.moves.flips.iter_mut().filter(|flip| flip.label == label) {
            (flip.at, flip.cause) = (at, cause);
        }
        let columns: Vec<u32> =
            [Some(node), old].into_iter().flatten().map(|n| self.circuit.node(n).column).collect();
        let mut members = self.people.with_bits(&columns).into_iter();
        let (new, before) = (members.next().unwrap_or_default(), members.next());
        let (mut entered, mut left) = (new.clone(), before.unwrap_or_default());
        entered -= &left;
        left -= &new;
        for (moved, inside) in [(entered, true), (left, false)] {
            let flip = |seat| Flip { label, seat, inside, at, cause };
            self.moves.flips.extend(moved.iter().map(flip));
        }
        self.stand(name, node, new);
        if let Some(old) = old {
            self.unstand(old);
        }
    }

    /// The node answers for the name from here on.
    fn stand(&mut self, name: &Text, node: u32, members: Seats) {
        let label = self.label(name);
        let of = self.circuit.node_mut(node);
        of.label = Some(label);
        of.members = members;
        self.names.insert(name.clone(), node);
    }

    fn label(&mut self, name: &Text) -> u32 {
        let place = self.labels.iter().position(|label| label == name);
        place.unwrap_or_else(|| {
            self.labels.push(name.clone());
            self.labels.len() - 1
        }) as u32
    }
}
