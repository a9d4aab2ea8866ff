//! The example of a whole program does what it says.

#[allow(dead_code, reason = "its main is the example's")]
#[path = "../examples/embed.rs"]
mod embed;

#[test]
fn the_example_tells_its_story() {
    let told = embed::story().unwrap();
    assert_eq!(
        told,
        [
            "p:1 entered recent at 2026-03-02T09:00:00Z",
            "1 accepted, 1 known already",
            "p:2 entered recent at 2026-03-05T18:30:00Z",
            "p:1 left recent at 2026-03-09T09:00:00Z",
            "p:2 left recent at 2026-03-12T18:30:00Z",
            "ada has spent 120",
            "bob has spent 250",
        ]
    );
}
