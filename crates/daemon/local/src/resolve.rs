// SPDX-License-Identifier: MIT OR Apache-2.0
//! An address from an expansion: completed, resolved, and delivered here or forwarded.
//!
//! *Postfix:* `local/resolve`, `local/indirect`.

use bstr::ByteSlice;
use delivery::Verdict;
use ipc::flags::ResolveFlags;
use ipc::services::resolve::Verification;
use ipc::services::rewrite::Rule;
use mail::address::token::{self, Token};
use mail::address::{split_at_last_at, unquote_822_local};
use runtime::log;

use crate::run::Run;
use crate::step::Step;

impl Run<'_> {
    /// Delivers to an address.
    pub(crate) fn address(&mut self, step: &Step, tokens: &[Token]) -> Verdict {
        self.address_text(step, &token::external(tokens))
    }

    /// Delivers to an address in external form.
    pub(crate) fn address_text(&mut self, step: &Step, address: &[u8]) -> Verdict {
        let mut step = step.deeper();
        let rewriter = &mut self.agent.rewriter;
        let resolved = rewriter
            .rewrite(&Rule::Local, address)
            .and_then(|rewritten| {
                rewriter.resolve(Verification::No, b"", &unquote_822_local(&rewritten))
            });
        let resolved = match resolved {
            Ok(resolved) if !resolved.flags.contains(ResolveFlags::FAIL) => resolved,
            Ok(_) => return self.say(&step, (4, 3, 0), "address resolver failure"),
            Err(error) => {
                log::warning(error);
                return self.say(&step, (4, 3, 0), "address resolver failure");
            }
        };
        if resolved.flags.contains(ResolveFlags::ERROR) {
            let text = format!(
                "bad recipient address syntax: {}",
                resolved.recipient.as_bstr()
            );
            return self.say(&step, (5, 1, 3), text);
        }
        step.recipient.address = match (&step.unmatched, self.agent.delimiters().first()) {
            (Some(extension), Some(delimiter)) => {
                with_extension(&resolved.recipient, *delimiter, extension)
            }
            _ => resolved.recipient,
        };
        if resolved.transport == self.service.as_bytes() {
            self.recipient(&step)
        } else {
            self.forward(&step)
        }
    }

    /// Lets the current address go into a message of its own.
    pub(crate) fn forward(&mut self, step: &Step) -> Verdict {
        let step = step.deeper();
        let shown = step.recipient.address.as_bstr().to_string();
        if self.done_before(format!("indirect {shown}")) {
            return Verdict::Done;
        }
        if self.message.is_probe() {
            return self.say(&step, (2, 0, 0), format!("forwards to {shown}"));
        }
        match self.add_to_forward(&step) {
            Ok(()) => Verdict::Done,
            Err(error) => {
                log::warning(error);
                self.say(&step, (4, 3, 0), "unable to forward message")
            }
        }
    }
}

/// Puts an extension behind the local part.
fn with_extension(address: &[u8], delimiter: u8, extension: &[u8]) -> Vec<u8> {
    let (local, _) = split_at_last_at(address);
    let domain = address.get(local.len()..).unwrap_or_default();
    [local, &[delimiter], extension, domain].concat()
}

#[cfg(test)]
mod tests {
    use super::with_extension;

    #[test]
    fn an_extension_goes_before_the_last_at_sign() {
        assert_eq!(with_extension(b"a@b@c", b'+', b"x"), b"a@b+x@c");
        assert_eq!(with_extension(b"a", b'+', b"x"), b"a+x");
    }
}
