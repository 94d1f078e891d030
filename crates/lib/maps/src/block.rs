// SPDX-License-Identifier: MIT OR Apache-2.0
//! Network patterns with the messages of the original.
//!
//! *Postfix:* cidr_match(3).

use runtime::net::cidr::{Block, BlockError};

/// Reads `net/len`, `[net]/len`, `[net/len]`, or an address; the error is a whole message.
pub(crate) fn parse(pattern: &str) -> Result<Block, String> {
    let bare: String = pattern
        .chars()
        .filter(|c| !matches!(c, '[' | ']'))
        .collect();
    Block::parse(pattern).map_err(|error| match error {
        BlockError::BadPrefix => format!("bad mask length in \"{bare}\""),
        BlockError::BadAddress if bare.contains('/') => format!("bad address pattern: \"{bare}\""),
        BlockError::BadAddress => format!("bad address pattern: \"{pattern}\""),
        BlockError::HostBits(meant) => format!(
            "non-null host address bits in \"{bare}\", perhaps you should use \"{}/{}\" instead",
            meant.network(),
            meant.prefix()
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_what_is_wrong() {
        let message = |text| parse(text).unwrap_err();
        assert_eq!(message("1.2.3.0/99"), "bad mask length in \"1.2.3.0/99\"");
        assert_eq!(message("1.2.3.999"), "bad address pattern: \"1.2.3.999\"");
        assert_eq!(
            message("[::1]/64"),
            "non-null host address bits in \"::1/64\", perhaps you should use \"::/64\" instead"
        );
    }
}
