/** The pointer that a C function returned is used although it may be null. */
import { C_FUNCTIONS, cFunction } from '../../analysis/c-functions/table.ts';
import type { FnBody, PointerUse } from '../../analysis/nullness/null-facts.ts';
import { fnsWith } from '../../analysis/ownership/fn-bodies.ts';
import { uncast } from '../../analysis/ownership/owners.ts';
import { findExpr } from '../../analysis/walk.ts';
import { contains } from '../../base/text.ts';
import { rustName } from '../../generate/names.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { abortIf, insertBehind, statementAround } from '../statement-edits.ts';
import { POINTER_TAKERS } from '../unchecked-pointer.ts';

export default defineRule({
  id: 'unchecked-extern-return',
  group: 'pointers',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    known: '{use} of what `{callee}` returned, which may be null',
    maker: '{use} of what `{callee}` made, which is null where it could not',
  },
  docs: {
    what: 'The pointer that a C function returned is used although it may be null',
    why: `\`malloc\` returns null when memory is short, \`fopen\`, \`opendir\` and \`dlopen\` when there is no such file, \`getpwnam\` when there is no
such user, \`strchr\` when there is no such character. Writing to the result at once is undefined behaviour on the day on which that happens.`,
    bad: `use std::ffi::c_void;

extern "C" {
    fn malloc(size: usize) -> *mut c_void;
}

pub fn counter() -> *mut u32 {
    unsafe {
        let counter = malloc(4) as *mut u32;
        *counter = 0;
        counter
    }
}
`,
    good: `use std::ffi::c_void;

extern "C" {
    fn malloc(size: usize) -> *mut c_void;
}

pub fn counter() -> *mut u32 {
    unsafe {
        let counter = malloc(4) as *mut u32;
        if !counter.is_null() {
            *counter = 0;
        }
        counter
    }
}
`,
    exceptions: [
      'results that a check dominates, in all the shapes that `missing-null-check` knows',
      'results that are only passed on: what another function does with null is its own matter',
      'C functions that never return null, and Rust functions of the same name',
      'imports that nothing is known of but a name such as `x_new`, `x_open` or `x_create` are reported as info only',
      'a result that `CStr::from_ptr` reads is `cstr-from-null`',
    ],
    fixSafety:
      'Not safe: the process ends where the function returned null. There is none where the result is used without a variable of its own.',
    references: [
      { title: 'POSIX, malloc', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/malloc.html' },
      { title: 'POSIX, getpwnam', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/getpwnam.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of fnsWith(ctx.unit.items, [/\bunsafe\b/, callsOne()], ctx.workspace)) {
      const seen = new Set<number>();
      for (const use of ctx.facts.nullness.nullableResults(fn)) {
        if (use.state !== 'unchecked' || (use.kind !== 'deref' && use.kind !== 'slice') || seen.has(use.paramSpan.start)) continue;
        seen.add(use.paramSpan.start);
        const known = cFunction(use.param)?.nullable === true;
        if (ctx.facts.nullness.lateChecks(fn).some((late) => late.use === use.span)) continue;
        ctx.report(known ? 'known' : 'maker', {
          at: { file: fn.item.file, span: use.span },
          data: { use: howUsed(use), callee: use.param },
          related: [{ at: { file: fn.item.file, span: use.paramSpan }, message: 'null comes from here' }],
          help: 'ask `is_null` before the first use',
          fixes: abortFix(ctx, fn, use),
          item: fn.item,
          claims: [{ kind: 'follows-pointer', at: { file: fn.item.file, span: use.span }, callees: POINTER_TAKERS[use.kind] }],
          ...(known ? {} : { severity: 'info' }),
        });
      }
    }
  },
});

/** `if p.is_null() { abort }` under the `let` that keeps the result. */
function abortFix(ctx: RuleContext<'known' | 'maker'>, { item, ast }: FnBody, use: PointerUse): readonly Fix[] {
  const call = ast.body ? findExpr(ast.body, (one) => one.kind === 'call' && contains(one.span, use.paramSpan)) : null;
  const statement = ast.body && call ? statementAround(ast.body, call)?.statement : null;
  if (statement?.kind !== 'let' || !statement.value || item.module.crate.noStd) return [];
  const { pattern } = statement;
  if (pattern.kind !== 'binding' || uncast(statement.value) !== call || contains(statement.span, use.span)) return [];
  const edits = [insertBehind(item.file, statement, abortIf(`${rustName(pattern.name)}.is_null()`), ctx.workspace)];
  return [{ title: `abort where \`${pattern.name}\` is null`, safe: false, edits }];
}

function howUsed({ kind, expr }: PointerUse): string {
  if (kind === 'slice') return 'slice';
  return expr.kind === 'method' || expr.kind === 'call' ? 'use' : 'dereference';
}

let pattern: RegExp | null = null;

/** A call of one of the known functions, or of something whose name says that it makes something. */
function callsOne(): RegExp {
  if (pattern) return pattern;
  const names = [...C_FUNCTIONS.values()].flatMap(({ name, nullable }) => (nullable ? [name] : []));
  pattern = new RegExp(`(?:\\b(?:${names.join('|')})|\\w_(?:new|create|open|alloc)(?:_\\w+)?|[a-z](?:New|Create|Open|Alloc)\\w*)\\s*\\(`);
  return pattern;
}
