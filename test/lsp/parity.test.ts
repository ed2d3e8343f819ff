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
    const told = (await editor.pullWorkspace()).items.flatMap((report) => {
      const file = path.relative(examples, fileURLToPath(report.uri));
      return (report.kind === 'full' ? report.items : []).map(({ code, severity, range: { start } }) =>
        [file, start.line + 1, start.character + 1, code, severities[severity ?? 0]].join(':'),
      );
    });
    // What is said of both sides stands on the partner file too; the command line tells it once.
    const mirrored = told.filter((one) => !reported.includes(one));
    const ruleOf = (one: string) => one.split(':')[3];
    expect(mirrored.filter((one) => !reported.some((other) => ruleOf(other) === ruleOf(one)))).toEqual([]);
    expect(told.filter((one) => reported.includes(one)).sort()).toEqual([...reported].sort());
    expect(told.length).toBeGreaterThan(0);
  } finally {
    child.kill('SIGKILL');
  }
});
