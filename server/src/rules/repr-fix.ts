/** The edit that gives a type a C layout. */
import type { Item } from '../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { reprOf } from '../model/surface/attributes.ts';
import type { Fix } from './rule.ts';
import { indentAt } from './indent.ts';

/** Adds `C` to a `repr` that is there (`align(8)`, `packed`), else a line of its own under the other attributes. */
export function addReprC(item: RustItem, ast: Item, workspace: Workspace): Fix {
  const text = workspace.text(item.file);
  const existing = ast.attributes.find((a) => a.path === 'repr' && a.condition === null && a.args !== null);
  const first = existing?.args?.[0];
  if (first) {
    return {
      title: `add \`C\` to the repr of \`${item.name}\``,
      safe: true,
      edits: [{ file: item.file.path, span: { start: first.span.start, end: first.span.start }, text: 'C, ' }],
    };
  }
  const at = ast.signatureSpan.start;
  return {
    title: `add \`#[repr(C)]\` to \`${item.name}\``,
    safe: true,
    edits: [{ file: item.file.path, span: { start: at, end: at }, text: `#[repr(C)]\n${indentAt(text, at)}` }],
  };
}

/** Whether the attributes define the layout, or forbid to ask for one. */
export function hasDefinedLayout(ast: Item): boolean {
  const repr = reprOf(ast.attributes);
  return repr.c || repr.transparent || repr.simd || (ast.kind === 'enum' && repr.int !== null);
}
