// SPDX-License-Identifier: MIT OR Apache-2.0
//! Requests to the bounce daemons about whole messages, without waiting for them: while a notice
//! goes through cleanup, cleanup may want this process to look at its queue.
//!
//! *Invariants*: each request ends exactly once, with success or without; what cannot be asked or
//! gets no answer did not succeed, and the message stays in the queue.
//!
//! *Postfix:* abounce(3).

use crate::completion::Step;
use crate::schedule::{self, Key};
use crate::{Event, QueueManager};
use ipc::client;
use ipc::services::bounce;
use runtime::events::{Timer, Watch};
use runtime::log;
use runtime::stream::Stream;
use server::Loop;
use std::collections::HashMap;
use std::io::Write as _;

/// A request that is not answered yet.
struct Notice {
    stream: Stream,
    watch: Watch,
    timer: Timer,
    service: String,
    /// What to send when the server has greeted; nothing once it is sent.
    request: Option<Vec<u8>>,
    message: Key<schedule::Message>,
    step: Step,
}

/// All requests that are not answered yet, by number.
pub(crate) struct Notices {
    open: HashMap<u64, Notice>,
    next: u64,
}

impl Notices {
    /// No request.
    pub(crate) fn new() -> Self {
        Notices {
            open: HashMap::new(),
            next: 0,
        }
    }
}

impl QueueManager {
    /// Asks `service`; the message goes on when the answer is there.
    pub(crate) fn ask(
        &mut self,
        service: &str,
        request: &bounce::Request,
        message: Key<schedule::Message>,
        step: Step,
        ctx: &mut Loop<Event>,
    ) {
        let number = self.notices.next;
        let timeout = ctx.jail().ipc_timeout();
        let endpoint = ctx.jail().private(service);
        let service = endpoint.name().to_owned();
        let watched = endpoint
            .connect_now(timeout)
            .map_err(|error| error.to_string());
        let watched = watched.and_then(|stream| {
            let watch = ctx.watch_read(&stream, Event::Notice(number));
            watch
                .map(|watch| (stream, watch))
                .map_err(|error| error.to_string())
        });
        let (stream, watch) = match watched {
            Ok(watched) => watched,
            Err(error) => {
                log::warning(error);
                self.answered(message, step, false, ctx);
                return;
            }
        };
        let timer = ctx.set_timer(timeout, Event::NoticeOverdue(number));
        let request = Some(request.encode().into_bytes());
        self.notices.next += 1;
        let notice = Notice {
            stream,
            watch,
            timer,
            service,
            request,
            message,
            step,
        };
        self.notices.open.insert(number, notice);
    }

    /// A bounce daemon sent its greeting or its answer, or closed.
    pub(crate) fn notice_spoke(&mut self, number: u64, ctx: &mut Loop<Event>) {
        let Some(notice) = self.notices.open.get_mut(&number) else {
            return;
        };
        let (service, stream) = (notice.service.clone(), &mut notice.stream);
        if let Some(request) = notice.request.take() {
            let sent = client::expect_protocol(stream, bounce::PROTOCOL, &service)
                .and_then(|()| Ok(stream.write_all(&request).and_then(|()| stream.flush())?));
            if let Err(error) = sent {
                log::warning(format_args!("{service}: {error}"));
                self.end_notice(number, false, ctx);
            }
            return;
        }
        let done = match client::read_status(stream, &service) {
            Ok(status) => status == 0,
            Err(error) => {
                log::warning(format_args!("{service}: {error}"));
                false
            }
        };
        self.end_notice(number, done, ctx);
    }

    /// A bounce daemon said nothing for too long.
    pub(crate) fn notice_overdue(&mut self, number: u64, ctx: &mut Loop<Event>) {
        if let Some(notice) = self.notices.open.get(&number) {
            log::warning(format_args!(
                "{}: timeout waiting for an answer",
                notice.service
            ));
            self.end_notice(number, false, ctx);
        }
    }

    fn end_notice(&mut self, number: u64, done: bool, ctx: &mut Loop<Event>) {
        if let Some(notice) = self.notices.open.remove(&number) {
            ctx.forget(notice.watch);
            ctx.cancel(notice.timer);
            drop(notice.stream);
            self.answered(notice.message, notice.step, done, ctx);
        }
    }
}
