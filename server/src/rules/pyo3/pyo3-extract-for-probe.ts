/** A type is asked for by `extract`, which makes an exception where it is another. */
import { attachedFns } from '../pyo3-fns.ts';
import { sliceSpan } from '../../base/text.ts';
import { pyo3Minor } from '../pyo3-classes.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-extract-for-probe',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { found: '`extract` makes an exception to say that it is no `{what}`' },
  docs: {
    what: '`if let Ok(x) = object.extract::<Bound<PyT>>()` asks whether an object is of a native type',
    why: `An \`extract\` that fails makes a whole \`PyErr\` with a text, only for it to be thrown away. \`cast\` (\`downcast\` before PyO3 0.26) answers the same
question with a cheap error.`,
    bad: `use pyo3::prelude::*;
use pyo3::types::PyDict;

#[pyfunction]
fn size(object: &Bound<'_, PyAny>) -> usize {
    if let Ok(dict) = object.extract::<Bound<'_, PyDict>>() {
        return dict.len();
    }
    0
}
`,
    good: `use pyo3::prelude::*;
use pyo3::types::PyDict;

#[pyfunction]
fn size(object: &Bound<'_, PyAny>) -> usize {
    if let Ok(dict) = object.cast::<PyDict>() {
        return dict.len();
    }
    0
}
`,
    exceptions: ['conversions into types of Rust, and classes of the crate', '`extract()?`, whose error is wanted'],
    fixSafety: 'The result is a reference to the object, not an object of its own.',
    references: [{ title: 'PyO3 guide, performance', url: 'https://pyo3.rs/latest/performance' }],
  },
  check(ctx) {
    for (const entry of attachedFns(ctx)) {
      for (const one of ctx.facts.gil.perItem(entry)) {
        if (one.kind !== 'probe') continue;
        const minor = pyo3Minor(ctx.workspace, entry.item.module.crate);
        const name = minor === null ? null : minor >= 26 ? 'cast' : minor >= 21 ? 'downcast' : null;
        const text = sliceSpan(ctx.workspace.text(entry.item.file), { start: one.span.start, end: one.expr.span.end });
        const fixes: readonly Fix[] =
          name && /^extract::<(pyo3::)?Bound</.test(text)
            ? [
                {
                  title: `ask with \`${name}\``,
                  safe: false,
                  edits: [
                    {
                      file: entry.item.file.path,
                      span: { start: one.span.start, end: one.expr.span.end },
                      text: `${name}::<${typeOf(text)}>()`,
                    },
                  ],
                },
              ]
            : [];
        ctx.report('found', {
          at: { file: entry.item.file, span: one.span },
          data: { what: one.what },
          help: `ask with \`${name ?? 'cast'}\``,
          fixes,
          item: entry.item,
        });
      }
    }
  },
});

/** `PyDict` of `extract::<Bound<'_, PyDict>>()`. */
function typeOf(text: string): string {
  return /Bound<(?:\s*'\w+\s*,)?\s*([\w:]+)\s*>/.exec(text)?.[1] ?? '';
}
