//! By kind and name of a call: which stores it fills and which questions it moves.

use super::super::plan::{Feed, Need, Plan};
use super::{Circuit, Question};
use crate::model::{Body, Stream, Text};
use crate::query::footprint;
use crate::query::predicate::{Matcher, Predicate, Tree};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// What one kind of call touches.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Entry {
    /// Stores, each with the number of its matcher; equal matchers stand together.
    pub(in super::super) stores: Vec<(u32, u32)>,
    /// Questions that are answered from rows.
    pub(in super::super) rows: Vec<u32>,
}

/// The entries by kind and name.
#[derive(Debug, Default)]
pub(super) struct Dispatch {
    names: HashMap<Text, Entry, FixedState>,
    /// Events of every other name.
    others: Entry,
    identify: Entry,
    group: Entry,
    alias: Entry,
    consent: Entry,
}

impl Dispatch {
    pub(super) fn entry(&self, body: &Body) -> &Entry {
        match body {
            Body::Identify { .. } => &self.identify,
            Body::Group { .. } => &self.group,
            Body::Alias { .. } => &self.alias,
            Body::Consent { .. } => &self.consent,
            event => {
                event.event_name().and_then(|name| self.names.get(name)).unwrap_or(&self.others)
            }
        }
    }

    /// The entries that rows of a need may lie under.
    fn touched(&mut self, need: &Need, visit: impl Fn(&mut Entry)) {
        if need.everything() {
            self.names.values_mut().for_each(&visit);
            visit(&mut self.others);
        }
        if need.all {
            [&mut self.identify, &mut self.group, &mut self.alias, &mut self.consent]
                .into_iter()
                .for_each(&visit);
            return;
        }
        for stream in &need.streams {
            match stream {
                Stream::Events(_) if need.any_event => {}
                Stream::Events(name) => self.names.get_mut(name).into_iter().for_each(&visit),
                Stream::Identify => visit(&mut self.identify),
                Stream::Group => visit(&mut self.group),
                Stream::Alias => visit(&mut self.alias),
                Stream::Consent => visit(&mut self.consent),
            }
        }
    }
}

/// Whether an answer hangs on what a person is called.
fn reads_names(predicate: &Predicate) -> bool {
    let footprint = footprint(&Tree::Leaf(predicate.clone()));
    footprint.identifiers || footprint.user_id
}

impl Circuit {
    /// Everything that follows from what is there, made anew.
    pub(in super::super) fn rebuild(&mut self) {
        self.order = (0..self.nodes.len() as u32)
            .filter(|number| self.nodes[*number as usize].is_some())
            .collect();
        self.order.sort_by_key(|number| self.nodes[*number as usize].as_ref().map(|n| n.rank));
        self.strata = (0..self.rankings.len() as u32)
            .filter(|number| self.rankings[*number as usize].is_some())
            .collect();
        self.strata.sort_by_key(|number| {
            self.rankings[*number as usize].as_ref().map(|ranking| ranking.stratum)
        });
        self.list_questions();
        let asks = |q: &Question| reads_names(&q.predicate);
        self.reads_names = self.questions.iter().flatten().any(asks);
        self.fill_cones();
        self.fill_asked();
        self.fill_dispatch();
    }

    fn list_questions(&mut self) {
        let numbered = || self.questions.iter().enumerate();
        let chosen = |choose: fn(&Plan) -> bool| -> Vec<u32> {
            let found = numbered().filter(|(_, q)| q.as_ref().is_some_and(|q| choose(&q.plan)));
            found.map(|(number, _)| number as u32).collect()
        };
        self.kept = chosen(|plan| !matches!(plan, Plan::Rows | Plan::Rank));
        let clocks = numbered().filter_map(|(n, q)| Some((q.as_ref()?.clock?, n as u32)));
        let mut timed: Vec<(u32, u32)> = clocks.collect();
        timed.sort_unstable();
        // A column that nobody uses has nobody due either.
        let n_columns = timed.last().map_or(0, |last| last.0 as usize + 1);
        let mut by_column = vec![u32::MAX; n_columns];
        timed.iter().for_each(|(column, number)| by_column[*column as usize] = *number);
        self.rows = chosen(|plan| *plan == Plan::Rows);
        self.timed = by_column;
        (self.need, self.rows_need, self.rows_reach) = (Need::default(), Need::default(), 0);
        for question in self.questions.iter().flatten() {
            self.need.join(&question.need);
            if question.plan == Plan::Rows {
                self.rows_need.join(&question.need);
                self.rows_reach = self.rows_reach.max(question.reach);
            }
        }
    }

    /// For each question the nodes above it, in order.
    fn fill_cones(&mut self) {
        for number in 0..self.questions.len() {
            let mut cone: Vec<u32> = Vec::new();
            for node in &self.order {
                let above = self.nodes[*node as usize].as_ref().is_some_and(|of| {
                    of.questions.contains(&(number as u32))
                        || of.inner.iter().any(|inner| cone.contains(inner))
                });
                if above {
                    cone.push(*node);
                }
            }
            if let Some(question) = &mut self.questions[number] {
                question.cone = cone;
            }
        }
    }

    fn fill_asked(&mut self) {
        self.stores.iter_mut().flatten().for_each(|store| store.asked.clear());
        for (number, question) in self.questions.iter().enumerate() {
            for kept in question.iter().flat_map(|question| question.plan.kept()) {
                if let Some(store) = &mut self.stores[kept.store as usize]
                    && store.asked.last() != Some(&(number as u32))
                {
                    store.asked.push(number as u32);
                }
            }
        }
    }

    fn fill_dispatch(&mut self) {
        let mut dispatch = Dispatch::default();
        for stream in &self.need.streams {
            if let Stream::Events(name) = stream {
                dispatch.names.insert(name.clone(), Entry::default());
            }
        }
        let mut matchers: Vec<&Matcher> = Vec::new();
        let mut filled: Vec<(u32, u32, Need)> = Vec::new();
        for (number, store) in self.stores.iter().enumerate() {
            let Some(store) = store else { continue };
            let matcher = match &store.feed {
                Feed::Events { matcher, .. } => place_of(&mut matchers, matcher),
                _ => u32::MAX,
            };
            filled.push((matcher, number as u32, store.feed.touches()));
        }
        filled.sort_by_key(|(matcher, store, _)| (*matcher, *store));
        for (matcher, store, need) in &filled {
            dispatch.touched(need, |entry| entry.stores.push((*store, *matcher)));
        }
        for number in &self.rows {
            let need = &self.question(*number).need;
            dispatch.touched(need, |entry| entry.rows.push(*number));
        }
        self.dispatch = dispatch;
    }
}

fn place_of<'a>(matchers: &mut Vec<&'a Matcher>, matcher: &'a Matcher) -> u32 {
    let place = matchers.iter().position(|other| *other == matcher).unwrap_or(matchers.len());
    if place == matchers.len() {
        matchers.push(matcher);
    }
    place as u32
}
