/** Writes out a call of a `macro_rules!` as a text with its own table of contents. */
import type { Span } from '../../../base/text.ts';
import { sliceSpan } from '../../../base/text.ts';
import type { Expansion } from '../../resolve/input.ts';
import { indexRustFile } from './index-file.ts';
import type { MacroDefinition, Unknown } from './macro-definition.ts';
import { isUnknown, parseMacroRules } from './macro-definition.ts';
import { expandMacro } from './macro-expand.ts';

/** Parsed definitions by their text: one macro is mostly called many times. */
const parsed = new Map<string, MacroDefinition | Unknown>();
const MOST = 256;

/** null where the definition cannot be read, no rule is seen to match, or the call is too large. */
export function expandCall(
  definition: { readonly text: string; readonly body: Span },
  call: { readonly text: string; readonly args: Span },
  crateRoot: string,
): Expansion | null {
  const body = sliceSpan(definition.text, definition.body);
  let rules = parsed.get(body);
  if (!rules) {
    if (parsed.size >= MOST) parsed.clear();
    rules = parseMacroRules(body, definition.body.start);
    parsed.set(body, rules);
  }
  if (isUnknown(rules)) return null;
  const expansion = expandMacro(rules, sliceSpan(call.text, call.args), call.args.start, crateRoot);
  if (isUnknown(expansion)) return null;
  return { text: expansion.text, index: indexRustFile(expansion.text), locate: expansion.locate };
}
