/** A symbol that is loaded at run time is given a fn type that it does not have. */
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, stdCall, uncast } from '../../analysis/ownership/owners.ts';
import { writtenTarget } from '../../analysis/ownership/written-target.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { stripRefs } from '../../analysis/types/local-types-ty.ts';
import { collectExprs, findExpr, unwrapBlock } from '../../analysis/walk.ts';
import type { Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { FnPointerType, Type } from '../../model/rust/ast-type.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { isForeignAbi } from '../../model/surface/surface.ts';
import type { Scope, SourceFile } from '../../model/workspace.ts';
import type { Claim } from '../claim.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { signatureDiff } from '../signature-diff.ts';
import { firstArg, peel, stdName } from '../written-type.ts';

type Context = RuleContext<'abi' | 'signature'>;

export default defineRule({
  id: 'dynamic-symbol-abi',
  group: 'linkage',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'safe',
  messages: {
    abi: '{symbol} is called with the ABI of Rust, which no library promises',
    signature: '{symbol} is loaded with another signature than it is exported with: {what} differs',
  },
  docs: {
    what: 'A symbol that is loaded at run time is typed as a Rust fn, or unlike the export of that name',
    why: `Nothing checks the type that a loaded symbol is given. A fn pointer without \`extern\` calls with the ABI of this very compiler, which is
not that of C and changes between versions: arguments arrive in the wrong places.`,
    bad: `// Cargo.toml: [dependencies]
// Cargo.toml: libloading = "0.8"
use libloading::{Error, Library, Symbol};

pub fn answer(library: &Library) -> Result<i32, Error> {
    let answer: Symbol<fn() -> i32> = unsafe { library.get(b"answer")? };
    Ok(answer())
}
`,
    good: `// Cargo.toml: [dependencies]
// Cargo.toml: libloading = "0.8"
use libloading::{Error, Library, Symbol};

pub fn answer(library: &Library) -> Result<i32, Error> {
    let answer: Symbol<extern "C" fn() -> i32> = unsafe { library.get(b"answer")? };
    Ok(answer())
}
`,
    exceptions: [
      'a symbol that the workspace exports as a Rust fn: `no-mangle-rust-abi` speaks of that',
      'fn types with an ABI that agree with the export, as far as that is known',
      'symbols that are data, and types that are not written at the place',
    ],
    fixSafety: 'It adds the ABI that the library has; calls through the pointer stay as they are.',
    references: [
      { title: 'Rust Reference, ABI of extern functions', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html#abi' },
      { title: 'libloading, Library::get', url: 'https://docs.rs/libloading/latest/libloading/struct.Library.html#method.get' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, LOADS, ctx.workspace)) {
      if (!body.ast.body) continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'method' || one.kind === 'call', { items: false })) {
        if (expr.kind === 'method') checkGet(ctx, body, expr);
        else if (expr.kind === 'call') checkTransmute(ctx, body, expr);
      }
    }
  },
});

/** Loading a symbol is unsafe; `.get(…)` alone is everywhere. */
const LOADS = [/\bunsafe\b/, /\.\s*get\s*(::|\()|\bdlsym\b|\bGetProcAddress\b/];

/** `library.get::<T>(b"name")`, and the same with `Symbol<T>` as the written type of the result. */
function checkGet(ctx: Context, body: Body, expr: MethodExpr): void {
  if (expr.name !== 'get' || expr.args.length !== 1 || !isLibrary(expr, body, ctx)) return;
  const generic = expr.generics[0];
  const written = generic?.kind === 'type' && generic.type.kind !== 'infer' ? generic.type : symbolType(around(expr, body), body, ctx);
  const claim: Claim = { kind: 'handles', at: { file: body.item.file, span: expr.nameSpan }, type: RUST_FN, hinted: true };
  if (written) checkType(ctx, body, written, symbolName(expr.args[0], body, ctx), claim);
}

/** A `libloading::Library`, by its type or by the name of the library in the file beside a literal. */
function isLibrary(expr: MethodExpr, body: Body, ctx: Context): boolean {
  const ty = stripRefs(body.typeOf(expr.receiver));
  if (ty?.kind === 'external') return /^libloading::(.*::)?Library$/.test(ty.path);
  const [name] = expr.args;
  return (
    ty === null && name?.kind === 'literal' && /string$/.test(name.literal) && /\blibloading\b/.test(ctx.workspace.text(body.item.file))
  );
}

/** The type of the variable or fn that takes the symbol, behind `?` and `unwrap`. */
function around(expr: Expr, body: Body): Type | null {
  const outer = body.ast.body
    ? collectExprs(body.ast.body, (one) => {
        if (one.kind === 'try') return one.operand === expr;
        return one.kind === 'method' && one.receiver === expr && /^(unwrap|expect|ok|map_err)$/.test(one.name);
      })[0]
    : undefined;
  return writtenTarget(expr, body.ast) ?? (outer ? around(outer, body) : null);
}

/** T of `Symbol<'_, T>`. */
function symbolType(written: Type | null, body: Body, ctx: Context): Type | null {
  const found = written ? peel(written, body.scope, ctx.workspace).found : null;
  return written && found?.kind === 'external' && found.path[0] === 'libloading' && found.path.at(-1) === 'Symbol'
    ? firstArg(written)
    : null;
}

/** `transmute(dlsym(…))` */
function checkTransmute(ctx: Context, body: Body, call: Extract<Expr, { kind: 'call' }>): void {
  const [given] = call.args;
  if (!given || stdCall(call, body.scope, ctx.workspace) !== 'mem::transmute') return;
  const loaded = foreignCall(unwrapBlock(givenValue(given, body)), body.scope, ctx.workspace);
  if (!loaded || !/^(dlsym|GetProcAddress)$/.test(loaded.name)) return;
  const generics = call.callee.kind === 'path' ? (call.callee.path.segments.at(-1)?.args ?? []) : [];
  const to = generics[1];
  const written = to?.kind === 'type' && to.type.kind !== 'infer' ? to.type : writtenTarget(call, body.ast);
  const claim: Claim = { kind: 'casts', at: { file: body.item.file, span: call.span }, to: RUST_FN, how: /Transmute/ };
  if (written) checkType(ctx, body, written, symbolName(loaded.call.args[1], body, ctx), claim);
}

/** The name in `b"name"`, `b"name\0"`, `c"name".as_ptr()`; null where it is no literal. */
function symbolName(expr: Expr | undefined, body: Body, ctx: Context): string | null {
  if (!expr) return null;
  const literal = findExpr(uncast(givenValue(expr, body)), (one) => one.kind === 'literal');
  const text = literal ? ctx.workspace.slice(body.item.file, literal.span) : '';
  return /^(?:b|c)?"(\w+)(?:\\0|\\x00)?"/.exec(text)?.[1] ?? null;
}

/** A fn pointer of Rust's own ABI, as rustc prints it: those of another have it before them. */
const RUST_FN = /(?<!extern "[^"]*" )\bfn\(/;

function checkType(ctx: Context, body: Body, written: Type, name: string | null, claim: Claim): void {
  const at = peel(written, body.scope, ctx.workspace);
  const inner = stdName(at) === 'Option' ? firstArg(at.type) : null;
  const { type, scope } = inner ? peel(inner, at.scope, ctx.workspace) : at;
  if (type.kind !== 'fn') return;
  const definitions =
    name === null ? [] : ctx.surface.functions.filter((fn) => fn.role === 'export' && fn.symbol === name && !fn.rewritten);
  const symbol = name === null ? 'a loaded symbol' : `\`${name}\``;
  const place = { file: body.item.file, span: written.span };
  if (!isForeignAbi(type.abi)) {
    // Both sides are Rust, and built together as far as anybody can see.
    if (definitions.some((fn) => fn.abi === null || fn.abi === 'Rust') || isOwnPlugin(name)) return;
    if (type.abi === null)
      ctx.report('abi', {
        at: place,
        data: { symbol },
        help: 'write `extern "C" fn`',
        item: body.item,
        claims: [claim],
        fixes: addAbi(ctx, type, written, body, scope),
      });
    return;
  }
  const [definition] = definitions;
  if (!definition || definitions.length > 1 || definition.abi === null) return;
  const diff = signatureDiff(definition, asFn(type, definition, body, scope), ctx.workspace);
  if (!diff || diff.mild) return;
  ctx.report('signature', {
    at: place,
    data: { symbol, what: diff.what },
    related: [{ at: { file: definition.item.file, span: definition.ast.nameSpan }, message: 'exported here' }],
    help: 'write the type of the export',
    item: body.item,
  });
}

/** Names by which Rust programs load their own plugins, built by the same compiler. */
function isOwnPlugin(name: string | null): boolean {
  return name !== null && /^_?rust_|_rust$|^_Z|^_R/.test(name);
}

/** A fn pointer's type as a fn, to be compared with another. */
function asFn(type: FnPointerType, like: BoundaryFn, body: Body, scope: Scope): BoundaryFn {
  const params = type.params.map((param) => ({
    pattern: { kind: 'wildcard' as const, span: param.type.span },
    name: param.name,
    type: param.type,
    attributes: [],
    span: param.type.span,
  }));
  const ast = { ...like.ast, self: null, async: false, generics: [], params, variadic: type.variadic, result: type.result, abi: type.abi };
  return { ...like, item: body.item, ast, scope, abi: type.abi };
}

/** Where the fn pointer is written at the place; behind an alias other uses may follow. */
function addAbi(ctx: Context, type: FnPointerType, written: Type, body: Body, scope: Scope): readonly Fix[] {
  const here = type.span.start >= written.span.start && type.span.end <= written.span.end && scope.item === body.item;
  const file: SourceFile = body.item.file;
  const keyword = here ? /^(?:for\s*<[^>]*>\s*)?(?:unsafe\s+)?(?=fn\b)/.exec(ctx.workspace.slice(file, type.span)) : null;
  if (!keyword) return [];
  const at = type.span.start + keyword[0].length;
  return [{ title: 'add `extern "C"`', safe: true, edits: [{ file: file.path, span: { start: at, end: at }, text: 'extern "C" ' }] }];
}
