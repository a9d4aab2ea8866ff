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
    /// By the place of what they lead on from: the code of each path by its last step.
    key_codes: Vec<HashMap<Text, u32, FixedState>>,
}

/// What a path leads on from.
#[derive(Clone, Copy, Debug)]
pub enum Parent {
    Properties,
    Context,
    Key(u32),
}

impl Parent {
    fn place(self) -> usize {
        match self {
            Parent::Properties => 0,
            Parent::Context => 1,
            Parent::Key(code) => code as usize + 2,
        }
    }
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
        let below = parent.place();
        if let Some(code) = self.key_codes.get(below).and_then(|codes| codes.get(key)) {
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
        self.key_codes.resize_with(self.key_codes.len().max(below + 1), HashMap::default);
        self.key_codes[below].insert(key.clone(), code);
        code
    }

    pub fn keys(&self) -> &[ColumnKey] {
        &self.keys
    }

    pub fn memory(&self) -> usize {
        let texts = self.texts.iter().map(|text| 64 + text.len()).sum::<usize>();
        let keys = self.keys.iter().map(|key| 120 + 24 * key.steps().len()).sum::<usize>();
        texts + keys + 160 * self.key_codes.len()
    }
}
