// SPDX-License-Identifier: MIT OR Apache-2.0
//! The numbers of the file format: offsets, page types, item types, and the hash function.
//!
//! Every page begins with a header of [`HEADER`] bytes: log sequence number (8), page number,
//! previous page, next page (4 each), number of items and lowest item offset (2 each), level and
//! type (1 each). Page 0 holds the metadata instead. All numbers are in the byte order of the
//! machine that made the file.

/// Size of the page header; the item offsets (2 bytes each) follow it.
pub(crate) const HEADER: usize = 26;
/// Offsets in the page header.
pub(crate) const PAGE_NUMBER: usize = 8;
pub(crate) const PREVIOUS: usize = 12;
pub(crate) const NEXT: usize = 16;
pub(crate) const ITEMS: usize = 20;
/// The lowest item offset; on an overflow page, the number of data bytes.
pub(crate) const LOWEST: usize = 22;
pub(crate) const LEVEL: usize = 24;
pub(crate) const TYPE: usize = 25;

/// Offsets in the metadata page, for both kinds.
pub(crate) const META_MAGIC: usize = 12;
pub(crate) const META_VERSION: usize = 16;
pub(crate) const META_PAGE_SIZE: usize = 20;
pub(crate) const META_ENCRYPTION: usize = 24;
pub(crate) const META_TYPE: usize = 25;
pub(crate) const META_BITS: usize = 26;
pub(crate) const META_LAST_PAGE: usize = 32;
pub(crate) const META_KEYS: usize = 40;
pub(crate) const META_RECORDS: usize = 44;
pub(crate) const META_FLAGS: usize = 48;
pub(crate) const META_FILE_ID: usize = 52;
/// Offsets in the metadata page of a hash file.
pub(crate) const HASH_MAX_BUCKET: usize = 72;
pub(crate) const HASH_HIGH_MASK: usize = 76;
pub(crate) const HASH_LOW_MASK: usize = 80;
pub(crate) const HASH_ELEMENTS: usize = 88;
pub(crate) const HASH_CHECK: usize = 92;
pub(crate) const HASH_SPARES: usize = 96;
/// Offsets in the metadata page of a btree file.
pub(crate) const BTREE_MIN_KEYS: usize = 76;
pub(crate) const BTREE_PAD: usize = 84;
pub(crate) const BTREE_ROOT: usize = 88;
/// The part of the metadata page that is read: the same for every page size.
pub(crate) const META_LENGTH: usize = 512;

pub(crate) const HASH_MAGIC: u32 = 0x06_1561;
pub(crate) const BTREE_MAGIC: u32 = 0x05_3162;
/// The versions that libdb 5.3 writes.
pub(crate) const WRITTEN_VERSION: u32 = 9;

pub(crate) const TYPE_UNUSED: u8 = 0;
pub(crate) const TYPE_HASH_UNSORTED: u8 = 2;
pub(crate) const TYPE_BTREE_INTERNAL: u8 = 3;
pub(crate) const TYPE_RECORD_INTERNAL: u8 = 4;
pub(crate) const TYPE_BTREE_LEAF: u8 = 5;
pub(crate) const TYPE_RECORD_LEAF: u8 = 6;
pub(crate) const TYPE_OVERFLOW: u8 = 7;
pub(crate) const TYPE_HASH_META: u8 = 8;
pub(crate) const TYPE_BTREE_META: u8 = 9;
/// Values of a key that has many, sorted.
pub(crate) const TYPE_DUPLICATE_LEAF: u8 = 12;
pub(crate) const TYPE_HASH: u8 = 13;

/// Items: the data itself, several values, the number of the first overflow page, or (btree 2,
/// hash 4) that of a tree of values.
pub(crate) const ITEM_DATA: u8 = 1;
pub(crate) const ITEM_DUPLICATES: u8 = 2;
pub(crate) const ITEM_OVERFLOW: u8 = 3;
pub(crate) const ITEM_DUPLICATES_TREE: u8 = 4;
/// Bit in the type of a btree item that was deleted.
pub(crate) const ITEM_DELETED: u8 = 0x80;

/// Flags in the metadata of files whose keys may have several values, and (btree) of files that
/// count records: neither changes where a key is found.
pub(crate) const HASH_FLAGS_READ: u32 = 0x01 | 0x04;
pub(crate) const BTREE_FLAGS_READ: u32 = 0x01 | 0x04 | 0x40;

/// A tree of pages that hold two keys or more each is not deeper.
pub(crate) const MAX_DEPTH: usize = 64;

/// What libdb hashes to recognise the hash function of a file, with the terminator.
const CHECK_TEXT: &[u8] = b"%$sniglet^&\0";

/// The hash of a key (a variant of FNV-1 with start value 0), since version 5 of the format.
pub(crate) fn hash_of(key: &[u8]) -> u32 {
    key.iter().fold(0u32, |hash, byte| {
        hash.wrapping_mul(16_777_619) ^ u32::from(*byte)
    })
}

/// The value that a hash file with this hash function carries.
pub(crate) fn hash_check() -> u32 {
    hash_of(CHECK_TEXT)
}

/// The smallest `n` with `2^n >= value`; at most 32.
pub(crate) fn ceiling_log2(value: u32) -> u32 {
    match value {
        0 | 1 => 0,
        _ => 32 - (value - 1).leading_zeros(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceiling_log2_is_the_number_of_doublings() {
        let results: Vec<u32> = [0, 1, 2, 3, 4, 5, 8, 9, u32::MAX].map(ceiling_log2).into();
        assert_eq!(results, [0, 0, 1, 2, 2, 3, 3, 4, 32]);
    }
}
