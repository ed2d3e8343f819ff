/** Where code touches Python: an expression that mentions a value which needs the interpreter. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import { meaning } from '../types/local-types-names.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import { findExpr } from '../walk.ts';
import type { PythonTypes } from './python-types.ts';

export interface PythonUse {
  /** The name through which an expression touches Python, null where it does not. Merely moving an owned `Py<T>` is none. */
  touched(expr: Expr, body: Body): string | null;
  /** Whether a local variable holds something that needs the interpreter, or may: its type is unknown and it came from such a value. */
  isPython(binding: Binding, body: Body): boolean;
}

const MACROS = new Set(['wrap_pyfunction', 'wrap_pyfunction_bound', 'wrap_pymodule', 'intern', 'py_run', 'py_import']);

const VIEWS = new Set(['as_array', 'as_array_mut', 'as_slice', 'as_slice_mut', 'as_bytes']);

export function createPythonUse(workspace: Workspace, types: PythonTypes): PythonUse {
  const verdicts = new Map<Binding, boolean>();
  return { touched, isPython };

  function isPython(binding: Binding, body: Body): boolean {
    const known = verdicts.get(binding);
    if (known !== undefined) return known;
    verdicts.set(binding, false);
    const kind = types.of(binding.ty);
    const result =
      kind === 'token' || kind === 'value' || (kind === 'unknown' && binding.source !== null && touched(binding.source, body) !== null);
    verdicts.set(binding, result);
    return result;
  }

  function touched(root: Expr, body: Body): string | null {
    /** Places whose type is known to be plain, so that what they hang on does not count (`self.data` of a class with a `Py` field). */
    const plain = new Set<Expr>();
    let name: string | null = null;
    findExpr(root, (expr) => {
      name = directly(expr, body, plain);
      return name !== null;
    });
    return name;
  }

  function directly(expr: Expr, body: Body, plain: Set<Expr>): string | null {
    switch (expr.kind) {
      case 'field': {
        const kind = types.of(body.typeOf(expr));
        if (kind === 'no' || plain.has(expr)) plain.add(expr.base);
        return null;
      }
      case 'method':
        // A view of the data that is taken once: it can be a variable before the region.
        if (VIEWS.has(expr.name) && types.of(body.typeOf(expr)) === 'no') plain.add(expr.receiver);
        return types.of(body.typeOf(expr.receiver)) === 'owned' && expr.name !== 'is_none' ? nameOf(expr.receiver) : null;
      case 'path': {
        if (plain.has(expr)) return null;
        const binding = body.bindingOf(expr);
        if (binding) return isPython(binding, body) ? binding.name : null;
        if (expr.path.segments.length < 2 || expr.self) return null;
        const found = meaning(expr.path, body.scope, workspace, 'value');
        return found?.kind === 'external' && /^pyo3::Python::\w+$/.test(found.path) ? 'Python' : null;
      }
      case 'macro': {
        const name = expr.path.segments.at(-1)?.name ?? '';
        if (MACROS.has(name)) return `${name}!`;
        return expr.args === null ? inTokens(workspace.slice(body.item.file, expr.tokens), body) : null;
      }
      default:
        return null;
    }
  }

  /** Macros with a syntax of their own: a Python value's name among their tokens counts. */
  function inTokens(text: string, body: Body): string | null {
    const words = new Set(text.match(/[A-Za-z_]\w*/g) ?? []);
    return body.bindings.find((b) => words.has(b.name) && isPython(b, body))?.name ?? null;
  }

  function nameOf(expr: Expr): string {
    if (expr.kind === 'path') return expr.path.segments.at(-1)?.name ?? 'a Py object';
    return expr.kind === 'field' ? expr.name : 'a Py object';
  }
}
