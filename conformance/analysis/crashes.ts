import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../src/analysis';
import type { Proxy } from '../istiod/client';
import { translate } from '../istiod/client';

const FIXTURES = join(__dirname, '../../test/analysis/fixtures');

const PROXIES: readonly Proxy[] = [
  { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web' } },
  { name: 'gate', type: 'gateway', namespace: 'shop', labels: { app: 'gate' } },
];

/** The message of Go about an unrecovered panic. */
const PANIC = /^runtime error: /;

/** Bad examples that istiod survives, and good examples that crash it. */
export async function crashDrift(): Promise<string[]> {
  const cases = RULES.filter(({ theme }) => theme === 'istiod-crashes').flatMap(({ id }) => ['bad', 'good'].map(which => (
    { id: `${id}/${which}`, manifests: readFileSync(join(FIXTURES, id, `${which}.yaml`), 'utf8'), proxies: PROXIES })));
  return (await translate(cases)).flatMap(({ id, error }) => {
    if (id.endsWith('/good')) return error === undefined ? [] : [`${id}: ${error}`];
    return error !== undefined && PANIC.test(error) ? [] : [`${id}: ${error ?? 'istiod translates it'}`];
  });
}
