/** Counts syntax errors, so that no fix leaves a file with more of them. */
import { parseToml } from '../syntax/toml.ts';
import type { Language, Parsers } from '../syntax/parsers.types.ts';

const LANGUAGES: Readonly<Record<string, Language>> = {
  rs: 'rust',
  c: 'c',
  h: 'c',
  py: 'python',
  pyi: 'python',
  ts: 'typescript',
  js: 'typescript',
  cs: 'csharp',
};

/** How many syntax errors a text of this file has; none in languages that are not parsed. */
export function countFaults(parsers: Parsers, file: string, text: string): number {
  const extension = file.slice(file.lastIndexOf('.') + 1);
  if (extension === 'toml') return parseToml(text).problem === null ? 0 : 1;
  const language = LANGUAGES[extension];
  if (!language) return 0;
  const tree = parsers.parse(language, text, 0);
  let faults = 0;
  for (let node = 0; node < tree.count; node++) if (tree.broken(node)) faults++;
  return faults;
}
