// SPDX-License-Identifier: MIT OR Apache-2.0
//! The same outcome for every recipient, without a look at the message: what error(8) and
//! discard(8) do.

use mail::dsn::{Dsn, Status, split_status_text};
use queue::Layout;
use runtime::stream::Stream;

use crate::record::Records;
use crate::{Attempt, Message, Reporter, StatusParams, Verdict, serve};

/// An agent that decides before it reads.
pub struct Agent {
    layout: Layout,
    /// Reports the outcomes.
    pub reporter: Reporter,
}

impl Agent {
    /// An agent over the queue of the current directory.
    ///
    /// # Errors
    /// The text of a fatal error.
    pub fn new(layout: Layout, params: &StatusParams) -> Result<Self, String> {
        let records = Records::new(params).map_err(|error| error.to_string())?;
        Ok(Self {
            layout,
            reporter: Reporter::new(params, records, None),
        })
    }

    /// Answers the queue manager: `report` tells each recipient's outcome, which is what the next
    /// hop says, with the status `default` if it has none.
    pub fn serve(
        &mut self,
        stream: &mut Stream,
        default: Status,
        report: fn(&mut Reporter, Attempt<'_>, Dsn) -> Verdict,
    ) {
        let reporter = &mut self.reporter;
        serve(stream, &self.layout, |message| {
            give(reporter, message, default, report).into()
        });
    }
}

/// Gives every recipient the outcome that the next hop's text describes.
pub fn give(
    reporter: &mut Reporter,
    message: &Message,
    default: Status,
    report: fn(&mut Reporter, Attempt<'_>, Dsn) -> Verdict,
) -> Verdict {
    let text = &message.request.nexthop;
    let (status, reason) = split_status_text(text).unwrap_or((default, text));
    let dsn = Dsn::simple(status, reason);
    let mut verdict = Verdict::Done;
    for recipient in &message.request.recipients {
        let attempt = Attempt {
            message,
            recipient,
            stats: &message.request.stats,
            relay: "none",
        };
        let outcome = report(reporter, attempt, dsn.clone());
        if outcome == Verdict::Done {
            message.mark_done(recipient.offset);
        }
        verdict |= outcome;
    }
    verdict
}
