//! Events that belong together: sequences and combinations.

use super::{CountRange, Length, Matcher, PersonLeaf, RowLeaf, Window};

/// Events that belong together, how many times, and where in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Which events, and how they lie to each other.
    pub form: Form,
    /// Shorter than this from the first chosen event to the last.
    pub total: Option<Length>,
    /// Windows; each chosen event must lie in all that bind it, and is the anchor
    /// of none of them.
    pub windows: Vec<Placing>,
    /// How many are needed: first events that begin a match, or keys that match;
    /// of a combination there is one or none.
    pub count: CountRange,
}

/// How the events lie to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One after another.
    Sequence(Sequence),
    /// In any order: different events, one for each of `needed` of these kinds.
    Combination {
        /// The kinds.
        kinds: Vec<Matcher>,
        /// How many of them.
        needed: usize,
    },
}

/// Different events one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// The events that must be there, at least one.
    pub steps: Vec<Step>,
    /// What must not follow the last of them.
    pub tails: Vec<Tail>,
    /// What all of them agree on. A list gives each of its elements; what is
    /// missing agrees with nothing. `without` and tails look only at events that
    /// agree too.
    pub same: Option<RowLeaf>,
}

/// An event of a sequence. Of the first one nothing but the matcher is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How it follows the step before.
    pub link: Link,
    /// Which event.
    pub matcher: Matcher,
    /// How far behind the event before.
    pub gaps: Vec<Gap>,
    /// What does not lie from the event before to this one, both instants
    /// included; chosen events are not looked at.
    pub without: Option<Matcher>,
}

/// What does not follow the last event, from its instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// Which event; chosen ones are not looked at.
    pub matcher: Matcher,
    /// Where, behind the last event. The tail is true once that has passed.
    pub gaps: Vec<Gap>,
}

/// How an event follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// Not earlier.
    Then,
    /// The next event of the person in canonical order, of any name.
    Immediately,
    /// Later by a millisecond or more.
    Strictly,
}

/// How far an event lies behind another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Less than that.
    Within(Length),
    /// That or more.
    AtLeast(Length),
}

/// A window, and which of the chosen events it binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placing {
    /// Which of them.
    pub binds: Binds,
    /// Where they must lie; the end at `now` is always there.
    pub window: Window<PersonLeaf>,
}

/// Which of the chosen events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binds {
    /// Every one.
    Each,
    /// The first in canonical order.
    First,
    /// The last.
    Last,
}

impl Pattern {
    /// Every matcher that it names, those of windows apart.
    pub fn matchers(&self) -> Vec<&Matcher> {
        match &self.form {
            Form::Sequence(sequence) => sequence.matchers(),
            Form::Combination { kinds, .. } => kinds.iter().collect(),
        }
    }

    /// The lengths between its events, and that of the whole.
    pub fn lengths(&self) -> Vec<&Length> {
        let gaps = match &self.form {
            Form::Sequence(sequence) => sequence.gaps(),
            Form::Combination { .. } => Vec::new(),
        };
        let lengths = gaps.into_iter().map(|gap| match gap {
            Gap::Within(length) | Gap::AtLeast(length) => length,
        });
        lengths.chain(&self.total).collect()
    }

    /// Its windows alone.
    pub fn bare_windows(&self) -> impl Iterator<Item = &Window<PersonLeaf>> {
        self.windows.iter().map(|placing| &placing.window)
    }
}

impl Sequence {
    fn gaps(&self) -> Vec<&Gap> {
        let steps = self.steps.iter().flat_map(|step| &step.gaps);
        steps.chain(self.tails.iter().flat_map(|tail| &tail.gaps)).collect()
    }

    /// Every matcher that it names.
    pub fn matchers(&self) -> Vec<&Matcher> {
        let steps =
            self.steps.iter().flat_map(|step| std::iter::once(&step.matcher).chain(&step.without));
        steps.chain(self.tails.iter().map(|tail| &tail.matcher)).collect()
    }

    /// Whether it asks for the very next event.
    pub fn is_adjacent(&self) -> bool {
        self.steps.iter().skip(1).any(|step| step.link == Link::Immediately)
    }
}
