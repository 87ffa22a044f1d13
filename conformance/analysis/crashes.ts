import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze, RULES } from '../../src/analysis';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Proxy } from '../istiod/client';
import { translate } from '../istiod/client';

const FIXTURES = join(__dirname, '../../test/analysis/fixtures');

const PROXIES: readonly Proxy[] = [
  { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web' } },
  { name: 'gate', type: 'gateway', namespace: 'shop', labels: { app: 'gate' } },
];

/** The message of Go about an unrecovered panic. */
const PANIC = /^runtime error: /;
const OF_CRASHES = new Set(RULES.filter(({ theme }) => theme === 'istiod-crashes').map(({ id }) => id));

/** Whether an error of istiod is a crash. */
export function isCrash(error: string | undefined): boolean {
  return error !== undefined && PANIC.test(error);
}

/** Whether the analysis finds that istiod crashes on a mesh. */
export function isCrashFound(objects: readonly KubernetesObject[], meshConfig: MeshConfigFields): boolean {
  return analyze(objects, { meshConfig }).some(({ rule }) => OF_CRASHES.has(rule));
}

/** Bad examples that istiod survives, and good examples that crash it. */
export async function crashDrift(): Promise<string[]> {
  const cases = [...OF_CRASHES].flatMap(id => ['bad', 'good'].map(which => (
    { id: `${id}/${which}`, manifests: readFileSync(join(FIXTURES, id, `${which}.yaml`), 'utf8'), proxies: PROXIES })));
  return (await translate(cases)).flatMap(({ id, error }) => {
    if (id.endsWith('/good')) return error === undefined ? [] : [`${id}: ${error}`];
    return isCrash(error) ? [] : [`${id}: ${error ?? 'istiod translates it'}`];
  });
}
