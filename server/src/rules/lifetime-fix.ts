/** The edit that ties a view to what it was made of: a lifetime, and a field that has it. */
import { walk } from '../analysis/walk.ts';
import type { FileEdit } from '../base/edit.ts';
import { sliceSpan } from '../base/text.ts';
import type { Expr } from '../model/rust/ast-expr.ts';
import type { StructItem } from '../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { stdPath } from './edits.ts';
import type { Fix } from './rule.ts';

const FIELD = '_owner';

/**
 * Null where the struct is named in another file, or in another way than by its definition, impls, literals and results of fns:
 * a field or alias with it would need the lifetime too.
 */
export function lifetimeFix(item: RustItem, ast: StructItem, workspace: Workspace): Fix | null {
  const files = workspace.filesNaming(item.name);
  const last = ast.fields.at(-1);
  if (files.length !== 1 || files[0] !== item.file || ast.shape !== 'named' || !last || ast.generics.length > 0) return null;
  if (ast.fields.some((one) => one.name === FIELD)) return null;
  const text = workspace.text(item.file);
  const marker = `${stdPath({ module: item.module, item })}::marker::PhantomData`;
  const insert = (at: number, added: string): FileEdit => ({ file: item.file.path, span: { start: at, end: at }, text: added });
  const edits = [insert(ast.nameSpan.end, "<'a>"), insert(...behind(text, last.span.end, `\n    ${FIELD}: ${marker}<&'a ()>,`))];
  let named = 1;
  for (const one of workspace.implsOf(item)) {
    const impl = workspace.ast(one);
    if (impl?.kind !== 'impl' || impl.generics.length > 0 || sliceSpan(text, impl.selfType.span) !== item.name) return null;
    edits.push(insert(impl.selfType.span.end, "<'_>"));
    named++;
  }
  for (const one of workspace.itemsOf(item.file.path)) {
    const fn = one.kind === 'fn' && !one.inUnknownMacro ? workspace.ast(one) : null;
    if (fn?.kind !== 'fn') continue;
    const results = fn.result ? [...sliceSpan(text, fn.result.span).matchAll(new RegExp(`\\b${item.name}\\b`, 'g'))] : [];
    // Without a reference to take it from, the lifetime has no meaning.
    const borrows = fn.self?.kind === 'ref' || fn.self?.kind === 'ref-mut' || fn.params.some(({ type }) => type.kind === 'reference');
    if (results.length > 0 && !borrows) return null;
    for (const { index } of results) edits.push(insert((fn.result?.span.start ?? 0) + index + item.name.length, "<'_>"));
    named += results.length;
    const literals = literalsIn(fn.body, { module: one.module, item: one }, item, workspace);
    for (const literal of literals) {
      const value = literal.fields.at(-1)?.value;
      if (literal.base || !value) return null;
      edits.push(insert(value.span.end, `, ${FIELD}: ${marker}`));
      named += mentions(sliceSpan(text, literal.path.span), item.name);
    }
  }
  // What is left may be a field, an alias, a pattern or a macro.
  if (named !== mentions(text.replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, ''), item.name)) return null;
  return { title: `give \`${item.name}\` a lifetime`, safe: false, edits };
}

type Literal = Extract<Expr, { kind: 'struct' }>;

function literalsIn(
  body: Expr | null,
  scope: { readonly module: RustItem['module']; readonly item: RustItem },
  struct: RustItem,
  workspace: Workspace,
): readonly Literal[] {
  const found: Literal[] = [];
  const enterExpr = (expr: Expr): void => {
    if (expr.kind !== 'struct') return;
    const meant = workspace.resolve(expr.path, scope, 'type');
    if (meant.kind === 'item' && meant.item === struct && meant.variant === null) found.push(expr);
  };
  if (body) walk(body, { enterExpr }, { items: false });
  return found;
}

/** The place behind an element of a list and its comma, and what to put there. */
function behind(text: string, end: number, added: string): [number, string] {
  const comma = /^\s*,/.exec(text.slice(end));
  return comma ? [end + comma[0].length, added] : [end, `,${added}`];
}

function mentions(text: string, name: string): number {
  return text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
}
