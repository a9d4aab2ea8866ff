//! Every limit, by name. Reaching one is an error that carries its number.

/// Identifiers that one call may carry.
pub const IDENTIFIERS_PER_CALL_MAX: usize = 32;
/// Leaves (scalars, counting those inside arrays) of one call.
pub const LEAVES_PER_EVENT_MAX: usize = 512;
/// Bytes of one call as it arrives.
pub const EVENT_BYTES_MAX: usize = 1 << 20;
/// Objects and arrays inside one another.
pub const NESTING_MAX: usize = 16;
/// Bytes of one text value.
pub const TEXT_BYTES_MAX: usize = 64 << 10;
/// Bytes of an identifier's value, after normalisation.
pub const IDENTIFIER_BYTES_MAX: usize = 1_024;
/// Bytes of a name: of an event, a source, a purpose, a namespace.
pub const NAME_BYTES_MAX: usize = 256;
/// Calls in one log record.
pub const RECORD_CALLS_MAX: usize = 10_000;
/// Bytes of one log record before compression.
pub const RECORD_BYTES_MAX: usize = 8 << 20;
/// Streams that have runs of their own.
pub const STREAMS_MAX: usize = 1_024;
/// Property columns of one run; the others share an overflow column.
pub const COLUMNS_PER_RUN_MAX: usize = 256;
/// Claims folded again at once in one cluster of identifiers.
pub const CLAIMS_PER_CLUSTER_MAX: usize = 1_000_000;
/// Time zones in use at once.
pub const ZONES_MAX: usize = 600;
/// Bytes of one program of statements.
pub const PROGRAM_BYTES_MAX: usize = 1 << 20;
/// Conditions, values and groups inside one another.
pub const STATEMENT_NESTING_MAX: usize = 64;

/// Regular expressions that standing audiences look for, each counted once.
pub const STANDING_PATTERNS_MAX: usize = 20;
/// Bytes that a regular expression may take once it is made ready.
pub const PATTERN_BYTES_MAX: usize = 1 << 20;
