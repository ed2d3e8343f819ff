/** The editor and the command line say the same of the same folder. */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { introduce } from './support/client.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const examples = path.join(root, 'examples');

interface Reported {
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly file: string;
    readonly range: { readonly start: { readonly line: number; readonly column: number } };
  }[];
}

it('finds in examples/ what the command line finds there', async () => {
  expect(spawnSync(process.execPath, [path.join(root, 'scripts/bundle.mjs')]).status).toBe(0);
  const args = [path.join(root, 'bin/ffi-lint.cjs'), 'check', '--output-format', 'json'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: examples, encoding: 'utf8', maxBuffer: 1 << 26 });
  const reported = (JSON.parse(stdout) as Reported).findings.map(({ rule, severity, file, range: { start } }) =>
    [file, start.line, start.column, rule, severity].join(':'),
  );
  const child = spawn(process.execPath, [path.join(root, 'dist/server.cjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const settings = { diagnostics: { scope: 'workspace' } };
    const editor = await introduce(connection, { folders: [pathToFileURL(examples).href], settings });
    const severities = ['', 'error', 'warning', 'info', 'hint'];
    const told: string[] = [];
    for (const report of (await editor.pullWorkspace()).items) {
      const file = path.relative(examples, fileURLToPath(report.uri));
      for (const { code, severity, range: at, relatedInformation } of report.kind === 'full' ? report.items : []) {
        const place = (name: string, { line, character }: { readonly line: number; readonly character: number }) =>
          [name, line + 1, character + 1, code, severities[severity ?? 0]].join(':');
        const own = place(file, at.start);
        // What is said of both sides stands on the partner file too, and leads to the place where the command line tells it.
        const [origin] = relatedInformation ?? [];
        const from = origin && place(path.relative(examples, fileURLToPath(origin.location.uri)), origin.location.range.start);
        if (reported.includes(own) || from === undefined || !reported.includes(from)) told.push(own);
      }
    }
    expect(told.sort()).toEqual([...reported].sort());
    expect(told.length).toBeGreaterThan(0);
  } finally {
    child.kill('SIGKILL');
  }
});
