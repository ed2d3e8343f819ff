/** Where cargo's target folder is, by the environment and the configuration files. */
import { expect, test } from 'vitest';
import { targetFolder } from '../../server/src/engine/cargo-target.ts';
import { cargoEnvironment } from '../../server/src/host/cargo-environment.ts';
import { memoryFs } from '../support/memory-fs.ts';

const BUILD = '[build]\ntarget-dir = ';
const home = { targetDir: null, home: '/home/me/.cargo' };

test.each([
  ['nothing is said', {}, home, '/w/app/target'],
  ['the workspace says it', { '/w/app/.cargo/config.toml': `${BUILD}"out"\n` }, home, '/w/app/out'],
  ['the old name of the file', { '/w/app/.cargo/config': `${BUILD}"out"\n` }, home, '/w/app/out'],
  ['a folder above says it', { '/w/.cargo/config.toml': `${BUILD}'built'\n` }, home, '/w/built'],
  ['the nearest wins', { '/w/.cargo/config.toml': `${BUILD}"a"\n`, '/w/app/.cargo/config.toml': `${BUILD}"b"\n` }, home, '/w/app/b'],
  ['an absolute path', { '/w/app/.cargo/config.toml': 'build.target-dir = "/fast/target"\n' }, home, '/fast/target'],
  ['the user says it', { '/home/me/.cargo/config.toml': `${BUILD}"all"\n` }, home, '/home/me/all'],
  ['of another table', { '/w/app/.cargo/config.toml': '[profile.x]\ntarget-dir = "no"\n' }, home, '/w/app/target'],
  ['a file that does not parse', { '/w/app/.cargo/config.toml': '[build\ntarget-dir = "no"\n' }, home, '/w/app/target'],
  ['the environment wins', { '/w/app/.cargo/config.toml': `${BUILD}"out"\n` }, { targetDir: '/env', home: null }, '/env'],
  ['no environment', {}, null, '/w/app/target'],
])('%s', (_, files, environment, expected) => {
  expect(targetFolder(memoryFs(files), '/w/app', environment)).toBe(expected);
});

test('variables are read as cargo reads them', () => {
  expect(cargoEnvironment({ CARGO_TARGET_DIR: 'out', CARGO_HOME: '/c' }, '/w')).toEqual({ targetDir: '/w/out', home: '/c' });
  expect(cargoEnvironment({ CARGO_BUILD_TARGET_DIR: '/b', CARGO_TARGET_DIR: '' }, '/w').targetDir).toBe('/b');
  expect(cargoEnvironment({}, '/w').targetDir).toBe(null);
});
