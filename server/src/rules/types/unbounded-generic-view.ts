/** A safe generic fn looks at bytes as any type that its caller names. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, uncast } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { VEC, isExternal, pointeeTy, shortName, stripRefs } from '../../analysis/types/local-types-ty.ts';
import { collectExprs } from '../../analysis/walk.ts';
import type { FileEdit } from '../../base/edit.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { GenericParam, Type } from '../../model/rust/ast-type.ts';
import type { SourceFile } from '../../model/workspace.ts';
import type { Claim } from '../claim.ts';
import { indentAt } from '../indent.ts';
import { isReachable } from '../reachable.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'view'>;

export default defineRule({
  id: 'unbounded-generic-view',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { view: '`{fn}` makes a `{param}` of bytes, and callers may name any type for `{param}`' },
  docs: {
    what: 'A safe function makes a value or reference of any type that its caller names out of bytes',
    why: `Safe code may then call \`view::<&str>(bytes)\` or \`view::<bool>(bytes)\` and gets a reference to nowhere, or a truth value of 7. Which
types any bytes are a value of, only a trait can say: an own \`unsafe trait\`, or that of a crate such as \`bytemuck\` or \`zerocopy\`.`,
    bad: `pub fn view<T: Copy>(bytes: &[u8]) -> Option<T> {
    if bytes.len() < std::mem::size_of::<T>() {
        return None;
    }
    Some(unsafe { std::ptr::read_unaligned(bytes.as_ptr() as *const T) })
}
`,
    good: `/// # Safety
/// Any bytes are a value of the type.
pub unsafe trait Plain: Copy {}

pub fn view<T: Plain>(bytes: &[u8]) -> Option<T> {
    if bytes.len() < std::mem::size_of::<T>() {
        return None;
    }
    Some(unsafe { std::ptr::read_unaligned(bytes.as_ptr() as *const T) })
}
`,
    exceptions: [
      'parameters with a bound by a trait that may say it: an own one, or one of another crate',
      '`unsafe fn`: the caller promises it',
      'functions that are not public, and parameters of the type that the method belongs to',
      'memory that the function makes for the type itself, and functions that are given a value of it',
      'functions that compare `TypeId` or the name of the type, and those that return a raw pointer',
    ],
    fixSafety:
      'Not safe: the fn becomes an `unsafe` one, so that its callers must say that they keep the promise. The other way, a bound, needs a trait that somebody has written. There is none for methods of a trait.',
    references: [
      {
        title: 'Rust Reference, behavior considered undefined, invalid values',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html#r-undefined.validity',
      },
      { title: 'bytemuck, AnyBitPattern', url: 'https://docs.rs/bytemuck/latest/bytemuck/trait.AnyBitPattern.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bas\s*\*\s*(const|mut)\b|\bcast\s*::\s*</, ctx.workspace, isGeneric))
      checkBody(ctx, body);
  },
});

/** Bounds that every such type may have and that say nothing of its bytes. */
const SAYS_NOTHING = /^(?:\w+::)*(\??Sized|Clone|Copy|Debug|Display|Default|Eq|PartialEq|Ord|PartialOrd|Hash|Send|Sync|Unpin|'\w+)\b/;

/** Something asks which type it is. */
const ASKS = /\b(TypeId|type_id|type_name|Any|needs_drop)\b/;

function isGeneric({ unsafe, visibility, result, generics }: FnItem): boolean {
  return !unsafe && visibility === 'pub' && result !== null && generics.some((param) => param.kind === 'type');
}

function checkBody(ctx: Context, body: Body): void {
  const { ast, item } = body;
  if (!ast.body || ast.result === null || !isReachable(item, ctx.workspace)) return;
  const { result } = ast;
  const open = ast.generics.filter((param) => param.kind === 'type' && param.bounds.every((path) => SAYS_NOTHING.test(path)));
  const params = open.filter((param) => gives(result, param.name) && !isGiven(param.name, body));
  if (params.length === 0 || ASKS.test(ctx.workspace.slice(item.file, item.entry.span))) return;
  for (const expr of collectExprs(ast.body, (one) => one.kind === 'cast' || one.kind === 'method', { items: false, closures: true })) {
    const param = viewed(expr, params, body);
    if (!param) continue;
    ctx.report('view', {
      at: { file: item.file, span: expr.span },
      data: { fn: ast.name, param: param.name },
      related: [{ at: { file: item.file, span: param.span }, message: 'any type may stand for it' }],
      help: `bound \`${param.name}\` by an unsafe trait, or make the fn unsafe and document what it asks for`,
      item,
      claims: [castClaim(item.file, expr, param.name)],
      fixes: unsafeFix(ctx, body, param.name),
    });
    return;
  }
}

/** That bytes become values of the parameter there. */
function castClaim(file: SourceFile, expr: Expr, param: string): Claim {
  const at = { file, span: expr.kind === 'method' ? expr.nameSpan : expr.span };
  if (expr.kind === 'method') return { kind: 'handles', at, type: new RegExp(`^\\*(?:const|mut) ${param}$`) };
  return { kind: 'casts', at, to: new RegExp(`^\\*(?:const|mut) ${param}$`) };
}

/** `unsafe fn`, with the promise in its docs. */
function unsafeFix(ctx: Context, { item, ast }: Body, param: string): readonly Fix[] {
  const owner = item.owner ? ctx.workspace.ast(item.owner) : null;
  if (ast.async || (owner && (owner.kind !== 'impl' || owner.trait))) return [];
  const { start } = ast.signatureSpan;
  const indent = indentAt(ctx.workspace.text(item.file), start);
  const heading = ast.docs === '' ? '/// # Safety' : `///\n${indent}/// # Safety`;
  const docs = `${heading}\n${indent}/// The bytes are a value of \`${param}\`.\n${indent}`;
  const at = ast.abiSpan?.start ?? ast.keywordSpan.start;
  const insert = (offset: number, text: string): FileEdit => ({ file: item.file.path, span: { start: offset, end: offset }, text });
  const edits = at === start ? [insert(at, `${docs}unsafe `)] : [insert(start, docs), insert(at, 'unsafe ')];
  return [{ title: 'make the fn unsafe', safe: false, edits }];
}

/** The caller gives a value of the type, or a closure that makes one: it is no view of bytes that were there. */
function isGiven(param: string, { ast }: Body): boolean {
  const word = new RegExp(`\\b${param}\\b`);
  return (
    ast.params.some((one) => gives(one.type, param)) ||
    ast.generics.some((one) => one.name !== param && one.bounds.some((path) => word.test(path)))
  );
}

/** Whether a fn's result has a value of the parameter, or a reference to one, in it: not only a raw pointer. */
function gives(type: Type, param: string): boolean {
  switch (type.kind) {
    case 'path': {
      const last = type.path.segments.at(-1);
      if (type.self || !last) return false;
      if (type.path.segments.length === 1 && last.name === param) return true;
      return !/^(PhantomData|NonNull|AtomicPtr)$/.test(last.name) && last.args.some((arg) => arg.kind === 'type' && gives(arg.type, param));
    }
    case 'reference':
      return gives(type.referent, param);
    case 'array':
    case 'slice':
      return gives(type.element, param);
    case 'tuple':
      return type.elements.some((one) => gives(one, param));
    default:
      return false;
  }
}

/** `bytes.as_ptr() as *const T`, `pointer.cast::<T>()` of bytes. */
function viewed(expr: Expr, params: readonly GenericParam[], body: Body): GenericParam | null {
  const to = expr.kind === 'cast' || (expr.kind === 'method' && expr.name === 'cast') ? pointeeTy(body.typeOf(expr)) : null;
  const param = to?.kind === 'generic' ? params.find((one) => one.name === to.name) : undefined;
  if (!param) return null;
  const root = givenValue(uncast(expr), body);
  if (!/^([ui]8|c_[su]?char|c_void)$/.test(shortName(pointeeTy(body.typeOf(root))))) return null;
  return isStored(root, body) ? param : null;
}

/** Bytes that the caller or the value holds: what a call gave may be memory that has just been made for the type. */
function isStored(pointer: Expr, body: Body): boolean {
  if (pointer.kind === 'field') return true;
  if (pointer.kind === 'path') return body.bindingOf(pointer)?.kind === 'param';
  if (pointer.kind !== 'method') return false;
  if (/^(add|offset|wrapping_add)$/.test(pointer.name)) return isStored(givenValue(pointer.receiver, body), body);
  if (!/^as_(mut_)?ptr$/.test(pointer.name)) return false;
  const ty = stripRefs(body.typeOf(pointer.receiver));
  return ty?.kind === 'slice' || ty?.kind === 'array' || isExternal(ty, VEC) || pointer.receiver.kind === 'field';
}
