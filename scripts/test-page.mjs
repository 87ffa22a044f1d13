// Tests the page of `graph` in a real Chromium: view, search, open and move, with mouse and keyboard. Needs the compiled library and a
// Chromium (Debian's package `chromium`, or CHROMIUM). SCREENSHOTS names a folder for pictures.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(path => path && existsSync(path));
if (!executablePath) {
  console.error('test:page: Chromium is missing; install the package chromium, or set CHROMIUM to its path');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'page-'));
const screenshots = process.env.SCREENSHOTS;
if (screenshots) mkdirSync(screenshots, { recursive: true });
let checks = 0;
const check = (holds, what) => {
  if (!holds) throw new Error(`test:page: ${what}`);
  checks++;
};

const file = join(folder, 'mesh.html');
execFileSync(process.execPath, [join(root, 'lib/src/cli/main.js'), 'graph', '-q', 'examples/coolstore/expected/20-composed', '-o', file], {
  cwd: root,
});
// A container's root may not use Chromium's sandbox.
const browser = await puppeteer.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
try {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', error => problems.push(String(error)));
  page.on('console', message => message.type() === 'error' && problems.push(message.text()));
  page.on('request', request => request.url().startsWith('file:') || problems.push(`loads ${request.url()}`));
  await page.setViewport({ width: 1400, height: 850 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  await page.goto(pathToFileURL(file).href);
  const shot = async name => screenshots && page.screenshot({ path: join(screenshots, `${name}.png`) });
  const text = selector => page.$eval(selector, element => element.textContent);
  const viewBox = () => page.$eval('#picture > svg', svg => svg.getAttribute('viewBox').split(' ').map(Number));
  const hidden = () => page.$eval('#details', details => details.hidden);

  check((await page.$$('#picture g.node')).length > 5, 'the picture has no nodes');
  check(
    (await page.$$eval('#picture g.edge.mirror path', paths => paths.map(p => p.getAttribute('stroke-dasharray')))).some(d => d),
    'mirrors are not dashed',
  );
  const whole = await viewBox();
  await shot('light');

  await page.evaluate(() =>
    [...document.querySelectorAll('#picture a')]
      .find(a => a.textContent.includes('catalog') && a.closest('.service'))
      .querySelector('text')
      .dispatchEvent(new MouseEvent('click', { bubbles: true })),
  );
  check(!await hidden(), 'a click on a service opens nothing');
  const details = await text('#details');
  for (const part of ['catalog', '90 % version-v1', 'mirror-to-routed-subset', 'outlier detection', 'Goes to'])
    check(details.includes(part), `the details of a service lack '${part}'`);
  await shot('details');
  await page.keyboard.press('Escape');
  check(await hidden(), 'Escape closes nothing');

  await page.keyboard.press('/');
  await page.keyboard.type('simple');
  check(await text('#count') === '2 found', `the search says '${await text('#count')}' of two services`);
  check((await page.$$('#picture .found')).length === 2, 'search results are not marked');
  await shot('search');
  await page.keyboard.press('Enter');
  check((await text('#details h2')).startsWith('simple-'), 'Enter does not open a search result');
  await page.keyboard.press('Escape');
  check((await page.$$('#picture .found')).length === 0, 'Escape leaves marks');

  const before = await viewBox();
  await page.keyboard.press('ArrowRight');
  check((await viewBox())[0] > before[0], 'an arrow moves nothing');
  await page.keyboard.press('+');
  check((await viewBox())[2] < before[2], 'plus does not zoom in');
  await page.keyboard.press('0');
  check(JSON.stringify(await viewBox()) === JSON.stringify(whole), '0 does not show everything');
  await page.mouse.move(300, 400);
  await page.mouse.wheel({ deltaY: -200 });
  await page.waitForFunction(
    width => Number(document.querySelector('#picture > svg').getAttribute('viewBox').split(' ')[2]) < width,
    {},
    before[2],
  );
  check((await viewBox())[2] < whole[2], 'the wheel does not zoom in');
  const zoomed = await viewBox();
  await page.mouse.down();
  await page.mouse.move(400, 450, { steps: 4 });
  await page.mouse.up();
  check((await viewBox())[0] < zoomed[0], 'dragging moves nothing');
  await page.click('#fit');

  await page.focus('#picture');
  await page.keyboard.press('Tab');
  check(await page.evaluate(() => document.activeElement.closest('#picture') !== null), 'Tab does not reach a service');
  await page.keyboard.press('Enter');
  check(!await hidden(), 'Enter opens no service');
  await page.keyboard.press('Escape');

  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await back();
  await page.keyboard.press('t');
  check(await back() !== light, 't does not turn the light off');
  await shot('dark');
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await page.reload();
  check(await back() !== light, 'a dark desktop gets a light page');

  check(problems.length === 0, `the page has problems: ${problems.join('; ')}`);
  console.log(`${checks} passed, 0 failed`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
