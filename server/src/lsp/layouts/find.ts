/** Which type, and which of its fields, an offset of a file is about. */
import type { LayoutReport } from '../../abi/layout-report.ts';
import type { LayoutLanguageName, TypeLayout } from '../../abi/layout-entries.ts';
import type { FieldLayout } from '../../abi/layout.types.ts';
import type { LayoutPair } from '../../abi/pairs.ts';
import type { Span } from '../../base/text.ts';

export interface FoundType {
  readonly type: TypeLayout;
  /** null for the type itself. */
  readonly field: FieldLayout | null;
  /** Of the word. */
  readonly span: Span;
}

export function typeAt(report: LayoutReport, path: string, text: string, offset: number): FoundType | null {
  const span = wordAt(text, offset);
  const language = languageOf(path);
  if (!span || !language) return null;
  const word = text.slice(span.start, span.end);
  const own = report.types.filter((one) => one.at.file === path && one.target === report.targets[0]);
  const here = own.find(({ at }) => at.span.start === span.start);
  if (here) return { type: here, field: null, span };
  for (const type of own) {
    const extent = extentOf(type, text);
    if (!extent || span.start < extent.start || span.end > extent.end) continue;
    const field = type.layout.fields.find(({ name }) => name.split('.').at(-1) === word);
    if (field && isDeclared(text, span, language)) return { type, field, span };
  }
  const written = language === 'rust' ? writtenAt(report, text, span) : null;
  if (written) return { type: written, field: null, span };
  // A type of the same name whose layout is not known may be the one that is meant.
  const named = [...report.types, ...report.unknown].filter(
    (one) => one.language === language && one.target === report.targets[0] && lastName(one.name) === word,
  );
  const near = named.filter(({ at }) => at.file === path);
  const [type, ...others] = near.length > 0 ? near : named;
  return type && 'layout' in type && others.length === 0 ? { type, field: null, span } : null;
}

/** An instance of a generic type, or a type behind a path, as it is written around the word: the innermost whose own name the word is in. */
function writtenAt(report: LayoutReport, text: string, word: Span): TypeLayout | null {
  const from = text.lastIndexOf('\n', word.start) + 1;
  const to = text.indexOf('\n', word.end);
  const line = text.slice(from, to < 0 ? text.length : to);
  const covers = ({ name, language, target }: TypeLayout): boolean => {
    if (language !== 'rust' || target !== report.targets[0] || !/[<:]/.test(name)) return false;
    const head = name.search(/<|$/);
    for (let at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + 1))
      if (from + at <= word.start && word.end <= from + at + head) return true;
    return false;
  };
  return report.types.filter(covers).sort((a, b) => a.name.length - b.name.length)[0] ?? null;
}

/** The pair that a type belongs to; null for one that stands alone. */
export function pairOf(report: LayoutReport, type: TypeLayout): LayoutPair | null {
  return report.pairs.find(({ rust, c, python }) => [rust, c, python].includes(type)) ?? null;
}

export function languageOf(path: string): LayoutLanguageName | null {
  if (path.endsWith('.rs')) return 'rust';
  return /\.(?:h|c)$/.test(path) ? 'c' : path.endsWith('.py') ? 'python' : null;
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function wordAt(text: string, offset: number): Span | null {
  const before = /[\w$]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0] ?? '';
  const behind = /^[\w$]*/.exec(text.slice(offset, offset + 200))?.[0] ?? '';
  return before + behind === '' ? null : { start: offset - before.length, end: offset + behind.length };
}

/** From the opening bracket of a definition to its end: behind the name, or in front of it for a typedef of a nameless record. */
export function extentOf({ at, language }: TypeLayout, text: string): Span | null {
  const { start, end } = at.span;
  if (language === 'python') {
    const next = /\n(?=\S)/.exec(text.slice(end));
    return { start: end, end: next ? end + next.index : text.length };
  }
  // What is only written there has its members elsewhere.
  if (language === 'rust' && !/\b(?:struct|union|enum)\s+(?:r#)?$/.test(text.slice(Math.max(0, start - 60), start))) return null;
  const behind = /^[^;{}]*\{/.exec(text.slice(end));
  if (behind) return { start: end, end: closing(text, end + behind[0].length) };
  const close = text.slice(0, start).trimEnd();
  if (!close.endsWith('}')) return null;
  let depth = 0;
  for (let i = close.length - 1; i >= 0; i--) {
    if (close[i] === '}') depth++;
    else if (close[i] === '{' && --depth === 0) return { start: i, end: start };
  }
  return null;
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return text.length;
}

/** The name of a field in the definition of its type, where it is written there. */
export function fieldSpan(type: TypeLayout, field: FieldLayout, text: string): Span | null {
  const extent = extentOf(type, text);
  if (!extent) return null;
  const name = field.name.split('.').at(-1) ?? '';
  const inside = text.slice(extent.start, extent.end);
  const spans = [...inside.matchAll(new RegExp(`\\b${name.replace(/\W/g, '')}\\b`, 'g'))].map(({ index }) => ({
    start: extent.start + index,
    end: extent.start + index + name.length,
  }));
  return spans.find((span) => isDeclared(text, span, type.language)) ?? null;
}

/** A field's name stands in front of its type in Rust, behind it in C, and in quotes in Python. */
export function isDeclared(text: string, { start, end }: Span, language: LayoutLanguageName): boolean {
  if (language === 'python') return /["']/.test(text[start - 1] ?? '') && /["']/.test(text[end] ?? '');
  return language === 'rust' ? /^\s*:(?!:)/.test(text.slice(end, end + 40)) : /^\s*(?:[;,:)]|\[)/.test(text.slice(end, end + 40));
}
