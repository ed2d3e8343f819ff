/** What clang says of random C types for any target: its dump of record layouts, nothing is generated or run. */
import { spawnSync } from 'node:child_process';
import type { RecordDef } from '../../../server/src/abi/shape.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import { PRELUDE, cSource, tagged, withKeywords } from './c-source.ts';
import type { Defs } from './c-types.ts';
import type { Said, Tally } from './compare.ts';
import { judge, layoutIn } from './compare.ts';

export const CLANG = process.env['CLANG'] ?? 'clang-19';

/** Why clang cannot be asked, null where it can. */
export function clangMissing(): string | null {
  return spawnSync(CLANG, ['--version']).status === 0 ? null : `${CLANG} is not installed`;
}

export function againstClang(defs: Defs, target: Target, llvmTriple: string, tally: Tally): void {
  const uses = [...defs].map(([tag, def]) => `char use_${tag}[sizeof(${tagged(def, tag)}) + 1];`);
  // An enum has no record layout of its own.
  const wrapped = [...defs].flatMap(([tag, def]) =>
    def.kind === 'enum' ? [`struct W${tag} { enum ${tag} e; }; char wrap_${tag}[sizeof(struct W${tag})];`] : [],
  );
  const source = withKeywords(`${PRELUDE}${cSource(defs)}${uses.join('\n')}\n${wrapped.join('\n')}\n`, defs);
  const args = [`--target=${llvmTriple}`, '-ffreestanding', '-w', '-fsyntax-only', '-Xclang', '-fdump-record-layouts-simple', '-xc', '-'];
  const done = spawnSync(CLANG, args, { input: source, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`clang for ${llvmTriple}: ${done.stderr.slice(0, 2000)}`);
  const records = dumped(done.stdout);
  for (const [tag, def] of defs) {
    const record = records.get(def.kind === 'enum' ? `W${tag}` : tag);
    if (!record) throw new Error(`clang says nothing of ${tag}`);
    const bits = def.kind === 'enum' ? new Map<string, number>() : named(def, record.offsets, defs, target);
    const said: Said = { size: record.size, align: record.align, bits };
    judge(tally, `${tag} on ${target.triple}`, layoutIn(defs, def, target), said, () => withKeywords(cSource(new Map([[tag, def]])), defs));
  }
}

interface Dumped {
  readonly size: number;
  readonly align: number;
  /** Bits, one for each member in order, nameless ones included. */
  readonly offsets: readonly number[];
}

function dumped(text: string): ReadonlyMap<string, Dumped> {
  const record = /Type: (?:struct|union) (W?T\d+)\n[\s\S]*?Size:(\d+)[\s\S]*?Alignment:(\d+)\s+FieldOffsets: \[([^\]]*)\]/g;
  const out = new Map<string, Dumped>();
  for (const [, tag = '', size, align, offsets = ''] of text.matchAll(record)) {
    const list = offsets.split(', ').filter(Boolean).map(Number);
    out.set(tag, { size: Number(size) / 8, align: Number(align) / 8, offsets: list });
  }
  return out;
}

/** Offsets by name; the members of a nameless one are where it is and where its own layout, as computed, has them. */
function named(def: RecordDef, offsets: readonly number[], defs: Defs, target: Target): Map<string, number> {
  const out = new Map<string, number>();
  def.fields.forEach((field, i) => {
    const at = offsets[i] ?? -1;
    if (field.name !== null) out.set(field.name, at);
    else if (field.shape.kind === 'inline') {
      const inner = layoutIn(defs, field.shape.def, target);
      const fields = inner.kind === 'layout' ? inner.fields : [];
      for (const one of fields) out.set(one.name, at + (one.bitOffset ?? (one.offset ?? 0) * 8));
    }
  });
  return out;
}
