//! Numbers about the database, as a table.

use crate::engine::Info;
use crate::model::Value;
use crate::query::Rows;

/// The numbers about a database, one in each row.
pub fn rows_of_info(info: &Info) -> Rows {
    let mut rows: Vec<(String, Value)> = vec![
        ("last record".into(), number(info.lsn.0)),
        ("its commit time".into(), Value::Instant(info.at)),
        ("clock".into(), Value::text(&format!("{:?}", info.clock).to_lowercase())),
        ("people".into(), number(info.people)),
        ("identifiers".into(), number(info.identifiers.into())),
        ("calls".into(), number(info.calls as u64)),
        ("rows in memory".into(), number(info.tail.0 as u64)),
        ("their bytes".into(), number(info.tail.1 as u64)),
        ("bytes of the log".into(), number(info.journal_bytes.0)),
        ("bytes of the feed".into(), number(info.journal_bytes.1)),
        ("rows in runs".into(), number(info.sealed.0)),
        ("runs".into(), number(info.sealed.1 as u64)),
        ("bytes of the rebuildable store".into(), number(info.kv_bytes)),
        ("bytes of pages that it holds".into(), number(info.held_bytes.0)),
        ("bytes of all else that it holds".into(), number(info.held_bytes.1)),
        ("pages read from it".into(), number(info.cold_pages)),
        ("pages found in memory".into(), number(info.warm_pages)),
        ("decoded rows asked for".into(), number(info.decoded.0)),
        ("decoded rows not in memory".into(), number(info.decoded.1)),
        ("checkpoint".into(), info.checkpoint.map_or(Value::Null, |lsn| number(lsn.0))),
        ("milliseconds to open".into(), number(info.opened_ms)),
    ];
    rows.extend(info.opening.steps().map(|(step, took)| {
        (format!("milliseconds to open: {step}"), number(took.as_millis() as u64))
    }));
    rows.push(("audiences taken up as they were".into(), Value::Bool(info.opening.resumed)));
    for why in &info.rebuilt {
        rows.push(("built again because".into(), Value::text(why)));
    }
    let (log, store) = info.bytes_per_call().unzip();
    rows.push(("bytes of the log per call".into(), log.map_or(Value::Null, number)));
    rows.push(("bytes of the store per call".into(), store.map_or(Value::Null, number)));
    let without = info.log_bytes_without_ids().map_or(Value::Null, Value::Number);
    rows.push(("bytes of the log per call, without ids".into(), without));
    let in_runs = info.bytes_per_row().map_or(Value::Null, Value::Number);
    rows.push(("bytes of runs per row, without its id".into(), in_runs));
    rows.push(("bytes of an id, in runs and in the log".into(), number(Info::ID_BYTES.into())));
    let memory = info.memory.iter();
    rows.extend(memory.map(|(part, n)| (format!("bytes of memory: {part}"), number(*n as u64))));
    rows.extend(work(info).map(|(what, n)| (what.to_owned(), number(n))));
    if let Some(why) = &info.stopped {
        rows.push(("stopped because".into(), Value::text(why)));
    }
    for (name, version, members) in &info.audiences {
        rows.push((format!("audience {name} (version {version})"), number(*members)));
    }
    Rows {
        columns: ["what", "value"].map(str::to_owned).to_vec(),
        rows: rows.into_iter().map(|(what, value)| vec![Value::text(&what), value]).collect(),
    }
}

/// What keeping identity and audiences has cost since the opening. Rows never
/// move, so there is no row that waits to be moved.
fn work(info: &Info) -> impl Iterator<Item = (&'static str, u64)> {
    let (refolds, live) = (info.refolds, info.live.unwrap_or_default());
    let refolds = [
        ("clusters folded again: late claim", refolds.late),
        ("clusters folded again: alias", refolds.alias),
        ("clusters folded again: link", refolds.link),
        ("clusters folded again: unlink", refolds.unlink),
        ("clusters folded again: forget", refolds.forget),
        ("clusters folded again: policy", refolds.policy),
    ];
    let live = info.live.is_some().then_some([
        ("live audiences: touches", live.touches),
        ("live audiences: flips", live.flips),
        ("live audiences: due evaluations", live.due),
        ("live audiences: rescans", live.rescans),
        ("live audiences: matchers", live.matchers),
        ("live audiences: accumulators", live.accumulators),
        ("live audiences: predicates", live.predicates),
        ("live audiences: people kept", live.people),
    ]);
    refolds.into_iter().chain(live.into_iter().flatten())
}

fn number(n: u64) -> Value {
    Value::from(i64::try_from(n).unwrap_or(i64::MAX))
}
