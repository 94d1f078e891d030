// SPDX-License-Identifier: MIT OR Apache-2.0
//! What master(8) reads from main.cf.

use std::path::PathBuf;
use std::time::Duration;

use config::environment::Environment;
use config::{ConfigError, Legacy, MainCf};
use runtime::net::interfaces::Protocols;

use crate::startup::Owner;

config::select! {
    /// The parameters as main.cf has them.
    struct Selected {
        daemon_directory,
        data_directory,
        debugger_command,
        default_process_limit,
        import_environment,
        inet_interfaces,
        inet_protocols,
        mail_owner,
        mail_version,
        maillog_file,
        master_service_disable,
        myhostname,
        postlog_service_name,
        process_id_directory,
        queue_directory,
        service_throttle_time,
        syslog_facility,
        syslog_name,
    }
}

/// The parameters as master uses them.
#[derive(Debug, Clone)]
pub(crate) struct Params {
    pub(crate) config_directory: PathBuf,
    pub(crate) daemon_directory: PathBuf,
    pub(crate) data_directory: PathBuf,
    pub(crate) queue_directory: PathBuf,
    pub(crate) process_id_directory: PathBuf,
    pub(crate) debugger_command: String,
    pub(crate) default_process_limit: u32,
    pub(crate) environment: Environment,
    pub(crate) inet_interfaces: String,
    pub(crate) inet_protocols: String,
    pub(crate) protocols: Protocols,
    pub(crate) mail_owner: String,
    pub(crate) mail_version: String,
    pub(crate) maillog_file: String,
    pub(crate) master_service_disable: String,
    pub(crate) myhostname: String,
    pub(crate) postlog_service_name: String,
    pub(crate) service_throttle_time: Duration,
    pub(crate) syslog_facility: String,
    pub(crate) syslog_name: String,
    /// Set when `-` in the chroot column means yes: what to say about it.
    pub(crate) chroot_notice: Option<String>,
}

impl Params {
    /// Selects and checks them.
    ///
    /// # Errors
    /// The text of the fatal error.
    pub(crate) fn load(main_cf: &MainCf) -> Result<Self, String> {
        let selected = Selected::load(main_cf).map_err(|error| error.to_string())?;
        let protocols = Protocols::parse(&selected.inet_protocols)?.supported();
        Ok(Self {
            config_directory: main_cf.dir().to_owned(),
            daemon_directory: selected.daemon_directory,
            data_directory: selected.data_directory,
            queue_directory: selected.queue_directory,
            process_id_directory: selected.process_id_directory.into(),
            debugger_command: selected.debugger_command,
            default_process_limit: u32::try_from(selected.default_process_limit).unwrap_or(1),
            environment: config::environment::imported(&selected.import_environment),
            inet_interfaces: selected.inet_interfaces,
            inet_protocols: selected.inet_protocols,
            protocols,
            mail_owner: selected.mail_owner,
            mail_version: selected.mail_version,
            maillog_file: selected.maillog_file,
            master_service_disable: selected.master_service_disable,
            myhostname: selected.myhostname,
            postlog_service_name: selected.postlog_service_name,
            service_throttle_time: selected.service_throttle_time,
            syslog_facility: selected.syslog_facility,
            syslog_name: selected.syslog_name,
            chroot_notice: Legacy::Chroot
                .notice(main_cf)
                .map_err(|error| error.to_string())?
                .text(),
        })
    }

    /// Where this program and its children log.
    pub(crate) fn log_setup(&self, stderr: bool) -> runtime::log::Setup<'_> {
        runtime::log::Setup {
            name: "master",
            syslog_name: &self.syslog_name,
            syslog_facility: self
                .syslog_facility
                .parse()
                .unwrap_or(runtime::log::Facility::LOG_MAIL),
            maillog_file: &self.maillog_file,
            queue_directory: &self.queue_directory,
            postlog_service_name: &self.postlog_service_name,
            myhostname: &self.myhostname,
            stderr,
            may_write_file: true,
        }
    }
}

/// Reads main.cf in that directory, and checks the accounts it names.
///
/// # Errors
/// The text of the fatal error.
pub(crate) fn read(directory: &std::path::Path) -> Result<(Params, Owner), String> {
    let read = |directory| -> Result<(MainCf, config::Identity), ConfigError> {
        let main_cf = MainCf::read(directory)?;
        let identity = config::verify(&main_cf)?;
        Ok((main_cf, identity))
    };
    let (main_cf, identity) = read(directory).map_err(|error| error.to_string())?;
    let params = Params::load(&main_cf)?;
    main_cf
        .warnings()
        .into_iter()
        .for_each(runtime::log::warning);
    Ok((
        params,
        Owner {
            uid: identity.owner_uid,
            gid: identity.owner_gid,
        },
    ))
}
