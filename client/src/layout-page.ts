/** The page around a layout: its policy, its colours, which are the editor's, and the few lines of script that answer mouse and keyboard. */

/** `nonce` is all that the policy lets styles and scripts in by; `body` comes from the server and holds neither. */
export function layoutPage(title: string, body: string, nonce: string): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<header><h1>${escapeHtml(title)}</h1><div role="toolbar" aria-label="Export">
<button type="button" data-export="svg">SVG</button><button type="button" data-export="markdown">Markdown</button><button type="button" data-export="json">JSON</button>
</div></header>
<main aria-live="polite">${body}</main>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

const STYLE = `
body { color: var(--vscode-editor-foreground); background: var(--vscode-editor-background); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); padding: 0 1.5em 2em; }
header { display: flex; align-items: baseline; gap: 1.5em; flex-wrap: wrap; }
h1 { font-size: 1.5em; margin: .8em 0 .4em; }
h2 { font-size: 1.1em; margin: 1.6em 0 .2em; }
button { font: inherit; color: var(--vscode-textLink-foreground); background: none; border: 1px solid transparent; padding: 0 .2em; margin: 0 -.2em; cursor: pointer; }
button:hover { text-decoration: underline; }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }
[role=toolbar] button { color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); border-color: var(--vscode-contrastBorder, transparent); padding: .1em .8em; margin: 0 .4em 0 0; }
[role=toolbar] button:hover { background: var(--vscode-button-secondaryHoverBackground); text-decoration: none; }
.figures, .offset, .more, .line td { color: var(--vscode-descriptionForeground); }
.figures { margin: 0 0 .6em; }
.verdict { font-weight: bold; }
.wrong, .verdict.wrong, .differences { color: var(--vscode-errorForeground); }
table { border-collapse: collapse; }
.bytes { table-layout: fixed; width: 100%; max-width: 46em; font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); }
.bytes td { height: 1.9em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 0 .4em; }
.bytes .offset { text-align: right; }
.bytes .field, .bytes .padding { border: 1px solid var(--vscode-contrastBorder, var(--vscode-descriptionForeground)); }
.bytes .field { background: var(--vscode-editor-inactiveSelectionBackground); }
.bytes [data-uri] { cursor: pointer; }
.bytes .padding { background: repeating-linear-gradient(45deg, transparent 0 5px, var(--vscode-descriptionForeground) 5px 6px); opacity: .6; }
.bytes .wrong { color: var(--vscode-errorForeground); border: 2px solid var(--vscode-errorForeground); }
.bytes .line td { height: 1.4em; border-top: 2px dashed var(--vscode-descriptionForeground); font-size: .9em; }
.on { outline: 2px solid var(--vscode-focusBorder); outline-offset: -2px; }
.fields { margin: .8em 0 0; }
.fields caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.fields th, .fields td { text-align: left; font-weight: normal; padding: .15em 1.2em .15em 0; border-bottom: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent)); }
.fields th[scope=col] { color: var(--vscode-descriptionForeground); }
.fields code { font-family: var(--vscode-editor-font-family); }
`;

/** Up and down walk through the fields; a field under the pointer or the cursor is marked in all languages. */
const SCRIPT = `
const vscode = acquireVsCodeApi();
const main = document.querySelector('main');
const links = () => [...main.querySelectorAll('button')];
const mark = (name) => {
  for (const one of main.querySelectorAll('[data-field]')) one.classList.toggle('on', one.dataset.field === name);
};
const fieldOf = (node) => node instanceof Element ? node.closest('[data-field]')?.dataset.field : undefined;
addEventListener('message', ({ data }) => {
  if (typeof data.html !== 'string') return;
  const at = links().indexOf(document.activeElement);
  main.innerHTML = data.html;
  if (at >= 0) links()[Math.min(at, links().length - 1)]?.focus();
});
addEventListener('click', ({ target }) => {
  const place = target.closest('[data-uri]');
  const kind = target.closest('[data-export]')?.dataset.export;
  if (place) vscode.postMessage({ uri: place.dataset.uri, line: Number(place.dataset.line), column: Number(place.dataset.column) });
  else if (kind) vscode.postMessage({ kind });
});
addEventListener('pointerover', ({ target }) => mark(fieldOf(target)));
addEventListener('focusin', ({ target }) => mark(fieldOf(target)));
addEventListener('keydown', (event) => {
  const all = links();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  all[Math.max(0, Math.min(to, all.length - 1))].focus();
});
`;
