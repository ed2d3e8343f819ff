/** Checks the C and Python files of a test case with the installed compilers. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hashOf, remembered, run } from './process.ts';

export interface Judged {
  /** What the compiler said against a file; empty where it is content. */
  readonly complaint: string;
}

export type Judgement = Judged | { readonly unavailable: string };

/** `cc -fsyntax-only` for C and C++ (found headers of the case included), `py_compile` for Python. */
export async function judge(files: ReadonlyMap<string, string>, name: string): Promise<Judgement> {
  const others = [...files].filter(([one]) => /\.(?:h|hpp|c|py)$/.test(one)).sort();
  const key = hashOf('1', name, others);
  return remembered<Judgement>(
    'others',
    key,
    () => judgeFresh(others, name),
    (made) => 'complaint' in made,
  );
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
