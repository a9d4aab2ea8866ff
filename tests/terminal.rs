//! The shell at a terminal: Ctrl-C takes back, Ctrl-D leaves, and what is typed
//! ahead waits its turn; and `apply`, which asks there before it does anything.
//! The terminal is the one that `script` (of util-linux) makes.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "a test waits for what another process shows")]

#[path = "support/command.rs"]
mod command;

use command::{piped, problem};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";
/// What the editor sends when it begins to read: texts may be pasted.
const PASTE: &str = "\x1b[?2004h";
/// How long anything may take on a machine that does other things, too.
const PATIENCE: Duration = Duration::from_secs(120);

/// A command that believes that somebody types.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    fn new(home: &Path) -> Terminal {
        Terminal::of(home, "shell --data shop")
    }

    fn of(home: &Path, arguments: &str) -> Terminal {
        // Some shells would stay between, and take the signals for theirs, too.
        let command = format!("exec {} {arguments}", env!("CARGO_BIN_EXE_throng"));
        let mut child = Command::new("script")
            .args(["-q", "-e", "-c", &command, "/dev/null"])
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .env("HOME", home)
            .env_remove("XDG_STATE_HOME")
            .current_dir(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`script` makes a terminal");
        let (shown, screen) = channel();
        let mut out = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            let mut buffer = [0; 4_096];
            while let Ok(n) = out.read(&mut buffer)
                && n > 0
                && shown.send(buffer[..n].to_vec()).is_ok()
            {}
        });
        let keys = child.stdin.take().unwrap();
        Terminal { child, keys, screen, seen: String::new() }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits until the screen shows this, below what was waited for before.
    fn shows(&mut self, text: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return;
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("no `{text}` on the screen:\n{}", self.seen),
            }
        }
    }

    /// Waits until the next entry is asked for.
    fn prompts(&mut self) {
        self.shows(PASTE);
        self.shows("throng> ");
    }

    /// Waits until the shell has ended by itself.
    fn ended(mut self) -> ExitStatus {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it goes on:\n{}", self.seen);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

const PEOPLE: usize = 4_000;

/// People enough that proving an audience takes long.
fn shop() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let call = |n: usize| {
        format!(
            "{{\"type\":\"track\",\"event\":\"order\",\"userId\":\"u-{n}\",\"messageId\":\"m-{n}\",\
             \"timestamp\":\"2026-03-01T12:00:00Z\",\"properties\":{{\"total\":{n}}}}}\n"
        )
    };
    let calls: String = (0..PEOPLE).map(call).collect();
    let arguments = ["import", "--data", "shop", "--bulk", "--at", "2026-03-02T00:00:00Z", "-"];
    let imported = piped(home.path(), &arguments, &calls);
    assert!(imported.status.success(), "{}", problem(&imported));
    let tests: Vec<String> =
        (0..200).map(|n| format!("sum(order.total where (total > {n})) >= 0")).collect();
    let audience = format!("create audience proved is people whose {}", tests.join(" and "));
    let created = piped(home.path(), &["query", "--data", "shop", &audience], "");
    assert!(created.status.success(), "{}", problem(&created));
    home
}

#[test]
fn ctrl_c_takes_back_and_ctrl_d_leaves() {
    let home = shop();
    let mut terminal = Terminal::new(home.path());
    terminal.prompts();

    // What is half typed is gone, also where it went over several lines.
    terminal.press("count every");
    terminal.shows("every");
    terminal.press(CTRL_C);
    terminal.prompts();
    terminal.press("count\r");
    terminal.shows("count");
    terminal.press(CTRL_C);
    terminal.prompts();
    terminal.press("count everyone;\r");
    terminal.shows(&PEOPLE.to_string());
    terminal.prompts();

    // A question that takes much longer than the pause is taken back, and the next is answered.
    terminal.press(&"verify audience proved; ".repeat(40));
    terminal.press("\r");
    terminal.shows("proved;");
    std::thread::sleep(Duration::from_millis(500));
    terminal.press(CTRL_C);
    terminal.shows("cancelled");
    terminal.prompts();

    terminal.press("count events order;\r");
    terminal.shows(&PEOPLE.to_string());
    terminal.prompts();

    terminal.press(CTRL_D);
    let status = terminal.ended();
    assert!(status.success(), "{status}");
}

/// A question that no other has the answer of, and its answer.
fn question(n: usize) -> (String, String) {
    (format!("count people who did order where (total >= {n});\r"), (PEOPLE - n).to_string())
}

#[test]
fn entries_that_arrive_together_are_all_answered() {
    let home = shop();
    let mut terminal = Terminal::new(home.path());
    terminal.prompts();

    // In one write, as a script or a paste sends them; more than one read takes.
    let (questions, answers): (String, Vec<String>) = (1..=40).map(question).unzip();
    terminal.press(&questions);
    answers.iter().for_each(|answer| terminal.shows(answer));
    terminal.prompts();

    // While an answer is on its way, and with a half of the next entry.
    let (slow, (next, answer)) = ("verify audience proved;\r", question(50));
    terminal.press(slow);
    terminal.shows("proved;");
    std::thread::sleep(Duration::from_millis(200));
    terminal.press(&next);
    terminal.press("count peo");
    terminal.shows(&answer);
    terminal.press("ple who did order where (total >= 60);\r");
    terminal.shows(&question(60).1);
    terminal.prompts();

    // The end of the input comes after the entries before it, whenever it is typed.
    let (last, answer) = question(70);
    terminal.press(slow);
    terminal.shows("proved;");
    std::thread::sleep(Duration::from_millis(200));
    terminal.press(&format!("{last}{CTRL_D}"));
    terminal.shows(&answer);
    let status = terminal.ended();
    assert!(status.success(), "{status}");
}

#[test]
fn definitions_are_applied_after_a_yes_and_after_nothing_else() {
    let home = command::shop();
    let definition = "create audience buyers is people who did order;\n";
    std::fs::write(home.path().join("buyers.who"), definition).unwrap();
    let audiences =
        || command::out(&piped(home.path(), &["query", "--data", "shop", "show audiences"], ""));
    for (typed, told, status) in [
        ("y\r", "nothing was changed", 3),
        ("\r", "nothing was changed", 3),
        (CTRL_D, "nothing was changed", 3),
        ("yes\r", "done, as one commit", 0),
    ] {
        assert!(!audiences().contains("buyers"), "before {typed:?}");
        let mut terminal = Terminal::of(home.path(), "apply --data shop buyers.who");
        terminal.shows("buyers");
        terminal.shows("do it? only `yes` does: ");
        terminal.press(typed);
        terminal.shows(told);
        assert_eq!(terminal.ended().code(), Some(status), "{typed:?}");
    }
    assert!(audiences().contains("buyers"));

    // Where nothing is to do, nothing is asked.
    let mut terminal = Terminal::of(home.path(), "apply --data shop buyers.who");
    terminal.shows("nothing to do");
    assert_eq!(terminal.ended().code(), Some(0));
}
