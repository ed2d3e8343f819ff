/** The level at which a rule runs for a file. */
import type { Level } from '../base/severity.ts';
import type { ConfigOverrides, Profile, RuleInfo } from './config.ts';
import { globMatcher } from './globs.ts';
import type { Layer } from './layers.ts';
import { LEVEL_NAMES } from './schema.ts';
import type { Plain, PlainTable } from './validate.ts';

type Levels = ReadonlyMap<string, Level>;

/** Levels by rule id and group; `holds` says for which paths. */
interface LevelLayer {
  readonly levels: Levels;
  holds(path: string): boolean;
}

/** Profile, then `[rules]` of each layer, then `[[overrides]]` of each, then the command line; within one, the id before its group. */
export function levelResolver(
  layers: readonly Layer[],
  profile: Profile,
  overrides: ConfigOverrides,
): (rule: RuleInfo, path: string) => Level {
  const everywhere = layers.map((layer) => levelsOf(layer.values['rules']));
  const somewhere = layers.flatMap(overridesOf);
  const settled = new Map<string, Level>();
  const base = (rule: RuleInfo): Level => {
    const known = settled.get(rule.id);
    if (known !== undefined) return known;
    const own = overrides.preview && rule.severity === 'off' ? ownLevel(rule) : profileLevel(rule, profile);
    const level = everywhere.reduce((before, levels) => named(levels, rule) ?? before, own);
    settled.set(rule.id, level);
    return level;
  };
  return (rule, path) => {
    const inFile = somewhere.reduce((before, layer) => {
      const level = named(layer.levels, rule);
      return level !== null && layer.holds(path) ? level : before;
    }, base(rule));
    return commandLine(rule, inFile, overrides);
  };
}

function commandLine(rule: RuleInfo, configured: Level, { levels = [], only = [], skip = [] }: ConfigOverrides): Level {
  const isNamed = (name: string): boolean => name === rule.id || name === rule.group;
  // Whoever asks for a rule by its name wants to see what it finds.
  const asked = only.includes(rule.id) && configured === 'off' ? ownLevel(rule) : configured;
  const level = levels.reduce((before, one) => (isNamed(one.name) ? one.level : before), asked);
  return skip.some(isNamed) || (only.length > 0 && !only.some(isNamed)) ? 'off' : level;
}

/** `recommended` has errors and warnings (and rules that say so), `strict` infos too, `all` everything. */
export function profileLevel(rule: RuleInfo, profile: Profile): Level {
  if (profile === 'all') return ownLevel(rule);
  const loud = rule.severity === 'error' || rule.severity === 'warning' || rule.recommended === true;
  return loud || (profile === 'strict' && rule.severity === 'info') ? rule.severity : 'off';
}

/** A rule that is off by itself runs as info where it is turned on without a level. */
function ownLevel(rule: RuleInfo): Level {
  return rule.severity === 'off' ? 'info' : rule.severity;
}

function named(levels: Levels, rule: RuleInfo): Level | null {
  return levels.get(rule.id) ?? levels.get(rule.group) ?? null;
}

function overridesOf(layer: Layer): readonly LevelLayer[] {
  const written = layer.values['overrides'];
  return tables(written).map((override) => ({
    levels: levelsOf(override['rules']),
    holds: globMatcher(layer.folder, strings(override['paths'])),
  }));
}

function levelsOf(written: Plain | undefined): Levels {
  const levels = new Map<string, Level>();
  for (const [name, level] of Object.entries(isTable(written) ? written : {})) {
    const known = Object.entries(LEVEL_NAMES).find(([alias]) => alias === level);
    if (known) levels.set(name, known[1]);
  }
  return levels;
}

/** The list of a checked setting; empty where it is not there. */
export function strings(value: Plain | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function tables(value: Plain | undefined): readonly PlainTable[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}

export function isTable(value: Plain | undefined): value is PlainTable {
  return typeof value === 'object' && !Array.isArray(value);
}
