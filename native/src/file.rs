//! Reads a whole file within a bound.

use crate::{Failure, Status};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Larger files are refused: no object file of a probe comes near.
pub const MOST_BYTES: u64 = 256 << 20;

/// The bytes of a file, or why they cannot be had, with its name.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| (Status::CannotRead, format!("{}: {error}", path.display()));
    let too_large = || (Status::TooLarge, format!("{}: larger than {} MiB", path.display(), MOST_BYTES >> 20));
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.len() > MOST_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read, and a device has no size.
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(too_large());
    }
    Ok(bytes)
}
