/** Puts the server together: waits for the editor to introduce itself, then registers every feature. */
import { createChecker } from './checker.ts';
import { serverCapabilities } from './capabilities.ts';
import { readClientFacts } from './client-facts.ts';
import { createDocuments } from './documents.ts';
import { registerCodeActions } from './handlers/code-actions.ts';
import { registerConfiguration, startConfiguration } from './handlers/configuration.ts';
import { registerDiagnostics } from './handlers/diagnostics.ts';
import { registerDocuments } from './handlers/documents.ts';
import { initialFolders, startFolders } from './handlers/folders.ts';
import { registerHover } from './handlers/hover.ts';
import { registerLayouts } from './handlers/layouts.ts';
import { createLayoutService } from './layouts/service.ts';
import type { LayoutService } from './layouts/service.ts';
import { createProgress } from './handlers/progress.ts';
import { createPush } from './handlers/push-diagnostics.ts';
import { registerRules } from './handlers/rules.ts';
import { reportCheck } from './handlers/status.ts';
import { registerVerify } from './handlers/verify.ts';
import { registerWatchedFiles, startWatching } from './handlers/watched-files.ts';
import { createBaselines } from './baselines.ts';
import { createOverlay } from './overlay.ts';
import { isCFile } from '../base/c-files.ts';
import { callersOf, directPartners, headerPartners } from './header-partners.ts';
import { focusFor } from './partners.ts';
import { scopeOf } from './answer.ts';
import { readStartOptions } from './settings.ts';
import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import type { Log } from '../base/log.ts';
import type { Engine } from './engine.types.ts';
import type { State } from './state.ts';

/** How long an editor may take to tell its settings, in milliseconds. */
const SETTINGS_PATIENCE = 2000;

/** Serves one editor until it says goodbye. */
export function startServer(connection: Connection, engine: Engine): void {
  const log = connectionLog(connection);
  let state: State | null = null;
  connection.onInitialize((params) => {
    const made = createState(connection, engine, log, params);
    state = made;
    registerDocuments(made);
    registerDiagnostics(made);
    registerCodeActions(made);
    registerHover(made);
    registerConfiguration(made);
    registerWatchedFiles(made);
    registerRules(made);
    registerVerify(made);
    registerLayouts(made);
    return { capabilities: serverCapabilities(made.client), serverInfo: { name: 'ffi-lint', version: engine.version } };
  });
  connection.onInitialized(async () => {
    if (!state) return;
    // A refusal costs one convenience; the server works without each of these.
    const refused = (what: string) => (error: unknown) => log.warn(`the editor refused ${what}: ${String(error)}`);
    // Settings decide what is shown: the first check waits for them, though not for ever.
    await Promise.race([startConfiguration(state).catch(refused('configuration')), patience()]);
    state.checker.start();
    startFolders(state);
    await startWatching(state).catch(refused('watched files'));
  });
  connection.onShutdown(() => {
    state?.layouts.stop();
    state?.checker.dispose();
  });
  connection.listen();
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTINGS_PATIENCE).unref());
}

function createState(connection: Connection, engine: Engine, log: Log, params: InitializeParams): State {
  const start = readStartOptions(params.initializationOptions);
  const overlay = createOverlay(engine.disk);
  const workbench = engine.workbench(overlay, log);
  const documents = createDocuments();
  const push = createPush();
  const progress = createProgress();
  const paths = (): readonly string[] => documents.all().map(({ path }) => path);
  let layouts: LayoutService | null = null;
  const state: State = {
    connection,
    log,
    engine,
    workbench,
    overlay,
    documents,
    start,
    client: readClientFacts(params.capabilities),
    rules: new Map(engine.rules.map((rule) => [rule.id, rule])),
    live: { settings: start.settings, trusted: start.trusted, folders: initialFolders(params), wholeWorkspace: false, answer: null },
    checker: createChecker({
      workbench,
      overlay,
      log,
      now: {
        texts: () => new Map(documents.all().map(({ path, text }) => [path, text])),
        folders: () => state.live.folders,
        focus: (last) => {
          const focus = focusFor(scopeOf(state), paths(), last, overlay);
          if (scopeOf(state) !== 'affected') return focus;
          if (focus === null) return headerPartners(paths(), workbench.session.snapshot());
          // The first look makes the picture in which callers are known.
          return last === null ? focus : [...new Set([...focus, ...callersOf(focus, workbench.session.snapshot())])].sort();
        },
        known: createBaselines(overlay, () => state.live.folders),
        // Without a C file the open files are all that is looked at.
        first: (changed) => (paths().some(isCFile) ? directPartners(changed, workbench.session.snapshot()) : null),
      },
      listen: (event) => {
        progress(state, event);
        reportCheck(state, push, event);
      },
    }),
    get layouts() {
      layouts ??= createLayoutService(state);
      return layouts;
    },
  };
  return state;
}

function connectionLog(connection: Connection): Log {
  return {
    info: (message) => connection.console.info(message),
    warn: (message) => connection.console.warn(message),
    debug: (message) => connection.console.debug(message),
  };
}
