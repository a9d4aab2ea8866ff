//! One table as one file of Parquet, written a group of rows at a time.

use super::LakeError;
use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a group. What is not written yet lies in memory.
const ROWS_PER_GROUP: usize = 1 << 16;
/// Bytes of texts of a group, which may be reached by fewer rows.
const BYTES_PER_GROUP: usize = 32 << 20;

/// A value of a column.
pub(super) enum Cell {
    Null,
    Text(String),
    Long(i64),
    Bool(bool),
}

/// A table that is being written.
pub(super) struct Table {
    path: PathBuf,
    writer: SerializedFileWriter<File>,
    columns: Vec<Column>,
    n_rows: usize,
    n_bytes: usize,
}

/// The rows of one column that are not written yet.
#[derive(Default)]
struct Column {
    /// 1 where there is a value.
    levels: Vec<i16>,
    texts: Vec<ByteArray>,
    longs: Vec<i64>,
    bools: Vec<bool>,
}

impl Table {
    /// A table of these columns, each `TYPE NAME (ANNOTATION)` as the message
    /// of a schema says them.
    pub fn create(directory: &Path, name: &str, columns: &[&str]) -> Result<Table, LakeError> {
        let path = directory.join(format!("{name}.parquet"));
        let file = File::create(&path).map_err(|error| LakeError::Io(path.clone(), error))?;
        let fields: String = columns.iter().map(|column| format!("optional {column};")).collect();
        let schema = parse_message_type(&format!("message {name} {{{fields}}}"))?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))?;
        let columns = columns.iter().map(|_| Column::default()).collect();
        Ok(Table { path, writer, columns, n_rows: 0, n_bytes: 0 })
    }

    /// Adds a row, a value for each column.
    pub fn push(&mut self, row: impl IntoIterator<Item = Cell>) -> Result<(), LakeError> {
        for (column, cell) in self.columns.iter_mut().zip(row) {
            self.n_bytes += column.push(cell);
        }
        self.n_rows += 1;
        if self.n_rows >= ROWS_PER_GROUP || self.n_bytes >= BYTES_PER_GROUP {
            self.end_group()?;
        }
        Ok(())
    }

    fn end_group(&mut self) -> Result<(), LakeError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else { break };
            column.write(writer.untyped())?;
            writer.close()?;
        }
        group.close()?;
        (self.n_rows, self.n_bytes) = (0, 0);
        Ok(())
    }

    /// Writes what is left and makes it durable.
    pub fn close(mut self) -> Result<(), LakeError> {
        if self.n_rows > 0 {
            self.end_group()?;
        }
        let file = self.writer.into_inner()?;
        file.sync_all().map_err(|error| LakeError::Io(self.path, error))
    }
}

impl Column {
    fn push(&mut self, cell: Cell) -> usize {
        self.levels.push(i16::from(!matches!(cell, Cell::Null)));
        match cell {
            Cell::Null => 0,
            Cell::Long(long) => {
                self.longs.push(long);
                8
            }
            Cell::Bool(bool) => {
                self.bools.push(bool);
                1
            }
            Cell::Text(text) => {
                let n_bytes = text.len();
                self.texts.push(ByteArray::from(text.into_bytes()));
                n_bytes
            }
        }
    }

    fn write(&mut self, writer: &mut ColumnWriter<'_>) -> Result<(), LakeError> {
        let levels = Some(&self.levels[..]);
        match writer {
            ColumnWriter::ByteArrayColumnWriter(texts) => {
                texts.write_batch(&self.texts, levels, None)?;
            }
            ColumnWriter::Int64ColumnWriter(longs) => {
                longs.write_batch(&self.longs, levels, None)?;
            }
            ColumnWriter::BoolColumnWriter(bools) => {
                bools.write_batch(&self.bools, levels, None)?;
            }
            _ => unreachable!("tables have texts, whole numbers and bools"),
        }
        *self = Column::default();
        Ok(())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(long: i64) -> Cell {
        Cell::Long(long)
    }
}

impl From<bool> for Cell {
    fn from(bool: bool) -> Cell {
        Cell::Bool(bool)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Null, Into::into)
    }
}
