/** `ffi-lint map`: the symbols at the boundary, who declares, defines and uses each, and what disagrees. */
import { symbolMap } from '../../engine/symbol-map.ts';
import type { SymbolMap } from '../../engine/symbol-map.ts';
import { mapJson, mapMarkdown, mapText } from '../../report/map.ts';
import type { Places } from '../../report/places.ts';
import type { Style } from '../../report/style.ts';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../check/exit-code.ts';
import { placed } from '../check/run.ts';
import type { Context } from '../io.ts';
import { readMapSettings } from '../map/settings.ts';
import type { MapFormat } from '../map/settings.ts';
import { say, styleFor } from '../terminal.ts';
import { openView } from '../view/open.ts';
import { targetsOr } from '../view/targets.ts';
import { writeView } from '../view/write.ts';

const WRITERS: Readonly<Record<MapFormat, (map: SymbolMap, places: Places, style: Style) => string>> = {
  text: mapText,
  markdown: mapMarkdown,
  json: mapJson,
};

export async function map(args: Arguments, context: Context): Promise<number> {
  const { io, installation } = context;
  const settings = readMapSettings(args, io.cwd);
  const { files, places, around, ...view } = await openView(settings, context);
  const [target] = targetsOr(settings.targets, around.targets);
  const session = view.session(installation.rules, target.triple);
  // A counterpart may lie outside of the paths that were named.
  session.open({ ...files, report: null });
  const result = await session.check({ focus: null, cancellation: io.interrupted });
  if (io.interrupted.cancelled) return EXIT.interrupted;
  const made = symbolMap(session.snapshot(), result, (file) => files.report === null || files.report.has(file));
  const style = styleFor(args, io, io.stderrIsTerminal);
  for (const problem of settings.quiet && !result.incomplete ? [] : result.problems)
    say(io, style, result.incomplete ? 'error' : 'warning', placed(problem, places));
  writeView(settings.file, args, io, places, (style) => WRITERS[settings.format](made, places, style));
  return result.incomplete ? EXIT.failed : EXIT.clean;
}
