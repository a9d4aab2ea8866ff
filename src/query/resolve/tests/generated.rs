//! Trees that nobody would write: no answer matters, only that there is one.

use super::dice::Dice;
use super::shop::{now, shop};
use crate::lang::tree::*;
use crate::lang::{Span, Spanned, parse};
use crate::query::explain::explain;
use crate::query::resolve::{Explanation, Resolved, check};

#[test]
fn every_tree_gets_an_answer_and_an_error_changes_nothing() {
    for seed in 1_u64..200 {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let mut catalog = shop();
        for step in 0..100 {
            let statement = dice.statement();
            let (resolved, found) = check(&statement, &catalog, now());
            found.iter().for_each(|found| drop(found.render("count people", None)));
            if let Some(Resolved::Question { question, .. }) = resolved {
                explain(&Explanation::Question(Box::new(question)), &catalog);
            }
            let before = format!("{catalog:?}");
            if catalog.define(&statement, now()).is_err() {
                assert_eq!(before, format!("{catalog:?}"), "seed {seed}, step {step}");
            }
        }
        for audience in catalog.audiences() {
            explain(&Explanation::Audience(audience.clone()), &catalog);
        }
    }
}

#[test]
fn a_tree_deeper_than_the_limit_is_refused() {
    let mut catalog = shop();
    let span = Span::default();
    let mut condition = Condition::Predicate(
        Predicate::Consent { negated: false, purpose: Spanned::new("x".into(), span) },
        span,
    );
    for _ in 0..2_000 {
        condition = Condition::Not(Box::new(condition), span);
    }
    let people = People { condition: Some(condition), span };
    let name = Spanned::new("deep".into(), span);
    let (params, options, lets) = (Vec::new(), Vec::new(), Vec::new());
    let replace = false;
    let kind = StatementKind::CreateAudience { replace, name, params, options, lets, people };
    let statement = Statement { kind, span, comments: Vec::new() };
    let (resolved, found) = check(&statement, &catalog, now());
    assert_eq!((resolved, found.len()), (None, 1));
    assert!(found[0].message.contains("too large"), "{}", found[0].message);
    assert!(catalog.define(&statement, now()).is_err());
}

#[test]
fn traits_that_double_one_another_stop_at_the_limit() {
    let mut catalog = shop();
    let mut refused = None;
    for n in 0..64 {
        let value = if n == 0 { "age".to_owned() } else { format!("t{} + t{}", n - 1, n - 1) };
        let text = format!("create trait t{n} is {value}");
        if let Err(found) = catalog.define(&parse(&text).statements[0], now()) {
            refused = Some((n, found[0].message.clone()));
            break;
        }
    }
    let (n, message) = refused.unwrap();
    assert!(n < 20 && message.contains("too large"), "{n}: {message}");
}
