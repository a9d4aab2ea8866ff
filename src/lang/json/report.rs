//! Reports.

use super::place::{Json, JsonError, Spot};
use super::table::{choice, record};
use crate::lang::tree::{AsOf, Column, Group, Report, ReportKind, Sort};
use serde_json::{Map, Value};

choice!(ReportKind {
    "count_people" CountPeople { people, group },
    "count_events" CountEvents { matcher, window, people, group },
    "total" Total { columns, people, group },
    "list" List { columns, people, sort, limit },
    "trend" Trend { columns, per, window, people, group },
    "funnel" Funnel { sequence, window, people, group },
    "retention" Retention { of, returning, per, n_periods, window, people, group },
    "forecast" Forecast { audience, per, length },
    "overlap" Overlap { audiences },
    "members" Members { audience, at },
    "timeline" Timeline { profile, window, limit },
});

record!(Column { value, name });
record!(Group { by, top });
record!(Sort { value, descending });
record!(AsOf { at, hindsight; span });

/// What is asked, with its instant and its zone beside it.
impl Json for Report {
    fn json(&self, depth: usize) -> Option<Value> {
        let mut form = self.kind.json(depth)?;
        let beside = [("as_of", self.as_of.json(depth)?), ("zone", self.zone.json(depth)?)];
        for (key, value) in beside.into_iter().filter(|(_, value)| !value.is_null()) {
            form.as_object_mut()?.insert(key.to_owned(), value);
        }
        Some(form)
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Report, JsonError> {
        let Value::Object(map) = form else { return at.needs("an object", form) };
        let is_beside = |key: &str| ["as_of", "zone"].contains(&key);
        let kind: Map<String, Value> = map
            .iter()
            .filter(|(key, _)| !is_beside(key))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        Ok(Report {
            kind: ReportKind::read(&Value::Object(kind), at)?,
            as_of: super::table::field(map, "as_of", at)?,
            zone: super::table::field(map, "zone", at)?,
        })
    }
}
