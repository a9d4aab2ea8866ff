//! A mapping drafted from the head of a file, to be edited.

/// A mapping for the file that begins so, with what could be guessed.
pub fn draft(_head: &[u8]) -> String {
    String::new()
}
