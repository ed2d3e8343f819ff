/** Facts about Python modules, classes and errors, each asked directly. */
import { describe, expect, test } from 'vitest';
import { createFacts } from '../../server/src/analysis/create-facts.ts';
import type { Facts } from '../../server/src/analysis/facts.ts';
import type { RustItem, Workspace } from '../../server/src/model/workspace.ts';
import { buildSurface } from '../../server/src/model/surface/build-surface.ts';
import type { PyEntry } from '../../server/src/model/surface/surface.ts';
import { boundaryOf } from './boundary.ts';

interface Known {
  readonly facts: Facts;
  readonly workspace: Workspace;
  item(name: string, kind?: RustItem['kind']): RustItem;
  entry(name: string): PyEntry;
}

async function know(rust: string): Promise<Known> {
  const manifest =
    '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.27"\n';
  const { workspace } = await boundaryOf(`use pyo3::prelude::*;\nuse pyo3::types::*;\n${rust}`, manifest);
  const surface = buildSurface(workspace);
  return {
    workspace,
    facts: createFacts(workspace),
    item(name, kind) {
      const found = workspace.items.find((item) => item.name === name && (kind === undefined || item.kind === kind));
      if (!found) throw new Error(`there is no ${name}`);
      return found;
    },
    entry(name) {
      const found = surface.pyEntries.find(({ item }) => item.name === name);
      if (!found) throw new Error(`Python does not call ${name}`);
      return found;
    },
  };
}

describe('errors', () => {
  const swallowed = async (body: string): Promise<readonly string[]> => {
    const { facts, item } = await know(`fn f(py: Python<'_>, o: &Bound<'_, PyAny>) -> PyResult<()> { ${body} Ok(()) }`);
    return facts.pythonErrors.swallowed(item('f')).map(({ how, call }) => `${how} ${call}`);
  };

  test.each([
    ['let _ = o.call0();', ['let _ = call0']],
    ['o.call_method0("run").ok();', ['.ok() call_method0']],
    ['if let Ok(x) = o.call0() { drop(x); }', ['if let Ok call0']],
    ['let x = o.call0().unwrap_or_else(|_| o.clone()); drop(x);', ['.unwrap_or_else(…) call0']],
    ['let x = o.extract::<i64>().ok(); drop(x);', []],
    ['let x = o.getattr("x").ok(); drop(x);', []],
    ['let _ = o.call_method0("close");', []],
    ['let _ = o.call_method0(pyo3::intern!(py, "close"));', []],
    ['if let Err(e) = o.call0() { e.write_unraisable(py, None); }', []],
    ['let x = o.call0().map_err(|e| { e.print(py); e }).ok(); drop(x);', []],
  ])('%s', async (body, expected) => {
    expect(await swallowed(body)).toEqual(expected);
  });

  test('errors that are flattened to text, and those that say more', async () => {
    const flattened = async (body: string) => {
      const { facts, item } = await know(`use pyo3::exceptions::{PyException, PyValueError};\nfn f(p: &str) -> PyResult<i64> { ${body} }`);
      return facts.pythonErrors.flattened(item('f')).map(({ error, raised }) => `${error} ${raised}`);
    };
    expect(await flattened('Ok(p.parse::<i64>().map_err(|e| PyValueError::new_err(e.to_string()))?)')).toEqual([
      'ParseIntError PyValueError',
    ]);
    expect(await flattened('std::fs::read(p).map_err(|e| PyException::new_err(format!("{e}")))?; Ok(1)')).toEqual([
      'io::Error PyException',
    ]);
    expect(await flattened('Ok(p.parse::<i64>().map_err(|e| PyValueError::new_err(format!("{p}: {e}")))?)')).toEqual([]);
    expect(await flattened('Ok(p.parse::<i64>()?)')).toEqual([]);
  });
});

describe('classes', () => {
  const handed = async (rust: string): Promise<readonly string[]> => {
    const { facts, item } = await know(`use std::sync::{Arc, Mutex};\nuse pyo3::sync::PyOnceLock;\n${rust}`);
    return facts.pythonClasses.handed(item('C', 'struct')).map(({ field }) => field.name);
  };
  const made = (fields: string, body: string, params = 'o: Py<PyAny>'): string =>
    `#[pyclass]\nstruct C { ${fields} }\n#[pymethods]\nimpl C { #[new] fn new(${params}) -> Self { ${body} } }`;

  test.each([
    ['an object', made('a: Py<PyAny>', 'C { a: o }'), ['a']],
    ['a dict behind a lock', made('a: Mutex<Option<Py<PyDict>>>', 'C { a: Mutex::new(Some(o)) }', 'o: Py<PyDict>'), ['a']],
    ['a struct that owns one', `struct Inner { o: Py<PyAny> }\n${made('a: Inner', 'C { a: Inner { o } }')}`, ['a']],
    ['a setter', '#[pyclass]\nstruct C { #[pyo3(get, set)] a: Option<Py<PyAny>> }', ['a']],
    ['text', made('a: Py<PyString>', 'C { a: o }', 'o: Py<PyString>'), []],
    ['what an Arc shares', made('a: Arc<Py<PyAny>>', 'C { a: Arc::new(o) }'), []],
    ['what Rust made', made('a: Py<PyAny>', 'C { a: py.None() }', "py: Python<'_>, o: Py<PyAny>"), []],
    ['a cache', made('n: usize, a: PyOnceLock<Py<PyAny>>', 'C { n: 1, a: PyOnceLock::new() }'), []],
    [
      'a number that was taken out',
      made('a: Py<PyAny>, n: usize', 'C { a: py.None(), n: o.len().unwrap() }', "py: Python<'_>, o: &Bound<'_, PyAny>"),
      [],
    ],
  ])('%s', async (_what, rust, fields) => {
    expect(await handed(rust)).toEqual(fields);
  });

  test('what a traverse says, and does', async () => {
    const { facts, item } = await know(`
      #[pyclass] struct C { a: Py<PyAny>, b: Py<PyAny> }
      #[pymethods] impl C {
        fn __traverse__(&self, visit: pyo3::PyVisit<'_>) -> Result<(), pyo3::PyTraverseError> {
          Python::attach(|py| self.a.clone_ref(py)); visit.call(&self.a)
        }
      }
    `);
    const traverse = facts.pythonClasses.traverse(item('C', 'struct'));
    if (traverse === null || traverse === 'unknown') throw new Error('there is a traverse');
    expect([facts.pythonClasses.mentions(traverse, 'a'), facts.pythonClasses.mentions(traverse, 'b')]).toEqual([true, false]);
    expect(facts.pythonClasses.faults(traverse).map(({ what }) => what)).toEqual(['attach', 'clone_ref']);
  });
});

describe('modules', () => {
  const RUST = `
    pyo3::create_exception!(sample, Kept, pyo3::exceptions::PyException);
    pyo3::create_exception!(sample, Lost, pyo3::exceptions::PyException);
    #[pyfunction(signature = (a, /, b=2, *, c=None, **rest))] fn kept(a: i64, b: i64, c: Option<i64>, rest: Option<&Bound<'_, PyDict>>) {}
    #[pyfunction] fn lost(py: Python<'_>, n: i64) { let _ = Kept::new_err("x"); let _ = Lost::new_err("x"); }
    #[pyclass] struct Shown; #[pyclass] struct Hidden;
    #[pymodule] #[pyo3(name = "_core")] fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
      m.add("Kept", m.py().get_type::<Kept>())?;
      m.add_class::<Shown>()?;
      m.add_function(wrap_pyfunction!(kept, m)?)
    }
  `;

  test('what is registered and what is lost', async () => {
    const { facts, item, workspace } = await know(RUST);
    const { pythonModule } = facts;
    expect([pythonModule.mayBeRegistered(item('kept')), pythonModule.mayBeRegistered(item('lost'))]).toEqual([true, false]);
    expect([pythonModule.mayBeReached(item('Shown')), pythonModule.mayBeReached(item('Hidden'))]).toEqual([true, false]);
    expect(pythonModule.lostExceptions(workspace.items).map(({ name }) => name)).toEqual(['Lost']);
    const [crate] = workspace.crates;
    expect(crate && pythonModule.topModules(crate).map(({ name }) => name)).toEqual(['_core']);
    expect(pythonModule.soleModule(item('lost'))?.style).toBe('function');
  });

  test('what Python sees of a signature', async () => {
    const { facts, entry } = await know(RUST);
    const shown = (name: string) =>
      facts.pythonModule.signature(entry(name))?.params.map((p) => `${p.kind} ${p.by} ${p.name}${p.hasDefault ? `=${p.defaultText}` : ''}`);
    expect(shown('kept')).toEqual(['plain place a', 'plain either b=2', 'plain name c=None', 'kwargs name rest']);
    expect(shown('lost')).toEqual(['plain either n']);
  });
});
