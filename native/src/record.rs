//! Finds `@FFI1|dec,dec,…!` records in bytes of any kind: object files of any format, saved compiler output.

const START: &[u8] = b"@FFI1|";
/// More values than the largest record of a real type, so that garbage cannot ask for memory without end.
const MOST_VALUES: usize = 1 << 16;

/// One record: where its `@` stands, and its values in the order written.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    pub offset: u64,
    pub values: Vec<u64>,
}

/// All records of some bytes, in order, and how many stretches looked like one but were not well formed.
#[derive(Debug, Default)]
pub struct Scan {
    pub records: Vec<Record>,
    pub rejected: u64,
}

/// Scans once, front to back. A record that is cut off, holds anything but decimals, or a number above `u64::MAX` is
/// rejected, and the scan goes on behind its start.
pub fn scan(bytes: &[u8]) -> Scan {
    let mut found = Scan::default();
    let mut at = 0;
    while let Some(start) = find_start(bytes, at) {
        let body = start + START.len();
        match parse_values(bytes.get(body..).unwrap_or_default()) {
            Some((values, length)) => {
                found.records.push(Record { offset: start as u64, values });
                at = body + length;
            }
            None => {
                found.rejected += 1;
                at = body;
            }
        }
    }
    found
}

fn find_start(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(START.len()).position(|window| window == START).map(|at| from + at)
}

/// The values up to `!`, and how many bytes they and it take.
fn parse_values(body: &[u8]) -> Option<(Vec<u64>, usize)> {
    let mut values = Vec::new();
    let mut current: Option<u64> = None;
    for (at, byte) in body.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                let digit = u64::from(byte - b'0');
                current = Some(current.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
            }
            b',' | b'!' => {
                if values.len() == MOST_VALUES {
                    return None;
                }
                values.push(current.take()?);
                if *byte == b'!' {
                    return Some((values, at + 1));
                }
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<Vec<u64>> {
        scan(text.as_bytes()).records.into_iter().map(|record| record.values).collect()
    }

    #[test]
    fn finds_records_between_other_bytes() {
        let found = scan(b"\0\xff@FFI1|1,16,8!junk@FFI1|18446744073709551615!");
        assert_eq!(found.records[0], Record { offset: 2, values: vec![1, 16, 8] });
        assert_eq!(found.records[1].values, [u64::MAX]);
        assert_eq!(found.rejected, 0);
    }

    #[test]
    fn rejects_what_is_not_well_formed_and_goes_on() {
        for bad in ["@FFI1|", "@FFI1|1,2", "@FFI1|1,,2!", "@FFI1|!", "@FFI1|1,!", "@FFI1|-1!", "@FFI1|18446744073709551616!", "@FFI1|1 !"] {
            let found = scan(format!("{bad}@FFI1|7!").as_bytes());
            assert_eq!((found.rejected, found.records.len()), (1, 1), "{bad}");
        }
        assert_eq!(values("@FFI2|1! @FFI 1|1!"), Vec::<Vec<u64>>::new());
    }

    #[test]
    fn bounds_the_number_of_values() {
        let long = |count: usize| format!("@FFI1|{}1!", "1,".repeat(count - 1));
        assert_eq!(scan(long(MOST_VALUES).as_bytes()).records.len(), 1);
        assert_eq!(scan(long(MOST_VALUES + 1).as_bytes()).rejected, 1);
    }
}
