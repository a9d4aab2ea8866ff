//! Why a person is in an audience or not, and when that changes by itself.
