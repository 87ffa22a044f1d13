import type { ManifestOf } from '../../manifest/manifest';
import { ClusterNotes } from '../clusters/cluster-notes';
import { serviceClusters } from '../clusters/service-clusters';
import type { ClusterContext } from '../clusters/target';
import type { DestinationRule } from '../destination-rules';
import { DestinationRules } from '../destination-rules';
import { policyFields } from '../listeners/tcp-proxy';
import { meshConfigOf } from '../mesh-config';
import { PeerAuthentications } from '../peer-authentications';
import type { Proxy } from '../proxy';
import { hashPolicy } from '../routes/hash-policy';
import type { Service } from '../service';
import { ServiceRegistry } from '../service-registry';
import type { Cluster } from '../xds/cluster';
import type { TcpProxy } from '../xds/network-filters';
import type { HashPolicy } from '../xds/route';

const MESH = meshConfigOf({});
const REGISTRY = new ServiceRegistry([], MESH);
const PEERS = new PeerAuthentications([], MESH);

/**
 * What Envoy gets of a DestinationRule: the clusters of a service of its host, the hash policies of the routes to it, and the fields of its
 * connections.
 */
export interface StatedPolicy {
  readonly clusters: readonly Cluster[];
  readonly hashPolicies: readonly HashPolicy[];
  readonly tcpProxies: readonly Partial<TcpProxy>[];
}

/** What proxies get of a DestinationRule for a service of its host with a port of HTTP, whatever else the mesh has. */
export function statedPolicy(object: ManifestOf<'DestinationRule'>): StatedPolicy {
  const service = serviceOf(object);
  const selector = object.spec?.workloadSelector?.matchLabels;
  const proxies = proxyTypes(object).map(type => ({ type, namespace: service.namespace, labels: selector ?? {} }));
  const rule = new DestinationRules([object], MESH).of(proxies[0], service);
  // The cluster of a subset without a policy of its own has the stated values of the service's.
  const telling = rule && { ...rule, subsets: rule.subsets.filter(({ trafficPolicy }) => trafficPolicy !== undefined) };
  return {
    clusters: proxies.flatMap(proxy => serviceClusters(service, telling, contextOf(proxy))),
    hashPolicies: hashesOf(rule),
    tcpProxies: ['', ...(rule?.subsets ?? []).map(({ name = '' }) => name)].map(subset => policyFields(rule, subset)),
  };
}

/** The proxies that get different values of a DestinationRule: sidecars may not name credentials. */
function proxyTypes({ spec: { trafficPolicy, subsets = [] } = {} }: ManifestOf<'DestinationRule'>): readonly Proxy['type'][] {
  const namesCredential = [trafficPolicy, ...subsets.map(subset => subset.trafficPolicy)]
    .some(policy => [policy, ...policy?.portLevelSettings ?? []].some(level => level?.tls?.credentialName));
  return namesCredential ? ['sidecar', 'gateway'] : ['sidecar'];
}

function contextOf(proxy: Proxy): ClusterContext {
  const notes = new ClusterNotes(proxy, []);
  return { proxy, meshConfig: MESH, proxyConfig: MESH.defaultConfig, registry: REGISTRY, peerAuthentications: PEERS, notes };
}

/** A service of the host, with the ports that the policies name. */
function serviceOf(object: ManifestOf<'DestinationRule'>): Service {
  const { metadata: { namespace = '' }, spec: { host = '', trafficPolicy, subsets = [] } = {} } = object;
  const named = [trafficPolicy, ...subsets.map(subset => subset.trafficPolicy)]
    .flatMap(policy => (policy?.portLevelSettings ?? []).flatMap(({ port }) => port?.number ?? []));
  const full = host.includes('.') ? host : `${host}.${namespace}.svc.cluster.local`;
  return {
    host: full,
    name: full,
    namespace,
    registry: 'Kubernetes',
    resolution: 'STATIC',
    meshExternal: false,
    ports: [...new Set([80, ...named])].map(number => ({ name: `http-${number}`, number, protocol: 'HTTP' })),
    address: '0.0.0.0',
    addresses: [],
    exportTo: 'all',
    labels: {},
    aliases: [],
    subjectAltNames: [],
    trafficDistribution: 'any',
    object: { apiVersion: 'v1', kind: 'Service', metadata: { name: full, namespace } } as ManifestOf<'Service'>,
  };
}

function hashesOf(rule: DestinationRule | undefined): HashPolicy[] {
  const policies = [rule?.trafficPolicy, ...(rule?.subsets ?? []).map(subset => subset.trafficPolicy)];
  return policies.flatMap(policy => [policy, ...policy?.portLevelSettings ?? []])
    .map(policy => hashPolicy(policy?.loadBalancer?.consistentHash)).filter(policy => policy !== undefined);
}
