/** Puts PyO3's run-once cell in the place of one whose initializer needs the interpreter, with every use of it. */
import type { TextEdit } from '../../base/edit.ts';
import { sliceSpan } from '../../base/text.ts';
import type { Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { ValueItem } from '../../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { ATTACHES } from '../gil/attaching.ts';
import type { EditPlan } from '../gil/gil-facts.ts';
import { deepen, holdsMultilineText, indentAt, reindent } from '../gil/indent.ts';
import { tokenAt } from '../gil/token-at.ts';
import { olderThan, usesNewNames } from '../gil/versions.ts';
import { ancestors, blocksOf, parentExpr, parentsOf } from '../ownership/parents.ts';
import type { Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';
import { meaning } from '../types/local-types-names.ts';
import { collectExprs, lastName, someExpr, unwrapBlock, variable } from '../walk.ts';
import { localStatics } from './local-statics.ts';
import type { OnceInit } from './lock-facts.ts';

/** Methods that PyO3's cells have as well, with a token in front (pyo3::sync::PyOnceLock, GILOnceCell). */
const SHARED = /^(get|set|get_or_init|get_or_try_init)$/;

/** A static whose cell is changed. */
interface Cell {
  readonly name: string;
  readonly ast: ValueItem;
  /** The item of the static, or the fn that declares it for itself. */
  readonly item: RustItem;
  readonly local: boolean;
}

/** One use, and the text for it with a token. */
interface Use {
  readonly body: Body;
  readonly expr: Expr;
}

/** None where a use cannot have a token, is not seen, or does more than both kinds of cells can. Never safe: it may run twice. */
export function onceEdits(once: OnceInit, item: RustItem, workspace: Workspace): readonly EditPlan[] {
  if (once.what === 'Once') return onceCall(once, item, workspace);
  const renamed = usesNewNames(workspace, item.module.crate);
  const cell = renamed === null ? null : cellOf(once, item, workspace);
  const inner = cell?.ast.type?.kind === 'path' ? cell.ast.type.path.segments.at(-1)?.args[0] : undefined;
  if (!cell?.ast.type || !cell.ast.value || inner?.kind !== 'type' || !workspace.editable(item.file, cell.ast.span)) return [];
  const uses = usesOf(cell, workspace);
  if (!uses || uses.length === 0) return [];
  const name = renamed ? 'PyOnceLock' : 'GILOnceCell';
  // Where it stood before there was a module for it.
  const old = olderThan(workspace, item.module.crate, [0, 19, 0]);
  if (old === null) return [];
  const path = `pyo3::${old ? 'once_cell' : 'sync'}::${name}`;
  const text = workspace.text(item.file);
  const declared: readonly TextEdit[] = [
    { span: cell.ast.type.span, text: `${path}<${sliceSpan(text, inner.type.span)}>` },
    { span: cell.ast.value.span, text: `${path}::new()` },
  ];
  const used = once.call ? calls(uses, workspace) : derefs(cell, uses, workspace);
  // A parameter that two uses ask for is added once.
  const edits = used && [...declared, ...used].filter((one, i, all) => all.findIndex((e) => e.span.start === one.span.start) === i);
  return edits ? [{ title: `make it a \`${name}\``, safe: false, edits }] : [];
}

/** `Once` gives nothing that a cell could keep: PyO3's way to wait for it, since 0.23. */
function onceCall({ call }: OnceInit, item: RustItem, workspace: Workspace): readonly EditPlan[] {
  const body = bodiesOf(workspace)(item);
  const init = call?.args[0];
  if (!call || !init || !body || olderThan(workspace, item.module.crate, [0, 23, 0]) !== false) return [];
  const token = tokenFor({ body, expr: call }, workspace);
  if (!token || !workspace.editable(item.file, call.span)) return [];
  const text = workspace.text(item.file);
  const head = { start: call.span.start, end: init.span.start };
  const path = `pyo3::sync::OnceExt::${call.name}_py_attached`;
  const edits = [...token.edits, { span: head, text: `${path}(&${sliceSpan(text, call.receiver.span)}, ${token.text}, ` }];
  return [{ title: 'let others run while they wait for it', safe: false, edits }];
}

function cellOf(once: OnceInit, item: RustItem, workspace: Workspace): Cell | null {
  if (!once.call) {
    const ast = item.kind === 'static' ? workspace.ast(item) : null;
    return ast?.kind === 'static' ? { name: item.name, ast, item, local: false } : localCell(once.cell, item, workspace);
  }
  let at = once.call.receiver;
  while (at.kind === 'reference') at = at.operand;
  const own = localCell(variable(at) ?? '', item, workspace);
  if (own || at.kind !== 'path') return own;
  const found = meaning(at.path, { module: item.module, item }, workspace, 'value');
  const ast = found?.kind === 'item' && found.item.file === item.file ? workspace.ast(found.item) : null;
  return found?.kind === 'item' && ast?.kind === 'static' ? { name: ast.name, ast, item: found.item, local: false } : null;
}

function localCell(name: string, item: RustItem, workspace: Workspace): Cell | null {
  const body = item.kind === 'fn' ? bodiesOf(workspace)(item) : null;
  const ast = body && localStatics(body).find((one) => one.name === name);
  return ast ? { name, ast, item, local: true } : null;
}

/** Null where the name stands anywhere but in its declaration and in these. */
function usesOf(cell: Cell, workspace: Workspace): readonly Use[] | null {
  const { file } = cell.item;
  if (!cell.local && workspace.filesNaming(cell.name).some((one) => one !== file)) return null;
  const word = new RegExp(`\\b${cell.name}\\b`, 'g');
  const text = workspace.text(file);
  const within = cell.local ? sliceSpan(text, cell.item.entry.span) : text;
  const fns = cell.local ? [cell.item] : workspace.itemsOf(file.path).filter(({ kind }) => kind === 'fn');
  const bodies = bodiesOf(workspace);
  const uses = fns.flatMap((item): readonly Use[] => {
    const { bodySpan } = item.entry;
    if (!bodySpan || !sliceSpan(text, bodySpan).includes(cell.name)) return [];
    const body = bodies(item);
    if (!body?.ast.body) return [];
    return collectExprs(body.ast.body, (e) => lastName(e) === cell.name && body.bindingOf(e) === null).map((expr) => ({ body, expr }));
  });
  const mentions = within.replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '').match(word)?.length ?? 0;
  return mentions === uses.length + 1 ? uses : null;
}

/** The edits of `CELL.get_or_init(f)` and its relatives. */
function calls(uses: readonly Use[], workspace: Workspace): readonly TextEdit[] | null {
  const edits: TextEdit[] = [];
  for (const use of uses) {
    const call = callOn(use);
    const token = call && tokenFor({ ...use, expr: call }, workspace);
    if (!call || !token) return null;
    const text = workspace.text(use.body.item.file);
    const [given] = call.args;
    const close = { start: call.span.end - 1, end: call.span.end - 1 };
    edits.push(...token.edits);
    if (!given) edits.push({ span: close, text: token.text });
    else
      edits.push({
        span: given.span,
        text: `${token.text}, ${withoutAttach(given, use.body, token.text, text, workspace) ?? sliceSpan(text, given.span)}`,
      });
  }
  return edits;
}

function callOn({ body, expr }: Use): MethodExpr | null {
  if (!body.ast.body) return null;
  const around = parentExpr(parentsOf(body.ast.body), expr);
  return around?.kind === 'method' && around.receiver === expr && SHARED.test(around.name) ? around : null;
}

/** The edits of a lazy static: the initializer goes to its only use, or into a function that all of them call. */
function derefs(cell: Cell, uses: readonly Use[], workspace: Workspace): readonly TextEdit[] | null {
  const { value, type } = cell.ast;
  const init = value?.kind === 'call' ? value.args[0] : undefined;
  const text = workspace.text(cell.item.file);
  const owner = bodiesOf(workspace);
  if (!init || !type || (cell.local && uses.length > 1)) return null;
  const helper = uses.length > 1 ? `${cell.name.toLowerCase()}_value` : null;
  if (helper !== null && workspace.filesNaming(helper).length > 0) return null;
  const edits: TextEdit[] = [];
  for (const use of uses) {
    const token = tokenFor(use, workspace);
    const at = token && derefOf(use);
    if (!token || !at) return null;
    const body = cell.local ? owner(cell.item) : use.body;
    const code = (body && withoutAttach(init, body, token.text, text, workspace)) ?? sliceSpan(text, init.span);
    edits.push(...token.edits);
    edits.push({ span: at.span, text: helper ? `${helper}(${token.text})` : `${cell.name}.get_or_init(${token.text}, ${code})` });
  }
  const [first] = uses;
  const kept = type.kind === 'path' ? type.path.segments.at(-1)?.args[0] : undefined;
  if (helper === null || !first || kept?.kind !== 'type') return edits;
  const plain = withoutAttach(init, first.body, null, text, workspace) ?? sliceSpan(text, init.span);
  const code = holdsMultilineText(init, text) ? plain : deepen(plain, '    ');
  const made = `fn ${helper}(py: pyo3::Python<'_>) -> &'static ${sliceSpan(text, kept.type.span)} {\n    ${cell.name}.get_or_init(py, ${code})\n}`;
  const end = cell.ast.span.end;
  return [...edits, { span: { start: end, end }, text: `\n\n${made}` }];
}

/** What a use becomes the reference itself of: `&CELL`, `LazyLock::force(&CELL)`, else the name alone; null where it is no reference. */
function derefOf({ body, expr }: Use): Expr | null {
  const root = body.ast.body;
  const parents = root && parentsOf(root);
  const around = parents && parentExpr(parents, expr);
  if (!parents || !around) return null;
  if (around.kind === 'reference' && !around.mutable && !around.raw) {
    const forced = parentExpr(parents, around);
    return forced?.kind === 'call' && lastName(forced.callee) === 'force' ? forced : around;
  }
  const reads =
    (around.kind === 'unary' && around.operator === '*') ||
    (around.kind === 'method' && around.receiver === expr) ||
    (around.kind === 'field' && around.base === expr) ||
    (around.kind === 'index' && around.base === expr);
  return reads ? expr : null;
}

/** A token where a use stands; null in closures and futures that may run without the interpreter. */
function tokenFor({ body, expr }: Use, workspace: Workspace): ReturnType<typeof tokenAt> {
  const root = body.ast.body;
  if (!root || body.ast.async) return null;
  const away = ancestors(parentsOf(root), expr, blocksOf(root)).some(
    (e) => (e.kind === 'block' && e.flavor.startsWith('async')) || (e.kind === 'closure' && !isTokens(body, e)),
  );
  return away ? null : tokenAt(body, expr.span, workspace);
}

/** `|py| …` of an attach. */
function isTokens(body: Body, closure: Expr): boolean {
  return body.bindings.some((b) => b.closure === closure && b.ty?.kind === 'external' && b.ty.path === 'pyo3::Python');
}

/** `|| Python::attach(|py| BODY)` where a token is at hand: `|| BODY`. Null where the initializer is something else, or names it otherwise. */
function withoutAttach(init: Expr, body: Body, token: string | null, text: string, workspace: Workspace): string | null {
  const attach = init.kind === 'closure' && init.params.length === 0 ? unwrapBlock(init.body) : null;
  if (init.kind !== 'closure' || attach?.kind !== 'call' || attach.callee.kind !== 'path') return null;
  const called = meaning(attach.callee.path, body.scope, workspace, 'value');
  const [inner] = attach.args;
  if (called?.kind !== 'external' || !ATTACHES.test(called.path) || inner?.kind !== 'closure') return null;
  const pattern = inner.params[0]?.pattern;
  const name = pattern?.kind === 'binding' ? pattern.name : null;
  const named = name !== null && someExpr(inner.body, (e) => variable(e) === name || (e.kind === 'macro' && e.args === null));
  if (named && name !== (token ?? 'py')) return null;
  const code = sliceSpan(text, inner.body.span);
  const depth = (at: Expr): string => indentAt(text, at.span.end - 1);
  const shifted = holdsMultilineText(inner.body, text) ? code : reindent(code, depth(inner.body), depth(init));
  return `${init.move ? 'move ' : ''}|| ${shifted}`;
}
