import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment } from './experiment';
import { exactly } from './experiment';
import { translation } from '../envoy/translation';

const FIXTURES = join(__dirname, '../../test/analysis/fixtures');
const gate = { name: 'gate', type: 'gateway' as const, namespace: 'shop', labels: { app: 'gate' } };

/** The listeners of the gateway in an example of a rule. */
async function listeners(rule: string, example: 'bad' | 'good'): Promise<string[]> {
  const manifests = readFileSync(join(FIXTURES, rule, `${example}.yaml`), 'utf8');
  const [config] = await translation({ manifests, proxies: [gate] });
  return config.listeners.map(({ name }) => name as string).filter(name => name.startsWith('0.0.0.0_')).sort();
}

async function compared(rule: string, bad: readonly string[], good: readonly string[]) {
  const found = [await listeners(rule, 'bad'), await listeners(rule, 'good')];
  return exactly(`${rule}: listeners with the mistake, and with its repair`, found, [bad, good], 'as the rule says');
}

export const gatewayRules: Experiment = {
  name: 'servers that take no entries',
  run: () => Promise.all([
    compared('entries-dropped-by-gateway', [], ['0.0.0.0_443']),
    compared('entries-unused-by-gateway', ['0.0.0.0_80'], ['0.0.0.0_443', '0.0.0.0_80']),
    compared('https-redirect-without-https', ['0.0.0.0_80'], ['0.0.0.0_443', '0.0.0.0_80']),
  ]),
};
