/** What GCC says of random C types: constants and bit-fields of its assembly, nothing is run. */
import { spawnSync } from 'node:child_process';
import type { RecordDef, TypeDef } from '../../../server/src/abi/shape.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import { PRELUDE, cSource, tagged, withKeywords } from './c-source.ts';
import type { Defs } from './c-types.ts';
import type { Said, Tally } from './compare.ts';
import { judge, layoutIn } from './compare.ts';

/** Why gcc cannot be asked, null where it can. */
export function gccMissing(): string | null {
  const done = spawnSync('gcc', ['-dumpmachine'], { encoding: 'utf8' });
  if (done.status !== 0) return 'gcc is not installed';
  return done.stdout.startsWith('x86_64') ? null : `gcc makes code for ${done.stdout.trim()}, not for x86_64`;
}

/** Added to every figure, so that none is zero and left out of the assembly. */
const BASE = 1_000_000;

export function againstGcc(defs: Defs, target: Target, flags: readonly string[], tally: Tally): void {
  const probes = [...defs].map(([tag, def]) => probe(tag, def));
  const source = withKeywords(`${PRELUDE}${cSource(defs)}${probes.join('\n')}\n`, defs);
  const args = [...flags, '-w', '-fno-common', '-S', '-o', '-', '-xc', '-'];
  const done = spawnSync('gcc', args, { input: source, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`gcc ${flags.join(' ')}: ${done.stderr.slice(0, 2000)}`);
  const objects = assembled(done.stdout);
  for (const [tag, def] of defs) {
    const figures = words(objects.get(`v_${tag}`) ?? []);
    const [size = 0, align = 0, ...offsets] = figures.map((n) => n - BASE);
    const bits = new Map<string, number>();
    plainFields(def).forEach((name, i) => {
      bits.set(name, (offsets[i] ?? 0) * 8);
    });
    for (const name of bitFields(def)) bits.set(name, firstBit(objects.get(`b_${tag}_${name}`) ?? []));
    const said: Said = { size, align, bits };
    judge(tally, `${tag} by gcc ${flags.join(' ')}`, layoutIn(defs, def, target), said, () =>
      withKeywords(cSource(new Map([[tag, def]])), defs),
    );
  }
}

function probe(tag: string, def: TypeDef): string {
  const type = tagged(def, tag);
  const figures = [`sizeof(${type})`, `_Alignof(${type})`, ...plainFields(def).map((name) => `__builtin_offsetof(${type}, ${name})`)];
  const bits = bitFields(def).map((name) => `${type} b_${tag}_${name} = { .${name} = -1 };`);
  return [`unsigned v_${tag}[] = { ${figures.map((f) => `${f} + ${BASE}`).join(', ')} };`, ...bits].join('\n');
}

/** Named members that have an address, those of nameless members included. */
function plainFields(def: TypeDef): readonly string[] {
  return membersOf(def).flatMap(([name, bits]) => (bits ? [] : [name]));
}

function bitFields(def: TypeDef): readonly string[] {
  return membersOf(def).flatMap(([name, bits]) => (bits ? [name] : []));
}

function membersOf(def: TypeDef): readonly (readonly [string, boolean])[] {
  if (def.kind === 'enum') return [];
  return (def as RecordDef).fields.flatMap((field) => {
    if (field.name !== null) return [[field.name, field.bitWidth !== null] as const];
    return field.shape.kind === 'inline' ? membersOf(field.shape.def) : [];
  });
}

/** The bytes of every object. */
function assembled(text: string): ReadonlyMap<string, readonly number[]> {
  const out = new Map<string, number[]>();
  let current: number[] = [];
  for (const line of text.split('\n')) {
    const label = /^(\w+):/.exec(line);
    if (label) {
      current = [];
      out.set(label[1] ?? '', current);
      continue;
    }
    const [, directive = '', rest = ''] = /^\s+\.(\w+)\s+(.*)/.exec(line) ?? [];
    const width = { byte: 1, value: 2, long: 4, quad: 8 }[directive];
    if (width !== undefined) {
      for (const one of rest.split(',')) {
        for (let at = 0n; at < width; at++) current.push(Number((BigInt(one.trim()) >> (8n * at)) & 255n));
      }
    } else if (directive === 'zero') {
      for (let at = 0; at < Number(rest); at++) current.push(0);
    } else if (directive === 'string' || directive === 'ascii') {
      current.push(...characters(rest.slice(1, -1)), ...(directive === 'string' ? [0] : []));
    }
  }
  return out;
}

function characters(text: string): number[] {
  return [...text.matchAll(/\\([0-7]{1,3})|\\(.)|(.)/g)].map(([, octal, escaped, plain]) => {
    if (octal !== undefined) return Number.parseInt(octal, 8);
    const controls: Readonly<Record<string, number>> = { b: 8, t: 9, n: 10, f: 12, r: 13 };
    return escaped === undefined ? (plain ?? '').charCodeAt(0) : (controls[escaped] ?? escaped.charCodeAt(0));
  });
}

function words(bytes: readonly number[]): number[] {
  const view = new DataView(Uint8Array.from(bytes).buffer);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getUint32(i * 4, true));
}

function firstBit(bytes: readonly number[]): number {
  const at = bytes.findIndex((byte) => byte !== 0);
  return at < 0 ? -1 : at * 8 + Math.log2((bytes[at] ?? 0) & -(bytes[at] ?? 0));
}
