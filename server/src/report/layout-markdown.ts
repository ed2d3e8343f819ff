/** Layouts as Markdown tables, for pull requests and documentation. */
import type { TypeLayout } from '../abi/layout-entries.ts';
import type { LayoutReport } from '../abi/layout-report.ts';
import {
  differenceText,
  fieldSizeText,
  fieldType,
  isShownElsewhere,
  headText,
  LANGUAGES,
  offsetText,
  sizeText,
  verdictText,
} from './layout-words.ts';
import type { Places } from './places.ts';

export function layoutMarkdown(report: LayoutReport, places: Places): string {
  const parts = report.targets.flatMap((target) => {
    const pairs = report.pairs.filter((pair) => pair.target === target);
    const paired = new Set(pairs.flatMap(({ rust, c, python }) => [rust, c, python]));
    const head = report.targets.length > 1 ? [`# ${escaped(target)}`] : [];
    const together = pairs.flatMap(({ rust, c, python, differences }) => {
      const members = [rust, c, python].filter((one) => one !== null);
      const verdict = verdictText(
        differences,
        members.map(({ language }) => LANGUAGES[language]),
      );
      const list = differences.map((one) => `- ${differenceText(one)}`).join('\n');
      return [
        `## ${escaped(members[0]?.name ?? '')}: ${verdict}`,
        ...(list === '' ? [] : [list]),
        ...members.flatMap((one) => typeParts(one, places, '###')),
      ];
    });
    const alone = report.types
      .filter((one) => one.target === target && !paired.has(one))
      .flatMap((one) => typeParts(one, places, '##', isShownElsewhere(one, report.types)));
    return [...head, ...together, ...alone, ...unknownPart(report, target, places)];
  });
  return `${parts.join('\n\n')}\n`;
}

function typeParts(one: TypeLayout, places: Places, level: string, short = false): readonly string[] {
  const place = `\`${places.path(one.at.file)}:${places.range(one.at).start.line}\``;
  const head = `${level} ${LANGUAGES[one.language]} \`${headText(one)}\``;
  const about = `${place}: ${sizeText(one)} (${one.provenance}, ${escaped(one.target)})`;
  if (short || one.layout.fields.length === 0) return [head, about];
  const rows = one.layout.fields.map(
    (field) =>
      `| ${offsetText(field)} | ${fieldSizeText(field)} | ${field.align} | \`${cell(field.name)}\` | \`${cell(fieldType(one, field))}\` |`,
  );
  return [head, about, ['| offset | size | align | field | type |', '|---:|---:|---:|---|---|', ...rows].join('\n')];
}

function unknownPart({ unknown }: LayoutReport, target: string, places: Places): readonly string[] {
  const rows = unknown
    .filter((one) => one.target === target)
    .map(({ name, at, reason }) => `| \`${cell(name)}\` | \`${places.path(at.file)}:${places.range(at).start.line}\` | ${cell(reason)} |`);
  return rows.length === 0 ? [] : ['## Unknown', ['| type | place | why |', '|---|---|---|', ...rows].join('\n')];
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\n/g, ' ');
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
}
