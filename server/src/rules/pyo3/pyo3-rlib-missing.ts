/** Tests and programs of a package use its library, which is built for Python alone. */
import { pyo3Of } from '../pyo3-packages.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-rlib-missing',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['cargo'],
  equivalents: [],
  fix: 'safe',
  messages: { missing: '{kind} `{user}` uses `{name}`, which is built as a cdylib only: it cannot be linked' },
  docs: {
    what: 'A library has `crate-type = ["cdylib"]`, and a test, bench, example or program of the package uses it',
    why: `A cdylib holds a C interface and nothing of Rust's. What wants to \`use\` the library needs an \`rlib\` as well: without it, \`cargo test\` ends in
"can't find crate".`,
    bad: `# tests/it.rs: use sample as _;
[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.27"
`,
    good: `# tests/it.rs: use sample as _;
[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib", "rlib"]

[dependencies]
pyo3 = "0.27"
`,
    exceptions: ['packages whose tests and programs do not name the library', 'unit tests inside of the library', 'packages without PyO3'],
    fixSafety: 'The cdylib is built as before.',
    references: [{ title: 'PyO3 FAQ: testing', url: 'https://pyo3.rs/latest/faq' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'manifest') return;
    const pkg = ctx.unit.package;
    const lib = pkg.targets.find((target) => target.kind === 'lib');
    const place = pkg.places.crateType;
    if (!lib || !place || !pyo3Of(pkg) || lib.crateTypes.length !== 1 || lib.crateTypes[0] !== 'cdylib') return;
    const uses = new RegExp(`\\b(use|extern\\s+crate)\\s+(::)?${lib.name}\\b|\\b${lib.name}\\s*::`);
    for (const file of ctx.workspace.filesNaming(lib.name)) {
      const crate = ctx.workspace.cratesOf(file.path)[0];
      if (crate?.package !== pkg || !/^(test|bench|example|bin)$/.test(crate.target.kind)) continue;
      const text = ctx.workspace.text(file);
      const hit = uses.exec(text);
      if (!hit || text.slice(text.lastIndexOf('\n', hit.index) + 1, hit.index).includes('//')) continue;
      const at = { start: place.start + 1, end: place.start + 1 };
      ctx.report('missing', {
        at: { file: pkg.manifest, span: place },
        data: { kind: KINDS[crate.target.kind] ?? 'target', user: crate.target.name, name: lib.name },
        related: [{ at: { file, span: { start: hit.index, end: hit.index + hit[0].length } }, message: 'used here' }],
        help: 'add `"rlib"` to the `crate-type`',
        fixes: [{ title: 'build an rlib as well', safe: true, edits: [{ file: pkg.manifest, span: at, text: '"rlib", ' }] }],
      });
      return;
    }
  },
});

const KINDS: Readonly<Record<string, string>> = { test: 'the test', bench: 'the bench', example: 'the example', bin: 'the program' };
