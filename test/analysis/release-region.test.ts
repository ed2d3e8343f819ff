/** The maximal region around work that can be released: how far it grows, where it stops, and what of it is used afterwards. */
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../server/src/base/edit.ts';
import { createGilFacts } from '../../server/src/analysis/gil/create-gil-facts.ts';
import { buildSurface } from '../../server/src/model/surface/build-surface.ts';
import { boundaryOf } from './boundary.ts';

/** The bodies that the offered edits make of a fn, most fitting first, without the indentation of its lines. */
async function offers(
  body: string,
  params = "py: Python<'_>, path: String, callback: Py<PyAny>",
  result = 'PyResult<usize>',
): Promise<readonly string[]> {
  const code = `#[pyfunction]\nfn f(${params}) -> ${result} {\n${body.replace(/^/gm, '    ')}\n}\n`;
  const text = `use pyo3::prelude::*;\nuse std::io::Read;\nuse std::sync::Mutex;\nstruct Own;\nfn own() -> Own { Own }\n${code}`;
  const manifest =
    '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.27"\n';
  const { workspace } = await boundaryOf(text, manifest);
  const entry = buildSurface(workspace).pyEntries.find(({ item }) => item.name === 'f');
  if (!entry) throw new Error('there is no f');
  const gil = createGilFacts(workspace);
  const [seed] = gil.seeds(entry);
  if (!seed) throw new Error('there is no work');
  return gil.releaseEdits(entry, seed).map(({ edits }) => {
    const after = applyEdits(text, edits);
    const from = after.indexOf('{\n', after.indexOf('fn f('));
    return after
      .slice(from + 2, after.lastIndexOf('}'))
      .replace(/^ +/gm, '')
      .trim();
  });
}

const READ = 'let text = std::fs::read_to_string(&path)?;';

describe('the region', () => {
  test('grows over plain neighbours and gives what is used afterwards', async () => {
    const [alone, region] = await offers(`${READ}\nlet size = text.len();\ncallback.call1(py, (size,))?;\nOk(size)`);
    expect(alone).toMatch(/^let text = py\.detach\(\|\| std::fs::read_to_string\(&path\)\)\?;/);
    expect(region).toBe(`let size = py.detach(|| -> PyResult<_> {\n${READ}\nOk(text.len())\n})?;\ncallback.call1(py, (size,))?;\nOk(size)`);
  });

  test('several results, and one that changes afterwards', async () => {
    const [, region] = await offers(
      `${READ}\nlet mut size = text.len();\nlet name = path.clone();\ncallback.call1(py, (name,))?;\nsize += 1;\nOk(size)`,
    );
    expect(region).toContain('let (mut size, name) = py.detach(|| -> PyResult<_> {');
    expect(region).toContain('Ok((size, name))\n})?;');
  });

  test('a statement without a result', async () => {
    const [, region] = await offers('let kind = path.len();\nstd::fs::write(&path, "x").ok();\ncallback.call0(py)?;\nOk(1)');
    expect(region).toBe('py.detach(|| {\nlet kind = path.len();\nstd::fs::write(&path, "x").ok();\n});\ncallback.call0(py)?;\nOk(1)');
  });

  const stops: readonly (readonly [what: string, body: string])[] = [
    ['a use of Python on both sides', `let n = callback.getattr(py, "n")?;\n${READ}\ncallback.call1(py, (text, n))?;\nOk(1)`],
    ['a borrow of what stays behind', `${READ}\nlet line = text.trim();\ncallback.call1(py, (line,))?;\nOk(1)`],
    ['a borrow in an option', `${READ}\nlet line = text.lines().next();\ncallback.call1(py, (line,))?;\nOk(1)`],
    [
      'text that may be borrowed',
      `let bytes = std::fs::read(&path)?;\nlet text = String::from_utf8_lossy(&bytes);\ncallback.call1(py, (text,))?;\nOk(1)`,
    ],
    ['a result of a type that is not known to be Send', `let own = own();\n${READ}\ncallback.call1(py, (text,))?;\ndrop(own);\nOk(1)`],
    ['a way out of the fn', `if path.is_empty() { return Ok(0); }\n${READ}\ncallback.call1(py, (text,))?;\nOk(1)`],
    ['a let that leaves', `let Some(_) = path.chars().next() else { return Ok(0) };\n${READ}\ncallback.call1(py, (text,))?;\nOk(1)`],
  ];
  test.each(stops)('stops at %s', async (_what, body) => {
    const found = await offers(body);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/let (text|bytes) = py\.detach\(\|\| std::fs::read(_to_string)?\(&path\)\)\?;/);
  });

  test('a name in the text of a macro is a use', async () => {
    const [, region] = await offers(`${READ}\nlet size = text.len();\ncallback.call0(py)?;\nprintln!("{size}");\nOk(1)`);
    expect(region).toContain('let size = py.detach(');
  });

  test('nothing is released while a lock is held', async () => {
    const found = await offers(
      `let held = lock.lock().unwrap();\nlet n = path.len();\n${READ}\ncallback.call1(py, (text, n))?;\nOk(*held)`,
      "py: Python<'_>, path: String, callback: Py<PyAny>, lock: &Mutex<usize>",
    );
    expect(found.filter((one) => one.includes('detach(|| -> '))).toEqual([]);
  });

  test('no `?` where the fn raises something else', async () => {
    const found = await offers(
      `${READ}\nlet size = text.len();\nlet _ = callback.call1(py, (size,));\nOk(size)`,
      undefined,
      'std::io::Result<usize>',
    );
    expect(found.filter((one) => one.includes('|| -> '))).toEqual([]);
  });

  test('a loop that asks Python each time: the call alone', async () => {
    const found = await offers(
      `let mut size = 0;\nfor _ in 0..path.len() {\n${READ}\nsize += text.len();\ncallback.call0(py)?;\n}\nOk(size)`,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('py.detach(|| std::fs::read_to_string(&path))?');
  });
});
