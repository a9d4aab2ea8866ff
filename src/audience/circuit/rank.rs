//! A rank joins the circuit: an order of people, which several parts share.
//!
//! Those who are ranked and have a value are a node like an audience; whoever
//! enters or leaves it enters or leaves the order.

use super::super::people::People;
use super::super::plan::{Need, Plan, plan_value, reach};
use super::super::rank::Ranking;
use super::add::{Added, Filling, Parts};
use super::{Circuit, Node, Question, put};
use crate::index::Seats;
use crate::model::{Kind, Text, Value};
use crate::query::predicate::{
    Aggregate, Alike, Audience, Check, Condition, Expr, Function, Local, PersonLeaf, Point,
    Predicate, Rank, RowLeaf, Test, Tree, Which,
};
use std::sync::Arc;

impl Circuit {
    /// The question whether somebody is in a part of an order.
    pub(super) fn ask_rank(
        &mut self,
        predicate: &Predicate,
        rank: &Rank,
        people: &mut People,
        added: &mut Added,
    ) -> u32 {
        let same = |q: &Option<Question>| q.as_ref().is_some_and(|q| q.predicate == *predicate);
        if let Some(place) = self.questions.iter().position(same) {
            if let Some(question) = &mut self.questions[place] {
                question.uses += 1;
            }
            return place as u32;
        }
        let ranking = self.order(rank, people, added);
        let question = Question {
            predicate: predicate.clone(),
            plan: Plan::Rank,
            need: Need::default(),
            column: people.bits.column(),
            // No rows of the person tell.
            reach: 0,
            ranks: None,
            part_of: Some(ranking),
            clock: None,
            uses: 1,
            cone: Vec::new(),
        };
        let number = put(&mut self.questions, question);
        added.questions.push(number);
        self.ranking_mut(ranking).cut(number, rank.cut);
        number
    }

    /// In which stratum a question is answered.
    pub(super) fn stratum_of(&self, question: u32) -> u32 {
        self.question(question).part_of.map_or(0, |ranking| self.ranking(ranking).stratum)
    }

    /// The order that a rank is about, made if it is not there yet.
    fn order(&mut self, rank: &Rank, people: &mut People, added: &mut Added) -> u32 {
        let (by, reads, falls) = order_of(rank);
        let same = |it: &Option<Ranking>| {
            it.as_ref().is_some_and(|it| {
                (it.reads, it.falls) == (reads, falls) && it.by == by && it.among == rank.among
            })
        };
        if let Some(place) = self.rankings.iter().position(same) {
            return place as u32;
        }
        let mut parts = Parts::default();
        let among = self.formula(&rank.among, people, added, &mut parts);
        let ranking = Ranking::new(by.clone(), (reads, falls), rank.among.clone());
        let number = put(&mut self.rankings, ranking);
        let value = self.value_question(&by, number, people, added);
        parts.questions.push(value);
        let formula = among.and(Tree::Leaf(self.question(value).column));
        let population = self.population(&rank.among, formula, parts, number, people);
        added.nodes.push(population);
        let stratum = self.node(population).stratum + 1;
        let ranking = self.ranking_mut(number);
        (ranking.population, ranking.stratum) = (population, stratum);
        number
    }

    /// The question for a value, which holds where there is one. It is nobody
    /// else's: its answer is told to the order.
    fn value_question(
        &mut self,
        by: &Expr<PersonLeaf>,
        ranking: u32,
        people: &mut People,
        added: &mut Added,
    ) -> u32 {
        let plan = plan_value(by, &mut Filling { stores: &mut self.stores, added });
        self.use_stores(&plan);
        let timed = plan != Plan::Rows && plan.is_timed();
        let predicate = Predicate::Is(Test { subject: by.clone(), check: Check::Known(true) });
        let question = Question {
            reach: reach(&predicate),
            predicate,
            clock: timed.then(|| people.clocks.column()),
            plan,
            need: Need::of_value(by),
            column: people.bits.column(),
            ranks: Some(ranking),
            part_of: None,
            uses: 1,
            cone: Vec::new(),
        };
        let number = put(&mut self.questions, question);
        added.questions.push(number);
        number
    }

    /// The node of those who are ranked; an audience has a name.
    fn population(
        &mut self,
        among: &Condition,
        formula: Tree<u32>,
        parts: Parts,
        ranking: u32,
        people: &mut People,
    ) -> u32 {
        let audience = Audience {
            name: Text::from(""),
            version: ranking,
            condition: among.clone(),
            zone: Local::UTC,
        };
        let node = Node {
            audience: Arc::new(audience),
            formula,
            rank: self.rank_above(&parts),
            stratum: self.stratum_above(&parts),
            questions: parts.questions,
            inner: parts.inner,
            column: people.bits.column(),
            uses: 1,
            label: None,
            members: Seats::default(),
            ranking: Some(ranking),
        };
        put(&mut self.nodes, node)
    }

    /// A part of an order is no longer asked for; gives the node that goes with
    /// the order if that was the last.
    pub(super) fn uncut(&mut self, question: &Question, number: u32) -> Option<u32> {
        let place = question.part_of?;
        let ranking = self.ranking_mut(place);
        if !ranking.uncut(number) {
            return None;
        }
        let population = ranking.population;
        self.rankings[place as usize] = None;
        let node = self.node_mut(population);
        (node.uses, node.ranking) = (node.uses - 1, None);
        Some(population)
    }
}

/// What gives the order at any instant: its kind, and whether it runs the other way.
fn order_of(rank: &Rank) -> (Expr<PersonLeaf>, Kind, bool) {
    let Some(Alike { point, falls }) = &rank.moves else {
        return (rank.value.clone(), rank.reads, false);
    };
    let by = match point {
        Point::Instant(at) => Expr::Literal(Value::Instant(*at)),
        Point::Day { .. } => Expr::Literal(Value::Null),
        Point::Value(value, _) => value.clone(),
        Point::Anchor(which, matcher) => {
            let function = match which {
                Which::First => Function::First,
                Which::Last => Function::Last,
            };
            Expr::Leaf(PersonLeaf::Aggregate(Box::new(Aggregate {
                function,
                matcher: matcher.clone(),
                items: None,
                value: Some(Expr::Leaf(RowLeaf::When)),
                windows: Vec::new(),
            })))
        }
    };
    (by, Kind::Instant, *falls)
}
