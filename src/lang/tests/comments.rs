//! No comment is lost wherever it stands, and none changes what is said.

use super::grow::Grower;
use super::laws::shape;
use crate::lang::{format, parse, print};

/// A program with comments in many gaps between its words; gives their texts.
fn commented(grower: &mut Grower) -> (String, Vec<String>) {
    let mut text = String::new();
    let n = 1 + grower.below(3);
    for _ in 0..n {
        let mut statement = grower.statement();
        statement.comments.clear();
        text += &print(&statement);
        text += ";\n";
    }
    let tokens = crate::lang::lexer::lex(&text).tokens;
    let often = grower.pick(&[2, 4, 12]);
    let (mut out, mut notes, mut at) = (String::new(), Vec::new(), 0);
    for token in &tokens {
        out += &text[at..token.span.start as usize];
        while grower.one_in(often) {
            let note = format!("n{}", notes.len());
            out += grower.pick(&[" --", "\n-- ", "\n\n  -- ", " -- ", "\n\n\n--  "]);
            out += &note;
            out += grower.pick(&["\n", "\n\n", " \n  "]);
            notes.push(note);
        }
        at = token.span.start as usize;
        out += &text[at..token.span.end as usize];
        at = token.span.end as usize;
    }
    (out, notes)
}

#[test]
fn every_comment_is_kept_and_nothing_else_changes() {
    for seed in 0..2_000 {
        let mut grower = Grower::new(seed, seed as usize % 4);
        let (text, mut notes) = commented(&mut grower);
        let laid = format(&text).unwrap_or_else(|found| panic!("seed {seed}: {text}\n{found:?}"));
        let kept = crate::lang::lexer::lex(&laid).comments;
        let mut kept: Vec<String> = kept.into_iter().map(|it| it.text.trim().to_owned()).collect();
        kept.sort();
        notes.sort();
        assert_eq!(kept, notes, "seed {seed}: {text:?}");
        let shapes = |text: &str| parse(text).statements.iter().map(shape).collect::<Vec<_>>();
        assert_eq!(shapes(&laid), shapes(&text), "seed {seed}: {text}\n{laid}");
        assert_eq!(format(&laid).as_ref(), Ok(&laid), "seed {seed}: {text}");
    }
}
