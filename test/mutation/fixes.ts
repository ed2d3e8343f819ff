/** What the fixes make of mistakes that were planted: counted by rule, compiled where the crate compiles, and the page about it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Mended, Mending } from './run.ts';
import type { Mutation, Mutator } from './world.ts';

export interface Fixed {
  readonly mutator: Mutator;
  readonly mutation: Mutation;
  readonly mended: Mended;
  /** Null where the crate does not compile here, or does not with the mistake in it either. */
  readonly compiles: boolean | null;
  /** What the compiler says where it does not. */
  readonly said: string;
}

/** Compiles texts in a copy of the crate; null where there is none, or where it does not compile as it is. */
export type Compile = (texts: ReadonlyMap<string, string>) => { readonly ok: boolean; readonly said: string };

/** `copies` holds a copy of the crate that cargo can build without the network. */
export function compilerFor(directory: string, copies: string | undefined, targets: string): Compile | null {
  const copy = copies === undefined ? null : path.join(copies, path.basename(directory));
  if (copy === null || !existsSync(path.join(copy, 'ffi-lint-fetched'))) return null;
  const check = (): { readonly ok: boolean; readonly said: string } => {
    const args = ['check', '--offline', '--lib', '--message-format', 'short', '--quiet'];
    const env = { ...process.env, CARGO_TARGET_DIR: targets, RUSTFLAGS: '--cap-lints=warn' };
    const { status, stderr } = spawnSync('cargo', args, { cwd: copy, encoding: 'utf8', env, timeout: 400_000 });
    return {
      ok: status === 0,
      said: stderr
        .split('\n')
        .filter((line) => line.includes('error'))
        .slice(0, 3)
        .join(' | '),
    };
  };
  if (!check().ok) return null;
  return (texts) => {
    const files = [...texts].map(([file, text]) => ({ file: path.join(copy, path.relative(directory, file)), text }));
    const before = files.map(({ file }) => readFileSync(file, 'utf8'));
    try {
      for (const { file, text } of files) writeFileSync(file, text);
      return check();
    } finally {
      files.forEach(({ file }, i) => {
        writeFileSync(file, before[i] ?? '');
      });
    }
  };
}

/** Everything that the fixes of one mistake make of it. Only a text that is not the crate's own has to be compiled. */
export function judged(mutator: Mutator, mutation: Mutation, { wrong, mended }: Mending, compile: Compile | null): readonly Fixed[] {
  let fair: boolean | null = null;
  return mended.map((one) => {
    if (one.original || !one.parses || compile === null)
      return { mutator, mutation, mended: one, compiles: one.original ? true : null, said: '' };
    const { ok, said } = compile(one.texts);
    if (!ok) fair ??= compile(wrong).ok;
    return { mutator, mutation, mended: one, compiles: ok ? true : fair === true ? false : null, said };
  });
}

/** One row a rule and kind of fix. */
export function fixPageOf(fixed: readonly Fixed[], { seed, crates }: { readonly seed: number; readonly crates: number }): string {
  const keys = [...new Set(fixed.map(({ mutator, mended }) => `${mutator.rule} ${mended.safe ? 'safe' : 'unsafe'}`))].sort();
  const rows = keys.map((key) => {
    const own = fixed.filter(({ mutator, mended }) => `${mutator.rule} ${mended.safe ? 'safe' : 'unsafe'}` === key);
    const count = (test: (one: Fixed) => boolean): number => own.filter(test).length;
    const [rule, kind] = key.split(' ');
    const compiled = own.filter(({ compiles }) => compiles !== null);
    return `| \`${rule}\` | ${kind} | ${own.length} | ${count(({ mended }) => mended.parses)} | ${count(({ mended }) => mended.gone)} | ${count(({ mended }) => !mended.again)} | ${count(({ mended }) => mended.original)} | ${compiled.filter(({ compiles }) => compiles).length} of ${compiled.length} |`;
  });
  const all = fixed.filter(({ compiles }) => compiles !== null);
  return `# Fixes of planted mistakes

\`npm run mutate -- --fix\` makes the [mistakes](mutation.md) in published crates and applies each fix that is offered for what is said of them:
the text must still parse, the finding must be gone, and the same fix must not be offered again. Where the code is then what the crate had
before, the mistake is undone to the letter; where it is not, and the crate compiles here, \`cargo check\` says whether the fixed crate does.
A mistake with which the crate does not compile in the first place is left out of the last column.

Seed ${seed}, ${crates} crates: ${fixed.length} fixes applied, ${fixed.filter(({ mended }) => mended.parses && mended.gone).length} parse and end their finding,
${fixed.filter(({ mended }) => mended.original).length} give the original text, ${all.filter(({ compiles }) => compiles).length} of ${all.length} compile.

| rule | fix | applied | parse | finding gone | not offered again | the original | compile |
|---|---|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}
`;
}
