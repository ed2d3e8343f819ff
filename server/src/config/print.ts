/** The configuration that holds for a file, written as a configuration file: `ffi-lint config --print`. */
import type { RuleInfo } from './config.ts';
import type { ProjectConfig } from './read-config.ts';
import { SETTINGS } from './schema.ts';

type Value = string | number | boolean | readonly string[] | null;

/** Every setting with its value, defaults included, and the level of every rule for the path (absolute). It can be read back. */
export function printConfig(
  config: ProjectConfig,
  rules: readonly RuleInfo[],
  path: string,
  shown: (file: string) => string = (file) => file,
): string {
  const { project, options } = config;
  const values: Readonly<Record<string, Value>> = {
    profile: config.profile,
    targets: config.targets,
    exclude: config.exclude,
    'include-dirs': project.includeDirs,
    defines: project.defines,
    probe: project.probe,
    verify: project.verify,
    'trust-safety-docs': options.trustSafetyDocs,
    'dedupe-with-rustc': options.dedupeWithRustc,
    'report-unused-suppressions': options.reportUnusedSuppressions,
  };
  const plain = SETTINGS.flatMap(({ key }) => pair(key, values[key] ?? null));
  const levels = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1)).map((rule) => `${rule.id} = ${toml(config.levelOf(rule, path))}`);
  const links = project.links.map((link) =>
    table('links', {
      rust: link.rust,
      headers: link.headers,
      python: link.python,
      javascript: link.javascript,
      csharp: link.csharp,
      language: link.language,
      defines: link.defines,
      targets: link.targets,
    }),
  );
  const dispatchers = project.dispatchers.map(({ callee, name, argtypes, restype }) =>
    table('python.dispatchers', { callee, name, argtypes, restype }),
  );
  const origin = config.files.length === 0 ? '# no configuration file: the defaults' : `# from ${config.files.map(shown).join(' and ')}`;
  return `${[[origin, `# for ${shown(path)}`, ...plain].join('\n'), ['[rules]', ...levels].join('\n'), ...links, ...dispatchers].join('\n\n')}\n`;
}

function table(name: string, values: Readonly<Record<string, Value>>): string {
  return [`[[${name}]]`, ...Object.entries(values).flatMap(([key, value]) => pair(key, value))].join('\n');
}

/** Nothing for null: TOML has no word for it. */
function pair(key: string, value: Value): readonly string[] {
  return value === null ? [] : [`${key} = ${toml(value)}`];
}

/** JSON's strings, numbers, booleans and lists are TOML's too; a DEL must be escaped in TOML alone. */
function toml(value: string | number | boolean | readonly string[]): string {
  return JSON.stringify(value).replaceAll('\u007F', '\\u007F');
}
