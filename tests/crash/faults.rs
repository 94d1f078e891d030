// SPDX-License-Identifier: MIT OR Apache-2.0
//! One fault, one message, and what must be true afterwards.

use kit::message::{self, Message};
use kit::sink::{Received, Sink};
use kit::{Instance, Setup, watch};
use std::collections::BTreeMap;
use std::time::Duration;

/// How a message enters the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Over SMTP: the reply to the final dot is the acknowledgement.
    Smtp,
    /// By the sendmail command: its exit status is the acknowledgement.
    Sendmail,
}

/// How a message leaves the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Appended to the recipient's mbox file.
    Mailbox,
    /// As a file of the recipient's maildir.
    Maildir,
    /// Nobody has the recipient's name: back to the sender, who has a mailbox.
    Bounce,
    /// To a server elsewhere, for two recipients.
    Relay,
    /// The same, but at first the server has no time.
    Deferral,
}

impl Way {
    /// Where the message is for.
    fn recipients(self, user: &str) -> Vec<&str> {
        match self {
            Self::Bounce => vec!["nobody-here"],
            Self::Mailbox | Self::Maildir => vec![user],
            Self::Relay | Self::Deferral => vec!["b@one.example", "c@one.example"],
        }
    }

    fn is_elsewhere(self) -> bool {
        matches!(self, Self::Relay | Self::Deferral)
    }
}

/// Calls that change what is on the disk, or that tell another program of it.
const CALLS: &str = "fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,\
                     write,writev,pwrite64,pwritev,ftruncate,fchmod,chmod,fchmodat,utimensat,\
                     sendto,sendmsg,read,pread64,getdents64";

/// One call that the program makes on a message's way: the n-th of its name.
#[derive(Clone, Debug)]
struct Moment {
    call: String,
    nth: u32,
    /// On a file of the queue or a mailbox, not on a socket, a pipe or a log.
    on_mail: bool,
}

/// What befalls the program at a call. A dying disk and a full one are told apart where the
/// call needs room.
fn fates(moment: &Moment) -> &'static [&'static str] {
    match (moment.on_mail, moment.call.as_str()) {
        (true, "read" | "pread64" | "getdents64") => &["error=EIO"],
        (false, _) => &["signal=KILL"],
        (true, "write" | "writev" | "pwrite64" | "pwritev" | "fsync" | "fdatasync") => {
            &["signal=KILL", "error=EIO", "error=ENOSPC"]
        }
        (true, "rename" | "renameat" | "renameat2" | "link" | "linkat") => {
            &["signal=KILL", "error=ENOSPC", "error=EIO"]
        }
        (true, _) => &["signal=KILL", "error=EIO"],
    }
}

impl Moment {
    /// What strace is told.
    fn plan(&self, fate: &str) -> String {
        let Self { call, nth, .. } = self;
        format!("-e trace={call} -e inject={call}:{fate}:when={nth}")
    }
}

/// The calls in a trace. Reads count on queue files only.
fn moments_in(trace: &str, root: &str) -> Vec<Moment> {
    const MAIL: [&str; 7] = [
        "spool/maildrop",
        "spool/incoming",
        "spool/active",
        "spool/d",
        "spool/bounce",
        "spool/flush",
        "mail/",
    ];
    let mut counts = BTreeMap::<String, u32>::new();
    let mut moments = Vec::new();
    for line in trace.lines() {
        let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let Some((call, arguments)) = line.split_once('(') else {
            continue;
        };
        let nth = counts.entry(call.to_owned()).or_default();
        *nth += 1;
        // A call on a name, or on a file of the queue.
        let named = ["rename", "link", "unlink", "chmod"]
            .iter()
            .any(|c| call.starts_with(c));
        let in_mail = |d: &&str| arguments.contains(&format!("{root}{d}"));
        let on_mail = named || MAIL.iter().any(in_mail);
        if on_mail || !["read", "pread64", "getdents64"].contains(&call) {
            moments.push(Moment {
                call: call.to_owned(),
                nth: *nth,
                on_mail,
            });
        }
    }
    moments
}

/// A running system, one of whose programs meets fault after fault.
pub(crate) struct Victim {
    program: &'static str,
    entry: Entry,
    way: Way,
    instance: Instance,
    sink: Sink,
    /// What the server elsewhere has got.
    relayed: Vec<Received>,
    sent: u32,
}

impl Victim {
    pub(crate) fn boot(program: &'static str, entry: Entry, way: Way) -> Self {
        // A process serves one client, so that the next one meets the next fault.
        let spool = match way {
            Way::Maildir => "mail_spool_directory = $DIR/mail/",
            _ => "",
        };
        let sink = Sink::listen("127.0.0.1:0");
        let relay = format!(
            "relayhost = [127.0.0.1]:{}\nfast_flush_domains = one.example",
            sink.address.port()
        );
        let instance = Setup::new()
            .main(spool)
            .main(&relay)
            .main(
                "service_throttle_time = 1s\nqueue_run_delay = 2s\n\
                 minimal_backoff_time = 1s\nmaximal_backoff_time = 1s\nipc_timeout = 10s\n\
                 mailbox_delivery_lock = fcntl",
            )
            .master(match program {
                "smtpd" => "smtp inet n - n - - smtpd -o max_use=1",
                "cleanup" => "cleanup unix n - n - 0 cleanup -o max_use=1",
                "local" => "local unix - n n - - local -o max_use=1",
                "bounce" => {
                    "bounce unix - - n - 0 bounce -o max_use=1\n\
                     defer unix - - n - 0 bounce -o max_use=1"
                }
                "pickup" => "pickup unix n - n 60 1 pickup -o max_use=1",
                "smtp" => "smtp unix - - n - - smtp -o max_use=1",
                "trivial-rewrite" => "rewrite unix - - n - - trivial-rewrite -o max_use=1",
                "flush" => "flush unix n - n 1000? 0 flush -o max_use=1",
                "showq" => "showq unix n - n - - showq -o max_use=1",
                _ => "",
            })
            .disturbed(program)
            .boot();
        let mut victim = Self {
            program,
            entry,
            way,
            instance,
            sink,
            relayed: Vec::new(),
            sent: 0,
        };
        // What starts with the system is up and at rest when the first disturbance is laid.
        assert!(victim.send(), "{}", victim.instance.log());
        victim.settle("start");
        victim
    }

    /// Meets every fault at every moment that one undisturbed message shows. Returns how many
    /// faults struck.
    #[track_caller]
    pub(crate) fn meet_every_fault(&mut self) -> u32 {
        let moments = self.moments(None);
        let mut struck = 0;
        let mut missed = Vec::new();
        for moment in &moments {
            for fate in fates(moment) {
                match self.meet(&[moment.plan(fate)]) {
                    true => struck += 1,
                    false => missed.push(format!("{fate} at {moment:?}")),
                }
            }
        }
        self.check_mailbox(2);
        // The same message on the same way: only a socket more or less may make a difference.
        assert!(missed.len() <= 2, "never struck: {missed:?}");
        struck
    }

    /// Kills the program when it first changes a queue file, and the one that repairs that at every
    /// change it makes to the disk. Returns how many second faults struck.
    #[track_caller]
    pub(crate) fn meet_two_faults(&mut self) -> u32 {
        let kill = "signal=KILL";
        let moments = self.moments(None);
        let changes = |moment: &&Moment| fates(moment).contains(&kill) && moment.on_mail;
        let first = moments.iter().find(changes).expect("a change");
        let first = first.plan(kill);
        let repair = self.moments(Some(&first));
        let mut struck = 0;
        for second in repair.iter().filter(changes) {
            struck += u32::from(self.meet(&[first.clone(), second.plan(kill)]));
        }
        self.check_mailbox(3);
        struck
    }

    /// Watches one message pass and takes the calls down; after a first fault, those of the
    /// process that comes then.
    #[track_caller]
    fn moments(&mut self, after: Option<&str>) -> Vec<Moment> {
        let watch = format!("-e trace={CALLS}");
        let plans: Vec<&str> = after.into_iter().chain([watch.as_str()]).collect();
        self.disturb(&plans);
        let acknowledged = self.send();
        self.settle("no fault");
        self.check("no fault", plans.len() - 1, acknowledged);
        let root = self.instance.path("").display().to_string();
        let moments = moments_in(&self.instance.trace(plans.len() - 1), &root);
        assert!(!moments.is_empty(), "{} changes nothing", self.program);
        moments
    }

    /// Whether the last of the faults struck; the invariants hold in any case.
    #[track_caller]
    fn meet(&mut self, plans: &[String]) -> bool {
        let what = format!("{} {}", self.program, plans.join(", then "));
        let plans: Vec<&str> = plans.iter().map(String::as_str).collect();
        self.disturb(&plans);
        let acknowledged = self.send();
        self.settle(&what);
        let struck = self.instance.is_struck(plans.len() - 1);
        self.check(&what, plans.len(), acknowledged);
        struck
    }

    /// More than one buffer, except where a program appends to an mbox: a process that is killed
    /// between two pieces leaves the first one there, in the original too.
    fn body(&self) -> String {
        let lines = match (self.program, self.way) {
            ("local", Way::Mailbox) => 100,
            // Less than bounce_size_limit.
            ("local", _) | (_, Way::Bounce) => 500,
            ("trivial-rewrite" | "flush" | "showq", _) => 1,
            _ => 1000,
        };
        let line = "somewhere in the middle of the message, a line as long as most are\n";
        format!("begin\n{}end\n", line.repeat(lines))
    }

    /// What has arrived.
    fn mails(&self) -> Vec<Message> {
        let mailbox = self.instance.mailbox(&Instance::account());
        match self.way {
            Way::Maildir => message::maildir(&mailbox),
            Way::Mailbox | Way::Bounce => message::mbox(&mailbox),
            Way::Relay | Way::Deferral => self.relayed.iter().map(as_message).collect(),
        }
    }

    fn may_bounce(&self, what: &str) -> bool {
        self.way == Way::Bounce || what.contains(MAY_BOUNCE) && self.program == "local"
    }

    fn disturb(&self, plans: &[&str]) {
        self.instance.disturb(plans);
        // These serve on and on: a new one begins with the next message.
        if matches!(self.program, "qmgr" | "trivial-rewrite") {
            self.instance.run("postfix", &["reload"]);
        }
    }

    /// Sends one more message; true when it was acknowledged.
    fn send(&mut self) -> bool {
        self.sent += 1;
        // The sender is here too: a bounce would be seen.
        let user = Instance::account();
        let text = format!("Subject: {}\n\n{}", self.sent, self.body());
        let recipients = self.way.recipients(&user);
        if self.way == Way::Deferral {
            self.sink.reply("DATA-END", "451 4.3.0 no time");
        }
        let acknowledged = match self.entry {
            Entry::Smtp => self.instance.try_deliver(&user, &recipients, &text),
            Entry::Sendmail => {
                let arguments: Vec<&str> = ["-f", &user].into_iter().chain(recipients).collect();
                let sent = self.instance.sendmail(&arguments, &text);
                sent.status.success()
            }
        };
        if acknowledged && self.way == Way::Deferral {
            self.instance.wait_deferred();
            if self.program == "showq" {
                // Whatever the first one is told, the second one is told what waits.
                self.instance.run("mailq", &[]);
                let listed = self.instance.run("mailq", &[]);
                let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
                assert!(listed.contains("b@one.example"), "{listed}");
            }
            self.sink.behave();
        }
        acknowledged
    }

    /// Waits until every message the system has taken on has had its outcome.
    #[track_caller]
    fn settle(&mut self, what: &str) {
        let spool = self.instance.path("spool/active");
        // Twice: a file that moves from queue to queue escapes one look.
        let nothing = || self.instance.accepted_files().is_empty();
        let empty = || (nothing() && nothing()).then_some(());
        let mut hurry = 0;
        while watch::within(Duration::from_millis(700), &spool, empty).is_none() {
            hurry += 1;
            let log = self.instance.log();
            let queue = self.instance.accepted_files();
            assert!(hurry < 50, "{what}: never settles\n{queue:?}\n{log}");
            self.instance.run("postqueue", &["-f"]);
            self.instance.run("postkick", &["public", "pickup", "W"]);
        }
        let arrived = || self.sink.receives_within(Duration::ZERO);
        self.relayed.extend(std::iter::from_fn(arrived));
    }

    /// The promise: an acknowledged message is there, and whatever is there is whole.
    #[track_caller]
    fn check(&self, what: &str, faults: usize, acknowledged: bool) {
        let subject = self.sent.to_string();
        let mails = self.mails();
        let log = self.instance.log();
        for recipient in self.way.recipients(&Instance::account()) {
            let about = |mail: &&Message| is_about(mail, &subject, self.may_bounce(what));
            let copies = if self.way.is_elsewhere() {
                let command = format!("RCPT TO:<{recipient}>");
                let was_named =
                    |got: &&Received| got.commands.iter().any(|c| c.starts_with(&command));
                let messages = self.relayed.iter().filter(was_named).map(as_message);
                messages.filter(|mail| about(&mail)).count()
            } else {
                mails.iter().filter(about).count()
            };
            assert!(
                !acknowledged || copies > 0,
                "{what}: acknowledged message {subject} is lost for {recipient}\n{log}"
            );
            // Each fault may strike between a delivery and its mark.
            assert!(
                copies <= 1 + faults,
                "{what}: {copies} copies for {recipient}\n{log}"
            );
        }
        if let Some(last) = mails.last() {
            assert!(
                last.body().contains(&self.body()),
                "{what}: not whole\n{log}"
            );
        }
        for word in [
            "panic:",
            "panicked",
            "killed by signal 6",
            "killed by signal 11",
        ] {
            assert!(!log.contains(word), "{what}: {word}\n{log}");
        }
    }

    /// All mail, at the end: late copies and bounces would show here.
    #[track_caller]
    fn check_mailbox(&self, limit: u32) {
        let mut copies = BTreeMap::<String, u32>::new();
        let log = self.instance.log();
        for mail in self.mails() {
            if is_bounce(&mail) {
                assert!(self.may_bounce(MAY_BOUNCE), "{}\n{log}", mail.text);
                continue;
            }
            assert_eq!(mail.body(), self.body(), "not whole: {}\n{log}", mail.text);
            *copies
                .entry(mail.header("Subject").unwrap_or_default())
                .or_default() += 1;
        }
        for (subject, copies) in copies {
            let number = subject.parse::<u32>();
            assert!(number.is_ok_and(|n| n <= self.sent), "{subject}\n{log}");
            assert!(copies <= limit, "{subject}: {copies} copies\n{log}");
        }
    }
}

fn as_message(received: &Received) -> Message {
    Message {
        text: received.content.clone(),
    }
}

/// A mailbox that cannot be written for another reason than room is a permanent error, as in the
/// original: the sender gets the message back.
const MAY_BOUNCE: &str = ":error=EIO";

fn is_bounce(mail: &Message) -> bool {
    mail.header("Subject")
        .is_some_and(|subject| subject.starts_with("Undelivered"))
}

/// Whether it is the message with this subject, or, where that may be, its bounce.
fn is_about(mail: &Message, subject: &str, bounce: bool) -> bool {
    let returned = || mail.body().contains(&format!("\nSubject: {subject}\n"));
    mail.header("Subject").as_deref() == Some(subject) || bounce && is_bounce(mail) && returned()
}
