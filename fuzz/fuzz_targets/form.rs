//! Any JSON is the form of a statement or is refused at a place; a statement
//! comes back from its form.

#![no_main]

use libfuzzer_sys::fuzz_target;
use throng::lang::{self, json};

fuzz_target!(|text: &str| {
    let mut statements = lang::parse(text).statements;
    if let Ok(form) = text.parse() {
        match json::from_json(&form) {
            Ok(statement) => statements.push(statement),
            Err(wrong) => assert!(!wrong.message.is_empty()),
        }
    }
    for statement in &statements {
        let form = json::to_json(statement);
        let read = form.to_string().parse().expect("it is JSON that can be read");
        let back = json::from_json(&read).unwrap_or_else(|wrong| panic!("{form}: {wrong}"));
        assert_eq!(lang::print(&back), lang::print(statement));
    }
});
