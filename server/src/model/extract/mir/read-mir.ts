/** Reads what `rustc -Zunpretty=mir -Zmir-include-spans=on` prints, as rustc 1.77 to 1.97 print it. */
import { splitTop, topLevel } from '../../../base/brackets.ts';
import type { MirAssertKind, MirBody, MirCall, MirClosure, MirCrate, MirSpan, MirUnwind } from '../../compiled/mir.ts';
import { mirSpan } from './mir-text.ts';

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
type GrowingBody = Growing<Omit<MirBody, 'files'>>;

interface Open {
  readonly body: GrowingBody;
  /** Types of `_1`, `_2` … */
  readonly locals: Map<string, string>;
  /** The call whose name's span is still to come. */
  call: Growing<MirCall> | null;
}

/** Lines that are not understood are left out; `strange` counts those that matter. */
export function readMir(text: string): MirCrate {
  const bodies: MirBody[] = [];
  let strange = 0;
  let open: Open | null = null;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const from = start;
    start = end + 1;
    // Half of the text is of no use: it is passed over without being cut out.
    if (open && isOfNoUse(text, from)) continue;
    const line = text.slice(from, text.charAt(end - 1) === '\r' ? end - 1 : end);
    if (!open) {
      if (/^(fn|const|static|promoted) .*\{$/.test(line)) {
        open = header(line);
        if (!open) strange++;
      }
    } else if (line === '}') {
      bodies.push({ ...open.body, files: filesOf(open.body) });
      open = null;
    } else if (!read(line, open)) {
      strange++;
    }
  }
  return { bodies, strange: strange + (open ? 1 : 0) };
}

function filesOf({ at, calls, asserts, casts, derefs, closures, variables }: GrowingBody): readonly string[] {
  const places = [
    at,
    ...calls.map(({ name }) => name),
    ...[calls, asserts, casts, derefs, closures, variables].flat().map(({ span }) => span),
  ];
  return [...new Set(places.flatMap((place) => place?.file ?? []))];
}

const SPACE = 32;
const NAME_SPAN = '// + span: ';

/** Storage marks, and comments but for a callee's place. */
function isOfNoUse(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return text.startsWith('Storage', at) || (text.startsWith('// ', at) && !text.startsWith(NAME_SPAN, at));
}

function header(line: string): Open | null {
  const isFn = line.startsWith('fn ');
  const name = isFn
    ? line.slice(3, topLevel(line, '(', 3))
    : line.slice(line.indexOf(' ') + 1, topLevel(line, ':=', line.indexOf(' ') + 1));
  const locals = new Map<string, string>();
  const params: string[] = [];
  let result = '';
  if (isFn) {
    const open = topLevel(line, '(', 3);
    const close = open < 0 ? -1 : closingParen(line, open);
    if (close < 0) return null;
    for (const param of splitTop(line.slice(open + 1, close))) {
      const colon = param.indexOf(': ');
      if (!/^_\d+$/.test(param.slice(0, colon))) return null;
      const type = param.slice(colon + 2);
      locals.set(param.slice(0, colon), type);
      params.push(type);
    }
    const arrow = line.indexOf('-> ', close);
    result = arrow < 0 ? '()' : line.slice(arrow + 3, -2);
  }
  return {
    body: {
      name,
      kind: isFn ? 'fn' : 'constant',
      at: null,
      params,
      result,
      calls: [],
      asserts: [],
      casts: [],
      derefs: [],
      closures: [],
      variables: [],
      leaves: true,
    },
    locals,
    call: null,
  };
}

function closingParen(text: string, open: number): number {
  return topLevel(text, ')', open + 1);
}

/** False for a line of a shape that matters and was not understood. */
function read(line: string, open: Open): boolean {
  const text = line.trimStart();
  if (text === '' || text === '}' || /^(bb\d+( \(cleanup\))?: \{|scope \d+ \{|Storage(Live|Dead)\()/.test(text)) return true;
  if (text.startsWith('//')) {
    if (open.call && text.startsWith(NAME_SPAN)) {
      open.call.name = mirSpan(text.slice(NAME_SPAN.length).trimEnd());
      open.call = null;
    }
    return true;
  }
  const comment = text.lastIndexOf('// ');
  if (comment < 0) return true;
  const code = text.slice(0, comment).trimEnd();
  const at = text.slice(comment);
  const where = at.indexOf(' at ');
  const place = where < 0 ? null : mirSpan(at.slice(where + 4));
  if (code.startsWith('let ')) return local(code, at, place, open);
  if (code.startsWith('debug ')) return variable(code, place, open);
  open.call = null;
  return statement(code, place, open);
}

/** `let mut _7: T;` */
function local(code: string, comment: string, place: MirSpan | null, open: Open): boolean {
  const match = /^let (?:mut )?(_\d+): (.*);$/.exec(code);
  if (!match) return false;
  const [, name = '', type = ''] = match;
  open.locals.set(name, type);
  if (name === '_0' && comment.includes('return place')) {
    open.body.at = place;
    if (open.body.result === '') open.body.result = type;
  }
  return true;
}

/** `debug name => _7;`; captured ones are places in the closure: `(*((*_1).0: &T))`. */
function variable(code: string, place: MirSpan | null, open: Open): boolean {
  const arrow = code.indexOf(' => ');
  if (arrow < 0) return false;
  const type = typeOf(code.slice(arrow + 4, -1), open);
  // Names without a place of their own are what a macro made.
  if (place && type !== '' && !PLAIN.test(type)) open.body.variables.push({ span: place, type });
  return true;
}

/** Types of which nobody asks who does not see them in the source. */
const PLAIN = /^(?:&(?:mut )?)*(?:[iu](?:\d+|size)|f\d+|bool|char|str|\(\)|!)$/;

/** `f(x) -> [return: bb1, unwind continue];`, `f(x) -> unwind continue;`, and `f(x) -> bb9;` where it does not return and bb9 cleans up. */
const TERMINATOR = /\) -> (\[(?:return|success): bb\d+.*\]|unwind.*|bb\d+);$/;

function statement(code: string, place: MirSpan | null, open: Open): boolean {
  const { body } = open;
  if (code.startsWith('terminate(')) {
    if (code.startsWith('terminate(abi)')) body.leaves = false;
    return true;
  }
  const terminator = TERMINATOR.exec(code);
  const unwind = terminator ? unwindOf(terminator[1] ?? '') : 'never';
  if (unwind === 'terminate' && !code.includes('terminate(cleanup)')) body.leaves = false;
  const main = terminator ? code.slice(0, terminator.index + 1) : code;
  if (terminator && main.startsWith('drop(')) return true;
  if (terminator && main.startsWith('assert(')) {
    body.asserts.push({ kind: assertKind(main), span: place, unwind });
    return true;
  }
  const equals = topLevel(main, '=');
  if (equals < 0) return !terminator;
  const target = main.slice(0, equals).trim();
  const value = main.slice(equals + 1).trim();
  derefs(target, place, open);
  if (terminator) return call(target, value, unwind, place, open);
  derefs(value, place, open);
  const cast = / as (.*) \((\w+)(?:\(.*\))?\);$/.exec(value);
  const operand = cast ? topOperand(value) : null;
  if (cast && operand !== null) {
    const to = value.slice(operand.length + 4, value.lastIndexOf(' ('));
    body.casts.push({ span: place, from: typeOf(operand, open), to, kind: cast[2] ?? '' });
  }
  if (value.startsWith('{closure@')) body.closures.push(closure(value, place, open));
  return true;
}

/** `{closure@FILE:L:C: L:C} { a: move _3, b: copy _4 };` */
function closure(value: string, span: MirSpan | null, open: Open): Growing<MirClosure> {
  const end = value.indexOf('}') + 1;
  const fields = value.indexOf('{', end);
  const captured = fields < 0 ? [] : splitTop(value.slice(fields + 1, value.lastIndexOf('}')));
  return { type: value.slice(0, end), captures: captured.map((field) => typeOf(field.slice(field.indexOf(': ') + 2), open)), span };
}

function unwindOf(text: string): MirUnwind {
  if (text.includes('unwind continue')) return 'continue';
  if (text.includes('unwind terminate')) return 'terminate';
  return /(?:unwind: |^)bb\d+/.test(text) ? 'cleanup' : 'never';
}

function assertKind(text: string): MirAssertKind {
  if (text.includes('"index out of bounds')) return 'bounds';
  if (text.includes('by zero"') || text.includes('divisor of zero"')) return 'division';
  return text.includes('which would overflow"') ? 'overflow' : 'other';
}

function call(target: string, value: string, unwind: MirUnwind, span: MirSpan | null, open: Open): boolean {
  const paren = value.startsWith('(') ? closingParen(value, 0) + 1 : topLevel(value, '(');
  if (paren <= 0 || !value.endsWith(')')) return false;
  const callee = value.slice(0, paren);
  const through = /^(move|copy|const) |^\(/.test(callee);
  const made: Growing<MirCall> = {
    span,
    name: null,
    callee: through ? '' : callee,
    args: splitTop(value.slice(paren + 1, -1)).map((operand) => typeOf(operand, open)),
    result: typeOf(target, open),
    unwind,
  };
  open.body.calls.push(made);
  open.call = through ? null : made;
  return true;
}

/** `move _3` of `move _3 as usize (IntToInt);` */
function topOperand(value: string): string | null {
  const match = /^(?:move|copy) (?:_\d+|\()/.exec(value);
  if (!match) return null;
  const end = topLevel(value, ' ', 5);
  return end < 0 ? null : value.slice(0, end);
}

/** The type of an operand or place, where MIR shows it; else empty. */
function typeOf(operand: string, open: Open): string {
  const place = operand.replace(/^(move|copy) /, '');
  const known = open.locals.get(place);
  if (known !== undefined) return known;
  // `(_1.0: T)`: a field with its type.
  if (place.startsWith('(') && place.endsWith(')')) {
    const colon = place.lastIndexOf(': ');
    const inner = topLevel(place.slice(1, -1), ':');
    if (inner > 0 && colon > 0) return place.slice(inner + 3, -1);
  }
  return '';
}

/** Raw pointers that a place or value goes through: `(*_3)` where `_3` is one. */
function derefs(text: string, span: MirSpan | null, open: Open): void {
  for (const [, name = ''] of text.matchAll(/\(\*(_\d+)\)/g)) {
    const pointer = open.locals.get(name) ?? '';
    if (/^\*(const|mut) /.test(pointer)) open.body.derefs.push({ span, pointer });
  }
}
