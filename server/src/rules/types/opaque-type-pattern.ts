/** An opaque C type is declared as an empty enum or unit struct. */
import type { EnumItem, StructItem } from '../../model/rust/ast-item.ts';
import { isRewritten, reprOf } from '../../model/surface/attributes.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { stdPath } from '../edits.ts';
import { indentAt } from '../indent.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { relatedUses } from '../type-use.ts';

export default defineRule({
  id: 'opaque-type-pattern',
  group: 'types',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    enum: 'opaque type `{name}` is an enum without variants: a reference to it is undefined behaviour',
    struct: 'opaque type `{name}` can be made and sent between threads by anyone',
  },
  docs: {
    what: 'A type that only stands for something of C is an empty enum or an empty struct',
    why: 'The compiler takes it that no value of an empty enum exists and removes code behind a reference to one. A unit struct can be made anywhere, and both are `Send`, `Sync` and `Unpin`, which nobody knows of what C has there.',
    bad: `pub enum Session {}

extern "C" {
    pub fn session_new() -> *mut Session;
    pub fn session_free(session: *mut Session);
}
`,
    good: `#[repr(C)]
pub struct Session {
    _data: [u8; 0],
    _marker: core::marker::PhantomData<(*mut u8, core::marker::PhantomPinned)>,
}

extern "C" {
    pub fn session_new() -> *mut Session;
    pub fn session_free(session: *mut Session);
}
`,
    exceptions: [
      'structs with a private field such as `[u8; 0]`, and foreign types (`type Session;` in an extern block)',
      'types that are passed by value, and types that exports use: Rust owns these',
      'types with impls or derives: they are more than a name for something of C',
    ],
    fixSafety: 'Safe where the type only stands behind raw pointers; elsewhere code may rely on `Send` or `Sync` or make values of it.',
    references: [
      { title: 'Rustonomicon, representing opaque structs', url: 'https://doc.rust-lang.org/nomicon/ffi.html#representing-opaque-structs' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const type of ctx.unit.surface.types) {
      const { item } = type;
      if (type.byValue.length > 0 || type.behindPointer.length === 0 || item.inUnknownMacro) continue;
      if (!type.behindPointer.every((use) => use.role === 'import' || use.role === 'fn-pointer')) continue;
      if (!type.behindPointer.some((use) => use.role === 'import')) continue;
      const ast = ctx.workspace.ast(item);
      if (!ast || !isEmpty(ast) || isRewritten(ast.attributes) || ast.generics.length > 0) continue;
      if (ast.attributes.some((a) => a.path === 'derive') || ctx.workspace.implsOf(item).length > 0) continue;
      ctx.report(ast.kind === 'enum' ? 'enum' : 'struct', {
        at: { file: item.file, span: ast.nameSpan },
        data: { name: ast.name },
        related: relatedUses(type.behindPointer),
        help: 'make it a `#[repr(C)]` struct with a private `[u8; 0]` and a `PhantomData` marker',
        fixes: [fixOf(item, ast, ctx.workspace)],
        item,
      });
    }
  },
});

function isEmpty(ast: NonNullable<ReturnType<Workspace['ast']>>): ast is EnumItem | StructItem {
  return ast.kind === 'enum' ? ast.variants.length === 0 : ast.kind === 'struct' && ast.fields.length === 0;
}

function fixOf(item: RustItem, ast: EnumItem | StructItem, workspace: Workspace): Fix {
  const text = workspace.text(item.file);
  const file = item.file.path;
  const { start } = ast.signatureSpan;
  const indent = indentAt(text, start);
  const std = stdPath({ module: item.module, item });
  const keyword = text.slice(start, ast.nameSpan.start).replace(/\benum\b/, 'struct');
  const marker = `_marker: ::${std}::marker::PhantomData<(*mut u8, ::${std}::marker::PhantomPinned)>`;
  const body = `{\n${indent}    _data: [u8; 0],\n${indent}    ${marker},\n${indent}}`;
  const repr = reprOf(ast.attributes).c ? '' : `#[repr(C)]\n${indent}`;
  return {
    title: 'use the opaque struct pattern',
    safe: onlyBehindPointers(item, workspace),
    edits: [{ file, span: { start, end: ast.span.end }, text: `${repr}${keyword}${ast.name} ${body}` }],
  };
}

/** Every mention of the name is its definition, an import of it, or stands behind `*mut` or `*const`. */
function onlyBehindPointers(item: RustItem, workspace: Workspace): boolean {
  const name = item.name.replace(/[^\w]/g, '');
  const all = new RegExp(`\\b${name}\\b`, 'g');
  const harmless = new RegExp(
    `\\*(?:mut|const)\\s+(?:\\w+::)*${name}\\b|\\b(?:enum|struct)\\s+${name}\\b|//[^\\n]*\\b${name}\\b[^\\n]*`,
    'g',
  );
  for (const file of workspace.filesNaming(name)) {
    const text = workspace.text(file);
    if (!text.includes(name)) continue;
    const rest = text.replace(harmless, '');
    all.lastIndex = 0;
    if (all.test(rest)) return false;
  }
  return true;
}
