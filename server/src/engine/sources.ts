/** The texts and tables of contents of a session's files, read when asked for and kept while they are of use. */
import type { FileSystem } from '../base/io.ts';
import { isFailure } from '../base/io.ts';
import type { Problem } from '../base/problem.ts';
import type { WordFilter } from '../base/word-filter.ts';
import { wordFilter, wordTest } from '../base/word-filter.ts';
import { indexRustFile } from '../model/extract/rust/index-file.ts';
import type { FileIndex } from '../model/rust/file-index.ts';
import { Trigger } from '../model/rust/file-index.ts';
import type { Version } from './body-edit.ts';
import { mayHaveDirectives } from './suppress-parse.ts';

interface Known {
  readonly index: FileIndex | null;
  readonly failure: string | null;
  readonly directives: boolean;
}

export interface Sources {
  /** null where the file cannot be read. */
  index(path: string): FileIndex | null;
  /** The text that was indexed; empty where it cannot be read or has changed since. */
  text(path: string): string;
  /** The text that was indexed, where it is at hand without reading; null else. */
  kept(path: string): string | null;
  /** What was indexed of a file, while it is at hand without reading: it stays what it is when the file is forgotten. */
  version(path: string): Version | null;
  /** Whether the file was there when it was last looked at; false for one that was not looked at. */
  isRead(path: string): boolean;
  /** Tells for a word in which files it may stand; for what is no word, in all. */
  mayName(word: string): (path: string) => boolean;
  /** Whether a file that was indexed may hold comments for the linter itself. */
  directives(path: string): boolean;
  /** Why files could not be read. Files that do not exist are no problem: a `mod` may name several. */
  problems(): readonly Problem[];
  forget(paths: readonly string[]): void;
}

/** How much of the texts that were read again is kept, in UTF-16 units: questions about one file come in rows. */
const RECENT = 16 << 20;

/** Texts of files without triggers (macro calls aside), and of generated ones, are read again when somebody asks: most never are. */
export function createSources(fs: FileSystem): Sources {
  const known = new Map<string, Known>();
  const texts = new Map<string, string>();
  const words = new Map<string, WordFilter>();
  const recent = new Map<string, string>();
  let recentLength = 0;

  function remember(path: string, text: string): void {
    if (text.length > RECENT) return;
    for (const [oldest, old] of recent) {
      if (recentLength + text.length <= RECENT) break;
      recent.delete(oldest);
      recentLength -= old.length;
    }
    recent.set(path, text);
    recentLength += text.length;
  }

  function look(path: string): Known {
    const before = known.get(path);
    if (before) return before;
    let made: Known;
    if (!fs.isFile(path)) {
      made = { index: null, failure: null, directives: false };
    } else {
      const text = fs.read(path);
      if (isFailure(text)) {
        made = { index: null, failure: text.failure, directives: false };
      } else {
        const index = indexRustFile(text);
        if ((index.triggers & ~Trigger.MacroCall) !== 0 && !index.generated) texts.set(path, text);
        // Made while the text is at hand; of a text that is kept, when somebody asks.
        else words.set(path, wordFilter(text));
        made = { index, failure: null, directives: mayHaveDirectives(text) };
      }
    }
    known.set(path, made);
    return made;
  }

  function textOf(path: string): string {
    const kept = texts.get(path) ?? recent.get(path);
    if (kept !== undefined) return kept;
    const text = fs.read(path);
    if (isFailure(text)) return '';
    const index = known.get(path)?.index;
    if (index && index.length !== text.length) return '';
    remember(path, text);
    return text;
  }

  return {
    index: (path) => look(path).index,
    text: textOf,
    mayName(word) {
      const isIn = wordTest(word);
      return (path) => {
        let filter = words.get(path);
        if (!filter) {
          filter = wordFilter(textOf(path));
          words.set(path, filter);
        }
        return isIn(filter);
      };
    },
    isRead: (path) => known.get(path)?.index != null,
    version(path) {
      const text = texts.get(path);
      const index = known.get(path)?.index;
      if (text === undefined || !index) return null;
      let filter = words.get(path);
      return {
        text,
        index,
        mayName(word) {
          if (!filter) {
            filter = wordFilter(text);
            if (texts.get(path) === text) words.set(path, filter);
          }
          return wordTest(word)(filter);
        },
      };
    },
    kept: (path) => texts.get(path) ?? recent.get(path) ?? null,
    directives: (path) => known.get(path)?.directives ?? false,
    problems() {
      const out: Problem[] = [];
      for (const [file, { failure }] of known) if (failure !== null) out.push({ file, message: failure });
      return out;
    },
    forget(paths) {
      for (const path of paths) {
        known.delete(path);
        texts.delete(path);
        words.delete(path);
        recentLength -= recent.get(path)?.length ?? 0;
        recent.delete(path);
      }
    },
  };
}
