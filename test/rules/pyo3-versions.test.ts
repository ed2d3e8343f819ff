/** Three modules, written for each line of PyO3 from 0.20 to the newest: they compile before and after all fixes, and the fixes hold. */
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { compile } from '../support/compile/compile.ts';
import { CASE, testEngine } from '../support/engine.ts';

// Building PyO3 for the first time takes tens of seconds.
const TIMEOUT = 600_000;
const VERSIONS = [20, 22, 23, 25, 26, 27, 28, 30];

function files(minor: number): ReadonlyMap<string, string> {
  const attach = minor < 26 ? 'with_gil' : 'attach';
  const module = minor < 21 ? "_py: Python<'_>, m: &PyModule" : "m: &Bound<'_, PyModule>";
  const manifest = `[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[dependencies]\npyo3 = "0.${minor}"\n`;
  const lib = `use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

#[pyfunction]
fn read(path: String) -> PyResult<String> {
    let text = std::fs::read_to_string(&path)?;
    Ok(text)
}

#[pyfunction]
fn ask(py: Python<'_>, callback: Py<PyAny>) -> PyResult<bool> {
    let worker = std::thread::spawn(move || Python::${attach}(|py| callback.call0(py).is_ok()));
    py.check_signals()?;
    Ok(worker.join().unwrap_or(false))
}

#[pyfunction]
fn total(data: Vec<f64>, rounds: u32) -> f64 {
    let mut sum = 0.0;
    for _ in 0..rounds {
        for value in &data {
            sum += value.sin();
        }
    }
    sum
}

#[pyfunction]
fn twice(py: Python<'_>) -> PyResult<bool> {
    py.check_signals()?;
    let fine = Python::${attach}(|inner| inner.check_signals().is_ok());
    Ok(fine)
}

#[pyfunction]
fn notify(py: Python<'_>, callback: Py<PyAny>) -> PyResult<()> {
    let _ = callback.call0(py);
    Ok(())
}

#[pyfunction]
fn parse(text: &str) -> PyResult<i64> {
    let number = text.parse::<i64>().map_err(|e| PyValueError::new_err(e.to_string()))?;
    Ok(number)
}

#[pyfunction]
fn checksum(data: Vec<u8>) -> u64 {
    data.iter().map(|byte| u64::from(*byte)).sum()
}

#[pyfunction]
fn lengths(py: Python<'_>, people: Vec<Py<PyAny>>) -> PyResult<usize> {
    let mut length = 0;
    for person in &people {
        length += person.getattr(py, "name")?.extract::<String>(py)?.len();
    }
    Ok(length)
}

#[pyclass]
struct Button {
    #[pyo3(get, set)]
    callback: Option<Py<PyAny>>,
}

#[pymethods]
impl Button {
    #[new]
    fn new() -> Self {
        Button { callback: None }
    }
}

#[pymodule]
fn sample(${module}) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(read, m)?)?;
    m.add_function(wrap_pyfunction!(ask, m)?)?;
    m.add_function(wrap_pyfunction!(total, m)?)?;
    m.add_function(wrap_pyfunction!(twice, m)?)?;
    m.add_function(wrap_pyfunction!(notify, m)?)?;
    m.add_function(wrap_pyfunction!(parse, m)?)?;
    m.add_function(wrap_pyfunction!(checksum, m)?)?;
    m.add_function(wrap_pyfunction!(lengths, m)?)?;
    m.add_class::<Button>()?;
    Ok(())
}
`;
  return new Map([
    ['Cargo.toml', manifest],
    ['src/lib.rs', lib],
  ]);
}

/** What the rules about once cells, registration, signatures, classes and whole regions are to find and mend. */
function more(minor: number): ReadonlyMap<string, string> {
  const attach = minor < 26 ? 'with_gil' : 'attach';
  const module = minor < 21 ? "_py: Python<'_>, m: &PyModule" : "m: &Bound<'_, PyModule>";
  const load = minor < 21 || minor > 22 ? 'import' : 'import_bound';
  const lib = `use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use std::io::Read;
use std::sync::{Mutex, OnceLock};

pyo3::create_exception!(sample, Wrong, PyException);

static JSON: OnceLock<Py<PyModule>> = OnceLock::new();

#[pyfunction]
fn dumps(py: Python<'_>, value: Py<PyAny>) -> PyResult<Py<PyAny>> {
    let json = JSON.get_or_init(|| Python::${attach}(|py| py.${load}("json").unwrap().into()));
    json.getattr(py, "dumps")?.call1(py, (value,))
}

#[pyfunction]
fn load(py: Python<'_>, path: String, callback: Py<PyAny>) -> PyResult<usize> {
    let mut text = String::new();
    std::fs::File::open(&path)?.read_to_string(&mut text)?;
    let lines = text.lines().count();
    let size = text.len();
    callback.call1(py, (lines, size))?;
    Ok(size)
}

#[pyfunction]
pub fn lost(n: i64) -> PyResult<i64> {
    if n < 0 {
        return Err(Wrong::new_err("negative"));
    }
    Ok(n)
}

#[pyfunction]
fn greet(name: Option<String>) -> String {
    name.unwrap_or_default()
}

#[pyclass]
struct Counter {
    count: Mutex<u64>,
}

#[pymethods]
impl Counter {
    #[new]
    fn new() -> Self {
        Counter { count: Mutex::new(0) }
    }

    fn next(&self) -> u64 {
        let mut count = self.count.lock().unwrap();
        *count += 1;
        *count
    }
}

#[pymodule]
fn sample(${module}) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(dumps, m)?)?;
    m.add_function(wrap_pyfunction!(load, m)?)?;
    m.add_function(wrap_pyfunction!(greet, m)?)?;
    m.add_class::<Counter>()?;
    Ok(())
}
`;
  return new Map([...files(minor), ['src/lib.rs', lib]]);
}

/** What gets around the interpreter's rules, cells of many uses, locks, loops and fields. */
function third(minor: number): ReadonlyMap<string, string> {
  const attach = minor < 26 ? 'with_gil' : 'attach';
  const release = minor < 26 ? 'allow_threads' : 'detach';
  const forge = minor < 26 ? 'assume_gil_acquired' : 'assume_attached';
  const module = minor < 21 ? "_py: Python<'_>, m: &PyModule" : "m: &Bound<'_, PyModule>";
  const load = minor < 21 || minor > 22 ? 'import' : 'import_bound';
  const list = minor < 21 ? '&PyList' : "&Bound<'_, PyList>";
  const held = minor < 21 ? "&'py PyList" : "Bound<'py, PyList>";
  const lib = `use pyo3::prelude::*;
use pyo3::types::PyList;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock};
use std::time::Duration;

static JSON: OnceLock<Py<PyModule>> = OnceLock::new();
static VERSION: LazyLock<String> = LazyLock::new(|| Python::${attach}(|py| py.version().to_string()));
static LISTENERS: Mutex<Vec<Py<PyAny>>> = Mutex::new(Vec::new());
static DONE: AtomicBool = AtomicBool::new(false);

struct Carry<'py>(${held});
// It does not leave this thread.
unsafe impl Send for Carry<'_> {}
unsafe impl Sync for Carry<'_> {}

impl Carry<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }
}

#[pyfunction]
fn dumps(py: Python<'_>, value: Py<PyAny>) -> PyResult<Py<PyAny>> {
    let json = JSON.get_or_init(|| py.${load}("json").unwrap().into());
    json.getattr(py, "dumps")?.call1(py, (value,))
}

#[pyfunction]
fn is_loaded() -> bool {
    JSON.get().is_some()
}

#[pyfunction]
fn version() -> &'static str {
    VERSION.as_str()
}

#[pyfunction]
fn major() -> usize {
    VERSION.find('.').unwrap_or_default()
}

#[pyfunction]
fn raw(py: Python<'_>) -> isize {
    py.${release}(|| unsafe {
        let list = pyo3::ffi::PyList_New(3);
        pyo3::ffi::PyList_Size(list)
    })
}

#[pyfunction]
fn forged(py: Python<'_>) -> String {
    py.${release}(|| {
        let again = unsafe { Python::${forge}() };
        again.version().to_string()
    })
}

#[pyfunction]
fn counted(py: Python<'_>, list: ${list}) -> usize {
    let carried = Carry(list${minor < 21 ? '' : '.clone()'});
    py.${release}(|| carried.count() + 1)
}

#[pyfunction]
fn total(list: ${list}) -> PyResult<f64> {
    let mut sum = 0.0;
    for item in list.iter() {
        sum += item.extract::<f64>()?;
    }
    Ok(sum)
}

#[pyfunction]
fn wait(py: Python<'_>) -> PyResult<()> {
    loop {
        py.${release}(|| std::thread::sleep(Duration::from_millis(10)));
        if DONE.load(Ordering::Relaxed) {
            return Ok(());
        }
    }
}

#[pyfunction]
fn emit(py: Python<'_>) -> PyResult<()> {
    let listeners = LISTENERS.lock().unwrap();
    for listener in listeners.iter() {
        listener.call0(py)?;
    }
    Ok(())
}

#[pyclass]
struct Basket {
    #[pyo3(get, set)]
    items: Vec<String>,
}

#[pymethods]
impl Basket {
    #[new]
    fn new(items: Vec<String>) -> Self {
        Basket { items }
    }

    fn __hash__(&self) -> u64 {
        self.items.len() as u64
    }
}

#[pymodule]
fn sample(${module}) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(dumps, m)?)?;
    m.add_function(wrap_pyfunction!(is_loaded, m)?)?;
    m.add_function(wrap_pyfunction!(version, m)?)?;
    m.add_function(wrap_pyfunction!(major, m)?)?;
    m.add_function(wrap_pyfunction!(raw, m)?)?;
    m.add_function(wrap_pyfunction!(forged, m)?)?;
    m.add_function(wrap_pyfunction!(counted, m)?)?;
    m.add_function(wrap_pyfunction!(total, m)?)?;
    m.add_function(wrap_pyfunction!(wait, m)?)?;
    m.add_function(wrap_pyfunction!(emit, m)?)?;
    m.add_class::<Basket>()?;
    Ok(())
}
`;
  return new Map([...files(minor), ['src/lib.rs', lib]]);
}

const FOUND = [
  'pyo3-gil-held-blocking',
  'pyo3-gil-held-compute',
  'pyo3-gil-held-join',
  'pyo3-redundant-attach',
  'pyo3-missing-traverse',
  'pyo3-swallowed-pyerr',
  'pyo3-stringly-error',
  'pyo3-bytes-copy-param',
  'pyo3-intern-literal',
];

const MORE = [
  'pyo3-exception-not-exported',
  'pyo3-gil-held-blocking',
  'pyo3-missing-signature',
  'pyo3-mutex-in-mutable-pyclass',
  'pyo3-std-once-init-python',
  'pyo3-unregistered-pyfunction',
];

const THIRD = [
  'pyo3-extract-in-loop',
  'pyo3-get-returns-copy',
  'pyo3-hash-eq-pair',
  'pyo3-lock-guard-across-attach',
  'pyo3-missing-check-signals',
  'pyo3-missing-repr',
  'pyo3-py-object-in-detach',
  'pyo3-std-once-init-python',
];

/** With unsafe fixes asked for, a finding's unsafe ones are meant where it has any. */
function unsafeFirst(finding: Finding): Finding {
  const unsafe = finding.fixes.filter(({ safe }) => !safe);
  return unsafe.length > 0 ? { ...finding, fixes: unsafe } : finding;
}

/** An `Option` at the end is optional without a word before 0.22, and nobody is asked for one. */
const SINCE: Readonly<Record<string, number>> = { 'pyo3-missing-signature': 22 };

const MODULES = [
  ['work, threads and errors', files, FOUND],
  ['once cells, registration, classes and regions', more, MORE],
  ['what gets around the rules, cells of many uses, locks, loops and fields', third, THIRD],
] as const;

describe.each(VERSIONS.flatMap((minor) => MODULES.map(([what, made, found]) => ({ minor, what, made, found }))))(
  'PyO3 0.$minor: $what',
  ({ minor, made, found }) => {
    const config = defaultConfig({ profile: 'all' });
    const only = new Set<string>(found);
    const ofThese = (all: readonly Finding[]): readonly string[] =>
      [...new Set(all.map(({ rule }) => rule))].filter((rule) => only.has(rule)).sort();

    test('all is found, and nothing that was found is left behind the fixes', async () => {
      const before = made(minor);
      const engine = await testEngine(before, rules, config);
      expect(ofThese((await engine.check()).findings)).toEqual(found.filter((rule) => (SINCE[rule] ?? 0) <= minor).sort());
      const { texts } = await engine.fix({ unsafe: true, only }, unsafeFirst);
      const fixed = texts.get(`${CASE}/src/lib.rs`) ?? '';
      expect(fixed).toContain(minor < 26 ? 'py.allow_threads(||' : 'py.detach(||');
      const after = new Map([...before, ['src/lib.rs', fixed]]);
      const again = await testEngine(after, rules, config);
      expect(ofThese((await again.check()).findings), fixed).toEqual([]);
    });

    test(
      'it compiles before and after the fixes',
      async ({ skip }) => {
        const before = made(minor);
        const first = await compile(before);
        if ('unavailable' in first) return skip(first.unavailable);
        expect(first.codes, first.output).toEqual([]);
        const engine = await testEngine(before, rules, config);
        const { texts } = await engine.fix({ unsafe: true, only }, unsafeFirst);
        const after = await compile(new Map([...before, ['src/lib.rs', texts.get(`${CASE}/src/lib.rs`) ?? '']]));
        if ('unavailable' in after) return skip(after.unavailable);
        expect(after.codes, `${after.output}\n${texts.get(`${CASE}/src/lib.rs`)}`).toEqual([]);
      },
      TIMEOUT,
    );
  },
);
