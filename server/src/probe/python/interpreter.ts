/** Which Python runs a project's code. */
import type { FileSystem } from '../../base/io.ts';
import { dirname, joinPath } from '../../base/paths.ts';

/** Programs to try for a file, in order: the environment that is active, one beside the file or above it, what PATH has. */
export function interpreters(
  file: string,
  fs: FileSystem,
  env: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
): readonly string[] {
  const windows = platform === 'win32';
  const inside = windows ? 'Scripts/python.exe' : 'bin/python';
  const active = env['VIRTUAL_ENV'] ?? (env['CONDA_PREFIX'] && windows ? null : (env['CONDA_PREFIX'] ?? null));
  const out: string[] = active ? [joinPath(active, inside)] : [];
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    for (const name of ['.venv', 'venv']) {
      const program = joinPath(folder, `${name}/${inside}`);
      if (fs.isFile(program)) out.push(program);
    }
    if (folder === dirname(folder) || fs.isDirectory(joinPath(folder, '.git'))) break;
  }
  return [...out, ...(windows ? ['python', 'py'] : ['python3', 'python'])];
}
