/** The page around a layout: what it lets in, and where its colours come from. */
import { expect, it } from 'vitest';
import { layoutPage } from '../../client/src/layout-page.ts';

const page = layoutPage('Pair<T & U>', '<p>body</p>', 'abc123');

it('lets nothing in but its own style and script', () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  expect(policy).toBe("default-src 'none'; style-src 'nonce-abc123'; script-src 'nonce-abc123'");
  for (const [, attributes] of page.matchAll(/<(?:style|script)\b([^>]*)>/g)) expect(attributes).toBe(' nonce="abc123"');
  expect(page).not.toMatch(/ style=| on\w+=|https?:/);
});

it('takes every colour from the editor', () => {
  const style = /<style[^>]*>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  expect(style).not.toMatch(/#[0-9a-f]{3,8}\b(?![^{]*\{)|\brgb|\bhsl/i);
  const colours = [...style.matchAll(/(?:^|[\s;{])(?:color|background|border-color|outline-color): ([^;]+);/g)].map(
    ([, value = '']) => value,
  );
  expect(colours.length).toBeGreaterThan(8);
  for (const value of colours) expect(value).toMatch(/var\(--vscode-|^none$/);
});

it('escapes the title', () => {
  expect(page).toContain('<h1>Pair&lt;T &amp; U&gt;</h1>');
});
