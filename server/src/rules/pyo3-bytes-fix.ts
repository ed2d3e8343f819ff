/** Returns bytes instead of a vector that PyO3 makes a list of: the type, and every value that the fn gives back. */
import { collectExprs } from '../analysis/walk.ts';
import { hasCallers } from '../analysis/gil/token-param.ts';
import type { FileEdit } from '../base/edit.ts';
import { sliceSpan } from '../base/text.ts';
import type { Expr } from '../model/rust/ast-expr.ts';
import type { FnItem } from '../model/rust/ast-item.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { lastName } from '../analysis/walk.ts';
import type { Fix } from './rule.ts';

const COW = 'std::borrow::Cow';

/** Null where Rust calls the fn as well, or where a value's end is not to be seen. */
export function bytesFix(item: RustItem, ast: FnItem, workspace: Workspace): Fix | null {
  const { body, result } = ast;
  const bytes = result && vectorIn(result);
  if (!body || !bytes || !workspace.editable(item.file, result.span) || hasCallers(item, workspace)) return null;
  const outer = bytes === result ? null : result;
  const returned = collectExprs(body, (e) => e.kind === 'return', { closures: false, items: false });
  const ends = [body, ...returned.flatMap((e) => (e.kind === 'return' && e.value ? [e.value] : []))].map((e) => endsOf(e));
  const text = workspace.text(item.file);
  const edits: FileEdit[] = [{ file: item.file.path, span: bytes.span, text: `${COW}<'static, [u8]>` }];
  for (const values of ends) {
    if (values === null) return null;
    for (const value of values) {
      const code = wrapped(value, outer !== null, text);
      if (code !== null) edits.push({ file: item.file.path, span: value.span, text: code });
    }
  }
  return { title: 'return bytes', safe: false, edits };
}

/** `Vec<u8>`, by itself or as the value of a `Result` or `Option`. */
function vectorIn(type: Type): Type | null {
  const last = type.kind === 'path' ? type.path.segments.at(-1) : undefined;
  const [first] = last?.args ?? [];
  if (!last || first?.kind !== 'type') return null;
  if (last.name === 'Vec') return type;
  return /^(PyResult|Result|Option)$/.test(last.name) && vectorIn(first.type)?.span === first.type.span ? first.type : null;
}

/** The expressions whose value a block, branch or match has; null where one of them has none. */
function endsOf(expr: Expr): readonly Expr[] | null {
  const all = (parts: readonly (Expr | null)[]): readonly Expr[] | null => {
    const found = parts.map((part) => part && endsOf(part));
    return found.every((one) => one !== null) ? found.flatMap((one) => one ?? []) : null;
  };
  switch (expr.kind) {
    case 'block':
      if (expr.tail) return endsOf(expr.tail);
      // `return x;` at the end.
      return expr.statements.at(-1)?.kind === 'expr' ? [] : null;
    case 'if':
      return all([expr.then, expr.else]);
    case 'match':
      return all(expr.arms.map(({ body }) => body));
    case 'return':
    case 'break':
    case 'continue':
      return [];
    case 'loop':
    case 'closure':
    case 'unknown':
      return null;
    default:
      return [expr];
  }
}

/** Null where nothing has to change: an error, `None`, a panic. */
function wrapped(value: Expr, inside: boolean, text: string): string | null {
  const code = sliceSpan(text, value.span);
  if (value.kind === 'macro' && /^(panic|todo|unimplemented|unreachable)!/.test(code)) return null;
  if (!inside) return `${COW}::Owned(${code})`;
  if (lastName(value) === 'None') return null;
  const name = value.kind === 'call' ? lastName(value.callee) : null;
  if (name === 'Err') return null;
  const [first] = value.kind === 'call' ? value.args : [];
  if ((name === 'Ok' || name === 'Some') && first && value.kind === 'call')
    return `${sliceSpan(text, value.callee.span)}(${COW}::Owned(${sliceSpan(text, first.span)}))`;
  const atom = /^(call|method|path|field|macro|try|index)$/.test(value.kind);
  return `${atom ? code : `(${code})`}.map(${COW}::Owned)`;
}
