import { fullHost, serviceHost } from '../../src/manifest/host-name';
import type { Destination, HTTPRoute } from '../../src/manifest/istio-specs.generated';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { ManifestOf } from '../../src/manifest/manifest';
import { manifestsOf, readManifests } from '../../src/manifest/manifest';

const DOMAIN = 'cluster.local';
const OF_CLUSTER = /^([^.*]+)\.([^.]+)\.svc\.cluster\.local$/;

/** What the manifests say of one host of the cluster. */
interface Use {
  readonly ports: Map<number, string>;
  readonly subsets: Set<string>;
}

/** Destinations of a VirtualService, each with the protocol of its routes. */
function destinationsOf({ spec = {} }: ManifestOf<'VirtualService'>): (readonly [destination: Destination | undefined, protocol: string])[] {
  const ofHttp = ({ route = [], mirror, mirrors = [] }: HTTPRoute) => [mirror, ...[...route, ...mirrors].map(each => each.destination)];
  return [
    ...(spec.http ?? []).flatMap(ofHttp).map(each => [each, 'http'] as const),
    ...(spec.tls ?? []).flatMap(({ route = [] }) => route.map(({ destination }) => [destination, 'tls'] as const)),
    ...(spec.tcp ?? []).flatMap(({ route = [] }) => route.map(({ destination }) => [destination, 'tcp'] as const)),
  ];
}

/**
 * What a set of manifests needs of a cluster, and lacks: the Services of the hosts that it names, with their ports, DestinationRules for
 * subsets, and Gateways. Without them most rules of documentation have no effect, and any two of them would be the same.
 */
export function lackingObjects(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const { manifests } = readManifests(objects);
  const uses = new Map<string, Use>();
  const use = (host: string): Use => {
    const known = uses.get(host) ?? { ports: new Map(), subsets: new Set() };
    uses.set(host, known);
    return known;
  };
  const virtualServices = manifestsOf(manifests, 'VirtualService');
  const rules = manifestsOf(manifests, 'DestinationRule');
  for (const each of virtualServices) {
    const namespace = each.metadata.namespace!;
    const { hosts = [], gateways = ['mesh'], http, tls, tcp } = each.spec ?? {};
    const protocol = http ? 'http' : tls ? 'tls' : tcp ? 'tcp' : 'http';
    for (const host of gateways.includes('mesh') ? hosts : []) use(fullHost(host, namespace, DOMAIN)).ports.set(0, protocol);
    for (const [destination, of] of destinationsOf(each)) {
      const { ports, subsets } = use(fullHost(destination?.host ?? '', namespace, DOMAIN));
      ports.set(destination?.port?.number ?? 0, of);
      if (destination?.subset !== undefined) subsets.add(destination.subset);
    }
  }
  for (const { metadata: { namespace }, spec } of rules) use(fullHost(spec?.host ?? '', namespace!, DOMAIN));
  const served = new Set([
    ...manifestsOf(manifests, 'Service').map(({ metadata: { name, namespace } }) => serviceHost(name, namespace!, DOMAIN)),
    ...manifestsOf(manifests, 'ServiceEntry').flatMap(({ spec }) => spec?.hosts ?? []),
  ]);
  const withRule = new Set(rules.map(({ metadata: { namespace }, spec }) => fullHost(spec?.host ?? '', namespace!, DOMAIN)));
  return [
    ...[...uses].flatMap(([host, { ports }]) => {
      const [, name, namespace] = OF_CLUSTER.exec(host) ?? [];
      return name === undefined || served.has(host) ? [] : [service(name, namespace, ports)];
    }),
    ...[...uses].flatMap(([host, { subsets }]) => {
      const [, name, namespace] = OF_CLUSTER.exec(host) ?? [];
      return name === undefined || subsets.size === 0 || withRule.has(host) ? [] : [destinationRule(name, namespace, [...subsets])];
    }),
    ...lackingGateways(virtualServices, manifestsOf(manifests, 'Gateway')),
  ];
}

const USUAL: { readonly [protocol: string]: number } = { http: 80, tls: 443, tcp: 9000 };

/** A Service with the ports that destinations name, or the usual one of the protocol. */
function service(name: string, namespace: string, ports: ReadonlyMap<number, string>): KubernetesObject {
  const named = [...ports].filter(([port]) => port > 0);
  const [[, protocol] = [0, 'http']] = ports;
  const all = named.length > 0 ? named : [[USUAL[protocol], protocol] as const];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: all.map(([port, of]) => ({ name: `${of}-${port}`, port })) },
  };
}

function destinationRule(name: string, namespace: string, subsets: readonly string[]): KubernetesObject {
  const spec = { host: serviceHost(name, namespace, DOMAIN), subsets: subsets.map(each => ({ name: each, labels: { version: each } })) };
  return { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name, namespace }, spec };
}

function lackingGateways(
  virtualServices: readonly ManifestOf<'VirtualService'>[], gateways: readonly ManifestOf<'Gateway'>[],
): readonly KubernetesObject[] {
  const known = new Set(gateways.map(({ metadata: { name, namespace } }) => `${namespace}/${name}`));
  const lacking = new Map(virtualServices.flatMap(({ metadata: { namespace }, spec }) => (spec?.gateways ?? [])
    .filter(each => each !== 'mesh').map(each => (each.includes('/') ? each : `${namespace}/${each}`))
    .filter(each => !known.has(each)).map(each => [each, spec] as const)));
  return [...lacking].map(([each, spec]) => {
    const [namespace, name] = each.split('/');
    const server = spec?.tls ? { port: { number: 443, name: 'tls', protocol: 'TLS' }, tls: { mode: 'PASSTHROUGH' } }
      : spec?.tcp && !spec.http ? { port: { number: 9000, name: 'tcp', protocol: 'TCP' } }
        : { port: { number: 80, name: 'http', protocol: 'HTTP' } };
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name, namespace },
      spec: { selector: { istio: 'ingressgateway' }, servers: [{ ...server, hosts: ['*'] }] },
    };
  });
}
