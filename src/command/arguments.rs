//! What may be written after `throng`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A customer data platform in one binary: unified profiles, exact live audiences, one directory.
#[derive(Debug, Parser)]
#[command(name = "throng", version, about, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Without a command: the shell.
    #[command(flatten)]
    pub shell: Shell,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a sample shop, unify it, show audiences and a customer, and say what to try.
    Demo(Demo),
    /// Take calls in from files or standard input.
    Import(Import),
    /// Write everybody and what they did as files in Parquet.
    #[cfg(feature = "lake")]
    Export(Export),
    /// Run statements of the language.
    Query(Query),
    /// Ask and define at a prompt; with piped input, without one.
    Shell(Shell),
    /// Answer over HTTP: calls in, questions, audiences as they change.
    Serve(Serve),
    /// Follow who enters and leaves an audience.
    Watch(Watch),
    /// Make the definitions equal to those of files, a plan shown first.
    Apply(Apply),
    /// Play scripts against definitions, and see whether it comes as they say.
    Test(Test),
    /// Numbers about a database.
    Info(Info),
    /// Check every record, and every audience against a full recomputation.
    Verify(Verify),
    /// Build the rebuildable store again from the log, or say what of a damaged log can be kept.
    Repair(Repair),
    /// Lay out files of statements: one canonical form, comments where they stand.
    Fmt(Fmt),
    /// Serve an editor: what is wrong, what may stand there, what is known of a name.
    Lsp(Lsp),
    /// The long form of a diagnostic's code, as `throng explain E0102`.
    Explain(Explain),
}

/// Where the database is, and how it is opened.
#[derive(Clone, Debug, Args)]
pub(super) struct Place {
    /// The data directory.
    #[arg(long, env = "THRONG_DATA", default_value = "./throng-data", value_name = "DIR")]
    pub data: PathBuf,
    /// Go on although the clock stands far from the last record's time.
    #[arg(long)]
    pub accept_clock: bool,
}

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where the sample shop's database is made.
    #[arg(long, default_value = "./throng-demo", value_name = "DIR")]
    pub data: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    #[command(flatten)]
    pub place: Place,
    /// What the files hold; by their names, if it is not said.
    #[arg(long, value_enum)]
    pub format: Option<InputFormat>,
    /// The mapping that makes calls of rows (see docs/import.md).
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Print a mapping for this file, to be edited, and take nothing in.
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["map", "files"])]
    pub map_draft: Option<PathBuf>,
    /// The commit time of everything that is taken in.
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// Let the commit time follow the events, so that windows move through a file of history.
    #[arg(long, conflicts_with = "at")]
    pub replay: bool,
    /// Compute the effect on standing audiences once for each batch.
    #[arg(long)]
    pub bulk: bool,
    /// The source that the calls came from.
    #[arg(long, default_value = "import", value_name = "NAME")]
    pub source: String,
    /// Keep rejected lines as they are in this new file, rows under their header, to be mended
    /// and imported again; what is wrong with each goes to FILE.reasons.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Fail if any line is rejected.
    #[arg(long)]
    pub strict: bool,
    /// Read and check everything against the database, change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The files, gzip or not; `-` is standard input.
    #[arg(required_unless_present = "map_draft", value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

#[cfg(feature = "lake")]
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    pub place: Place,
    /// The directory of the files: one that is not there yet, or an earlier lake, which is replaced.
    #[arg(long, value_name = "DIR")]
    pub lake: PathBuf,
    /// Everybody as they were known at that instant; without it, now.
    #[arg(long, value_name = "INSTANT")]
    pub as_of: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Query {
    #[command(flatten)]
    pub place: Place,
    /// The instant asked about; for changes, their commit time.
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// How answers are written; a table on a terminal, else NDJSON.
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
    /// What `$NAME` in the statements stands for; once for each name. A number, a date, an instant,
    /// a length of time like `30 days`, `true`, `false` and what stands in double quotes or in
    /// parentheses is read as the language reads it, anything else as a text.
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// Read the statements from a file.
    #[arg(short, long, value_name = "FILE.who", conflicts_with = "statements")]
    pub file: Option<PathBuf>,
    /// The statements, parted by `;`.
    #[arg(required_unless_present = "file")]
    pub statements: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Shell {
    #[command(flatten)]
    pub place: Place,
    /// The instant asked about; for changes, their commit time.
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// How answers are written; a table on a terminal, else NDJSON.
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
}

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// Where to listen; port 0 takes any that is free.
    #[arg(long, default_value = "127.0.0.1:7717", value_name = "ADDRESS:PORT")]
    pub listen: std::net::SocketAddr,
    /// The token that opens everything; on loopback one is made and shown if none is given.
    #[arg(long, env = "THRONG_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub token: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Watch {
    #[command(flatten)]
    pub place: Place,
    /// The audience.
    pub audience: String,
    /// From which record on; from the next one, if it is not said.
    #[arg(long, value_name = "N")]
    pub from: Option<u64>,
    /// Show these values of each person, as in `email, ltv`.
    #[arg(long, value_name = "COLUMNS")]
    pub with: Option<String>,
    /// Tell a change once it has held for so long, as in `10 minutes`; never, if it was taken back.
    #[arg(long, value_name = "DURATION")]
    pub settled: Option<String>,
    /// Stop at the end of what has happened so far.
    #[arg(long)]
    pub once: bool,
    /// How changes are written.
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
}

#[derive(Debug, Args)]
#[command(after_help = "Status: 0 if the definitions are equal to the files, before or now; 3 if \
there is something to do that was not done; 1 if it failed; 2 if a file is wrong.")]
pub(super) struct Apply {
    #[command(flatten)]
    pub place: Place,
    /// Show the plan, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Do it without asking.
    #[arg(long)]
    pub yes: bool,
    /// The commit time.
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// Files of definitions, or directories of them. What is defined and stands in none is dropped.
    #[arg(required = true, value_name = "FILE.who")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Status: 0 if everything is seen as it is written, 1 if something is not.")]
pub(super) struct Test {
    /// Write what is seen into the scripts, to be read as a difference.
    #[arg(long)]
    pub update: bool,
    /// Scripts, or directories of them (`.txt`); each is played in a database of its own.
    #[arg(required = true, value_name = "FILE.txt")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Info {
    #[command(flatten)]
    pub place: Place,
    /// How the numbers are written.
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
}

#[derive(Debug, Args)]
pub(super) struct Repair {
    /// The data directory.
    #[arg(long, env = "THRONG_DATA", default_value = "./throng-data", value_name = "DIR")]
    pub data: PathBuf,
    /// Go on without what is damaged: keep what can be read, set the rest aside.
    #[arg(long)]
    pub accept_loss: bool,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    pub place: Place,
    /// Recompute every audience from the raw facts and compare, too.
    #[arg(long)]
    pub deep: bool,
}

#[derive(Debug, Args)]
pub(super) struct Lsp {
    #[command(flatten)]
    pub place: Place,
    /// Over standard input and output, which is the only way.
    #[arg(long)]
    pub stdio: bool,
}

#[derive(Debug, Args)]
pub(super) struct Fmt {
    /// Change nothing; name the files that would change, with status 1 if there are any.
    #[arg(long)]
    pub check: bool,
    /// Print the JSON form of every statement instead, in one list; the files stay as they are.
    #[arg(long, conflicts_with = "check")]
    pub json: bool,
    /// Read the JSON forms that `--json` prints, and print the statements.
    #[arg(long, conflicts_with_all = ["check", "json"])]
    pub from_json: bool,
    /// The files; `-`, or none, is standard input, laid out on standard output.
    #[arg(value_name = "FILE.who")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code.
    pub code: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    Ndjson,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    Table,
    Json,
    Ndjson,
    Csv,
}
