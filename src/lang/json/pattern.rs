//! What is looked for: events, sequences and combinations of them.

use super::leaf::words;
use super::place::{Json, JsonError, Spot};
use super::table::{choice, record};
use crate::lang::tree::{
    Binds, Combination, Gap, Link, Occurrence, Placing, Sequence, Step, Subject, Tail,
};
use serde_json::{Value, json};

words!(Link { "then" Then, "immediately" Immediately, "strictly" Strictly, });

choice!(Gap {
    "within" Within(length),
    "after_at_least" AtLeast(length),
});

record!(Sequence { first, steps, tails, same, total; span });
record!(Step { link, matcher, gaps, without });
record!(Tail { matcher, gaps });
record!(Combination { needed, events, total; span });

choice!(Subject {
    "events" Events(matcher),
    "sequence" Sequence(it),
    "combination" Combination(it),
});

/// What is looked for has a key of its own, beside the count and the windows.
impl Json for Occurrence {
    fn json(&self, depth: usize) -> Option<Value> {
        let mut form = self.subject.json(depth)?;
        for (key, value) in
            [("times", self.times.json(depth)?), ("windows", self.windows.json(depth)?)]
        {
            if !value.is_null() && value != json!([]) {
                form.as_object_mut()?.insert(key.to_owned(), value);
            }
        }
        Some(form)
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Occurrence, JsonError> {
        let known = ["events", "sequence", "combination", "times", "windows"];
        let mut map = super::table::object(form, &known, at)?.clone();
        let times = super::table::field(&map, "times", at)?;
        let windows = super::table::field(&map, "windows", at)?;
        map.retain(|key, _| !["times", "windows"].contains(&key.as_str()));
        let subject = Subject::read(&Value::Object(map), at)?;
        Ok(Occurrence { subject, times, windows })
    }
}

/// A window, or one under what it binds.
impl Json for Placing {
    fn json(&self, depth: usize) -> Option<Value> {
        let window = self.window.json(depth)?;
        Some(match self.binds {
            Binds::Each => window,
            Binds::First => json!({ "starting": window }),
            Binds::Last => json!({ "ending": window }),
        })
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Placing, JsonError> {
        for (key, binds) in [("starting", Binds::First), ("ending", Binds::Last)] {
            if let Some(inner) = form.get(key) {
                super::table::object(form, &[key], at)?;
                return Ok(Placing { binds, window: Json::read(inner, &at.key(key))? });
            }
        }
        Ok(Placing { binds: Binds::Each, window: Json::read(form, at)? })
    }
}
