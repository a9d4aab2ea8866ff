//! Identity derived again beside everything else that goes on.

use std::sync::atomic::{AtomicBool, Ordering};
use throng::engine::{Options, Throng};
use throng::model::{Body, Call, EventId, Lsn, Object, Value};

/// Enough that others have time to ask.
const N_BATCHES: u32 = 30;
const N_CALLS: u32 = 500;

/// Visits of people who give the number of a card, two people the same.
fn shop() -> Throng {
    let throng = Throng::temporary().unwrap();
    fill(&throng);
    throng
}

fn fill(throng: &Throng) {
    for batch in 0..N_BATCHES {
        let calls = (0..N_CALLS).map(|n| call(batch * N_CALLS + n)).collect();
        assert_eq!(throng.ingest(calls).unwrap().accepted, u64::from(N_CALLS));
    }
}

fn call(n: u32) -> Call {
    let card = Value::text(&format!("c{}", n / 2));
    let properties = Object::new(vec![("card".into(), card)]).unwrap();
    let mut call = Call::new("web", Body::Track { event: "visit".into(), properties });
    let email = Value::text(&format!("e{n}@x.example"));
    let traits = Object::new(vec![("email".into(), email)]).unwrap();
    call.context.insert("traits".into(), Value::Object(traits));
    call.id = Some(EventId(n.into()));
    call
}

const DECLARED: &str = "declare identifier card: personal from \"properties.card\"";

#[test]
#[expect(clippy::disallowed_methods, reason = "one declares while another asks")]
fn who_asks_meanwhile_is_answered_as_before() {
    let throng = shop();
    let (before, is_done) = (throng.info().unwrap().lsn, AtomicBool::new(false));
    let n_meanwhile = std::thread::scope(|scope| {
        scope.spawn(|| {
            throng.query(DECLARED).unwrap();
            is_done.store(true, Ordering::SeqCst);
        });
        let mut n_meanwhile = 0;
        while !is_done.load(Ordering::SeqCst) {
            let is_logged = throng.info().unwrap().lsn > before;
            let view = throng.view().unwrap();
            if is_logged && view.lsn() == before {
                assert_eq!(view.alive().len(), u64::from(N_BATCHES * N_CALLS));
                n_meanwhile += 1;
            }
        }
        n_meanwhile
    });
    assert!(n_meanwhile > 0, "nobody was answered while identity was derived again");
    assert_eq!(throng.info().unwrap().people, u64::from(N_BATCHES * N_CALLS / 2));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "one declares while another closes")]
fn who_closes_soon_waits_for_no_derivation_and_the_next_opening_makes_it() {
    let directory = tempfile::tempdir().unwrap();
    let open = || {
        let options = Options { reserve_bytes: 0, ..Options::default() };
        Throng::open(directory.path().join("shop"), options).unwrap()
    };
    let throng = open();
    fill(&throng);
    let before = throng.info().unwrap().lsn;
    let (declared, later) = std::thread::scope(|scope| {
        let declares = scope.spawn(|| throng.query(DECLARED));
        while throng.info().unwrap().lsn == before {}
        // What waits for its turn is not begun any more.
        let waits = scope.spawn(|| throng.query("declare event visit.n: number"));
        std::thread::sleep(std::time::Duration::from_millis(20));
        throng.clone().close_soon().unwrap();
        (declares.join().unwrap(), waits.join().unwrap())
    });
    let told = declared.unwrap_err().to_string();
    assert!(told.contains("the declaration is in the log") && told.contains("closed"), "{told}");
    later.unwrap_err();
    drop(throng);
    let throng = open();
    let info = throng.info().unwrap();
    assert_eq!((info.lsn, info.people), (Lsn(before.0 + 1), u64::from(N_BATCHES * N_CALLS / 2)));
    assert!(throng.verify().unwrap().iter().all(|it| it.differences == 0));
}

#[test]
fn what_is_told_first_is_what_comes() {
    let throng = shop();
    let told = format!("{:?}", throng.query(&format!("explain {DECLARED}")).unwrap().answers);
    let done = format!("{:?}", throng.query(DECLARED).unwrap().answers);
    let said = "15,000 calls, 15,000 of which have such an identifier: 7,500 people";
    assert!(told.contains(said) && done.contains(said), "{told}\n{done}");
    // A slip in the place shows itself.
    let slip = "explain declare identifier cart: personal from \"properties.cart\"";
    let told = format!("{:?}", throng.query(slip).unwrap().answers);
    assert!(told.contains("0 of which have such an identifier"), "{told}");
}
