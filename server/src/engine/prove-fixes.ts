/** Finds out which fixes a compiler accepts: all in one compilation, those that it blames taken out, until none is left to blame. */
import { LineIndex } from '../base/text.ts';
import type { FileEdit } from '../base/edit.ts';
import type { ChosenFix, FixTexts } from './apply-fixes.ts';
import { editedTexts } from './apply-fixes.ts';

/** A place that an error points to: a file of the workspace and a line of its edited text, from 1. */
export interface ErrorPlace {
  readonly file: string;
  readonly line: number;
}

/** What came of one compilation: whether all of it was accepted, and where it was not. */
export interface CompileVerdict {
  readonly accepted: boolean;
  readonly errors: readonly ErrorPlace[];
}

/** Compiles the crate with these texts in place of its files; null where it could not be tried. */
export type CompileTexts = (texts: ReadonlyMap<string, string>) => Promise<CompileVerdict | null>;

/** Compilations for one set of fixes at most. */
const ROUNDS = 12;

/** The fixes that compile together. Their findings were made for the texts at hand, and none conflicts with another. */
export async function proveFixes(chosen: readonly ChosenFix[], texts: FixTexts, compile: CompileTexts): Promise<readonly ChosenFix[]> {
  let rounds = 0;
  async function prove(set: readonly ChosenFix[], accepted: readonly ChosenFix[]): Promise<readonly ChosenFix[]> {
    if (set.length === 0 || rounds++ >= ROUNDS) return accepted;
    const all = [...accepted, ...set];
    const edited = editedTexts(all, texts);
    const verdict = edited.broken.size > 0 ? { accepted: false, errors: [] } : await compile(edited.texts);
    if (!verdict) return accepted;
    if (verdict.accepted) return all;
    const guilty = set.filter((one) => verdict.errors.some((error) => isAt(one, error, all, texts)));
    // Errors elsewhere (a caller of a changed signature) say nothing about who made them: each half is tried for itself.
    if (guilty.length > 0)
      return prove(
        set.filter((one) => !guilty.includes(one)),
        accepted,
      );
    if (set.length === 1) return accepted;
    const middle = set.length >> 1;
    const first = await prove(set.slice(0, middle), accepted);
    return prove(set.slice(middle), first);
  }
  return prove(chosen, []);
}

/** Whether an error points to a line that a fix wrote or that stands next to it. */
function isAt({ fix }: ChosenFix, { file, line }: ErrorPlace, all: readonly ChosenFix[], texts: FixTexts): boolean {
  const edits = all.flatMap((one) => one.fix.edits).filter((edit) => edit.file === file);
  return fix.edits.some((edit) => {
    if (edit.file !== file) return false;
    const { first, last } = linesOf(edit, edits, texts.text(file));
    return first <= line && line <= last;
  });
}

/** The lines that an edit has in the edited text. */
function linesOf(edit: FileEdit, edits: readonly FileEdit[], before: string): { readonly first: number; readonly last: number } {
  const breaks = (text: string): number => text.split('\n').length - 1;
  const shift = edits
    .filter((other) => other.span.end <= edit.span.start && other !== edit)
    .reduce((sum, { span, text }) => sum + breaks(text) - breaks(before.slice(span.start, span.end)), 0);
  const first = new LineIndex(before).position(edit.span.start).line + shift;
  return { first, last: first + breaks(edit.text) };
}
