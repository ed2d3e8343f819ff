/** A small notation for what std and PyO3 methods take and return, so that the tables stay readable. */
import type { MaybeTy, Ty } from './local-types-ty.ts';
import { itemOf, external, primitive, reference } from './local-types-ty.ts';

/**
 * `closure params => result`, or the result alone.
 * `$0`, `$1` are the receiver's arguments (the element for slices and arrays), `$d` is `$0` without its reference, `Self` the receiver,
 * `$a` the first argument's type, `$ai` its item when iterated, `$c` what the closure returns, `$ci` its item when iterated,
 * `$t` the first turbofish argument or else the expected type, `?` unknown.
 */
export interface Signature {
  readonly params: readonly Term[];
  readonly result: Term;
}

type Term =
  | { readonly kind: 'hole'; readonly name: string }
  | { readonly kind: 'ref'; readonly to: Term }
  | { readonly kind: 'slice'; readonly element: Term }
  | { readonly kind: 'tuple'; readonly elements: readonly Term[] }
  | { readonly kind: 'name'; readonly name: string; readonly args: readonly Term[] };

/** Names that the tables use, and what they stand for. */
const SHORT: Readonly<Record<string, string>> = {
  Vec: 'std::vec::Vec',
  String: 'std::string::String',
  Option: 'std::option::Option',
  Result: 'std::result::Result',
  Iter: 'std::iter::Iterator',
  IoError: 'std::io::Error',
  File: 'std::fs::File',
  Bound: 'pyo3::Bound',
  Py: 'pyo3::Py',
  PyAny: 'pyo3::PyAny',
  PyErr: 'pyo3::PyErr',
  Python: 'pyo3::Python',
  PyRef: 'pyo3::PyRef',
  PyRefMut: 'pyo3::PyRefMut',
};

const cache = new Map<string, Signature>();

export function signature(text: string): Signature {
  const known = cache.get(text);
  if (known) return known;
  const parsed = parse(text);
  cache.set(text, parsed);
  return parsed;
}

function parse(text: string): Signature {
  const arrow = text.indexOf('=>');
  const params = arrow < 0 ? [] : list(text.slice(0, arrow));
  return { params, result: list(text.slice(arrow < 0 ? 0 : arrow + 2))[0] ?? { kind: 'hole', name: '?' } };
}

/** Comma-separated terms. The notation is written by us only, so errors show as unknown types in the tests. */
function list(text: string): Term[] {
  const tokens = text.match(/[A-Za-z_][\w:]*|\$\w+|[?&<>(),[\]]/g) ?? [];
  let at = 0;
  return terms(null);

  function terms(end: string | null): Term[] {
    const out: Term[] = [];
    while (at < tokens.length && tokens[at] !== end) {
      out.push(term());
      if (tokens[at] === ',') at++;
    }
    at++;
    return out;
  }

  function term(): Term {
    const token = tokens[at++] ?? '?';
    if (token === '&') return { kind: 'ref', to: term() };
    if (token === '(') return { kind: 'tuple', elements: terms(')') };
    if (token === '[') return { kind: 'slice', element: terms(']')[0] ?? { kind: 'hole', name: '?' } };
    if (token === '?' || token.startsWith('$') || token === 'Self') return { kind: 'hole', name: token };
    if (tokens[at] !== '<') return { kind: 'name', name: token, args: [] };
    at++;
    return { kind: 'name', name: token, args: terms('>') };
  }
}

/** What the holes of a signature stand for at one call. */
export interface Holes {
  readonly self: Ty | null;
  readonly firstArg: MaybeTy;
  readonly closure: MaybeTy;
  readonly turbofish: MaybeTy;
}

export function instantiate(term: Term, holes: Holes): MaybeTy {
  switch (term.kind) {
    case 'hole':
      return hole(term.name, holes);
    case 'ref': {
      const to = instantiate(term.to, holes);
      return to ? reference(to) : null;
    }
    case 'slice':
      return { kind: 'slice', element: instantiate(term.element, holes) };
    case 'tuple':
      return { kind: 'tuple', elements: term.elements.map((t) => instantiate(t, holes)) };
    case 'name': {
      const path = Object.hasOwn(SHORT, term.name) ? SHORT[term.name] : term.name.includes('::') ? term.name : null;
      if (!path) return primitive(term.name);
      return external(path, ...term.args.map((t) => instantiate(t, holes)));
    }
  }
}

function hole(name: string, holes: Holes): MaybeTy {
  switch (name) {
    case 'Self':
      return holes.self;
    case '$a':
      return holes.firstArg;
    case '$ai':
      return itemOf(holes.firstArg);
    case '$c':
      return holes.closure;
    case '$ci':
      return itemOf(holes.closure);
    case '$t':
      return holes.turbofish;
    case '$d': {
      const first = argument(holes.self, 0);
      return first?.kind === 'reference' ? first.to : first;
    }
    case '$0':
    case '$1':
      return argument(holes.self, name === '$0' ? 0 : 1);
    default:
      return null;
  }
}

function argument(self: Ty | null, index: number): MaybeTy {
  if (self?.kind === 'slice' || self?.kind === 'array') return index === 0 ? self.element : null;
  return self?.kind === 'external' || self?.kind === 'item' ? (self.args[index] ?? null) : null;
}
