/** Takes apart the paths of callees as MIR prints them. */
import { isStd } from './panicking.ts';

export interface CalleePath {
  /** Without type arguments: `std::option::Option::unwrap`, `module::f`, `<T as Trait>::f` as it stands. */
  readonly plain: string;
  /** The last part. */
  readonly name: string;
  /** The type before the trait in `<T as Trait>::f`; null for a plain path. */
  readonly self: string | null;
  /** The trait, without arguments; null for a plain path. */
  readonly trait: string | null;
  /** The part before the last in a plain path, or the type of a `<impl T>`; null where there is none. */
  readonly owner: string | null;
  /** The type arguments of the last part alone. */
  readonly ownArguments: string;
  readonly isStd: boolean;
}

export function splitPath(callee: string): CalleePath {
  const parts = segments(callee);
  const last = parts.at(-1) ?? { name: '', arguments: '' };
  const first = parts[0] ?? last;
  const std = isStd(callee);
  if (first.name.startsWith('<') && first.name.endsWith('>')) {
    const inner = first.name.slice(1, -1);
    const as = splitAs(inner);
    return {
      plain: parts.map(({ name }) => name).join('::'),
      name: last.name,
      self: as ? as.self : inner,
      trait: as ? plainPath(as.trait) : null,
      owner: null,
      ownArguments: last.arguments,
      isStd: std,
    };
  }
  const before = parts.at(-2)?.name ?? null;
  return {
    plain: parts.map(({ name }) => name).join('::'),
    name: last.name,
    self: null,
    trait: null,
    owner: before?.startsWith('<impl ') ? before.slice(6, -1) : before,
    ownArguments: last.arguments,
    isStd: std,
  };
}

interface Segment {
  readonly name: string;
  readonly arguments: string;
}

/** `a::B::<T>::f::<U>` as a, B with T, f with U; `<…>` at the start and `<impl …>` are names. */
function segments(path: string): readonly Segment[] {
  const out: { name: string; arguments: string }[] = [];
  for (let i = 0; i < path.length; ) {
    if (path.charAt(i) === '<') {
      const end = close(path, i) + 1;
      const text = path.slice(i, end);
      const before = out.at(-1);
      if (before && !text.startsWith('<impl ')) before.arguments = text.slice(1, -1);
      else out.push({ name: text, arguments: '' });
      i = end;
    } else if (path.startsWith('::', i)) {
      i += 2;
    } else {
      let end = i;
      while (end < path.length && path.charAt(end) !== '<' && !path.startsWith('::', end)) {
        end = path.charAt(end) === '{' ? path.indexOf('}', end) + 1 || path.length : end + 1;
      }
      out.push({ name: path.slice(i, end), arguments: '' });
      i = end;
    }
  }
  return out;
}

function plainPath(path: string): string {
  return segments(path)
    .map(({ name }) => name)
    .join('::');
}

/** `T` and `Trait<U>` of `T as Trait<U>`. */
function splitAs(text: string): { readonly self: string; readonly trait: string } | null {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '-' && text.charAt(i + 1) === '>') i++;
    else if (c === '<' || c === '(' || c === '[' || c === '{') depth++;
    else if (c === '>' || c === ')' || c === ']' || c === '}') depth--;
    else if (depth === 0 && text.startsWith(' as ', i)) return { self: text.slice(0, i), trait: text.slice(i + 4) };
  }
  return null;
}

/** The offset of the bracket that closes the `<` at an offset. */
function close(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '-' && text.charAt(i + 1) === '>') i++;
    else if (c === '<') depth++;
    else if (c === '>' && --depth === 0) return i;
  }
  return text.length - 1;
}
