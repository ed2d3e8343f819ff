//! What is asked: one fact a line, `key value`, the value to the end of the line as it stands.
//!
//! ```text
//! ffi-lint-rustc 1
//! crate NAME            the crate as cargo names it
//! source FILE           its root file, absolute
//! after rustc|stop      what follows the passes: rustc as cargo asked for it, or nothing (cargo then fails)
//! pass                  begins a pass
//! root FILE             the root file to compile instead
//! arg ARGUMENT          added to rustc's
//! env NAME=VALUE        set for rustc
//! unset NAME            removed for rustc
//! stdout FILE           where its output goes
//! stderr FILE
//! status FILE           gets `exit CODE`, `signal` or `failed WHY` when it has ended
//! ```

use std::path::PathBuf;

#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    pub krate: String,
    pub source: PathBuf,
    pub after: After,
    pub passes: Vec<Pass>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    Rustc,
    Stop,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pass {
    pub root: PathBuf,
    pub arguments: Vec<String>,
    pub env: Vec<(String, String)>,
    pub unset: Vec<String>,
    pub stdout: PathBuf,
    pub stderr: PathBuf,
    pub status: PathBuf,
}

impl Request {
    /// Nothing for another version, an unknown key or a fact that is missing: then nothing is done.
    pub fn parse(text: &str, protocol: u32) -> Option<Request> {
        let mut lines = text.lines();
        if lines.next()? != format!("ffi-lint-rustc {protocol}") {
            return None;
        }
        let mut krate = None;
        let mut source = None;
        let mut after = After::Rustc;
        let mut passes: Vec<Pass> = Vec::new();
        for line in lines {
            let (key, value) = line.split_once(' ').unwrap_or((line, ""));
            match (key, passes.last_mut()) {
                ("pass", _) => passes.push(Pass::default()),
                ("crate", None) => krate = Some(value.to_owned()),
                ("source", None) => source = Some(PathBuf::from(value)),
                ("after", None) => {
                    after = match value {
                        "rustc" => After::Rustc,
                        "stop" => After::Stop,
                        _ => return None,
                    }
                }
                ("root", Some(pass)) => pass.root = PathBuf::from(value),
                ("arg", Some(pass)) => pass.arguments.push(value.to_owned()),
                ("env", Some(pass)) => {
                    let (name, value) = value.split_once('=')?;
                    pass.env.push((name.to_owned(), value.to_owned()));
                }
                ("unset", Some(pass)) => pass.unset.push(value.to_owned()),
                ("stdout", Some(pass)) => pass.stdout = PathBuf::from(value),
                ("stderr", Some(pass)) => pass.stderr = PathBuf::from(value),
                ("status", Some(pass)) => pass.status = PathBuf::from(value),
                _ => return None,
            }
        }
        let whole = passes.iter().all(|pass| [&pass.root, &pass.stdout, &pass.stderr, &pass.status].iter().all(|path| path.is_absolute()));
        whole.then_some(Request { krate: krate?, source: source?, after, passes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASS: &str = "pass\nroot /o/lib.rs\nstdout /o/out\nstderr /o/err\nstatus /o/status\n";

    #[test]
    fn reads_what_is_asked() {
        let text =
            format!("ffi-lint-rustc 1\ncrate a_b\nsource /p/src/lib.rs\nafter stop\n{PASS}arg --cfg\narg x=\"1 2\"\nenv A=b=c\nunset D\n");
        let request = Request::parse(&text, 1).unwrap();
        assert_eq!((request.krate.as_str(), request.source, request.after), ("a_b", PathBuf::from("/p/src/lib.rs"), After::Stop));
        let [pass] = &request.passes[..] else { panic!("one pass") };
        assert_eq!(pass.arguments, ["--cfg", "x=\"1 2\""]);
        assert_eq!(pass.env, [("A".to_owned(), "b=c".to_owned())]);
        assert_eq!(pass.unset, ["D"]);
        assert_eq!(pass.status, PathBuf::from("/o/status"));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let head = "ffi-lint-rustc 1\ncrate a\nsource /p/lib.rs\n";
        assert!(Request::parse(head, 1).is_some());
        for bad in [
            "ffi-lint-rustc 2\ncrate a\nsource /p/lib.rs\n".to_owned(),
            "ffi-lint-rustc 1\ncrate a\n".to_owned(),
            String::new(),
            format!("{head}after never\n"),
            format!("{head}colour red\n"),
            format!("{head}root /o/lib.rs\n"),
            format!("{head}pass\nroot /o/lib.rs\n"),
            format!("{head}{PASS}env A\n"),
        ] {
            assert_eq!(Request::parse(&bad, 1), None, "{bad}");
        }
    }
}
