/** Layouts for a terminal: a map of the bytes, the fields, and what differs between the languages. */
import type { TypeLayout } from '../abi/layout-entries.ts';
import type { LayoutReport } from '../abi/layout-report.ts';
import type { LayoutPair } from '../abi/pairs.ts';
import { layoutRows, ROW } from './layout-map.ts';
import type { Cell } from './layout-map.ts';
import {
  differenceText,
  fieldSizeText,
  fieldType,
  headText,
  isShownElsewhere,
  LANGUAGES,
  offsetText,
  sizeText,
  verdictText,
} from './layout-words.ts';
import type { Places } from './places.ts';
import type { Style } from './style.ts';
import { paint, printable } from './style.ts';

/** Characters of a byte, its left border included. */
const BYTE = 6;

export function layoutText(report: LayoutReport, places: Places, style: Style): string {
  const sections = report.targets.map((target) => targetText(report, target, places, style));
  return sections.join('\n');
}

function targetText({ targets, types, unknown, pairs }: LayoutReport, target: string, places: Places, style: Style): string {
  const own = pairs.filter((pair) => pair.target === target);
  const paired = new Set(own.flatMap(membersOf));
  const blocks: string[] = [];
  if (targets.length > 1) blocks.push(`${paint(style, 'cyan', `target ${target}`)}\n`);
  for (const pair of own) blocks.push(pairText(pair, places, style));
  for (const one of types)
    if (one.target === target && !paired.has(one)) blocks.push(`${typeText(one, places, style, '', isShownElsewhere(one, types))}\n`);
  const lost = unknown.filter((one) => one.target === target);
  if (lost.length > 0) {
    const rows = lost.map(
      ({ name, at, reason }) => `  ${paint(style, 'bold', printable(name))}  ${place(at, places)}  ${printable(reason)}\n`,
    );
    blocks.push(`${paint(style, 'yellow', 'unknown')}\n${rows.join('')}`);
  }
  if (blocks.length === 0) blocks.push('no type with a layout\n');
  return blocks.join('\n');
}

function membersOf({ rust, c, python }: LayoutPair): readonly TypeLayout[] {
  return [rust, c, python].filter((one) => one !== null);
}

function pairText(pair: LayoutPair, places: Places, style: Style): string {
  const members = membersOf(pair);
  const verdict = verdictText(
    pair.differences,
    members.map(({ language }) => LANGUAGES[language]),
  );
  const head = `${paint(style, 'bold', printable(members[0]?.name ?? ''))}: ${paint(style, pair.differences.length > 0 ? 'red' : 'green', verdict)}\n`;
  const rows = pair.differences.map((one) => `  ${paint(style, 'red', '≠')} ${printable(differenceText(one))}\n`);
  return `${head}${rows.join('')}\n${members.map((one) => `${typeText(one, places, style, '  ')}\n`).join('\n')}`;
}

function place(at: TypeLayout['at'], places: Places): string {
  return `${printable(places.path(at.file))}:${places.range(at).start.line}`;
}

function typeText(one: TypeLayout, places: Places, style: Style, indent: string, short = false): string {
  const head = `${LANGUAGES[one.language]}  ${paint(style, 'bold', printable(headText(one)))}  ${paint(style, 'dim', place(one.at, places))}`;
  const why = one.unmeasured === undefined ? '' : ` (not measured: ${printable(one.unmeasured)})`;
  const about = `${sizeText(one)}, ${one.provenance}${why}`;
  const body = short ? [] : [...mapLines(one, style), ...fieldLines(one)];
  return [head, about, ...body].map((line) => (line === '' ? '' : indent + line)).join('\n');
}

function mapLines({ layout }: TypeLayout, style: Style): readonly string[] {
  const width = String(Math.max(0, layout.size - 1)).length;
  return layoutRows(layout).map((row) => {
    if (row.kind === 'more') return `${' '.repeat(width)}  ${paint(style, 'dim', `… ${row.rows} more rows of ${printable(row.label)}`)}`;
    const offset = row.again ? ' '.repeat(width) : String(row.offset).padStart(width);
    return `${offset}  ${row.cells.map((cell) => cellText(cell, style)).join('')}|`;
  });
}

/** `|x     ` over its bytes; a field that goes on from the row before has no name again. */
function cellText({ from, to, label, first }: Cell, style: Style): string {
  const width = (to - from) * BYTE - 1;
  if (label === null) return `|${paint(style, 'dim', '.'.repeat(width))}`;
  const text = printable(label);
  const name = !first ? '' : text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  return `${first || from === 0 ? '|' : ' '}${name.padEnd(Math.min(width, ROW * BYTE))}`;
}

function fieldLines(one: TypeLayout): readonly string[] {
  const rows = one.layout.fields.map(
    (field) => [offsetText(field), fieldSizeText(field), String(field.align), `${field.name}: ${fieldType(one, field)}`] as const,
  );
  if (rows.length === 0) return [];
  const heads = ['offset', 'size', 'align', 'field'] as const;
  const widths = [0, 1, 2].map((i) => Math.max(...[heads, ...rows].map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `${[0, 1, 2].map((i) => (row[i] ?? '').padStart(widths[i] ?? 0)).join('  ')}  ${printable(row[3] ?? '')}`;
  return [line(heads), ...rows.map(line)];
}
