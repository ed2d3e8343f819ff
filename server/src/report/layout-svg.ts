/** Layouts as one SVG drawing: rows of eight bytes, padding hatched, types of one pair under each other. */
import type { TypeLayout } from '../abi/layout-entries.ts';
import type { LayoutReport } from '../abi/layout-report.ts';
import { layoutRows, ROW } from './layout-map.ts';
import type { MapRow } from './layout-map.ts';
import { differenceText, headText, isShownElsewhere, LANGUAGES, sizeText } from './layout-words.ts';
import type { Places } from './places.ts';
import { escapeXml } from './xml.ts';

const BYTE = 64;
const HEIGHT = 28;
const MARGIN = 16;
const GUTTER = 56;
const LINE = 20;

interface Drawn {
  readonly height: number;
  readonly parts: readonly string[];
}

export function layoutSvg(report: LayoutReport, places: Places): string {
  const parts: string[] = [];
  let y = MARGIN;
  const place = (drawn: Drawn): void => {
    parts.push(`<g transform="translate(${MARGIN} ${y})">${drawn.parts.join('')}</g>`);
    y += drawn.height + LINE;
  };
  for (const target of report.targets) {
    if (report.targets.length > 1) place(lineOf(`target ${target}`, 'head'));
    const pairs = report.pairs.filter((pair) => pair.target === target);
    const paired = new Set(pairs.flatMap(({ rust, c, python }) => [rust, c, python]));
    for (const pair of pairs) {
      for (const one of [pair.rust, pair.c, pair.python]) if (one) place(typeOf(one, places));
      for (const one of pair.differences) place(lineOf(`≠ ${differenceText(one)}`, 'wrong'));
    }
    for (const one of report.types)
      if (one.target === target && !paired.has(one) && !isShownElsewhere(one, report.types)) place(typeOf(one, places));
  }
  const width = 2 * MARGIN + GUTTER + ROW * BYTE;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img">
<title>Layouts of types</title>
<style>text{font:13px ui-monospace,monospace;fill:#1b1b1b}.head{font-weight:bold}.dim{fill:#666}.wrong{fill:#b00020}.field{fill:#dbe9ff;stroke:#1b1b1b}.pad{fill:url(#pad);stroke:#1b1b1b}</style>
<defs><pattern id="pad" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><line x1="0" y1="0" x2="0" y2="6" stroke="#999"/></pattern></defs>
<rect width="${width}" height="${y}" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}

function lineOf(text: string, style: string): Drawn {
  return { height: LINE - MARGIN, parts: [`<text class="${style}" y="12">${escapeXml(text)}</text>`] };
}

function typeOf(one: TypeLayout, places: Places): Drawn {
  const place = `${places.path(one.at.file)}:${places.range(one.at).start.line}`;
  const parts = [
    `<text class="head" y="12">${escapeXml(`${LANGUAGES[one.language]}  ${headText(one)}`)}</text>`,
    `<text class="dim" y="${12 + LINE}">${escapeXml(`${place}  ${sizeText(one)}, ${one.provenance}`)}</text>`,
  ];
  let y = 2 * LINE;
  for (const row of layoutRows(one.layout)) {
    parts.push(...rowOf(row, y));
    y += row.kind === 'more' ? LINE : HEIGHT;
  }
  return { height: y, parts };
}

function rowOf(row: MapRow, y: number): readonly string[] {
  if (row.kind === 'more')
    return [`<text class="dim" x="${GUTTER}" y="${y + 14}">${escapeXml(`… ${row.rows} more rows of ${row.label}`)}</text>`];
  const offset = !row.again ? [`<text class="dim" x="${GUTTER - 8}" y="${y + 18}" text-anchor="end">${row.offset}</text>`] : [];
  const cells = row.cells.flatMap(({ from, to, label, first }) => {
    const x = GUTTER + from * BYTE;
    const width = (to - from) * BYTE;
    const box = `<rect class="${label === null ? 'pad' : 'field'}" x="${x}" y="${y}" width="${width}" height="${HEIGHT}"/>`;
    const fits = Math.max(1, Math.floor((width - 12) / 8));
    const text = label === null || !first ? '' : label.length <= fits ? label : `${label.slice(0, fits - 1)}…`;
    return [text === '' ? box : `${box}<text x="${x + 6}" y="${y + 18}">${escapeXml(text)}</text>`];
  });
  return [...offset, ...cells];
}
