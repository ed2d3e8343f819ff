/** Reading and writing files. */
import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../server/src/host/failures.ts';
import { nodeFileSystem } from '../../server/src/host/file-system.ts';
import { overlayFileSystem } from '../../server/src/host/overlay.ts';
import { decodeUtf8, firstInvalidByte } from '../../server/src/host/utf8.ts';
import { atomicWrite } from '../../server/src/host/write.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('reading', () => {
  const fs = nodeFileSystem();

  test('a byte order mark stays', () => {
    const folder = tempFolder({ 'a.rs': '\uFEFFfn main() {} // ✓ 𝒳\r\n' });
    expect(fs.read(`${folder}/a.rs`)).toBe('\uFEFFfn main() {} // ✓ 𝒳\r\n');
  });

  test('what cannot be read says why', () => {
    const folder = tempFolder({ 'latin1.rs': new Uint8Array([0x2f, 0x2f, 0xe9, 0x0a]), 'big.rs': '', file: '' });
    truncateSync(`${folder}/big.rs`, 64 * 1024 * 1024 + 1);
    symlinkSync('loop', `${folder}/loop`);
    const failures = ['gone.rs', 'file/below.rs', 'latin1.rs', 'big.rs', '.', 'loop'].map((name) => fs.read(`${folder}/${name}`));
    expect(failures).toEqual([
      { failure: 'does not exist' },
      { failure: 'does not exist' },
      { failure: 'is not valid UTF-8 (byte 2)' },
      { failure: 'is larger than 64 MB' },
      { failure: 'is a folder, not a file' },
      { failure: 'is a link that leads to itself' },
    ]);
  });

  test('a device is not read', () => {
    expect(fs.read('/dev/zero')).toEqual({ failure: 'is not a regular file' });
  });

  test.each([
    ['EACCES', 'cannot be opened: permission denied'],
    ['EMFILE', 'cannot be opened: too many files are open'],
    ['EIO', 'cannot be opened (EIO)'],
  ])('%s in words', (code, words) => {
    expect(failureOf(Object.assign(new Error('x'), { code }))).toBe(words);
  });

  test('questions about what is there', () => {
    const folder = tempFolder({ 'b.rs': '', 'a/x.rs': '' });
    expect(fs.list(folder)).toEqual(['a', 'b.rs']);
    expect([
      fs.isFile(`${folder}/b.rs`),
      fs.isFile(`${folder}/a`),
      fs.isDirectory(`${folder}/a`),
      fs.isDirectory(`${folder}/b.rs/x`),
    ]).toEqual([true, false, true, false]);
    expect(fs.list(`${folder}/gone`)).toEqual([]);
  });
});

test.each<[readonly number[], number]>([
  [[0x61, 0xff], 1],
  [[0xc0, 0x80], 0],
  [[0xc3], 0],
  [[0x61, 0xe2, 0x82], 1],
  [[0xe0, 0x80, 0x80], 0],
  [[0xed, 0xa0, 0x80], 0],
  [[0xf4, 0x90, 0x80, 0x80], 0],
  [[0xf0, 0x9d, 0x92, 0xb3, 0x80], 4],
  [[0xef, 0xbb, 0xbf, 0x61, 0xfe], 4],
])('bytes %j are bad at %i', (bytes, at) => {
  expect(decodeUtf8(Buffer.from(bytes))).toBe(at);
});

test('every character is good', () => {
  const all = Buffer.from('aé✓𝒳\u{10FFFF}\uFFFD\uFEFF');
  expect(firstInvalidByte(all)).toBe(all.length);
});

test('an overlay hides the disk and adds files', () => {
  const texts = new Map([
    ['/w/a.rs', 'open'],
    ['/w/new.rs', 'new'],
  ]);
  const fs = overlayFileSystem(memoryFs({ '/w/a.rs': 'saved', '/w/b.rs': 'b' }), texts);
  expect([fs.read('/w/a.rs'), fs.read('/w/b.rs'), fs.read('/w/new.rs')]).toEqual(['open', 'b', 'new']);
  expect(fs.list('/w')).toEqual(['a.rs', 'b.rs', 'new.rs']);
  expect([fs.isFile('/w/new.rs'), fs.isDirectory('/w/new.rs'), fs.isFile('/w/none.rs')]).toEqual([true, false, false]);
});

describe('writing', () => {
  test('keeps the mode and leaves nothing beside', () => {
    const folder = tempFolder({ 'a.rs': 'old' });
    chmodSync(`${folder}/a.rs`, 0o755);
    expect(atomicWrite(`${folder}/a.rs`, 'new ✓')).toBeNull();
    expect(readFileSync(`${folder}/a.rs`, 'utf8')).toBe('new ✓');
    expect(statSync(`${folder}/a.rs`).mode & 0o777).toBe(0o755);
    expect(readdirSync(folder)).toEqual(['a.rs']);
  });

  test('writes through links', () => {
    const folder = tempFolder({ 'real/a.rs': 'old' });
    symlinkSync('real/a.rs', `${folder}/link.rs`);
    expect(atomicWrite(`${folder}/link.rs`, 'new')).toBeNull();
    expect(lstatSync(`${folder}/link.rs`).isSymbolicLink()).toBe(true);
    expect(readFileSync(`${folder}/real/a.rs`, 'utf8')).toBe('new');
  });

  test('creates a file', () => {
    const folder = tempFolder();
    expect(atomicWrite(`${folder}/a.rs`, 'new')).toBeNull();
    expect(readFileSync(`${folder}/a.rs`, 'utf8')).toBe('new');
  });

  test('says why it could not', () => {
    const folder = tempFolder();
    mkdirSync(`${folder}/taken`);
    expect(atomicWrite(`${folder}/gone/a.rs`, '')).toEqual({ failure: 'cannot be written: its folder does not exist' });
    expect(atomicWrite(`${folder}/taken`, '')).toEqual({ failure: 'is a folder, not a file' });
    expect(readdirSync(folder)).toEqual(['taken']);
  });
});
