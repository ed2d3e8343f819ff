/** The form in which what was learnt of a crate is kept: texts once, places as numbers. It is read whenever nothing has changed. */
import type { CompiledCrate, MirAssert, MirBody, MirCall, MirLint, MirSpan, MirUnwind } from '../../model/compiled/mir.ts';

/** What is kept of a crate; where it lies is known to whoever asks. */
export type Answer = Omit<CompiledCrate, 'root'>;

/** What a body holds. */
type Inside = Pick<MirBody, 'calls' | 'asserts' | 'casts' | 'derefs' | 'closures' | 'variables'>;

/** The number of a text, or five numbers of a place; one -1 where there is none. */
type Packed = (number | Packed)[];

const UNWINDS: readonly MirUnwind[] = ['continue', 'cleanup', 'terminate', 'never'];
const ASSERTS: readonly MirAssert['kind'][] = ['bounds', 'division', 'overflow', 'other'];
const NOWHERE = -1;

export interface Pack {
  add(bodies: readonly MirBody[]): void;
  /** The kept form of all bodies that were added, none of whose lines was strange. */
  finish(name: string, lints: readonly MirLint[] | null): string;
}

export function createPack(): Pack {
  const texts: string[] = [];
  const numbers = new Map<string, number>();
  const text = (value: string): number => {
    let number = numbers.get(value);
    if (number === undefined) {
      // A piece of a text holds on to all of it, which is the MIR of many bodies: a copy does not.
      const copy = Buffer.from(value).toString();
      number = texts.push(copy) - 1;
      numbers.set(copy, number);
    }
    return number;
  };
  const all = (values: readonly string[]): number[] => values.map(text);
  const span = (at: MirSpan | null): Packed => (at ? [text(at.file), at.line, at.column, at.endLine, at.endColumn] : [NOWHERE]);
  const bodies: Packed[] = [];
  const packBody = (body: MirBody): Packed => [
    text(body.name),
    body.kind === 'fn' ? 1 : 0,
    span(body.at),
    all(body.params),
    text(body.result),
    body.leaves ? 1 : 0,
    all(body.files),
    body.calls.map(
      (call): Packed => [
        span(call.span),
        span(call.name),
        text(call.callee),
        all(call.args),
        text(call.result),
        UNWINDS.indexOf(call.unwind),
      ],
    ),
    body.asserts.map((one): Packed => [ASSERTS.indexOf(one.kind), span(one.span), UNWINDS.indexOf(one.unwind)]),
    body.casts.map((cast): Packed => [span(cast.span), text(cast.from), text(cast.to), text(cast.kind)]),
    body.derefs.map((deref): Packed => [span(deref.span), text(deref.pointer)]),
    body.closures.map((closure): Packed => [text(closure.type), all(closure.captures), span(closure.span)]),
    body.variables.map((variable): Packed => [span(variable.span), text(variable.type)]),
  ];
  return {
    add(more) {
      for (const body of more) bodies.push(packBody(body));
    },
    finish(name, lints) {
      const said = lints?.map((lint): Packed => [text(lint.name), span(lint.span), text(lint.message)]) ?? null;
      return JSON.stringify({ name, bodies, lints: said, texts });
    },
  };
}

/** null for what is not of this form: it was cut off, or somebody else wrote it. */
export function unpack(kept: string): Answer | null {
  try {
    return read(JSON.parse(kept));
  } catch {
    return null;
  }
}

function read(kept: unknown): Answer | null {
  if (typeof kept !== 'object' || kept === null || !('texts' in kept) || !('bodies' in kept) || !('lints' in kept)) return null;
  const { texts, bodies, lints } = kept;
  const { name } = { name: '', ...kept };
  if (!Array.isArray(texts) || !Array.isArray(bodies)) return null;

  const text = (at: unknown): string => String(texts[Number(at)] ?? '');
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const all = (value: unknown): readonly string[] => list(value).map(text);
  const span = (value: unknown): MirSpan | null => {
    const [file, line, column, endLine, endColumn] = list(value);
    if (file === NOWHERE || file === undefined) return null;
    return { file: text(file), line: Number(line), column: Number(column), endLine: Number(endLine), endColumn: Number(endColumn) };
  };
  const unwind = (value: unknown): MirUnwind => UNWINDS[Number(value)] ?? 'continue';
  const call = (value: unknown): MirCall => {
    const [at, named, callee, args, result, how] = list(value);
    return { span: span(at), name: span(named), callee: text(callee), args: all(args), result: text(result), unwind: unwind(how) };
  };
  const inside = (value: readonly unknown[]): Inside => {
    const [calls, asserts, casts, derefs, closures, variables] = value;
    return {
      calls: list(calls).map(call),
      asserts: list(asserts)
        .map(list)
        .map(([which, where, how]) => ({ kind: ASSERTS[Number(which)] ?? 'other', span: span(where), unwind: unwind(how) })),
      casts: list(casts)
        .map(list)
        .map(([where, from, to, how]) => ({ span: span(where), from: text(from), to: text(to), kind: text(how) })),
      derefs: list(derefs)
        .map(list)
        .map(([where, pointer]) => ({ span: span(where), pointer: text(pointer) })),
      closures: list(closures)
        .map(list)
        .map(([type, captures, where]) => ({ type: text(type), captures: all(captures), span: span(where) })),
      variables: list(variables)
        .map(list)
        .flatMap(([where, type]) => {
          const place = span(where);
          return place ? [{ span: place, type: text(type) }] : [];
        }),
    };
  };
  /** Most bodies are never looked into: what they hold is made when it is asked for. */
  const body = (value: unknown): MirBody => {
    const [named, kind, at, params, result, leaves, files, ...rest] = list(value);
    let known: Inside | null = null;
    const made = (): Inside => (known ??= inside(rest));
    return {
      name: text(named),
      kind: kind === 1 ? 'fn' : 'constant',
      at: span(at),
      params: all(params),
      result: text(result),
      leaves: leaves === 1,
      files: all(files),
      get calls() {
        return made().calls;
      },
      get asserts() {
        return made().asserts;
      },
      get casts() {
        return made().casts;
      },
      get derefs() {
        return made().derefs;
      },
      get closures() {
        return made().closures;
      },
      get variables() {
        return made().variables;
      },
    };
  };
  const said = list(lints)
    .map(list)
    .flatMap(([lint, where, message]) => {
      const place = span(where);
      return place ? [{ name: text(lint), span: place, message: text(message) }] : [];
    });
  return { name, mir: { bodies: bodies.map(body), strange: 0 }, lints: lints === null ? null : said };
}
