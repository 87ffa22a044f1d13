import { generatedSet } from './sets';
import { analyze, describeFinding } from '../../src/analysis';
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

/** The clusters that a proxy's routes use. */
function usedClusters({ routes }: ProxyConfig): string[] {
  const actions: readonly Json[] = routes.flatMap(({ virtualHosts = [] }) => virtualHosts.flatMap((host: Json) => host.routes ?? []))
    .map((route: Json) => route.route).filter((action: Json) => action);
  return [...new Set<string>(actions.flatMap(({ cluster, weightedClusters, requestMirrorPolicies = [] }) => [
    ...cluster === undefined ? [] : [cluster],
    ...(weightedClusters?.clusters ?? []).map(({ name }: Json) => name),
    ...requestMirrorPolicies.map((policy: Json) => policy.cluster),
  ]))];
}

/** Those of them that it does not get. */
function absentClusters(proxy: ProxyConfig): string[] {
  const sent = new Set(proxy.clusters.map(({ name }) => name));
  return usedClusters(proxy).filter(name => !sent.has(name));
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

/** Rules that report what no caller has, so that a cluster that is used and sent refutes them. */
const OF_ALL_CALLERS = new Set(['unknown-subset', 'unknown-mirror-subset', 'unknown-destination-host', 'unknown-mirror-host', 'destination-port-required']);

/** The documents of a generated set with subsets of wildcards in place of those of single hosts. */
function withWildcards(documents: readonly string[]): readonly string[] {
  return documents.map(document => (document.includes('"DestinationRule"') && document.includes('"subsets"')
    ? document.replace(/"host": "(?:catalog|reviews|multi)(?:\.[^"]*)?"/, '"host": "*.svc.cluster.local"') : document));
}

/** Missing clusters in istiod's routes that no finding reports, and errors about clusters that all routes find. */
export async function absentClusterDrift(count: number): Promise<{ readonly wrong: string[]; readonly figure: string }> {
  // The light harness has no keys to check tokens with, and tokens do not affect clusters.
  const sets = Array.from({ length: count }, (_, i) => generatedSet(i + 1)).map(({ id, text }, i) => {
    const documents = text.split('\n---\n').filter(document => !document.includes('"RequestAuthentication"'));
    return { id, manifests: (i % 2 === 0 ? documents : withWildcards(documents)).join('\n---\n') };
  });
  const answers = await translate(sets.map(set => ({ ...set, namespace: 'default', proxies: PROXIES })));
  let absent = 0;
  const wrong = answers.flatMap((answer, i) => {
    if (answer.error !== undefined) return [`${answer.id}: ${answer.error}`];
    const findings = analyze(parseManifests(sets[i].manifests, { namespace: 'default' }).objects, { complete: true });
    const missing = answer.proxies.flatMap(absentClusters);
    const used = answer.proxies.flatMap(usedClusters).filter(cluster => !missing.includes(cluster));
    absent += missing.length;
    return [
      ...missing.filter(cluster => !findings.some(finding => isAbout(finding, cluster))).map(cluster => `${answer.id}: routes name ${cluster} in vain, and nothing says so`),
      ...findings.filter(({ rule }) => OF_ALL_CALLERS.has(rule)).flatMap(finding => {
        const about = (clusters: readonly string[]) => clusters.filter(cluster => isAbout(finding, cluster));
        return about(used).length > 0 && about(missing).length === 0 ? [`${answer.id}: ${describeFinding(finding)}: a false alarm, as ${about(used)[0]} is there`] : [];
      }),
    ];
  });
  return { wrong, figure: `${absent} such clusters in ${count} sets` };
}
