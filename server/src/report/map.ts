/** `ffi-lint map` as text, Markdown and JSON. */
import type { MapLanguage, MapPlace, MapRow, SymbolMap } from '../engine/symbol-map.ts';
import type { Places } from './places.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';
import { plural } from './summary.ts';

const LANGUAGES: readonly (readonly [MapLanguage, string])[] = [
  ['rust', 'Rust'],
  ['c', 'C'],
  ['python', 'Python'],
  ['javascript', 'JavaScript'],
  ['csharp', 'C#'],
];

/** The first three always, others where a symbol has them. */
function columns(rows: readonly MapRow[]): typeof LANGUAGES {
  const met = new Set(rows.flatMap(({ places }) => places.map(({ language }) => language)));
  return LANGUAGES.filter(([language], i) => i < 3 || met.has(language));
}

export function mapText({ rows, target }: SymbolMap, places: Places, style: Style): string {
  if (rows.length === 0) return 'no symbol at the boundary\n';
  const languages = columns(rows);
  const cells = rows.map((row) => [row.symbol, ...languages.map(([language]) => placesText(row, language, places)), row.state]);
  const head = ['symbol', ...languages.map(([, name]) => name), 'state'];
  const widths = head.map((name, i) => Math.max(name.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const line = (parts: readonly string[]): string =>
    parts
      .map((part, i) => part.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const body = rows.flatMap((row, i) => {
    const text = line(cells[i] ?? []);
    const shown = row.state === 'differs' ? paint(style, 'red', text) : row.state === 'unresolved' ? paint(style, 'yellow', text) : text;
    return [shown, ...row.notes.map((note) => `  ${note}`)];
  });
  return `${[paint(style, 'bold', line(head)), ...body, '', summary(rows, target)].join('\n')}\n`;
}

export function mapMarkdown({ rows, target }: SymbolMap, places: Places): string {
  const escaped = (text: string): string => text.replace(/[\\|<>*_]/g, '\\$&').replace(/\n/g, ' ');
  const languages = columns(rows);
  const table = rows.map((row) => {
    const cells = languages.map(([language]) => escaped(placesText(row, language, places)));
    return `| \`${row.symbol.replace(/[`|]/g, '')}\` | ${cells.join(' | ')} | ${row.state} | ${row.notes.map((note) => note.replace(/\|/g, '\\|')).join('<br>')} |`;
  });
  const head = `| symbol | ${languages.map(([, name]) => name).join(' | ')} | state | notes |\n|${'---|'.repeat(languages.length + 3)}`;
  return `${[head, ...table].join('\n')}\n\n${summary(rows, target)}\n`;
}

/** Stable and versioned; schema/map.schema.json describes it. */
export function mapJson({ rows, target }: SymbolMap, places: Places): string {
  const symbols = rows.map(({ symbol, state, notes, places: all }) => ({
    symbol,
    state,
    places: all.map(({ language, role, at }) => {
      const { start } = places.range(at);
      return { language, role, file: places.path(at.file), line: start.line, column: start.column };
    }),
    notes,
  }));
  return `${JSON.stringify({ version: 1, target, symbols }, null, 2)}\n`;
}

/** `defines src/lib.rs:12`; several after each other. */
function placesText(row: MapRow, language: MapLanguage, places: Places): string {
  const text = ({ role, at }: MapPlace): string => `${role} ${places.path(at.file)}:${places.range(at).start.line}`;
  return row.places
    .filter((one) => one.language === language)
    .map(text)
    .join(', ');
}

function summary(rows: readonly MapRow[], target: string | null): string {
  const count = (state: MapRow['state']): number => rows.filter((row) => row.state === state).length;
  const parts = (['agrees', 'differs', 'unresolved', 'alone'] as const).flatMap((state) =>
    count(state) > 0 ? [`${count(state)} ${state}`] : [],
  );
  return `${plural(rows.length, 'symbol')}${target === null ? '' : ` for ${target}`}: ${parts.join(', ') || 'none'}`;
}
