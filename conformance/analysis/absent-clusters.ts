import { generatedSet } from './sets';
import { analyze } from '../../src/analysis';
import type { Finding } from '../../src/analysis';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import { parsePath } from '../../src/manifest/provenance';
import type { Json, Proxy, ProxyConfig } from '../istiod/client';
import { translate } from '../istiod/client';

/** The proxies of the workloads in every generated set. */
const PROXIES: readonly Proxy[] = [
  { name: 'catalog', type: 'sidecar', namespace: 'a', labels: { app: 'catalog', version: 'v1' } },
  { name: 'reviews', type: 'sidecar', namespace: 'b', labels: { app: 'reviews', version: 'v1' } },
  { name: 'gate', type: 'gateway', namespace: 'a', labels: { app: 'gate', tier: 'front' } },
];

/** Rules that report a destination without a cluster. */
const RULES = new Set([
  'unknown-destination-host', 'unknown-mirror-host', 'unknown-destination-port', 'destination-port-required', 'destination-port-differs',
  'unknown-subset', 'unknown-mirror-subset', 'cluster-not-sent',
]);

/** The clusters that a proxy's routes use but that it does not get. */
function absentClusters({ routes, clusters }: ProxyConfig): string[] {
  const sent = new Set(clusters.map(({ name }) => name));
  const actions: readonly Json[] = routes.flatMap(({ virtualHosts = [] }) => virtualHosts.flatMap((host: Json) => host.routes ?? []))
    .map((route: Json) => route.route).filter((action: Json) => action);
  const named = actions.flatMap(({ cluster, weightedClusters, requestMirrorPolicies = [] }) => [
    ...cluster === undefined ? [] : [cluster],
    ...(weightedClusters?.clusters ?? []).map(({ name }: Json) => name),
    ...requestMirrorPolicies.map((policy: Json) => policy.cluster),
  ]);
  return [...new Set<string>(named)].filter(name => !sent.has(name));
}

/** Whether a finding is about the destination of a cluster, `outbound|port|subset|host`. */
function isAbout({ rule, object, path = '' }: Finding, cluster: string): boolean {
  const [, , subset, host] = cluster.split('|');
  if (!RULES.has(rule)) return false;
  const place = parsePath(path.replace(/\.(host|subset|port\.number)$/, ''));
  const destination: Json = place.reduce((part: Json, step) => part?.[step], object);
  return fullHost(destination?.host, object!) === host && (destination?.subset ?? '') === subset;
}

function fullHost(host: unknown, { metadata: { namespace } }: KubernetesObject): string {
  return String(host).includes('.') ? String(host) : `${String(host)}.${namespace}.svc.cluster.local`;
}

/** Missing clusters in istiod's routes that no finding reports. */
export async function absentClusterDrift(count: number): Promise<{ readonly wrong: string[]; readonly figure: string }> {
  // The light harness has no keys to check tokens with, and tokens do not affect clusters.
  const sets = Array.from({ length: count }, (_, i) => generatedSet(i + 1)).map(({ id, text }) => (
    { id, manifests: text.split('\n---\n').filter(document => !document.includes('"RequestAuthentication"')).join('\n---\n') }));
  const answers = await translate(sets.map(set => ({ ...set, namespace: 'default', proxies: PROXIES })));
  let absent = 0;
  const wrong = answers.flatMap((answer, i) => {
    if (answer.error !== undefined) return [`${answer.id}: ${answer.error}`];
    const findings = analyze(parseManifests(sets[i].manifests, { namespace: 'default' }).objects);
    return answer.proxies.flatMap(proxy => {
      const clusters = absentClusters(proxy);
      absent += clusters.length;
      return clusters.filter(cluster => !findings.some(finding => isAbout(finding, cluster))).map(cluster => `${answer.id}: the routes of ${proxy.name} name ${cluster} in vain, and nothing says so`);
    });
  });
  return { wrong, figure: `${absent} such clusters in ${count} sets` };
}
