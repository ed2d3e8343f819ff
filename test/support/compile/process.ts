/** Runs compilers for tests: as many at once as there are cores, results kept in the user's cache folder. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import path from 'node:path';

/** In the user's cache folder: compilers' outputs are large and outlive a clone. */
export const cacheFolder =
  process.env['FFI_LINT_CACHE'] ?? path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'ffi-lint');

export interface Ended {
  /** null where the program could not be started. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let free = availableParallelism();
const waiting: (() => void)[] = [];

/** Waits for a free core, then for the program's end. Never rejects. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  while (free === 0) await new Promise<void>((wake) => waiting.push(wake));
  free--;
  try {
    return await new Promise<Ended>((done) => {
      let stdout = '';
      let stderr = '';
      const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('error', (error) => done({ status: null, stdout, stderr: error.message }));
      child.on('close', (status) => done({ status, stdout, stderr }));
    });
  } finally {
    free++;
    waiting.shift()?.();
  }
}

export function hashOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** What was made for a key before, or what `make` makes now; `keep` says whether it may be used again. */
export async function remembered<T>(kind: string, key: string, make: () => Promise<T>, keep: (made: T) => boolean): Promise<T> {
  const file = path.join(cacheFolder, kind, `${key}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  const made = await make();
  if (keep(made)) {
    mkdirSync(path.dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(made));
    renameSync(draft, file);
  }
  return made;
}
