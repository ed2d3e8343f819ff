/** Gives the linking of types what it needs of files: the type behind a name in a header, and the files that belong to a crate. */
import type { LinkedFn, LinkedType, PeerFile, PeerType, Peers, Signature } from '../abi/peers/peers.ts';
import { linkTypes, meetings, namedIn } from '../abi/peers/type-links.ts';
import type { Meeting, Named } from '../abi/peers/type-links.ts';
import { equal } from './peers-links.ts';
import type { Target } from '../abi/targets.ts';
import type { CUnit } from '../model/c/ast.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';

export interface PeerTypesInput extends Pick<Peers, 'targets' | 'rustSignature' | 'rustDef' | 'inFile' | 'cName'> {
  readonly workspace: Workspace;
  readonly linked: readonly LinkedFn[];
  /** Python files, and the exported symbols that each mentions, by the crates' root files. */
  readonly python: readonly { readonly path: string; readonly crates: ReadonlySet<string> }[];
  unit(path: string, target: Target): CUnit | null;
  /** Headers and Python files that a `[[links]]` table gives to crates. */
  readonly configured: PeerTypesInput['python'];
}

/** What links of types rest on that stays over pictures: of linked functions and of the crates' own types. */
export interface TypeMemory {
  readonly meetings: WeakMap<LinkedFn, KeptMeetings>;
  readonly named: WeakMap<readonly RustItem[], KeptNames>;
}

export function createTypeMemory(): TypeMemory {
  return { meetings: new WeakMap(), named: new WeakMap() };
}

interface KeptMeetings {
  readonly rust: readonly (Signature | null)[];
  /** The files in which types were looked for, as they were. */
  readonly files: ReadonlyMap<string, PeerFile | null>;
  readonly made: readonly Meeting[];
}

interface KeptNames {
  readonly files: readonly PeerFile[];
  readonly names: readonly (string | null)[];
  readonly made: readonly Named[];
}

export function typesOf(input: PeerTypesInput, memory: TypeMemory): readonly LinkedType[] {
  const { linked, inFile, unit, targets, rustSignature } = input;
  const [target] = targets;
  const peerType = (file: string, key: string, note: (path: string, made: PeerFile | null) => void): PeerType | null => {
    const [kind = '', name = ''] = key.split(' ');
    const made = target && /\.(?:py|pyi)$/.test(file) === false ? unit(file, target) : null;
    const place = made ? definitionFile(made, kind, name) : file;
    if (place === null) return null;
    const there = inFile(place);
    note(place, there);
    return there?.types.find((one) => one.name === (made ? name : key)) ?? null;
  };
  const meetingsOf = (through: LinkedFn): readonly Meeting[] => {
    const rust = targets.map((one) => rustSignature(through.rust, one));
    const known = memory.meetings.get(through);
    if (known && equal(known.rust, rust) && [...known.files].every(([path, before]) => inFile(path) === before)) return known.made;
    const files = new Map<string, PeerFile | null>();
    const made = meetings(through, { ...input, peerType: (file, key) => peerType(file, key, (path, one) => files.set(path, one)) });
    memory.meetings.set(through, { rust, files, made });
    return made;
  };
  const namesIn = (items: readonly RustItem[], files: readonly PeerFile[]): readonly Named[] => {
    const known = memory.named.get(items);
    const names = items.map((item) => input.cName?.(item) ?? null);
    if (known && equal(known.files, files) && equal(known.names, names)) return known.made;
    const made = namedIn(items, files, input);
    memory.named.set(items, { files, names, made });
    return made;
  };
  const byCrate = new Map<string, Set<string>>();
  const add = (crate: string, file: string): void => {
    const known = byCrate.get(crate);
    if (known) known.add(file);
    else byCrate.set(crate, new Set([file]));
  };
  const direct = new Set<string>();
  for (const { rust, peer } of linked) {
    const crate = rust.item.module.crate.root.file.path;
    const key = `${crate}\n${peer.file}`;
    if (direct.has(key)) continue;
    direct.add(key);
    add(crate, peer.file);
    if (peer.language !== 'c' || !target) continue;
    // What a linked header includes is part of what it says.
    for (const file of unit(peer.file, target)?.files ?? []) if (!file.startsWith('<')) add(crate, file);
  }
  for (const { path, crates } of input.configured) for (const crate of crates) add(crate, path);
  for (const { path, crates } of input.python) for (const crate of crates) add(crate, path);
  return linkTypes({
    ...input,
    peerType: (file, key) => peerType(file, key, () => {}),
    filesOf: (crate) => [...(byCrate.get(crate) ?? [])].sort().flatMap((path): readonly PeerFile[] => listed(inFile(path))),
    meetings: meetingsOf,
    namedIn: namesIn,
  });
}

function listed(file: PeerFile | null): readonly PeerFile[] {
  return file ? [file] : [];
}

function definitionFile({ definitions, typedefs, mentions }: CUnit, kind: string, name: string): string | null {
  const found =
    kind === 'typedef'
      ? typedefs.find((one) => one.name === name)
      : (definitions.find((one) => one.kind === kind && one.tag === name) ?? mentions.find((one) => one.tag === kind && one.name === name));
  return found && !found.at.file.startsWith('<') ? found.at.file : null;
}
