import { oddHosts } from './odd-hosts';
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
  { name: 'catalog-v2', type: 'sidecar', namespace: 'a', labels: { app: 'catalog', version: 'v2' } },
  { name: 'reviews', type: 'sidecar', namespace: 'b', labels: { app: 'reviews', version: 'v1' } },
  { name: 'gate', type: 'gateway', namespace: 'a', labels: { app: 'gate', tier: 'front' } },
];

/** Rules that report a destination without a cluster. */
const RULES = new Set([
  'unknown-destination-host', 'unknown-mirror-host', 'unknown-destination-port', 'destination-port-required', 'destination-port-differs',
  'unknown-subset', 'unknown-mirror-subset', 'cluster-not-sent',
]);

/** Whether a route comes from a VirtualService, and is not the default route of a service. */
function isStated({ metadata }: Json): boolean {
  return JSON.stringify(metadata ?? {}).includes('/virtual-service/');
}

/** The clusters that a proxy's routes use. */
function usedClusters({ routes }: ProxyConfig): string[] {
  const actions: readonly Json[] = routes.flatMap(({ virtualHosts = [] }) => virtualHosts.flatMap((host: Json) => host.routes ?? []))
    .filter(isStated).map((route: Json) => route.route).filter((action: Json) => action);
  return [...new Set<string>(actions.flatMap(({ cluster, weightedClusters, requestMirrorPolicies = [] }) => [
    ...cluster === undefined ? [] : [cluster],
    ...(weightedClusters?.clusters ?? []).map(({ name }: Json) => name),
    ...requestMirrorPolicies.map((policy: Json) => policy.cluster),
  ]))];
}

/** The used clusters that it does not get. */
function absentClusters(proxy: ProxyConfig): string[] {
  const sent = new Set(proxy.clusters.map(({ name }) => name));
  return usedClusters(proxy).filter(name => !sent.has(name));
}

/** Whether a finding is about the destination of a cluster, `outbound|port|subset|host`. */
function isAbout({ rule, object, path = '' }: Finding, cluster: string, externalNames: ReadonlyMap<string, string>): boolean {
  const [, , subset, host] = cluster.split('|');
  if (!RULES.has(rule)) return false;
  const place = parsePath(path.replace(/\.(host|subset|port\.number)$/, ''));
  const destination: Json = place.reduce((part: Json, step) => part?.[step], object);
  const stated = fullHost(destination?.host, object!);
  return [stated, externalNames.get(stated)].includes(host) && (destination?.subset ?? '') === subset;
}

/** The hosts that Services of type ExternalName refer to, by the host of the Service. */
function externalNamesOf(objects: readonly KubernetesObject[]): ReadonlyMap<string, string> {
  return new Map(objects.filter(({ kind }) => kind === 'Service').flatMap((object: Json) => (
    object.spec?.externalName ? [[fullHost(object.metadata.name, object), object.spec.externalName] as const] : [])));
}

/** Whether a proxy gets a cluster for the destination of a finding, at any port if the destination has none. */
function isSent({ object, path = '' }: Finding, { clusters }: ProxyConfig): boolean {
  const place = parsePath(path.replace(/\.(host|subset|port\.number)$/, ''));
  const destination: Json = place.reduce((part: Json, step) => part?.[step], object);
  const end = `|${destination.subset ?? ''}|${fullHost(destination.host, object!)}`;
  const { number } = destination.port ?? {};
  return clusters.some(({ name }) => (number === undefined ? name.endsWith(end) : name === `outbound|${number}${end}`));
}

function fullHost(host: unknown, { metadata: { namespace } }: KubernetesObject): string {
  return String(host).includes('.') ? String(host) : `${String(host)}.${namespace}.svc.cluster.local`;
}

/** Rules that report a cluster that no caller has. A used cluster that istiod sends refutes them. */
const OF_ALL_CALLERS = new Set([
  'unknown-subset',
  'unknown-mirror-subset',
  'unknown-destination-host',
  'unknown-mirror-host',
  'destination-port-required',
]);

/** The documents of a generated set, with subsets of wildcards instead of single hosts. */
function withWildcards(documents: readonly string[]): readonly string[] {
  return documents.map(document => (document.includes('"DestinationRule"') && document.includes('"subsets"')
    ? document.replace(/"host": "(?:catalog|reviews|multi)(?:\.[^"]*)?"/, '"host": "*.svc.cluster.local"') : document));
}

/** Missing clusters in istiod's routes that no finding reports, and errors about clusters that all routes find. */
export async function absentClusterDrift(count: number): Promise<{ readonly wrong: string[]; readonly figure: string }> {
  // The light harness has no keys to check tokens with, and tokens do not affect clusters.
  const sets = Array.from({ length: count }, (_, i) => generatedSet(i + 1)).flatMap(({ id, text }, i) => {
    const documents = text.split('\n---\n').filter(document => !document.includes('"RequestAuthentication"'));
    const manifests = (i % 2 === 0 ? documents : withWildcards(documents)).join('\n---\n');
    return [{ id, manifests }, { id: `${id} with odd hosts`, manifests: `${manifests}\n---\n${oddHosts(i + 1)}` }];
  });
  const answers = await translate(sets.map(set => ({ ...set, namespace: 'default', proxies: PROXIES })));
  let absent = 0;
  const wrong = answers.flatMap((answer, i) => {
    if (answer.error !== undefined) return [`${answer.id}: ${answer.error}`];
    const { objects } = parseManifests(sets[i].manifests, { namespace: 'default' });
    const findings = analyze(objects, { complete: true });
    const externalNames = externalNamesOf(objects);
    const isTold = (cluster: string) => findings.some(finding => isAbout(finding, cluster, externalNames));
    const missing = answer.proxies.flatMap(absentClusters);
    const used = answer.proxies.flatMap(usedClusters).filter(cluster => !missing.includes(cluster));
    absent += missing.length;
    const refuted = findings.filter(({ rule }) => OF_ALL_CALLERS.has(rule)).flatMap(finding => {
      const about = (clusters: readonly string[]) => clusters.filter(cluster => isAbout(finding, cluster, externalNames));
      return about(used).length > 0 && about(missing).length === 0 ? [{ finding, there: about(used)[0] }] : [];
    });
    const vain = findings.filter(finding => finding.rule === 'cluster-not-sent' && answer.proxies.every(proxy => isSent(finding, proxy))
      && !missing.some(cluster => isAbout(finding, cluster, externalNames)));
    return [
      ...missing.filter(cluster => !isTold(cluster)).map(
        cluster => `${answer.id}: routes name the missing ${cluster}, but no finding reports it`,
      ),
      ...refuted.map(({ finding, there }) => `${answer.id}: ${describeFinding(finding)}: a false alarm, because ${there} exists`),
      ...vain.map(finding => `${answer.id}: ${describeFinding(finding)}: a false alarm, because every proxy gets the cluster`),
    ];
  });
  return { wrong, figure: `${absent} such clusters in ${sets.length} sets` };
}
