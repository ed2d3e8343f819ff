/** What code uses of Python while the interpreter is released, on threads of its own, or by a token that it made up. */
import type { CallExpr, ClosureExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Span } from '../../base/text.ts';
import { contains } from '../../base/text.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { someExpr } from '../walk.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { threadAround } from './attaching.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import type { PythonTypes } from './python-types.ts';
import type { Place } from './regions.ts';
import { walkRegions } from './regions.ts';

/** Python used in a closure that runs with the interpreter released. */
export interface DetachedUse {
  /** A Python value or token of outside, a type of the workspace around one, a raw call of the C API, a token made up. */
  readonly kind: 'value' | 'wrapper' | 'ffi' | 'token';
  readonly name: string;
  readonly span: Span;
  readonly expr: Expr;
  /** The call that releases the interpreter. */
  readonly release: Span;
  /** The closure of that call. */
  readonly closure: ClosureExpr;
}

/** `Py<T>::clone` without the interpreter: on another thread, or in a detached closure. */
export interface DetachedClone {
  readonly what: string;
  readonly span: Span;
  readonly expr: MethodExpr;
  readonly where: 'detached' | 'thread';
  /** The receiver is a `Py<T>` itself, not a collection of them. */
  readonly direct: boolean;
}

/** A token from nowhere: `assume_attached`, `attach_unchecked` and their old names. */
export interface ForgedToken {
  readonly what: string;
  readonly span: Span;
  /** It runs on another thread or in a future: nothing there holds the interpreter. */
  readonly elsewhere: boolean;
  /** The same fn calls the C API by hand, which asks for the interpreter as much. */
  readonly raw: boolean;
}

export interface Detached {
  uses(body: Body): readonly DetachedUse[];
  clones(body: Body): readonly DetachedClone[];
  forged(body: Body): readonly ForgedToken[];
}

const FORGED = /^pyo3::Python::(assume_gil_acquired|assume_attached|with_gil_unchecked|attach_unchecked)$/;
const RELEASES = /^pyo3::Python::(allow_threads|detach)$/;
/** The types of PyO3 and numpy that threads may not send each other. */
const BOUND =
  /^(pyo3::(Python|Bound|Borrowed|PyRef|PyRefMut|PyCell|Py(Any|Dict|List|Tuple|Set|FrozenSet|String|Bytes|ByteArray|Int|Long|Float|Bool|Module|Type|Iterator|Function|CFunction|Sequence|Mapping|DateTime|Date|Time|Delta|Slice|Capsule|Complex|Memoryview|Code|Frame|Ellipsis|None|Super|Traceback))|numpy::Py(Readonly|Readwrite)?Array\w*)$/;
/** Functions of the C API that may be called, or are meant to be called, without the interpreter. */
const FREE =
  /::(PyMem_Raw\w+|PyGILState_\w+|PyEval_(RestoreThread|AcquireThread|SaveThread)|PyThread\w*|Py_(IsInitialized|IsFinalizing|AddPendingCall|GetVersion|BLOCK_THREADS)|_Py_IsFinalizing|PyMutex_\w+|PyInterpreterState_\w+)$/;

export function createDetached(workspace: Workspace, types: PythonTypes, closures: Closures): Detached {
  return { uses, clones, forged };

  function uses(body: Body): readonly DetachedUse[] {
    const found: DetachedUse[] = [];
    if (!body.ast.body) return found;
    walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
      const release = releaseOf(place, body);
      if (!release || !place.release) return;
      const use = useAt(expr, place, body);
      if (!use || found.some((f) => f.release === release.span && f.name === use.name)) return;
      found.push({ ...use, expr, release: release.span, closure: place.release });
    });
    return found;
  }

  function useAt(expr: Expr, place: Place, body: Body): Pick<DetachedUse, 'kind' | 'name' | 'span'> | null {
    if (expr.kind === 'path') {
      const binding = body.bindingOf(expr);
      if (!binding || !place.release || !isOutside(binding, place.release)) return null;
      const kind = needs(binding.ty, 0);
      return kind && { kind, name: binding.name, span: expr.span };
    }
    if (expr.kind !== 'call') return null;
    const target = targetOf(expr, body, workspace);
    if (target.kind !== 'function') return null;
    if (FORGED.test(target.path)) return { kind: 'token', name: nameOf(target.path), span: expr.callee.span };
    if (!/^pyo3::ffi::_?Py/.test(target.path) || FREE.test(target.path) || (place.release && takesByHand(place.release, body))) return null;
    return { kind: 'ffi', name: nameOf(target.path), span: expr.callee.span };
  }

  /** The call that releases the interpreter around a place, where it is certainly PyO3's. */
  function releaseOf(place: Place, body: Body): CallExpr | MethodExpr | null {
    if (place.mode !== 'detached' || !place.release) return null;
    for (let i = place.parents.length - 1; i >= 0; i--) {
      const call = place.parents[i];
      if ((call?.kind !== 'call' && call?.kind !== 'method') || !call.args.some((arg) => arg === place.release)) continue;
      const target = targetOf(call, body, workspace);
      if (target.kind === 'function') return RELEASES.test(target.path) ? call : null;
      const first = target.kind === 'method' ? target.receiver[0] : null;
      return first?.kind === 'external' && first.path === 'pyo3::Python' ? call : null;
    }
    return null;
  }

  /** `ffi::PyUnicode_AsUTF8AndSize(…)` */
  function isRawCall(expr: Expr, body: Body): boolean {
    const target = expr.kind === 'call' ? targetOf(expr, body, workspace) : null;
    return target?.kind === 'function' && /^(pyo3::ffi|pyo3_ffi)::(\w+::)*_?Py/.test(target.path) && !FREE.test(target.path);
  }

  /** The C API's own way to take the interpreter. */
  function takesByHand(closure: Expr, body: Body): boolean {
    return someExpr(closure, (e) => {
      const target = e.kind === 'call' ? targetOf(e, body, workspace) : null;
      return target?.kind === 'function' && /::(PyGILState_Ensure|PyEval_(RestoreThread|AcquireThread))$/.test(target.path);
    });
  }

  function needs(ty: MaybeTy, depth: number): 'value' | 'wrapper' | null {
    if (!ty || depth > 4) return null;
    switch (ty.kind) {
      case 'reference':
        return needs(ty.to, depth);
      case 'slice':
      case 'array':
        return needs(ty.element, depth + 1);
      case 'tuple':
        return firstNeed(ty.elements, depth);
      case 'external':
        if (BOUND.test(ty.path)) return 'value';
        if (/^(pyo3|numpy)::/.test(ty.path)) return null;
        return firstNeed(ty.args, depth);
      case 'item': {
        const ast = workspace.ast(ty.item);
        if (ast?.kind !== 'struct' || types.of(ty) !== 'value') return null;
        const scope = { module: ty.item.module, item: ty.item };
        return ast.fields.some((f) => needs(tyOfWritten(f.type, scope, workspace), depth + 1)) ? 'wrapper' : null;
      }
      default:
        return null;
    }
  }

  function firstNeed(parts: readonly MaybeTy[], depth: number): 'value' | 'wrapper' | null {
    for (const part of parts) {
      const kind = needs(part, depth + 1);
      if (kind) return kind;
    }
    return null;
  }

  function clones(body: Body): readonly DetachedClone[] {
    const found: DetachedClone[] = [];
    if (!body.ast.body) return found;
    walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
      if (expr.kind !== 'method' || expr.name !== 'clone' || expr.args.length > 0 || place.mode === 'attached') return;
      const ty = body.typeOf(expr.receiver);
      const owner = pyOf(ty, 0);
      if (!owner) return;
      const where = releaseOf(place, body)
        ? 'detached'
        : place.mode === 'elsewhere' && threadAround(place, body, workspace)
          ? 'thread'
          : null;
      if (where) found.push({ what: owner, span: expr.nameSpan, expr, where, direct: owner === 'Py' });
    });
    return found;
  }

  function forged(body: Body): readonly ForgedToken[] {
    const found: ForgedToken[] = [];
    if (!body.ast.body) return found;
    walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
      if (expr.kind !== 'call' || releaseOf(place, body)) return;
      const target = targetOf(expr, body, workspace);
      if (target.kind !== 'function' || !FORGED.test(target.path)) return;
      const future = place.parents.some((p) => p.kind === 'block' && (p.flavor === 'async' || p.flavor === 'async-move'));
      const thread = place.mode === 'elsewhere' && threadAround(place, body, workspace) !== null;
      found.push({ what: nameOf(target.path), span: expr.callee.span, elsewhere: future || thread || body.ast.async, raw: false });
    });
    const raw = found.length > 0 && someExpr(body.ast.body, (e) => isRawCall(e, body));
    return raw ? found.map((token) => ({ ...token, raw })) : found;
  }

  /** `Py`, or the collection whose clone clones the `Py`s in it. */
  function pyOf(ty: MaybeTy, depth: number): string | null {
    if (ty?.kind === 'reference') return pyOf(ty.to, depth);
    if (ty?.kind !== 'external' || depth > 3) return null;
    if (ty.path === 'pyo3::Py') return 'Py';
    if (!/^std::(option::Option|vec::Vec|boxed::Box|collections::\w+)$/.test(ty.path)) return null;
    return ty.args.some((arg) => arg?.kind !== 'reference' && pyOf(arg, depth + 1)) ? ty.path.slice(ty.path.lastIndexOf(':') + 1) : null;
  }
}

/** Bound before a closure, not in it. */
export function isOutside(binding: Binding, closure: ClosureExpr): boolean {
  if (binding.closure) return binding.closure !== closure && !contains(closure.span, binding.closure.span);
  return binding.source === null || !contains(closure.span, binding.source.span);
}

/** A fn that says why a token may be made up there: an FFI callback, or a `SAFETY` comment right above. */
export function isExplained(token: ForgedToken, item: RustItem, text: string): boolean {
  if (token.elsewhere) return false;
  if (item.entry.abi !== null) return true;
  const before = text.slice(item.entry.span.start, token.span.start);
  const reason = /\bsafety\b|\b(gil|interpreter) is held\b|\bholds? the (gil|interpreter)\b|PyGILState_Check/i;
  return reason.test(before.split('\n').slice(-12).join('\n')) || (item.entry.unsafe && /#+ *safety/i.test(before));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(':') + 1);
}
