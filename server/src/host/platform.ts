/** What this machine is: its target triple and where caches go. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { joinPath, normalizePath } from '../base/paths.ts';

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  ia32: 'i686',
  arm64: 'aarch64',
  arm: 'armv7',
  riscv64: 'riscv64gc',
  s390x: 's390x',
  ppc64: 'powerpc64',
  loong64: 'loongarch64',
  mips: 'mips',
  mipsel: 'mipsel',
};

/** The triple of the machine that this process runs on, or null for one that Rust has no name for here. */
export function hostTriple(): string | null {
  return tripleOf(process.platform, process.arch, usesMusl(), littleEndian());
}

/** The Rust target triple of a Node platform and architecture (names: rustc's platform support page). */
export function tripleOf(platform: string, arch: string, musl: boolean, little: boolean): string | null {
  const cpu = arch === 'ppc64' && little ? 'powerpc64le' : ARCHITECTURES[arch];
  if (cpu === undefined) return null;
  switch (platform) {
    case 'linux':
      return `${cpu}-unknown-linux-${musl ? 'musl' : 'gnu'}${cpu === 'armv7' ? 'eabihf' : ''}`;
    case 'darwin':
      return `${cpu}-apple-darwin`;
    case 'win32':
      return `${cpu}-pc-windows-msvc`;
    case 'freebsd':
    case 'openbsd':
      return `${cpu}-unknown-${platform}`;
    case 'android':
      return cpu === 'armv7' ? 'armv7-linux-androideabi' : `${cpu}-linux-android`;
    case 'sunos':
      return cpu === 'x86_64' ? 'x86_64-unknown-illumos' : null;
    default:
      return null;
  }
}

/** A musl loader and no glibc loader: Alpine and its like. */
function usesMusl(): boolean {
  const [cpu] = (ARCHITECTURES[process.arch] ?? '').split('gc');
  const glibc = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1', '/lib/ld-linux-armhf.so.3', '/lib/ld-linux.so.2'];
  return existsSync(`/lib/ld-musl-${cpu}.so.1`) && !glibc.some((loader) => existsSync(loader));
}

function littleEndian(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}

/** Where caches of this program go (absolute, forward slashes); the folder may not exist. */
export function userCacheDir(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const home = normalizePath(homedir());
  // The XDG specification: a relative path is to be ignored.
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg?.startsWith('/')) return joinPath(xdg, 'ffi-lint');
  if (platform === 'win32') return joinPath(env['LOCALAPPDATA'] ?? joinPath(home, 'AppData/Local'), 'ffi-lint/cache');
  return joinPath(home, platform === 'darwin' ? 'Library/Caches/ffi-lint' : '.cache/ffi-lint');
}
