/** A small editor for tests: speaks the protocol with a server in this process or in another one. */
import { PassThrough } from 'node:stream';
import {
  CancellationTokenSource,
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type {
  ClientCapabilities,
  CodeAction,
  CodeActionContext,
  Diagnostic,
  DocumentDiagnosticReport,
  Hover,
  InitializeParams,
  InitializeResult,
  Position,
  ProtocolConnection,
  PublishDiagnosticsParams,
  Range,
  TextDocumentEdit,
  WorkspaceDiagnosticReport,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { Encoding } from '../../../server/src/lsp/text-view.ts';
import { applyChanges } from '../../../server/src/lsp/documents.ts';
import { startServer } from '../../../server/src/lsp/server.ts';
import type { Engine } from '../../../server/src/lsp/engine.types.ts';

/** An editor that can do everything. */
export const FULL: ClientCapabilities = {
  general: { positionEncodings: ['utf-16'] },
  textDocument: {
    diagnostic: { relatedInformation: true, codeDescriptionSupport: true },
    codeAction: {
      resolveSupport: { properties: ['edit'] },
      dataSupport: true,
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
    },
    hover: { contentFormat: ['markdown'] },
  },
  workspace: {
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
    diagnostics: { refreshSupport: true },
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceFolders: true,
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
  },
  window: { workDoneProgress: true, showDocument: { support: true } },
};

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  readonly folders?: readonly string[];
  readonly initializationOptions?: unknown;
  readonly settings?: unknown;
}

export interface Editor {
  readonly connection: ProtocolConnection;
  readonly result: InitializeResult;
  /** The `ffi-lint` section; the server asks for it. */
  settings: unknown;
  readonly published: PublishDiagnosticsParams[];
  readonly refreshes: number[];
  readonly lensRefreshes: number[];
  readonly registered: string[];
  readonly logged: string[];
  open(uri: string, text: string, languageId?: string): void;
  change(uri: string, version: number, changes: readonly { readonly range: Range; readonly text: string }[]): void;
  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport>;
  items(uri: string): Promise<readonly Diagnostic[]>;
  pullWorkspace(previous?: readonly { uri: string; value: string }[]): Promise<WorkspaceDiagnosticReport>;
  actions(uri: string, range: Range, context?: Partial<CodeActionContext>): Promise<readonly CodeAction[]>;
  resolve(action: CodeAction): Promise<CodeAction>;
  hover(uri: string, position: Position): Promise<Hover | null>;
}

/** Starts a server over an engine in this process. */
export function edit(engine: Engine, options: EditorOptions = {}): Promise<Editor> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), engine);
  return introduce(createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer)), options);
}

/** Says hello as an editor does. */
export async function introduce(connection: ProtocolConnection, options: EditorOptions): Promise<Editor> {
  const published: PublishDiagnosticsParams[] = [];
  const refreshes: number[] = [];
  const lensRefreshes: number[] = [];
  const registered: string[] = [];
  const logged: string[] = [];
  const live = { settings: options.settings ?? null };
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => void published.push(params));
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => void logged.push(message));
  connection.onRequest('workspace/diagnostic/refresh', () => {
    refreshes.push(refreshes.length);
    return null;
  });
  connection.onRequest('workspace/codeLens/refresh', () => {
    lensRefreshes.push(lensRefreshes.length);
    return null;
  });
  connection.onRequest('workspace/inlayHint/refresh', () => null);
  connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => live.settings));
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onRequest('client/registerCapability', ({ registrations }: { registrations: { method: string }[] }) => {
    registered.push(...registrations.map(({ method }) => method));
    return null;
  });
  connection.listen();
  const params: InitializeParams = {
    processId: null,
    rootUri: null,
    capabilities: options.capabilities ?? FULL,
    workspaceFolders: (options.folders ?? ['file:///w']).map((uri) => ({ uri, name: uri })),
    initializationOptions: options.initializationOptions,
  };
  const result = await connection.sendRequest<InitializeResult>('initialize', params);
  await connection.sendNotification('initialized', {});
  const pull = (uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> =>
    connection.sendRequest('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
  return {
    connection,
    result,
    published,
    refreshes,
    lensRefreshes,
    registered,
    logged,
    get settings() {
      return live.settings;
    },
    set settings(next) {
      live.settings = next;
    },
    open: (uri, text, languageId = 'rust') =>
      void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }),
    change: (uri, version, contentChanges) =>
      void connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges }),
    pull,
    async items(uri) {
      const report = await pull(uri);
      return report.kind === 'full' ? report.items : [];
    },
    pullWorkspace: (previousResultIds = []) => connection.sendRequest('workspace/diagnostic', { previousResultIds }),
    actions: async (uri, range, context = {}) =>
      (await connection.sendRequest<CodeAction[] | null>('textDocument/codeAction', {
        textDocument: { uri },
        range,
        context: { diagnostics: [], ...context },
      })) ?? [],
    resolve: (action) => connection.sendRequest('codeAction/resolve', action),
    hover: (uri, position) => connection.sendRequest('textDocument/hover', { textDocument: { uri }, position }),
  };
}

/** From the first sign of a stretch of a line to behind its last, in the protocol's counting. */
export function range(line: number, start: number, end: number): Range {
  return { start: { line, character: start }, end: { line, character: end } };
}

/** The text after an edit, as an editor would apply it. */
export function applied(text: string, edit: WorkspaceEdit | undefined, uri: string, encoding: Encoding = 'utf-16'): string {
  const versioned = edit?.documentChanges?.filter((one): one is TextDocumentEdit => 'edits' in one && one.textDocument.uri === uri) ?? [];
  const edits = edit?.changes?.[uri] ?? versioned.flatMap((one) => one.edits.flatMap((each) => ('newText' in each ? [each] : [])));
  // From the last to the first, so that each range still means what it meant.
  const ordered = [...edits].sort((a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character);
  return applyChanges(
    text,
    ordered.map((one) => ({ range: one.range, text: one.newText })),
    encoding,
  );
}

/** Waits until something holds; fails with its description when it does not within five seconds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`gave up waiting: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export { CancellationTokenSource };
