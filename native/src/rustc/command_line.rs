//! rustc's arguments as cargo gives them, and the same for another root file and without outputs of their own.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// Options with a value that say what to write, where, and in which form: a pass has its own.
const DROPPED: [&str; 8] = ["--emit", "--out-dir", "-o", "--error-format", "--json", "--diagnostic-width", "--cap-lints", "--color"];

/// Of `-C`: what would read or write the files of the real build.
const DROPPED_CODEGEN: [&str; 2] = ["incremental", "extra-filename"];

#[derive(Debug)]
pub struct CommandLine {
    arguments: Vec<OsString>,
    krate: String,
    /// Which argument is the root file.
    source: usize,
}

impl CommandLine {
    /// Nothing for a call that compiles no file (`rustc -vV`).
    pub fn read(written: &[OsString]) -> Option<CommandLine> {
        let arguments = expanded(written)?;
        let mut krate = None;
        let mut source = None;
        let mut at = 0;
        while let Some(argument) = arguments.get(at).and_then(|one| one.to_str()) {
            if argument == "--crate-name" {
                krate = Some(arguments.get(at + 1)?.to_str()?.to_owned());
            }
            if !argument.starts_with('-') && argument.ends_with(".rs") {
                source = Some(at);
            }
            at += if takes_value(argument) { 2 } else { 1 };
        }
        Some(CommandLine { krate: krate?, source: source?, arguments })
    }

    /// Whether it compiles this crate from this file, the library or program itself and not its tests.
    pub fn compiles(&self, krate: &str, source: &Path) -> bool {
        let same = || Some(fs::canonicalize(&self.arguments[self.source]).ok()? == fs::canonicalize(source).ok()?);
        self.krate == krate && !self.arguments.iter().any(|one| one == "--test") && same().unwrap_or(false)
    }

    /// The arguments for another root file.
    pub fn with_source(&self, root: &Path) -> Vec<OsString> {
        let mut out = Vec::new();
        let mut at = 0;
        while at < self.arguments.len() {
            let argument = &self.arguments[at];
            let text = argument.to_string_lossy();
            let value = self.arguments.get(at + 1).map(|one| one.to_string_lossy()).unwrap_or_default();
            let length = if takes_value(&text) { 2 } else { 1 };
            if at == self.source {
                out.push(PathBuf::from(root).into_os_string());
            } else if !dropped(&text, &value) {
                out.extend(self.arguments[at..].iter().take(length).cloned());
            }
            at += length;
        }
        out
    }
}

/// Options whose value is the next argument where no `=` stands in them.
fn takes_value(argument: &str) -> bool {
    if argument.starts_with("--") {
        return !argument.contains('=') && !matches!(argument, "--test" | "--verbose" | "--help" | "--version");
    }
    matches!(argument, "-C" | "-L" | "-l" | "-o" | "-A" | "-W" | "-D" | "-F" | "-Z")
}

fn dropped(argument: &str, value: &str) -> bool {
    let codegen = if argument == "-C" { value } else { argument.strip_prefix("-C").unwrap_or_default() };
    let name = |text: &str| text.split('=').next().unwrap_or_default().to_owned();
    DROPPED.contains(&name(argument).as_str()) || DROPPED_CODEGEN.contains(&name(codegen).as_str())
}

/// With the lines of `@files` in their places, which cargo writes where the command line would be too long.
fn expanded(written: &[OsString]) -> Option<Vec<OsString>> {
    let mut out = Vec::new();
    for argument in written {
        match argument.to_str().and_then(|text| text.strip_prefix('@')) {
            Some(path) => out.extend(fs::read_to_string(path).ok()?.lines().map(|line| OsStr::new(line).to_owned())),
            None => out.push(argument.clone()),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Option<CommandLine> {
        CommandLine::read(&text.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    const CARGO: &str = "--crate-name a_b --edition=2021 src/rustc/main.rs --error-format=json --json=artifacts --crate-type lib \
        --emit=dep-info,metadata -C embed-bitcode=no -C debuginfo=2 --cfg feature=\"x.rs\" --check-cfg cfg(docsrs) -C metadata=1 \
        -C extra-filename=-1 --out-dir /t/deps -C incremental=/t/i -L dependency=/t/deps --extern libc=/t/liblibc.rmeta";

    #[test]
    fn finds_crate_and_source() {
        let line = line(CARGO).unwrap();
        assert!(line.compiles("a_b", &fs::canonicalize("src/rustc/main.rs").unwrap()));
        assert!(!line.compiles("a_c", &fs::canonicalize("src/rustc/main.rs").unwrap()));
        assert!(!line.compiles("a_b", &fs::canonicalize("src/lib.rs").unwrap()));
        assert!(!line.compiles("a_b", Path::new("/no/such/file.rs")));
    }

    #[test]
    fn keeps_what_decides_what_is_compiled() {
        let made = line(CARGO).unwrap().with_source(Path::new("/o/lib.rs"));
        let made: Vec<_> = made.iter().map(|one| one.to_str().unwrap()).collect();
        assert_eq!(
            made.join(" "),
            "--crate-name a_b --edition=2021 /o/lib.rs --crate-type lib -C embed-bitcode=no -C debuginfo=2 --cfg feature=\"x.rs\" \
             --check-cfg cfg(docsrs) -C metadata=1 -L dependency=/t/deps --extern libc=/t/liblibc.rmeta"
        );
    }

    #[test]
    fn is_not_about_calls_that_compile_nothing() {
        assert!(line("-vV").is_none());
        assert!(line("- --crate-name ___ --print=file-names").is_none());
        assert!(line("--crate-name a --print cfg").is_none());
    }

    #[test]
    fn tests_of_a_crate_are_another_crate() {
        let line = line("--crate-name a src/lib.rs --test").unwrap();
        assert!(!line.compiles("a", &fs::canonicalize("src/lib.rs").unwrap()));
    }

    #[test]
    fn reads_arguments_out_of_files() {
        let file = std::env::temp_dir().join(format!("ffi_rustc_{}", std::process::id()));
        fs::write(&file, "--crate-name\na\nsrc/lib.rs\n").unwrap();
        let read = CommandLine::read(&[OsString::from(format!("@{}", file.display()))]).unwrap();
        assert_eq!((read.krate.as_str(), read.source), ("a", 2));
        fs::remove_file(file).unwrap();
    }
}
