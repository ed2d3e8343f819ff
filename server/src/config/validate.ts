/** Checks TOML against the settings and turns it into plain values. */
import { closest } from '../base/closest.ts';
import type { Problem } from '../base/problem.ts';
import { LineIndex } from '../base/text.ts';
import type { Span } from '../base/text.ts';
import type { TomlTable, TomlValue } from '../syntax/toml-value.ts';
import { LEVEL_NAMES } from './schema.ts';
import type { Setting, SettingType } from './schema.ts';

/** A setting's value once it was found to be of its type. Levels and tables are objects. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };
export type PlainTable = { readonly [key: string]: Plain };

export interface ValidateInput {
  /** For problems. */
  readonly file: string;
  readonly text: string;
  /** What `[rules]` may name. */
  readonly ruleNames: ReadonlySet<string>;
}

/** The known settings with values of the right type; all else is left out and told. */
export function validate(
  table: TomlTable,
  settings: readonly Setting[],
  input: ValidateInput,
): { readonly value: PlainTable; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const lines = new LineIndex(input.text);
  const report: Report = (span, message) => {
    problems.push({ file: input.file, message: `line ${lines.position(span.start).line}: ${message}`, span });
  };
  return { value: readTable(table, settings, '', input.ruleNames, report), problems };
}

type Report = (span: Span, message: string) => void;

function readTable(
  table: TomlTable,
  settings: readonly Setting[],
  prefix: string,
  ruleNames: ReadonlySet<string>,
  report: Report,
): PlainTable {
  const read: Record<string, Plain> = {};
  for (const [key, { key: at, value }] of table.entries) {
    const setting = settings.find((one) => one.key === key);
    if (setting === undefined) {
      report(
        at,
        unknownName(
          'key',
          prefix + key,
          key,
          settings.map((one) => one.key),
        ),
      );
      continue;
    }
    const plain = readValue(value, setting.type, prefix + key, ruleNames, report);
    if (plain !== null) read[key] = plain;
  }
  for (const { key } of settings.filter((one) => one.required)) {
    if (!table.entries.has(key)) report(table.header ?? table.span, `\`${prefix}${key}\` is missing; it must be given here`);
  }
  return read;
}

function readValue(value: TomlValue, type: SettingType, name: string, ruleNames: ReadonlySet<string>, report: Report): Plain | null {
  const wrong = (): null => {
    report(value.span, `\`${name}\` must be ${typeInWords(type)}, not ${valueInWords(value)}`);
    return null;
  };
  switch (type.kind) {
    case 'boolean':
      return value.kind === 'boolean' ? value.value : wrong();
    case 'integer':
      return value.kind === 'integer' && value.value >= 0 ? value.value : wrong();
    case 'string':
      return value.kind === 'string' && value.value !== '' ? value.value : wrong();
    case 'enum':
      return readEnum(value, type.values, name, report) ?? (value.kind === 'string' ? null : wrong());
    case 'strings': {
      const items = value.kind === 'array' ? value.items : [value];
      const strings = items.flatMap((item) => (item.kind === 'string' && item.value !== '' ? [item.value] : []));
      return strings.length === items.length ? strings : wrong();
    }
    case 'levels':
      return value.kind === 'table' ? readLevels(value, name, ruleNames, report) : wrong();
    case 'table':
      return value.kind === 'table' ? readTable(value, type.settings, `${name}.`, ruleNames, report) : wrong();
    case 'tables':
      if (value.kind !== 'array' || value.items.some((item) => item.kind !== 'table')) return wrong();
      return value.items.flatMap((item) => (item.kind === 'table' ? [readTable(item, type.settings, `${name}.`, ruleNames, report)] : []));
  }
}

/** null where it is not a string, or not one of the values, which is told. */
function readEnum(value: TomlValue, values: readonly string[], name: string, report: Report): string | null {
  if (value.kind !== 'string') return null;
  if (values.includes(value.value)) return value.value;
  const meant = closest(value.value, values);
  const hint = meant === null ? `; write one of ${values.join(', ')}` : `, did you mean \`${meant}\``;
  report(value.span, `\`${name}\` cannot be \`${value.value}\`${hint}`);
  return null;
}

function readLevels(table: TomlTable, name: string, ruleNames: ReadonlySet<string>, report: Report): PlainTable {
  const levels: Record<string, Plain> = {};
  for (const [rule, { key, value }] of table.entries) {
    if (!ruleNames.has(rule)) {
      report(key, unknownName('rule or group', rule, rule, ruleNames));
      continue;
    }
    const written = readEnum(value, Object.keys(LEVEL_NAMES), `${name}.${rule}`, report);
    if (written !== null) levels[rule] = written;
    else if (value.kind !== 'string') {
      report(value.span, `\`${name}.${rule}\` must be a level (off, hint, info, warning, error), not ${valueInWords(value)}`);
    }
  }
  return levels;
}

/** ``unknown key `profle`, did you mean `profile` `` */
export function unknownName(what: string, shown: string, written: string, known: Iterable<string>): string {
  const meant = closest(written, known);
  return meant === null ? `unknown ${what} \`${shown}\`` : `unknown ${what} \`${shown}\`, did you mean \`${meant}\``;
}

function typeInWords(type: SettingType): string {
  switch (type.kind) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'a whole number from 0';
    case 'string':
      return 'a string that is not empty';
    case 'enum':
      return `one of ${type.values.join(', ')}`;
    case 'strings':
      return 'a list of strings that are not empty';
    case 'levels':
    case 'table':
      return 'a table';
    case 'tables':
      return 'a list of tables';
  }
}

function valueInWords(value: TomlValue): string {
  switch (value.kind) {
    case 'string':
      return value.value === '' ? 'an empty string' : 'a string';
    case 'boolean':
      return String(value.value);
    case 'integer':
    case 'float':
      return `the number ${value.value}`;
    case 'datetime':
      return 'a date';
    case 'array':
      return 'a list';
    case 'table':
      return 'a table';
  }
}
