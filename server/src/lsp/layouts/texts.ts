/** What the editor says of layouts: a table for hovers, a line for code lenses. */
import type { TypeLayout } from '../../abi/layout-entries.ts';
import type { FieldLayout } from '../../abi/layout.types.ts';
import type { LayoutPair } from '../../abi/pairs.ts';
import { basename } from '../../base/paths.ts';
import { differenceText, fieldType, headText, LANGUAGES, offsetText, fieldSizeText } from '../../report/layout-words.ts';
import type { FoundType } from './find.ts';

/** Markdown; the languages of a pair side by side. */
export function layoutHover({ type, field }: FoundType, pair: LayoutPair | null): string {
  const members = pair ? [pair.rust, pair.c, pair.python].filter((one) => one !== null) : [type];
  const head = members.map((one) => `${LANGUAGES[one.language]} \`${basename(one.at.file)}\``);
  const rows = field ? fieldRows(members, field) : typeRows(members);
  const table = [`| ${type.target} | ${head.join(' | ')} |`, `|---|${members.map(() => '---:').join('|')}|`, ...rows.map(row)].join('\n');
  const title = field ? `\`${headText(type)}\`, field \`${field.name}\`` : `\`${headText(type)}\``;
  const differences = (pair?.differences ?? []).filter((one) => field === null || one.field === field.name || one.field === null);
  const list = differences.map((one) => `- ${differenceText(one)}`).join('\n');
  return [`**Layout** of ${title}`, table, ...(list === '' ? [] : [list])].join('\n\n');
}

type Row = readonly [string, readonly string[]];

function row([name, cells]: Row): string {
  return `| ${name} | ${cells.map((one) => one.replace(/\|/g, '\\|')).join(' | ')} |`;
}

function typeRows(members: readonly TypeLayout[]): readonly Row[] {
  return [
    ['size', members.map(({ layout }) => String(layout.size))],
    ['align', members.map(({ layout }) => String(layout.align))],
    ['padding', members.map(({ layout }) => String(layout.padding))],
    ['source', members.map(({ provenance }) => provenance)],
  ];
}

function fieldRows(members: readonly TypeLayout[], field: FieldLayout): readonly Row[] {
  const plain = (name: string): string => name.replace(/^r#/, '').replace(/_/g, '').toLowerCase();
  const found = members.map((one) => one.layout.fields.find(({ name }) => plain(name) === plain(field.name)) ?? null);
  const cells = (of: (one: FieldLayout, i: number) => string): readonly string[] => found.map((one, i) => (one ? of(one, i) : ''));
  return [
    ['offset', cells(offsetText)],
    ['size', cells(fieldSizeText)],
    ['align', cells(({ align }) => String(align))],
    ['padding behind', cells((one, i) => String(gapBehind(one, members[i])))],
    ['type', cells((one, i) => `\`${members[i] ? fieldType(members[i], one) : ''}\``)],
    ['source', members.map(({ provenance }) => provenance)],
  ];
}

/** Bytes between the end of a field and the next one, or the end of the type. */
function gapBehind(field: FieldLayout, type: TypeLayout | undefined): number | string {
  if (field.offset === null || !type || type.kind === 'union') return '';
  const end = field.offset + field.size;
  const starts = type.layout.fields.map(({ offset, bitOffset }) => offset ?? Math.floor((bitOffset ?? 0) / 8)).filter((one) => one >= end);
  return Math.min(type.layout.size, ...starts) - end;
}

/** `matches point.h, point.py`, `2 differences from point.h`. */
export function lensText(type: TypeLayout, pair: LayoutPair): string {
  const others = [pair.rust, pair.c, pair.python].filter((one) => one !== null && one !== type).map((one) => basename(one?.at.file ?? ''));
  const count = pair.differences.length;
  if (count === 0) return `matches ${others.join(', ')}`;
  return `${count} ${count === 1 ? 'difference' : 'differences'} from ${others.join(', ')}`;
}
