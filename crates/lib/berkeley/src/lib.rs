// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reads and writes Berkeley DB files (`hash:` and `btree:` tables) without the C library.
//!
//! A [`Reader`] answers keys from a file that libdb 4.2 to 6.2 wrote: hash files of versions 8 to
//! 10, btree files of versions 9 and 10, any page size, either byte order, items of any length.
//! [`write_hash`] and [`write_btree`] make a whole file from its entries; libdb accepts, verifies
//! and updates it. There is no update in place here: a table is rebuilt and renamed.
//!
//! *Invariants:* no file, however damaged, makes the reader panic, loop, or use more memory than
//! the file is long; one request reads at most about twice as many pages as the file has.
//! Writing the same entries gives the same bytes.
//!
//! *Not supported:* sub-databases, page checksums, encryption, compression. Such files are refused
//! with a text that says so. Of several values of one key, which libdb can store and Postfix never
//! does, the first is the key's value.
//!
//! *Postfix:* dict_db(3) with libdb.

mod btree;
mod duplicates;
mod format;
mod hash;
mod page;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub use page::Source;
pub use reader::{Entries, Reader};
pub use writer::{write_btree, write_hash};

/// One entry: key and value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// One entry that somebody else keeps.
pub type Pair<'e> = (&'e [u8], &'e [u8]);

/// The page size that libdb chooses on file systems with blocks of 4096 bytes.
pub const DEFAULT_PAGE_SIZE: usize = 4096;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system said no.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The file is no Berkeley DB file, is damaged, or uses what is not supported.
    #[error("{0}")]
    Format(&'static str),
}

/// Which access method a file uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Extended linear hashing.
    Hash,
    /// B+tree, keys sorted.
    Btree,
}
