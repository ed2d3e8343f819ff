/** Bytes are returned as a list of numbers. */
import { tyOfWritten } from '../../analysis/types/local-types-written.ts';
import type { MaybeTy } from '../../analysis/types/local-types-ty.ts';
import { bytesFix } from '../pyo3-bytes-fix.ts';
import { pyo3Minor } from '../pyo3-classes.ts';
import { defineRule, orNone } from '../rule.ts';

/** From here on PyO3 makes `bytes` of it. */
const AS_BYTES = 23;

export default defineRule({
  id: 'pyo3-vec-u8-return',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { list: '`{name}` gives Python a list of numbers, not `bytes`: PyO3 {version} makes that of a `Vec<u8>`' },
  docs: {
    what: 'A function returns `Vec<u8>` with a PyO3 before 0.23',
    why: `PyO3 before 0.23 converts \`Vec<u8>\` like any other \`Vec\`: into a list with an object for each byte, which takes eight times the memory and is not
what callers of a function for bytes expect. Since 0.23 the same code returns \`bytes\`, so an update changes what callers get. \`Cow<[u8]>\` and
\`PyBytes\` are \`bytes\` in all versions.`,
    bad: `# src/lib.rs: use pyo3::prelude::*;
# src/lib.rs: #[pyfunction]
# src/lib.rs: fn header() -> Vec<u8> {
# src/lib.rs:     vec![1, 2].into()
# src/lib.rs: }
[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.22"
`,
    good: `# src/lib.rs: use pyo3::prelude::*;
# src/lib.rs: #[pyfunction]
# src/lib.rs: fn header() -> std::borrow::Cow<'static, [u8]> {
# src/lib.rs:     vec![1, 2].into()
# src/lib.rs: }
[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.22"
`,
    exceptions: [
      'PyO3 from 0.23 on, and versions that are not known',
      '`Cow<[u8]>`, `PyBytes`, and slices',
      'vectors of other numbers',
      'functions that are named for numbers: `indices`, `counts`, `levels`',
    ],
    fixSafety: 'Callers in Python get `bytes`, which has no `append` and compares unequal to a list.',
    references: [{ title: 'PyO3 migration guide, from 0.22 to 0.23', url: 'https://pyo3.rs/latest/migration' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const { kind, item, ast, scope } of ctx.facts.gil.distinct(ctx.unit.surface.pyEntries)) {
      const version = pyo3Minor(ctx.workspace, item.module.crate);
      if (kind === 'module' || version === null || version >= AS_BYTES || !ast.result || item.test) continue;
      if (NUMBERS.test(ast.name)) continue;
      if (ast.attributes.some(({ path }) => path === 'new') || !isBytes(tyOfWritten(ast.result, scope, ctx.workspace))) continue;
      ctx.report('list', {
        at: { file: item.file, span: ast.result.span },
        data: { name: ast.name, version: `0.${version}` },
        help: 'return `Cow<[u8]>` or `PyBytes`; where numbers are meant, another type: PyO3 0.23 makes `bytes` of it',
        fixes: orNone(bytesFix(item, ast, ctx.workspace)),
        item,
      });
    }
  },
});

/** What says that small numbers are meant, one by one. */
const NUMBERS =
  /(^|_)(indices|indexes|ids|counts|numbers|sizes|lengths|widths|levels|ranks|ages|scores|values|digits|qualities|priorities|weights)$/;

function isBytes(ty: MaybeTy): boolean {
  if (ty?.kind !== 'external') return false;
  const [first] = ty.args;
  if (ty.path === 'std::vec::Vec') return first?.kind === 'primitive' && first.name === 'u8';
  return /^std::(result::Result|option::Option)$/.test(ty.path) && isBytes(first ?? null);
}
