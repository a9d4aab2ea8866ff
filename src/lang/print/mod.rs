//! Trees to text: one canonical layout, which reads back as the same tree.
//!
//! Parentheses, noise words and spaces are not in the tree; they are placed by
//! rule. What is printed twice is printed the same.

mod condition;
mod name;
mod report;
mod statement;
mod value;
mod window;

use super::tree;

/// A statement in its canonical form, without the `;` behind it.
///
/// ```
/// use throng::lang;
/// let parsed = lang::parse("create audience a is people did order in last 90d and country is \"SK\"");
/// assert_eq!(
///     lang::print(&parsed.statements[0]),
///     "create audience a is\n  people who did order in last 90 days\n  and country = \"SK\""
/// );
/// ```
pub fn print(statement: &tree::Statement) -> String {
    statement::statement(statement)
}

/// A value in its canonical form; also the name of a column that has no other.
pub fn print_value(value: &tree::Value) -> String {
    value::value(value)
}

/// `everyone` or `people ...` on one line.
pub fn print_people(people: &tree::People) -> String {
    condition::people(people, " ")
}

/// A condition on one line.
pub fn print_condition(condition: &tree::Condition) -> String {
    condition::condition(condition)
}

/// A window.
pub fn print_window(window: &tree::Window) -> String {
    window::window(window)
}

/// The name of an event, an audience or a source, quoted where it must be.
///
/// ```
/// use throng::lang::print_name;
/// assert_eq!(print_name("order"), "order");
/// assert_eq!(print_name("Order Completed"), "\"Order Completed\"");
/// assert_eq!(print_name("first"), "`first`");
/// ```
pub fn print_name(name: &str) -> String {
    name::name(name)
}

#[cfg(test)]
mod tests;
