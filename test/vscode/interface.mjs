/** The extension as a user meets it: installed from the .vsix, a squiggle under the mistake, mended from the keyboard, saved. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../../scripts/stamp.mjs';
import { installExtension, openBrowser, startCodeServer } from '../../scripts/vscode-host.mjs';

const [vsix, folder] = process.argv.slice(2);
if (!vsix || !folder) throw new Error('a .vsix and a folder are wanted');

/** Where pictures of the last run stay, for people. */
const pictures = path.join(cacheFolder, 'pictures');
const source = path.join(folder, 'src/lib.rs');

// The fixture names a server that does not exist, for the test of restricted mode.
rmSync(path.join(folder, '.vscode'), { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const work = mkdtempSync(path.join(tmpdir(), 'ffi-lint-interface-'));
installExtension(work, vsix);
const server = await startCodeServer({ work, trusted: true });
const { page, close } = await openBrowser();
let failed = false;

async function step(name, run) {
  if (failed) return;
  try {
    await run();
    console.log(`ok interface: ${name}`);
  } catch (error) {
    failed = true;
    console.log(`not ok interface: ${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
  await page.screenshot({ path: path.join(pictures, `${name.replace(/\W+/g, '-')}.png`) });
}

async function openFile(name) {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input');
  await input.fill(name);
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator(`.tab.active[data-resource-name="${path.basename(name)}"]`).waitFor();
}

/** As a user does: on a busy machine the list may close again before Enter reaches it, and is opened once more. */
async function takeFirstFix() {
  const first = page.locator('.action-widget .monaco-list-row.focused');
  const fixed = page.locator('.view-lines').getByText('#[repr(C)]');
  for (let tries = 0; tries < 4; tries++) {
    await page.keyboard.press('Control+.');
    const open = await appears(first.getByText('add `#[repr(C)]` to `Pair`'));
    if (tries === 0) await page.screenshot({ path: path.join(pictures, 'menu.png') });
    if (open) await page.keyboard.press('Enter');
    if (open && (await appears(fixed))) return;
    await page.keyboard.press('Escape');
  }
  throw new Error('the fix could not be taken');
}

function appears(locator) {
  return locator.first().waitFor({ timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

async function until(what, holds) {
  for (let tries = 0; tries < 100; tries++) {
    if (holds()) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`gave up waiting: ${what()}`);
}

try {
  await step('a squiggle stands under the mistake', async () => {
    await page.goto(`${server.origin}/?folder=${encodeURIComponent(folder)}`);
    await page.locator('.monaco-workbench .activitybar').waitFor({ timeout: 60_000 });
    await openFile('src/lib.rs');
    await page.locator('.squiggly-error').first().waitFor({ timeout: 30_000 });
  });
  await step('the hover tells the finding and the rule', async () => {
    await page.locator('.squiggly-error').first().hover({ force: true });
    const hover = page.locator('.monaco-hover:visible');
    await hover.getByText('has no `repr(C)`').or(hover.getByText('has no repr(C)')).first().waitFor();
    await hover.getByText('about this rule').waitFor();
  });
  await step('the language status tells the counts', async () => {
    await page.keyboard.press('Escape');
    await page.locator('#status\\.languageStatus').click();
    await page.locator('.hover-language-status').getByText('ffi-lint: 1 error').waitFor();
    await page.keyboard.press('Escape');
  });
  await step('the quick fix is taken from the keyboard and saved', async () => {
    await page.locator('.view-lines').click();
    await page.keyboard.press('Control+G');
    await page.locator('.quick-input-widget input').fill(':3:14');
    await page.keyboard.press('Enter');
    await page.getByText('Ln 3, Col 14').waitFor();
    await takeFirstFix();
    await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
    await page.keyboard.press('Control+S');
    await until(
      () => `the file is ${readFileSync(source, 'utf8')}`,
      () => readFileSync(source, 'utf8').includes('#[repr(C)]\npub struct Pair {'),
    );
  });
  const layout = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  await step('the layout of a type is drawn beside it', async () => {
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').fill('>ffi-lint: Show the Layout of This Type');
    await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await page.keyboard.press('Enter');
    await layout.getByRole('heading', { name: 'Rust struct Pair' }).waitFor();
    await layout.locator('.bytes .padding').first().waitFor();
    await layout.getByRole('rowheader', { name: 'y' }).waitFor();
  });
  await step('a field leads to its source, and the arrow keys through the fields', async () => {
    await layout.getByRole('button', { name: 'x', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await layout.locator('button:focus', { hasText: 'y' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Ln 6, Col 9').waitFor();
  });
  await step('the layout follows the source', async () => {
    await page.keyboard.press('End');
    for (const key of ['ArrowLeft', 'Backspace', '3', '2']) await page.keyboard.press(key);
    await layout.getByRole('cell', { name: 'u32' }).waitFor();
  });
} finally {
  await close();
  server.stop();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`pictures are in ${pictures}`);
process.exitCode = failed ? 1 : 0;
