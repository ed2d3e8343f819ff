/** Bytes of Python are copied to be looked at. */
import { attachedFns } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-bytes-copy-param',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: ['clippy::needless_pass_by_value'],
  fix: 'unsafe',
  messages: { copies: '`{param}: Vec<u8>` copies its bytes, and `{name}` only looks at them' },
  docs: {
    what: 'A parameter `Vec<u8>` of a PyO3 function is only read',
    why: `Up to PyO3 0.26, the object is asked for its items and each becomes a number of its own: a million calls for a megabyte of \`bytes\`. Later
versions copy \`bytes\` and \`bytearray\` at once, which still doubles the memory. A \`&[u8]\` points into the \`bytes\` object and costs nothing;
\`PyBackedBytes\` (PyO3 0.21) takes \`bytearray\` as well and can be kept.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn checksum(data: Vec<u8>) -> u64 {
    data.iter().map(|byte| u64::from(*byte)).sum()
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn checksum(data: &[u8]) -> u64 {
    data.iter().map(|byte| u64::from(*byte)).sum()
}
`,
    exceptions: [
      'vectors that are changed, kept, returned, or moved into a closure or another call',
      'functions with macros whose tokens are not parsed, and `async fn`',
    ],
    fixSafety: 'A `&[u8]` takes `bytes` only: lists of numbers and `bytearray` are no longer accepted.',
    references: [{ title: 'PyO3 guide, mapping of Rust types', url: 'https://pyo3.rs/latest/conversions/tables' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const called = new Set(ctx.unit.surface.pyEntries);
    for (const entry of attachedFns(ctx)) {
      if (!called.has(entry) || entry.kind === 'module') continue;
      for (const param of ctx.facts.gil.copiedBytes(entry)) {
        const { file } = entry.item;
        const editable = ctx.workspace.editable(file, param.type) && !entry.item.owner?.entry.implTrait;
        ctx.report('copies', {
          at: { file, span: param.type },
          data: { param: param.name, name: entry.ast.name },
          help: 'take `&[u8]`, or `PyBackedBytes`',
          fixes: editable ? [{ title: 'take `&[u8]`', safe: false, edits: [{ file: file.path, span: param.type, text: '&[u8]' }] }] : [],
          item: entry.item,
        });
      }
    }
  },
});
