//! Laws of the language over generated trees and texts.

mod comments;
mod grow;
mod grow_statement;
mod json;
mod laws;
mod planted;
