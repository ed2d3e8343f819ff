/** A pointer that can be null is turned into a fn pointer, which cannot. */
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { calleeOf, libraryName } from '../../analysis/callee.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { writtenTarget } from '../../analysis/ownership/written-target.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { HERE, collectExprs, someExpr, unwrapBlock, variable } from '../../analysis/walk.ts';
import type { FileEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import type { CallExpr, Expr } from '../../model/rust/ast-expr.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { isForeignAbi } from '../../model/surface/surface.ts';
import { isHidden } from '../hidden.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { peel } from '../written-type.ts';

type Context = RuleContext<'nullable'>;

export default defineRule({
  id: 'transmute-ptr-to-fn',
  group: 'state',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { nullable: '{source} can be null, and becomes a fn pointer that must not be' },
  docs: {
    what: 'The result of `dlsym`, or a pointer that C passed, is transmuted to a fn pointer without a look at null',
    why: `\`dlsym\` gives null for a symbol that it does not find. A fn pointer that is null is undefined behaviour as soon as it exists, not only when
it is called; the optimiser removes checks that come later.`,
    bad: `use std::ffi::{c_char, c_void};

extern "C" {
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

pub unsafe fn version(library: *mut c_void) -> i32 {
    let version: extern "C" fn() -> i32 = std::mem::transmute(dlsym(library, c"version".as_ptr()));
    version()
}
`,
    good: `use std::ffi::{c_char, c_void};

extern "C" {
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

pub unsafe fn version(library: *mut c_void) -> Option<i32> {
    let version: Option<extern "C" fn() -> i32> = std::mem::transmute(dlsym(library, c"version".as_ptr()));
    version.map(|version| version())
}
`,
    exceptions: [
      '`#[doc(hidden)]` exports, which only generated code calls, are reported as info only',
      '`Option` of the fn pointer: null is `None`',
      'pointers that are asked for null, compared, or given to a macro anywhere before',
      'transmutes whose target is not written at the call, the `let` or the result',
      'pointers from anywhere but `dlsym`, `GetProcAddress` or a parameter of a function that C calls',
    ],
    fixSafety: 'Not safe: the process is aborted where the pointer is null, which a caller may want to handle.',
    references: [
      { title: 'std, fn pointers: casting to and from integers', url: 'https://doc.rust-lang.org/std/primitive.fn.html' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const called = new Set(ctx.unit.surface.functions.filter((fn) => fn.role === 'export').map((fn) => fn.item));
    for (const body of bodiesWith(ctx.unit.items, /\btransmute\b/, ctx.workspace)) {
      if (!body.ast.body) continue;
      for (const call of collectExprs(body.ast.body, (one) => one.kind === 'call', HERE)) {
        if (call.kind !== 'call' || !isTransmute(call, body, ctx)) continue;
        const [arg] = call.args;
        const type = writtenArg(call) ?? writtenTarget(call, body.ast);
        const target = type && peel(type, body.scope, ctx.workspace).type;
        if (!arg || !type || target?.kind !== 'fn') continue;
        const source = nullableSource(ctx, body, arg, called.has(body.item));
        if (!source) continue;
        ctx.report('nullable', {
          at: { file: body.item.file, span: call.span },
          data: { source },
          help: 'transmute it to an `Option` of the fn pointer, and handle `None`',
          item: body.item,
          claims: [
            { kind: 'casts', at: { file: body.item.file, span: call.span }, to: /^(?:for<[^>]*> )?(?:unsafe )?(?:extern "[^"]*" )?fn\(/ },
          ],
          fixes: abortFix(ctx, body, call, type),
          ...(isHidden(body.item) && called.has(body.item) ? { severity: 'info' as const } : {}),
        });
      }
    }
  },
});

/** Transmutes to an `Option` and ends the process where it is `None`, so that the type of what follows stays the same. */
function abortFix(ctx: Context, body: Body, call: CallExpr, type: Type): readonly Fix[] {
  const { callee } = call;
  if (body.item.module.crate.noStd || callee.kind !== 'path') return [];
  const written = ctx.workspace.slice(body.item.file, type.span);
  const inside = type.span.start >= callee.span.start && type.span.end <= callee.span.end;
  const { end } = callee.span;
  const edit = (span: Span, text: string): FileEdit => ({ file: body.item.file.path, span, text });
  const edits = [
    inside ? edit(type.span, `Option<${written}>`) : edit({ start: end, end }, `::<_, Option<${written}>>`),
    edit({ start: call.span.end, end: call.span.end }, '.unwrap_or_else(|| std::process::abort())'),
  ];
  return [{ title: 'abort where it is null', safe: false, edits }];
}

function isTransmute({ callee }: CallExpr, body: Body, ctx: Context): boolean {
  return /^(mem::)?transmute$/.test(libraryName(calleeOf(callee, body.scope, ctx.workspace)) ?? '');
}

/** The second of `transmute::<A, B>`. */
function writtenArg({ callee }: CallExpr): Type | null {
  const to = callee.kind === 'path' ? callee.path.segments.at(-1)?.args[1] : undefined;
  return to?.kind === 'type' && to.type.kind !== 'infer' ? to.type : null;
}

/** Where a pointer comes from, if that gives null and nothing asks; for messages. */
function nullableSource(ctx: Context, body: Body, arg: Expr, exported: boolean): string | null {
  const names = new Set<string>();
  let at = unwrapBlock(arg);
  for (let i = 0; i < 8; i++) {
    const binding = body.bindingOf(at);
    if (binding) names.add(binding.name);
    if (at.kind === 'cast') at = unwrapBlock(at.operand);
    else if (at.kind === 'method' && /^cast(_mut|_const)?$/.test(at.name)) at = unwrapBlock(at.receiver);
    else if (binding?.kind === 'let' && binding.source) at = unwrapBlock(binding.source);
    else break;
  }
  if (isAsked(body, names, arg)) return null;
  const foreign = foreignCall(at, body.scope, ctx.workspace);
  if (foreign && /^(dlsym|dlvsym|GetProcAddress)$/.test(foreign.name)) return `the result of \`${foreign.name}\``;
  const binding = body.bindingOf(at);
  const pointer = binding?.ty?.kind === 'opaque' && binding.ty.pointer;
  return exported && binding?.kind === 'param' && pointer && isForeignAbi(body.ast.abi) ? `the parameter \`${binding.name}\`` : null;
}

/** Whether anything before looks at a variable: a method, a comparison, a macro, a match. */
function isAsked(body: Body, names: ReadonlySet<string>, arg: Expr): boolean {
  const is = (expr: Expr): boolean => names.has(variable(unwrapBlock(expr)) ?? '');
  return (
    !body.ast.body ||
    someExpr(body.ast.body, (one) => {
      if (one.span.start >= arg.span.start) return false;
      if (one.kind === 'method') return !/^cast(_mut|_const)?$/.test(one.name) && is(one.receiver);
      if (one.kind === 'binary') return is(one.left) || is(one.right);
      if (one.kind === 'match') return is(one.scrutinee);
      if (one.kind === 'macro') return one.args === null || one.args.some((inner) => someExpr(inner, is));
      return one.kind === 'call' && one.args.some(is) && one.span.end <= arg.span.start;
    })
  );
}
