/** A pointer into a temporary string or vector is kept, although the temporary is dropped at the end of its statement. */
import type { Body } from '../../analysis/types/local-types-body.ts';
import type { Escape } from '../../analysis/ownership/escapes.ts';
import { escapeOf } from '../../analysis/ownership/escapes.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import type { PointerInto } from '../../analysis/ownership/owners.ts';
import { isMade, ownerOf, pointerInto } from '../../analysis/ownership/owners.ts';
import { parentsOf } from '../../analysis/ownership/parents.ts';
import { collectExprs, someExpr, variable } from '../../analysis/walk.ts';
import type { Expr, Statement } from '../../model/rust/ast-expr.ts';
import { indentAt } from '../indent.ts';
import { intoRaw } from '../into-raw.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { STD_AS_PTR } from '../claim.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'kept' | 'returned' | 'branch'>;
type Let = Extract<Statement, { kind: 'let' }>;

export default defineRule({
  id: 'dangling-temporary',
  group: 'strings',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['dangling_pointers_from_temporaries', 'temporary_cstring_as_ptr', 'clippy::temporary_cstring_as_ptr'],
  fix: 'sometimes',
  messages: {
    kept: '`{call}` points into a temporary `{owner}` that is dropped at the end of this statement',
    returned: '`{call}` points into a temporary `{owner}` that is dropped when `{fn}` returns it',
    branch: '`{call}` points into a temporary `{owner}` that is dropped at the end of this branch',
  },
  docs: {
    what: 'A pointer into a temporary `CString`, `String` or `Vec` outlives it',
    why: `\`CString::new(name)?.as_ptr()\` points into a string that nobody owns: it is freed at the end of the statement, and the pointer
that was kept leads into freed memory. It often works in tests, because nothing has overwritten the text yet.`,
    bad: `use std::ffi::{c_char, CString};

extern "C" {
    fn greet(name: *const c_char);
}

pub fn hello(name: &str) {
    let name = CString::new(name).unwrap_or_default().as_ptr();
    unsafe { greet(name) };
}
`,
    good: `use std::ffi::{c_char, CString};

extern "C" {
    fn greet(name: *const c_char);
}

pub fn hello(name: &str) {
    let name = CString::new(name).unwrap_or_default();
    unsafe { greet(name.as_ptr()) };
}
`,
    exceptions: [
      'a pointer that is an argument of the call that uses it: the temporary lives until the statement ends',
      '`into_raw`, which gives up the ownership',
      "C string literals, and `as_ptr` of types that are not the standard library's",
      'values that another variable, field or static owns',
    ],
    fixSafety:
      'Safe for a `let`: the string gets a variable of its own before it, and so lives as long as the pointer. Not safe for a returned pointer: `into_raw` makes it valid, but the caller must give it back to be freed.',
    references: [
      { title: 'std, CString::as_ptr', url: 'https://doc.rust-lang.org/std/ffi/struct.CStr.html#method.as_ptr' },
      { title: 'Rust Reference, temporary scopes', url: 'https://doc.rust-lang.org/reference/destructors.html#temporary-scopes' },
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
    if (!pointer || !isMade(pointer.base) || isEmpty(pointer.base)) continue;
    const owner = ownerOf(pointer.base, body, ctx.workspace);
    if (!owner || owner === 'array' || owner === 'Box') continue;
    const outcome = escapeOf(expr, body);
    const message = messageFor(outcome);
    if (!message) continue;
    const { way } = outcome;
    ctx.report(message, {
      at: { file: body.item.file, span: pointer.call.nameSpan },
      data: { call: pointer.call.name, owner, fn: body.ast.name },
      related: [{ at: { file: body.item.file, span: pointer.base.span }, message: `this \`${owner}\` is nobody's` }],
      help:
        message === 'returned'
          ? 'give the ownership away with `into_raw`, or let the caller own the value'
          : 'keep the value in a variable of its own',
      item: body.item,
      claims: [{ kind: 'calls', at: { file: body.item.file, span: pointer.call.nameSpan }, callees: STD_AS_PTR }],
      fixes: fixesFor(ctx, body, pointer, expr, outcome, way.kind === 'let' ? way.statement : null),
    });
  }
}

function messageFor({ way, leavesBranch }: Escape): 'kept' | 'returned' | 'branch' | null {
  if (way.kind === 'return' || way.kind === 'closure') return 'returned';
  if (leavesBranch) return 'branch';
  return way.kind === 'used' ? null : 'kept';
}

/** `Vec::new()` and the like have no buffer: whoever takes its pointer wants one that dangles. */
function isEmpty(base: Expr): boolean {
  if (base.kind === 'macro') return base.args?.length === 0 && base.path.segments.at(-1)?.name === 'vec';
  return base.kind === 'call' && base.args.length === 0;
}

function fixesFor(ctx: Context, body: Body, pointer: PointerInto, expr: Expr, outcome: Escape, kept: Let | null): readonly Fix[] {
  const { file } = body.item;
  if (kept) {
    const fix = outcome.plain && kept.else === null ? hoist(ctx, body, pointer, kept) : null;
    return fix ? [fix] : [];
  }
  const direct = pointer.call.receiver === pointer.base && ownerOf(pointer.base, body, ctx.workspace) === 'CString';
  if (outcome.way.kind !== 'return' || !direct || pointer.call !== expr) return [];
  return [
    {
      title: 'give the string away with `into_raw`',
      safe: false,
      edits: [{ file: file.path, ...intoRaw(pointer.call, ctx.workspace.text(file)) }],
    },
  ];
}

/** `let p = CString::new(s)?.as_ptr();` → the string in a variable before it. */
function hoist(ctx: Context, body: Body, pointer: PointerInto, kept: Let): Fix | null {
  const { file } = body.item;
  const name = kept.pattern.kind === 'binding' ? kept.pattern.name : null;
  if (!name || !body.ast.body || escapes(body, name)) return null;
  const text = ctx.workspace.text(file);
  const owner = `${name.replace(/_?ptr$/, '') || name}_owner`;
  if (body.binds(owner) || new RegExp(`\\b${owner}\\b`).test(text.slice(body.ast.body.span.start, body.ast.body.span.end))) return null;
  const mutable = pointer.call.name === 'as_mut_ptr' ? 'mut ' : '';
  const value = text.slice(pointer.base.span.start, pointer.base.span.end);
  const indent = indentAt(text, kept.span.start);
  return {
    title: `keep the value in \`${owner}\``,
    safe: true,
    edits: [
      { file: file.path, span: { start: kept.span.start, end: kept.span.start }, text: `let ${mutable}${owner} = ${value};\n${indent}` },
      { file: file.path, span: pointer.base.span, text: owner },
    ],
  };
}

/** Whether the pointer itself is used as anything but an argument or receiver, so that it may go further than its variable. */
function escapes(body: Body, name: string): boolean {
  if (!body.ast.body) return true;
  const parents = parentsOf(body.ast.body);
  return someExpr(body.ast.body, (expr) => {
    if (variable(expr) !== name) return false;
    const around = parents.get(expr);
    if (around?.kind !== 'expr') return true;
    return !(
      around.expr.kind === 'call' ||
      (around.expr.kind === 'method' && around.expr.receiver === expr) ||
      around.expr.kind === 'cast'
    );
  });
}
