use super::*;

fn kinds(text: &str) -> Vec<TokenKind> {
    lex(text).tokens.into_iter().map(|token| token.kind).collect()
}

fn complaints(text: &str) -> Vec<String> {
    let shown = |d: Diagnostic| {
        format!("{} {} {}", d.code, &text[d.span.start as usize..d.span.end as usize], d.label)
    };
    lex(text).diagnostics.into_iter().map(shown).collect()
}

#[test]
fn words_numbers_dates_and_signs_are_told_apart() {
    use TokenKind::*;
    assert_eq!(
        kinds("did x2 >= 0.5 5% 90d 2026-03-01 2026-03-01T12:00:00Z $p a.b"),
        [
            Word("did".into()),
            Word("x2".into()),
            Sign(">="),
            Number("0.5".into()),
            Percent("5".into()),
            Short("90".into(), "d".into()),
            Date("2026-03-01".parse().unwrap()),
            Timestamp("2026-03-01T12:00:00Z".parse().unwrap()),
            Parameter("p".into()),
            Word("a".into()),
            Sign("."),
            Word("b".into()),
        ]
    );
}

#[test]
fn a_minus_between_numbers_is_no_date() {
    assert_eq!(kinds("2026-03").len(), 3);
    assert_eq!(kinds("20261-03-01").len(), 5);
}

#[test]
fn escapes_are_decoded_and_text_is_brought_to_normal_form() {
    assert_eq!(kinds(r#""a\"b\\\n\u{e9}""#), [TokenKind::Text("a\"b\\\né".into())]);
    assert_eq!(kinds("\"e\u{301}\""), [TokenKind::Text("é".into())]);
    assert_eq!(kinds("caf\u{65}\u{301}"), [TokenKind::Word("café".into())]);
}

#[test]
fn what_other_languages_write_is_understood_and_complained_about() {
    assert_eq!(complaints("a == 'b c'"), ["E0011 == write `=`", "E0009 'b c' write `\"b c\"`"]);
    assert_eq!(kinds("a <> 1 && !b"), kinds("a != 1 and not b"));
    assert_eq!(complaints("“x”").len(), 1);
}

#[test]
fn each_complaint_points_at_its_piece() {
    assert_eq!(complaints(r#"x = "a\q""#), ["E0006 \\q write `\\\\` for a backslash"]);
    assert_eq!(complaints("é # y"), ["E0002 # "]);
    assert_eq!(complaints("on 2026-02-30"), ["E0005 2026-02-30 "]);
    assert_eq!(
        complaints("2026-02-03T10:00:00"),
        ["E0005 2026-02-03T10:00:00 an offset is missing; write `2026-02-03T10:00:00Z`"]
    );
    assert_eq!(complaints("\"open\nnext"), ["E0006 \"open `\"` is missing"]);
}

#[test]
fn a_regex_is_one_token_where_one_is_expected() {
    assert_eq!(kinds(r"path matches /^a\/b$/i and x")[2], TokenKind::Regex);
    assert!(lex(r"path matches /^a\/b$/i").diagnostics.is_empty());
    assert_eq!(kinds("a / b / c").len(), 5);
}

#[test]
fn comments_lose_their_dashes() {
    let lexed = lex("-- one\n--two  \na");
    let texts: Vec<&str> = lexed.comments.iter().map(|comment| &*comment.text).collect();
    assert_eq!((texts, lexed.tokens.len()), (vec!["one", "two"], 1));
}
