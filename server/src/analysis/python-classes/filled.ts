/** Which fields of a class Python code fills: by a setter, or through a fn that is given objects and puts them there. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Field } from '../../model/rust/ast-item.ts';
import { Trigger } from '../../model/rust/file-index.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';
import { meaning } from '../types/local-types-names.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { autoderef, stripRefs } from '../types/local-types-ty.ts';
import { collectExprs, walk } from '../walk.ts';
import { createMacroStores } from './macro-stores.ts';

/** Methods that put an argument into the field, or into what is inside of it. */
const STORES = /^(set|replace|insert|push|push_back|extend|append|get_or_insert|set_py|store)$/;
/** Methods from a field to its inside. */
const INSIDE = /^(lock|write|borrow_mut|get_mut|unwrap|expect|as_mut|lock_py_attached|try_borrow_mut|iter_mut)$/;

export interface Filled {
  /** The names of the fields that Python code can put objects of its own into; what cannot be followed is none. */
  of(item: RustItem): ReadonlySet<string>;
  /** Whether a fn of the crate is seen to make an object of the class, field by field. */
  isMade(item: RustItem): boolean;
}

/** `holds` tells whether a value of a type can be, or own, an object that refers back. */
export function createFilled(workspace: Workspace, holds: (ty: MaybeTy) => boolean): Filled {
  const bodies = bodiesOf(workspace);
  const macros = createMacroStores(workspace);
  const known = new Map<RustItem, ReadonlySet<string>>();
  return {
    of(item) {
      let found = known.get(item);
      if (!found) {
        found = look(item);
        known.set(item, found);
      }
      return found;
    },
    isMade(item) {
      const own = new Set(workspace.implsOf(item));
      const inside = new RegExp(`(?<![:\\w])(Self|${item.name})\\s*\\{`);
      const outside = new RegExp(`\\b${item.name}\\s*\\{`);
      return workspace.stateOf(item.module.crate).items.some(({ kind, test, owner, entry, file }) => {
        if (kind !== 'fn' || test || !entry.bodySpan) return false;
        const text = workspace.slice(file, entry.bodySpan);
        return (owner && own.has(owner) ? inside : outside).test(text);
      });
    },
  };

  function look(item: RustItem): ReadonlySet<string> {
    const ast = workspace.ast(item);
    const found = new Set<string>();
    if (ast?.kind !== 'struct') return found;
    const all = isSet(item.entry.attributes);
    for (const field of ast.fields) if (all || isSet(field.attributes)) found.add(field.name);
    const own = new Set(workspace.implsOf(item));
    const name = new RegExp(`(?<![:\\w])(Self|${item.name})\\b`);
    for (const fn of workspace.stateOf(item.module.crate).items) {
      if (fn.kind !== 'fn' || fn.test || !fn.entry.bodySpan) continue;
      const mine = fn.owner !== null && own.has(fn.owner);
      if ((fn.entry.triggers & Trigger.PyName) === 0 && !mine) continue;
      const text = workspace.slice(fn.file, { start: fn.entry.signatureSpan.start, end: fn.entry.bodySpan.end });
      if (!mine && !name.test(text)) continue;
      const body = bodies(fn);
      const given = new Set(body?.bindings.filter((b) => b.kind === 'param' && holds(b.ty)) ?? []);
      if (body && given.size > 0) inBody(item, ast.fields, body, given, found);
    }
    return found;
  }

  function inBody(item: RustItem, fields: readonly Field[], body: Body, given: ReadonlySet<Binding>, found: Set<string>): void {
    const isGiven = (value: Expr): boolean => carries(value, body, given, new Set());
    if (!body.ast.body) return;
    walk(body.ast.body, {
      enterExpr(expr) {
        if (expr.kind === 'struct' && isItem(body.typeOf(expr), item))
          for (const field of expr.fields) if (isGiven(field.value)) found.add(field.name);
        if (expr.kind === 'call' && expr.callee.kind === 'path') {
          const made = meaning(expr.callee.path, body.scope, workspace, 'value');
          const self =
            expr.callee.path.segments.at(-1)?.name === 'Self' &&
            body.item.owner !== null &&
            workspace.implsOf(item).includes(body.item.owner);
          if (self || (made?.kind === 'item' && made.item === item))
            expr.args.forEach((arg, i) => {
              const field = fields[i];
              if (field && isGiven(arg)) found.add(field.name);
            });
        }
        if (expr.kind === 'macro') for (const name of macros.stored(expr, item, fields, body, given)) found.add(name);
        if (expr.kind === 'assign') {
          const field = fieldOf(expr.left, item, body);
          if (field !== null && isGiven(expr.right)) found.add(field);
        }
        if (expr.kind === 'method' && STORES.test(expr.name)) {
          const field = fieldOf(expr.receiver, item, body);
          if (field !== null && expr.args.some(isGiven)) found.add(field);
        }
      },
    });
  }

  /** Whether a value is made of something that was given: a view or a number that is taken of it is not. */
  function carries(value: Expr, body: Body, given: ReadonlySet<Binding>, seen: Set<Binding>): boolean {
    let found = false;
    walk(value, {
      enterExpr(at) {
        const ty = body.typeOf(at);
        if (found || (ty !== null && isPlain(ty))) return false;
        const binding = body.bindingOf(at);
        if (!binding || seen.has(binding)) return true;
        seen.add(binding);
        const values = [...(binding.source ? [binding.source] : []), ...assigned(binding, body)];
        found = given.has(binding) || values.some((one) => carries(one, body, given, seen));
        return !found;
      },
    });
    return found;
  }

  /** What is put into a variable later on: `let mut kept = None; if let Some(x) = given { kept = Some(x); }`. */
  function assigned(binding: Binding, body: Body): readonly Expr[] {
    if (binding.kind !== 'let' || !body.ast.body) return [];
    return collectExprs(body.ast.body, (e) => e.kind === 'assign' && body.bindingOf(e.left) === binding).flatMap((e) =>
      e.kind === 'assign' ? [e.right] : [],
    );
  }

  /** Numbers, text, bytes and views of them. */
  function isPlain(ty: MaybeTy): boolean {
    const at = stripRefs(ty);
    return (
      at?.kind === 'primitive' ||
      (at?.kind === 'slice' && !holds(at.element)) ||
      (at?.kind === 'external' && at.path === 'std::string::String')
    );
  }

  /** The field of the class that a place is, or is inside of: `self.objects.lock().unwrap()`. */
  function fieldOf(place: Expr, item: RustItem, body: Body): string | null {
    let at = place;
    for (;;) {
      if (at.kind === 'method' && INSIDE.test(at.name)) at = at.receiver;
      else if (at.kind === 'unary' || at.kind === 'reference' || at.kind === 'try') at = at.operand;
      else if (at.kind === 'index') at = at.base;
      else break;
    }
    if (at.kind !== 'field') return null;
    if (autoderef(body.typeOf(at.base)).some((ty) => isItem(ty, item))) return at.name;
    return fieldOf(at.base, item, body);
  }
}

function isItem(ty: MaybeTy, item: RustItem): boolean {
  const at = stripRefs(ty);
  return at?.kind === 'item' && at.item === item;
}

function isSet(attributes: Field['attributes']): boolean {
  return attributes.some(
    (a) => /(^|::)(pyo3|pyclass)$/.test(a.path) && a.args?.some((arg) => arg.name === 'set' || arg.name === 'set_all'),
  );
}
