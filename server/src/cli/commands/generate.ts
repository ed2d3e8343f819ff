/** `ffi-lint generate`: bindings, static assertions and proofs from the types and functions at the boundary. */
import { generateBindings } from '../../engine/bindings/generate-bindings.ts';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../check/exit-code.ts';
import { placed } from '../check/run.ts';
import { UserError } from '../errors.ts';
import { readGenerateSettings } from '../generate/settings.ts';
import type { GenerateSettings } from '../generate/settings.ts';
import type { Context } from '../io.ts';
import { say, styleFor } from '../terminal.ts';
import { openView } from '../view/open.ts';
import { targetsOr } from '../view/targets.ts';
import { writeView } from '../view/write.ts';

/** Exits with 1 where something that was asked for had to be left out: the text then says what and why, and so does stderr. */
export async function generate(args: Arguments, context: Context): Promise<number> {
  const { io } = context;
  const settings = readGenerateSettings(args, io.cwd);
  const { disk: fs, files, places, parsers, around, ...view } = await openView(settings, context);
  const [target] = targetsOr(settings.targets, around.targets);
  const session = view.session([], target.triple);
  session.open(files);
  const snapshot = session.snapshot();
  const { format, type, fn } = settings;
  const made = generateBindings({ fs, parsers, files, snapshot, target, format, type, fn });
  const style = styleFor(args, io, io.stderrIsTerminal);
  for (const problem of snapshot.problems) say(io, style, 'warning', placed(problem, places));
  if (made.found === 0) refuseNothing(settings);
  if (!settings.quiet) {
    for (const { name, at, reason } of made.omitted) {
      const message = `\`${name}\` is left out: ${reason}`;
      say(io, style, 'warning', at === null ? message : placed({ file: at.file, span: at.span, message }, places));
    }
  }
  writeView(settings.file, args, io, places, () => made.text);
  return made.omitted.length > 0 ? EXIT.findings : EXIT.clean;
}

/** Nothing is written where there is nothing to write about. */
function refuseNothing({ type, fn, format }: GenerateSettings): never {
  if (type !== null) throw new UserError(`there is no type \`${type}\` at the boundary here`, 'without --type all of them are taken');
  if (fn !== null) throw new UserError(`there is no function \`${fn}\` at the boundary here`, 'without --fn all of them are taken');
  const what = format === 'rust' ? 'header here declares a function or type' : 'function or type here is at the boundary';
  throw new UserError(`no ${what}`, format === 'rust' ? '`ffi-lint generate rust` starts from C headers' : null);
}
