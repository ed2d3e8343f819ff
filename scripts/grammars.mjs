/** Puts the grammars into grammars/: copies the .wasm files of the locked npm packages and checks them against SOURCES.md. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROW = /^\| (\S+\.wasm) \| (\S+) \| (\S+) \| (\S+) \|$/gm;

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The version and the .wasm file at the top of an installed package: its only one, or that of the same name where there are several. */
function locate(root, name, file) {
  const folder = path.join(root, 'node_modules', name);
  if (!existsSync(folder)) throw new Error(`grammars/SOURCES.md: package ${name} is not installed, run npm ci`);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const all = readdirSync(folder).filter((one) => one.endsWith('.wasm'));
  const wasm = all.length > 1 ? all.filter((one) => one === file) : all;
  if (wasm.length !== 1) throw new Error(`grammars/SOURCES.md: package ${name} has ${all.length} .wasm files, and not one that is meant`);
  return { version, wasm: path.join(folder, wasm[0]) };
}

/** Written beside and renamed, so that a parallel run never reads half a file. */
function place(file, bytes) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, bytes);
  renameSync(draft, file);
}

/**
 * Copies what is missing or differs and returns the names of the files copied. With `update`, versions and hashes
 * in SOURCES.md become those of the installed packages; without it a difference is an error.
 */
export function installGrammars(root, { update = false } = {}) {
  const folder = path.join(root, 'grammars');
  const table = path.join(folder, 'SOURCES.md');
  const text = readFileSync(table, 'utf8');
  mkdirSync(folder, { recursive: true });
  const copied = [];
  const rewritten = text.replace(ROW, (row, file, name, version, hash) => {
    const source = locate(root, name, file);
    const target = path.join(folder, file);
    if (!update && source.version !== version) {
      throw new Error(
        `grammars/SOURCES.md: ${name} is ${version} there but ${source.version} is installed, run node scripts/grammars.mjs --update`,
      );
    }
    if (!update && existsSync(target) && sha256(readFileSync(target)) === hash) return row;
    const bytes = readFileSync(source.wasm);
    const found = sha256(bytes);
    if (!update && found !== hash) {
      throw new Error(`grammars/SOURCES.md: ${file} of ${name} ${version} has sha256 ${found}, expected ${hash}; reinstall with npm ci`);
    }
    place(target, bytes);
    copied.push(file);
    return `| ${file} | ${name} | ${source.version} | ${found} |`;
  });
  if (rewritten !== text) writeFileSync(table, rewritten);
  return copied;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
    const copied = installGrammars(root, { update: process.argv.includes('--update') });
    if (copied.length > 0) console.log(`grammars: ${copied.join(', ')}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
