/** The settings as Markdown, and as a commented file to start from. */
import { SETTINGS } from './schema.ts';
import type { Setting, SettingType } from './schema.ts';

/** The table of docs/configuration.md: one row a setting, those of tables under their full names. */
export function configurationTable(): string {
  const rows = SETTINGS.flatMap((setting) => rowsOf(setting, ''));
  return ['| key | type | default | |', '|---|---|---|---|', ...rows].join('\n');
}

function rowsOf(setting: Setting, prefix: string): readonly string[] {
  const { type } = setting;
  const name = `${prefix}${setting.key}`;
  const row = `| \`${name}\` | ${typeName(type)} | ${defaultOf(setting)} | ${setting.doc} |`;
  if (type.kind === 'table') return type.settings.flatMap((inner) => rowsOf(inner, `${name}.`));
  if (type.kind === 'tables') return [row, ...type.settings.flatMap((inner) => rowsOf(inner, `${name}.`))];
  return [row];
}

function typeName(type: SettingType): string {
  switch (type.kind) {
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
      return 'number';
    case 'string':
      return 'string';
    case 'enum':
      return type.values.map((value) => `\`${value}\``).join(', ');
    case 'strings':
      return 'string or list of strings';
    case 'levels':
      return 'table of levels';
    case 'table':
      return 'table';
    case 'tables':
      return 'list of tables';
  }
}

function defaultOf(setting: Setting): string {
  if (setting.required) return 'required';
  if (setting.absent !== undefined) return setting.absent;
  return setting.default === null ? '' : `\`${JSON.stringify(setting.default)}\``;
}

/** A file in which every setting is explained and none is set: what `init` writes. */
export function commentedConfig(): string {
  const parts = SETTINGS.map(({ doc, example }) => {
    const text = doc.replaceAll('`', '');
    return [...wrap(text, 98).map((line) => `# ${line}`), ...example.split('\n').map((line) => `#${line}`)].join('\n');
  });
  return `# Configuration of ffi-lint. Lines that start with # and a key are examples: take the # away.\n\n${parts.join('\n\n')}\n`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
