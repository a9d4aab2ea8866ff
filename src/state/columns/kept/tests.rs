use super::steps::{DONE_MAX, STEPS_MAX};
use super::*;
use crate::model::{Ordinal, Timestamp};

fn of_orders() -> Key {
    Key::Events("order".into(), Ever::Last)
}

fn nobody() -> Column {
    Column::Attribute(Arc::new(Known::of([])))
}

/// A view has made a column of it.
fn made(kept: &mut Kept, stamp: u64) {
    assert!(matches!(kept.find(&of_orders(), stamp, true), Found::Nothing));
    kept.keep(&of_orders(), stamp, &nobody());
}

fn done(seat: u32) -> Done {
    let (name, seat, when) = (Text::from("order"), Ordinal(seat), Timestamp::EPOCH);
    Done { name, seat, when, sums: Box::default() }
}

fn order(kept: &mut Kept, seat: u32) {
    let names = kept.names();
    let done = if names.contains_key("order") { vec![done(seat)] } else { Vec::new() };
    kept.step(Seats::default(), done, names);
}

#[test]
fn what_was_done_since_is_told_and_others_are_touched() {
    let mut kept = Kept::default();
    let first = kept.show();
    made(&mut kept, first);
    order(&mut kept, 7);
    order(&mut kept, 8);
    kept.step([Ordinal(9)].into_iter().collect(), Vec::new(), kept.names());
    let second = kept.show();
    let Found::Before(_, touched, done) = kept.find(&of_orders(), second, true) else {
        panic!("it was known before");
    };
    assert_eq!(touched.iter().collect::<Vec<_>>(), [Ordinal(9)]);
    assert_eq!(done.iter().map(|did| did.seat.0).collect::<Vec<_>>(), [7, 8]);
    assert!(matches!(kept.find(&of_orders(), first, true), Found::Whole(_)));
}

/// The column was not there when the commit began, so nobody noted who ordered.
#[test]
fn a_column_that_comes_after_a_commit_it_does_not_show_is_made_anew() {
    let mut kept = Kept::default();
    let first = kept.show();
    assert!(matches!(kept.find(&of_orders(), first, true), Found::Nothing));
    order(&mut kept, 7);
    let second = kept.show();
    kept.keep(&of_orders(), first, &nobody());
    assert!(matches!(kept.find(&of_orders(), second, true), Found::Nothing));
    made(&mut kept, second);
    assert!(matches!(kept.find(&of_orders(), second, true), Found::Whole(_)));
}

#[test]
fn what_a_question_need_not_read_all_of_is_worth_it_the_second_time() {
    let mut kept = Kept::default();
    let stamp = kept.show();
    assert!(matches!(kept.find(&of_orders(), stamp, false), Found::Never));
    assert!(matches!(kept.find(&of_orders(), stamp, false), Found::Nothing));
}

#[test]
fn nothing_is_noted_for_ever_for_who_asks_no_more() {
    let mut kept = Kept::default();
    let first = kept.show();
    made(&mut kept, first);
    for _ in 0..=STEPS_MAX {
        kept.step(Seats::default(), Vec::new(), kept.names());
        kept.show();
    }
    let last = kept.show();
    assert_eq!((kept.steps.len(), kept.columns.len()), (0, 0));
    assert!(matches!(kept.find(&of_orders(), last, true), Found::Nothing));
}

#[test]
fn what_is_asked_for_again_and_again_stays_and_what_nobody_asks_for_goes() {
    let mut kept = Kept::default();
    let (mut stamp, country) = (kept.show(), Key::Attribute("country".into()));
    made(&mut kept, stamp);
    assert!(matches!(kept.find(&country, stamp, true), Found::Nothing));
    kept.keep(&country, stamp, &nobody());
    for n in 0..2 * STEPS_MAX {
        kept.step(Seats::default(), Vec::new(), kept.names());
        stamp = kept.show();
        if n % 1_000 == 0 {
            assert!(matches!(kept.find(&country, stamp, true), Found::Whole(_)));
        }
    }
    assert!(kept.columns.contains_key(&country) && kept.columns.len() == 1);
    assert!(matches!(kept.find(&country, stamp, true), Found::Whole(_)));
    assert_eq!(kept.steps.len(), 0);
}

/// What is kept of a column without anybody in it is not nothing.
#[test]
fn columns_that_are_in_use_do_not_make_room_for_each_other_in_turn() {
    let mut kept = Kept::default();
    kept.set_budget(2 * (KEY_BYTES + nobody().memory()));
    let stamp = kept.show();
    let key = |name: &str| Key::Attribute(name.into());
    let ask = |kept: &mut Kept, name| match kept.find(&key(name), stamp, true) {
        Found::Nothing => {
            kept.keep(&key(name), stamp, &nobody());
            "made"
        }
        Found::Whole(_) => "known",
        Found::Never => "never",
        Found::Before(..) => "before",
    };
    for name in ["a", "b", "c"] {
        assert_eq!(ask(&mut kept, name), "made");
    }
    for _ in 0..3 {
        let asked = ["a", "b", "c"].map(|name| ask(&mut kept, name));
        assert_eq!(asked, ["known", "known", "never"]);
    }
    // Somebody else has asked for long: there is room again.
    (0..LAPSE).for_each(|_| assert_eq!(ask(&mut kept, "a"), "known"));
    assert_eq!((ask(&mut kept, "c"), ask(&mut kept, "c")), ("made", "known"));
    assert_eq!(ask(&mut kept, "b"), "made");
}

#[test]
fn a_view_of_before_does_not_get_what_a_later_one_knows() {
    let mut kept = Kept::default();
    let first = kept.show();
    made(&mut kept, first);
    order(&mut kept, 7);
    let second = kept.show();
    kept.keep(&of_orders(), second, &nobody());
    assert!(matches!(kept.find(&of_orders(), first, true), Found::Never));
    kept.keep(&of_orders(), first, &nobody());
    assert!(matches!(kept.find(&of_orders(), second, true), Found::Whole(_)));
}

#[test]
fn too_much_that_was_done_is_forgotten_and_attributes_stay() {
    let mut kept = Kept::default();
    let (first, country) = (kept.show(), Key::Attribute("country".into()));
    made(&mut kept, first);
    assert!(matches!(kept.find(&country, first, true), Found::Nothing));
    kept.keep(&country, first, &nobody());
    let all: Vec<Done> = (0..=DONE_MAX as u32).map(done).collect();
    kept.step(Seats::default(), all, kept.names());
    let second = kept.show();
    assert!(matches!(kept.find(&of_orders(), second, true), Found::Nothing));
    assert!(matches!(kept.find(&country, second, true), Found::Whole(_)));
}
