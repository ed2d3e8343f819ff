/** Gives the linking of types what it needs of files: the type behind a name in a header, and the files that belong to a crate. */
import type { LinkedFn, LinkedType, PeerFile, PeerType, Peers } from '../abi/peers/peers.ts';
import { linkTypes } from '../abi/peers/type-links.ts';
import type { Target } from '../abi/targets.ts';
import type { CUnit } from '../model/c/ast.ts';
import type { Workspace } from '../model/workspace.ts';

export interface PeerTypesInput extends Pick<Peers, 'targets' | 'rustSignature' | 'rustDef' | 'inFile' | 'cName'> {
  readonly workspace: Workspace;
  readonly linked: readonly LinkedFn[];
  /** Python files, and the exported symbols that each mentions, by the crates' root files. */
  readonly python: readonly { readonly path: string; readonly crates: ReadonlySet<string> }[];
  unit(path: string, target: Target): CUnit | null;
  /** Headers and Python files that a `[[links]]` table gives to crates. */
  readonly configured: PeerTypesInput['python'];
}

export function typesOf(input: PeerTypesInput): readonly LinkedType[] {
  const { linked, inFile, unit, targets } = input;
  const [target] = targets;
  const peerType = (file: string, key: string): PeerType | null => {
    const [kind = '', name = ''] = key.split(' ');
    const made = target && /\.(?:py|pyi)$/.test(file) === false ? unit(file, target) : null;
    const place = made ? definitionFile(made, kind, name) : file;
    return place === null ? null : (inFile(place)?.types.find((one) => one.name === (made ? name : key)) ?? null);
  };
  const byCrate = new Map<string, Set<string>>();
  const add = (crate: string, file: string): void => {
    const known = byCrate.get(crate) ?? new Set();
    byCrate.set(crate, known.add(file));
  };
  for (const { rust, peer } of linked) {
    const crate = rust.item.module.crate.root.file.path;
    add(crate, peer.file);
    if (peer.language !== 'c' || !target) continue;
    // What a linked header includes is part of what it says.
    for (const file of unit(peer.file, target)?.files ?? []) if (!file.startsWith('<')) add(crate, file);
  }
  for (const { path, crates } of input.configured) for (const crate of crates) add(crate, path);
  for (const { path, crates } of input.python) for (const crate of crates) add(crate, path);
  return linkTypes({
    ...input,
    peerType,
    filesOf: (crate) => [...(byCrate.get(crate) ?? [])].sort().flatMap((path): readonly PeerFile[] => listed(inFile(path))),
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
