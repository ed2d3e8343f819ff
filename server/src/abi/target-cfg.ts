/** What `cfg` predicates about the target are on a target, for code that is looked at for another machine than this one. */
import type { KnownOptions } from '../model/rust/cfg.ts';
import { ARCHITECTURES, SYSTEMS } from './target-cfg-data.ts';
import type { Target } from './targets.ts';

/** Keys by triple. */
function byTriple(table: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  let key = '';
  for (const line of table.split('\n')) {
    if (line.endsWith(':')) key = line.slice(0, -1);
    else for (const triple of line.trim().split(' ')) if (triple !== '') out.set(triple, key);
  }
  return out;
}

let architectures: ReadonlyMap<string, string> | null = null;
let systems: ReadonlyMap<string, string> | null = null;

/**
 * Decides `target_os`, `target_arch`, `target_env`, `target_abi`, `target_vendor`, `target_family`, `target_pointer_width`, `target_endian`,
 * `unix`, `windows` and `test` (off); leaves everything else open: features, `target_feature`, `debug_assertions`.
 */
export function targetCfg(target: Target): KnownOptions {
  const known = options.get(target) ?? optionsOf(target);
  options.set(target, known);
  return known;
}

/** One for each target: what is resolved under it is kept by it. */
const options = new WeakMap<Target, KnownOptions>();

function optionsOf({ triple, bigEndian, rust }: Target): KnownOptions {
  architectures ??= byTriple(ARCHITECTURES);
  systems ??= byTriple(SYSTEMS);
  const [os, env, abi, vendor, families] = (systems.get(triple) ?? '').split(' ').map((value) => (value === '-' ? '' : value));
  const family = new Set(families === undefined || families === '' ? [] : families.split(','));
  const values: Readonly<Record<string, string | undefined>> = {
    target_arch: architectures.get(triple),
    target_os: os === '' ? undefined : os,
    target_env: env,
    target_abi: abi,
    target_vendor: vendor,
    target_pointer_width: `${rust.pointer.size * 8}`,
    target_endian: bigEndian ? 'big' : 'little',
  };
  return (name, value) => {
    if (value === null) {
      if (name === 'unix' || name === 'windows') return family.has(name);
      return name === 'test' ? false : undefined;
    }
    if (name === 'target_family') return family.has(value);
    const known = Object.hasOwn(values, name) ? values[name] : undefined;
    return known === undefined ? undefined : known === value;
  };
}
