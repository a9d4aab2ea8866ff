//! A script: sections of lines, `----`, and what is seen after them.

use super::Play;
use super::difference::difference;
use super::stage::is_act;
use crate::engine::OpenError;
use std::path::Path;

/// What parts lines from what is seen.
const SEEN: &str = "----";

/// A script, as it is written and as it plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// In order.
    pub sections: Vec<Section>,
}

/// A part of a script, up to an empty line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The line at which what is seen begins, from 1.
    pub line: usize,
    /// What is done.
    pub lines: String,
    /// What should be seen.
    pub expected: String,
    /// What is seen.
    pub seen: String,
}

impl Script {
    /// A script as it is written: nothing of it is played yet, so nothing is seen.
    pub fn read(text: &str) -> Script {
        Script { sections: parts(text) }
    }

    /// Plays a script in a database of its own. Files that it names lie beside
    /// `beside`.
    ///
    /// # Errors
    /// If there is no room for a database.
    pub fn play(text: &str, beside: &Path) -> Result<Script, OpenError> {
        let mut play = Play::new(beside)?;
        let mut script = Script::read(text);
        for section in &mut script.sections {
            section.seen = play.run(&section.lines);
        }
        Ok(script)
    }

    /// The sections of which something else is seen than should be.
    pub fn wrong(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| section.seen != section.expected)
    }

    /// The script as it should be written: the same lines, with what is seen now.
    pub fn now(&self) -> String {
        let section = |it: &Section| format!("{}\n{SEEN}\n{}", it.lines, it.seen);
        self.sections.iter().map(section).collect::<Vec<_>>().join("\n")
    }
}

impl Section {
    /// The programs that it asks: lines of the language that stand together.
    pub fn programs(&self) -> Vec<String> {
        let lines: Vec<&str> = self.lines.lines().filter(|line| !line.starts_with('#')).collect();
        let programs = lines.split(|line| is_act(line)).filter(|lines| !lines.is_empty());
        programs.map(|lines| lines.join("\n")).collect()
    }

    /// What should be seen against what is, line by line.
    pub fn difference(&self) -> String {
        difference(&self.expected, &self.seen)
    }
}

/// Lines up to an empty one are a section.
fn parts(text: &str) -> Vec<Section> {
    let (mut parts, mut begun) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().chain([""]).enumerate() {
        if !line.trim().is_empty() {
            begun.push((number + 1, line));
        } else if !begun.is_empty() {
            parts.push(section(&begun));
            begun.clear();
        }
    }
    parts
}

fn section(all: &[(usize, &str)]) -> Section {
    let end = all.iter().position(|(_, line)| *line == SEEN).unwrap_or(all.len());
    let lines: Vec<&str> = all[..end].iter().map(|(_, line)| *line).collect();
    let after = all.get(end + 1..).unwrap_or_default();
    let expected = after.iter().map(|(_, line)| format!("{}\n", line.trim_end())).collect();
    let line = all.get(end).or(all.last()).map_or(1, |(line, _)| *line);
    Section { line, lines: lines.join("\n"), expected, seen: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "# Who bought is in.\nat 2026-03-01T00:00:00Z\ndeclare event order;\n\
        create audience buyers is people who did order\n\n\
        {\"type\":\"track\",\"event\":\"order\",\"userId\":\"a\"}\n----\nuser_id:b entered buyers\n";

    #[test]
    fn a_script_says_at_which_line_something_else_is_seen() {
        let script = Script::play(WRITTEN, Path::new(".")).unwrap();
        assert_eq!(script.sections.len(), 2);
        assert_eq!(script.sections[0].seen, "");
        let wrong: Vec<&Section> = script.wrong().collect();
        assert_eq!((wrong.len(), wrong[0].line), (1, 7));
        assert_eq!(
            wrong[0].difference(),
            "- user_id:b entered buyers\n+ user_id:a entered buyers\n"
        );
    }

    #[test]
    fn lines_that_call_or_let_time_pass_part_the_programs() {
        let script = Script::read(WRITTEN);
        let program = "declare event order;\ncreate audience buyers is people who did order";
        assert_eq!(script.sections[0].programs(), [program]);
        assert!(script.sections[1].programs().is_empty());
    }

    #[test]
    fn what_is_written_as_it_is_seen_stays() {
        let now = Script::play(WRITTEN, Path::new(".")).unwrap().now();
        let again = Script::play(&now, Path::new(".")).unwrap();
        assert_eq!((again.wrong().count(), again.now()), (0, now));
    }
}
