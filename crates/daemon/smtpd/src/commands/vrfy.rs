// SPDX-License-Identifier: MIT OR Apache-2.0
//! VRFY: would this recipient be accepted?
//!
//! *Postfix:* vrfy_cmd of smtpd(8).

use bstr::ByteSlice;
use mail::smtp::command::{Argument, Kind};

use crate::session::{Outcome, Session, Subject};

const BAD_ADDRESS: &str = "501 5.1.3 Bad recipient address syntax";

impl Session<'_> {
    pub(crate) fn vrfy(&mut self, arguments: &[Argument]) -> Outcome {
        if self.site.params.disable_vrfy_command {
            return self.refuse("502 5.5.1 VRFY command is disabled");
        }
        let with_utf8 = self.site.params.smtputf8_enable;
        let is_only_option = matches!(arguments, [only] if with_utf8 && only.is("SMTPUTF8"));
        if arguments.is_empty() || is_only_option {
            let option = if with_utf8 { " [SMTPUTF8]" } else { "" };
            return self.refuse(format_args!("501 5.5.4 Syntax: VRFY address{option}"));
        }
        let (words, declared) = match arguments.split_last() {
            Some((last, before)) if !before.is_empty() && with_utf8 && last.is("SMTPUTF8") => {
                (before, true)
            }
            _ => (arguments, false),
        };
        let texts: Vec<&[u8]> = words.iter().map(|word| word.text.as_slice()).collect();
        let whole = Argument {
            kind: Kind::Word,
            text: texts.join(&b' '),
        };
        let Some(address) = self.envelope_address("VRFY", &whole, false, declared) else {
            return self.refuse(BAD_ADDRESS);
        };
        if self.site.params.strict_smtputf8 && !declared && !address.is_ascii() {
            return self.refuse("553 5.6.7 Must declare SMTPUTF8 to send unicode address");
        }
        if !self.site.stand_alone {
            let subject = Subject {
                recipient: Some(&address),
                ..Subject::default()
            };
            if let Err(refusal) = self.evaluate(subject, |evaluator| evaluator.recipient()) {
                return self.refuse_by(refusal);
            }
        }
        self.accept(format_args!("252 2.0.0 {}", whole.text.as_bstr()))
    }
}
