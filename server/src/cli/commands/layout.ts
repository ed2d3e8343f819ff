/** `ffi-lint layout`: the bytes of the types at the boundary, Rust, C and Python beside each other. */
import type { LayoutReport } from '../../abi/layout-report.ts';
import { readLayouts } from '../../engine/layouts/read-layouts.ts';
import { layoutJson } from '../../report/layout-json.ts';
import { layoutMarkdown } from '../../report/layout-markdown.ts';
import { layoutSvg } from '../../report/layout-svg.ts';
import { layoutText } from '../../report/layout-text.ts';
import type { Places } from '../../report/places.ts';
import type { Style } from '../../report/style.ts';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../check/exit-code.ts';
import { createProgress } from '../check/progress.ts';
import { placed } from '../check/run.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';
import { grouped, startMeasuring } from '../layout/measuring.ts';
import { readLayoutSettings } from '../layout/settings.ts';
import type { LayoutFormat } from '../layout/settings.ts';
import { say, styleFor } from '../terminal.ts';
import { openView } from '../view/open.ts';
import { targetsOr } from '../view/targets.ts';
import { writeView } from '../view/write.ts';

const WRITERS: Readonly<Record<LayoutFormat, (report: LayoutReport, places: Places, style: Style) => string>> = {
  text: layoutText,
  json: layoutJson,
  markdown: layoutMarkdown,
  svg: layoutSvg,
};

export async function layout(args: Arguments, context: Context): Promise<number> {
  const { io, installation } = context;
  const settings = readLayoutSettings(args, io.cwd);
  const { disk: fs, files, places, parsers, around, configFor, ...view } = await openView(settings, context);
  const targets = targetsOr(settings.targets, around.targets);
  const session = view.session([], targets[0].triple);
  session.open(files);
  const snapshot = session.snapshot();
  const { interrupted } = io;
  const { type } = settings;
  const input = { fs, parsers, files, snapshot, configFor, targets, type, cancellation: interrupted };
  const mode = settings.probe ?? around.project.probe ?? 'auto';
  const progress = createProgress(io, settings.quiet);
  const { manifests } = files;
  const { cargoArguments } = settings;
  const { root } = installation;
  const surroundings = { root, cwd: io.cwd, env: io.env, fs, parsers, manifests, configFor };
  const { measurers, close } = startMeasuring({ ...surroundings, mode, cargoArguments, progress: (what) => progress.say(what) });
  const made = await readLayouts({ ...input, measurers });
  progress.end();
  close();
  if (interrupted.cancelled) return EXIT.interrupted;
  if (settings.type !== null && made.report.types.length + made.report.unknown.length === 0)
    throw new UserError(`there is no type \`${settings.type}\` with a layout here`, 'without --type all of them are shown');
  for (const problem of settings.quiet && !made.incomplete ? [] : made.problems)
    say(io, styleFor(args, io, io.stderrIsTerminal), made.incomplete ? 'error' : 'warning', placed(problem, places));
  const required = mode === 'require' && made.measuring.length > 0;
  for (const problem of settings.quiet && !required ? [] : grouped(made.measuring))
    say(io, styleFor(args, io, io.stderrIsTerminal), required ? 'error' : 'warning', placed(problem, places));
  writeView(settings.file, args, io, places, (style) => WRITERS[settings.format](made.report, places, style));
  return made.incomplete || required ? EXIT.failed : EXIT.clean;
}
