/** Markdown for a terminal: headings in bold, code blocks indented, links with their address, a table's rows as `head: cell; …`. */
import type { Style } from '../report/style.ts';
import { link, paint } from '../report/style.ts';

export function markdownText(markdown: string, style: Style): string {
  let inCode = false;
  let heads: readonly string[] = [];
  const lines: string[] = [];
  for (const line of markdown.split('\n')) {
    if (/^```/.test(line)) inCode = !inCode;
    else if (inCode) lines.push(line === '' ? '' : `    ${line}`);
    else if (!line.startsWith('|')) {
      heads = [];
      lines.push(inline(line, style));
    } else if (heads.length === 0) heads = cells(line);
    else if (!/^\|[-|: ]+$/.test(line)) lines.push(inline(row(heads, cells(line)), style));
  }
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function cells(line: string): readonly string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

function row(heads: readonly string[], values: readonly string[]): string {
  return values.map((value, index) => `${heads[index] ?? ''}: ${value}`).join('; ');
}

function inline(line: string, style: Style): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return paint(style, 'bold', heading);
  return line
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, text: string, url: string) =>
      style.hyperlinks ? link(style, url, text) : `${text}: ${url}`,
    )
    .replace(/`([^`]+)`/g, (whole, code: string) => (style.color ? paint(style, 'cyan', code) : whole))
    .replace(/\*\*([^*]+)\*\*/g, (_, text: string) => paint(style, 'bold', text));
}
