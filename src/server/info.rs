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
        ("pages read from it".into(), number(info.cold_pages)),
        ("checkpoint".into(), info.checkpoint.map_or(Value::Null, |lsn| number(lsn.0))),
        ("milliseconds to open".into(), number(info.opened_ms)),
    ];
    for why in &info.rebuilt {
        rows.push(("built again because".into(), Value::text(why)));
    }
    let (log, store) = info.bytes_per_call().unzip();
    rows.push(("bytes of the log per call".into(), log.map_or(Value::Null, number)));
    rows.push(("bytes of the store per call".into(), store.map_or(Value::Null, number)));
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

fn number(n: u64) -> Value {
    Value::from(i64::try_from(n).unwrap_or(i64::MAX))
}
