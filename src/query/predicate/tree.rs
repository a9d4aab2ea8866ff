//! Boolean trees over leaves of any kind.

/// A condition of leaves `L`. An empty `All` is true, an empty `Any` is false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree<L> {
    /// Every one holds.
    All(Vec<Tree<L>>),
    /// At least one holds.
    Any(Vec<Tree<L>>),
    /// It does not hold.
    Not(Box<Tree<L>>),
    /// The leaf holds.
    Leaf(L),
}

impl<L> Tree<L> {
    /// What everyone fulfils.
    pub fn always() -> Tree<L> {
        Tree::All(Vec::new())
    }

    /// Both hold.
    pub fn and(self, other: Tree<L>) -> Tree<L> {
        match (self, other) {
            (Tree::All(mut left), Tree::All(right)) => {
                left.extend(right);
                Tree::All(left)
            }
            (Tree::All(mut left), right) => {
                left.push(right);
                Tree::All(left)
            }
            (left, right) => Tree::All(vec![left, right]),
        }
    }

    /// It does not hold; twice over, it does.
    #[expect(
        clippy::should_implement_trait,
        reason = "`!condition` would hide a word of the language"
    )]
    pub fn not(self) -> Tree<L> {
        match self {
            Tree::Not(inner) => *inner,
            other => Tree::Not(Box::new(other)),
        }
    }

    /// The same tree of other leaves.
    pub fn map<M>(self, leaf: &mut dyn FnMut(L) -> M) -> Tree<M> {
        let mut all = |parts: Vec<Tree<L>>| parts.into_iter().map(|part| part.map(leaf)).collect();
        match self {
            Tree::All(parts) => Tree::All(all(parts)),
            Tree::Any(parts) => Tree::Any(all(parts)),
            Tree::Not(inner) => Tree::Not(Box::new(inner.map(leaf))),
            Tree::Leaf(found) => Tree::Leaf(leaf(found)),
        }
    }

    /// Every leaf, from left to right.
    pub fn leaves(&self) -> Vec<&L> {
        match self {
            Tree::All(parts) | Tree::Any(parts) => parts.iter().flat_map(Tree::leaves).collect(),
            Tree::Not(inner) => inner.leaves(),
            Tree::Leaf(leaf) => vec![leaf],
        }
    }
}
