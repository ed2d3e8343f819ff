/** Ways in which a ctypes class comes to differ from the Rust struct that it agreed with. */
import { passedAs } from '../../../server/src/abi/compare/value.ts';
import { computeLayout } from '../../../server/src/abi/compute.ts';
import type { PeerType } from '../../../server/src/abi/peers/peers.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import type { Span } from '../../../server/src/base/text.ts';
import type { PairMutation } from './functions.ts';

export interface ClassMutations {
  /** Its fields as they are written. */
  readonly text: string;
  readonly mutations: readonly PairMutation[];
}

/** null for a class whose fields are not written as a list of pairs on their own. */
export function classMutations({ defs, places, kind }: PeerType, source: string, target: Target): ClassMutations | null {
  const made = defs.get(target.triple);
  if (!made || made.def.kind === 'unknown' || made.def.kind === 'enum') return null;
  const { def, resolve } = made;
  const layout = computeLayout(def, resolve, target);
  const entries = def.fields.flatMap(({ name }) => entryAt(places.get(name ?? '')?.span, source) ?? []);
  const [first, second] = entries;
  const last = entries.at(-1);
  if (layout.kind !== 'layout' || !first || !last || entries.length !== def.fields.length) return null;
  const out: PairMutation[] = [];
  const write = ({ start, end }: Span): string => source.slice(start, end);
  const [a, b] = layout.fields;
  if (kind === 'struct' && second && (a?.size ?? 0) > 0 && (b?.size ?? 0) > 0) {
    const between = source.slice(first.span.end, second.span.start);
    const text = `${write(second.span)}${between}${write(first.span)}`;
    out.push({ kind: 'swap two fields', span: { start: first.span.start, end: second.span.end }, text });
  }
  if (kind === 'struct' && second && (layout.fields.at(-1)?.size ?? 0) > 0) {
    const comma = /^\s*,/.exec(source.slice(last.span.end, last.span.end + 50))?.[0].length ?? 0;
    out.push({ kind: 'drop a field', span: { start: last.span.start, end: last.span.end + comma }, text: '' });
  }
  for (const [i, entry] of entries.entries()) {
    const shape = def.fields[i]?.shape;
    const value = shape ? passedAs(shape, 'c', resolve, target) : null;
    // As the module writes the names of ctypes.
    const [, dotted = ''] = /^((?:\w+\.)?)c_\w+$/.exec(write(entry.type)) ?? [];
    if (value?.kind !== 'integer' || value.of === 'enum' || dotted === '') continue;
    const size = value.size === 8 ? 4 : value.size * 2;
    const text = `${dotted}c_${value.signed ? '' : 'u'}int${size * 8}`;
    out.push({ kind: size > value.size ? 'wider field' : 'narrower field', span: entry.type, text });
    break;
  }
  const setting = source.lastIndexOf('_fields_', first.span.start);
  const line = source.lastIndexOf('\n', setting) + 1;
  const packed = computeLayout({ ...def, pack: 1 }, resolve, target);
  const loose = computeLayout({ ...def, pack: null }, resolve, target);
  const before = source.lastIndexOf('\n', line - 2) + 1;
  if (def.pack === null && packed.kind === 'layout' && packed.size !== layout.size)
    out.push({ kind: 'set _pack_', span: { start: line, end: line }, text: `${source.slice(line, setting)}_pack_ = 1\n` });
  if (def.pack !== null && loose.kind === 'layout' && loose.size !== layout.size && source.slice(before, line).includes('_pack_'))
    out.push({ kind: 'leave _pack_ out', span: { start: before, end: line }, text: '' });
  return { text: source.slice(first.span.start, last.span.end), mutations: out };
}

interface Entry {
  readonly span: Span;
  readonly type: Span;
}

/** `("x", c_int)` around its name. */
function entryAt(name: Span | undefined, source: string): Entry | null {
  if (!name) return null;
  const start = name.start - (/\(\s*["']?$/.exec(source.slice(Math.max(0, name.start - 20), name.start))?.[0].length ?? 0);
  if (start === name.start) return null;
  let depth = 1;
  let end = start + 1;
  while (end < source.length && depth > 0) {
    const at = source[end++];
    if (at === '(' || at === '[') depth++;
    else if (at === ')' || at === ']') depth--;
  }
  const [lead = ''] = /^["']?\s*,\s*/.exec(source.slice(name.end, end)) ?? [];
  const [type = ''] = /^[\w.]+(?=\s*[,)])/.exec(source.slice(name.end + lead.length, end)) ?? [];
  const from = name.end + lead.length;
  return depth === 0 && lead !== '' ? { span: { start, end }, type: { start: from, end: from + type.length } } : null;
}
