// SPDX-License-Identifier: MIT OR Apache-2.0
//! How a proxied table is opened and asked, in bits.

use bitflags::bitflags;

bitflags! {
    /// What a client says about a table, and the server about the table's type.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct TableFlags: u32 {
        /// Warn about a key that is there already.
        const DUPLICATES_WARN = 1;
        /// Keep the old value of a key that is there already, silently.
        const DUPLICATES_IGNORE = 1 << 1;
        /// Keys may be stored without terminator.
        const TRY_WITHOUT_NUL = 1 << 2;
        /// Keys may be stored with terminator.
        const TRY_WITH_NUL = 1 << 3;
        /// Keys are compared as they are: partial keys make sense.
        const FIXED = 1 << 4;
        /// Keys are patterns: only whole keys make sense.
        const PATTERN = 1 << 5;
        /// Lock the table for each access.
        const LOCK = 1 << 6;
        /// Replace the value of a key that is there already.
        const DUPLICATES_REPLACE = 1 << 7;
        /// Bring each change to stable storage.
        const SYNC_UPDATE = 1 << 8;
        /// Log each access.
        const DEBUG = 1 << 9;
        /// No results that contain parts of the key.
        const NO_SUBSTITUTION = 1 << 11;
        /// Not through a proxy.
        const NO_PROXY = 1 << 12;
        /// Nothing that an unauthenticated server says.
        const NO_UNAUTHENTICATED = 1 << 13;
        /// Compare keys of fixed-string tables without regard to case.
        const FOLD_FIXED = 1 << 14;
        /// Compare keys of other tables without regard to case.
        const FOLD_PATTERN = 1 << 15;
        /// Keep the table locked while it is open.
        const OPEN_LOCK = 1 << 16;
        /// Many changes follow.
        const BULK_UPDATE = 1 << 17;
        /// Several programs may write.
        const MULTI_WRITER = 1 << 18;
        /// Keys and values must be UTF-8.
        const UTF8_REQUEST = 1 << 19;
        /// Keys and values are being checked for UTF-8.
        const UTF8_ACTIVE = 1 << 20;
        /// Values name files, whose contents are meant.
        const VALUES_ARE_FILES = 1 << 21;

        /// What a client may change from request to request; everything else belongs to the
        /// opened table.
        const REQUEST = Self::NO_SUBSTITUTION.bits()
            | Self::NO_PROXY.bits()
            | Self::NO_UNAUTHENTICATED.bits()
            | Self::FOLD_FIXED.bits()
            | Self::FOLD_PATTERN.bits()
            | Self::LOCK.bits()
            | Self::DUPLICATES_WARN.bits()
            | Self::DUPLICATES_IGNORE.bits()
            | Self::DUPLICATES_REPLACE.bits()
            | Self::SYNC_UPDATE.bits()
            | Self::UTF8_REQUEST.bits();
    }
}
