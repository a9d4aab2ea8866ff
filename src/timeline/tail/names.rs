//! The texts and the paths that rows of one block share.

use crate::model::{Path, Step, Text};
use crate::timeline::column::ColumnKey;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Codes for what many rows of a block say in the same words.
#[derive(Clone, Debug, Default)]
pub struct Names {
    texts: Vec<Text>,
    text_codes: HashMap<Text, u32, FixedState>,
    keys: Vec<ColumnKey>,
    /// The code of a path, by the code of the path before its last step.
    key_codes: HashMap<(Parent, Text), u32, FixedState>,
}

/// What a path leads on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parent {
    Properties,
    Context,
    Key(u32),
}

impl Names {
    pub fn text_code(&mut self, text: &Text) -> u32 {
        if let Some(code) = self.text_codes.get(text) {
            return *code;
        }
        let code = self.texts.len() as u32;
        self.texts.push(text.clone());
        self.text_codes.insert(text.clone(), code);
        code
    }

    pub fn text(&self, code: u64) -> Option<&Text> {
        self.texts.get(usize::try_from(code).ok()?)
    }

    pub fn key_code(&mut self, parent: Parent, key: &Text) -> u32 {
        if let Some(code) = self.key_codes.get(&(parent, key.clone())) {
            return *code;
        }
        let step = Step::Key(key.clone());
        let path = match parent {
            Parent::Properties => ColumnKey::Property(Path::key(key.clone())),
            Parent::Context => ColumnKey::Context(Path::key(key.clone())),
            Parent::Key(code) => match &self.keys[code as usize] {
                ColumnKey::Context(path) => ColumnKey::Context(path.then(step)),
                ColumnKey::Property(path) => ColumnKey::Property(path.then(step)),
                plain => plain.clone(),
            },
        };
        let code = self.keys.len() as u32;
        self.keys.push(path);
        self.key_codes.insert((parent, key.clone()), code);
        code
    }

    pub fn keys(&self) -> &[ColumnKey] {
        &self.keys
    }

    pub fn memory(&self) -> usize {
        let texts = self.texts.iter().map(|text| 64 + text.len()).sum::<usize>();
        let keys = self.keys.iter().map(|key| 120 + 24 * key.steps().len()).sum::<usize>();
        texts + keys
    }
}
