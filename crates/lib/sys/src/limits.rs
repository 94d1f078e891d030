// SPDX-License-Identifier: MIT OR Apache-2.0
//! Resource limits of this process.
//!
//! *Postfix:* file_limit(3), open_limit(3).

use std::io;

use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};

/// Limits the size in bytes of files that this process writes; `None` lifts the limit as far
/// as the hard limit allows. Writing further fails with `EFBIG`.
pub fn set_file_size(bytes: Option<u64>) -> io::Result<()> {
    let (_soft, hard) = getrlimit(Resource::RLIMIT_FSIZE)?;
    let wanted = bytes.map_or(hard, |bytes| rlim_t::min(bytes, hard));
    // The default action of the signal would end the process instead of failing the write.
    crate::signal::ignore(crate::signal::Signal::SIGXFSZ)?;
    setrlimit(Resource::RLIMIT_FSIZE, wanted, hard)?;
    Ok(())
}

/// How many descriptors this process may have open.
pub fn open_files() -> u64 {
    getrlimit(Resource::RLIMIT_NOFILE).map_or(256, |(soft, _hard)| soft)
}

/// Raises the number of descriptors to the hard limit; gives back what holds now.
pub fn raise_open_files() -> u64 {
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < hard
    {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
    open_files()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raising_never_lowers() {
        let before = open_files();
        assert!(raise_open_files() >= before);
    }
}
