/** A function gives out a pointer into a string, vector or array that it owns itself and drops on return. */
import type { Body } from '../../analysis/types/local-types-body.ts';
import type { Escape } from '../../analysis/ownership/escapes.ts';
import { diesWith, escapeOf } from '../../analysis/ownership/escapes.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { isGivenAway } from '../../analysis/ownership/moves.ts';
import type { Owner, PointerInto } from '../../analysis/ownership/owners.ts';
import { givenValue, isReassigned, ownerOf, pointerInto } from '../../analysis/ownership/owners.ts';
import { collectExprs, findExpr, variable, walk } from '../../analysis/walk.ts';
import type { Expr, Pattern } from '../../model/rust/ast-expr.ts';
import { intoRaw } from '../into-raw.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { STD_AS_PTR } from '../claim.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'returned' | 'block' | 'stored'>;

export default defineRule({
  id: 'return-local-buffer',
  group: 'strings',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    returned: '`{fn}` returns a pointer into `{local}`, which is dropped on return',
    block: 'the pointer into `{local}` leaves the block at whose end `{local}` is dropped',
    stored: '`{fn}` stores a pointer into `{local}`, which is dropped on return',
  },
  docs: {
    what: 'A pointer into a local `CString`, `String`, `Vec` or array outlives the local',
    why: `The local is dropped when the function returns, and the pointer that the caller gets leads into freed memory or into a stack frame
that is gone. The compiler warns about temporaries, but not where the value has a name.`,
    bad: `use std::ffi::{c_char, CString};

#[no_mangle]
pub extern "C" fn version() -> *const c_char {
    let text = CString::new("1.2.3").unwrap_or_default();
    text.as_ptr()
}
`,
    good: `use std::ffi::{c_char, CString};

#[no_mangle]
pub extern "C" fn version() -> *mut c_char {
    let text = CString::new("1.2.3").unwrap_or_default();
    text.into_raw()
}

/// # Safety
/// \`text\` is null or comes from \`version\`.
#[no_mangle]
pub unsafe extern "C" fn version_free(text: *mut c_char) {
    if !text.is_null() {
        drop(unsafe { CString::from_raw(text) });
    }
}
`,
    exceptions: [
      'locals that are given away: `mem::forget`, `ManuallyDrop`, `Box::leak`, `into_raw`, or moved anywhere else',
      'locals that are references or slices: somebody else owns the buffer',
      'statics, thread locals and fields',
      'borrowed parameters',
    ],
    fixSafety:
      'Safe for a returned `CString` where the workspace has a `CString::from_raw` to free it: `into_raw` keeps the text alive. Without one it leaks, so that it is only offered.',
    references: [
      { title: 'std, CString::into_raw', url: 'https://doc.rust-lang.org/std/ffi/struct.CString.html#method.into_raw' },
      { title: 'rust-lang/rust 139249, no lint where the value is bound', url: 'https://github.com/rust-lang/rust/issues/139249' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\.\s*as_(mut_)?ptr\b/, ctx.workspace)) checkBody(ctx, body);
  },
});

function checkBody(ctx: Context, body: Body): void {
  if (!body.ast.body) return;
  for (const expr of collectExprs(body.ast.body, (one) => pointerInto(one) !== null, { items: false })) {
    const pointer = pointerInto(expr);
    const local = pointer ? variable(pointer.base) : null;
    if (!pointer || local === null) continue;
    const owner = ownerOf(pointer.base, body, ctx.workspace);
    // An array behind a parameter or pattern may be a reference that types do not show.
    if (!owner || owner === 'Box') continue;
    if (isReassigned(local, body) || isGivenAway(local, body) || staysEmpty(pointer.base, local, body)) continue;
    const end = lastEscape(expr, body);
    const message = messageFor(end, local, body);
    if (!message) continue;
    ctx.report(message, {
      at: { file: body.item.file, span: pointer.call.nameSpan },
      data: { fn: body.ast.name, local },
      help:
        owner === 'CString'
          ? 'return `into_raw()` and export a function that frees it'
          : 'let the caller own the buffer, or give it away on purpose',
      note: `\`${local}\` is ${owner === 'array' ? 'an array on the stack' : `a \`${owner}\` of this function`}`,
      item: body.item,
      claims: [{ kind: 'calls', at: { file: body.item.file, span: pointer.call.nameSpan }, callees: STD_AS_PTR }],
      fixes: end === null ? [] : fixesFor(ctx, body, pointer, owner, end, expr),
    });
  }
}

/** `Vec::new()` that is not `mut`: it has no buffer, and its dangling pointer is what is wanted. */
function staysEmpty(base: Expr, local: string, body: Body): boolean {
  const made = givenValue(base, body);
  if (made.kind !== 'call' || made.args.length > 0 || !body.ast.body) return false;
  let mutable = false;
  const enterPattern = (pattern: Pattern): void => {
    if (pattern.kind === 'binding' && pattern.name === local && pattern.mutable) mutable = true;
  };
  walk(body.ast.body, { enterPattern });
  return !mutable;
}

/** Where the pointer goes in the end: through the variable that holds it, if that is given out once. */
function lastEscape(expr: Expr, body: Body): Escape & { readonly named: boolean } {
  const first = escapeOf(expr, body);
  const { way } = first;
  if (way.kind !== 'let' || way.statement.pattern.kind !== 'binding' || !body.ast.body) return { ...first, named: false };
  const { name } = way.statement.pattern;
  if (isReassigned(name, body) || body.bindings.filter((one) => one.name === name).length !== 1) return { ...first, named: false };
  for (const use of collectExprs(body.ast.body, (one) => variable(one) === name, { items: false })) {
    const next = escapeOf(use, body);
    if (next.way.kind === 'return' || next.way.kind === 'assign') return { ...next, named: true };
  }
  return { ...first, named: false };
}

function messageFor(outcome: Escape, local: string, body: Body): 'returned' | 'block' | 'stored' | null {
  const { way } = outcome;
  if (way.kind === 'assign') return isOutParam(way.left, body) && isTopLevel(local, body) ? 'stored' : null;
  if (!diesWith(local, outcome, body)) return null;
  return way.kind === 'return' || way.kind === 'closure' ? 'returned' : 'block';
}

/** `*out`, `(*out).field`, `out.field` of a parameter that is a raw pointer or `&mut`. */
function isOutParam(left: Expr, body: Body): boolean {
  let at = left;
  while (at.kind === 'field') at = at.base;
  const root = at.kind === 'unary' && at.operator === '*' ? at.operand : left.kind === 'field' ? at : null;
  const name = root ? variable(root) : null;
  if (!root || name === null || body.bindingOf(root)?.kind !== 'param') return false;
  const param = body.ast.params.find((one) => one.name === name);
  return param?.type.kind === 'pointer' || (param?.type.kind === 'reference' && param.type.mutable);
}

/** Declared once, by a `let` of this fn: it ends with the fn at the latest. */
function isTopLevel(local: string, body: Body): boolean {
  const own = body.bindings.filter((one) => one.name === local);
  return own.length === 1 && own[0]?.kind === 'let';
}

function fixesFor(
  ctx: Context,
  body: Body,
  pointer: PointerInto,
  owner: Owner,
  outcome: Escape & { readonly named: boolean },
  expr: Expr,
): readonly Fix[] {
  const { ast, item } = body;
  if (owner !== 'CString' || outcome.way.kind !== 'return' || outcome.named || ast.result?.kind !== 'pointer' || !ast.body) return [];
  const local = variable(pointer.base);
  const later = findExpr(ast.body, (one) => variable(one) === local && one.span.start > expr.span.end);
  if (pointer.call.receiver !== pointer.base || pointer.call.name !== 'as_ptr' || later) return [];
  const freed = ctx.facts.ownership.moves().some((move) => move.direction === 'from' && move.kind === 'CString');
  return [
    {
      title: `give \`${local ?? ''}\` away with \`into_raw\``,
      safe: freed,
      edits: [{ file: item.file.path, ...intoRaw(pointer.call, ctx.workspace.text(item.file)) }],
    },
  ];
}
