//! `watch`: an audience, what is shown of each person, and how long a change must hold.

use super::length::length_ms;
use super::person::PersonScope;
use super::{Resolved, Resolver};
use crate::lang::tree::{self, Length, Value, ValueKind, ValuePath};
use crate::lang::{Code, Diagnostic};
use crate::query::Column;
use crate::query::predicate::PersonLeaf;

impl Resolver<'_> {
    pub(super) fn watch(
        &mut self,
        audience: &tree::Name,
        from: u64,
        columns: &[ValuePath],
        settled: Option<&Length>,
    ) -> Option<Resolved> {
        let audience = self.known_audience(audience);
        let columns: Vec<Option<Column>> = columns
            .iter()
            .map(|path| {
                let value = Value { kind: ValueKind::Path(path.clone()), span: path.span };
                let name = crate::lang::print_value(&value);
                let value = self.value::<PersonLeaf>(&PersonScope, &value)?.expr;
                if !value.ranks().is_empty() {
                    let help = "watch an audience of the rank, or ask for the value by `list`";
                    return self.no_rank(path.span, "not shown beside each change", &[help]);
                }
                Some(Column { name, value })
            })
            .collect();
        let settled_ms = match settled {
            None => None,
            Some(length) => Some(self.settled(length)?),
        };
        let columns = columns.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Resolved::Watch { audience: audience?.name.clone(), from, columns, settled_ms })
    }

    fn settled(&mut self, length: &Length) -> Option<i64> {
        length_ms(length).or_else(|| {
            let message = "a change settles after milliseconds to weeks";
            self.refuse(Diagnostic::error(Code::Unit, length.span, message))
        })
    }
}
