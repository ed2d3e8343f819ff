/** A vector of Python objects is made for a single loop. */
import type { ObjectVector } from '../../analysis/gil/object-vectors.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import type { Workspace } from '../../model/workspace.ts';
import { attachedFns } from '../pyo3-fns.ts';
import { pyo3Minor } from '../pyo3-classes.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Lists are `Bound` since then. */
const BOUND = 21;

export default defineRule({
  id: 'pyo3-vec-of-objects',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust'],
  equivalents: ['clippy::needless_pass_by_value'],
  fix: 'unsafe',
  messages: { vector: '`{param}` becomes a vector of all its objects, and `{name}` goes through it once' },
  docs: {
    what: 'A parameter `Vec<Py<PyAny>>` or `Vec<Bound<PyAny>>` of a PyO3 function is gone through in one loop and used for nothing else',
    why: `PyO3 takes every object out of the sequence, counts a reference to each, and stores them all before the function starts; afterwards they are
given back one by one. A loop over the list itself does the same work without the vector, and can stop early.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn total(items: Vec<Bound<'_, PyAny>>) -> PyResult<usize> {
    let mut sum = 0;
    for item in items {
        sum += item.len()?;
    }
    Ok(sum)
}
`,
    good: `use pyo3::prelude::*;
use pyo3::types::PyList;

#[pyfunction]
fn total(items: &Bound<'_, PyList>) -> PyResult<usize> {
    let mut sum = 0;
    for item in items {
        sum += item.len()?;
    }
    Ok(sum)
}
`,
    exceptions: [
      'vectors of a certain class, whose objects are checked before the function starts',
      'vectors that are indexed, sorted, kept, passed on, or gone through twice or in a closure',
      'results, and vectors of what is no object, such as `Vec<Vec<String>>`: they have to be made',
      'functions with macros whose tokens are not parsed, and `async fn`',
    ],
    fixSafety: 'A `PyList` takes lists only, not tuples or other sequences, and code that the loop runs can change it meanwhile.',
    references: [{ title: 'PyO3 guide, mapping of Rust types', url: 'https://pyo3.rs/latest/conversions/tables' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const called = new Set(ctx.unit.surface.pyEntries);
    for (const entry of attachedFns(ctx)) {
      if (!called.has(entry) || entry.kind === 'module') continue;
      for (const vector of ctx.facts.gil.objectVectors(entry)) {
        const fix = fixOf(entry, vector, ctx.workspace);
        ctx.report('vector', {
          at: { file: entry.item.file, span: vector.type },
          data: { param: vector.name, name: entry.ast.name },
          help: 'take a `&Bound<PyList>`, or a `&Bound<PyAny>` and its iterator, and go through that',
          fixes: fix ? [fix] : [],
          item: entry.item,
        });
      }
    }
  },
});

function fixOf(entry: PyEntry, { type, iterable }: ObjectVector, workspace: Workspace): Fix | null {
  const { file, owner } = entry.item;
  const version = pyo3Minor(workspace, entry.item.module.crate);
  if (!iterable || version === null || version < BOUND || owner?.entry.implTrait || !workspace.editable(file, type)) return null;
  const text = workspace.text(file);
  const lifetime = /Bound\s*<\s*('\w+)/.exec(text.slice(type.start, type.end))?.[1] ?? "'_";
  const list = workspace.resolve(['PyList'], entry.scope, 'type').kind === 'external' ? 'PyList' : 'pyo3::types::PyList';
  const edits = [{ file: file.path, span: type, text: `&Bound<${lifetime}, ${list}>` }];
  const written = text.slice(iterable.start, iterable.end);
  const moved = /\.\s*into_iter\s*\(\s*\)$/.exec(written);
  if (moved) edits.push({ file: file.path, span: { start: iterable.start + moved.index, end: iterable.end }, text: '.iter()' });
  return { title: 'take the list', safe: false, edits };
}
