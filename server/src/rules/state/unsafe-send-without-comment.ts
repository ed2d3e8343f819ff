/** A type with a raw pointer is declared `Send` or `Sync`, and nothing says why that is sound. */
import type { Type } from '../../model/rust/ast-type.ts';
import type { RustItem } from '../../model/workspace.ts';
import { autoTraitOf } from '../auto-trait.ts';
import { indentBefore } from '../indent.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { peel, stdName } from '../written-type.ts';

type Context = RuleContext<'undocumented'>;

export default defineRule({
  id: 'unsafe-send-without-comment',
  group: 'state',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: ['clippy::undocumented_unsafe_blocks', 'clippy::non_send_fields_in_send_ty'],
  fix: 'safe',
  messages: { undocumented: '`unsafe impl {trait} for {type}` does not say why its raw pointer may be used from other threads' },
  docs: {
    what: 'A struct with a raw pointer is `Send` or `Sync` by an unsafe impl without a SAFETY comment',
    why: `Raw pointers are neither, because what they point to may belong to one thread. Whether a C library allows more stands in its
documentation, not in the code: who changes the struct later has to know what the impl relies on.`,
    bad: `pub struct Handle(*mut u8);

unsafe impl Send for Handle {}
`,
    good: `pub struct Handle(*mut u8);

// SAFETY: the library locks every handle itself
unsafe impl Send for Handle {}
`,
    exceptions: [
      'a comment before the impl, attributes between them or not, behind it, or inside its braces',
      'the second impl of two that stand together, where the first has the comment',
      'docs of the type or impl that speak of safety or threads',
      'types without a raw pointer, and generic impls with bounds',
      'code that a macro makes',
    ],
    fixSafety: 'Safe: a comment is inserted, for you to complete.',
    references: [
      { title: 'Rustonomicon, Send and Sync', url: 'https://doc.rust-lang.org/nomicon/send-and-sync.html' },
      { title: 'std docs, safety comments policy', url: 'https://std-dev-guide.rust-lang.org/policy/safety-comments.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust' || ctx.unit.file.index.generated) return;
    for (const impl of ctx.unit.items) {
      const { entry } = impl;
      if (impl.kind !== 'impl' || !entry.unsafe || impl.test || impl.inUnknownMacro || entry.inMacro || impl.file.origin) continue;
      const name = autoTraitOf(impl, ctx.workspace);
      if (name && !isExplained(ctx, impl)) checkImpl(ctx, impl, name);
    }
  },
});

function checkImpl(ctx: Context, impl: RustItem, name: string): void {
  const ast = ctx.workspace.ast(impl);
  if (ast?.kind !== 'impl' || ast.negative || ast.generics.some((one) => one.kind === 'type')) return;
  const scope = { module: impl.module, item: impl };
  const at = peel(ast.selfType, scope, ctx.workspace);
  const type = at.found?.kind === 'item' ? at.found.item : null;
  const struct = type ? ctx.workspace.ast(type) : null;
  if (!type || struct?.kind !== 'struct' || /safe|thread/i.test(struct.docs)) return;
  if (!struct.fields.some((field) => holdsPointer(ctx, field.type, type))) return;
  const { start } = ast.span;
  const indent = indentBefore(impl.file, start, ctx.workspace);
  ctx.report('undocumented', {
    at: { file: impl.file, span: ast.selfType.span },
    data: { trait: name, type: type.name },
    related: [{ at: { file: type.file, span: type.entry.nameSpan }, message: 'the type with the pointer' }],
    help: 'write a `// SAFETY:` comment that names what makes it sound',
    item: impl,
    fixes: [
      {
        title: 'insert a `// SAFETY:` comment',
        safe: true,
        edits: [
          { file: impl.file.path, span: { start, end: start }, text: `// SAFETY: (why other threads may use the pointer)\n${indent}` },
        ],
      },
    ],
  });
}

function holdsPointer(ctx: Context, type: Type, owner: RustItem): boolean {
  const at = peel(type, { module: owner.module, item: owner }, ctx.workspace);
  return at.type.kind === 'pointer' || stdName(at) === 'NonNull';
}

/** So far from an impl a comment about it is looked for, in UTF-16 units. */
const NEAR = 2000;

const COMMENT = /\/\/|\/\*|\*\//;
const SAYS_WHY = /safe|thread|sync|send|lock|immutable/i;

/** A comment of so many words is more than a heading. */
const A_REASON = 12;

/** Whether a comment stands right before the impl, on its line, inside of it, or before an impl of the same kind right before it. */
function isExplained(ctx: Context, impl: RustItem): boolean {
  const { span } = impl.entry;
  const behind = ctx.workspace.slice(impl.file, { start: span.end, end: span.end + NEAR });
  const own = ctx.workspace.slice(impl.file, span) + (behind.split('\n')[0] ?? '');
  if (COMMENT.test(own)) return true;
  const lines = ctx.workspace
    .slice(impl.file, { start: Math.max(0, span.start - NEAR), end: span.start })
    .split('\n')
    .slice(0, -1);
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i]?.trim() ?? '';
    if (line.startsWith('#[') || /^unsafe impl\b.*\{\s*\}$/.test(line)) continue;
    if (line === '' && /^unsafe impl\b/.test(lines[i - 1]?.trim() ?? '')) continue;
    if (!COMMENT.test(line) && !line.startsWith('*')) return false;
    // A block of comment lines is read as a whole.
    let from = i;
    while (from > 0 && /^(\/\/|\/\*|\*)/.test(lines[from - 1]?.trim() ?? '')) from--;
    const said = lines.slice(from, i + 1).join(' ');
    return SAYS_WHY.test(said) || (said.match(/\w+/g) ?? []).length >= A_REASON;
  }
  return false;
}
