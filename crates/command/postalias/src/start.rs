// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the command line to parameters and a log.

use config::MainCf;
use runtime::log;

use crate::options::Command;
use crate::params::Params;

/// Reads main.cf and sets the log up.
///
/// # Errors
/// The text of a fatal error.
pub(crate) fn start(command: &Command) -> Result<Params, String> {
    let directory =
        config::locate(command.config_directory.as_deref()).map_err(|error| error.to_string())?;
    let main_cf = MainCf::read(&directory).map_err(|error| error.to_string())?;
    let params = Params::load(&main_cf).map_err(|error| error.to_string())?;
    let logging = &params.logging;
    log::Setup {
        name: "postalias",
        syslog_name: &logging.syslog_name,
        syslog_facility: logging
            .syslog_facility
            .parse()
            .unwrap_or(log::Facility::LOG_MAIL),
        maillog_file: &logging.maillog_file,
        queue_directory: &logging.queue_directory,
        postlog_service_name: &logging.postlog_service_name,
        myhostname: &logging.myhostname,
        stderr: true,
        may_write_file: false,
    }
    .apply();
    for warning in main_cf.warnings() {
        log::warning(warning);
    }
    Ok(params)
}
