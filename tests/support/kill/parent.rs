//! What the parent does: starts a child, listens, and kills it.

use super::{DIRECTORY, MOMENT, Moment, SEED};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// A child that says nothing for so many seconds is not waited for.
const PATIENCE: u32 = 100;

/// What a child has told before it was dead.
#[derive(Debug, Default)]
pub struct Killed {
    /// The last step that it acknowledged.
    pub acknowledged: Option<u64>,
    /// How many it acknowledged.
    pub n_acknowledged: u64,
    /// Whether it was open.
    pub is_open: bool,
    /// Whether it was in the phase in which it was to be killed.
    pub is_inside: bool,
    /// Whether it said nothing for too long.
    pub has_hung: bool,
    /// Whether it came to an end by itself.
    pub has_ended: bool,
    /// What it wrote about that.
    pub last_words: String,
}

impl Killed {
    fn hear(&mut self, line: &str) {
        match line.split_once(' ') {
            Some(("acknowledged", number)) => {
                self.n_acknowledged += 1;
                self.acknowledged = number.parse().ok();
            }
            Some(("held", _)) => self.is_inside = true,
            _ if line == "began" => self.is_inside = true,
            _ if line == "ended" => self.is_inside = false,
            _ => self.is_open |= line == "opened",
        }
    }

    /// Whether the moment is not to be expected any more.
    fn has_missed(&self, moment: &Moment) -> bool {
        let is_past = self.is_open && matches!(&*moment.phase, "open" | "rebuild");
        self.has_hung || self.has_ended || is_past || self.n_acknowledged > 40
    }
}

/// Lets a child work in a directory, and kills it so long after the moment.
pub fn kill(directory: &Path, seed: u64, moment: &Moment, wait: Duration) -> Killed {
    let mut child = spawn(directory, seed, Some(moment));
    let lines = lines(&mut child);
    let mut killed = Killed::default();
    while !killed.is_inside && !killed.has_missed(moment) {
        match next(&lines) {
            Ok(line) => killed.hear(&line),
            Err(RecvTimeoutError::Timeout) => killed.has_hung = true,
            Err(RecvTimeoutError::Disconnected) => killed.has_ended = true,
        }
    }
    std::thread::sleep(wait);
    end(&mut child, &lines, killed)
}

/// Lets a child work for a while, counted from its start or from the end of its opening.
pub fn kill_after(directory: &Path, seed: u64, wait: Duration, is_open: bool) -> Killed {
    let mut child = spawn(directory, seed, None);
    let lines = lines(&mut child);
    let mut killed = Killed::default();
    while is_open && !killed.is_open {
        killed.hear(&next(&lines).unwrap());
    }
    std::thread::sleep(wait);
    end(&mut child, &lines, killed)
}

/// The next line. Seconds are counted one by one, so that a machine which stops
/// both processes for a while is not taken for a child that hangs.
fn next(lines: &Receiver<String>) -> Result<String, RecvTimeoutError> {
    let wait = |_| match lines.recv_timeout(Duration::from_secs(1)) {
        Err(RecvTimeoutError::Timeout) => None,
        heard => Some(heard),
    };
    (0..PATIENCE).find_map(wait).unwrap_or(Err(RecvTimeoutError::Timeout))
}

/// Kills a child, and hears what it had said before.
fn end(child: &mut Child, lines: &Receiver<String>, mut killed: Killed) -> Killed {
    child.kill().unwrap();
    child.wait().unwrap();
    lines.iter().for_each(|line| killed.hear(&line));
    if let Some(errors) = &mut child.stderr {
        errors.read_to_string(&mut killed.last_words).unwrap();
    }
    killed
}

fn spawn(directory: &Path, seed: u64, moment: Option<&Moment>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["child", "--exact", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    moment.into_iter().for_each(|moment| _ = command.env(MOMENT, moment.to_string()));
    command.spawn().unwrap()
}

/// The lines of a child as they come, up to its death.
fn lines(child: &mut Child) -> Receiver<String> {
    let out = BufReader::new(child.stdout.take().unwrap());
    let (said, heard) = channel();
    std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            if said.send(line).is_err() {
                return;
            }
        }
    });
    heard
}
