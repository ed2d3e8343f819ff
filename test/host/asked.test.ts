/** What is noted of questions to the disk, and when the answers are the same. */
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { askAgain, recordingDisk } from '../../server/src/host/asked.ts';
import type { Asked, Disk } from '../../server/src/host/asked.ts';
import { nodeFileSystem } from '../../server/src/host/file-system.ts';
import { nodeWalkFs } from '../../server/src/host/walk-fs.ts';
import { tempFolder } from '../support/temp-folder.ts';

const disk: Disk = { fs: nodeFileSystem(), walk: nodeWalkFs() };

afterEach(() => {
  vi.useRealTimers();
});

/** As if what is on disk had been there for so long. */
function leftAlone(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
}

function ask(questions: (disk: Disk) => void): Asked {
  const recording = recordingDisk(disk, null);
  questions(recording);
  const asked = recording.asked();
  if (!asked) throw new Error('the disk changed');
  return JSON.parse(JSON.stringify(asked)) as Asked;
}

const same = (asked: Asked): boolean => askAgain(asked, disk) !== null;

describe('each question', () => {
  type Case = readonly [string, (disk: Disk, folder: string) => unknown, (folder: string) => void];
  it.each<Case>([
    ['a text', ({ fs }, at) => fs.read(`${at}/a.rs`), (at) => writeFileSync(`${at}/a.rs`, 'fn b() {}')],
    ['a text that is gone', ({ fs }, at) => fs.read(`${at}/a.rs`), (at) => rmSync(`${at}/a.rs`)],
    ['no text', ({ fs }, at) => fs.read(`${at}/none.rs`), (at) => writeFileSync(`${at}/none.rs`, '')],
    ['a file that is no text', ({ fs }, at) => fs.read(`${at}/latin.rs`), (at) => writeFileSync(`${at}/latin.rs`, '//')],
    ['whether there is a file', ({ fs }, at) => fs.isFile(`${at}/none.rs`), (at) => writeFileSync(`${at}/none.rs`, '')],
    ['whether it is one', ({ fs }, at) => fs.isFile(`${at}/a.rs`), (at) => replace(`${at}/a.rs`)],
    ['whether there is a folder', ({ fs }, at) => fs.isDirectory(`${at}/none`), (at) => mkdirSync(`${at}/none`)],
    ['names', ({ fs }, at) => fs.list(at), (at) => writeFileSync(`${at}/README`, '')],
    ['no names', ({ fs }, at) => fs.list(`${at}/none`), (at) => tempInto(`${at}/none`)],
    ['entries', ({ walk }, at) => walk.entries(at), (at) => writeFileSync(`${at}/new.rs`, '')],
    ['an entry that is another kind', ({ walk }, at) => walk.entries(at), (at) => replace(`${at}/a.rs`)],
    ['an entry that marks its folder', ({ walk }, at) => walk.entries(at), (at) => writeFileSync(`${at}/CACHEDIR.TAG`, '')],
    ['no folder', ({ walk }, at) => walk.entries(`${at}/none`), (at) => mkdirSync(`${at}/none`)],
    ['where a link leads', ({ walk }, at) => walk.real(`${at}/link`), (at) => relink(`${at}/link`, `${at}/latin.rs`)],
    ['a text behind a link', ({ fs }, at) => fs.read(`${at}/link`), (at) => relink(`${at}/link`, `${at}/sub/b.rs`)],
    ['an ignore file', ({ walk }, at) => walk.ignoreFile(`${at}/.ignore`), (at) => writeFileSync(`${at}/.ignore`, 'b')],
    ['an empty one', ({ walk }, at) => walk.ignoreFile(`${at}/.empty`), (at) => rmSync(`${at}/.empty`)],
  ])('has another answer: %s', (_, question, change) => {
    const folder = tempFolder({
      'a.rs': 'fn a() {}',
      'latin.rs': new Uint8Array([0xe9]),
      'sub/b.rs': 'fn c() {}',
      '.ignore': 'a',
      '.empty': '',
    });
    symlinkSync(`${folder}/a.rs`, `${folder}/link`);
    leftAlone(60_000);
    const asked = ask((one) => question(one, folder));
    expect(same(asked)).toBe(true);
    change(folder);
    expect(same(asked)).toBe(false);
  });

  it('has its answer handed on', () => {
    const folder = tempFolder({ 'a.rs': '\uFEFFfn a() {} // ✓', 'b/c.h': '', README: '' });
    const { fs, walk } = recordingDisk(disk, null);
    for (const path of ['', '/a.rs', '/b', '/none', '/a.rs/below'].map((name) => folder + name)) {
      expect(fs.read(path)).toEqual(disk.fs.read(path));
      expect(fs.list(path)).toEqual(disk.fs.list(path));
      expect([fs.isFile(path), fs.isDirectory(path)]).toEqual([disk.fs.isFile(path), disk.fs.isDirectory(path)]);
      expect([walk.kind(path), walk.real(path), walk.ignoreFile(path)]).toEqual([
        disk.walk.kind(path),
        disk.walk.real(path),
        disk.walk.ignoreFile(path),
      ]);
    }
    expect(walk.entries(folder)).toEqual([
      { name: 'a.rs', kind: 'file' },
      { name: 'b', kind: 'folder' },
    ]);
  });
});

describe('stamps', () => {
  const stampOf = (asked: Asked) => asked.files[0]?.[2] ?? null;

  it.each([
    [1_000, false],
    [2_000, false],
    [3_000, true],
    [60_000, true],
    [-60_000, false],
  ])('stand for a text that was left alone for %i ms: %s', (milliseconds, stands) => {
    const folder = tempFolder({ 'a.rs': 'fn a() {}' });
    leftAlone(milliseconds);
    expect(stampOf(ask(({ fs }) => fs.read(`${folder}/a.rs`))) !== null).toBe(stands);
  });

  it('are another for a text that is written over, whatever it is dated', () => {
    const folder = tempFolder({ 'a.rs': 'fn a() {}' });
    // Whole seconds: of others a part is lost on the way back.
    utimesSync(`${folder}/a.rs`, 1000, 1000);
    leftAlone(60_000);
    const asked = ask(({ fs }) => fs.read(`${folder}/a.rs`));
    vi.useRealTimers();
    // Longer than a step of any file system that tests run on.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
    writeFileSync(`${folder}/a.rs`, 'fn b() {}');
    utimesSync(`${folder}/a.rs`, 1000, 1000);
    expect(statSync(`${folder}/a.rs`).mtimeMs).toBe(1_000_000);
    expect(same(asked)).toBe(false);
    writeFileSync(`${folder}/a.rs`, 'fn a() {}');
    expect(same(asked)).toBe(true);
  });

  it('come later for what was written just before', () => {
    const folder = tempFolder({ 'a.rs': 'fn a() {}' });
    const fresh = ask(({ fs }) => fs.read(`${folder}/a.rs`));
    expect(askAgain(fresh, disk)).toBe(fresh);
    leftAlone(60_000);
    const settled = askAgain(fresh, disk);
    expect(settled && stampOf(settled)).not.toBeNull();
    expect(settled && askAgain(settled, disk)).toBe(settled);
    chmodSync(`${folder}/a.rs`, 0o600);
    expect(settled && same(settled)).toBe(true);
  });
});

describe('a disk that changes meanwhile', () => {
  it('gives a text twice', () => {
    const folder = tempFolder({ 'a.rs': 'fn a() {}' });
    const recording = recordingDisk(disk, null);
    recording.fs.read(`${folder}/a.rs`);
    writeFileSync(`${folder}/a.rs`, 'fn b() {}');
    recording.fs.read(`${folder}/a.rs`);
    expect(recording.asked()).toBeNull();
  });

  it('is asked once what a path leads to', () => {
    const folder = tempFolder();
    const recording = recordingDisk(disk, null);
    expect(recording.fs.isFile(`${folder}/a.rs`)).toBe(false);
    writeFileSync(`${folder}/a.rs`, '');
    expect(recording.fs.isFile(`${folder}/a.rs`)).toBe(false);
    const asked = recording.asked();
    expect(asked && same(asked)).toBe(false);
  });

  it('loses a file that is only noted', () => {
    const recording = recordingDisk(disk, null);
    recording.note('/nowhere/program');
    expect(recording.asked()).toBeNull();
  });
});

function replace(file: string): void {
  rmSync(file);
  mkdirSync(file);
}

function relink(link: string, to: string): void {
  rmSync(link);
  symlinkSync(to, link);
}

function tempInto(folder: string): void {
  renameSync(tempFolder({ 'x.rs': '' }), folder);
}
