/** A fn that other languages call reads or writes a `static mut`. */
import { calleeOf } from '../../analysis/callee.ts';
import { eachChild, eachStatementChild, findExpr } from '../../analysis/walk.ts';
import type { Span } from '../../base/text.ts';
import type { Cfg } from '../../model/rust/attribute.ts';
import type { Expr, PathExpr, Statement } from '../../model/rust/ast-expr.ts';
import type { ValueItem } from '../../model/rust/ast-item.ts';
import { implies } from '../../model/rust/cfg-logic.ts';
import { Trigger } from '../../model/rust/file-index.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { RuleContext } from '../rule.ts';
import { atomicFix } from '../atomic-fix.ts';
import { defineRule, orNone } from '../rule.ts';

type Context = RuleContext<'used'>;

export default defineRule({
  id: 'static-mut-in-export',
  group: 'state',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['static_mut_refs'],
  fix: 'unsafe',
  acrossItems: true,
  messages: { used: '{fn} {how} the `static mut` `{name}` without a lock: two threads may call it' },
  docs: {
    what: 'A function that other languages call reads or writes a `static mut`',
    why: `C does not know that the function may only run on one thread at a time. Two calls at once are a data race, which is undefined behaviour
whatever the type: even \`COUNTER += 1\` can lose counts, or worse. rustc only reports references to a \`static mut\`.`,
    bad: `static mut COUNTER: u32 = 0;

#[no_mangle]
pub extern "C" fn count() -> u32 {
    unsafe {
        COUNTER += 1;
        COUNTER
    }
}
`,
    good: `use std::sync::atomic::{AtomicU32, Ordering};

static COUNTER: AtomicU32 = AtomicU32::new(0);

#[no_mangle]
pub extern "C" fn count() -> u32 {
    COUNTER.fetch_add(1, Ordering::Relaxed) + 1
}
`,
    exceptions: [
      'the address alone: `&raw mut X`, `addr_of!(X)`, `&mut X as *mut T`',
      'functions that take a lock or run a `Once` before, and closures that a critical section runs',
      '`#[thread_local]` statics',
      'functions of Rust only',
      'further functions of the file that use the same static: it is told once',
      'statics of C in an extern block, `no_std` crates, code for WebAssembly, and reading what nothing in the workspace writes are reported as info only',
    ],
    fixSafety:
      'Not safe: every single access becomes atomic, but several in a row can still be interrupted. There is one for private numbers that all code of the file only reads, sets, adds to or subtracts from.',
    references: [
      { title: 'Rust Reference, mutable statics', url: 'https://doc.rust-lang.org/reference/items/static-items.html#mutable-statics' },
      {
        title: 'Edition guide, references to static mut',
        url: 'https://doc.rust-lang.org/edition-guide/rust-2024/static-mut-references.html',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const names = mutableStatics(ctx.workspace);
    if (names.size === 0) return;
    const found = new Map<RustItem, Use[]>();
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role === 'import' || fn.rewritten || (fn.item.entry.triggers & Trigger.Unsafe) === 0) continue;
      const words = ctx.workspace.slice(fn.item.file, fn.item.entry.span).match(/\w+/g) ?? [];
      if (!words.some((word) => names.has(word))) continue;
      for (const access of accessesOf(ctx, fn)) found.set(access.item, [...(found.get(access.item) ?? []), access]);
    }
    for (const uses of found.values()) tell(ctx, uses);
  },
});

const known = new WeakMap<Workspace['items'], ReadonlySet<string>>();

/** The names of all `static mut` of the workspace. */
function mutableStatics(workspace: Workspace): ReadonlySet<string> {
  let names = known.get(workspace.items);
  if (!names) {
    names = new Set(
      workspace.items
        .filter((item) => item.kind === 'static' && /\bstatic\s+mut\b/.test(workspace.slice(item.file, item.entry.signatureSpan)))
        .map((item) => item.name),
    );
    known.set(workspace.items, names);
  }
  return names;
}

interface Use {
  readonly fn: BoundaryFn;
  readonly item: RustItem;
  readonly ast: ValueItem;
  readonly span: Span;
  readonly writes: boolean;
  /** Less than the rule's own level: a library's static, one thread, nothing that anybody writes. */
  readonly mild: boolean;
}

/** The first access of a fn to each static. */
function accessesOf(ctx: Context, fn: BoundaryFn): readonly Use[] {
  if (!fn.ast.body) return [];
  const locked = firstLock(fn.ast.body);
  const found = new Map<RustItem, Use>();
  for (const { path, writes } of accesses(fn.ast.body)) {
    if (locked !== null && path.span.start >= locked) continue;
    const named = calleeOf(path, fn.scope, ctx.workspace);
    const [item] = named.kind === 'items' ? named.items : [];
    if (item?.kind !== 'static' || found.has(item) || item.entry.attributes.some((one) => one.path === 'thread_local')) continue;
    const ast = ctx.workspace.ast(item);
    if (ast?.kind !== 'static' || !ast.mutable) continue;
    const foreign = item.owner?.kind === 'extern-block';
    const alone = fn.item.module.crate.noStd || implies(fn.item.cfg, WASM);
    const mild = foreign || alone || (!writes && !isWritten(item, ctx.workspace));
    found.set(item, { fn, item, ast, span: path.span, writes, mild });
  }
  return [...found.values()];
}

/** How many of the other fns are named. */
const NAMED = 3;

/** One finding for each static of a file: what has to change is the static, however many fns use it. */
function tell(ctx: Context, uses: readonly Use[]): void {
  const first = uses.find((one) => !one.mild) ?? uses[0];
  if (!first) return;
  const { fn, item, ast, span, writes, mild } = first;
  const foreign = item.owner?.kind === 'extern-block';
  const others = uses.filter((one) => one !== first);
  const more = others.length - NAMED;
  ctx.report('used', {
    at: { file: fn.item.file, span },
    data: { fn: `extern fn \`${fn.ast.name}\``, how: writes ? 'writes' : 'reads', name: item.name },
    related: [
      { at: { file: item.file, span: item.entry.nameSpan }, message: 'defined here' },
      ...others.slice(0, NAMED).map((one, i) => ({
        at: { file: one.fn.item.file, span: one.span },
        message: `\`${one.fn.ast.name}\` uses it too${more > 0 && i === NAMED - 1 ? `, and ${more} more` : ''}`,
      })),
    ],
    help: foreign
      ? 'take the lock that the C library documents for it'
      : 'use an atomic for a number, a `Mutex` or `OnceLock` for everything else',
    fixes: foreign ? [] : orNone(atomicFix(item, ast, ctx.workspace)),
    item: fn.item,
    ...(mild ? { severity: 'info' as const } : {}),
  });
}

/** Whether the workspace mentions the static anywhere but where it is only read: by `=`, `&mut`, `&raw mut` or a method, told by its text. */
function isWritten(item: RustItem, workspace: Workspace): boolean {
  const name = item.name.replace(/\W/g, '');
  const written = new RegExp(
    `&\\s*(raw\\s+)?mut\\s+(\\w+::)*${name}\\b(?!\\s+as\\b)|addr_of_mut!\\(\\s*(\\w+::)*${name}\\b|(?<!\\w)${name}\\b[\\w.\\[\\]()]*\\s*([-+*/%|&^]|<<|>>)?=[^=>]|(?<!\\w)${name}\\s*(\\[[^\\]]*\\])?\\.\\w+\\s*\\(`,
  );
  return workspace.filesNaming(item.name).some((file) => written.test(workspace.text(file)));
}

/** One thread, unless the program asks for more. */
const WASM: Cfg = { kind: 'option', name: 'target_family', value: 'wasm' };

const LOCKS = /^(lock|try_lock|lock_irqsave|call_once|call_once_force|get_or_init|acquire|enter|swap|compare_exchange(_weak)?|with|free)$/;

/** Where a lock, `Once` or critical section comes first; what it protects is not looked at. Null where there is none. */
function firstLock(body: Expr): number | null {
  const found = findExpr(body, (expr) => {
    if (expr.kind === 'method') return LOCKS.test(expr.name);
    if (expr.kind !== 'call' || expr.callee.kind !== 'path') return false;
    const name = expr.callee.path.segments.at(-1)?.name ?? '';
    return /lock|mutex|critical|interrupt|once|guard/i.test(name) || LOCKS.test(name);
  });
  return found?.span.start ?? null;
}

interface Access {
  readonly path: PathExpr;
  readonly writes: boolean;
}

/** Every path whose value or reference is used; of places whose address alone is taken nothing. */
function accesses(body: Expr): readonly Access[] {
  const found: Access[] = [];
  visit(body, false);
  return found;

  function visit(expr: Expr, writes: boolean): void {
    if (expr.kind === 'path') found.push({ path: expr, writes });
    else if (expr.kind === 'reference' && expr.raw) address(expr.operand);
    else if (expr.kind === 'macro' && /^addr_of(_mut)?$/.test(expr.path.segments.at(-1)?.name ?? '')) expr.args?.forEach(address);
    else if (expr.kind === 'assign') {
      visit(expr.right, false);
      visit(expr.left, true);
    } else if (expr.kind === 'cast' && expr.operand.kind === 'reference') address(expr.operand.operand);
    else if (expr.kind === 'reference') visit(expr.operand, expr.mutable);
    else if (expr.kind === 'field') visit(expr.base, writes);
    else if (expr.kind === 'index') {
      visit(expr.base, writes);
      visit(expr.index, false);
    } else eachChild(expr, { expr: (child) => visit(child, false), statement, pattern: () => {} });
  }

  /** `X`, `X.field`, `X[i]`: the place is not read, but what stands in an index is. */
  function address(place: Expr): void {
    if (place.kind === 'field') address(place.base);
    else if (place.kind === 'index') {
      address(place.base);
      visit(place.index, false);
    } else if (place.kind !== 'path') visit(place, false);
  }

  function statement(node: Statement): void {
    eachStatementChild(node, { expr: (child) => visit(child, false), statement, pattern: () => {} });
  }
}
