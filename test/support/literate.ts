/** Reads a rule's test page: prose, one case per `##` heading, fenced blocks that are files, and markers in their comments. */
import { SEVERITIES } from '../../server/src/base/severity.ts';
import type { Severity } from '../../server/src/base/severity.ts';

/** `fixed` is what the safe fixes make of the file, `fixed-unsafe` what the unsafe ones make of it. */
export type Role = 'source' | 'fixed' | 'fixed-unsafe';

export interface Block {
  readonly language: string;
  readonly role: Role;
  /** Relative to the case's folder. */
  readonly path: string;
  readonly text: string;
  /** Of the fence in the page, from 1. */
  readonly line: number;
  /** The one error code (or lint) with which rustc refuses the block; null where it compiles. */
  readonly fails: string | null;
  readonly edition: string | null;
}

export interface Case {
  readonly title: string;
  /** Of the heading in the page, from 1. */
  readonly line: number;
  /** The page's shared blocks, but those that the case replaces, and its own. */
  readonly blocks: readonly Block[];
}

/** What a line of a block is marked with: the finding that must stand there. */
export interface Marker {
  readonly path: string;
  /** Of the block's text, from 1. */
  readonly line: number;
  readonly severity: Severity;
  readonly rule: string;
  /** Part of the message; empty takes any. */
  readonly text: string;
}

const DEFAULT_PATHS: Readonly<Record<string, string>> = { rust: 'src/lib.rs', toml: 'Cargo.toml' };
const FILE_LANGUAGES = new Set(['rust', 'toml', 'c', 'python', 'js', 'ts', 'csharp', 'json']);

/** The cases of a page. Throws on a page that is not well formed: its author is the reader of the message. */
export function parsePage(text: string, name: string): readonly Case[] {
  const lines = text.split(/\r?\n/);
  const shared: Block[] = [];
  const cases: { title: string; line: number; blocks: Block[] }[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const heading = /^##\s+(.+)$/.exec(line);
    if (heading?.[1]) cases.push({ title: heading[1].trim(), line: i + 1, blocks: [] });
    const fence = /^(`{3,})(.*)$/.exec(line);
    if (!fence) continue;
    const end = lines.findIndex((other, at) => at > i && other === fence[1]);
    if (end < 0) throw new Error(`${name}:${i + 1}: the fence is not closed`);
    const block = parseBlock(fence[2] ?? '', lines.slice(i + 1, end), i + 1, name);
    if (block) (cases.at(-1)?.blocks ?? shared).push(block);
    i = end;
  }
  return cases.map((it) => ({ ...it, blocks: withShared(shared, it.blocks, `${name}:${it.line}`) }));
}

function parseBlock(info: string, lines: readonly string[], line: number, name: string): Block | null {
  const [language = '', ...words] = info.trim().split(/\s+/);
  if (!FILE_LANGUAGES.has(language)) return null;
  let role: Role = 'source';
  let path: string | null = null;
  let fails: string | null = null;
  let edition: string | null = null;
  for (const word of words) {
    if (word === 'fixed' || word === 'fixed-unsafe') role = word;
    else if (word.startsWith('fails=')) fails = word.slice('fails='.length);
    else if (word.startsWith('edition=')) edition = word.slice('edition='.length);
    else if (path === null && !word.includes('=')) path = word;
    else throw new Error(`${name}:${line}: the fence says \`${word}\`, which means nothing here`);
  }
  path ??= DEFAULT_PATHS[language] ?? null;
  if (path === null) throw new Error(`${name}:${line}: the fence names no file`);
  return { language, role, path, text: `${lines.join('\n')}\n`, line, fails, edition };
}

function withShared(shared: readonly Block[], own: readonly Block[], where: string): readonly Block[] {
  const key = (block: Block) => `${block.role} ${block.path}`;
  const keys = own.map(key);
  const twice = keys.find((it, at) => keys.indexOf(it) !== at);
  if (twice) throw new Error(`${where}: two blocks are \`${twice}\``);
  return [...shared.filter((block) => !keys.includes(key(block))), ...own];
}

const MARKER = /(?:\/\/|#)~([\^]*|v*)\s*(\w+)\[([\w-]+)\]\s*(.*?)\s*(?=(?:\/\/|#)~|$)/g;

/** The markers of a block: `//~` (in Python and TOML `#~`) means its own line, a `^` each one line up, a `v` each one down. */
export function markersOf(block: Block): readonly Marker[] {
  return block.text.split('\n').flatMap((line, at) =>
    [...line.matchAll(MARKER)].map(([, arrows = '', severity, rule = '', text = '']) => {
      const known = SEVERITIES.find((it) => it === severity);
      if (!known) throw new Error(`${block.path}:${at + 1}: \`${severity}\` is no severity`);
      return { path: block.path, line: at + 1 + (arrows.startsWith('^') ? -arrows.length : arrows.length), severity: known, rule, text };
    }),
  );
}

/** A text without its markers; a line that is nothing but a marker goes as a whole. */
export function withoutMarkers(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const cut = line.search(/(?:\/\/|#)~[\^v]*\s*\w+\[/);
      const rest = cut < 0 ? line : line.slice(0, cut).trimEnd();
      return cut >= 0 && rest === '' ? [] : [rest];
    })
    .join('\n');
}

/** The files of a case as they stand in its folder, a manifest and the like added where the case gives none. */
export function filesOf(it: Case, role: Role = 'source'): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const block of it.blocks) if (block.role === 'source') files.set(block.path, block.text);
  for (const block of it.blocks) if (block.role === role) files.set(block.path, block.text);
  if (![...files.keys()].some((path) => path.endsWith('Cargo.toml'))) files.set('Cargo.toml', defaultManifest(it, files.has('src/lib.rs')));
  return files;
}

function defaultManifest(it: Case, lib: boolean): string {
  const edition = it.blocks.find((block) => block.edition !== null)?.edition ?? '2021';
  const head = `[package]\nname = "sample"\nversion = "0.1.0"\nedition = "${edition}"\n`;
  return lib ? `${head}\n[lib]\ncrate-type = ["cdylib"]\n` : head;
}
