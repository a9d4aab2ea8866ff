//! `POST /v1/apply`: definitions made equal to files, or the plan of it.

use super::body;
use super::calls::instant;
use super::door::Admitted;
use super::problem::Problem;
use super::shared::Shared;
use crate::engine::{Act, Moves, Plan, Planned, QueryError, Source};
use axum::Json;
use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};

/// What is asked: files, and if it is to be done, the program that was shown.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    pub files: Vec<File>,
    /// The `program` of the plan that was looked at; without it nothing is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A file of definitions.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub name: String,
    pub text: String,
}

/// A plan on its way.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Reply {
    applied: bool,
    steps: Vec<Step>,
    same: u64,
    program: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Step {
    act: String,
    kind: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moves: Option<Moved>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Moved {
    enter: u64,
    leave: u64,
    people: u64,
}

const SHAPE: &str = "it is {\"files\": [{\"name\": \"NAME.who\", \"text\": \"STATEMENTS\"}], \
                     \"program\": \"WHAT THE PLAN SAID\", \"at\": \"INSTANT\"}, all but the first \
                     optional; without `program` nothing is done";

/// The plan of files; with the program of one that was looked at, that is done.
pub(super) async fn apply(
    _admitted: Admitted,
    State(shared): State<Shared>,
    request: Request,
) -> Result<Json<Reply>, Problem> {
    let (parts, content) = request.into_parts();
    let turn = shared.question().await?;
    let content = body::read(content, &shared).await?;
    let content = body::unpack(&parts.headers, content, shared.settings().body_bytes_max)?;
    let asked: Asked = serde_json::from_slice(&content)
        .map_err(|error| Problem::wrong("broken_question", format!("{error}; {SHAPE}")))?;
    let reply = shared.blocking(move |shared| {
        let _turn = turn;
        answer(shared, asked)
    });
    Ok(Json(reply.await?))
}

fn answer(shared: &Shared, asked: Asked) -> Result<Reply, Problem> {
    let at = asked.at.as_deref().map(|at| instant("at", at)).transpose()?;
    let files: Vec<Source> =
        asked.files.into_iter().map(|file| Source::new(file.name, file.text)).collect();
    let applied = asked.program.is_some();
    let plan = match asked.program {
        Some(program) => shared.throng().apply(&files, &Plan { program, ..Plan::default() }, at),
        None => shared.throng().plan(&files, at),
    };
    plan.map(|plan| Reply::of(plan, applied)).map_err(problem)
}

/// Several files have several texts: the pictures show which is wrong where.
fn problem(error: QueryError) -> Problem {
    match error {
        QueryError::Text { diagnostics, pictures } => {
            let first = diagnostics.first().map(|found| found.message.clone());
            Problem::wrong("wrong_statement", first.unwrap_or_default()).with("pictures", pictures)
        }
        other => other.into(),
    }
}

impl Reply {
    fn of(plan: Plan, applied: bool) -> Reply {
        let step = |step: Planned| Step {
            act: name_of(step.act).to_owned(),
            kind: step.kind.to_string(),
            name: step.name.to_string(),
            note: step.note,
            moves: step.moves.map(|Moves { enter, leave, people }| Moved { enter, leave, people }),
        };
        Reply {
            applied,
            steps: plan.steps.into_iter().map(step).collect(),
            same: plan.n_same,
            program: plan.program,
            warnings: plan.warnings,
        }
    }

    /// The plan again, at the other side.
    pub fn plan(self) -> Plan {
        let step = |step: Step| Planned {
            act: act_of(&step.act),
            kind: step.kind.into(),
            name: step.name.into(),
            note: step.note,
            moves: step.moves.map(|Moved { enter, leave, people }| Moves { enter, leave, people }),
        };
        Plan {
            steps: self.steps.into_iter().map(step).collect(),
            n_same: self.same,
            program: self.program,
            warnings: self.warnings,
        }
    }
}

fn name_of(act: Act) -> &'static str {
    match act {
        Act::Create => "create",
        Act::Change => "change",
        Act::Follow => "follow",
        Act::Drop => "drop",
    }
}

fn act_of(name: &str) -> Act {
    let all = [Act::Create, Act::Change, Act::Drop];
    all.into_iter().find(|act| name_of(*act) == name).unwrap_or(Act::Follow)
}
