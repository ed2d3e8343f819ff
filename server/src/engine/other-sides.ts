/** A report on a part of the files: findings about a pair of which only the other side is among them. */
import type { Surface } from '../model/surface/surface.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Unit } from '../rules/rule.ts';
import type { Finding } from './finding.ts';
import type { EnginePeers } from './peers.ts';
import type { BindingFiles } from './peers-bindings.ts';
import { peerUnits, unitsOf } from './units.ts';

export interface OtherSides {
  readonly workspace: Workspace;
  readonly surface: Surface;
  readonly peers: EnginePeers;
  readonly bindings: BindingFiles;
  /** Whether findings in a file are asked for. */
  asked(path: string): boolean;
  /** Whether findings in a file may be told at all. */
  allowed(path: string): boolean;
}

/**
 * What stands beside the files that were asked for: all Rust, where one of these is a header or binding; headers and bindings, where
 * one is Rust. A finding about such a pair stands in one of its files only, which need not be the one that was changed.
 */
export function otherSides({ workspace, surface, peers, bindings, asked, allowed }: OtherSides): readonly Unit[] {
  const files = [...peers.headers(), ...peers.pythonFiles(), ...bindings.files().map(({ path }) => path)];
  const beside = (path: string): boolean => allowed(path) && !asked(path);
  const rust = files.some(asked) ? unitsOf(workspace, surface, beside) : [];
  const others = [...workspace.files.keys()].some(asked) ? peerUnits(peers, bindings, beside) : [];
  return [...rust, ...others];
}

/** Whether a finding is about one of the files that were asked for: it stands there, or names a place there in another language. */
export function concerns({ at, related, mirror }: Finding, asked: (path: string) => boolean): boolean {
  if (asked(at.file)) return true;
  const places = [...related.map((one) => one.at), ...(mirror ? [mirror] : [])];
  return places.some(({ file }) => isRust(file) !== isRust(at.file) && asked(file));
}

function isRust(path: string): boolean {
  return path.endsWith('.rs');
}
