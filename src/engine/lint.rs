//! Warnings that only say something once people are counted.

use super::ask::unread;
use super::crowd::Stoppable;
use super::{QueryError, Stop, Throng};
use crate::lang::tree::{Statement, StatementKind};
use crate::lang::{Code, Diagnostic};
use crate::model::{Timestamp, Zone, counted as so_many};
use crate::query::catalog::Catalog;
use crate::query::resolve::asides;
use crate::report;
use crate::state::View;

/// Of so few people nobody or everybody says nothing.
const PEOPLE_MIN: u64 = 20;

/// The same warnings with live counts, without those of which there is nobody.
pub(super) fn counted(
    mut found: Vec<Diagnostic>,
    statement: &Statement,
    (view, catalog): (&View, &Catalog),
    (now, stop): (Timestamp, &Stop),
) -> Result<Vec<Diagnostic>, QueryError> {
    let crowd = Stoppable { view, stop };
    for aside in asides(statement, catalog, now) {
        let rows = report::answer(aside.question(), &crowd, now, &Zone::UTC).map_err(unread)?;
        aside.tell(&rows, &mut found);
    }
    Ok(found)
}

/// W207: an audience that has just been created and that nobody is in, or everyone.
pub(super) fn of_created(
    throng: &Throng,
    statement: &Statement,
) -> Result<Option<Diagnostic>, QueryError> {
    let StatementKind::CreateAudience { name, .. } = &statement.kind else { return Ok(None) };
    let view = throng.view()?;
    let (Some(members), all) = (view.members(&name.node), view.alive().len()) else {
        return Ok(None);
    };
    let message = match members.len() {
        _ if all < PEOPLE_MIN => return Ok(None),
        0 => format!("nobody is in `{}` now, of {}", name.node, so_many(all, "person", "people")),
        n if n == all => {
            format!("everyone is in `{}` now: {}", name.node, so_many(all, "person", "people"))
        }
        _ => return Ok(None),
    };
    let help = format!("`why is profile \"...\" not in audience {}` shows one", name.node);
    let found = Diagnostic::warning(Code::NobodyOrEveryone, name.span, message);
    Ok(Some(if members.is_empty() { found.help(help) } else { found }))
}
