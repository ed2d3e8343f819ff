/** The layout of a type, and of its counterparts, as the inside of a page: rows of bytes to look at, tables to read and to walk through. */
import type { TypeLayout } from '../abi/layout-entries.ts';
import type { LayoutPair } from '../abi/pairs.ts';
import type { FieldLayout } from '../abi/layout.types.ts';
import { layoutRows, ROW } from './layout-map.ts';
import type { Cell, MapRow } from './layout-map.ts';
import { differenceText, fieldSizeText, fieldType, headText, LANGUAGES, offsetText, sizeText, verdictText } from './layout-words.ts';
import type { Places } from './places.ts';
import { element, escapeXml } from './xml.ts';

/** Where an editor can go: a URI, with line and column as it counts them. */
export interface HtmlPlace {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
}

export interface HtmlInput {
  /** In the order in which they are shown. */
  readonly types: readonly TypeLayout[];
  /** null for a type that stands alone. */
  readonly pair: LayoutPair | null;
  readonly places: Places;
  /** Of a type's name, or of a field; null where it is not found in the source. */
  source(type: TypeLayout, field: FieldLayout | null): HtmlPlace | null;
}

/** Bytes that a processor takes from memory at once, on all machines that are common. */
const CACHE_LINE = 64;

/** No styles and no scripts in it: a page with a strict policy takes it as it is. */
export function layoutHtml(input: HtmlInput): string {
  const { types, pair } = input;
  const differences = pair?.differences ?? [];
  const verdict = verdictText(
    differences,
    types.map(({ language }) => LANGUAGES[language]),
  );
  const list = differences.map((one) => element('li', {}, [escapeXml(`≠ ${differenceText(one)}`)]));
  return [
    ...(pair ? [element('p', { class: differences.length > 0 ? 'verdict wrong' : 'verdict' }, [escapeXml(verdict)])] : []),
    ...(list.length > 0 ? [element('ul', { class: 'differences' }, list)] : []),
    ...types.map((one, i) => section(one, `type-${i}`, input)),
  ].join('\n');
}

function section(one: TypeLayout, id: string, input: HtmlInput): string {
  const { places } = input;
  const name = `${LANGUAGES[one.language]} ${headText(one)}`;
  const place = `${places.path(one.at.file)}:${places.range(one.at).start.line}`;
  const figures = `${place}: ${sizeText(one)} (${one.provenance}, ${one.target})`;
  return element('section', { 'aria-labelledby': id }, [
    element('h2', { id }, [linked(name, input.source(one, null))]),
    element('p', { class: 'figures' }, [escapeXml(figures)]),
    drawing(one, input),
    fields(one, input),
  ]);
}

/** For the eye alone: the table below says the same. */
function drawing(one: TypeLayout, input: HtmlInput): string {
  const rows = layoutRows(one.layout);
  if (rows.length === 0) return '';
  const body = rows.flatMap((row) => [...cacheLine(row), rowOf(row, one, input)]);
  return element('table', { class: 'bytes', 'aria-hidden': 'true' }, body);
}

function cacheLine(row: MapRow): readonly string[] {
  if (row.kind === 'more' || row.again || row.offset === 0 || row.offset % CACHE_LINE !== 0) return [];
  const text = `cache line ${row.offset / CACHE_LINE}, from byte ${row.offset}`;
  return [element('tr', { class: 'line' }, [element('td', { colspan: ROW + 1 }, [text])])];
}

function rowOf(row: MapRow, one: TypeLayout, input: HtmlInput): string {
  if (row.kind === 'more') {
    const text = escapeXml(`… ${row.rows} more rows of ${row.label}`);
    return element('tr', {}, [element('td', {}, ['']), element('td', { class: 'more', colspan: ROW }, [text])]);
  }
  const offset = element('td', { class: 'offset' }, [row.again ? '' : String(row.offset)]);
  return element('tr', {}, [offset, ...row.cells.map((cell) => cellOf(cell, one, input))]);
}

function cellOf({ from, to, label, first }: Cell, one: TypeLayout, input: HtmlInput): string {
  const colspan = to - from;
  if (label === null) return element('td', { class: 'padding', colspan }, ['']);
  const field = fieldOf(label, one);
  const place = field ? input.source(one, field) : null;
  const style = field && differs(field, input) ? 'field wrong' : 'field';
  const attributes = { class: style, colspan, ...(field ? { 'data-field': plain(field.name) } : {}), ...placeAttributes(place) };
  return element('td', attributes, [first ? escapeXml(label) : '']);
}

/** Bit-fields that share bytes have one cell: it stands for the first of them. */
function fieldOf(label: string, { layout }: TypeLayout): FieldLayout | null {
  const [word = ''] = label.split(' ');
  return layout.fields.find(({ name }) => name === label || word.startsWith(`${name}:`)) ?? null;
}

function fields(one: TypeLayout, input: HtmlInput): string {
  if (one.layout.fields.length === 0) return '';
  const head = ['offset', 'size', 'align', 'field', 'type'].map((name) => element('th', { scope: 'col' }, [name]));
  const rows = one.layout.fields.map((field) => {
    const wrong = differs(field, input);
    const figures = [offsetText(field), fieldSizeText(field), String(field.align)].map((text) => element('td', {}, [text]));
    const name = element('th', { scope: 'row' }, [linked(field.name, input.source(one, field)), ...(wrong ? [' ≠'] : [])]);
    const type = element('td', {}, [element('code', {}, [escapeXml(fieldType(one, field))])]);
    return element('tr', { 'data-field': plain(field.name), ...(wrong ? { class: 'wrong' } : {}) }, [...figures, name, type]);
  });
  const caption = element('caption', {}, [escapeXml(`Fields of ${headText(one)} in ${LANGUAGES[one.language]}`)]);
  return element('table', { class: 'fields' }, [caption, element('tr', {}, head), ...rows]);
}

function differs(field: FieldLayout, { pair }: HtmlInput): boolean {
  return pair?.differences.some((one) => one.field !== null && plain(one.field) === plain(field.name)) ?? false;
}

/** Names of one member in several languages are the same but for case and underscores. */
function plain(name: string): string {
  return name.replace(/^r#/, '').replace(/_/g, '').toLowerCase();
}

function linked(text: string, place: HtmlPlace | null): string {
  return place ? element('button', { type: 'button', ...placeAttributes(place) }, [escapeXml(text)]) : escapeXml(text);
}

function placeAttributes(place: HtmlPlace | null): Readonly<Record<string, string | number>> {
  return place ? { 'data-uri': place.uri, 'data-line': place.line, 'data-column': place.column } : {};
}
