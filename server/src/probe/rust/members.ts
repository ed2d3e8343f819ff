/** The members of another crate's types that can be seen from here: rustc names them when a pattern leaves them out. */
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import type { Compilation } from './ask.ts';
import { blame } from './ask.ts';
import { readErrors } from './diagnostics.ts';
import { attribute, insertPieces } from './emit.ts';
import type { ProbeField, TypeProbe } from './plan.ts';

/** What rustc says of one type. */
export interface SeenMembers {
  /** `alias` where it is neither: an enum, a number, or what cannot be told. */
  readonly kind: 'struct' | 'union' | 'alias';
  /** As Rust writes them. */
  readonly names: readonly string[];
  /** There are or may be others, which only their own crate sees. */
  readonly hidden: boolean;
}

export interface MembersInput {
  readonly probes: readonly TypeProbe[];
  readonly fs: FileSystem;
  text(file: string): string;
  compile(files: ReadonlyMap<string, string>): Promise<Compilation | { readonly failure: string }>;
}

/** How often it is tried at most: what rustc cannot resolve hides all else. */
const ROUNDS = 3;

/** By the probes' ids; what nothing is said about is left out. */
export async function seeMembers({ probes, fs, text, compile }: MembersInput): Promise<ReadonlyMap<number, SeenMembers>> {
  const out = new Map<number, SeenMembers>();
  let asked = probes;
  for (let round = 0; round < ROUNDS && asked.length > 0 && out.size === 0; round++) {
    const emitted = insertPieces(
      asked.map((probe) => ({ place: probe.place, id: probe.id, text: question(probe) })),
      text,
    );
    const made = await compile(emitted.files);
    if ('failure' in made) break;
    const stderr = fs.read(made.stderr);
    const errors = isFailure(stderr) ? [] : readErrors(stderr);
    const blamed = blame(errors, emitted, made);
    for (const [id, said] of blamed) if (said.some(({ code }) => code === 'E0609' || code === 'E0610')) out.set(id, membersIn(said));
    asked = asked.filter(({ id }) => !blamed.has(id));
  }
  return out;
}

/** `Self` in a pattern is looked up with the types, so that what is no struct costs only itself. */
function question({ cfg, code }: TypeProbe): string {
  const body = 'let Self {} = x; x.__ffi_lint_no_member;';
  return `${attribute(cfg)}#[allow(warnings, clippy::all)] const _: () = { trait Q { fn q(x: &Self); } impl Q for ${code} { fn q(x: &Self) { ${body} } } };`;
}

/** Read out of rustc's words: E0027 names all members of a struct, the note of E0609 the first five of any type. */
export function membersIn(said: readonly { readonly message: string; readonly notes: readonly string[] }[]): SeenMembers {
  const union = said.some(({ message }) => message.startsWith('union patterns'));
  const noted = said.flatMap(({ notes }) => notes).find((one) => /^available fields? (?:is|are):/.test(one));
  const pattern = said.find(({ message }) => message.startsWith('pattern does not mention'))?.message;
  const closed = said.some(({ message }) => message.startsWith('pattern requires `..`'));
  const kind = union ? 'union' : pattern !== undefined || closed || noted !== undefined ? 'struct' : 'alias';
  // A tuple's pattern names nothing, so that the note is all there is of it: it is silent about private members.
  const hidden = pattern !== undefined ? /inaccessible/.test(pattern) : closed || (kind === 'struct' ? true : /others$/.test(noted ?? ''));
  return { kind, names: [...(pattern ?? noted ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name), hidden };
}

/** The probe with these members to ask about; as it was without any. */
export function withMembers(probe: TypeProbe, members: SeenMembers | undefined): TypeProbe {
  if (!members) return probe;
  const fields = members.names.map((code): ProbeField => ({ name: code.replace(/^r#/, ''), code, cfg: '', field: null, variant: null }));
  return { ...probe, kind: members.kind, fields, hidden: members.hidden };
}
