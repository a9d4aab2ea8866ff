//! Names that stand in definitions alone: of holdouts and of samples.

use std::collections::BTreeSet;

/// More definitions are not read to complete a name.
const DEFINITIONS_MAX: usize = 500;

/// What asks for the definitions in which such names may stand.
pub(super) fn question(audiences: &[String], conditions: &[String]) -> String {
    let of = |kind: &'static str, names: &[String]| {
        let quoted = |name: &String| format!("describe {kind} {};", crate::lang::print_name(name));
        names.iter().map(quoted).collect::<Vec<_>>()
    };
    let all = [of("audience", audiences), of("condition", conditions)].concat();
    all.into_iter().take(DEFINITIONS_MAX).collect()
}

/// The names of holdouts.
pub(super) fn holdouts(definitions: &[String]) -> Vec<String> {
    named(definitions, |before| {
        before.ends_with("in holdout") || before.contains("holding out") && before.ends_with("as")
    })
}

/// The names of samples.
pub(super) fn samples(definitions: &[String]) -> Vec<String> {
    named(definitions, |before| before.contains("in sample") && before.ends_with("of"))
}

/// The texts in quotes behind words like these, each once.
fn named(definitions: &[String], is_one: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = BTreeSet::new();
    for definition in definitions {
        let pieces: Vec<&str> = definition.split('"').collect();
        // A quote that begins a text has an even number of quotes before it.
        for (before, text) in pieces.iter().zip(pieces.iter().skip(1)).step_by(2) {
            if is_one(before.trim_end()) {
                found.insert((*text).to_owned());
            }
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_are_given_and_where_they_are_asked_for() {
        let all = [
            "create audience a holding out 5% as \"spring\" is people who did order".to_owned(),
            "people whose plan = \"in holdout\" and in holdout \"summer\" and in sample 10% of \"s 1\"".to_owned(),
        ];
        assert_eq!(holdouts(&all), ["spring", "summer"]);
        assert_eq!(samples(&all), ["s 1"]);
        let asked = question(&["a b".to_owned()], &["c".to_owned()]);
        assert_eq!(asked, "describe audience \"a b\";describe condition c;");
    }
}
