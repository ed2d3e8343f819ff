/** An engine for tests of the protocol: it finds words, so that these tests need no real rule and can slow it down or make it fail. */
import type { FileSystem } from '../../../server/src/base/io.ts';
import { isFailure } from '../../../server/src/base/io.ts';
import { basename } from '../../../server/src/base/paths.ts';
import type { Problem } from '../../../server/src/base/problem.ts';
import type { CheckResult, Finding } from '../../../server/src/engine/finding.ts';
import type { FileSet, Snapshot } from '../../../server/src/engine/session.types.ts';
import type { Engine, Workbench } from '../../../server/src/lsp/engine.types.ts';
import { defineRule } from '../../../server/src/rules/rule.ts';
import type { Rule } from '../../../server/src/rules/rule.ts';
import { memoryFs } from '../../support/memory-fs.ts';

/** What a test may change while the server runs. */
export interface Control {
  /** What is on disk, by absolute path. */
  files: Record<string, string>;
  /** Awaited in every check. */
  slow: () => Promise<void>;
  /** Thrown by the next check. */
  failure: Error | null;
  /** How often a check ran to its end. */
  checks: number;
  /** What each check was asked to look at. */
  readonly focuses: (readonly string[] | null)[];
}

export function control(files: Record<string, string>): Control {
  return { files, slow: async () => {}, failure: null, checks: 0, focuses: [] };
}

function rule(id: string, what: string): Rule {
  return defineRule({
    id,
    group: 'types',
    since: '0.1.0',
    severity: 'warning',
    languages: ['rust'],
    equivalents: [],
    fix: 'sometimes',
    messages: {},
    docs: { what, why: 'Because a test says so.', bad: 'bad', good: 'good', exceptions: [], fixSafety: null, references: [] },
    check: () => {},
  });
}

export const RULES = [rule('no-bad', 'Finds `bad`.'), rule('no-worse', 'Finds `worse`.')];

/**
 * `bad` is a warning with a safe fix (`good`), `worse` an error with an unsafe one; `bad@NAME` points at the start of file NAME
 * too. A comment with `ignore[no-bad]` in the line hides. `ffi-lint.toml` with `off` turns all rules off, with `broken` it is a
 * problem. A fix never leaves a text with `((`.
 */
export function fakeEngine(state: Control): Engine {
  const disk: FileSystem = {
    read: (path) => memoryFs(state.files).read(path),
    isFile: (path) => memoryFs(state.files).isFile(path),
    isDirectory: (path) => memoryFs(state.files).isDirectory(path),
    list: (path) => memoryFs(state.files).list(path),
  };
  return { version: '0.0.0', rules: RULES, disk, workbench: (fs) => fakeWorkbench(state, fs) };
}

function fakeWorkbench(state: Control, fs: FileSystem): Workbench {
  let looked: readonly string[] = [];
  const text = (file: string): string => {
    const read = fs.read(file);
    return isFailure(read) ? '' : read;
  };
  return {
    compile: async () => null,
    measures: true,
    faults: (_file, after) => after.split('((').length - 1,
    reload(folders, open): readonly Problem[] {
      looked = [...new Set([...Object.keys(state.files), ...open])].filter(
        (file) => open.includes(file) || folders.some((folder) => file.startsWith(`${folder}/`)),
      );
      return looked
        .filter((file) => basename(file) === 'ffi-lint.toml' && text(file).includes('broken'))
        .map((file) => ({ file, message: 'the configuration is broken', span: { start: 0, end: 6 } }));
    },
    layouts: async () => null,
    generate: () => null,
    session: {
      open: (_files: FileSet) => {},
      changed: () => {},
      compiled: () => {},
      measured: () => {},
      // The handlers look up a file's items only, which a file of words has none of.
      snapshot: () => ({ workspace: { files: new Map() }, surface: { functions: [] } }) as unknown as Snapshot,
      async check({ focus, cancellation, progress }): Promise<CheckResult> {
        state.focuses.push(focus);
        const off = looked.some((file) => basename(file) === 'ffi-lint.toml' && text(file).includes('off'));
        const files = looked.filter((file) => !focus || focus.includes(file)).sort();
        const findings: Finding[] = [];
        progress?.(0, files.length);
        await state.slow();
        if (state.failure) {
          const { failure } = state;
          state.failure = null;
          throw failure;
        }
        for (const file of off || cancellation.cancelled ? [] : files) findings.push(...findingsIn(file, text(file), looked));
        if (!cancellation.cancelled) state.checks++;
        const none = { rust: files.length, c: 0, python: 0, javascript: 0, csharp: 0 };
        return {
          findings,
          problems: [],
          files: none,
          unresolved: [],
          dropped: [],
          target: 'test-target',
          incomplete: false,
          milliseconds: 1,
          text,
        };
      },
    },
  };
}

function findingsIn(file: string, text: string, known: readonly string[]): Finding[] {
  return [...text.matchAll(/\b(bad|worse)\b(?:@([\w.]+))?/g)].map((found) => {
    const word = found[1] ?? '';
    const span = { start: found.index, end: found.index + word.length };
    const line = text.slice(text.lastIndexOf('\n', found.index) + 1).split('\n')[0] ?? '';
    const other = known.find((one) => basename(one) === found[2]);
    const safe = word === 'bad';
    return {
      rule: `no-${word}`,
      group: 'types',
      severity: safe ? 'warning' : 'error',
      message: `\`${word}\` is written here`,
      at: { file, span },
      related: other ? [{ at: { file: other, span: { start: 0, end: 1 } }, message: 'this is meant' }] : [],
      help: 'write `good`',
      note: null,
      url: `https://example.org/no-${word}`,
      fingerprint: `${file}-${found.index}`,
      fixes: [{ title: `write \`good\` for \`${word}\``, safe, edits: [{ file, span, text: 'good' }] }],
      target: null,
      suppressed: line.includes(`ignore[no-${word}]`) ? 'comment' : null,
    } satisfies Finding;
  });
}
