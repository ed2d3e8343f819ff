/** Which bodies of the workspace a call runs. */
import { topLevel } from '../../base/brackets.ts';
import { words } from '../../base/words.ts';
import type { MirBody, MirCall, MirSpan } from '../../model/compiled/mir.ts';
import { containsPanics, isStd } from './panicking.ts';
import { splitPath } from './paths.ts';

/** What a call runs. */
export interface Callees {
  /** The bodies that it may run: of one fn, or of several impls where the printed path does not say which. */
  readonly bodies: readonly MirBody[];
  /** Closures that are handed in and run before it returns, with their panics let through. */
  readonly closures: readonly MirBody[];
  /** It runs code that is not known: a call through a value, of a trait's method on a parameter, or of another crate. */
  readonly opaque: boolean;
}

export interface CalleeFinder {
  of(call: MirCall): Callees;
  /** The bodies alone. */
  bodies(call: MirCall): readonly MirBody[];
  /** The body of a closure by its type. */
  closure(type: string): MirBody | null;
}

/** Of a call of which nothing is known. */
export const OPAQUE: Callees = { bodies: [], closures: [], opaque: true };

/**
 * For the bodies of one crate. `foreign` finds those of another one; null for what is not of another one that was compiled. `text` is what is
 * written at a place: MIR names an impl by its place alone.
 */
export function createCalleeFinder(
  bodies: readonly MirBody[],
  foreign: (call: MirCall) => readonly MirBody[] | null,
  text: (span: MirSpan) => string,
): CalleeFinder {
  const byPath = new Map<string, MirBody[]>();
  const byMethod = new Map<string, MirBody[]>();
  /** By name, until a method of that name is asked about: only the text of an impl tells its type. */
  const waiting = new Map<string, MirBody[]>();
  const closures = new Map<string, MirBody>();
  const add = (map: Map<string, MirBody[]>, key: string, body: MirBody): void => {
    const list = map.get(key);
    if (list) list.push(body);
    else map.set(key, [body]);
  };
  for (const body of bodies) {
    if (body.kind !== 'fn') continue;
    if (/::\{closure#\d+\}$/.test(body.name)) {
      const type = closureIn(body.params[0] ?? '');
      if (type !== null) closures.set(type, body);
    } else if (body.name.includes('<impl at ')) {
      add(waiting, lastName(body.name), body);
    } else {
      add(byPath, body.name, body);
    }
  }

  function methods(type: string, name: string): readonly MirBody[] | undefined {
    const unsorted = waiting.get(name);
    waiting.delete(name);
    for (const body of unsorted ?? []) {
      const own = implType(body, text) || selfName(body);
      add(byMethod, `${/^[A-Z]\d?$/.test(own) ? '' : own}::${name}`, body);
    }
    return byMethod.get(`${type}::${name}`);
  }

  function find(call: MirCall): readonly MirBody[] {
    const path = splitPath(call.callee);
    const elsewhere = foreign(call);
    if (elsewhere) return elsewhere;
    const direct = byPath.get(path.plain);
    if (direct) return direct;
    if (path.self === null && path.owner === null) return [];
    const type = path.self ?? path.owner ?? '';
    // `<<T as Trait>::Item as Other>::f`: whatever the parameter brings.
    if (baseName(type) === '') return [];
    const known = methods(baseName(type), path.name);
    if (known) return fitting(known, call);
    const provided = path.trait === null ? undefined : byPath.get(`${path.trait}::${path.name}`);
    if (provided) return provided;
    // Impls for all types, and those of derived traits whose fns do not show the type.
    return fitting(methods('', path.name) ?? [], call);
  }

  return {
    bodies: find,
    closure: (type) => closures.get(type) ?? null,
    of(call) {
      if (call.callee === '') return OPAQUE;
      const path = splitPath(call.callee);
      const found = path.isStd && path.self === null ? [] : find(call);
      const given = closureTypes(path.ownArguments).flatMap((type) => closures.get(type) ?? []);
      const self = path.self === null ? null : closureIn(path.self);
      const called = self === null ? [] : [closures.get(self) ?? []].flat();
      if (called.length > 0 && /::call(_mut|_once)?$/.test(path.plain)) return { bodies: [], closures: called, opaque: false };
      const isKnown = found.length > 0 || isStd(call.callee);
      const runs = !containsPanics(path.plain) && (isStd(call.callee) || found.some((body) => runsArguments(body)));
      return { bodies: found, closures: runs ? given : [], opaque: !isKnown || (path.self !== null && isParameter(path.self)) };
    },
  };
}

/** Whether a body calls a value of a type parameter itself: `f()` with `f: F`. */
function runsArguments(body: MirBody): boolean {
  return body.calls.some((call) => /^<\w+ as std::ops::Fn(Once|Mut)?<.*>>::call/.test(call.callee));
}

const PRIMITIVES = words('bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64');

/** `T`: a name without a path that is no primitive may be a type parameter, or a type at the crate's root. */
function isParameter(type: string): boolean {
  return /^&?(mut )?[A-Z]\w{0,1}$/.test(type) && !PRIMITIVES.has(type);
}

/** Of the fns of several impls of one trait for a type, those that take what the call gives. */
function fitting(bodies: readonly MirBody[], { args }: MirCall): readonly MirBody[] {
  if (bodies.length < 2) return bodies;
  const taken = bodies.filter(({ params }) => params.length === args.length && params.every((param, i) => mayBe(param, args[i] ?? '')));
  return taken.length > 0 ? taken : bodies;
}

/** Whether a value of the one type can be given for a parameter of the other; type parameters take all. */
function mayBe(param: string, given: string): boolean {
  const [a, b] = [baseName(param), baseName(given)];
  return a === b || a === '' || b === '' || /^[A-Z]\d?$/.test(a) || /^[A-Z]\d?$/.test(b);
}

/** `Own` of `impl<T> From<T> for crate::Own<T> where …`; empty where a macro or a derive wrote the impl. */
function implType({ name }: MirBody, text: (span: MirSpan) => string): string {
  const at = /<impl at (.+):(\d+):(\d+): (\d+):(\d+)>/.exec(name);
  if (!at) return '';
  const [, file = '', ...numbers] = at;
  const [line = 0, column = 0, endLine = 0, endColumn = 0] = numbers.map(Number);
  const written = /^(?:unsafe\s+)?impl\b([\s\S]*)$/.exec(text({ file, line, column, endLine, endColumn }))?.[1]?.trimStart();
  if (!written) return '';
  const header = (written.startsWith('<') ? written.slice(topLevel(written, '>', 1) + 1) : written).replace(/\s+/g, ' ');
  const type = / for (.+)$/.exec(header)?.[1] ?? header;
  return baseName(type.trim());
}

/** The name of the type whose method a body is, from its `self`, or from a result of the type; empty where neither shows it. */
function selfName(body: MirBody): string {
  return baseName(body.params[0] ?? '') || baseName(body.result);
}

/** `Own` of `&mut crate::Own<T>`. */
export function baseName(type: string): string {
  const bare = type.replace(/^(?:&(?:'\w+ )?(?:mut )?|\*(?:const|mut) |std::pin::Pin<&(?:mut )?)+/, '');
  const end = bare.search(/[<([{> ]/);
  const path = end < 0 ? bare : bare.slice(0, end).replace(/::$/, '');
  return path.slice(path.lastIndexOf(':') + 1);
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** The closure type that a type is or points to. */
function closureIn(type: string): string | null {
  const at = type.indexOf('{closure@');
  if (at < 0) return null;
  const end = type.indexOf('}', at);
  return end < 0 ? null : type.slice(at, end + 1);
}

function closureTypes(text: string): readonly string[] {
  return [...text.matchAll(/\{closure@[^}]*\}/g)].map(([type]) => type);
}
