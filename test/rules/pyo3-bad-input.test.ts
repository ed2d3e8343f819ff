/** Crates that are half written, made of macros, built with a PyO3 of a branch, or one of very many: nothing fails, and nothing is made up. */
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { CASE, testEngine } from '../support/engine.ts';

const manifest = (pyo3: string, name = 'sample'): string =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[dependencies]\npyo3 = ${pyo3}\n`;

async function findings(files: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const engine = await testEngine(new Map(Object.entries(files)), rules, defaultConfig({ profile: 'recommended' }));
  return (await engine.check()).findings.filter(({ rule }) => rule.startsWith('pyo3-'));
}

const of = async (lib: string, pyo3 = '"0.27"'): Promise<readonly string[]> =>
  (await findings({ 'Cargo.toml': manifest(pyo3), 'src/lib.rs': lib })).map(({ rule }) => rule);

const BLOCKS = '#[pyfunction]\nfn read(path: String) -> PyResult<String> {\n    Ok(std::fs::read_to_string(path)?)\n}\n';
const MODULE = "#[pymodule]\nfn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {\n    m.add_function(wrap_pyfunction!(read, m)?)\n}\n";

describe('half-written modules', () => {
  test('whatever end of a module is missing, the rest is looked at', async () => {
    const whole = `use pyo3::prelude::*;\n\n${BLOCKS}\n${MODULE}\n#[pyclass]\nstruct Bag {\n    #[pyo3(get, set)]\n    item: Py<PyAny>,\n}\n`;
    for (let end = 0; end < whole.length; end += 7) await of(whole.slice(0, end));
    expect(await of(whole)).toEqual(['pyo3-gil-held-blocking', 'pyo3-missing-traverse']);
  });

  test('an attribute without its fn, a fn without its body, an impl without its end', async () => {
    const broken = `use pyo3::prelude::*;\n\n#[pyfunction]\n#[pyo3(signature = (a, b=\n\n${BLOCKS}\n#[pymethods]\nimpl Bag {\n    #[new]\n    fn new(`;
    for (const rule of await of(broken)) expect(rule).toBe('pyo3-gil-held-blocking');
    expect(await of('#[pymodule]\n#[pymodule]\nfn sample(m: &')).toEqual([]);
    expect(await of('#[pyclass(frozen, name = )]\nstruct ;')).toEqual([]);
  });
});

describe('macros around everything', () => {
  test('a fn that an unknown macro takes apart is left alone', async () => {
    expect(await of(`use pyo3::prelude::*;\nsomebodys::python! {\n${BLOCKS}\n${MODULE}}\n`)).toEqual([]);
  });

  test('a macro of the crate is expanded, and what it makes is said once', async () => {
    const lib = `use pyo3::prelude::*;
macro_rules! readers {
    ($($name:ident),*) => { $(
        #[pyfunction]
        fn $name(path: String) -> PyResult<String> {
            Ok(std::fs::read_to_string(path)?)
        }
    )* };
}
readers!(one);
readers!(two);
readers!(three);
`;
    expect((await of(lib)).filter((rule) => rule === 'pyo3-gil-held-blocking').length).toBe(1);
  });

  test('a macro that calls itself for ever, and one whose arguments do not fit', async () => {
    expect(
      await of('macro_rules! again { () => { again!(); }; }\nagain!();\nmacro_rules! one { ($a:ident) => {}; }\none!(1, 2, 3);\n'),
    ).toEqual([]);
  });
});

describe('a PyO3 whose version is not known', () => {
  const OLD = `use pyo3::prelude::*;\n\n#[pyfunction]\nfn sum(py: Python<'_>, values: Vec<f64>) -> f64 {\n    Python::with_gil(|py| py.allow_threads(|| values.iter().sum()))\n}\n\n${BLOCKS}`;

  test.each([
    ['a branch', '{ git = "https://example.org/pyo3", branch = "main" }'],
    ['a path', '{ path = "../pyo3" }'],
    ['any version', '"*"'],
    ['no version', '{}'],
    ['no requirement at all', '"not a version"'],
  ])('%s: nothing is renamed, and no edit names a version', async (_what, pyo3) => {
    const found = await findings({ 'Cargo.toml': manifest(pyo3), 'src/lib.rs': OLD });
    expect(found.map(({ rule }) => rule).filter((rule) => /api$|missing-signature|traverse/.test(rule))).toEqual([]);
    const texts = found.flatMap(({ fixes }) => fixes.flatMap(({ edits }) => edits.map(({ text }) => text)));
    expect(texts.filter((text) => /\b(detach|attach)\b|allow_threads\(\|\| std/.test(text))).toEqual([]);
  });
});

describe('files and workspaces', () => {
  test('a file that no module names is not compiled: nothing is said of it', async () => {
    const old =
      'use pyo3::prelude::*;\n\n#[pyfunction]\nfn old(object: PyObject) -> PyResult<String> {\n    Ok(std::fs::read_to_string("x")?)\n}\n';
    const found = await findings({ 'Cargo.toml': manifest('"0.28"'), 'src/lib.rs': 'use pyo3::prelude::*;\n', 'src/left_over.rs': old });
    expect(found.filter(({ at }) => at.file.endsWith('left_over.rs'))).toEqual([]);
  });

  test('two hundred crates of one workspace, each by its own version', async () => {
    const files: Record<string, string> = {};
    const names = Array.from({ length: 200 }, (_, i) => `crate${i}`);
    files['Cargo.toml'] =
      `[workspace]\nmembers = [${names.map((name) => `"${name}"`).join(', ')}]\n\n[workspace.dependencies]\npyo3 = "0.27"\n`;
    for (const [i, name] of names.entries()) {
      files[`${name}/Cargo.toml`] = manifest(i % 2 === 0 ? '"0.25"' : '{ workspace = true }', name);
      files[`${name}/src/lib.rs`] =
        `use pyo3::prelude::*;\n\n#[pyfunction]\npub fn read${i}(py: Python<'_>, path: String) -> PyResult<String> {\n    py.check_signals()?;\n    Ok(std::fs::read_to_string(path)?)\n}\n`;
    }
    const started = performance.now();
    const found = (await findings(files)).filter(({ rule }) => rule === 'pyo3-gil-held-blocking');
    expect(found).toHaveLength(200);
    const nameOf = (i: number): string =>
      found.find(({ at }) => at.file === `${CASE}/crate${i}/src/lib.rs`)?.fixes[0]?.edits[0]?.text ?? '';
    expect(nameOf(0)).toContain('py.allow_threads(');
    expect(nameOf(1)).toContain('py.detach(');
    // Generous: a machine under load takes a few seconds.
    expect(performance.now() - started).toBeLessThan(60_000);
  }, 120_000);
});
