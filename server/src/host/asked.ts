/** What a run asks of the disk and is told, so that a later one can find out whether it would be told the same. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isFailure } from '../base/io.ts';
import type { FileSystem } from '../base/io.ts';
import { isOfNoConcern } from './walk.ts';
import type { WalkFs } from './walk-fs.ts';

/** All ways in which a check asks the disk. */
export interface Disk {
  readonly fs: FileSystem;
  readonly walk: WalkFs;
}

/** Size, milliseconds of the last write and of the last change of whatever kind (which no program can set), inode, device. */
type Stamp = readonly [size: number, written: number, changed: number, inode: number, device: number];

/** A file that was read: the hash of its bytes, and the stamp that stands for them; null while no stamp can. */
type AskedFile = readonly [path: string, hash: string, stamp: Stamp | null];

/** The questions besides those for texts. Each answer is a text that differs where what the run was told differs. */
const QUESTIONS = {
  kind: ({ walk }: Disk, path: string) => walk.kind(path) ?? '',
  /** Why a file cannot be read. */
  failure({ fs }: Disk, path: string) {
    const text = fs.read(path);
    return isFailure(text) ? text.failure : '';
  },
  names: ({ fs }: Disk, path: string) => hashOf(JSON.stringify(fs.list(path))),
  entries: ({ walk }: Disk, path: string) => hashOf(JSON.stringify(concerning(walk, path))),
  real: ({ walk }: Disk, path: string) => walk.real(path) ?? '',
  rules: ({ walk }: Disk, path: string) => hashOf(JSON.stringify(walk.ignoreFile(path))),
};

type Question = keyof typeof QUESTIONS;

/** Plain data, to be kept as JSON. */
export interface Asked {
  readonly files: readonly AskedFile[];
  readonly others: readonly (readonly [question: Question, path: string, answer: string])[];
}

export interface RecordingDisk extends Disk {
  /** Notes a file of whatever content that is read by other ways; one that is not there is noted as changing. */
  note(path: string): void;
  /** What was asked so far; null where the disk answered one question in two ways: it was changed meanwhile. */
  asked(): Asked | null;
}

/**
 * Hands every question on to `disk` and remembers the answer. What a path leads to is asked once. `before` spares hashing noted files
 * that are as they were.
 */
export function recordingDisk(disk: Disk, before: Asked | null): RecordingDisk {
  const files = new Map<string, AskedFile>();
  const others = new Map<string, readonly [Question, string, string]>();
  const kinds = new Map<string, ReturnType<WalkFs['kind']>>();
  let steady = true;

  const remember = (question: Question, path: string, answer: string): void => {
    const key = `${question} ${path}`;
    const known = others.get(key);
    if (known === undefined) others.set(key, [question, path, answer]);
    else if (known[2] !== answer) steady = false;
  };
  const rememberFile = (path: string, hash: string, stamp: Stamp | null): void => {
    const known = files.get(path);
    if (known === undefined) files.set(path, [path, hash, stamp]);
    else if (known[1] !== hash) steady = false;
  };
  const kind = (path: string): ReturnType<WalkFs['kind']> => {
    const known = kinds.get(path);
    if (known !== undefined) return known;
    const found = disk.walk.kind(path);
    kinds.set(path, found);
    return found;
  };

  return {
    fs: {
      read(path) {
        // Asked for before the text: where the file changes in between, the next stamp is another one.
        const stamp = lastingStamp(path);
        const text = disk.fs.read(path);
        if (isFailure(text)) remember('failure', path, text.failure);
        else rememberFile(path, hashOf(text), stamp);
        return text;
      },
      isFile: (path) => kind(path) === 'file',
      isDirectory: (path) => kind(path) === 'folder',
      list(path) {
        const names = disk.fs.list(path);
        remember('names', path, hashOf(JSON.stringify(names)));
        return names;
      },
    },
    walk: {
      kind,
      entries(path) {
        const entries = concerning(disk.walk, path);
        remember('entries', path, hashOf(JSON.stringify(entries)));
        return entries;
      },
      real(path) {
        const real = disk.walk.real(path);
        remember('real', path, real ?? '');
        return real;
      },
      ignoreFile(path) {
        const text = disk.walk.ignoreFile(path);
        remember('rules', path, hashOf(JSON.stringify(text)));
        return text;
      },
    },
    note(path) {
      const known = before?.files.find((file) => file[0] === path);
      const stamp = lastingStamp(path);
      const hash = known && holds(known[2], look(path)) ? known[1] : hashOfFile(path);
      if (hash === null) steady = false;
      else rememberFile(path, hash, stamp);
    },
    asked() {
      if (!steady) return null;
      // That a file was read says what its path leads to.
      const told = [...kinds].flatMap(([path, found]) =>
        found === 'file' && files.has(path) ? [] : [['kind', path, found ?? ''] as const],
      );
      return { files: [...files.values()], others: [...others.values(), ...told] };
    },
  };
}

/**
 * Asks the same questions again. null where any answer is another one: what a program does that is told the same and does nothing at
 * random is the same. Else what was asked, with stamps as good as they are by now.
 */
export function askAgain(asked: Asked, disk: Disk): Asked | null {
  const files: AskedFile[] = [];
  let changed = false;
  for (const file of asked.files) {
    const now = sameFile(file);
    if (now === null) return null;
    changed ||= now !== file;
    files.push(now);
  }
  if (!asked.others.every(([question, path, answer]) => QUESTIONS[question](disk, path) === answer)) return null;
  return changed ? { ...asked, files } : asked;
}

/** The same object where its stamp still holds; null where the content is another one. */
function sameFile(file: AskedFile): AskedFile | null {
  const [path, hash, stamp] = file;
  const now = look(path);
  if (now === null) return null;
  if (holds(stamp, now)) return file;
  const lasting = lastingStamp(path);
  if (hashOfFile(path) !== hash) return null;
  return lasting === null ? file : [path, hash, lasting];
}

/**
 * File systems count time in steps, of two seconds at worst (FAT), and a file that is written twice within a step keeps its stamp. So only
 * the stamp of a file that was left alone for longer stands for its content: what is written from now on gets another one.
 */
const STEP_MS = 2500;

function holds(stamp: Stamp | null, now: Stamp | null): boolean {
  return stamp !== null && now !== null && stamp.every((part, i) => part === now[i]);
}

function lastingStamp(path: string): Stamp | null {
  const now = Date.now();
  const stamp = look(path);
  return stamp !== null && now - Math.max(stamp[1], stamp[2]) > STEP_MS ? stamp : null;
}

/** null for what is no file. */
function look(path: string): Stamp | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino, stats.dev] : null;
  } catch {
    // Not reachable: for the questions here it is not there.
    return null;
  }
}

function concerning(walk: WalkFs, folder: string): ReturnType<WalkFs['entries']> {
  const entries = walk.entries(folder);
  return 'failure' in entries ? entries : entries.filter((entry) => !isOfNoConcern(entry));
}

/** Of a text and of the bytes that are its UTF-8: the same. */
function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}

function hashOfFile(path: string): string | null {
  try {
    return hashOf(readFileSync(path));
  } catch {
    // It went away: that is another answer.
    return null;
  }
}
