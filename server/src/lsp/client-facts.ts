/** What the editor at the other end can do, read once from its capabilities. */
import { chooseEncoding } from './text-view.ts';
import type { Encoding } from './text-view.ts';
import type { ClientCapabilities } from 'vscode-languageserver/node';

export interface ClientFacts {
  readonly encoding: Encoding;
  /** It asks for diagnostics; else they are sent unasked. */
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  /** Versioned edits of several documents. */
  readonly documentChanges: boolean;
  readonly changeAnnotations: boolean;
  /** It resolves the `edit` of a code action when one is chosen. */
  readonly resolvesEdits: boolean;
  readonly disabledReason: boolean;
  readonly asksConfiguration: boolean;
  readonly watchesConfiguration: boolean;
  readonly watchesFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly progress: boolean;
  readonly showsDocuments: boolean;
  readonly markdown: boolean;
  readonly refreshesCodeLenses: boolean;
  readonly refreshesInlayHints: boolean;
}

export function readClientFacts(client: ClientCapabilities): ClientFacts {
  const { textDocument, workspace, window, general } = client;
  const diagnostics = textDocument?.diagnostic;
  const published = textDocument?.publishDiagnostics;
  return {
    encoding: chooseEncoding(general?.positionEncodings),
    pullsDiagnostics: diagnostics !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    relatedInformation: diagnostics?.relatedInformation ?? published?.relatedInformation ?? false,
    codeDescription: diagnostics?.codeDescriptionSupport ?? published?.codeDescriptionSupport ?? false,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    resolvesEdits: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    disabledReason: textDocument?.codeAction?.disabledSupport === true,
    asksConfiguration: workspace?.configuration === true,
    watchesConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    progress: window?.workDoneProgress === true,
    showsDocuments: window?.showDocument?.support === true,
    refreshesCodeLenses: workspace?.codeLens?.refreshSupport === true,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
    markdown: textDocument?.hover?.contentFormat?.includes('markdown') ?? false,
  };
}
