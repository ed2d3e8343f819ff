/** Edits that make two definitions of a type agree: the peer's members written anew from Rust, or the Rust fields put into another order. */
import type { PeerLanguage, PeerType } from '../abi/peers/peers.ts';
import type { Span } from '../base/text.ts';
import { basename } from '../base/paths.ts';
import { cMembers, pythonMembers } from '../generate/members.ts';
import type { PeerName } from '../generate/members.ts';
import type { LayoutFinding } from './peer-layouts.ts';
import type { Fix, RuleContext } from './rule.ts';

type Ctx = Pick<RuleContext, 'peers' | 'workspace' | 'text'>;

/** Unsafe: which side is right, only people know. None where the peer's definition holds more than plain members. */
export function regeneratePeer({ pair, target }: LayoutFinding, ctx: Ctx): readonly Fix[] {
  const { rust, peer } = pair;
  const { def, resolve } = ctx.peers.rustDef(rust, target);
  if (def.kind === 'unknown' || def.kind !== peer.kind || def.packed !== null) return [];
  const text = ctx.text(peer.file);
  const nameOf = peerNames(peer, ctx);
  const key = `${rust.name}#${rust.id}`;
  const made = peer.language === 'c' ? bodyOfC(text, peer.at.span) : peer.language === 'ctypes' ? fieldsOfPython(text, peer.at.span) : null;
  if (!made) return [];
  const prefix = made.prefix ?? '';
  const lines = peer.language === 'c' ? cMembers(key, rust.name, resolve, nameOf) : pythonMembers(key, rust.name, resolve, nameOf, prefix);
  if (!lines) return [];
  const by = made.oneLine
    ? ` ${lines.join(' ').replace(/,$/, '')}${peer.language === 'c' ? ' ' : ''}`
    : `\n${lines.map((line) => `${made.indent}${line}\n`).join('')}${made.close}`;
  const edit = { file: peer.file, span: made.span, text: made.oneLine && peer.language !== 'c' ? by.trim() : by };
  return [{ title: `write the members of \`${peer.name}\` in \`${basename(peer.file)}\` anew from Rust`, safe: false, edits: [edit] }];
}

/** What another language calls the Rust types that it has too; in Python, what one file calls them. */
export function peerNames(
  peer: { readonly language: PeerLanguage; readonly file: string },
  { peers, text }: Pick<RuleContext, 'peers' | 'text'>,
): PeerName {
  const names: ReadonlyMap<string, string> = new Map(
    peers.types.flatMap((one) => {
      if (one.peer.language !== peer.language || (one.peer.language === 'ctypes' && one.peer.file !== peer.file)) return [];
      const keyword = one.peer.language === 'c' ? keywordOf(one.peer, text(one.peer.file)) : '';
      return [[`${one.rust.name}#${one.rust.id}`, `${keyword} ${one.peer.name}`.trim()] as const];
    }),
  );
  return (key) => names.get(key) ?? null;
}

/** `struct` or `union` where a tag needs it: there is no typedef of the same name beside it. */
function keywordOf({ name, at }: PeerType, text: string): string {
  const keyword = /\b(struct|union)\s+$/.exec(text.slice(Math.max(0, at.span.start - 10), at.span.start))?.[1];
  if (keyword === undefined || new RegExp(`(?:\\}|\\b(?:struct|union)\\s+\\w+)\\s*\\b${name}\\s*;`).test(text)) return '';
  return keyword;
}

interface Body {
  /** Between the brackets. */
  readonly span: Span;
  readonly oneLine: boolean;
  readonly indent: string;
  /** In front of the closing bracket. */
  readonly close: string;
  /** Python: what stands in front of ctypes' own names. */
  readonly prefix?: string;
}

/** Between the braces of the record that is named at a span, tag or typedef; null where it is more than lines of members. */
function bodyOfC(text: string, name: Span): Body | null {
  const behind = /^\s*\{/.exec(text.slice(name.end));
  const start = behind ? name.end + behind[0].length : openBrace(text, name.start);
  if (start === null) return null;
  const end = text.indexOf('}', start);
  const inside = end < 0 ? '{' : text.slice(start, end);
  if (/[{#]|\/\*|\/\/|__attribute__|_Alignas|:\s*\d/.test(inside)) return null;
  return shapeOf(text, start, end);
}

/** Behind the brace that belongs to the one in front of a typedef's name. */
function openBrace(text: string, name: number): number | null {
  const close = text.slice(0, name).trimEnd();
  if (!close.endsWith('}')) return null;
  const open = close.lastIndexOf('{');
  return open >= 0 && /\b(?:struct|union)\s*\w*\s*$/.test(close.slice(0, open)) ? open + 1 : null;
}

/** Between the brackets of `_fields_`, the next behind a class's name; null where it is no plain list. */
function fieldsOfPython(text: string, name: Span): Body | null {
  const found = /^[^\n]*\n(?:(?![ \t]*class\b)[^\n]*\n){0,12}?[ \t]+_fields_\s*=\s*([[(])/.exec(text.slice(name.end));
  const open = found?.[1];
  if (!found || !open) return null;
  const start = name.end + found[0].length;
  const end = closing(text, start, open);
  if (end === null || /[#:]/.test(text.slice(start, end))) return null;
  const base = /^[^\n(]*\(\s*((?:\w+\.)?)(?:Structure|Union)\b/.exec(text.slice(name.end))?.[1] ?? null;
  if (base === null || (base === '' && !/^from ctypes import \*/m.test(text))) return null;
  return { ...shapeOf(text, start, end), prefix: base };
}

function closing(text: string, start: number, open: string): number | null {
  const close = open === '[' ? ']' : ')';
  let depth = 1;
  for (let at = start; at < text.length && at - start < 20_000; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close && --depth === 0) return at;
  }
  return null;
}

function shapeOf(text: string, start: number, end: number): Body {
  const inside = text.slice(start, end);
  const close = /[^\n]*$/.exec(text.slice(0, end))?.[0] ?? '';
  return {
    span: { start, end },
    oneLine: !inside.includes('\n'),
    indent: /\n([ \t]+)\S/.exec(inside)?.[1] ?? '    ',
    close: close.trim() === '' ? close : '',
  };
}

/** Unsafe: the fields of the Rust struct in the order of the peer. None where they are not all plain and written alike. */
export function reorderRust({ pair, comparison }: LayoutFinding, { workspace }: Ctx): readonly Fix[] {
  const ast = workspace.ast(pair.rust);
  if (ast?.kind !== 'struct' || ast.shape !== 'named') return [];
  const plain = (name: string): string => name.replace(/^r#/, '').replace(/_/g, '').toLowerCase();
  const order = comparison.peer.fields.filter(({ name }) => !name.includes('.'));
  const wanted = order.map(({ name }) => ast.fields.find((one) => plain(one.name) === plain(name)));
  if (wanted.length !== ast.fields.length || wanted.some((one) => one === undefined)) return [];
  const text = workspace.text(pair.rust.file);
  const edits = ast.fields.flatMap((one, i) => {
    const other = wanted[i];
    if (!other || other === one) return [];
    return [{ file: pair.rust.file.path, span: one.span, text: text.slice(other.span.start, other.span.end) }];
  });
  return [{ title: `put the fields of \`${ast.name}\` into the order of \`${basename(pair.peer.file)}\``, safe: false, edits }];
}
