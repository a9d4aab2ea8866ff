//! The shell with its statements piped in, and the commands beside a running server.

#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

#[path = "support/command.rs"]
mod command;

use command::{CALLS, Serving, out, piped, problem, shop, throng};
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

#[test]
fn piped_statements_are_answered_in_lines() {
    let home = shop();
    let input =
        "count people\n  who did order; -- all of them\n\ncount people whose plan = \"gold\";";
    let shell = piped(home.path(), &["shell", "--data", "shop"], input);
    assert_eq!(out(&shell), "{\"people\":2}\n{\"people\":1}\n", "{}", problem(&shell));
    assert_eq!(shell.status.code(), Some(0));
    assert_eq!(problem(&shell), "");
}

#[test]
fn without_a_command_it_is_the_shell() {
    let home = shop();
    let shell = piped(home.path(), &["--data", "shop"], "count everyone");
    assert_eq!(out(&shell), "{\"people\":2}\n", "{}", problem(&shell));
}

#[test]
fn commands_of_the_shell_work_in_a_script() {
    let home = shop();
    let input = "\
\\format csv
\\de
\\format json
count everyone;
\\at 2026-03-01T18:00:00Z
count people who did order;
\\at now
count people who did order;
\\timing off
\\h create audience
\\q
count everyone;
";
    let shell = piped(home.path(), &["shell", "--data", "shop"], input);
    let out = out(&shell);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "name,events,properties,first_seen,last_seen", "{out}");
    assert!(lines[1].starts_with("order,2,1,2026-03-01T12:00:00"), "{out}");
    assert_eq!(lines[2], "{\"columns\":[\"people\"],\"rows\":[[2]]}");
    assert_eq!(lines[3], "{\"columns\":[\"people\"],\"rows\":[[1]]}");
    assert_eq!(lines[4], "{\"columns\":[\"people\"],\"rows\":[[2]]}");
    assert_eq!(lines[5], "timing is off");
    assert!(lines[6].contains("create [or replace] audience"));
    assert_eq!(lines.len(), 7, "nothing is done after \\q");
}

#[test]
fn every_list_has_its_letter() {
    let home = shop();
    let input =
        "create audience a is people who did order;\ncreate trait spent is sum(order.total);\n";
    piped(home.path(), &["shell", "--data", "shop"], input);
    for (command, begins) in [
        ("\\de", "{\"name\":\"order\""),
        ("\\da", "{\"path\":\"plan\""),
        ("\\du", "{\"name\":\"a\",\"people\":2"),
        ("\\dt", "{\"name\":\"spent\""),
        ("\\di", "{\"name\":\"user_id\""),
        ("\\de order", "{\"path\":\"total\""),
        ("\\du a", "{\"name\":\"a\",\"people\":2"),
    ] {
        let shell = piped(home.path(), &["shell", "--data", "shop"], command);
        let out = out(&shell);
        assert!(
            out.lines().any(|line| line.starts_with(begins)),
            "{command}: {out}{}",
            problem(&shell)
        );
    }
}

#[test]
fn a_script_stops_at_its_first_mistake() {
    let home = shop();
    let shell = piped(
        home.path(),
        &["shell", "--data", "shop"],
        "count everyone;\ncount people who did oder;\ncount everyone;\n",
    );
    assert_eq!(out(&shell), "{\"people\":2}\n");
    assert_eq!(shell.status.code(), Some(2));
    let problem = problem(&shell);
    assert!(problem.starts_with("error[E0102]: unknown event `oder`"), "{problem}");
    assert!(problem.contains("^^^^") && problem.contains("did you mean `order`"), "{problem}");
    let shell = piped(home.path(), &["shell", "--data", "shop"], "\\ed\n");
    assert_eq!(shell.status.code(), Some(2));
}

#[test]
fn beside_a_server_the_other_commands_go_through_it() {
    let home = shop();
    let alone = piped(
        home.path(),
        &[
            "query",
            "--data",
            "shop",
            "--format",
            "csv",
            "list user_id, sum(order.total) as spent of people who did order",
        ],
        "",
    );
    let serving = Serving::new(home.path(), &[]);
    assert!(serving.1.starts_with("token throng_") && serving.1.len() == 77, "{}", serving.1);
    let run = |arguments: &[&str], input: &str| {
        let arguments = [&arguments[..1], &["--data", "shop"], &arguments[1..]].concat();
        let output = piped(home.path(), &arguments, input);
        assert!(output.status.success(), "{arguments:?}: {}", problem(&output));
        out(&output)
    };
    let list = "list user_id, sum(order.total) as spent of people who did order";
    assert_eq!(run(&["query", "--format", "csv", list], ""), out(&alone));
    let table = run(&["query", "--format", "table", list], "");
    assert!(table.contains("12.5") && table.contains("│"), "{table}");
    assert_eq!(
        run(&["query", "--at", "2026-03-01T18:00:00Z", "count people who did order"], ""),
        "{\"people\":1}\n"
    );
    assert_eq!(run(&["shell"], "count everyone;"), "{\"people\":2}\n");

    run(&["query", "create audience orderly is people who did order"], "");
    let more =
        CALLS.replace("o-1", "o-9").replace("u-1", "u-9").replace("2026-03-01", "2026-03-05");
    let report = run(&["import", "--replay", "--rejects", "rejects.ndjson", "-"], &more);
    assert!(report.contains("1 call accepted") && report.contains("2 duplicates"), "{report}");
    assert!(report.contains("1 line rejected"), "{report}");
    let rejects = std::fs::read_to_string(home.path().join("rejects.ndjson")).unwrap();
    assert_eq!(rejects, "{\"type\":\"track\",\"event\":\"order\"}\n");
    let reasons = std::fs::read_to_string(home.path().join("rejects.ndjson.reasons")).unwrap();
    assert!(reasons.starts_with("{\"at\":1,\"line\":4,\"reason\":\"missing_id"), "{reasons}");
    assert_eq!(run(&["query", "count everyone"], ""), "{\"people\":3}\n");

    let changes = run(&["watch", "--once", "--from", "0", "orderly"], "");
    assert_eq!(changes.lines().count(), 3, "{changes}");
    assert!(changes.lines().all(|line| line.contains("\"change\":\"entered\"")), "{changes}");
    let info = run(&["info", "--format", "csv"], "");
    assert!(
        info.contains("people,3\r\n") && info.contains("audience orderly (version 1),3\r\n"),
        "{info}"
    );

    let deep = run(&["verify", "--deep"], "");
    assert!(deep.contains("not read again") && deep.contains("audience orderly: 3 people, 0 diff"));
    let shallow = piped(home.path(), &["verify", "--data", "shop"], "");
    assert_eq!(shallow.status.code(), Some(1));
    assert!(problem(&shallow).contains("stop it to have every record read"), "it says what to do");

    // What is wrong there is shown as if it were wrong here.
    let wrong = piped(home.path(), &["query", "--data", "shop", "count people who did oder"], "");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(problem(&wrong).starts_with("error[E0102]"), "{}", problem(&wrong));
    let unknown = piped(home.path(), &["watch", "--data", "shop", "--once", "nobody"], "");
    assert_eq!(unknown.status.code(), Some(2));
    let slip = piped(home.path(), &["watch", "--data", "shop", "--once", "ordrely"], "");
    assert!(problem(&slip).contains("did you mean `orderly`?"), "{}", problem(&slip));

    let stopped = serving.stop();
    assert!(stopped.status.success(), "{}", problem(&stopped));
    assert!(problem(&stopped).contains("on disk"));
    assert!(!home.path().join("shop/ENDPOINT").exists());
    assert_eq!(run(&["query", "count everyone"], ""), "{\"people\":3}\n");
    let again = run(&["watch", "--once", "--from", "0", "orderly"], "");
    assert_eq!(again, changes, "what was told once is told the same for ever");
}

#[test]
fn a_second_process_is_told_who_holds_the_directory() {
    let home = shop();
    // A session that waits for more input holds the directory and answers nobody.
    let mut holder = throng(home.path(), &["shell", "--data", "shop"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    holder.stdin.as_mut().unwrap().write_all(b"count everyone;\n").unwrap();
    let mut line = String::new();
    BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let pid = holder.id().to_string();
    for arguments in [
        &["query", "--data", "shop", "count everyone"][..],
        &["serve", "--data", "shop", "--listen", "127.0.0.1:0"],
        &["info", "--data", "shop"],
    ] {
        let second = piped(home.path(), arguments, "");
        assert_eq!(second.status.code(), Some(1), "{arguments:?}");
        let problem = problem(&second);
        assert!(problem.contains(&format!("in use by process {pid}")), "{problem}");
        assert!(problem.contains("throng serve"), "it says what to do: {problem}");
    }
    holder.kill().unwrap();
    holder.wait().unwrap();
}

#[test]
fn a_stale_endpoint_misleads_nobody() {
    let home = shop();
    let mut serving = Serving::new(home.path(), &["--token", "token-of-the-tests"]);
    assert!(home.path().join("shop/ENDPOINT").exists());
    serving.0.kill().unwrap();
    serving.0.wait().unwrap();
    assert!(home.path().join("shop/ENDPOINT").exists(), "nobody could tidy up");
    let query = piped(home.path(), &["query", "--data", "shop", "count everyone"], "");
    assert_eq!(out(&query), "{\"people\":2}\n", "{}", problem(&query));
    assert!(!home.path().join("shop/ENDPOINT").exists());
}

#[test]
fn a_damaged_endpoint_is_named() {
    let home = shop();
    let _serving = Serving::new(home.path(), &[]);
    std::fs::write(home.path().join("shop/ENDPOINT"), "throng endpoint\nnonsense\n").unwrap();
    let query = piped(home.path(), &["query", "--data", "shop", "count everyone"], "");
    assert_eq!(query.status.code(), Some(1));
    assert!(problem(&query).contains("ENDPOINT is damaged"), "{}", problem(&query));
}

#[test]
fn arguments_that_cannot_work_are_refused_before_anything_is_made() {
    let home = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (&["serve", "--data", "new", "--listen", "0.0.0.0:0"][..], "choose a token"),
        (&["serve", "--data", "new", "--token", "two words"], "a token has"),
        (&["serve", "--data", "new", "--listen", "nowhere"], "--listen"),
        (&["shell", "--data", "new", "--at", "teatime"], "no instant"),
    ] {
        let output = piped(home.path(), arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", problem(&output));
        assert!(problem(&output).contains(says), "{}", problem(&output));
    }
    let nothing = piped(home.path(), &["shell", "--data", "new"], "count everyone;");
    assert_eq!(nothing.status.code(), Some(1));
    assert!(problem(&nothing).contains("holds no database"), "{}", problem(&nothing));
    assert!(!home.path().join("new").exists());
}

#[test]
fn the_place_may_stand_before_the_command() {
    let home = shop();
    for arguments in [
        &["--data", "shop", "query", "count everyone"][..],
        &["--data=shop", "query", "count everyone"],
    ] {
        let output = piped(home.path(), arguments, "");
        assert_eq!(out(&output), "{\"people\":2}\n", "{arguments:?}: {}", problem(&output));
    }
}

#[test]
fn a_program_without_a_statement_is_an_error() {
    let home = shop();
    for text in ["", "  ", "; -- nothing"] {
        let output = piped(home.path(), &["query", "--data", "shop", text], "");
        assert_eq!(output.status.code(), Some(2), "{text:?}");
        assert!(problem(&output).contains("no statement"), "{}", problem(&output));
    }
}

#[test]
fn a_directory_that_is_none_of_ours_is_left_alone() {
    let home = shop();
    std::fs::write(home.path().join("file"), "words").unwrap();
    std::fs::create_dir(home.path().join("full")).unwrap();
    std::fs::write(home.path().join("full/letter"), "words").unwrap();
    for place in ["file", "full"] {
        let serve = piped(home.path(), &["serve", "--data", place, "--listen", "127.0.0.1:0"], "");
        assert_eq!(serve.status.code(), Some(1), "{place}");
        assert!(problem(&serve).contains(place), "{}", problem(&serve));
    }
    assert_eq!(std::fs::read_to_string(home.path().join("file")).unwrap(), "words");
    let manifest = home.path().join("shop/MANIFEST");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let text = text.replace("format 1", "format 99");
    let body = text.rsplit_once("crc ").unwrap().0.to_owned();
    let sum = crc32fast::hash(body.as_bytes());
    std::fs::write(&manifest, format!("{body}crc {sum:08x}\n")).unwrap();
    let newer = piped(home.path(), &["query", "--data", "shop", "count everyone"], "");
    assert_eq!(newer.status.code(), Some(1));
    assert!(problem(&newer).contains("use a newer one"), "{}", problem(&newer));
}

#[test]
fn a_statement_of_a_mebibyte_is_told_its_limit() {
    let home = shop();
    let huge = format!("count people whose plan = \"{}\";\n", "x\n".repeat(1 << 19));
    let shell = piped(home.path(), &["shell", "--data", "shop"], &huge);
    assert_eq!(shell.status.code(), Some(2));
    assert!(
        problem(&shell).contains("E0013"),
        "{}",
        problem(&shell).chars().take(300).collect::<String>()
    );
}

#[test]
fn whoever_stops_reading_is_no_failure() {
    let home = shop();
    let mut command = throng(home.path(), &["shell", "--data", "shop"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let input = "count everyone;\n\\?\n\\timing\n".repeat(10);
    let _gone = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", problem(&output));
    assert_eq!(problem(&output), "");
}

#[test]
fn the_script_of_the_manual_runs() {
    let home = shop();
    let page = include_str!("../docs/shell.md");
    let script = page.split("```script\n").nth(1).unwrap().split("```").next().unwrap();
    let shell = piped(home.path(), &["shell", "--data", "shop"], script);
    assert!(shell.status.success(), "{}", problem(&shell));
    assert!(out(&shell).starts_with("people\r\n2\r\n"), "{}", out(&shell));
    for (name, _) in throng::shell::Format::ALL {
        assert!(page.contains(name), "{name} is not in docs/shell.md");
    }
}

#[test]
fn words_of_other_shells_work_alone_on_a_line() {
    let home = shop();
    let input = "help\n\\h km\nexit\ncount everyone;\n";
    let shell = piped(home.path(), &["shell", "--data", "shop"], input);
    let out = out(&shell);
    assert!(out.starts_with("Statements end with `;`"), "{out}");
    assert!(out.contains("within N km of") && !out.contains("people\":"), "{out}");
    assert_eq!(problem(&shell), "");
}
