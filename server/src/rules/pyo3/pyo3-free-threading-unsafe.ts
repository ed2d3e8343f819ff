/** A module that may run without the GIL changes memory that nothing but the GIL guards. */
import type { Span } from '../../base/text.ts';
import type { TopModule } from '../../analysis/python-module/module-facts.ts';
import type { RustItem, SourceFile, Workspace } from '../../model/workspace.ts';
import type { Cfg } from '../../model/rust/attribute.ts';
import { implies } from '../../model/rust/cfg.ts';
import { pyclasses, pyo3Minor } from '../pyo3-classes.ts';
import { attachedFns } from '../pyo3-fns.ts';
import { notSync } from '../pyo3-sync.ts';
import { optionEdit } from '../pyo3-class-edits.ts';
import type { Fix, Report, RuleContext } from '../rule.ts';
import { defineRule, orNone } from '../rule.ts';

type MessageId = 'static' | 'cell' | 'class';

/** `#[cfg(not(Py_GIL_DISABLED))]`, which PyO3's build configuration sets for the interpreter that is built for. */
const GIL_ONLY: Cfg = { kind: 'not', operand: { kind: 'option', name: 'Py_GIL_DISABLED', value: null } };
/** Modules may say so since the first; they do unless they say otherwise since the second. */
const POSSIBLE = 23;
const DEFAULT = 28;

export default defineRule<MessageId>({
  id: 'pyo3-free-threading-unsafe',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  acrossItems: true,
  messages: {
    static: '`static mut {name}` is used by `{user}`, which threads run at once where there is no GIL',
    cell: '`{name}` is shared without a lock: `{user}` is run by several threads at once where there is no GIL',
    class: '`unsafe impl Sync` for `{name}` shares `{field}` (`{what}`) between threads, and no GIL guards it',
  },
  docs: {
    what: 'A module that does not ask for the GIL has `static mut`, a static `UnsafeCell`, or a class with cells that claims to be `Sync`',
    why: `Since PyO3 0.28, modules say that they run without the GIL unless \`#[pymodule(gil_used = true)]\` says otherwise. On a free-threaded Python,
several threads then run the same function at the same time: having a token proves nothing about others. What was guarded by the GIL alone
is a data race.`,
    bad: `use pyo3::prelude::*;

static mut CALLS: u64 = 0;

#[pyfunction]
fn count() -> u64 {
    unsafe {
        CALLS += 1;
        CALLS
    }
}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(count, m)?)
}
`,
    good: `use pyo3::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

static CALLS: AtomicU64 = AtomicU64::new(0);

#[pyfunction]
fn count() -> u64 {
    CALLS.fetch_add(1, Ordering::Relaxed) + 1
}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(count, m)?)
}
`,
    exceptions: [
      'modules with `gil_used = true`, and crates without a module',
      'statics that are set in the initializer of a once cell, or in a function that only such an initializer calls',
      'code under `cfg(not(Py_GIL_DISABLED))`',
      'statics that only the module’s init uses, and those that Python’s functions do not name',
      'classes with raw pointers: what is behind them may be guarded elsewhere',
      'PyO3 before 0.28, unless the module says `gil_used = false` (an info there)',
    ],
    fixSafety: 'An interpreter without the GIL takes it for the whole process when it imports the module.',
    references: [{ title: 'PyO3 guide, free-threaded Python', url: 'https://pyo3.rs/latest/free-threading' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const { crate } = ctx.unit;
    const version = pyo3Minor(ctx.workspace, crate);
    const modules = ctx.facts.pythonModule.topModules(crate);
    if (version === null || version < POSSIBLE || modules.length === 0) return;
    const said = modules.map(
      ({ entry }) => entry.attributes.flatMap(({ args }) => args ?? []).find(({ name }) => name === 'gil_used')?.value ?? null,
    );
    if (said.includes('true') || ctx.workspace.filesNaming('gil_used').some((file) => /\.\s*gil_used\s*\(/.test(ctx.workspace.text(file))))
      return;
    if (version < DEFAULT && !said.includes('false')) return;
    const fixes = orNone(gilFix(modules, ctx.workspace));
    const rest = version < DEFAULT ? ({ severity: 'info', fixes } as const) : { fixes };
    for (const item of ctx.unit.items) {
      if (item.kind === 'static' && !item.test && !item.file.origin) checkStatic(ctx, item, rest);
    }
    for (const item of pyclasses(ctx.unit.items)) checkClass(ctx, item, rest);
  },
});

/** What all findings of a module have in common. */
type Rest = Pick<Report, 'severity' | 'fixes'>;

/** `gil_used = true` for the only module, in the place of what it says now. */
function gilFix(modules: readonly TopModule[], workspace: Workspace): Fix | null {
  const [module] = modules;
  if (!module || modules.length > 1) return null;
  const said = module.entry.attributes
    .filter(({ condition }) => condition === null)
    .flatMap(({ args }) => args ?? [])
    .find(({ name }) => name === 'gil_used');
  const edit = said
    ? { file: module.file.path, span: said.span, text: 'gil_used = true' }
    : optionEdit(module, 'pymodule', 'gil_used = true', workspace);
  return edit && workspace.editable(module.file, edit.span)
    ? { title: 'say that the module needs the GIL', safe: false, edits: [edit] }
    : null;
}

function checkStatic(ctx: RuleContext<MessageId>, item: RustItem, rest: Rest): void {
  const ast = ctx.workspace.ast(item);
  if (ast?.kind !== 'static' || item.owner || implies(item.cfg, GIL_ONLY)) return;
  const what = ast.type ? notSync(ast.type, { module: item.module, item }, ctx.workspace, new Set()) : null;
  const isCell = what === 'UnsafeCell' || /\bSyncUnsafeCell\b/.test(ctx.workspace.slice(item.file, item.entry.span));
  if (!ast.mutable && !isCell) return;
  const word = new RegExp(`\\b${item.name}\\b`);
  const user = attachedFns(ctx).find(({ kind, item: fn }) => kind !== 'module' && word.test(ctx.workspace.slice(fn.file, fn.entry.span)));
  if (!user || isSetOnce(ctx, item.name)) return;
  ctx.report(ast.mutable ? 'static' : 'cell', {
    at: { file: item.file, span: item.entry.nameSpan },
    data: { name: item.name, user: user.ast.name },
    related: [{ at: { file: user.item.file, span: user.ast.nameSpan }, message: 'Python calls this from any thread' }],
    help: 'use atomics or a `Mutex`, or say `#[pymodule(gil_used = true)]`',
    ...rest,
    item,
  });
}

/** Whether every assignment of a static stands in the initializer of a once cell: `INIT.get_or_init(py, || unsafe { TYPE = … })`. */
function isSetOnce(ctx: RuleContext<MessageId>, name: string): boolean {
  const word = new RegExp(`\\b${name}\\b\\s*([-+*/|&^%]|<<|>>)?=(?!=)|(&mut\\s+|addr_of_mut!\\s*\\(\\s*|&raw\\s+mut\\s+)${name}\\b`, 'g');
  let written = 0;
  for (const file of ctx.workspace.filesNaming(name)) {
    const text = ctx.workspace.text(file);
    for (const hit of text.matchAll(word)) {
      if (!inOnce(text, hit.index) && !onlyOnce(ctx, file, hit.index)) return false;
      written++;
    }
  }
  return written > 0;
}

/** Whether a place stands in the initializer of a once cell. */
function inOnce(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 1500), at);
  const call = /[\s\S]*\.\s*(?:get_or_init|get_or_try_init|call_once(?:_force|_py_attached)?|get_or_init_py_attached)\s*(\()/d.exec(before);
  const open = call?.indices?.[1]?.[0] ?? -1;
  return open >= 0 && staysOpen(before.slice(open));
}

/** Whether the fn around a place is named in such initializers only. */
function onlyOnce(ctx: RuleContext<MessageId>, file: SourceFile, at: number): boolean {
  const fn =
    ctx.unit.kind === 'rust' ? ctx.unit.items.find((i) => i.kind === 'fn' && i.file === file && holds(i.entry.span, at)) : undefined;
  if (!fn) return false;
  let named = 0;
  for (const other of ctx.workspace.filesNaming(fn.name)) {
    const text = ctx.workspace.text(other);
    for (const hit of text.matchAll(new RegExp(`\\b${fn.name}\\b`, 'g'))) {
      if (other === fn.file && holds(fn.entry.span, hit.index)) continue;
      if (!inOnce(text, hit.index)) return false;
      named++;
    }
  }
  return named > 0;
}

function holds(span: Span, at: number): boolean {
  return span.start <= at && at < span.end;
}

/** Whether the bracket at the start is not closed again. */
function staysOpen(text: string): boolean {
  let depth = 0;
  for (const c of text) {
    if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return false;
  }
  return depth > 0;
}

function checkClass(ctx: RuleContext<MessageId>, item: RustItem, rest: Rest): void {
  const claim = ctx.workspace.implsOf(item).find(({ entry }) => /(^|::)Sync$/.test(entry.implTrait ?? ''));
  const ast = claim ? ctx.workspace.ast(item) : null;
  if (!claim || ast?.kind !== 'struct') return;
  for (const field of ast.fields) {
    const what = notSync(field.type, { module: item.module, item }, ctx.workspace, new Set([item]));
    if (what === null || !/^(Cell|RefCell|UnsafeCell|OnceCell)$/.test(what)) continue;
    ctx.report('class', {
      at: { file: claim.file, span: claim.entry.signatureSpan },
      data: { name: item.name, field: field.name, what },
      related: [{ at: { file: item.file, span: field.type.span }, message: 'the field' }],
      help: 'use atomics or a `Mutex` and leave the impl out, or say `#[pymodule(gil_used = true)]`',
      ...rest,
      item,
    });
    return;
  }
}
