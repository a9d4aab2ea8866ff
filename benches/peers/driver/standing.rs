//! Standing audiences: made, read, and proved against the same questions ad hoc.

use super::members::Members;
use super::rows::{print, print_error, quantile, sorted, timed, us};
use super::{Arguments, Outcome, field};
use serde_json::{Value, json};
use throng::engine::Throng;

/// Reads of one audience, of which the median is told.
const READS: u32 = 2_000;

/// `standing --data DIR --audiences FILE --now MS`: each audience of the file is created and
/// read. Names that a question gives several (the steps of a funnel) are read together.
pub fn standing(given: &Arguments) -> Outcome {
    let (file, now) = (given.json("audiences")?, given.now()?);
    let n_people = given.number("people")?;
    let throng = given.open_to_write()?;
    throng.advance_to(now)?;
    for of in file.as_array().ok_or("the audiences are no list")? {
        let id = field(of, "id")?;
        if let Err(error) = one(&throng, of, id, n_people) {
            print_error("standing", id, &error);
        }
    }
    Ok(throng.close()?)
}

fn one(throng: &Throng, of: &Value, id: &str, n_people: u32) -> Outcome {
    let names: Vec<&str> = field(of, "names")?.split(' ').collect();
    let create = field(of, "create")?;
    let (making, made) = timed(|| throng.query(create));
    made?;
    let members = Members::of(&throng.query(field(of, "check")?)?)?;
    let counting = sorted((0..READS).map(|_| timed(|| count(throng, &names)).0).collect());
    let held = throng.audience(names[0])?;
    let test = |n: u32| {
        let called = format!("user_id:u{}", u64::from(n) * 7_919 % u64::from(n_people));
        timed(|| held.contains_called(&called)).0
    };
    let testing = sorted((0..READS).map(test).collect());
    print(&json!({
        "row": "standing",
        "id": id,
        "count": members.count,
        "checksum": members.checksum.to_string(),
        "make_ms": making.as_secs_f64() * 1e3,
        "count_us": us(quantile(&counting, 0.5)),
        "count_p99_us": us(quantile(&counting, 0.99)),
        "test_us": us(quantile(&testing, 0.5)),
    }));
    Ok(())
}

/// The sizes as of now: every read asks for a view anew.
fn count(throng: &Throng, names: &[&str]) -> Outcome<u64> {
    names.iter().map(|name| Ok(throng.audience(name)?.len())).sum()
}
