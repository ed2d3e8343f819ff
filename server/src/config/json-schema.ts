/** The settings as a JSON Schema, for editors that complete and check ffi-lint.toml. */
import type { RuleInfo } from './config.ts';
import { LEVEL_NAMES, SETTINGS } from './schema.ts';
import type { Setting, SettingType } from './schema.ts';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Draft 7, which the TOML and JSON extensions of editors read. Rules and groups are those of `rules`. */
export function jsonSchema(rules: readonly RuleInfo[]): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'ffi-lint.toml',
    description: 'Configuration of ffi-lint',
    ...tableSchema(SETTINGS, rules),
  };
}

function tableSchema(settings: readonly Setting[], rules: readonly RuleInfo[]): JsonSchema {
  const required = settings.filter((setting) => setting.required).map((setting) => setting.key);
  return {
    type: 'object',
    properties: Object.fromEntries(settings.map((setting) => [setting.key, settingSchema(setting, rules)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function settingSchema(setting: Setting, rules: readonly RuleInfo[]): JsonSchema {
  const fallback = setting.default ?? undefined;
  return {
    description: setting.doc,
    ...typeSchema(setting.type, rules),
    ...(fallback !== undefined && { default: fallback }),
  };
}

function typeSchema(type: SettingType, rules: readonly RuleInfo[]): JsonSchema {
  switch (type.kind) {
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', minimum: 0 };
    case 'string':
      return { type: 'string', minLength: 1 };
    case 'enum':
      return { enum: type.values };
    case 'strings': {
      const one = { type: 'string', minLength: 1 };
      return { oneOf: [one, { type: 'array', items: one }] };
    }
    case 'levels': {
      const level = { enum: Object.keys(LEVEL_NAMES) };
      const groups = [...new Set(rules.map((rule) => rule.group))].sort();
      const ids = rules.map((rule) => rule.id).sort();
      return {
        type: 'object',
        properties: Object.fromEntries([
          ...groups.map((group) => [group, { ...level, description: `All rules of the group ${group}` }]),
          ...ids.map((id) => [id, level]),
        ]),
        additionalProperties: false,
      };
    }
    case 'table':
      return tableSchema(type.settings, rules);
    case 'tables':
      return { type: 'array', items: tableSchema(type.settings, rules) };
  }
}
