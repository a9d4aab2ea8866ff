//! How a predicate is answered: from stores, or from rows.

use super::super::eval::{DAY_MS, NEVER, expr_moves, test_moves};
use super::age::Aged;
use super::ages::Ages;
use super::leaf::{Feed, Kept, Reading, Shape, Stores};
use super::map::{self, Exchange};
use super::number::{self, Amount};
use super::sought::Sought;
use super::visit::{self, Item};
use crate::model::Path;
use crate::query::predicate::{
    Aggregate, CountRange, Draw, Expr, Function, Matcher, Occurrence, PersonLeaf, Predicate,
    RowLeaf, Test, Which,
};

/// So many newest instants are kept before all of a window are.
const DEPTH_MAX: u64 = 16;

/// How one predicate is answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plan {
    /// A number of events, or of different values, lies in a range.
    Count { kept: Kept, range: CountRange },
    /// An instant has an age in a range.
    Aged(Aged),
    /// A sum or an average of what is in a window fulfils a comparison.
    Amount(Amount),
    /// Events that belong together, looked for among marks.
    Pattern(Box<Sought>),
    /// A test over what is kept; `moves` if time alone may change it.
    Test { test: Box<Test<Kept>>, moves: bool },
    /// A decision that is a grant and has not expired.
    Consent { store: u32 },
    /// The value that people are ordered by; `moves` if it may change by itself.
    Value { expr: Box<Expr<Kept>>, moves: bool },
    /// It is told by those who keep an order of people.
    Rank,
    /// A share that is drawn by the person's number.
    Drawn(Draw),
    /// The person's rows are read again.
    Rows,
}

impl Plan {
    /// Whether time alone may change the answer.
    pub(crate) fn is_timed(&self) -> bool {
        match self {
            Plan::Count { kept, .. } => kept.reading.ages(),
            Plan::Test { test, moves } => {
                let mut ages = *moves;
                visit::test(test, &mut |item| {
                    ages |= matches!(item, Item::Leaf(kept) if kept.reading.ages());
                });
                ages
            }
            Plan::Value { expr, moves } => {
                let mut ages = *moves;
                visit::expr(expr, &mut |item| {
                    ages |= matches!(item, Item::Leaf(kept) if kept.reading.ages());
                });
                ages
            }
            Plan::Pattern(sought) => sought.is_timed(),
            Plan::Rank => false,
            Plan::Aged(_) | Plan::Amount(_) | Plan::Consent { .. } | Plan::Rows => true,
            Plan::Drawn(_) => false,
        }
    }

    /// The accumulators that it reads.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        let mut found = Vec::new();
        match self {
            Plan::Count { kept, .. }
            | Plan::Aged(Aged { kept, .. })
            | Plan::Amount(Amount { kept, .. }) => found.push(*kept),
            Plan::Test { test, .. } => visit::test(test, &mut |item| {
                if let Item::Leaf(kept) = item {
                    found.push(*kept);
                }
            }),
            Plan::Pattern(sought) => {
                found.push(Kept { store: sought.store, reading: Reading::Value });
            }
            Plan::Consent { store } => found.push(Kept { store: *store, reading: Reading::Value }),
            Plan::Value { expr, .. } => visit::expr(expr, &mut |item| {
                if let Item::Leaf(kept) = item {
                    found.push(*kept);
                }
            }),
            Plan::Rank | Plan::Drawn(_) | Plan::Rows => {}
        }
        found
    }
}

/// Plans a predicate and asks for the stores that it needs.
pub(crate) fn plan(predicate: &Predicate, stores: &mut impl Stores) -> Plan {
    match predicate {
        Predicate::Did(occurrence) => did(occurrence, stores),
        // Stores are only asked for once it is known that all of the test can be kept.
        Predicate::Is(test) if map::test(test, &mut Dry).is_some() => {
            map::test(test, &mut Keeping(stores)).map_or(Plan::Rows, of_test)
        }
        // Whose names are listed is known where rows are read.
        Predicate::Is(_)
        | Predicate::InAudience(_)
        | Predicate::Listed(_)
        | Predicate::Ranked(_) => Plan::Rows,
        Predicate::Pattern(pattern) => {
            Sought::of(pattern, stores).map_or(Plan::Rows, |sought| Plan::Pattern(Box::new(sought)))
        }
        Predicate::Drawn(draw) => Plan::Drawn(draw.clone()),
        Predicate::Consent { purpose } => {
            Plan::Consent { store: stores.store(Feed::Consent(purpose.clone()), Shape::Decision) }
        }
    }
}

/// Plans a value that people are ordered by.
pub(crate) fn plan_value(expr: &Expr<PersonLeaf>, stores: &mut impl Stores) -> Plan {
    if map::expr(expr, &mut Dry).is_none() {
        return Plan::Rows;
    }
    let kept = map::expr(expr, &mut Keeping(stores));
    kept.map_or(Plan::Rows, |kept| Plan::Value { moves: expr_moves(&kept), expr: Box::new(kept) })
}

fn of_test(test: Test<Kept>) -> Plan {
    let aged = || Aged::of(&test).map(Plan::Aged);
    let count = || number::counted(&test).map(|(kept, range)| Plan::Count { kept, range });
    let amount = || Amount::of(&test).map(Plan::Amount);
    match aged().or_else(count).or_else(amount) {
        Some(plan) => plan,
        None => Plan::Test { moves: test_moves(&test), test: Box::new(test) },
    }
}

fn did(occurrence: &Occurrence, stores: &mut impl Stores) -> Plan {
    let Some(ages) = Ages::of(&occurrence.windows) else { return Plan::Rows };
    if !is_static(&occurrence.matcher) {
        return Plan::Rows;
    }
    let range = occurrence.count;
    let deep = range.most.map_or(range.least, |most| range.least.max(most.saturating_add(1)));
    let shape = if ages.is_ever() {
        Shape::Tally
    } else if ages.least == 0 && deep <= DEPTH_MAX {
        Shape::Newest { depth: (deep as u32).max(1), reach: wide(ages.too_great) }
    } else {
        Shape::Instants { reach: ages.too_great }
    };
    let feed = events(&occurrence.matcher, None, None, ages);
    Plan::Count { kept: Kept { store: stores.store(feed, shape), reading: counted(ages) }, range }
}

/// A reach that other windows of about that length have too: who asks about 28 days and
/// then about 30 reads nobody's rows again; who then asks about a year does.
fn wide(reach: i64) -> i64 {
    const DAYS: [i64; 6] = [2, 8, 32, 93, 186, 367];
    DAYS.into_iter().map(|days| days * DAY_MS).find(|wide| reach <= *wide).unwrap_or(reach)
}

fn counted(Ages { least, too_great, .. }: Ages) -> Reading {
    if least == 0 && too_great == super::super::eval::NEVER {
        Reading::Count
    } else {
        Reading::Aged { function: Function::Count, least, too_great }
    }
}

fn events(
    matcher: &Matcher,
    items: Option<&Path>,
    value: Option<&Expr<RowLeaf>>,
    ages: Ages,
) -> Feed {
    Feed::Events {
        matcher: matcher.clone(),
        items: items.cloned(),
        value: value.cloned(),
        from: ages.from,
        to: ages.to,
    }
}

/// Whether a matcher's answer for an event never changes and needs no person.
pub(super) fn is_static(matcher: &Matcher) -> bool {
    let filters = matcher.0.iter().filter_map(|one| one.filter.as_ref());
    filters.flat_map(|filter| filter.leaves()).all(|test| {
        let mut alone = true;
        visit::test(test, &mut |item| alone &= row_alone(item));
        alone && !test_moves(test)
    })
}

fn row_alone(item: Item<'_, RowLeaf>) -> bool {
    match item {
        Item::Anchor(..) | Item::Person(_) | Item::Zone => false,
        Item::Leaf(leaf) => is_row_alone(leaf),
    }
}

/// Whether a leaf is read of the event and of nothing else of the person.
pub(super) fn is_row_alone(leaf: &RowLeaf) -> bool {
    match leaf {
        RowLeaf::Person(_) => false,
        RowLeaf::Local { zone, .. } => !zone.is_theirs(),
        _ => true,
    }
}

fn value_is_static(value: Option<&Expr<RowLeaf>>) -> bool {
    value.is_none_or(|expr| {
        let mut alone = !expr_moves(expr);
        visit::expr(expr, &mut |item| alone &= row_alone(item));
        alone
    })
}

/// Whether a function needs every value: then rows are read as well as kept.
fn looks_at_all(function: Function) -> bool {
    use Function::{Collect, Decayed, DecayedOrder, Median, MostFrequent, Stddev, TypicalGap};
    matches!(
        function,
        Median
            | Stddev
            | MostFrequent
            | Collect
            | TypicalGap
            | Decayed { .. }
            | DecayedOrder { .. }
    )
}

/// The store and the reading of an aggregate, if it can be kept.
fn aggregate(aggregate: &Aggregate) -> Option<(Feed, Shape, Reading)> {
    let ages = Ages::of(&aggregate.windows)?;
    if looks_at_all(aggregate.function) {
        return None;
    }
    if !is_static(&aggregate.matcher) || !value_is_static(aggregate.value.as_ref()) {
        return None;
    }
    let (shape, reading) = shape_of(aggregate, ages);
    let items = aggregate.items.as_ref();
    // The instants of events need no value.
    let value = match (shape, &aggregate.value) {
        (Shape::Oldest | Shape::Newest { .. }, Some(Expr::Leaf(RowLeaf::When))) => None,
        (_, value) => value.as_ref(),
    };
    Some((events(&aggregate.matcher, items, value, ages), shape, reading))
}

fn shape_of(aggregate: &Aggregate, ages: Ages) -> (Shape, Reading) {
    let Ages { least, too_great, .. } = ages;
    let (function, reach) = (aggregate.function, too_great);
    if !ages.is_ever() {
        let shape = match function {
            Function::Count => return (Shape::Instants { reach }, counted(ages)),
            Function::Sum | Function::Avg => Shape::Amounts { reach },
            // The last of a window that reaches to now is the last of all, while it is inside.
            Function::Last if least == 0 => Shape::Last,
            Function::Distinct if least == 0 => Shape::Latest { reach },
            _ => Shape::Rows { reach },
        };
        return (shape, Reading::Aged { function, least, too_great });
    }
    let of_when =
        aggregate.items.is_none() && matches!(aggregate.value, Some(Expr::Leaf(RowLeaf::When)));
    match function {
        Function::Count => (Shape::Tally, Reading::Count),
        Function::Sum => (Shape::Total, Reading::Sum),
        Function::Avg => (Shape::Total, Reading::Avg),
        Function::First if of_when => (Shape::Oldest, Reading::Instant),
        Function::Last if of_when => (Shape::Newest { depth: 1, reach: NEVER }, Reading::Instant),
        Function::First => (Shape::First, Reading::Value),
        Function::Last => (Shape::Last, Reading::Value),
        Function::Min => (Shape::Least, Reading::Value),
        Function::Max => (Shape::Greatest, Reading::Value),
        Function::Distinct => (Shape::Values, Reading::Distinct),
        // Whoever looks at all values reads rows.
        _ => (Shape::Rows { reach }, Reading::Value),
    }
}

fn leaf(leaf: &PersonLeaf) -> Option<(Feed, Shape, Reading)> {
    match leaf {
        PersonLeaf::Attribute { path, declared } => {
            let feed = Feed::Attribute { path: path.clone(), declared: *declared };
            Some((feed, Shape::Said, Reading::Value))
        }
        PersonLeaf::GroupId => Some((Feed::Group, Shape::Said, Reading::Value)),
        PersonLeaf::FirstSeen => Some((Feed::Calls, Shape::Oldest, Reading::Instant)),
        PersonLeaf::LastSeen => {
            Some((Feed::Calls, Shape::Newest { depth: 1, reach: NEVER }, Reading::Instant))
        }
        PersonLeaf::Aggregate(of) => aggregate(of),
        PersonLeaf::UserId | PersonLeaf::Score(_) => None,
    }
}

fn anchor(which: Which, matcher: &Matcher) -> Option<(Feed, Shape, Reading)> {
    let shape = match which {
        Which::First => Shape::Oldest,
        Which::Last => Shape::Newest { depth: 1, reach: NEVER },
    };
    let ever = Ages::of(&[])?;
    is_static(matcher).then(|| (events(matcher, None, None, ever), shape, Reading::Instant))
}

/// Asks whether leaves can be kept, and keeps nothing.
struct Dry;

/// Keeps leaves.
struct Keeping<'s, S>(&'s mut S);

impl Exchange<PersonLeaf, ()> for Dry {
    fn leaf(&mut self, of: &PersonLeaf) -> Option<()> {
        leaf(of).map(drop)
    }

    fn anchor(&mut self, which: Which, matcher: &Matcher) -> Option<()> {
        anchor(which, matcher).map(drop)
    }
}

impl<S: Stores> Exchange<PersonLeaf, Kept> for Keeping<'_, S> {
    fn leaf(&mut self, of: &PersonLeaf) -> Option<Kept> {
        leaf(of).map(|(feed, shape, reading)| self.keep(feed, shape, reading))
    }

    fn anchor(&mut self, which: Which, matcher: &Matcher) -> Option<Kept> {
        anchor(which, matcher).map(|(feed, shape, reading)| self.keep(feed, shape, reading))
    }
}

impl<S: Stores> Keeping<'_, S> {
    fn keep(&mut self, feed: Feed, shape: Shape, reading: Reading) -> Kept {
        Kept { store: self.0.store(feed, shape), reading }
    }
}
