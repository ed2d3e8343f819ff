/** Bundles the command line, the language server, the probes' worker and the VS Code client into dist/, each one CommonJS file. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint, isFresh, markFresh, root } from './stamp.mjs';

const BUNDLES = [
  { entry: 'server/src/cli/main.ts', out: 'dist/cli.cjs' },
  { entry: 'server/src/lsp/main.ts', out: 'dist/server.cjs' },
  { entry: 'server/src/probe/worker.ts', out: 'dist/probe-worker.cjs' },
  { entry: 'client/src/extension.ts', out: 'dist/client.cjs' },
];

/** Options that every bundle of this project's sources shares. */
export const bundleOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The ES modules of UMD packages: their CommonJS form hides its imports from the bundler.
  mainFields: ['module', 'main'],
  // The ES module finds itself through import.meta, which CommonJS does not have.
  alias: { 'web-tree-sitter': path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.cjs') },
  // vscode is given by the editor; koffi loads native code and stays a package.
  external: ['vscode', 'koffi'],
  logLevel: 'warning',
};

/** Makes the bundles whose entries exist; `say` gets a line per step. */
export async function bundle(say = console.log) {
  const present = BUNDLES.filter(({ entry }) => existsSync(path.join(root, entry)));
  for (const { entry, out } of BUNDLES) {
    if (!existsSync(path.join(root, entry))) say(`bundle: ${out} is left out, ${entry} does not exist`);
  }
  const print = fingerprint(['server/src', 'client/src', 'package.json', 'package-lock.json', 'scripts/bundle.mjs']);
  const outputs = present.map(({ out }) => out);
  if (isFresh('bundles', print, outputs)) return;
  const { build } = await import('esbuild');
  await Promise.all(
    present.map(({ entry, out }) =>
      build({
        ...bundleOptions,
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: out,
        format: 'cjs',
        minifySyntax: true,
        sourcemap: 'external',
        legalComments: 'none',
      }),
    ),
  );
  markFresh('bundles', print);
  say(`bundle: ${outputs.join(', ')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
