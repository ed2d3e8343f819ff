/** A pointer that only allows reading is cast to `*mut` for a C function that may write. */
import type { ForeignCall } from '../../analysis/c-functions/foreign-call.ts';
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { pointerInto, uncast } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { VEC, isExternal } from '../../analysis/types/local-types-ty.ts';
import { bindings, collectExprs, variable, walk } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'cast'>;

export default defineRule({
  id: 'const-cast-to-mut',
  group: 'pointers',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: ['clippy::as_ptr_cast_mut'],
  fix: 'safe',
  messages: { cast: '`{callee}` may write through this pointer, which was made for reading' },
  docs: {
    what: 'A pointer made from a shared reference is cast to `*mut` and passed to a C function',
    why: `\`as_ptr()\` and \`&x\` give a pointer for reading. The cast to \`*mut\` only silences the compiler: where C writes through it, memory
changes that Rust takes for unchanging, which is undefined behaviour.`,
    bad: `extern "C" {
    fn device_read(to: *mut u8, size: usize) -> usize;
}

pub fn read() -> [u8; 16] {
    let mut data = [0; 16];
    data[0] = 1;
    unsafe { device_read(data.as_ptr() as *mut u8, data.len()) };
    data
}
`,
    good: `extern "C" {
    fn device_read(to: *mut u8, size: usize) -> usize;
}

pub fn read() -> [u8; 16] {
    let mut data = [0; 16];
    data[0] = 1;
    unsafe { device_read(data.as_mut_ptr() as *mut u8, data.len()) };
    data
}
`,
    exceptions: [
      'parameters that are `*const`',
      'C functions that write in name only, whose headers lack a `const`: `iconv`, `execv` …, and those that send, print or compare',
      'C strings: most headers that take them by `char *` only read them',
      'functions of the libc crate, whose declarations are not read',
    ],
    fixSafety: 'Takes `as_mut_ptr` of a variable that may be written: the pointer is the same, and allows what is done with it.',
    references: [{ title: 'std, slice as_ptr', url: 'https://doc.rust-lang.org/std/primitive.slice.html#method.as_ptr' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bas\s*\*\s*mut\b|\bcast_mut\b/, ctx.workspace)) {
      if (!body.ast.body) continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call', { items: false })) {
        const called = foreignCall(expr, body.scope, ctx.workspace);
        if (called?.ast && !READS.test(called.name)) checkCall(ctx, body, called);
      }
    }
  },
});

/** Names of functions that only read what they are given, whatever their header says, and of those known for a missing const. */
const READS =
  /^(iconv|exec[lv]\w*|posix_spawnp?|getopt\w*|putenv|ioctl|writev|sendmsg)$|write|send|put|print|log|cmp|compare|equal|hash|set|copy_from|encode|verify|check|len|size|count|free|destroy|close|release|delete|bind|push|upload|update|sign|digest|load|parse/i;

function checkCall(ctx: Context, body: Body, { call, name, ast }: ForeignCall): void {
  call.args.forEach((arg, at) => {
    const type = ast?.params[at]?.type;
    if (type?.kind !== 'pointer' || !type.mutable || !castsToMut(arg)) return;
    const inner = uncast(arg);
    const into = pointerInto(inner);
    const shared =
      inner.kind === 'reference' && !inner.mutable && !inner.raw && inner.operand.kind === 'path' && body.bindingOf(inner.operand) !== null;
    const base = into?.call.name === 'as_ptr' ? into.base : shared && inner.kind === 'reference' ? inner.operand : null;
    if (!base || !isPlainMemory(base, into !== null, body)) return;
    ctx.report('cast', {
      at: { file: body.item.file, span: arg.span },
      data: { callee: name },
      help: into ? 'take the pointer with `as_mut_ptr`' : 'take `&mut` of the variable, or declare the parameter `*const`',
      item: body.item,
      fixes: into && into.call.receiver === into.base ? asMut(body, arg, into.call.nameSpan, base) : [],
    });
  });
}

/** `… as *mut T`, `….cast_mut()` around a pointer for reading. */
function castsToMut(arg: Expr): boolean {
  if (arg.kind === 'cast') return (arg.type.kind === 'pointer' && arg.type.mutable) || castsToMut(arg.operand);
  return arg.kind === 'method' && (arg.name === 'cast_mut' || (arg.name === 'cast' && castsToMut(arg.receiver)));
}

/** An array, vector or slice; of `&x` also a number or struct. Strings are mostly read, and other types lend what they like. */
function isPlainMemory(base: Expr, buffer: boolean, body: Body): boolean {
  const ty = body.typeOf(base);
  const inner = ty?.kind === 'reference' ? ty.to : ty;
  if (inner?.kind === 'array' || inner?.kind === 'slice' || isExternal(inner, VEC)) return true;
  return !buffer && ty !== null && (ty.kind === 'primitive' || ty.kind === 'item');
}

/** Where the variable may be written: `let mut`, or a `&mut` reference. */
function asMut(body: Body, arg: Expr, at: Expr['span'], base: Expr): readonly Fix[] {
  const name = variable(base);
  if (name === null || arg.kind !== 'cast' || !body.ast.body) return [];
  const ty = body.typeOf(base);
  let mutable = ty?.kind === 'reference' ? ty.mutable : false;
  if (ty?.kind !== 'reference') {
    const patterns = body.ast.params.map((param) => param.pattern);
    walk(body.ast.body, { enterStatement: (one) => (one.kind === 'let' ? patterns.push(one.pattern) : 0) }, { items: false });
    const found = patterns.flatMap(bindings).filter((one) => one.name === name);
    mutable = found.length === 1 && found[0]?.mutable === true;
  }
  if (!mutable || body.bindings.filter((one) => one.name === name).length !== 1) return [];
  return [
    { title: 'take the pointer with `as_mut_ptr`', safe: true, edits: [{ file: body.item.file.path, span: at, text: 'as_mut_ptr' }] },
  ];
}
