import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze } from '../../src/analysis';
import type { AnalyzeOptions } from '../../src/analysis';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import { parsePath } from '../../src/manifest/provenance';
import { describeDifference, differences } from '../difference';
import type { Json, Proxy, ProxyConfig } from '../istiod/client';
import { translate } from '../istiod/client';

const FIXTURES = join(__dirname, '../../test/analysis/fixtures');

/** A rule whose message claims that istiod ignores an object, or the field at a path. */
interface Claim {
  readonly rule: string;
  readonly ignored: 'object' | RegExp;
  /** The finding of the fixture that makes the claim, if there are several. */
  readonly finding?: number;
  /** The proxies that ignore it; default: all. */
  readonly proxies?: readonly string[];
}

const FIELD = /.*/;
const RULE = /^spec\.http\[\d+\]/;
const POLICY = /^spec\.trafficPolicy/;

const CLAIMS: readonly Claim[] = [
  { rule: 'access-logging-without-provider', ignored: 'object' },
  { rule: 'add-patch-ignored', ignored: 'object' },
  { rule: 'conflicting-mesh-hosts', ignored: 'object', finding: 1 },
  { rule: 'delegate-match-outside-root', ignored: 'object' },
  { rule: 'delegate-without-root', ignored: 'object' },
  { rule: 'destination-rule-in-third-namespace', ignored: 'object' },
  { rule: 'gateway-condition-never-met', ignored: RULE },
  { rule: 'gateway-port-taken', ignored: 'object' },
  { rule: 'http-rules-on-tcp-port', ignored: 'object' },
  { rule: 'ignored-on-redirect', ignored: FIELD },
  { rule: 'overlapping-destination-rule-selectors', ignored: 'object' },
  { rule: 'overlapping-sidecars', ignored: 'object', finding: 1 },
  { rule: 'policy-for-unknown-port', ignored: POLICY },
  { rule: 'remove-patch-ignored', ignored: 'object' },
  { rule: 'replace-patch-ignored', ignored: 'object' },
  { rule: 'root-sidecar-with-selector', ignored: 'object' },
  { rule: 'rule-inside-earlier-rule', ignored: RULE },
  { rule: 'several-default-sidecars', ignored: 'object', finding: 1 },
  { rule: 'several-default-telemetries', ignored: 'object', finding: 1 },
  { rule: 'sidecar-selects-no-pods', ignored: 'object', proxies: ['catalog', 'other'] },
  { rule: 'split-destination-rules-lose-policy', ignored: FIELD },
  { rule: 'split-destination-rules-lose-subset', ignored: FIELD },
  { rule: 'telemetry-selects-no-pods', ignored: 'object', proxies: ['catalog', 'other'] },
  { rule: 'unknown-destination-rule-host', ignored: 'object' },
  { rule: 'unreachable-rule', ignored: FIELD },
  { rule: 'virtual-service-hidden-from-gateway', ignored: 'object', proxies: ['edge'] },
  { rule: 'virtual-service-not-imported', ignored: 'object' },
  { rule: 'zero-read-as-unset', ignored: FIELD },
];

const PROXIES: readonly Proxy[] = [
  { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web', tier: 'front' } },
  { name: 'catalog', type: 'sidecar', namespace: 'shop', labels: { app: 'catalog', version: 'v1' } },
  { name: 'other', type: 'sidecar', namespace: 'other', labels: { app: 'other' } },
  { name: 'gate', type: 'gateway', namespace: 'shop', labels: { app: 'gate' } },
  { name: 'edge', type: 'gateway', namespace: 'edge', labels: { app: 'gate' } },
];

function without(object: KubernetesObject, path: string): KubernetesObject {
  const copy = structuredClone(object) as Json;
  const steps = parsePath(path);
  const last = steps[steps.length - 1];
  const parent: Json = steps.slice(0, -1).reduce((part: Json, step) => part[step], copy);
  if (typeof last === 'number') parent.splice(last, 1);
  else delete parent[last];
  return copy;
}

function textOf(objects: readonly KubernetesObject[]): string {
  return objects.map(object => JSON.stringify(object)).join('\n---\n');
}

/** A fixture with and without the part that its finding calls ignored. */
function variants({ rule, ignored, finding: which = 0 }: Claim, options: AnalyzeOptions = {}): readonly [string, string] {
  const { objects } = parseManifests(readFileSync(join(FIXTURES, rule, 'bad.yaml'), 'utf8'));
  const { object, path = '' } = analyze(objects, options).filter(({ rule: id }) => id === rule)[which];
  const place = ignored === 'object' ? '' : ignored.exec(path)![0];
  const changed =
    ignored === 'object' ? objects.filter(one => one !== object) : objects.map(one => (one === object ? without(one, place) : one));
  return [textOf(objects), textOf(changed)];
}

/** The order of listeners and clusters varies and has no meaning. */
function inOrder({ listeners, clusters, routes, endpoints }: ProxyConfig): Json {
  const sorted = (list: readonly Json[]) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { listeners: sorted(listeners), clusters: sorted(clusters), routes: sorted(routes), endpoints };
}

/** Claims that are wrong: istiod sends something different without the part. */
export async function ignoredDrift(): Promise<{ readonly wrong: string[]; readonly figure: string }> {
  const cases = CLAIMS.flatMap(claim =>
    variants(claim).map((manifests, i) => ({
      id: `${claim.rule} ${i === 0 ? 'with' : 'without'}`,
      manifests,
      namespace: 'default',
      proxies: PROXIES,
    })),
  );
  const answers = await translate(cases);
  const wrong = CLAIMS.flatMap(({ rule, proxies }, i) => {
    const [whole, less] = [answers[2 * i], answers[2 * i + 1]];
    if (whole.error !== undefined || less.error !== undefined) return [`${rule}: ${whole.error ?? less.error}`];
    return whole.proxies.flatMap((proxy, p) => (proxies && !proxies.includes(proxy.name) ? [] : differences(
      inOrder(proxy),
      inOrder(less.proxies[p]),
    )
      .map(difference => `${rule}: proxy ${proxy.name} gets a different configuration without the part that is said to be ignored: ${describeDifference(difference)}`)));
  });
  return { wrong, figure: `${CLAIMS.length} rules, ${PROXIES.length} proxies` };
}
