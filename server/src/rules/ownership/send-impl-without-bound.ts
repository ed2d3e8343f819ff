/** A generic wrapper or a boxed closure is declared to be `Send` or `Sync` whatever it holds. */
import { sliceSpan } from '../../base/text.ts';
import type { ImplItem, StructItem } from '../../model/rust/ast-item.ts';
import type { GenericParam, Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { derives, isRewritten } from '../../model/surface/attributes.ts';
import { autoTraitOf } from '../auto-trait.ts';
import { isMadeWithBound } from '../made-with-bound.ts';
import { isReachable } from '../reachable.ts';
import { isHidden } from '../hidden.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'generic' | 'closure'>;

export default defineRule({
  id: 'send-impl-without-bound',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::non_send_fields_in_send_ty'],
  fix: 'unsafe',
  messages: {
    generic: '`{type}` is `{trait}` for every `{param}`, also for one that is not',
    closure: '`{type}` is `{trait}` although its closure `{field}` need not be',
  },
  docs: {
    what: '`unsafe impl Send` or `Sync` of a wrapper asks nothing of what it holds',
    why: `\`unsafe impl<T> Send for Wrapper<T>\` moves an \`Rc\`, a \`MutexGuard\` or a \`Cell\` to another thread as soon as somebody puts one into
the wrapper: a data race in safe code. This is the most frequent kind of soundness bug in published crates.`,
    bad: `pub struct Slot<T> {
    value: *mut T,
}

unsafe impl<T> Send for Slot<T> {}

impl<T> Slot<T> {
    pub fn new(value: T) -> Slot<T> {
        Slot { value: Box::into_raw(Box::new(value)) }
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        drop(unsafe { Box::from_raw(self.value) });
    }
}
`,
    good: `pub struct Slot<T> {
    value: *mut T,
}

unsafe impl<T: Send> Send for Slot<T> {}

impl<T> Slot<T> {
    pub fn new(value: T) -> Slot<T> {
        Slot { value: Box::into_raw(Box::new(value)) }
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        drop(unsafe { Box::from_raw(self.value) });
    }
}
`,
    exceptions: [
      'bounds on the parameter, in a where clause too, other than those that say nothing of threads: `Sized`, `Clone`, `Debug` …',
      'parameters that stand in `PhantomData` or a fn pointer only',
      'types that are not public: what is put into them is up to this crate',
      'types with private fields that are only made in functions and impls that ask for `Send` or `Sync` of the parameter',
      'a comment directly before the impl, or before the impl of the other trait, that gives a reason',
      'wrappers that remember the thread they belong to, errors, and `Copy` types, which own nothing',
      'closures where the file of the type, or one that names the field, asks for `Send` where they are taken',
    ],
    fixSafety: 'Code that sends a wrapper of something that is not `Send` no longer compiles.',
    references: [
      { title: 'Rustonomicon, Send and Sync', url: 'https://doc.rust-lang.org/nomicon/send-and-sync.html' },
      { title: 'Rudra, SendSyncVariance', url: 'https://github.com/sslab-gatech/Rudra' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of ctx.unit.items) {
      if (item.test || item.inUnknownMacro) continue;
      const name = autoTraitOf(item, ctx.workspace);
      if (!name) continue;
      const ast = ctx.workspace.ast(item);
      if (ast?.kind === 'impl' && ast.unsafe && !ast.negative) checkImpl(ctx, item, ast, name);
    }
  },
});

function checkImpl(ctx: Context, item: RustItem, ast: ImplItem, name: string): void {
  const scope: Scope = { module: item.module, item };
  if (ast.selfType.kind !== 'path' || ast.selfType.self) return;
  const found = ctx.workspace.resolve(ast.selfType.path, scope, 'type');
  const struct = found.kind === 'item' ? ctx.workspace.ast(found.item) : null;
  if (found.kind !== 'item' || struct?.kind !== 'struct' || found.item.inUnknownMacro || isRewritten(struct.attributes)) return;
  if (!isReachable(found.item, ctx.workspace) || isHidden(found.item)) return;
  // A wrapper that knows its thread looks at it before it gives anything out.
  if (/thread|Error$/i.test(struct.name) || struct.fields.some((field) => /thread/i.test(ctx.workspace.slice(found.item.file, field.span))))
    return;
  const comments = commentsBefore(ctx, item, ast);
  // A pointer that is copied about owns nothing.
  if (
    derives(struct.attributes).includes('Copy') ||
    ctx.workspace.implsOf(found.item).some((one) => /(^|::)Copy$/.test(one.entry.implTrait ?? ''))
  )
    return;
  // Whoever writes a reason has thought about it.
  if (/\/\/(?![/!]).*\w+\W+\w+\W+\w+/.test(comments)) return;
  const param = openParam(ctx, item, ast, { item: found.item, struct });
  if (param) {
    ctx.report('generic', {
      at: { file: item.file, span: ast.selfType.span },
      data: { type: struct.name, trait: name, param: param.name },
      related: [{ at: { file: found.item.file, span: struct.nameSpan }, message: `it holds a \`${param.name}\`` }],
      help: `ask for \`${param.name}: ${name}\``,
      item,
      fixes: bound(ctx, item, param, name),
    });
    return;
  }
  const closure = struct.fields.find((field) => isOpenClosure(field.type, name));
  if (!closure || asksElsewhere(ctx, found.item, closure.name)) return;
  ctx.report('closure', {
    at: { file: item.file, span: ast.selfType.span },
    data: { type: struct.name, trait: name, field: closure.name },
    related: [{ at: { file: found.item.file, span: closure.nameSpan }, message: 'any closure may stand here' }],
    help: `write \`+ ${name}\` into the closure's type`,
    item,
  });
}

/** The comments and attributes in the lines directly before the impl, or before the impls of one line that it stands among. */
function commentsBefore(ctx: Context, item: RustItem, ast: ImplItem): string {
  const lines = ctx.workspace.slice(item.file, { start: 0, end: ast.signatureSpan.start }).split('\n').slice(0, -1);
  const code = lines.findLastIndex((line) => !/^\s*(\/\/|\/\*|\*|#\[|unsafe impl\b.*\{\s*\}$)/.test(line));
  return lines.slice(code + 1).join('\n');
}

/** The first type parameter that the struct holds and nothing is asked of. */
function openParam(
  ctx: Context,
  item: RustItem,
  ast: ImplItem,
  { item: owner, struct }: { readonly item: RustItem; readonly struct: StructItem },
): GenericParam | null {
  if (ast.selfType.kind !== 'path') return null;
  const given = (ast.selfType.path.segments.at(-1)?.args ?? []).flatMap((arg) => (arg.kind === 'type' ? [arg.type] : []));
  const own = struct.generics.filter((param) => param.kind === 'type');
  for (const [i, type] of given.entries()) {
    const name = type.kind === 'path' && type.path.segments.length === 1 ? type.path.segments[0]?.name : undefined;
    const param = ast.generics.find((one) => one.kind === 'type' && one.name === name);
    const held = own[i]?.name;
    if (!param || !held || !param.bounds.every((path) => SAYS_NOTHING.test(path))) continue;
    if (whereMentions(ctx, item, ast, param.name) || isMadeWithBound(owner, struct, held, ctx.workspace)) continue;
    if (struct.fields.some((field) => holds(field.type, held, { module: owner.module, item: owner }, ctx.workspace))) return param;
  }
  return null;
}

/** Bounds that any type may have, sendable or not. */
const SAYS_NOTHING =
  /^(?:\w+::)*(\??Sized|Clone|Copy|Debug|Display|Default|Eq|PartialEq|Ord|PartialOrd|Hash|Unpin|Drop|'\w+|Fn|FnMut|FnOnce)\b/;

/** A where clause on something made of the parameter: `T::Item: Send`. */
function whereMentions(ctx: Context, item: RustItem, ast: ImplItem, name: string): boolean {
  const header = ctx.workspace.slice(item.file, { start: ast.selfType.span.end, end: ast.signatureSpan.end });
  return new RegExp(`\\bwhere\\b[^{]*\\b${name}\\b[^{]*\\b(Send|Sync)\\b`).test(header);
}

/** Types that are followed into types. */
const DEPTH = 6;

/**
 * Whether a value of the type, or what it points to, is surely one of the parameter: not in `PhantomData`, nor in what a fn takes,
 * nor in types of other crates than std.
 */
function holds(type: Type, param: string, scope: Scope, workspace: Workspace, depth = DEPTH): boolean {
  const inner = (one: Type): boolean => depth > 0 && holds(one, param, scope, workspace, depth - 1);
  switch (type.kind) {
    case 'path':
      return holdsPath(type, param, scope, workspace, depth, inner);
    case 'pointer':
      return inner(type.pointee);
    case 'reference':
      return inner(type.referent);
    case 'array':
    case 'slice':
      return inner(type.element);
    case 'tuple':
      return type.elements.some(inner);
    default:
      return false;
  }
}

function holdsPath(
  type: Extract<Type, { kind: 'path' }>,
  param: string,
  scope: Scope,
  workspace: Workspace,
  depth: number,
  inner: (one: Type) => boolean,
): boolean {
  const last = type.path.segments.at(-1);
  if (type.self || !last) return false;
  if (type.path.segments.length === 1 && last.name === param) return true;
  const args = last.args.flatMap((arg) => (arg.kind === 'type' ? [arg.type] : []));
  if (args.length === 0) return false;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind === 'external') return found.path[0] === 'std' && last.name !== 'PhantomData' && args.some(inner);
  if (found.kind !== 'item' || found.item.inUnknownMacro) return false;
  const ast = workspace.ast(found.item);
  const within: Scope = { module: found.item.module, item: found.item };
  const params = (ast?.generics ?? []).filter((one) => one.kind === 'type');
  return params.some(({ name }, i) => {
    const arg = args[i];
    if (!arg || !inner(arg)) return false;
    if (ast?.kind === 'type') return ast.type !== null && depth > 0 && holds(ast.type, name, within, workspace, depth - 1);
    return ast?.kind === 'struct' && depth > 0 && ast.fields.some((field) => holds(field.type, name, within, workspace, depth - 1));
  });
}

/** `Box<dyn Fn(…)>` and the like without the trait among its bounds. */
function isOpenClosure(type: Type, name: string): boolean {
  if (type.kind === 'dyn')
    return (
      type.bounds.some((bound) => /^Fn(Mut|Once)?$/.test(bound.segments.at(-1)?.name ?? '')) && !new RegExp(`\\b${name}\\b`).test(type.text)
    );
  return (
    type.kind === 'path' && (type.path.segments.at(-1)?.args ?? []).some((arg) => arg.kind === 'type' && isOpenClosure(arg.type, name))
  );
}

/** The file asks closures for `Send` somewhere, as where they are put in. */
function asksElsewhere(ctx: Context, struct: RustItem, field: string): boolean {
  return [struct.file, ...ctx.workspace.filesNaming(field)].some((file) =>
    /\bFn(Mut|Once)?\s*\([^;{}]*\b(Send|Sync)\b/.test(ctx.workspace.text(file)),
  );
}

function bound(ctx: Context, item: RustItem, param: GenericParam, name: string): readonly Fix[] {
  const text = ctx.workspace.text(item.file);
  const written = sliceSpan(text, param.span);
  if (!written.startsWith(param.name)) return [];
  const end = param.span.start + param.name.length;
  const colon = /^\s*:\s*/.exec(text.slice(end));
  const at = colon ? end + colon[0].length : end;
  return [
    {
      title: `ask for \`${param.name}: ${name}\``,
      safe: false,
      edits: [{ file: item.file.path, span: { start: at, end: at }, text: colon ? `${name} + ` : `: ${name}` }],
    },
  ];
}
