//! Stands between cargo and rustc (`RUSTC_WORKSPACE_WRAPPER`): compiles one crate of a build some more times, from other
//! sources and with other flags, keeps what rustc said, and then is rustc. Whatever goes wrong here, the build is as it was.

mod command_line;
mod request;

use command_line::CommandLine;
use request::{After, Pass, Request};
use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::process::{exit, Command, Stdio};

/// Changes when the format of the request does.
const PROTOCOL: u32 = 1;

/// Holds the path of the request; without it this program is rustc.
const REQUEST: &str = "FFI_LINT_RUSTC_REQUEST";

fn main() {
    let mut arguments = env::args_os().skip(1);
    let Some(rustc) = arguments.next() else {
        eprintln!("usage: ffi-rustc RUSTC ARGUMENTS, as cargo calls it");
        exit(2);
    };
    if rustc == "--ffi-lint-protocol" {
        println!("{PROTOCOL}");
        return;
    }
    let arguments: Vec<OsString> = arguments.collect();
    if let Some(After::Stop) = env::var_os(REQUEST).and_then(|path| serve(PathBuf::from(path), &rustc, &arguments)) {
        exit(1);
    }
    become_rustc(&rustc, &arguments);
}

/// Does the request where it is about this call; what is to come afterwards, or nothing where it is not.
fn serve(path: PathBuf, rustc: &OsString, arguments: &[OsString]) -> Option<After> {
    let request = Request::parse(&fs::read_to_string(path).ok()?, PROTOCOL)?;
    let line = CommandLine::read(arguments)?;
    if !line.compiles(&request.krate, &request.source) {
        return None;
    }
    for pass in &request.passes {
        let code = run(pass, &line, rustc).map_or_else(|error| format!("failed {error}"), |code| code);
        // Without a status the reader knows that this pass did not end.
        fs::write(&pass.status, code).ok()?;
    }
    Some(request.after)
}

/// `exit CODE`, or `signal` where rustc was killed.
fn run(pass: &Pass, line: &CommandLine, rustc: &OsString) -> io::Result<String> {
    let mut command = Command::new(rustc);
    command.args(line.with_source(&pass.root)).args(&pass.arguments);
    for name in &pass.unset {
        command.env_remove(name);
    }
    command.envs(pass.env.iter().map(|(name, value)| (name, value)));
    // Builds of cargo that do not end with this call must not wait for it.
    command.env_remove(REQUEST);
    command.stdin(Stdio::null()).stdout(File::create(&pass.stdout)?).stderr(File::create(&pass.stderr)?);
    let status = command.status()?;
    Ok(status.code().map_or_else(|| "signal".to_owned(), |code| format!("exit {code}")))
}

#[cfg(unix)]
fn become_rustc(rustc: &OsString, arguments: &[OsString]) -> ! {
    use std::os::unix::process::CommandExt;
    let error = Command::new(rustc).args(arguments).exec();
    eprintln!("ffi-rustc: {} cannot be started: {error}", rustc.to_string_lossy());
    exit(127);
}

#[cfg(not(unix))]
fn become_rustc(rustc: &OsString, arguments: &[OsString]) -> ! {
    match Command::new(rustc).args(arguments).status() {
        Ok(status) => exit(status.code().unwrap_or(1)),
        Err(error) => {
            eprintln!("ffi-rustc: {} cannot be started: {error}", rustc.to_string_lossy());
            exit(127);
        }
    }
}
