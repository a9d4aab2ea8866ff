//! A session: entries in, answers out, until its end.

use super::database::{Database, Trouble};
use super::editor::{self, Lines};
use super::history;
use super::input::is_whole;
use super::meta::{self, Meta};
use super::names::Names;
use super::print::{Format, print_answer, tell};
use crate::engine::{Answer, Ask, Params, Stop, with_files};
use crate::model::Timestamp;
use rustyline::error::ReadlineError;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// How a session begins.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What is being looked at, for the greeting.
    pub place: String,
    /// How answers are written; a table on a terminal, else NDJSON.
    pub format: Option<Format>,
    /// The instant that statements ask about.
    pub at: Option<Timestamp>,
    /// Where state that outlives the session is kept; without it nothing is.
    pub state: Option<PathBuf>,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As it should.
    Well,
    /// A piped statement was wrong.
    Wrong,
    /// A piped statement failed.
    Failed,
    /// A piped statement was interrupted.
    Interrupted,
}

/// What Ctrl-C takes back: the question that is being answered. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<Mutex<Running>>);

#[derive(Debug, Default)]
struct Running {
    stop: Option<Stop>,
    /// The last question was taken back, or what could not be was done all the same.
    is_told: bool,
}

impl Interrupt {
    /// Takes back the question that is being answered; `false` if there is
    /// none, or it was taken back before.
    pub fn interrupt(&self) -> bool {
        let Ok(mut running) = self.0.lock() else { return false };
        match &running.stop {
            Some(stop) if !stop.is_stopped() => stop.stop(),
            _ => return false,
        }
        running.is_told = true;
        true
    }

    fn begin(&self) -> Stop {
        let stop = Stop::default();
        if let Ok(mut running) = self.0.lock() {
            *running = Running { stop: Some(stop.clone()), is_told: false };
        }
        stop
    }

    fn end(&self) {
        if let Ok(mut running) = self.0.lock() {
            running.stop = None;
        }
    }

    fn is_told(&self) -> bool {
        self.0.lock().is_ok_and(|running| running.is_told)
    }
}

/// Runs a session on the standard streams: with prompt, history and completion
/// on a terminal, without any of them where input is piped. `ready` is called
/// before the first entry: a handler of Ctrl-C is set there, since the editor
/// takes the signal for itself when it is made.
///
/// # Errors
/// If the streams cannot be read or written.
pub fn run(
    database: Arc<dyn Database>,
    settings: &Settings,
    interrupt: &Interrupt,
    ready: impl FnOnce(),
) -> io::Result<Ended> {
    let terminal = io::stdin().is_terminal();
    let names = Arc::new(Names::new(database.clone()));
    let mut session = Session {
        database,
        names,
        interrupt: interrupt.clone(),
        format: settings.format.unwrap_or_else(Format::usual),
        at: settings.at,
        timing: terminal && io::stdout().is_terminal(),
    };
    if terminal {
        return session.typed(settings, ready);
    }
    ready();
    session.piped(io::stdin().lock())
}

struct Session {
    database: Arc<dyn Database>,
    names: Arc<Names>,
    interrupt: Interrupt,
    format: Format,
    at: Option<Timestamp>,
    timing: bool,
}

/// Bytes that are written between two looks at whether they are still wanted.
const PIECE: usize = 4_096;

/// Whether the session goes on after an entry.
type Next = Result<bool, Trouble>;

impl Session {
    fn typed(&mut self, settings: &Settings, ready: impl FnOnce()) -> io::Result<Ended> {
        let mut lines = editor::editor(self.names.clone()).map_err(io::Error::other)?;
        ready();
        let kept = settings.state.as_deref().and_then(|state| history::file(state).ok());
        if let Some(path) = &kept {
            // An unreadable history is no reason not to work.
            let _unread = lines.load_history(path);
        }
        writeln!(io::stdout(), "{}: `\\?` for help, `\\q` to leave.", settings.place)?;
        let ended = self.read(&mut lines);
        if let Some(path) = &kept
            && let Err(error) = lines.save_history(path)
        {
            tell(format_args!("the history was not kept: {error}"));
        }
        ended
    }

    fn read(&mut self, lines: &mut Lines) -> io::Result<Ended> {
        loop {
            let prompt = self.at.map_or("throng> ".to_owned(), |at| format!("throng at {at}> "));
            match lines.readline(&prompt) {
                Ok(entry) => {
                    if history::keeps(&entry) && !entry.trim().is_empty() {
                        let _kept = lines.add_history_entry(entry.trim_end());
                    }
                    match self.entry(&entry)? {
                        Ok(true) => {}
                        Ok(false) => return Ok(Ended::Well),
                        Err(trouble) => tell(trouble),
                    }
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(Ended::Well),
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }

    /// Runs what is piped in, statement by statement, up to the first that is
    /// wrong: a script that went on would do what nobody meant.
    fn piped(&mut self, input: impl BufRead) -> io::Result<Ended> {
        let mut entry = String::new();
        for line in input.lines() {
            let line = line?;
            entry.push_str(&line);
            // Only a `;`, a command or nothing at all can make an entry whole.
            let may_end = entry.len() == line.len() || line.contains(';');
            if may_end && is_whole(&entry) {
                match self.entry(&std::mem::take(&mut entry))? {
                    // What was done is told, and nothing more is begun.
                    Ok(true) if self.interrupt.is_told() => return Ok(Ended::Interrupted),
                    Ok(true) => {}
                    Ok(false) => return Ok(Ended::Well),
                    Err(trouble) => return Ok(ended_by(&trouble)),
                }
            } else {
                entry.push('\n');
            }
        }
        match self.entry(&entry)? {
            Ok(_) if self.interrupt.is_told() => Ok(Ended::Interrupted),
            Ok(_) => Ok(Ended::Well),
            Err(trouble) => Ok(ended_by(&trouble)),
        }
    }

    fn entry(&mut self, entry: &str) -> io::Result<Next> {
        let entry = entry.trim();
        if entry.is_empty() {
            return Ok(Ok(true));
        }
        let entry = meta::word_of_shells(entry).unwrap_or(entry);
        if !entry.starts_with('\\') {
            return Ok(self.ask(entry)?.map(|()| true));
        }
        match meta::read(entry) {
            Err(problem) => Ok(Err(Trouble::Wrong(problem))),
            Ok(meta) => self.command(meta),
        }
    }

    fn command(&mut self, meta: Meta) -> io::Result<Next> {
        match meta {
            Meta::Quit => return Ok(Ok(false)),
            Meta::Say(text) => writeln!(io::stdout(), "{text}")?,
            Meta::Ask(statement) => return Ok(self.ask(&statement)?.map(|()| true)),
            Meta::Format(format) => self.format = format,
            Meta::At(at) => self.at = at,
            Meta::Timing(timing) => {
                self.timing = timing.unwrap_or(!self.timing);
                writeln!(io::stdout(), "timing is {}", if self.timing { "on" } else { "off" })?;
            }
        }
        Ok(Ok(true))
    }

    fn ask(&self, text: &str) -> io::Result<Result<(), Trouble>> {
        let stop = self.interrupt.begin();
        let answered = self.answer(text, &stop);
        self.interrupt.end();
        match answered {
            Err(_) if stop.is_stopped() => Ok(Err(Trouble::Cancelled)),
            answered => answered,
        }
    }

    fn answer(&self, text: &str, stop: &Stop) -> io::Result<Result<(), Trouble>> {
        let begun = Instant::now();
        let params = match with_files(text, Params::new(), None) {
            Ok(read) => read,
            Err(wrong) => {
                tell(wrong);
                return Ok(Ok(()));
            }
        };
        let asked = Ask { text, params, at: self.at, stop: stop.clone(), ..Ask::default() };
        let answers = self.database.ask(&asked);
        let took = begun.elapsed();
        self.names.forget();
        let answers = match answers {
            Ok(answers) => answers,
            Err(trouble) => return Ok(Err(trouble)),
        };
        answers.warnings.iter().for_each(|warning| tell(warning.trim_end()));
        let mut out = Until { stop, out: io::stdout().lock() };
        for answer in &answers.answers {
            match answer {
                // What is done is not taken back, and is told.
                Answer::Done(_) => print_answer(answer, self.format, &mut out.out)?,
                answer => print_answer(answer, self.format, &mut out)?,
            }
        }
        if self.timing {
            writeln!(out, "{:.1} ms", took.as_secs_f64() * 1_000.0)?;
        }
        out.flush()?;
        Ok(Ok(()))
    }
}

/// Writes until the question is taken back: an answer may be long, too.
struct Until<'a, W> {
    stop: &'a Stop,
    out: W,
}

impl<W: Write> Write for Until<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stop.is_stopped() {
            true => Err(io::Error::other("the question was taken back")),
            false => self.out.write(&bytes[..bytes.len().min(PIECE)]),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn ended_by(trouble: &Trouble) -> Ended {
    tell(trouble);
    match trouble {
        Trouble::Wrong(_) | Trouble::Text { .. } => Ended::Wrong,
        Trouble::Failed(_) => Ended::Failed,
        Trouble::Cancelled => Ended::Interrupted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_answer_ends_where_it_is_taken_back() {
        let (stop, mut taken) = (Stop::default(), Vec::new());
        let mut out = Until { stop: &stop, out: &mut taken };
        out.write_all(&[b'x'; 3 * PIECE + 1]).unwrap();
        stop.stop();
        assert!(out.write_all(b"more").is_err());
        assert_eq!(taken.len(), 3 * PIECE + 1);
    }

    /// Does what it is told, and is interrupted meanwhile, which changes nothing.
    struct Busy {
        interrupt: Interrupt,
        n_asked: std::sync::atomic::AtomicUsize,
    }

    impl Database for Busy {
        fn ask(&self, _: &Ask<'_>) -> Result<crate::engine::Answers, Trouble> {
            self.n_asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            assert!(self.interrupt.interrupt() && !self.interrupt.interrupt());
            Ok(crate::engine::Answers::default())
        }
    }

    #[test]
    fn a_script_that_is_interrupted_amid_a_change_begins_no_other() {
        let interrupt = Interrupt::default();
        let busy = Arc::new(Busy { interrupt: interrupt.clone(), n_asked: 0.into() });
        let mut session = Session {
            database: busy.clone(),
            names: Arc::new(Names::new(busy.clone())),
            interrupt,
            format: Format::usual(),
            at: None,
            timing: false,
        };
        let script = "declare event a;\ndeclare event b;\n";
        assert_eq!(session.piped(script.as_bytes()).unwrap(), Ended::Interrupted);
        assert_eq!(busy.n_asked.load(std::sync::atomic::Ordering::SeqCst), 1);
    }
}
