/** A pointer into a vector or string is used after the buffer may have moved. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { pointerInto, stdCall, uncast } from '../../analysis/ownership/owners.ts';
import { parentsOf } from '../../analysis/ownership/parents.ts';
import { ownedTwice } from '../../analysis/ownership/paths.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { STRING, VEC, isExternal, stripRefs } from '../../analysis/types/local-types-ty.ts';
import { collectExprs, someExpr, variable, walk } from '../../analysis/walk.ts';
import { contains } from '../../base/text.ts';
import type { Expr, Statement } from '../../model/rust/ast-expr.ts';
import { STD_AS_PTR } from '../claim.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { insertBehind, moveBehind, statementAround } from '../statement-edits.ts';

type Context = RuleContext<'moved'>;
type Let = Extract<Statement, { kind: 'let' }>;

export default defineRule({
  id: 'stale-pointer-after-growth',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { moved: '`{pointer}` leads into the buffer that `{owner}` had before `{method}`' },
  docs: {
    what: 'A pointer into a vector or string is used after the buffer may have moved',
    why: `A vector that grows takes another buffer and frees the old one. A raw pointer into it has no lifetime that the compiler could check: it
goes on pointing to freed memory.`,
    bad: `extern "C" {
    fn device_write(data: *const u8, size: usize);
}

pub fn send(mut packet: Vec<u8>) {
    let data = packet.as_ptr();
    packet.push(0);
    unsafe { device_write(data, packet.len()) };
}
`,
    good: `extern "C" {
    fn device_write(data: *const u8, size: usize);
}

pub fn send(mut packet: Vec<u8>) {
    packet.push(0);
    unsafe { device_write(packet.as_ptr(), packet.len()) };
}
`,
    exceptions: [
      'a pointer that is taken again after the growth',
      'vectors made by `with_capacity`, or that reserved room before the pointer was taken',
      '`clear`, `truncate`, `pop` and the like, which keep the buffer',
      'a pointer that is only compared, or cast to a number',
      'growth in a branch that leaves, or in another one than the use',
    ],
    fixSafety:
      'Not safe: the pointer is taken again behind the growth, and what was reached through the old one, an offset for example, is not. There is none where the growth stands deeper than the pointer.',
    references: [{ title: 'std, Vec::as_ptr', url: 'https://doc.rust-lang.org/std/vec/struct.Vec.html#method.as_ptr' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\blet\b[^;{}]*\.\s*as_(mut_)?ptr\s*\(\s*\)/, ctx.workspace)) {
      const root = body.ast.body;
      if (!root) continue;
      const lets: Let[] = [];
      walk(root, { enterStatement: (at) => (at.kind === 'let' ? lets.push(at) : 0) }, { items: false });
      for (const statement of lets) checkLet(ctx, body, root, statement);
    }
  },
});

/** Methods after which the elements may stand elsewhere (std docs of Vec and String). */
const GROWS =
  /^(push|push_str|insert|insert_str|append|extend|extend_from_slice|extend_from_within|resize|resize_with|reserve|reserve_exact|try_reserve|try_reserve_exact|shrink_to|shrink_to_fit|write_str|write_all)$/;

const RESERVES = /^(reserve|reserve_exact|try_reserve|try_reserve_exact)$/;

function checkLet(ctx: Context, body: Body, root: Expr, statement: Let): void {
  const { pattern, value } = statement;
  const into = value ? pointerInto(uncast(value)) : null;
  const owner = into ? variable(into.base) : null;
  if (!value || !into || owner === null || pattern.kind !== 'binding' || !isGrowing(into.base, body)) return;
  const only = (name: string): boolean => body.bindings.filter((one) => one.name === name).length === 1;
  if (!only(owner) || !only(pattern.name) || hasRoom(into.base, owner, value, body, root, ctx)) return;
  for (const growth of collectExprs(root, (one) => grows(one, owner), { items: false, closures: false })) {
    if (growth.span.start < statement.span.end || !ownedTwice(root, value, growth, pattern.name)) continue;
    const use = collectExprs(root, (one) => variable(one) === pattern.name && one.span.start > growth.span.end, { items: false }).find(
      (one) => isUsed(one, root) && ownedTwice(root, growth, one, pattern.name),
    );
    if (!use) continue;
    ctx.report('moved', {
      at: { file: body.item.file, span: use.span },
      data: { pointer: pattern.name, owner, method: growth.kind === 'method' ? growth.name : 'it was set anew' },
      related: [
        { at: { file: body.item.file, span: into.call.nameSpan }, message: 'taken here' },
        { at: { file: body.item.file, span: growth.span }, message: 'the buffer may move here' },
      ],
      help: 'take the pointer after the last change',
      fixes: againFix(ctx, body, root, statement, growth, use),
      item: body.item,
      claims: [{ kind: 'calls', at: { file: body.item.file, span: into.call.nameSpan }, callees: STD_AS_PTR }],
    });
    return;
  }
}

/** Takes the pointer behind the last growth before the use: the same `let` there, a second one where the first is used before. */
function againFix(ctx: Context, { item }: Body, root: Expr, taken: Let, growth: Expr, use: Expr): readonly Fix[] {
  const around = statementAround(root, growth);
  const placed = around?.block.statements.indexOf(taken) ?? -1;
  const { pattern } = taken;
  const owner = growth.kind === 'method' ? variable(growth.receiver) : growth.kind === 'assign' ? variable(growth.left) : null;
  if (!around || placed < 0 || pattern.kind !== 'binding' || owner === null || !contains(around.block.span, use.span)) return [];
  const later = around.block.statements
    .slice(around.index)
    .filter((one) => one.span.end <= use.span.start && (one === around.statement || growsIn(one, owner)));
  const last = later.at(-1);
  // The pointer and the growth in one statement cannot be put in order by moving a third.
  if (!last || contains(around.statement.span, use.span)) return [];
  const before = someExpr(
    root,
    (one) => variable(one) === pattern.name && one.span.start > taken.span.end && one.span.end <= last.span.end,
  );
  const edits = before
    ? [insertBehind(item.file, last, [ctx.workspace.slice(item.file, taken.span)], ctx.workspace)]
    : moveBehind(item.file, taken, last, ctx.workspace);
  return [{ title: `take \`${pattern.name}\` behind the last change`, safe: false, edits }];
}

function growsIn(statement: Statement, owner: string): boolean {
  const value = statement.kind === 'expr' ? statement.expr : statement.kind === 'let' ? statement.value : null;
  return value !== null && someExpr(value, (one) => grows(one, owner));
}

/** A vector or string, or a reference to one. */
function isGrowing(base: Expr, body: Body): boolean {
  const ty = stripRefs(body.typeOf(base));
  return isExternal(ty, VEC) || isExternal(ty, STRING);
}

function grows(expr: Expr, owner: string): boolean {
  if (expr.kind === 'method') return variable(expr.receiver) === owner && GROWS.test(expr.name);
  return expr.kind === 'assign' && expr.operator === '=' && variable(expr.left) === owner;
}

/** Room was made before the pointer was taken: nothing moves as long as it lasts. */
function hasRoom(base: Expr, owner: string, taken: Expr, body: Body, root: Expr, ctx: Context): boolean {
  const source = body.bindingOf(base)?.source ?? null;
  if (source && /::with_capacity/.test(stdCall(uncast(source), body.scope, ctx.workspace) ?? '')) return true;
  return someExpr(
    root,
    (one) => one.kind === 'method' && RESERVES.test(one.name) && variable(one.receiver) === owner && one.span.end < taken.span.start,
  );
}

/** It is dereferenced, moved on, or given to a call. */
function isUsed(use: Expr, root: Expr): boolean {
  const parents = parentsOf(root);
  for (let at = use; ; ) {
    const around = parents.get(at);
    const parent = around?.kind === 'expr' ? around.expr : null;
    if (!parent) return false;
    if (parent.kind === 'cast' && parent.type.kind === 'pointer') at = parent;
    else if (parent.kind === 'method' && parent.receiver === at && /^cast(_mut|_const)?$/.test(parent.name)) at = parent;
    else if (parent.kind === 'method')
      return parent.receiver !== at || !/^(is_null|addr|offset_from|eq|ne|cmp|expose_provenance)$/.test(parent.name);
    else if (parent.kind === 'call') return parent.callee !== at;
    else return parent.kind === 'unary' && parent.operator === '*';
  }
}
