//! Any text parses or is refused with diagnostics that can be drawn; what
//! parses is printed to a text of the same meaning.

#![no_main]

use libfuzzer_sys::fuzz_target;
use throng::lang;

fuzz_target!(|text: &str| {
    let parsed = lang::parse(text);
    for diagnostic in &parsed.diagnostics {
        assert!(!diagnostic.render(text, None).is_empty());
    }
    if !parsed.diagnostics.is_empty() {
        return;
    }
    for statement in &parsed.statements {
        let printed = lang::print(statement);
        let again = lang::parse(&printed);
        assert!(again.diagnostics.is_empty(), "{printed}\n{:?}", again.diagnostics);
        let [same] = &again.statements[..] else { panic!("{printed} is not one statement") };
        assert_eq!(lang::print(same), printed);
    }
});
