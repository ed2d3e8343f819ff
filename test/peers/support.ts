/** Peers of a workspace in memory, as the session of the engine makes them. */
import { silentLog } from '../../server/src/base/log.ts';
import { defaultConfig, readConfig } from '../../server/src/config/read-config.ts';
import { createSession } from '../../server/src/engine/session.ts';
import type { Session, Snapshot } from '../../server/src/engine/session.types.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';

export const ROOT = '/w';

export interface World {
  readonly session: Session;
  readonly snapshot: Snapshot;
}

/** Files by relative path; a manifest is added where there is none. */
export async function world(files: Readonly<Record<string, string>>, targets = ['x86_64-unknown-linux-gnu']): Promise<World> {
  const all: Record<string, string> = {
    'Cargo.toml': '[package]\nname = "sample"\nversion = "0.1.0"\n\n[lib]\ncrate-type = ["cdylib"]\n',
    ...files,
  };
  const fs = memoryFs(Object.fromEntries(Object.entries(all).map(([name, text]) => [`${ROOT}/${name}`, text])));
  const config = 'ffi-lint.toml' in all ? readConfig(fs, ROOT, []).value : defaultConfig();
  const session = createSession({
    fs,
    log: silentLog,
    parsers: await testParsers(),
    rules: [],
    configFor: () => config,
    target: targets[0] ?? null,
    targets,
  });
  const named = (pattern: RegExp) =>
    Object.keys(all)
      .filter((name) => pattern.test(name))
      .map((name) => `${ROOT}/${name}`)
      .sort();
  session.open({
    rust: named(/\.rs$/),
    manifests: named(/(?:^|\/)Cargo\.toml$/),
    headers: named(/\.(?:hh?|hpp|hxx|h\+\+|c)$/),
    python: named(/\.py$/),
    report: null,
    problems: [],
  });
  return { session, snapshot: session.snapshot() };
}

/** For each symbol of the Rust side the files that it is linked to with what makes it sure, or why it is not. */
export function links({ snapshot }: World): Readonly<Record<string, string>> {
  const { peers, surface } = snapshot;
  const out: Record<string, string> = {};
  for (const fn of surface.functions) {
    if (fn.symbol === null) continue;
    const found = peers.linkedTo(fn).map(({ peer, certainty }) => `${peer.file.slice(ROOT.length + 1)} (${certainty})`);
    const why = peers.unlinked.find(({ name }) => name === fn.symbol);
    out[fn.symbol] = found.length > 0 ? found.join(', ') : (why?.why ?? 'nothing');
  }
  return out;
}
