/** A fn that other languages call uses a static `RefCell` or `Cell` that was declared `Sync` by hand. */
import { calleeOf } from '../../analysis/callee.ts';
import { collectExprs } from '../../analysis/walk.ts';
import type { StructItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { defineRule } from '../rule.ts';
import { firstArg, peel, stdName } from '../written-type.ts';

export default defineRule({
  id: 'refcell-in-export',
  group: 'state',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { used: '`{name}` holds a `{cell}` that `unsafe impl Sync for {type}` lets all threads use in `{fn}`' },
  docs: {
    what: 'A function that other languages call uses a static that wraps a `RefCell` or `Cell` and is `Sync` by an unsafe impl',
    why: `\`RefCell\` and \`Cell\` count borrows and copy values without any synchronisation. C may call the function from several threads, and then
both are data races. The unsafe impl only silences the compiler.`,
    bad: `use std::cell::RefCell;

struct Global(RefCell<Vec<u32>>);

unsafe impl Sync for Global {}

static VALUES: Global = Global(RefCell::new(Vec::new()));

#[no_mangle]
pub extern "C" fn add(value: u32) {
    VALUES.0.borrow_mut().push(value);
}
`,
    good: `use std::sync::Mutex;

static VALUES: Mutex<Vec<u32>> = Mutex::new(Vec::new());

#[no_mangle]
pub extern "C" fn add(value: u32) {
    if let Ok(mut values) = VALUES.lock() {
        values.push(value);
    }
}
`,
    exceptions: [
      '`thread_local!`',
      'wrappers that also hold a lock or an atomic: they may well lock themselves',
      '`UnsafeCell`: what is written by hand around it is not judged',
      'statics that no function at the boundary names',
      '`no_std` crates',
    ],
    fixSafety: null,
    references: [
      { title: 'std::cell::RefCell', url: 'https://doc.rust-lang.org/std/cell/struct.RefCell.html' },
      { title: 'Rustonomicon, Send and Sync', url: 'https://doc.rust-lang.org/nomicon/send-and-sync.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust' || ctx.unit.crate.noStd) return;
    const statics = cellStatics(ctx.workspace);
    if (statics.size === 0) return;
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role === 'import' || !fn.ast.body || fn.rewritten) continue;
      const told = new Set<RustItem>();
      for (const path of collectExprs(fn.ast.body, (expr) => expr.kind === 'path', { items: false })) {
        const found = calleeOf(path, fn.scope, ctx.workspace);
        const [item] = found.kind === 'items' ? found.items : [];
        const held = item ? statics.get(item) : undefined;
        if (!item || !held || told.has(item)) continue;
        told.add(item);
        ctx.report('used', {
          at: { file: fn.item.file, span: path.span },
          data: { name: item.name, cell: held.cell, type: held.type.name, fn: fn.ast.name },
          related: [{ at: { file: held.sync.file, span: held.sync.entry.signatureSpan }, message: '`Sync` by hand here' }],
          help: 'use a `Mutex`, an atomic or `thread_local!`',
          item: fn.item,
        });
      }
    }
  },
});

interface Held {
  readonly type: RustItem;
  readonly cell: string;
  /** The unsafe impl. */
  readonly sync: RustItem;
}

const known = new WeakMap<Workspace['items'], ReadonlyMap<RustItem, Held>>();

/** The statics of types with a cell and an unsafe `Sync`. */
function cellStatics(workspace: Workspace): ReadonlyMap<RustItem, Held> {
  const before = known.get(workspace.items);
  if (before) return before;
  const held = new Map<RustItem, Held>();
  const wrappers = new Set<string>();
  for (const item of workspace.items) {
    if (item.kind === 'impl' && item.entry.unsafe && /(^|::)Sync$/.test(item.entry.implTrait ?? ''))
      wrappers.add(item.entry.implType?.split('::').at(-1) ?? '');
  }
  for (const item of wrappers.size > 0 ? workspace.items : []) {
    if (item.kind !== 'static' || item.test || item.owner) continue;
    const words = workspace.slice(item.file, item.entry.signatureSpan).match(/\w+/g) ?? [];
    const found = words.some((word) => wrappers.has(word)) ? wrapped(item, workspace) : null;
    if (found) held.set(item, found);
  }
  known.set(workspace.items, held);
  return held;
}

function wrapped(item: RustItem, workspace: Workspace): Held | null {
  const ast = workspace.ast(item);
  if (ast?.kind !== 'static' || !ast.type) return null;
  const at = peel(ast.type, { module: item.module, item }, workspace);
  const type = at.found?.kind === 'item' ? at.found.item : null;
  const struct = type ? workspace.ast(type) : null;
  if (!type || struct?.kind !== 'struct') return null;
  const sync = workspace.implsOf(type).find((one) => one.entry.unsafe && /(^|::)Sync$/.test(one.entry.implTrait ?? ''));
  const cell = sync ? cellOf(struct, type, workspace) : null;
  return sync && cell ? { type, cell, sync } : null;
}

/** `RefCell` or `Cell` among the fields; null also where something beside it may be the lock. */
function cellOf(struct: StructItem, type: RustItem, workspace: Workspace): string | null {
  const names = struct.fields.flatMap((field) => namesIn(field.type, type, workspace));
  if (names.some((name) => /Mutex|RwLock|Atomic|Once|Thread|Lock/.test(name))) return null;
  return names.find((name) => name === 'RefCell' || name === 'Cell') ?? null;
}

function namesIn(type: Type, owner: RustItem, workspace: Workspace, depth = 4): readonly string[] {
  const at = peel(type, { module: owner.module, item: owner }, workspace);
  const name = stdName(at) ?? (at.type.kind === 'path' ? at.type.path.segments.at(-1)?.name : null);
  const arg = depth > 0 ? firstArg(at.type) : null;
  return [...(name ? [name] : []), ...(arg ? namesIn(arg, owner, workspace, depth - 1) : [])];
}
