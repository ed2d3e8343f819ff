/** Which C compiler can lay types out for a target, and with which arguments. */
import type { Target } from '../../abi/targets.ts';
import type { RunOptions, ProcessResult } from '../../host/process.ts';
import { runProcess } from '../../host/process.ts';

export interface CCompiler {
  /** As it is started: a name or a path. */
  readonly program: string;
  readonly clang: boolean;
  /** What it is called and its version, in one line. */
  readonly version: string;
  /** What makes it compile for the target. */
  readonly args: readonly string[];
}

export type RunCompiler = (program: string, args: readonly string[], options?: RunOptions) => Promise<ProcessResult>;

export interface CCompilers {
  /** A compiler for the target, or why there is none. Each is asked once. */
  find(target: Target, wanted: string | null): Promise<CCompiler | { readonly failure: string }>;
}

interface Found {
  readonly program: string;
  readonly clang: boolean;
  readonly version: string;
  /** `x86_64-linux-gnu`. */
  readonly machine: string;
}

const ASK_TIMEOUT = 10_000;

/** Where a compiler for another machine is wanted: whatever clang is there. */
const CLANGS = ['clang', ...Array.from({ length: 10 }, (_, i) => `clang-${22 - i}`)];

export function createCompilers(env: Readonly<Record<string, string | undefined>>, run: RunCompiler = runProcess): CCompilers {
  const asked = new Map<string, Promise<Found | null>>();
  const ask = (program: string): Promise<Found | null> => {
    const known = asked.get(program);
    if (known) return known;
    const made = look(program, run);
    asked.set(program, made);
    return made;
  };
  return {
    async find(target, wanted) {
      const named = env['CC']?.trim().split(/\s+/)[0] ?? null;
      const first = [wanted, named, 'cc', 'gcc'].filter((one): one is string => one !== null && one !== '');
      const found: string[] = [];
      for (const program of [...first, ...CLANGS]) {
        const one = await ask(program);
        if (!one) continue;
        const args = argumentsFor(one, target);
        if (args) return { program, clang: one.clang, version: one.version, args };
        found.push(program);
      }
      if (found.length === 0) return { failure: 'no C compiler was found: cc, gcc or clang must be in PATH, or CC name one' };
      return { failure: `${found.join(', ')} cannot compile for ${target.triple}: that needs clang` };
    },
  };
}

async function look(program: string, run: RunCompiler): Promise<Found | null> {
  const options = { timeout: ASK_TIMEOUT, env: ENGLISH };
  const said = await run(program, ['--version'], options);
  if (said.code !== 0) return null;
  const machine = (await run(program, ['-dumpmachine'], options)).stdout.trim();
  const version = said.stdout.split('\n')[0]?.trim() ?? '';
  return machine === '' ? null : { program, clang: /\bclang\b/i.test(said.stdout), version, machine };
}

/** Messages are read. */
export const ENGLISH = { LC_ALL: 'C', LANGUAGE: null } as const;

/** null where the compiler cannot compile for the target. */
function argumentsFor({ clang, machine }: Found, target: Target): readonly string[] | null {
  const { triple } = target;
  if (sameMachine(machine, triple)) return [];
  if (canHalve(machine, triple)) return ['-m32'];
  // Without a row for C, LLVM means another ABI by the name, or lays it out otherwise than the system's compiler.
  if (!clang || target.c === null) return null;
  return [`--target=${llvmTriple(triple)}`, ...freestanding];
}

/** The headers of this machine are not those of the target. */
const freestanding = ['-ffreestanding', '-nostdlibinc'];

/** `x86_64-linux-gnu`, `x86_64-pc-linux-gnu`, `x86_64-unknown-linux-gnu` and `x86_64-redhat-linux` are one. */
function sameMachine(machine: string, triple: string): boolean {
  const [a, b] = [parts(machine), parts(triple)];
  return a.arch === b.arch && a.os === b.os && (a.env === b.env || (a.os === 'linux' && a.env === '' && b.env === 'gnu'));
}

function canHalve(machine: string, triple: string): boolean {
  const [a, b] = [parts(machine), parts(triple)];
  return a.arch === 'x86_64' && /^i[3-6]86$/.test(b.arch) && a.os === 'linux' && b.os === 'linux' && a.env === b.env;
}

interface Parts {
  readonly arch: string;
  readonly os: string;
  readonly env: string;
}

function parts(triple: string): Parts {
  const [arch = '', ...rest] = triple.split('-');
  const list = rest.filter((word) => !/^(unknown|pc|redhat|suse|alpine|apple|w64|none)$/.test(word));
  const [os = '', env = ''] = list;
  // arm64-apple-darwin24.1.0; a mingw32 is Windows.
  const plain = os
    .replace(/[\d.]+$/, '')
    .replace(/^(?:mingw|windows)$/, 'windows')
    .replace(/^macosx?$/, 'darwin');
  const known: Readonly<Record<string, string>> = { arm64: 'aarch64', amd64: 'x86_64', i386: 'i686', i586: 'i686' };
  return { arch: known[arch] ?? arch, os: plain, env: os.startsWith('mingw') ? 'gnu' : env.replace(/[\d.]+$/, '') };
}

/** LLVM's name of a target where rustc's is another one (`llvm-target` of the specification) and clang would not say that it is unknown. */
function llvmTriple(triple: string): string {
  const [arch = '', ...rest] = triple.split('-');
  const os = rest.join('-');
  if (os === 'unknown-uefi') return `${arch}-unknown-windows${arch === 'i686' ? '-gnu' : ''}`;
  if (os.startsWith('wrs-vxworks')) return `${arch}-unknown-linux-gnu${os.slice('wrs-vxworks-'.length)}`;
  if (os === 'unknown-illumos') return `${arch}-pc-solaris`;
  return [/^riscv(32|64)/.exec(arch)?.[0] ?? arch, os.replace(/-gnullvm$/, '-gnu')].join('-');
}
