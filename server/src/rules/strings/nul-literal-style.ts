/** A C string is written as a Rust literal with a NUL at its end. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { parentExpr, parentsOf } from '../../analysis/ownership/parents.ts';
import { stdCall } from '../../analysis/ownership/owners.ts';
import { walk } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Scope } from '../../model/workspace.ts';
import { asCLiteral, contentOf, mayWriteCStrings, nulIn } from '../c-literal.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'literal'>;

export default defineRule({
  id: 'nul-literal-style',
  group: 'strings',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: ['clippy::manual_c_str_literals'],
  fix: 'safe',
  messages: { literal: 'this C string is written with its NUL; {written} says the same and is checked' },
  docs: {
    what: 'A C string is written as a Rust literal that ends in `\\0`',
    why: `The NUL is easily forgotten or lost when the text is edited, and nothing checks it. A C string literal (Rust 1.77) always ends in one,
cannot contain another, and is a \`&CStr\` without any conversion.`,
    bad: `use std::ffi::c_char;

extern "C" {
    fn open_device(name: *const c_char) -> i32;
}

pub fn open() -> i32 {
    unsafe { open_device(b"default\\0".as_ptr() as *const c_char) }
}
`,
    good: `use std::ffi::c_char;

extern "C" {
    fn open_device(name: *const c_char) -> i32;
}

pub fn open() -> i32 {
    unsafe { open_device(c"default".as_ptr()) }
}
`,
    exceptions: [
      'packages whose rust-version is below 1.77, or whose edition is older than 2021',
      'literals with a NUL in their middle, and raw literals',
      'pointers that are used as byte pointers: nothing casts them to a C string',
      'literals that are no C strings: only `as_ptr()` with a cast and `from_bytes_with_nul` are looked at',
    ],
    fixSafety: 'Safe: the bytes are the same.',
    references: [{ title: 'Rust Reference, C string literals', url: 'https://doc.rust-lang.org/reference/tokens.html#c-string-literals' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust' || !mayWriteCStrings(ctx.unit.crate)) return;
    for (const body of bodiesWith(ctx.unit.items, /\\(0|x00)"/, ctx.workspace)) {
      if (body.ast.body) checkRoot(ctx, body.ast.body, body.item, body.scope);
    }
    for (const item of ctx.unit.items) {
      if ((item.kind !== 'const' && item.kind !== 'static') || item.test || item.inUnknownMacro) continue;
      const text = ctx.workspace.slice(item.file, item.entry.span);
      const ast = /\\(0|x00)"/.test(text) ? ctx.workspace.ast(item) : null;
      if ((ast?.kind === 'const' || ast?.kind === 'static') && ast.value) checkRoot(ctx, ast.value, item, { module: item.module, item });
    }
  },
});

function checkRoot(ctx: Context, root: Expr, item: RustItem, scope: Scope): void {
  const parents = parentsOf(root);
  walk(
    root,
    {
      enterExpr: (expr) => {
        if (expr.kind !== 'literal') return;
        const content = contentOf(expr);
        const written = content !== null && nulIn(content) === 'end' ? asCLiteral(expr) : null;
        if (!written) return;
        const parent = parentExpr(parents, expr);
        const whole = parent ? (isCastPointer(parent, expr, parents) ? expr : fromBytes(parent, parents, scope, ctx)) : null;
        if (!whole) return;
        ctx.report('literal', {
          at: { file: item.file, span: expr.span },
          data: { written: written.length > 30 ? '`c"…"`' : `\`${written}\`` },
          help: 'write a C string literal',
          item,
          fixes: [{ title: `write ${written}`, safe: true, edits: [{ file: item.file.path, span: whole.span, text: written }] }],
        });
      },
    },
    { items: false },
  );
}

/** `"x\0".as_ptr()` with a cast behind it, so that the pointer's type does not matter. */
function isCastPointer(parent: Expr, literal: Expr, parents: ReturnType<typeof parentsOf>): boolean {
  if (parent.kind !== 'method' || parent.name !== 'as_ptr' || parent.receiver !== literal) return false;
  const cast = parentExpr(parents, parent);
  if (cast?.kind === 'cast') return cast.type.kind === 'pointer';
  return cast?.kind === 'method' && cast.name === 'cast' && cast.receiver === parent;
}

/** `CStr::from_bytes_with_nul(b"x\0").unwrap()`, which is the literal itself; null where the call's Result is used otherwise. */
function fromBytes(call: Expr, parents: ReturnType<typeof parentsOf>, scope: Scope, ctx: Context): Expr | null {
  if (stdCall(call, scope, ctx.workspace) !== 'CStr::from_bytes_with_nul') return null;
  const unwrap = parentExpr(parents, call);
  return unwrap?.kind === 'method' && unwrap.receiver === call && /^(unwrap|expect)$/.test(unwrap.name) ? unwrap : null;
}
