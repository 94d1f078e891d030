// SPDX-License-Identifier: MIT OR Apache-2.0
//! A host as log lines name it.

use std::fmt;

/// `name[address]`, or `name[address]:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Verified name, or `unknown`.
    pub name: String,
    /// Numerical address, or a path.
    pub address: String,
    /// Port, where the line shows one.
    pub port: Option<String>,
}

impl Client {
    /// A host without a port.
    pub fn new(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            address: address.into(),
            port: None,
        }
    }

    /// The same host with a port.
    #[must_use]
    pub fn with_port(mut self, port: impl Into<String>) -> Self {
        self.port = Some(port.into());
        self
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.name, self.address)?;
        match &self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_name_and_address() {
        let client = Client::new("unknown", "192.0.2.1");
        assert_eq!(client.to_string(), "unknown[192.0.2.1]");
        assert_eq!(client.with_port("25").to_string(), "unknown[192.0.2.1]:25");
    }
}
