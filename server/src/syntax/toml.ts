/** Reads TOML into plain values with source places. */
import { ParseError, parseTOML } from 'toml-eslint-parser';
import type { AST } from 'toml-eslint-parser';
import { LineIndex } from '../base/text.ts';
import type { Span } from '../base/text.ts';
import type { TomlEntry, TomlTable, TomlValue } from './toml-value.ts';

/** Why a text is not TOML: `line 3: unterminated string constant`. */
export interface TomlProblem {
  readonly message: string;
  /** UTF-16 offsets. */
  readonly span: Span;
}

/** The document, or null with the first syntax error. Offsets count from the start of `text`, a byte order mark included. */
export function parseToml(text: string): { readonly value: TomlTable | null; readonly problem: TomlProblem | null } {
  // The parser knows no byte order mark; a space in its place keeps the offsets.
  const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  try {
    return { value: document(parseTOML(source), source), problem: null };
  } catch (error) {
    if (error instanceof ParseError) return { value: null, problem: syntaxProblem(error, text) };
    // Thousands of nested brackets exhaust the stack of the parser or of `convert`.
    if (error instanceof RangeError) return { value: null, problem: { message: 'line 1: nested too deeply', span: { start: 0, end: 0 } } };
    throw error;
  }
}

function syntaxProblem(error: ParseError, text: string): TomlProblem {
  const start = Math.min(Math.max(0, error.index), text.length);
  // The parser points behind the line break where a value or the end of a string is missing; people look in the line before.
  const before = text.slice(0, start).trimEnd();
  const missing = before.endsWith('=');
  const earlier = missing || (/unspecified|unterminated/i.test(error.message) && text.slice(before.length, start).includes('\n'));
  const place = earlier ? before.length : start;
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return {
    message: `line ${new LineIndex(text).position(place).line}: ${missing ? 'a value is missing' : message}`,
    span: { start: place, end: Math.min(place + 1, text.length) },
  };
}

interface Building {
  readonly kind: 'table';
  readonly entries: Map<string, TomlEntry>;
  span: Span;
  header: Span | null;
}

function document(program: AST.TOMLProgram, source: string): TomlTable {
  const root: Building = { kind: 'table', entries: new Map(), span: { start: 0, end: source.length }, header: null };
  /** Tables are completed after they are entered, so what they are is kept beside the value that readers see. */
  const open = new Map<TomlValue, Building | TomlValue[]>([[root, root]]);
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') assign(root, node, open);
    else {
      const table = enter(root, node, source, open);
      for (const pair of node.body) assign(table, pair, open);
    }
  }
  return root;
}

/** The table that a `[header]` or `[[header]]` opens. */
function enter(root: Building, node: AST.TOMLTable, source: string, open: Map<TomlValue, Building | TomlValue[]>): Building {
  const header = headerSpan(node, source);
  let at = root;
  node.key.keys.forEach((part, index) => {
    const last = index === node.key.keys.length - 1;
    at = last && node.kind === 'array' ? append(at, part, header, open) : child(at, part, header, open);
  });
  at.header = header;
  at.span = spanOf(node);
  return at;
}

function append(
  parent: Building,
  part: AST.TOMLBare | AST.TOMLQuoted,
  header: Span,
  open: Map<TomlValue, Building | TomlValue[]>,
): Building {
  const table: Building = { kind: 'table', entries: new Map(), span: header, header };
  open.set(table, table);
  const known = parent.entries.get(keyName(part));
  const items = known ? open.get(known.value) : undefined;
  if (Array.isArray(items)) items.push(table);
  else {
    const list: TomlValue[] = [table];
    const array: TomlValue = { kind: 'array', items: list, span: header };
    open.set(array, list);
    parent.entries.set(keyName(part), { key: spanOf(part), value: array });
  }
  return table;
}

/** The table under a key, made where it is not there; of an array of tables the last one. */
function child(parent: Building, part: AST.TOMLBare | AST.TOMLQuoted, at: Span, open: Map<TomlValue, Building | TomlValue[]>): Building {
  const known = parent.entries.get(keyName(part));
  const there = known ? open.get(known.value) : undefined;
  const last = Array.isArray(there) ? open.get(there.at(-1) ?? parent) : there;
  if (last && !Array.isArray(last)) return last;
  const table: Building = { kind: 'table', entries: new Map(), span: at, header: null };
  open.set(table, table);
  parent.entries.set(keyName(part), { key: spanOf(part), value: table });
  return table;
}

function assign(table: Building, pair: AST.TOMLKeyValue, open: Map<TomlValue, Building | TomlValue[]>): void {
  let at = table;
  for (const part of pair.key.keys.slice(0, -1)) at = child(at, part, spanOf(pair), open);
  const last = pair.key.keys.at(-1);
  if (last) at.entries.set(keyName(last), { key: spanOf(last), value: convert(pair.value) });
}

function convert(node: AST.TOMLContentNode): TomlValue {
  const at = spanOf(node);
  if (node.type === 'TOMLArray') return { kind: 'array', items: node.elements.map(convert), span: at };
  if (node.type === 'TOMLInlineTable') {
    const table: Building = { kind: 'table', entries: new Map(), span: at, header: null };
    const open = new Map<TomlValue, Building | TomlValue[]>();
    for (const pair of node.body) assign(table, pair, open);
    return table;
  }
  if (node.kind === 'string') return { kind: 'string', value: node.value, span: at };
  if (node.kind === 'boolean') return { kind: 'boolean', value: node.value, span: at };
  if (node.kind === 'integer' || node.kind === 'float') return { kind: node.kind, value: node.value, span: at };
  return { kind: 'datetime', value: node.datetime, span: at };
}

/** `[a.b]` with its brackets: the node's own range goes on to the end of the body. */
function headerSpan(node: AST.TOMLTable, source: string): Span {
  const close = source.indexOf(']', node.key.range[1]);
  return { start: node.range[0], end: close + (node.kind === 'array' ? 2 : 1) };
}

function keyName(part: AST.TOMLBare | AST.TOMLQuoted): string {
  return part.type === 'TOMLBare' ? part.name : part.value;
}

function spanOf(node: { readonly range: readonly [number, number] }): Span {
  return { start: node.range[0], end: node.range[1] };
}
