/** Checks the files of other languages than Rust of a test case: with the installed compilers, or by parsing them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transform } from 'esbuild';
import { testParsers } from '../parsers.ts';
import { hashOf, remembered, run } from './process.ts';

export interface Judged {
  /** What the compiler said against a file; empty where it is content. */
  readonly complaint: string;
}

export type Judgement = Judged | { readonly unavailable: string };

/** `cc -fsyntax-only` for C and C++ (found headers of the case included), `py_compile` for Python, esbuild for JavaScript; C# is parsed. */
export async function judge(files: ReadonlyMap<string, string>, name: string): Promise<Judgement> {
  if (/\.(?:[cm]?[jt]s|cs)$/.test(name)) return { complaint: await parsed(name, files.get(name) ?? '') };
  const others = [...files].filter(([one]) => /\.(?:h|hpp|c|py)$/.test(one)).sort();
  const key = hashOf('1', name, others);
  return remembered<Judgement>(
    'others',
    key,
    () => judgeFresh(others, name),
    (made) => 'complaint' in made,
  );
}

async function parsed(name: string, text: string): Promise<string> {
  if (name.endsWith('.cs')) {
    const parsers = await testParsers();
    await parsers.prepare('csharp');
    return parsers.parse('csharp', text, 0).hasError(0) ? `${name} does not parse` : '';
  }
  try {
    await transform(text, { loader: name.endsWith('js') ? 'js' : 'ts', logLevel: 'silent' });
    return '';
  } catch (error) {
    return String(error);
  }
}

async function judgeFresh(files: readonly (readonly [string, string])[], name: string): Promise<Judgement> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-case-'));
  try {
    for (const [one, text] of files) {
      mkdirSync(path.dirname(path.join(folder, one)), { recursive: true });
      writeFileSync(path.join(folder, one), text);
    }
    const [program, args] = name.endsWith('.py')
      ? ['python3', ['-m', 'py_compile', name]]
      : [
          'cc',
          [
            '-fsyntax-only',
            '-w',
            '-x',
            name.endsWith('.hpp') ? 'c++' : 'c',
            ...new Set(files.map(([one]) => `-I${path.dirname(one)}`)),
            name,
          ],
        ];
    const { status, stderr, stdout } = await run(program, args, folder);
    if (status === null) return { unavailable: `${program} is not installed` };
    return { complaint: status === 0 ? '' : `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
