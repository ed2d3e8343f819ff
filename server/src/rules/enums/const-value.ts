/** A Rust constant and the constant of its name in a header have different values. */
import { crateFiles, keyOf } from '../../abi/peers/crate-files.ts';
import { enumVariants } from '../../abi/peers/enum-pairs.ts';
import type { PeerConst, PeerFile, Peers } from '../../abi/peers/peers.ts';
import { constValue } from '../../abi/rust-const.ts';
import { basename } from '../../base/paths.ts';
import type { Location } from '../../base/text.ts';
import type { ValueItem } from '../../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { foreignFiles } from '../foreign-files.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'const-value',
  group: 'enums',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'none',
  messages: { value: '`{name}` is {mine} in Rust but {theirs} in `{file}`' },
  docs: {
    what: 'A public Rust constant and the constant of the same name in C, Python, JavaScript or C# have different values',
    why: 'Flags, sizes and codes are agreed upon by their values. A buffer that one side takes for 256 bytes and the other for 128 is written past its end.',
    bad: `// geo.h: #define GEO_NAME_LENGTH 256
// geo.h: int geo_load(char *name);
pub const GEO_NAME_LENGTH: usize = 128;

extern "C" {
    pub fn geo_load(name: *mut u8) -> i32;
}
`,
    good: `// geo.h: #define GEO_NAME_LENGTH 256
// geo.h: int geo_load(char *name);
pub const GEO_NAME_LENGTH: usize = 256;

extern "C" {
    pub fn geo_load(name: *mut u8) -> i32;
}
`,
    exceptions: [
      'constants that are not public, or stand in headers that declare nothing of the crate, or in files of other languages that use none of its functions',
      'values that are not known: computed by functions, by `sizeof`, by macros with arguments',
      'a name that the header defines in several ways, of which one agrees or is not known',
      'the same bits with another sign: `-1` and `0xFFFFFFFF`',
      'names that are set more than once in Python or JavaScript',
      'generated headers: see `generated-stale`',
    ],
    fixSafety: null,
    references: [{ title: 'Rust Reference, constant items', url: 'https://doc.rust-lang.org/reference/items/constant-items.html' }],
  },
  check(ctx) {
    const { unit, workspace } = ctx;
    if (unit.kind !== 'rust') return;
    const consts = unit.items.filter(
      ({ kind, owner, test, inUnknownMacro }) => kind === 'const' && owner === null && !test && !inUnknownMacro,
    );
    const [first] = consts;
    if (!first) return;
    const crate = keyOf(first.module.crate);
    const groups = [crateFiles(ctx.surface, ctx.peers).get(crate)?.files ?? [], ...(foreignFiles(ctx).get(crate) ?? [])];
    const tables = groups.filter((files) => files.length > 0).map((files) => constantsOf(ctx.peers, files));
    for (const item of consts) {
      const called = ctx.peers.cName?.(item) ?? item.name;
      for (const known of tables) if (judge(item, known.get(called) ?? known.get(item.name))) break;
    }

    function judge(item: RustItem, theirs: Known | undefined): boolean {
      if (!theirs || theirs.value === null) return false;
      const ast = workspace.ast(item);
      if (ast?.kind !== 'const' || ast.visibility !== 'pub' || item.cfg.kind !== 'true') return false;
      const mine = valueOfConst(ast, item, workspace);
      if (mine === null || typeof mine !== typeof theirs.value) return false;
      if ([theirs.value, ...theirs.others()].some((one) => one === null || typeof one !== typeof mine || same(mine, one))) return false;
      ctx.report('value', {
        at: { file: item.file, span: ast.nameSpan },
        data: { name: item.name, mine: shown(mine), theirs: shown(theirs.value), file: basename(theirs.at.file) },
        related: [{ at: theirs.at, message: 'defined here' }],
        mirror: theirs.at,
        help: 'give both the same value',
        item,
      });
      return true;
    }
  },
});

interface Known {
  readonly value: PeerConst['value'];
  readonly at: Location;
  /** What it is under other conditions. */
  others(): readonly PeerConst['value'][];
}

const tables = new WeakMap<Peers, Map<string, ReadonlyMap<string, Known>>>();

/** Macros and constants of enums by name; null as value where two files differ. */
function constantsOf(peers: Peers, files: readonly PeerFile[]): ReadonlyMap<string, Known> {
  const byFiles = tables.get(peers) ?? new Map<string, ReadonlyMap<string, Known>>();
  tables.set(peers, byFiles);
  const key = files.map(({ path }) => path).join('\n');
  const before = byFiles.get(key);
  if (before) return before;
  const out = new Map<string, Known>();
  const add = (name: string, made: Known): void => {
    const other = out.get(name);
    const agree = !other || (other.value !== null && made.value !== null && same(other.value, made.value));
    out.set(name, agree ? made : { ...made, value: null });
  };
  const [target] = peers.targets;
  for (const file of files.filter(({ generatedBy }) => generatedBy === null)) {
    for (const { name, value, at, others = [] } of file.constants) add(name, { value, at, others: () => others });
    for (const type of target ? file.types : []) {
      const def = target ? type.defs.get(target.triple)?.def : undefined;
      if (def?.kind !== 'enum') continue;
      for (const { name, value } of def.variants) {
        const others = () =>
          enumVariants(type, peers).flatMap(({ variants }) => variants.flatMap((one) => (one.name === name ? [one.value] : [])));
        add(name, { value, at: type.places.get(name) ?? type.at, others });
      }
    }
  }
  byFiles.set(key, out);
  return out;
}

function valueOfConst({ value }: ValueItem, item: RustItem, workspace: Workspace): bigint | number | string | null {
  if (!value) return null;
  const number = constValue(value, { module: item.module, item }, workspace);
  if (number !== null) return number;
  const text = workspace.slice(item.file, value.span).trim();
  if (/^-?\d[\d_]*\.\d[\d_]*(?:[eE][-+]?\d+)?(?:_?f(?:32|64))?$/.test(text)) return Number.parseFloat(text.replace(/_/g, ''));
  const string = /^(?:b|c)?"((?:[^"\\]|\\0)*)"$/.exec(text)?.[1];
  return string === undefined || string.replace(/\\0$/, '').includes('\\') ? null : string.replace(/\\0$/, '');
}

/** Numbers are the same where their bits are: which sign C gives a constant depends on how it is written. */
function same(a: NonNullable<PeerConst['value']>, b: NonNullable<PeerConst['value']>): boolean {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const bits = [a, b].every((one) => one >= -(1n << 31n) && one < 1n << 32n) ? 32 : 64;
    return BigInt.asUintN(bits, a) === BigInt.asUintN(bits, b);
  }
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.fround(a) === Math.fround(b);
  return a === b;
}

function shown(value: NonNullable<PeerConst['value']>): string {
  const text = typeof value === 'string' ? `"${value}"` : `${value}`;
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
