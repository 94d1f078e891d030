// SPDX-License-Identifier: MIT OR Apache-2.0
//! The least face of LMDB that lookup tables need: read one file, and write one whole file.
//!
//! A table is one file (no directory, no lock file), whose unnamed database holds the entries.
//! Whoever writes a table that others read makes a new file and renames it.
//!
//! *Invariants:* a [`Table`] owns its environment; each read is its own transaction, whose
//! memory is copied before it ends.
//!
//! *Errors:* those of the library, in its words. The file is mapped and trusted by the C
//! library: a table that somebody else can write must not be opened.
//!
//! *Postfix:* slmdb(3).

#![expect(unsafe_code, reason = "the reference implementation is a C library")]

use std::ffi::{CStr, CString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use lmdb_master_sys as ffi;

/// Longest key in bytes that the library accepts.
pub const KEY_LIMIT: usize = 511;

/// First size of the map of a table that is written, unless the entries need more; it doubles
/// when it is full. The file is only as long as its contents.
const FIRST_SIZE: usize = 1 << 20;

/// Key and value of an entry.
pub type Pair<'e> = (&'e [u8], &'e [u8]);

/// A table open for reading.
#[derive(Debug)]
pub struct Table {
    env: Environment,
}

impl Table {
    /// Opens the table file at this path.
    pub fn open(path: &Path) -> io::Result<Self> {
        let env = Environment::create()?;
        env.open(
            path,
            ffi::MDB_NOSUBDIR | ffi::MDB_NOLOCK | ffi::MDB_RDONLY,
            0,
        )?;
        Ok(Self { env })
    }

    /// The value of a key; keys longer than [`KEY_LIMIT`] and empty keys are in no table.
    pub fn get(&self, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        if key.is_empty() || key.len() > KEY_LIMIT {
            return Ok(None);
        }
        let transaction = Transaction::begin(&self.env, ffi::MDB_RDONLY)?;
        let database = transaction.database()?;
        let mut wanted = value(key);
        let mut found = value(&[]);
        // SAFETY: transaction and database are open, and both values live through the call.
        let code =
            unsafe { ffi::mdb_get(transaction.raw, database, &raw mut wanted, &raw mut found) };
        if code == ffi::MDB_NOTFOUND {
            return Ok(None);
        }
        check(code)?;
        Ok(Some(bytes(&transaction, &found).to_vec()))
    }

    /// Calls `visit` with each key and value, in the order of the keys, until it says `false`.
    pub fn for_each(&self, mut visit: impl FnMut(&[u8], &[u8]) -> bool) -> io::Result<()> {
        let transaction = Transaction::begin(&self.env, ffi::MDB_RDONLY)?;
        let database = transaction.database()?;
        let cursor = Cursor::open(&transaction, database)?;
        let mut step = ffi::MDB_FIRST;
        loop {
            let (mut key, mut data) = (value(&[]), value(&[]));
            // SAFETY: the cursor is open, and both values live through the call.
            let code =
                unsafe { ffi::mdb_cursor_get(cursor.raw, &raw mut key, &raw mut data, step) };
            if code == ffi::MDB_NOTFOUND {
                return Ok(());
            }
            check(code)?;
            let (key, data) = (bytes(&transaction, &key), bytes(&transaction, &data));
            if !visit(key, data) {
                return Ok(());
            }
            step = ffi::MDB_NEXT;
        }
    }
}

/// Writes a table of these entries to `path`, which should not exist yet; of several entries
/// with one key the last stays. `mode` is that of the new file, less the umask.
///
/// # Errors
/// `InvalidInput` for a key that is empty or longer than [`KEY_LIMIT`].
pub fn write(path: &Path, mode: u32, entries: &[Pair<'_>]) -> io::Result<()> {
    if entries
        .iter()
        .any(|(key, _)| key.is_empty() || key.len() > KEY_LIMIT)
    {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "key is empty or too long",
        ));
    }
    let env = Environment::create()?;
    // Pages of a tree that grows at its end are well filled, and none is split later.
    let mut entries = entries.to_vec();
    entries.sort_by_key(|(key, _)| *key);
    let text: usize = entries
        .iter()
        .map(|(key, data)| key.len() + data.len())
        .sum();
    let mut size = (text * 2).next_multiple_of(FIRST_SIZE).max(FIRST_SIZE);
    env.set_size(size)?;
    env.open(path, ffi::MDB_NOSUBDIR | ffi::MDB_NOLOCK, mode)?;
    loop {
        match write_all(&env, &entries) {
            Err(error) if error.get_ref().is_some_and(|e| e.is::<MapFull>()) => {
                size = size.checked_mul(2).ok_or(io::ErrorKind::OutOfMemory)?;
                env.set_size(size)?;
            }
            done => return done,
        }
    }
}

fn write_all(env: &Environment, entries: &[Pair<'_>]) -> io::Result<()> {
    let transaction = Transaction::begin(env, 0)?;
    let database = transaction.database()?;
    for (key, data) in entries {
        let (mut key, mut data) = (value(key), value(data));
        // SAFETY: transaction and database are open; the library copies both values and
        // writes to neither without MDB_RESERVE.
        let code =
            unsafe { ffi::mdb_put(transaction.raw, database, &raw mut key, &raw mut data, 0) };
        check(code)?;
    }
    transaction.commit()
}

/// The error that means "again, with more space".
#[derive(Debug)]
struct MapFull;

impl std::fmt::Display for MapFull {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("table is larger than its map")
    }
}

impl std::error::Error for MapFull {}

fn check(code: libc::c_int) -> io::Result<()> {
    match code {
        0 => Ok(()),
        ffi::MDB_MAP_FULL => Err(io::Error::other(MapFull)),
        code if code > 0 => Err(io::Error::from_raw_os_error(code)),
        code => {
            // SAFETY: mdb_strerror gives a string that lives as long as the program, for every
            // code that is not one of the system.
            let text = unsafe { ffi::mdb_strerror(code) };
            // SAFETY: it is NUL-terminated.
            let text = unsafe { CStr::from_ptr(text) };
            Err(io::Error::other(text.to_string_lossy().into_owned()))
        }
    }
}

fn value(bytes: &[u8]) -> ffi::MDB_val {
    ffi::MDB_val {
        mv_size: bytes.len(),
        mv_data: bytes.as_ptr().cast_mut().cast(),
    }
}

/// What the library put into `value` within this transaction.
fn bytes<'a>(_open: &'a Transaction<'_>, value: &ffi::MDB_val) -> &'a [u8] {
    if value.mv_data.is_null() || value.mv_size == 0 {
        return &[];
    }
    // SAFETY: all callers pass a value that a call within `_open` filled, whose memory lives
    // as long as the transaction, which the lifetime says.
    unsafe { std::slice::from_raw_parts(value.mv_data.cast(), value.mv_size) }
}

#[derive(Debug)]
struct Environment {
    raw: *mut ffi::MDB_env,
}

impl Environment {
    fn create() -> io::Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: `raw` is a place for the handle.
        check(unsafe { ffi::mdb_env_create(&raw mut raw) })?;
        Ok(Self { raw })
    }

    fn set_size(&self, size: usize) -> io::Result<()> {
        // SAFETY: the handle is valid, and no transaction is open when the size changes.
        check(unsafe { ffi::mdb_env_set_mapsize(self.raw, size) })
    }

    fn open(&self, path: &Path, flags: u32, mode: u32) -> io::Result<()> {
        let path = CString::new(path.as_os_str().as_bytes())?;
        // SAFETY: the handle is valid and not open yet; the path is NUL-terminated.
        check(unsafe { ffi::mdb_env_open(self.raw, path.as_ptr(), flags, mode) })
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        // SAFETY: the handle came from mdb_env_create and is closed once; transactions borrow
        // the environment, so none is open.
        unsafe { ffi::mdb_env_close(self.raw) }
    }
}

struct Transaction<'a> {
    raw: *mut ffi::MDB_txn,
    _env: &'a Environment,
}

impl<'a> Transaction<'a> {
    fn begin(env: &'a Environment, flags: u32) -> io::Result<Self> {
        let mut raw = ptr::null_mut();
        let begin = |raw: &mut *mut ffi::MDB_txn| {
            // SAFETY: the environment is open; `raw` is a place for the handle.
            unsafe { ffi::mdb_txn_begin(env.raw, ptr::null_mut(), flags, raw) }
        };
        let mut code = begin(&mut raw);
        if code == ffi::MDB_MAP_RESIZED {
            // Another program made the table larger than it was when it was mapped.
            env.set_size(0)?;
            code = begin(&mut raw);
        }
        check(code)?;
        Ok(Self { raw, _env: env })
    }

    fn database(&self) -> io::Result<ffi::MDB_dbi> {
        let mut database = 0;
        // SAFETY: the transaction is open; a null name is the unnamed database.
        check(unsafe { ffi::mdb_dbi_open(self.raw, ptr::null(), 0, &raw mut database) })?;
        Ok(database)
    }

    fn commit(self) -> io::Result<()> {
        let raw = self.raw;
        // The library frees the handle whatever the result is.
        std::mem::forget(self);
        // SAFETY: the transaction is open, and `forget` keeps it from being ended twice.
        check(unsafe { ffi::mdb_txn_commit(raw) })
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // SAFETY: the transaction is open; commit does not come here.
        unsafe { ffi::mdb_txn_abort(self.raw) }
    }
}

struct Cursor<'a> {
    raw: *mut ffi::MDB_cursor,
    _transaction: &'a Transaction<'a>,
}

impl<'a> Cursor<'a> {
    fn open(transaction: &'a Transaction<'a>, database: ffi::MDB_dbi) -> io::Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: transaction and database are open; `raw` is a place for the handle.
        check(unsafe { ffi::mdb_cursor_open(transaction.raw, database, &raw mut raw) })?;
        Ok(Self {
            raw,
            _transaction: transaction,
        })
    }
}

impl Drop for Cursor<'_> {
    fn drop(&mut self) {
        // SAFETY: the cursor is open, and its read-only transaction is still open.
        unsafe { ffi::mdb_cursor_close(self.raw) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_even_beyond_the_first_size() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.lmdb");
        let entries: Vec<_> = (0..20_000)
            .map(|n| (format!("key{n:05}").into_bytes(), vec![b'v'; 200]))
            .collect();
        let pairs: Vec<Pair<'_>> = entries.iter().map(|(k, v)| (&**k, &**v)).collect();
        write(&path, 0o644, &pairs).unwrap();
        assert!(path.metadata().unwrap().len() > FIRST_SIZE as u64);
        let table = Table::open(&path).unwrap();
        assert_eq!(table.get(b"key00007").unwrap(), Some(vec![b'v'; 200]));
        assert_eq!(table.get(b"absent").unwrap(), None);
        assert_eq!(table.get(b"").unwrap(), None);
        assert_eq!(table.get(&[b'x'; 600]).unwrap(), None);
        let mut count = 0;
        table
            .for_each(|_, _| {
                count += 1;
                true
            })
            .unwrap();
        assert_eq!(count, 20_000);
    }

    #[test]
    fn a_key_that_does_not_fit_is_refused_and_a_bad_file_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.lmdb");
        let long = [b'x'; 512];
        assert_eq!(
            write(&path, 0o644, &[(&long[..], &b""[..])])
                .unwrap_err()
                .kind(),
            io::ErrorKind::InvalidInput
        );
        std::fs::write(&path, [7; 8192]).unwrap();
        assert!(Table::open(&path).is_err());
        assert!(Table::open(&dir.path().join("missing")).is_err());
    }

    #[test]
    fn a_table_that_another_program_made_larger_is_read_on() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.lmdb");
        write(&path, 0o644, &[(b"first", b"1")]).unwrap();
        let table = Table::open(&path).unwrap();
        assert_eq!(table.get(b"first").unwrap().unwrap(), b"1");
        let value = vec![b'v'; 3 * FIRST_SIZE];
        write(&path, 0o644, &[(b"large", &value), (b"second", b"2")]).unwrap();
        assert_eq!(table.get(b"second").unwrap().unwrap(), b"2");
        assert_eq!(table.get(b"large").unwrap().unwrap(), value);
    }

    #[test]
    fn an_empty_table_can_be_written_and_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.lmdb");
        write(&path, 0o644, &[]).unwrap();
        let table = Table::open(&path).unwrap();
        assert_eq!(table.get(b"x").unwrap(), None);
        table.for_each(|_, _| unreachable!()).unwrap();
    }
}
