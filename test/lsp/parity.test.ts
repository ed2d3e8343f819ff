/** The editor and the command line say the same of the same folder. */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { tempFolder } from '../support/temp-folder.ts';
import { introduce } from './support/client.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');

interface Reported {
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly file: string;
    readonly range: { readonly start: { readonly line: number; readonly column: number } };
    readonly target?: string;
  }[];
}

it('finds in examples/ what the command line finds there', () => compareIn(path.join(root, 'examples')));

it('finds for each of the targets of a configuration what the command line finds for it', async () => {
  const folder = tempFolder({
    'ffi-lint.toml': 'targets = ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc"]\n',
    'Cargo.toml': '[package]\nname = "span"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n',
    'include/span.h': 'typedef struct span { long from; int count; } span;\nlong span_length(const span *it);\nint span_count(void);\n',
    'src/lib.rs': `#[repr(C)]
pub struct span {
    pub from: i64,
    pub count: i32,
}

#[no_mangle]
pub extern "C" fn span_length(it: Option<&span>) -> i64 {
    it.map_or(0, |it| it.from)
}

#[no_mangle]
pub extern "C" fn span_count() -> i64 {
    0
}
`,
  });
  const told = await compareIn(folder);
  // A `long` has four bytes on the second target only; the count is wrong on both.
  expect(told.map((one) => one.split(':')[3]).sort()).toEqual(['layout-field-type', 'signature-width', 'signature-width-on-target']);
});

/** What both say of a folder: place, rule, severity. The editor has no other words for a finding of one target alone, so there may be none. */
async function compareIn(folder: string): Promise<readonly string[]> {
  expect(spawnSync(process.execPath, [path.join(root, 'scripts/bundle.mjs')]).status).toBe(0);
  const args = [path.join(root, 'bin/ffi-lint.cjs'), 'check', '--output-format', 'json'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  const reported = (JSON.parse(stdout) as Reported).findings.map(({ rule, severity, file, range: { start }, target }) =>
    [file, start.line, start.column, rule, severity, ...(target === undefined ? [] : [target])].join(':'),
  );
  const child = spawn(process.execPath, [path.join(root, 'dist/server.cjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const settings = { diagnostics: { scope: 'workspace' } };
    const editor = await introduce(connection, { folders: [pathToFileURL(folder).href], settings });
    const severities = ['', 'error', 'warning', 'info', 'hint'];
    const told: string[] = [];
    for (const report of (await editor.pullWorkspace()).items) {
      const file = path.relative(folder, fileURLToPath(report.uri));
      for (const { code, severity, range: at, relatedInformation } of report.kind === 'full' ? report.items : []) {
        const place = (name: string, { line, character }: { readonly line: number; readonly character: number }) =>
          [name, line + 1, character + 1, code, severities[severity ?? 0]].join(':');
        const own = place(file, at.start);
        // What is said of both sides stands on the partner file too, and leads to the place where the command line tells it.
        const [origin] = relatedInformation ?? [];
        const from = origin && place(path.relative(folder, fileURLToPath(origin.location.uri)), origin.location.range.start);
        if (reported.includes(own) || from === undefined || !reported.includes(from)) told.push(own);
      }
    }
    expect(told.sort()).toEqual([...reported].sort());
    expect(told.length).toBeGreaterThan(0);
    return told;
  } finally {
    child.kill('SIGKILL');
  }
}
