/** Flags and commands: what is refused, and how it is told. */
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../server/src/cli/command-table.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { CLEAN, MANIFEST, run } from './support.ts';

describe('refused, with exit code 2 and nothing on stdout', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['--fixx', 'there is no flag --fixx; did you mean --fix?'],
    ['--output-fromat json', 'did you mean --output-format?'],
    ['-f jsno', '-f cannot be `jsno`; did you mean `json`?'],
    ['-f', '-f needs a value: one of text, concise, json'],
    ['--config --fix', '--config needs a value'],
    ['--fix=yes', '--fix takes no value'],
    ['-f json -f sarif', 'two formats would both go to stdout'],
    ['--only repr-c-mising', 'there is no rule or group `repr-c-mising`; did you mean `repr-c-missing`?'],
    ['-D nothing-like-it', 'there is no rule or group `nothing-like-it`'],
    ['--max-warnings many', '--max-warnings needs a whole number, not `many`'],
    ['--timeout 0', '--timeout needs a number of seconds'],
    ['--target linux', 'there is no target `linux`'],
    ['--target x86_64-unknown-linux-gun', 'did you mean `x86_64-unknown-linux-gnu`?'],
    ['--staged --changed', '--staged and --changed do not go together'],
    ['-', '`-` needs --stdin-filename'],
    ['--stdin-filename a.rs', '--stdin-filename needs `-` as the path'],
    ['- --stdin-filename a.rs --fix', 'standard input cannot be fixed'],
    ['no/such/folder', 'no/such/folder does not exist'],
    ['chekc', 'there is no command or path `chekc`; did you mean `check`?'],
    ['deploy', 'there is no command or path `deploy`'],
    ['generate', 'what to generate is missing'],
    ['--baseline none.json', 'the baseline none.json does not exist'],
    ['-c none.toml', 'none.toml does not exist'],
    ['--manifest-path src/lib.rs', 'src/lib.rs is no Cargo.toml'],
    ['rule --fix', '`ffi-lint rule` has no flag --fix'],
    ['rule repr-c-mising', 'did you mean `repr-c-missing`?'],
    ['doctor now', '`ffi-lint doctor` takes no argument, not `now`'],
    ['completions elvish', 'the shells are bash, zsh, fish, powershell'],
    ['server', 'server needs either --stdio or --node-ipc'],
    ['help chck', 'did you mean `check`?'],
  ];
  it.each(cases)('%s', async (line, message) => {
    const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': CLEAN });
    const { code, out, err } = await run(folder, line.split(' '), {});
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toMatch(/^\s+at /m);
  });
});

it('takes --probe auto and --verify auto: they fall back where nothing can be measured', async () => {
  const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': CLEAN });
  expect((await run(folder, ['--probe', 'auto', '--verify', 'auto'])).code).toBe(0);
});

it.each(COMMANDS.map(({ name }) => name))('%s has help within 100 columns', async (name) => {
  const { code, out } = await run('/', [name, '--help']);
  expect(code).toBe(0);
  expect(out).toContain(`usage: ffi-lint ${name}`);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  expect((await run('/', ['help', name])).out).toBe(out);
});

it('knows commands by their other name, wherever flags stand', async () => {
  const { out } = await run('/', ['--color', 'never', 'explain', 'repr-c-missing']);
  expect(out).toMatch(/^repr-c-missing\n/);
});
