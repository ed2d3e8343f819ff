/** Keystrokes in a long file that is dense with FFI: put together out of real sources, measured in a process of its own. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { benchFolder } from './bench-corpus.mjs';
import { bundleOptions } from './bundle.mjs';
import { root } from './stamp.mjs';

/** Bundles the program that types; its path. */
export async function keystrokeProgram() {
  const outfile = path.join(benchFolder, 'keystroke.cjs');
  const { build } = await import('esbuild');
  await build({ ...bundleOptions, absWorkingDir: root, entryPoints: ['test/bench/keystroke.ts'], outfile, format: 'cjs' });
  return outfile;
}

/** Median and worst of the keystrokes and one full parse of the file, in processor milliseconds. */
export function keystrokes(program, corpus, lines, steps) {
  const file = path.join(benchFolder, `dense-${lines}.rs`);
  writeFileSync(file, denseFile(corpus, lines));
  const result = spawnSync(process.execPath, [program, root, file, String(steps)], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`the keystroke bench failed\n${result.stderr.slice(-2000)}`);
  return JSON.parse(result.stdout);
}

/** Files of the corpus that are full of exports and of unsafe code, each a module of one file. */
function denseFile(corpus, lines) {
  const modules = [];
  let count = 0;
  for (const name of readdirSync(corpus, { recursive: true }).sort()) {
    if (!name.endsWith('.rs') || !name.includes(`${path.sep}src${path.sep}`)) continue;
    const text = readFileSync(path.join(corpus, name), 'utf8');
    const own = text.split('\n').length;
    const dense = (text.match(/\bextern "C"|\bunsafe\b/g)?.length ?? 0) > own / 40 && /\bextern "C" fn\b/.test(text);
    // A file is at most a tenth of the whole, so that no single style makes it up.
    if (!dense || own < 60 || own > Math.max(lines / 10, 600) || /generated/i.test(text.slice(0, 2000))) continue;
    modules.push(`mod m${modules.length} {\n${text}\n}\n`);
    count += own + 2;
    if (count >= lines) break;
  }
  return modules.join('');
}
