/** A token is made up where nothing says that the interpreter is held. */
import type { Fix } from '../rule.ts';
import { pythonFns } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-token-forged',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    unexplained: '`{what}` makes up a token, and nothing says why the interpreter is held here',
    elsewhere: '`{what}` makes up a token on a thread or in a future that does not hold the interpreter',
  },
  docs: {
    what: '`assume_attached`, `attach_unchecked` or their old names are used without a `SAFETY` comment, or on another thread',
    why: `A \`Python<'py>\` token is the proof that this thread holds the interpreter. Made up where that is not so, every use of it races with other
threads over reference counts, and the process crashes at some later time. A spawned thread and a future never inherit the interpreter.
\`Python::attach\` costs about 10 nanoseconds where it is held already.`,
    bad: `use pyo3::prelude::*;

pub fn version() -> String {
    let py = unsafe { Python::assume_attached() };
    py.version().to_string()
}
`,
    good: `use pyo3::prelude::*;

pub fn version() -> String {
    Python::attach(|py| py.version().to_string())
}
`,
    exceptions: [
      'functions that call the C API by hand as well: an info there, since the call has the same premise',
      '`extern "C"` functions, which Python calls with the interpreter held',
      'places with a `SAFETY` comment above them, and unsafe functions whose docs have a `# Safety` section',
      'tests',
    ],
    fixSafety: 'Taking the interpreter can block where it is not held; that it is held would have had to be known.',
    references: [{ title: 'PyO3, Python: how to get a token', url: 'https://docs.rs/pyo3/latest/pyo3/marker/struct.Python.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pythonFns(ctx.unit.items)) {
      for (const token of ctx.facts.gil.forgedTokens(item)) {
        const attach = ctx.facts.gil.attachName(item.module.crate);
        const called = ctx.workspace.slice(item.file, token.span);
        const name = {
          start: token.span.start + called.lastIndexOf(token.what),
          end: token.span.start + called.lastIndexOf(token.what) + token.what.length,
        };
        const fixes: readonly Fix[] =
          attach && /unchecked$/.test(token.what) && called.endsWith(token.what)
            ? [
                {
                  title: `take the interpreter with \`${attach}\``,
                  safe: false,
                  edits: [{ file: item.file.path, span: name, text: attach }],
                },
              ]
            : [];
        ctx.report(token.elsewhere ? 'elsewhere' : 'unexplained', {
          at: { file: item.file, span: token.span },
          data: { what: token.what },
          help: `take the interpreter with \`Python::${attach ?? 'attach'}\`${token.elsewhere ? '' : ", ask for a `py: Python<'_>`, or say in a `SAFETY` comment who holds it"}`,
          fixes,
          // Raw calls of the C API have the same premise: the token adds nothing to it.
          ...(token.raw && !token.elsewhere ? { severity: 'info' as const } : {}),
          item,
          claims: [
            {
              kind: 'calls',
              at: { file: item.file, span: token.span },
              callees: /^pyo3::Python::(?:assume_gil_acquired|assume_attached|\w+_unchecked)$/,
            },
          ],
        });
      }
    }
  },
});
