/** The stub file beside a module says something else than the module does. */
import type { ModuleStub } from '../../analysis/python-module/module-facts.ts';
import type { StubFn } from '../../model/python/stub.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { Location } from '../../base/text.ts';
import { classOptions, pyclasses } from '../pyo3-classes.ts';
import type { At, RuleContext } from '../rule.ts';
import { defineRule, orNone } from '../rule.ts';
import { stubDifference } from '../stub-difference.ts';
import { stubFix } from '../stub-fix.ts';

type MessageId = 'params' | 'missing' | 'extra';

export default defineRule<MessageId>({
  id: 'pyo3-stub-drift',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'python'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    params: 'the stub of `{name}` {difference}',
    missing: '`{name}` is exported to Python, and the stub has no such {kind}',
    extra: 'the stub declares `{name}`, which the module does not have',
  },
  docs: {
    what: 'A `.pyi` beside a PyO3 module misses a function or class, has one too many, or other parameters or defaults than the Rust code',
    why: `Editors and type checkers believe the stub. A parameter that was renamed in Rust, or a default that is only in the stub, is accepted by them and
raises \`TypeError\` when it runs; a function that the stub lacks is marked as an error although it works.`,
    bad: `// sample.pyi: def scale(value: float, by: float = 2.0) -> float: ...
use pyo3::prelude::*;

#[pyfunction]
fn scale(value: f64, factor: f64) -> f64 {
    value * factor
}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(scale, m)?)
}
`,
    good: `// sample.pyi: def scale(value: float, factor: float) -> float: ...
use pyo3::prelude::*;

#[pyfunction]
fn scale(value: f64, factor: f64) -> f64 {
    value * factor
}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(scale, m)?)
}
`,
    exceptions: [
      'overloads, functions with `*args` or `**kwargs` on either side, and functions that are declared under a condition',
      'the order of parameters that go by name only, names of those that go by place only, and stubs that allow less than the function',
      'defaults that are not plain literals on both sides, `...`, and `None` in Rust, which may mean another value',
      'names that begin with `_`, which a stub may leave out',
      'stubs that are generated, that cannot be parsed, or that take names from elsewhere (`import *`, `__getattr__`)',
      'trailing `Option` parameters without a signature, special methods, getters and setters',
      'crates with several modules, modules inside of it that functions make, and functions and classes made by macros',
    ],
    fixSafety: 'Which side is right only people know: the edits follow the Rust.',
    references: [{ title: 'PyO3 guide, typing and IDE hints', url: 'https://pyo3.rs/latest/python-typing-hints' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const stubs = ctx.facts.pythonModule.stubs(ctx.unit.crate);
    if (stubs.length === 0) return;
    for (const entry of ctx.unit.surface.pyEntries) {
      if (entry.kind === 'module' || entry.item.file.origin || entry.item.test || entry.item.cfg.kind !== 'true') continue;
      if (entry.kind === 'function' && !ctx.facts.pythonModule.mayBeRegistered(entry.item)) continue;
      compare(ctx, entry, stubs);
    }
    for (const item of pyclasses(ctx.unit.items)) missingClass(ctx, item, stubs);
    // What is too much is said once, beside the module.
    const [top] = stubs;
    if (top && top.module.file === ctx.unit.file && !top.stub.open) extras(ctx, top);
  },
});

function compare(ctx: RuleContext<MessageId>, entry: PyEntry, stubs: readonly ModuleStub[]): void {
  const signature = ctx.facts.pythonModule.signature(entry);
  if (!signature) return;
  const { name, params } = signature;
  const found = entry.kind === 'method' ? methodOf(ctx, entry, name, stubs) : functionOf(ctx, entry, name, stubs);
  if (!found) return;
  const here: At = { file: entry.item.file, span: entry.ast.nameSpan };
  const { declared, file } = found;
  if (!declared) {
    report(ctx, here, name, 'function', file, entry.item);
    return;
  }
  if (declared.several || (/^__\w+__$/.test(name) && name !== '__init__')) return;
  const difference = stubDifference(declared.params, params);
  if (difference === null) return;
  const at: Location = { file, span: declared.nameSpan };
  ctx.report('params', {
    at: here,
    data: { name: name === '__init__' ? (entry.className ?? name) : name, difference },
    related: [{ at, message: 'the stub' }],
    help: 'say the same in both',
    fixes: orNone(stubFix(file, declared, params, ctx.text(file))),
    item: entry.item,
  });
}

function report(ctx: RuleContext<MessageId>, at: At, name: string, kind: 'function' | 'class', stub: string, item: RustItem): void {
  ctx.report('missing', { at, data: { name, kind }, help: `declare it in ${stub.slice(stub.lastIndexOf('/') + 1)}`, item });
}

/** Where a stub declares something, and null where it should and does not. */
interface Declared {
  readonly file: string;
  readonly declared: StubFn | null;
}

/** Where a function is declared; undefined where that cannot be told. */
function functionOf(ctx: RuleContext<MessageId>, entry: PyEntry, name: string, stubs: readonly ModuleStub[]): Declared | undefined {
  const home = homeOf(ctx, entry.item.name, stubs);
  const found = home ?? (hasSubmodules(ctx) ? undefined : stubs[0]);
  const declared = found?.stub.functions.find((fn) => fn.name === name);
  if (found && declared) return { file: found.stub.file, declared };
  if (!home || name.startsWith('_') || home.stub.open || home.stub.names.has(name)) return undefined;
  return { file: home.stub.file, declared: null };
}

function methodOf(ctx: RuleContext<MessageId>, entry: PyEntry, name: string, stubs: readonly ModuleStub[]): Declared | undefined {
  const self = ctx.workspace.resolve(['Self'], entry.scope, 'type');
  if (self.kind !== 'item') return undefined;
  const known = classNameOf(self.item);
  for (const { stub } of stubs) {
    const type = stub.classes.find((one) => one.name === known);
    // `#[new]` is `__new__`; an `__init__` beside it is that of `object`.
    const declared =
      (name === '__init__' ? type?.methods.find((method) => method.name === '__new__') : undefined) ??
      type?.methods.find((method) => method.name === name);
    if (declared) return { file: stub.file, declared };
  }
  return undefined;
}

function classNameOf(item: RustItem): string {
  const named = classOptions(item).find((meta) => meta.name === 'name')?.value;
  return named ?? item.name.replace(/^r#/, '');
}

function missingClass(ctx: RuleContext<MessageId>, item: RustItem, stubs: readonly ModuleStub[]): void {
  const home = item.file.origin || item.test || item.cfg.kind !== 'true' ? undefined : homeOf(ctx, item.name, stubs);
  const name = classNameOf(item);
  if (!home || home.stub.open || name.startsWith('_') || stubs.some(({ stub }) => stub.names.has(name))) return;
  report(ctx, { file: item.file, span: item.entry.nameSpan }, name, 'class', home.stub.file, item);
}

/** The module whose own text names a function or class to export it: helpers and macros may put it into another one. */
function homeOf(ctx: RuleContext<MessageId>, name: string, stubs: readonly ModuleStub[]): ModuleStub | undefined {
  const exported = new RegExp(
    `\\bwrap_pyfunction(_bound)?!\\s*\\([^)]*\\b${name}\\b|\\badd_class\\s*::\\s*<[^;]*\\b${name}\\b|#\\[pymodule_export\\]\\s*(pub\\s+)?use[^;]*\\b${name}\\b(?!\\s+as\\b)`,
  );
  const home = stubs.find(({ text }) => exported.test(text));
  // What a function makes into a module of its own may take it from the one that is seen.
  return home && home.module.entry.kind === 'fn' && hasSubmodules(ctx) && /\b(add_submodule|PyModule::new)/.test(home.text)
    ? undefined
    : home;
}

function extras(ctx: RuleContext<MessageId>, { stub }: ModuleStub): void {
  if (hasSubmodules(ctx)) return;
  for (const fn of stub.functions) {
    if (/^__\w+__$/.test(fn.name) || ctx.workspace.mentions(fn.name, null)) continue;
    const named = ctx.workspace.filesNaming(fn.name).some((file) => new RegExp(`\\b${fn.name}\\b`).test(ctx.workspace.text(file)));
    if (named) continue;
    ctx.report('extra', {
      at: { file: stub.file, span: fn.nameSpan },
      data: { name: fn.name },
      help: 'take it out, or export it from Rust',
    });
  }
}

/** Functions of submodules are declared in stubs of their own. */
function hasSubmodules(ctx: RuleContext<MessageId>): boolean {
  const words = /\b(add_submodule|submodule|wrap_pymodule)\b/;
  return ['add_submodule', 'submodule', 'wrap_pymodule'].some((word) =>
    ctx.workspace.filesNaming(word).some((file) => words.test(ctx.workspace.text(file))),
  );
}
