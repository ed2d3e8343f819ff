/** A reference to what a pointer parameter points to is returned as if it lived forever. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, stdCall, uncast } from '../../analysis/ownership/owners.ts';
import { returnedValues } from '../../analysis/ownership/written-target.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { unwrapBlock } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { hasStatic } from '../static-reference.ts';

type Context = RuleContext<'forever'>;

export default defineRule({
  id: 'return-static-lifetime',
  group: 'pointers',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { forever: "`{fn}` returns what `{param}` points to as `'static`" },
  docs: {
    what: "A function returns a `'static` reference to what its pointer parameter points to",
    why: `How long the memory behind a raw pointer lives is up to whoever passed it. As \`'static\` the reference may be kept in a static or sent
to a thread, and nothing in the types says that it ends when the other side frees the memory.`,
    bad: `#[repr(C)]
pub struct Config {
    pub level: u32,
}

/// # Safety
/// \`config\` comes from C.
pub unsafe fn config(config: *const Config) -> Option<&'static Config> {
    unsafe { config.as_ref() }
}
`,
    good: `#[repr(C)]
pub struct Config {
    pub level: u32,
}

/// # Safety
/// \`config\` comes from C, and stays as it is for \`'a\`.
pub unsafe fn config<'a>(config: *const Config) -> Option<&'a Config> {
    unsafe { config.as_ref() }
}
`,
    exceptions: [
      'references to statics, and memory that is leaked on purpose',
      "functions whose documentation speaks of `'static`: it asks their callers for memory that lives forever",
      'strings that `CStr::from_ptr` makes: those are `cstr-static`',
      'other lifetimes: callers choose them',
    ],
    fixSafety: null,
    references: [{ title: 'Rustonomicon, unbounded lifetimes', url: 'https://doc.rust-lang.org/nomicon/unbounded-lifetimes.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /'static\b/, ctx.workspace, givesStatic)) {
      const { ast, item } = body;
      for (const value of returnedValues(ast)) {
        const param = pointedBy(value, body, ctx);
        if (param === null) continue;
        ctx.report('forever', {
          at: { file: item.file, span: value.span },
          data: { fn: ast.name, param },
          help: 'give the fn a lifetime parameter, and say in its docs how long the memory lives',
          item,
        });
        break;
      }
    }
  },
});

function givesStatic({ result, docs, params }: FnItem): boolean {
  const given = params.some((param) => param.type.kind !== 'reference');
  return given && result !== null && hasStatic(result, () => true) && !/static/i.test(docs);
}

/** The pointer parameter behind `&*p`, `p.as_ref()`, `slice::from_raw_parts(p, n)`, through `?`, `unwrap` and variables. */
function pointedBy(value: Expr, body: Body, ctx: Context, depth = 6): string | null {
  if (depth === 0) return null;
  const inner = unwrapBlock(givenValue(value, body));
  const next = (expr: Expr): string | null => pointedBy(expr, body, ctx, depth - 1);
  switch (inner.kind) {
    case 'reference':
      return inner.operand.kind === 'unary' && inner.operand.operator === '*' ? paramOf(inner.operand.operand, body) : null;
    case 'try':
      return next(inner.operand);
    case 'method':
      if (/^as_(ref|mut)$/.test(inner.name)) return paramOf(inner.receiver, body);
      return /^(unwrap|expect|ok_or|ok_or_else|unwrap_unchecked)$/.test(inner.name) ? next(inner.receiver) : null;
    case 'call': {
      const name = stdCall(inner, body.scope, ctx.workspace);
      const [first] = inner.args;
      if (!name || !first) return null;
      if (/^slice::from_raw_parts(_mut)?$/.test(name)) return paramOf(first, body);
      return /^str::from_utf8(_unchecked)?$/.test(name) ? next(first) : null;
    }
    default:
      return null;
  }
}

function paramOf(pointer: Expr, body: Body): string | null {
  const value = uncast(givenValue(pointer, body));
  const binding = value.kind === 'path' ? body.bindingOf(value) : null;
  return binding?.kind === 'param' && binding.ty?.kind === 'opaque' && binding.ty.pointer ? binding.name : null;
}
