/** Which rustc and cargo a folder gets, told without starting them: what is cached holds for one of them only. */
import { homedir } from 'node:os';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { dirname, joinPath, normalizePath } from '../../base/paths.ts';
import { programInPath, stampOf } from '../../host/stamps.ts';

/** Variables that change what cargo and rustc do with the same sources. */
const VARIABLES =
  /^(?:RUSTFLAGS|RUSTUP_TOOLCHAIN|RUSTC|CARGO_ENCODED_RUSTFLAGS|CARGO_BUILD_.*|CARGO_TARGET_.*|CARGO_PROFILE_.*|CC|CFLAGS|.*_DIR)$/;

/** The rustc that cargo runs where no file of its configuration names another one. */
export function rustcProgram(env: NodeJS.ProcessEnv = process.env): string {
  return env['RUSTC'] || env['CARGO_BUILD_RUSTC'] || 'rustc';
}

/** A text that changes when another toolchain, another version of it or other settings would be used in the folder. */
export function toolchainMark(folder: string, fs: FileSystem, env: NodeJS.ProcessEnv = process.env): string {
  const home = normalizePath(homedir());
  const rustup = normalizePath(env['RUSTUP_HOME'] ?? joinPath(home, '.rustup'));
  const cargo = normalizePath(env['CARGO_HOME'] ?? joinPath(home, '.cargo'));
  const lines = [rustcProgram(env), 'cargo'].map((name) => stampOf(programInPath(name, env) ?? name));
  // rustup's own programs stand for any version: which one is said by its settings, and an update changes the toolchain's folder.
  lines.push(stampOf(joinPath(rustup, 'settings.toml')));
  for (const name of fs.list(joinPath(rustup, 'toolchains'))) {
    const toolchain = joinPath(rustup, `toolchains/${name}`);
    lines.push(stampOf(joinPath(toolchain, 'lib')), stampOf(joinPath(toolchain, 'bin/rustc')), stampOf(joinPath(toolchain, 'lib/rustlib')));
  }
  const settings = ['rust-toolchain', 'rust-toolchain.toml', '.cargo/config', '.cargo/config.toml'];
  for (const around of [...ancestors(folder), cargo]) {
    for (const name of around === cargo ? ['config', 'config.toml'] : settings) {
      const text = fs.isFile(joinPath(around, name)) ? fs.read(joinPath(around, name)) : null;
      if (text !== null) lines.push(`${around}/${name}\n${isFailure(text) ? text.failure : text}`);
    }
  }
  const variables = Object.entries(env).filter(([name]) => VARIABLES.test(name));
  return [...lines, ...variables.map(([name, value]) => `${name}=${value}`).sort()].join('\n');
}

function ancestors(folder: string): readonly string[] {
  const out = [folder];
  for (let at = folder; dirname(at) !== at; at = dirname(at)) out.push(dirname(at));
  return out;
}
