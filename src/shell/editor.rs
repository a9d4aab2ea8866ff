//! Editing a line: completion by Tab, more lines until `;`.

use super::complete;
use super::input::is_whole;
use super::names::Names;
use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Cmd, CompletionType, Config, Context, Editor, Helper, KeyEvent};
use std::sync::Arc;

/// What the editor asks while a line is typed.
pub(super) struct Aid(Arc<Names>);

/// An editor that knows the language.
pub(super) type Lines = Editor<Aid, DefaultHistory>;

/// An editor with these names, without a history yet.
pub(super) fn editor(names: Arc<Names>) -> rustyline::Result<Lines> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .history_ignore_space(true)
        .history_ignore_dups(true)?
        .max_history_size(super::history::ENTRIES_MAX)?
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Aid(names)));
    // A Ctrl-D that was typed while an answer was on its way arrives as a zero byte.
    editor.bind_sequence(KeyEvent::ctrl('@'), Cmd::EndOfFile);
    Ok(editor)
}

impl Completer for Aid {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        cursor: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(complete::candidates(line, cursor, &self.0))
    }
}

impl Validator for Aid {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match is_whole(context.input()) {
            true => ValidationResult::Valid(None),
            false => ValidationResult::Incomplete,
        })
    }
}

impl Hinter for Aid {
    type Hint = String;
}

impl Highlighter for Aid {}

impl Helper for Aid {}
