/** All output formats by name. */
import { formatCheckstyle } from './checkstyle.ts';
import { formatConcise } from './concise.ts';
import { formatGithub } from './github.ts';
import { formatGitlab } from './gitlab.ts';
import { formatJson, formatJsonl } from './json.ts';
import { formatJunit } from './junit.ts';
import { formatMarkdown } from './markdown.ts';
import { formatRdjson } from './rdjson.ts';
import type { Formatter } from './report.ts';
import { formatSarif } from './sarif.ts';
import { formatText } from './text.ts';

export const FORMATS = {
  text: formatText,
  concise: formatConcise,
  json: formatJson,
  jsonl: formatJsonl,
  sarif: formatSarif,
  github: formatGithub,
  gitlab: formatGitlab,
  junit: formatJunit,
  checkstyle: formatCheckstyle,
  rdjson: formatRdjson,
  markdown: formatMarkdown,
} as const satisfies Readonly<Record<string, Formatter>>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES: readonly FormatName[] = Object.keys(FORMATS).filter(isFormat);

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}
