import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './command-line';
import { PICTURE, tour, withTour } from '../../scripts/tour';
import { COMMANDS } from '../../src/cli/commands';
import { KNOWN_VERSIONS } from '../../src/envoy/istio-versions';

describe('the documentation of the command line', () => {
  test('the README shows the current output of the commands', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const { text, picture } = await tour(run);
    expect(readme).toBe(withTour(readme, text));
    expect(readFileSync(PICTURE, 'utf8')).toBe(picture);
  });

  test('docs/cli.md names every command, its options and its exit codes', () => {
    const page = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');
    for (const version of KNOWN_VERSIONS.split(' to ')) expect(page).toContain(`\`${version}\``);
    for (const { name, operands, options, exitCodes } of COMMANDS) {
      expect(page).toContain(`## ${name}`);
      expect(page).toContain(`cdk8s-istio ${name} ${operands}`);
      for (const option of options) expect(page).toContain(`--${option.name}`);
      for (const [code, meaning] of exitCodes) expect(page).toContain(`| ${code} | ${meaning} |`);
    }
  });
});
