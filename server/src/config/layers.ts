/** A configuration file and those that it extends, as layers: what a later one says wins. */
import type { FileSystem } from '../base/io.ts';
import { basename, dirname, joinPath } from '../base/paths.ts';
import type { Problem } from '../base/problem.ts';
import { LineIndex } from '../base/text.ts';
import { asArray, getEntry } from '../syntax/toml-value.ts';
import { readSource } from './find-config.ts';
import type { ConfigSource } from './find-config.ts';
import { SETTINGS } from './schema.ts';
import { validate } from './validate.ts';
import type { PlainTable } from './validate.ts';

export interface Layer {
  /** Absolute path. */
  readonly file: string;
  /** What its globs and paths are relative to. */
  readonly folder: string;
  readonly values: PlainTable;
}

/** The layers of a source, those that it builds on first. A file that cannot be had or that extends itself is a problem. */
export function readLayers(
  fs: FileSystem,
  source: ConfigSource,
  ruleNames: ReadonlySet<string>,
): { readonly layers: readonly Layer[]; readonly problems: readonly Problem[] } {
  const layers: Layer[] = [];
  const problems: Problem[] = [];
  const visit = (at: ConfigSource, chain: readonly string[]): void => {
    const checked = validate(at.table, SETTINGS, { file: at.file, text: at.text, ruleNames });
    problems.push(...checked.problems);
    for (const { path, span } of extended(at)) {
      const wrong = (message: string): void => {
        problems.push({ file: at.file, message: `line ${new LineIndex(at.text).position(span.start).line}: ${message}`, span });
      };
      const file = joinPath(dirname(at.file), path);
      const circle = chain.indexOf(file);
      const base = circle >= 0 || !fs.isFile(file) ? null : readSource(fs, file);
      if (circle >= 0) wrong(`\`extends\` goes in a circle: ${[...chain.slice(circle), file].map(basename).join(' → ')}`);
      else if (!fs.isFile(file)) wrong(`\`extends\` names \`${path}\`, which is not a file`);
      else if (base === null) wrong(`\`extends\` names \`${path}\`, which holds no configuration for ffi-lint`);
      else if ('message' in base) problems.push(base);
      else visit(base, [...chain, file]);
    }
    // Two files may build on the same third one: it counts where it came first.
    if (!layers.some((layer) => layer.file === at.file)) {
      layers.push({ file: at.file, folder: dirname(at.file), values: checked.value });
    }
  };
  visit(source, [source.file]);
  return { layers, problems: dedupe(problems) };
}

function extended(
  source: ConfigSource,
): readonly { readonly path: string; readonly span: { readonly start: number; readonly end: number } }[] {
  const value = getEntry(source.table, 'extends')?.value ?? null;
  const items = value?.kind === 'string' ? [value] : asArray(value);
  return items.flatMap((item) => (item.kind === 'string' && item.value !== '' ? [{ path: item.value, span: item.span }] : []));
}

function dedupe(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ file, message }) => {
    const key = `${file}\n${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
