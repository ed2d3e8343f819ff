/** The language server as the extension sees it: started as a child process, restarted on request. */
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { LanguageClientOptions, ServerOptions } from 'vscode-languageclient/node';
import type {
  CheckWorkspaceMethod,
  CheckWorkspaceResult,
  RuleInfo,
  LayoutAtMethod,
  LayoutOfMethod,
  LayoutShown,
  RulesMethod,
  ShowLayoutMethod,
  ShowRuleMethod,
  ShowRuleParams,
  ShowTextMethod,
  ShowTextParams,
  StartOptionsMessage,
  StatusMethod,
  StatusParams,
  TrustMethod,
} from '../../server/src/lsp/ext.ts';

const STATUS: StatusMethod = 'ffi-lint/status';
const SHOW_RULE: ShowRuleMethod = 'ffi-lint/showRule';
const SHOW_LAYOUT: ShowLayoutMethod = 'ffi-lint/showLayout';
const SHOW_TEXT: ShowTextMethod = 'ffi-lint/showText';
const LAYOUT_AT: LayoutAtMethod = 'ffi-lint/layoutAt';
const LAYOUT_OF: LayoutOfMethod = 'ffi-lint/layoutOf';
const RULES: RulesMethod = 'ffi-lint/rules';
const CHECK_WORKSPACE: CheckWorkspaceMethod = 'ffi-lint/checkWorkspace';
const TRUST: TrustMethod = 'ffi-lint/trust';

export interface Server {
  readonly ready: Promise<void>;
  readonly onStatus: vscode.Event<StatusParams>;
  readonly onShowRule: vscode.Event<ShowRuleParams>;
  readonly onShowLayout: vscode.Event<LayoutShown>;
  readonly onShowText: vscode.Event<ShowTextParams>;
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  trust(): Promise<void>;
  rules(): Promise<readonly RuleInfo[]>;
  explain(rule: string): Promise<void>;
  /** The layout of the type or field at a place; null where there is none. */
  layoutAt(uri: vscode.Uri, position: vscode.Position): Promise<LayoutShown | null>;
  /** The layout of a type that was shown, as it is now; null where it is gone. */
  layoutOf(uri: string, type: string): Promise<LayoutShown | null>;
  checkWorkspace(token: vscode.CancellationToken): Promise<CheckWorkspaceResult | null>;
}

export function createServer(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Server {
  const status = new vscode.EventEmitter<StatusParams>();
  const showRule = new vscode.EventEmitter<ShowRuleParams>();
  const showLayout = new vscode.EventEmitter<LayoutShown>();
  const showText = new vscode.EventEmitter<ShowTextParams>();
  context.subscriptions.push(status, showRule, showLayout, showText);
  const ready = new Promise<void>((resolve) => {
    const first = status.event(({ state }) => {
      if (state === 'indexing' || state === 'checking') return;
      first.dispose();
      resolve();
    });
  });
  let client: LanguageClient | null = null;
  let last: Promise<void> = Promise.resolve();

  /** One after the other: a restart may be asked for while another one is under way. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    last = last.then(work);
    return last;
  }

  /** A server that cannot be started is told in the log and in the status; the extension stays for the next attempt. */
  async function begin(): Promise<void> {
    const next = new LanguageClient('ffi-lint', 'ffi-lint', serverOptions(context), clientOptions(log));
    next.onNotification(STATUS, (params: StatusParams) => status.fire(params));
    next.onNotification(SHOW_RULE, (params: ShowRuleParams) => showRule.fire(params));
    next.onNotification(SHOW_LAYOUT, (params: LayoutShown) => showLayout.fire(params));
    next.onNotification(SHOW_TEXT, (params: ShowTextParams) => showText.fire(params));
    try {
      await next.start();
      client = next;
    } catch (error) {
      log.error(`the server could not be started: ${error instanceof Error ? error.message : String(error)}`);
      status.fire({ state: 'failed', target: null, probe: 'off', counts: { errors: 0, warnings: 0, infos: 0, hints: 0 } });
    }
  }

  async function end(): Promise<void> {
    const old = client;
    client = null;
    await old?.dispose().catch((error: unknown) => log.warn(`the server did not stop well: ${String(error)}`));
  }

  return {
    ready,
    onStatus: status.event,
    onShowRule: showRule.event,
    onShowLayout: showLayout.event,
    onShowText: showText.event,
    start: () => inTurn(begin),
    stop: () => inTurn(end),
    restart: () => inTurn(() => end().then(begin)),
    trust: async () => client?.sendNotification(TRUST),
    rules: async () => (await client?.sendRequest<readonly RuleInfo[]>(RULES)) ?? [],
    explain: async (rule) => {
      await client?.sendRequest('workspace/executeCommand', { command: 'ffi-lint.explain', arguments: [rule] });
    },
    layoutAt: async (uri, { line, character }) =>
      (await client?.sendRequest<LayoutShown | null>(LAYOUT_AT, { uri: uri.toString(), position: { line, character } })) ?? null,
    layoutOf: async (uri, type) => (await client?.sendRequest<LayoutShown | null>(LAYOUT_OF, { uri, type })) ?? null,
    checkWorkspace: async (token) => (await client?.sendRequest<CheckWorkspaceResult | null>(CHECK_WORKSPACE, token)) ?? null,
  };
}

/** The bundled server, or the executable that the user named; the setting is not read from workspaces that are not trusted. */
function serverOptions(context: vscode.ExtensionContext): ServerOptions {
  const path = vscode.workspace.getConfiguration('ffi-lint').get<string>('server.path', '').trim();
  if (path !== '') return { command: path, args: ['server', '--stdio'] };
  const module = context.asAbsolutePath('dist/server.cjs');
  return {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6011'] } },
  };
}

/** Findings are shown in all of these; only the first four start the extension. */
const LANGUAGES = ['rust', 'c', 'cpp', 'python', 'javascript', 'typescript', 'csharp'];
/** On disk, never saved, or on a file system that an extension provides. */
const SCHEMES = ['file', 'untitled', 'vscode-vfs'];
const CONFIGURATION = '**/{Cargo.toml,ffi-lint.toml,.ffi-lint.toml,pyproject.toml}';

function clientOptions(log: vscode.LogOutputChannel): LanguageClientOptions {
  const startOptions: StartOptionsMessage = {
    status: true,
    ruleView: true,
    layoutView: true,
    textView: true,
    trusted: vscode.workspace.isTrusted,
    settings: vscode.workspace.getConfiguration('ffi-lint'),
  };
  return {
    documentSelector: [
      ...SCHEMES.flatMap((scheme) => LANGUAGES.map((language) => ({ scheme, language }))),
      { scheme: 'file', pattern: CONFIGURATION },
    ],
    initializationOptions: startOptions,
    outputChannel: log,
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
  };
}
