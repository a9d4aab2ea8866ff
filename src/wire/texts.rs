//! Texts that come again and again are allocated once.

use super::reject::{Reason, Reject};
use crate::model::limits::{NAME_BYTES_MAX, TEXT_BYTES_MAX};
use crate::model::{Text, nfc};
use foldhash::fast::FixedState;
use std::hash::BuildHasher;

/// Places for keys and names, and as many for short values, so that values of
/// which each is new do not drive the names out.
const SLOTS: usize = 2_048;
/// Places for longer values. They are few, for what a browser says of itself comes again and
/// most others do not.
const LONG_SLOTS: usize = 256;
/// Values up to here are short.
const SHORT_BYTES_MAX: usize = 32;
/// Longer texts are not looked for.
const SHARED_BYTES_MAX: usize = 256;

/// The texts seen lately, by hash: a repeated key or value costs no allocation, unless it is
/// very long.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    slots: Vec<Option<Text>>,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { slots: vec![None; 2 * SLOTS + LONG_SLOTS] }
    }
}

impl Texts {
    /// A key or a name in normal form C.
    pub(crate) fn name(&mut self, text: &str) -> Text {
        self.shared(text, 0, SLOTS)
    }

    /// A value in normal form C.
    pub(crate) fn value(&mut self, text: &str) -> Text {
        match text.len() <= SHORT_BYTES_MAX {
            true => self.shared(text, SLOTS, SLOTS),
            false => self.shared(text, 2 * SLOTS, LONG_SLOTS),
        }
    }

    fn shared(&mut self, text: &str, first: usize, n_slots: usize) -> Text {
        if !text.is_ascii() {
            return nfc(text).into();
        }
        if text.len() > SHARED_BYTES_MAX {
            return text.into();
        }
        let hash = FixedState::with_seed(0).hash_one(text.as_bytes()) as usize;
        let slot = &mut self.slots[first + hash % n_slots];
        match slot {
            Some(known) if **known == *text => known.clone(),
            _ => slot.insert(text.into()).clone(),
        }
    }
}

/// Whether a value's text may stand: no NUL, not too long.
pub(crate) fn check_text(text: &str) -> Result<(), Reject> {
    if text.len() > TEXT_BYTES_MAX {
        let message =
            format!("a text has {} bytes, at most {TEXT_BYTES_MAX} are allowed", text.len());
        return Err(Reject::new(Reason::TextTooLong, message, "cut it, or keep it elsewhere"));
    }
    if text.as_bytes().contains(&0) {
        let message = "a text holds the character U+0000";
        return Err(Reject::new(Reason::NulCharacter, message, "take the character out"));
    }
    Ok(())
}

/// Whether a name may stand: a text that is short.
pub(crate) fn check_name(what: &str, text: &str) -> Result<(), Reject> {
    if text.len() > NAME_BYTES_MAX {
        let given = text.len();
        let message = format!("`{what}` has {given} bytes, at most {NAME_BYTES_MAX} are allowed");
        return Err(Reject::new(Reason::NameTooLong, message, "give it a shorter name"));
    }
    check_text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_come_again_are_one_text() {
        let mut texts = Texts::default();
        for length in [1, SHORT_BYTES_MAX, SHORT_BYTES_MAX + 1, SHARED_BYTES_MAX] {
            let text = "x".repeat(length);
            let (value, name) = (texts.value(&text), texts.name(&text));
            assert!(Text::ptr_eq(&value, &texts.value(&text)), "{length} bytes");
            assert!(Text::ptr_eq(&name, &texts.name(&text)), "{length} bytes");
        }
        let long = "x".repeat(SHARED_BYTES_MAX + 1);
        assert!(!Text::ptr_eq(&texts.value(&long), &texts.value(&long)));
    }
}
