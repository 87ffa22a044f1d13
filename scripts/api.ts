// Compares the API with the one of the last release, which is kept in `api/released.jsii.gz`, by jsii-diff. A change that breaks programs
// needs an entry under "Breaking" of the next version in CHANGELOG.md. With --write, keeps the present API as released.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const ROOT = join(__dirname, '..');
const RELEASED = join(ROOT, 'api/released.jsii.gz');

/** Below node_modules, because jsii-diff looks there for the assemblies of cdk8s and constructs. */
const UNPACKED = join(ROOT, 'node_modules/.cache/released-api');

/** The parts of an assembly that are not its API. */
const NO_API = ['readme', 'fingerprint'];

/** Whether the changelog announces that the next version breaks programs. */
export function announcesBreaking(changelog: string): boolean {
  const [, next = ''] = /^## Unreleased\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(changelog) ?? [];
  return /^### Breaking\n+- /m.test(next);
}

function assembly(): { readonly [part: string]: unknown } {
  return JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'));
}

function keep(): void {
  const api = Object.fromEntries(Object.entries(assembly()).filter(([part]) => !NO_API.includes(part)));
  mkdirSync(join(RELEASED, '..'), { recursive: true });
  writeFileSync(RELEASED, gzipSync(JSON.stringify(api), { level: 9 }));
  console.log('api/released.jsii.gz holds the present API');
}

/** What jsii-diff says of the changes since the release; nothing if none of them breaks a program. */
function breaks(): string {
  mkdirSync(UNPACKED, { recursive: true });
  const { name, version, jsii, peerDependencies, bundledDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(UNPACKED, 'package.json'), JSON.stringify({ name, version, jsii, peerDependencies, bundledDependencies }));
  const api = JSON.parse(gunzipSync(readFileSync(RELEASED)).toString());
  writeFileSync(join(UNPACKED, '.jsii'), JSON.stringify({ fingerprint: '*', ...api }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [require.resolve('jsii-diff/bin/jsii-diff'), UNPACKED, ROOT], {
    encoding: 'utf8', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  });
  const said = `${stdout}${stderr}`.trim();
  if (status !== 0 && !/^err {2}- /m.test(said)) throw new Error(`jsii-diff failed: ${said}`);
  return status === 0 ? '' : said;
}

function compare(): void {
  const said = breaks();
  const announced = announcesBreaking(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'));
  if (said !== '') console.log(said);
  if (said !== '' && !announced) {
    console.log('These changes break programs. Take them back, or name them in CHANGELOG.md, under "Breaking" of "Unreleased".');
    process.exitCode = 1;
  }
  if (said === '') console.log('no program breaks with the present API');
  if (said !== '' && announced) console.log('CHANGELOG.md announces changes that break programs');
  console.log(`${process.exitCode ? 0 : 1} passed, ${process.exitCode ? 1 : 0} failed`);
}

if (require.main === module) {
  if (process.argv.includes('--write')) keep();
  else compare();
}
