/** A generic wrapper or a boxed closure is declared to be `Send` or `Sync` whatever it holds. */
import { sliceSpan } from '../../base/text.ts';
import type { ImplItem, StructItem } from '../../model/rust/ast-item.ts';
import type { GenericParam, Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope } from '../../model/workspace.ts';
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
      'a SAFETY comment that names the parameter',
      'wrappers that remember the thread they belong to',
      'closures in a file that asks for `Send` where they are taken',
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
      const name = /(?:^|::)(Send|Sync)$/.exec(item.entry.implTrait ?? '')?.[1];
      if (item.kind !== 'impl' || !name || item.test || item.inUnknownMacro) continue;
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
  if (found.kind !== 'item' || struct?.kind !== 'struct' || struct.visibility !== 'pub' || found.item.inUnknownMacro) return;
  // A wrapper that knows its thread looks at it before it gives anything out.
  if (struct.fields.some((field) => /thread/i.test(sliceSpan(ctx.workspace.text(found.item.file), field.span)))) return;
  const comments = commentsBefore(ctx, item, ast);
  const param = openParam(ctx, item, ast, struct, comments);
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
  if (!closure || /\bSAFETY\b/i.test(comments) || asksElsewhere(ctx, found.item)) return;
  ctx.report('closure', {
    at: { file: item.file, span: ast.selfType.span },
    data: { type: struct.name, trait: name, field: closure.name },
    related: [{ at: { file: found.item.file, span: closure.nameSpan }, message: 'any closure may stand here' }],
    help: `write \`+ ${name}\` into the closure's type`,
    item,
  });
}

/** The comments and attributes in the lines directly before the impl. */
function commentsBefore(ctx: Context, item: RustItem, ast: ImplItem): string {
  const lines = ctx.workspace.text(item.file).slice(0, ast.signatureSpan.start).split('\n').slice(0, -1);
  const code = lines.findLastIndex((line) => !/^\s*(\/\/|\/\*|\*|#\[)/.test(line));
  return lines.slice(code + 1).join('\n');
}

/** The first type parameter that the struct holds and nothing is asked of. */
function openParam(ctx: Context, item: RustItem, ast: ImplItem, struct: StructItem, comments: string): GenericParam | null {
  if (ast.selfType.kind !== 'path') return null;
  const given = (ast.selfType.path.segments.at(-1)?.args ?? []).flatMap((arg) => (arg.kind === 'type' ? [arg.type] : []));
  const own = struct.generics.filter((param) => param.kind === 'type');
  for (const [i, type] of given.entries()) {
    const name = type.kind === 'path' && type.path.segments.length === 1 ? type.path.segments[0]?.name : undefined;
    const param = ast.generics.find((one) => one.kind === 'type' && one.name === name);
    const held = own[i]?.name;
    if (!param || !held || !param.bounds.every((path) => SAYS_NOTHING.test(path))) continue;
    if (new RegExp(`\\bSAFETY\\b[\\s\\S]*\\b${param.name}\\b`, 'i').test(comments)) continue;
    if (whereMentions(ctx, item, ast, param.name)) continue;
    if (struct.fields.some((field) => holds(field.type, held))) return param;
  }
  return null;
}

/** Bounds that any type may have, sendable or not. */
const SAYS_NOTHING =
  /^(?:\w+::)*(\??Sized|Clone|Copy|Debug|Display|Default|Eq|PartialEq|Ord|PartialOrd|Hash|Unpin|Drop|'\w+|Fn|FnMut|FnOnce)\b/;

/** A where clause on something made of the parameter: `T::Item: Send`. */
function whereMentions(ctx: Context, item: RustItem, ast: ImplItem, name: string): boolean {
  const header = ctx.workspace.text(item.file).slice(ast.selfType.span.end, ast.signatureSpan.end);
  return new RegExp(`\\bwhere\\b[^{]*\\b${name}\\b[^{]*\\b(Send|Sync)\\b`).test(header);
}

/** Whether a value of the type, or what it points to, is one of the parameter: not in `PhantomData`, nor in what a fn takes. */
function holds(type: Type, param: string): boolean {
  switch (type.kind) {
    case 'path': {
      const last = type.path.segments.at(-1);
      if (type.self || !last) return false;
      if (type.path.segments.length === 1 && last.name === param) return true;
      if (last.name === 'PhantomData') return false;
      return last.args.some((arg) => arg.kind === 'type' && holds(arg.type, param));
    }
    case 'pointer':
      return holds(type.pointee, param);
    case 'reference':
      return holds(type.referent, param);
    case 'array':
    case 'slice':
      return holds(type.element, param);
    case 'tuple':
      return type.elements.some((one) => holds(one, param));
    default:
      return false;
  }
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
function asksElsewhere(ctx: Context, struct: RustItem): boolean {
  return /\bFn(Mut|Once)?\s*\([^;{}]*\b(Send|Sync)\b/.test(ctx.workspace.text(struct.file));
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
