/** The stub file beside a module says something else than the module does. */
import type { PythonParam } from '../../analysis/python-module/stubs.ts';
import type { PyStub, StubFn } from '../../model/python/stub.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import type { Location } from '../../base/text.ts';
import type { At, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type MessageId = 'params' | 'missing' | 'extra';

export default defineRule<MessageId>({
  id: 'pyo3-stub-drift',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'python'],
  equivalents: [],
  fix: 'none',
  messages: {
    params: 'the stub of `{name}` {difference}',
    missing: '`{name}` is exported to Python, and the stub has no such function',
    extra: 'the stub declares `{name}`, which the module does not have',
  },
  docs: {
    what: 'A `.pyi` beside a PyO3 module misses a function, has one too many, or other parameters than the Rust code',
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
      'stubs that are generated, that cannot be parsed, or that take names from elsewhere (`import *`, `__getattr__`)',
      'trailing `Option` parameters without a signature, special methods, getters and setters',
      'crates with several modules, and functions and classes made by macros',
    ],
    fixSafety: null,
    references: [{ title: 'PyO3 guide, typing and IDE hints', url: 'https://pyo3.rs/latest/python-typing-hints' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const stub = ctx.facts.pythonModule.stub(ctx.unit.crate);
    if (!stub) return;
    for (const entry of ctx.unit.surface.pyEntries) {
      if (entry.kind === 'module' || entry.item.file.origin || entry.item.test || entry.item.cfg.kind !== 'true') continue;
      if (entry.kind === 'function' && !ctx.facts.pythonModule.mayBeRegistered(entry.item)) continue;
      const signature = ctx.facts.pythonModule.signature(entry);
      if (signature) compare(ctx, entry, signature.name, signature.params, stub);
    }
    // What is too much is said once, beside the module.
    const [module] = ctx.facts.pythonModule.topModules(ctx.unit.crate);
    if (module?.file === ctx.unit.file && !stub.open) extras(ctx, stub);
  },
});

function compare(ctx: RuleContext<MessageId>, entry: PyEntry, name: string, params: readonly PythonParam[], stub: PyStub): void {
  const here: At = { file: entry.item.file, span: entry.ast.nameSpan };
  const declared = entry.kind === 'method' ? methodOf(ctx, entry, name, stub) : stub.functions.find((fn) => fn.name === name);
  if (!declared) {
    if (entry.kind === 'method' || stub.open || stub.names.has(name) || hasSubmodules(ctx) || !isInModule(ctx, entry)) return;
    ctx.report('missing', {
      at: here,
      data: { name },
      help: `declare it in ${stub.file.slice(stub.file.lastIndexOf('/') + 1)}`,
      item: entry.item,
    });
    return;
  }
  if (declared.several || (/^__\w+__$/.test(name) && name !== '__init__')) return;
  const difference = differenceOf(declared, params);
  if (difference === null) return;
  const at: Location = { file: stub.file, span: declared.nameSpan };
  ctx.report('params', {
    at: here,
    data: { name: name === '__init__' ? (entry.className ?? name) : name, difference },
    related: [{ at, message: 'the stub' }],
    help: 'say the same in both',
    item: entry.item,
  });
}

function methodOf(ctx: RuleContext<MessageId>, entry: PyEntry, name: string, stub: PyStub): StubFn | undefined {
  const self = ctx.workspace.resolve(['Self'], entry.scope, 'type');
  if (self.kind !== 'item') return undefined;
  const option = self.item.entry.attributes.filter(({ path }) => /(^|::)(pyclass|pyo3)$/.test(path)).flatMap(({ args }) => args ?? []);
  const known = option.find((meta) => meta.name === 'name')?.value ?? self.item.name;
  const type = stub.classes.find((one) => one.name === known);
  return (
    type?.methods.find((method) => method.name === name) ??
    (name === '__init__' ? type?.methods.find((method) => method.name === '__new__') : undefined)
  );
}

/** What is different, as the end of a sentence; null where nothing is that can be told. */
function differenceOf(declared: StubFn, params: readonly PythonParam[]): string | null {
  if ([...declared.params, ...params].some(({ kind }) => kind !== 'plain')) return null;
  // A leading `__` is how stubs once said that a parameter has no name to callers.
  if (declared.params.some(({ name }) => name.startsWith('__'))) return null;
  const theirs = declared.params.map(({ name }) => name);
  const ours = params.map(({ name }) => name);
  if (theirs.length !== ours.length) return `has ${theirs.length} parameter${theirs.length === 1 ? '' : 's'}, the function ${ours.length}`;
  const at = theirs.findIndex((name, i) => name !== ours[i]);
  if (at >= 0) return `calls a parameter \`${theirs[at]}\` that is called \`${ours[at]}\``;
  const other = declared.params.find((param, i) => param.hasDefault !== params[i]?.hasDefault);
  if (!other) return null;
  return other.hasDefault ? `gives \`${other.name}\` a default that it has not got` : `has no default for \`${other.name}\``;
}

function extras(ctx: RuleContext<MessageId>, stub: PyStub): void {
  if (hasSubmodules(ctx)) return;
  for (const fn of [...stub.functions, ...stub.classes]) {
    if (/^__\w+__$/.test(fn.name) || ctx.workspace.mentions(fn.name, null)) continue;
    const named = ctx.workspace.filesNaming(fn.name).some((file) => new RegExp(`\\b${fn.name}\\b`).test(ctx.workspace.text(file)));
    // Protocols, type aliases and the like exist for the type checker alone.
    if (named || !('params' in fn)) continue;
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

/** Whether the top-level module itself names the function: helpers and macros may put it into another one. */
function isInModule(ctx: RuleContext<MessageId>, entry: PyEntry): boolean {
  const [module] = ctx.facts.pythonModule.topModules(entry.item.module.crate);
  if (!module) return false;
  const text = ctx.workspace.text(module.file).slice(module.entry.span.start, module.entry.span.end);
  return new RegExp(`\\b${entry.item.name}\\b`).test(text);
}
