// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../pickup.8.md")]
//!
//! In reading order: `maildrop` (which files there are, and what becomes of them), [`mod@copy`]
//! (from a file to cleanup).

mod copy;
mod maildrop;
mod params;

use config::{MainCf, value};
use ipc::flags::{CleanupFlags, MailSource};
use queue::Layout;
use server::{Jail, Loop, Privileges, Program, Startup, Triggered, run_triggered};

use params::Params;

/// Runs the program.
pub fn main() -> ! {
    run_triggered::<Pickup>()
}

/// What does not change while the program runs.
struct Pickup {
    site: Site,
    cleanup: String,
}

/// What is known about this mail system.
struct Site {
    /// The user id of `mail_owner`.
    owner: u32,
    content_filter: String,
    host: String,
    mail_name: String,
    line_length_limit: usize,
    /// How cleanup treats new mail, and mail that was put back.
    flags: CleanupFlags,
    requeued_flags: CleanupFlags,
}

impl Program for Pickup {
    const NAME: &'static str = "pickup";
    /// Reads and removes files in maildrop, and talks to cleanup(8), no more.
    const PRIVILEGES: Privileges = Privileges {
        solitary: true,
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let (site, cleanup) = site(&start.main_cf)?;
        Ok(Pickup { site, cleanup })
    }
}

fn site(main_cf: &MainCf) -> Result<(Site, String), String> {
    let params = Params::load(main_cf).map_err(|error| error.to_string())?;
    let owner = sys::users::by_name(&params.mail_owner)
        .map_err(|error| format!("look up user {}: {error}", params.mail_owner))?
        .ok_or_else(|| format!("unknown mail_owner: {}", params.mail_owner))?;
    let (flags, requeued_flags) = cleanup_flags(&params)?;
    let site = Site {
        owner: owner.uid,
        content_filter: params.content_filter,
        host: params.myhostname,
        mail_name: params.mail_name,
        line_length_limit: usize::try_from(params.line_length_limit).unwrap_or(2048),
        flags,
        requeued_flags,
    };
    Ok((site, params.cleanup_service_name))
}

/// How cleanup is to treat new mail, and mail that was put back, which milters have seen.
fn cleanup_flags(params: &Params) -> Result<(CleanupFlags, CleanupFlags), String> {
    let mut flags = CleanupFlags::BOUNCE | CleanupFlags::EXTERNAL;
    for option in value::words(&params.receive_override_options) {
        flags -= match option {
            "no_unknown_recipient_checks" => CleanupFlags::empty(),
            "no_address_mappings" => CleanupFlags::BCC_OK | CleanupFlags::MAP_OK,
            "no_header_body_checks" => CleanupFlags::FILTER,
            "no_milters" => CleanupFlags::MILTER,
            _ => {
                let all = &params.receive_override_options;
                return Err(format!(
                    "unknown receive_override_options value \"{option}\" in \"{all}\""
                ));
            }
        };
    }
    let requeued = flags - CleanupFlags::MILTER;
    let classes = value::words(&params.smtputf8_autodetect_classes);
    let detect = classes
        .filter_map(MailSource::from_class)
        .any(|class| class.contains(MailSource::SENDMAIL));
    if params.smtputf8_enable && detect {
        flags |= CleanupFlags::AUTOUTF8;
    }
    Ok((flags, requeued))
}

impl Triggered for Pickup {
    type Event = ();

    fn triggered(&mut self, _requests: &[u8], ctx: &mut Loop<()>) {
        self.scan(ctx.jail());
    }
}

impl Pickup {
    /// Takes all messages that can be taken.
    fn scan(&self, jail: &Jail) {
        let cleanup = jail.public(&self.cleanup);
        // The current directory is the queue directory, and maildrop is never hashed.
        let layout = Layout::relative("", 0);
        maildrop::take_all(&self.site, &layout, &cleanup, jail.ipc_timeout());
    }
}

#[cfg(test)]
mod tests;
