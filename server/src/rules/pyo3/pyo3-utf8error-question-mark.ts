/** `?` on an error of decoding text, which PyO3 no longer converts. */
import { pyo3Minor } from '../pyo3-classes.ts';
import { fixesOf, pythonFns } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

/** PyO3 has no conversion from here on; the migration is announced two versions before. */
const GONE = 29;
const ANNOUNCED = 27;

export default defineRule({
  id: 'pyo3-utf8error-question-mark',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    gone: '`?` cannot raise `{error}`: PyO3 0.29 has no conversion of it',
    going: '`?` on `{error}` does not compile with PyO3 0.29, which has no conversion of it',
  },
  docs: {
    what: '`?` in a function that gives a `PyResult` is used on a `Utf8Error`, `FromUtf16Error` or `DecodeUtf16Error`',
    why: `Python's \`UnicodeDecodeError\` holds the bytes that could not be decoded, and these errors do not have them, so PyO3 0.29 has dropped the
conversions (E0277). \`PyUnicodeDecodeError::new_err_from_utf8\` takes the bytes as well.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn decode(data: &[u8]) -> PyResult<String> {
    // error[E0277]: there is no conversion of \`Utf8Error\`
    let text = std::str::from_utf8(data)?;
    Ok(text.to_uppercase())
}
`,
    good: `use pyo3::exceptions::PyUnicodeDecodeError;
use pyo3::prelude::*;

#[pyfunction]
fn decode(py: Python<'_>, data: &[u8]) -> PyResult<String> {
    let text = std::str::from_utf8(data).map_err(|e| PyUnicodeDecodeError::new_err_from_utf8(py, data, e))?;
    Ok(text.to_uppercase())
}
`,
    exceptions: [
      '`String::from_utf8`, whose error has the bytes and is still converted',
      'errors that are converted by hand, functions that give another error, closures',
      'PyO3 before 0.27, and versions that are not known',
    ],
    fixSafety: 'Which exception is meant, only the author knows.',
    references: [{ title: 'PyO3 migration guide, from 0.28 to 0.29', url: 'https://pyo3.rs/latest/migration' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pythonFns(ctx.unit.items)) {
      const version = pyo3Minor(ctx.workspace, item.module.crate);
      if (version === null || version < ANNOUNCED) continue;
      for (const one of ctx.facts.pythonErrors.lostConversions(item)) {
        ctx.report(version >= GONE ? 'gone' : 'going', {
          at: { file: item.file, span: one.span },
          data: { error: one.error },
          help: 'raise an exception by hand: `UnicodeDecodeError` with the bytes, or `ValueError`',
          fixes: fixesOf(one.edits, item.file),
          ...(version >= GONE ? {} : { severity: 'warning' as const }),
          item,
        });
      }
    }
  },
});
