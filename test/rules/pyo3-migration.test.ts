/** Crates of names go from PyO3 0.20 and 0.22 to the newest, one neighbour at a time: after each fix they compile with both. */
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { compile } from '../support/compile/compile.ts';
import { CASE, testEngine } from '../support/engine.ts';

// Building PyO3 for the first time takes tens of seconds.
const TIMEOUT = 600_000;
const VERSIONS = [22, 23, 25, 26, 27, 28, 30] as const;
const OLD_VERSIONS = [20, 21, 22, 23, 25, 26, 28, 30] as const;
const OLD_NAMES = new Set(['pyo3-deprecated-api', 'pyo3-removed-api']);

const START = `use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::GILOnceCell;
use pyo3::types::{IntoPyDict, PyDict, PyList, PyTuple};

static PLATFORM: GILOnceCell<Py<PyModule>> = GILOnceCell::new();

#[pyfunction]
fn total(py: Python<'_>, values: Vec<f64>) -> f64 {
    py.allow_threads(|| values.iter().sum())
}

fn version() -> PyResult<String> {
    Python::with_gil(|py| {
        let platform = PLATFORM.get_or_try_init(py, || py.import_bound("platform").map(|module| module.unbind()))?;
        platform.bind(py).call_method0("python_version")?.extract()
    })
}

#[pyfunction]
fn collected(py: Python<'_>, object: PyObject) -> PyResult<Py<PyDict>> {
    let dict = PyDict::new_bound(py);
    let list = PyList::empty_bound(py);
    list.append(version()?)?;
    dict.set_item("object", object)?;
    dict.set_item("list", list)?;
    Ok(dict.unbind())
}

#[pyfunction]
fn count(value: &Bound<'_, PyAny>) -> PyResult<usize> {
    if let Ok(list) = value.downcast::<PyList>() {
        return Ok(list.len());
    }
    if let Ok(dict) = value.downcast_exact::<PyDict>() {
        return Ok(dict.len());
    }
    Ok(value.clone().downcast_into::<PyTuple>()?.len())
}

#[pyfunction]
fn bound(py: Python<'_>, value: Py<PyAny>) -> PyResult<usize> {
    Ok(value.downcast_bound::<PyList>(py)?.len())
}

#[pyfunction]
fn pair(py: Python<'_>) -> PyResult<Py<PyTuple>> {
    let pair = PyTuple::new_bound(py, [1, 2]);
    Ok(pair.unbind())
}

#[pyfunction]
fn options(py: Python<'_>) -> PyResult<Py<PyDict>> {
    let options = [("width", 1)].into_py_dict_bound(py);
    Ok(options.unbind())
}

#[pyfunction]
fn message(py: Python<'_>) -> String {
    PyValueError::new_err("wrong").value_bound(py).to_string()
}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction_bound!(total, m)?)?;
    m.add_function(wrap_pyfunction_bound!(collected, m)?)?;
    m.add_function(wrap_pyfunction_bound!(count, m)?)?;
    m.add_function(wrap_pyfunction_bound!(bound, m)?)?;
    m.add_function(wrap_pyfunction_bound!(pair, m)?)?;
    m.add_function(wrap_pyfunction_bound!(options, m)?)?;
    m.add_function(wrap_pyfunction_bound!(message, m)?)?;
    m.add("Wrong", m.py().get_type_bound::<PyValueError>())?;
    Ok(())
}
`;

/** Names of the time of GIL references, whose values are used in ways that both kinds know. */
const OLDEST = `use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict, PyList, PyTuple};

#[pyfunction]
fn collected(py: Python<'_>, object: PyObject) -> PyResult<PyObject> {
    let dict = PyDict::new(py);
    let list = PyList::empty(py);
    list.append("one")?;
    dict.set_item("object", object)?;
    dict.set_item("list", list)?;
    Ok(dict.into())
}

#[pyfunction]
fn node(py: Python<'_>) -> PyResult<String> {
    let platform = py.import("platform")?;
    platform.call_method0("node")?.extract()
}

#[pyfunction]
fn pair(py: Python<'_>) -> PyResult<PyObject> {
    let pair = PyTuple::new(py, [1, 2]);
    Ok(pair.into())
}

#[pyfunction]
fn options(py: Python<'_>) -> PyResult<PyObject> {
    let options = [("width", 1)].into_py_dict(py);
    Ok(options.into())
}

#[pyfunction]
fn truth(object: PyObject) -> PyResult<bool> {
    Python::with_gil(|py| object.is_true(py))
}

#[pyfunction]
fn size(py: Python<'_>, list: Py<PyList>) -> usize {
    list.as_ref(py).len()
}

#[pyfunction]
fn called(py: Python<'_>, callback: Py<PyAny>) -> PyResult<PyObject> {
    callback.call(py, (), None)
}

#[pyfunction]
fn message(py: Python<'_>) -> String {
    PyValueError::new_err("wrong").value(py).to_string()
}
`;

function crate(minor: number, lib: string): ReadonlyMap<string, string> {
  const manifest = `[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[dependencies]\npyo3 = "0.${minor}"\n`;
  return new Map([
    ['Cargo.toml', manifest],
    ['src/lib.rs', lib],
  ]);
}

/** What the two rules make of a crate that is built with a version; nothing of theirs is left. */
async function migrated(minor: number, lib: string): Promise<string> {
  const config = defaultConfig({ profile: 'all' });
  const engine = await testEngine(crate(minor, lib), rules, config);
  const { texts } = await engine.fix({ unsafe: true, only: OLD_NAMES });
  const fixed = texts.get(`${CASE}/src/lib.rs`) ?? lib;
  const again = await testEngine(crate(minor, fixed), rules, config);
  const left = (await again.check()).findings.filter(({ rule }) => OLD_NAMES.has(rule)).map(({ message }) => message);
  expect(left, fixed).toEqual([]);
  return fixed;
}

/** The crate as it stands after the versions up to one. */
async function upTo(minor: number, versions: readonly number[] = VERSIONS, start = START): Promise<string> {
  let lib = start;
  for (const version of versions) if (version <= minor) lib = await migrated(version, lib);
  return lib;
}

const pairs = (versions: readonly number[]): readonly { readonly from: number; readonly next: number }[] =>
  versions.slice(0, -1).map((from, i) => ({ from, next: versions[i + 1] ?? from }));

const STEPS = [
  ...pairs(VERSIONS).map((step) => ({ ...step, what: 'names since Bound', versions: VERSIONS as readonly number[], start: START })),
  ...pairs(OLD_VERSIONS).map((step) => ({
    ...step,
    what: 'names before Bound',
    versions: OLD_VERSIONS as readonly number[],
    start: OLDEST,
  })),
];

describe('names', () => {
  test('all of the old ones are gone at the end, and the new ones stand there', async () => {
    const lib = await upTo(30);
    expect(lib).not.toMatch(/_bound\b(?!::)|with_gil|allow_threads|GILOnceCell|PyObject|downcast/);
    for (const name of [
      'Python::attach',
      'py.detach(',
      'PyOnceLock',
      'object: Py<PyAny>',
      '.cast::<PyList>()',
      '.cast_bound::<PyList>(py)',
    ])
      expect(lib).toContain(name);
    expect(lib).toContain('PyTuple::new(py, [1, 2])?');
  });

  test('names of GIL references go as well', async () => {
    const bound = await upTo(21, OLD_VERSIONS, OLDEST);
    for (const name of [
      'PyDict::new_bound(py)',
      'py.import_bound(',
      'into_py_dict_bound(py)',
      '.is_truthy(py)',
      '.bind(py)',
      '.value_bound(py)',
    ])
      expect(bound).toContain(name);
    const lib = await upTo(30, OLD_VERSIONS, OLDEST);
    expect(lib).not.toMatch(/_bound\b|with_gil|PyObject/);
    expect(lib).toContain('PyTuple::new(py, [1, 2])?');
    expect(await upTo(20, OLD_VERSIONS, OLDEST)).toBe(OLDEST);
  });

  test('nothing is renamed before its time', async () => {
    const lib = await upTo(22);
    expect(lib).toBe(START);
  });
});

describe.each(STEPS)('$what, from 0.$from to 0.$next', ({ from, next, versions, start }) => {
  test(
    'what the fixes of either make compiles there',
    async ({ skip }) => {
      const before = await upTo(from, versions, start);
      const after = await migrated(next, before);
      for (const [version, lib] of [
        [from, before],
        [next, after],
      ] as const) {
        const compiled = await compile(crate(version, lib));
        if ('unavailable' in compiled) return skip(compiled.unavailable);
        expect(compiled.codes, `0.${version}\n${compiled.output}\n${lib}`).toEqual([]);
      }
    },
    TIMEOUT,
  );
});
