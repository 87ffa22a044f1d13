import { PINNED } from '../../envoy/istio-versions';
import { groupBy } from '../../manifest/group-by';
import { isWildcard } from '../../manifest/host-name';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Labels } from '../../manifest/labels';
import { selects } from '../../manifest/labels';
import type { Fields } from '../fields';
import { items, labelsOf, texts } from '../fields';
import { hostAndWildcards } from '../host-lookup';
import type { RegisteredHost } from '../registry';
import type { StatedPolicy } from '../stated-policies';
import { statedPolicies } from '../stated-policies';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

const ORIGINATES = new Set(['SIMPLE', 'MUTUAL']);

function namesNoCa({ mode, caCertificates, credentialName }: Fields, object: KubernetesObject): boolean {
  const isFromSecret = typeof credentialName === 'string' && credentialName !== '' && object.spec.workloadSelector !== undefined;
  return ORIGINATES.has(mode) && (caCertificates === undefined || caCertificates === '') && !isFromSecret;
}

const CA_CAUSE = `no certificate authority is named: Istio ${PINNED} trusts those of the proxy's own system, and versions before 1.23 `
  + 'and installations with VERIFY_CERTIFICATE_AT_CLIENT=false check nothing';
const CA_REPAIR = 'name the authorities in caCertificates, such as \'system\' for those of the system';

const tlsWithoutCa: TrafficRule = {
  id: 'tls-without-ca-certificates',
  codes: ['IST0128'],
  severity: 'info',
  title: 'TLS to a host names no certificate authority',
  check(index, report) {
    for (const { object, policy } of statedPolicies(index)) {
      if (policy?.tls && namesNoCa(policy.tls, object)) report(object, 'spec.trafficPolicy.tls', CA_CAUSE, CA_REPAIR);
    }
  },
};

const portTlsWithoutCa: TrafficRule = {
  id: 'port-tls-without-ca-certificates',
  codes: ['IST0129'],
  severity: 'info',
  title: 'TLS to a port names no certificate authority',
  check(index, report) {
    for (const { object, policy } of statedPolicies(index)) {
      items(policy?.portLevelSettings).forEach((entry, e) => {
        if (entry.tls && namesNoCa(entry.tls, object)) report(object, `spec.trafficPolicy.portLevelSettings[${e}].tls`, CA_CAUSE, CA_REPAIR);
      });
    }
  },
};

type Stated = { readonly tls: Fields; readonly path: string };

/** The TLS settings of a DestinationRule, at every level. */
function settingsOf({ policy, subsets }: StatedPolicy): Stated[] {
  const ofSubsets = subsets.map((subset, s) => [subset.trafficPolicy, `spec.subsets[${s}].trafficPolicy`] as const);
  const places = [[policy, 'spec.trafficPolicy'] as const, ...ofSubsets];
  return places.flatMap(([stated, path]) => [
    { tls: stated?.tls, path: `${path}.tls` },
    ...items(stated?.portLevelSettings).map((entry, e) => ({ tls: entry.tls, path: `${path}.portLevelSettings[${e}].tls` })),
  ]).filter(({ tls }) => tls);
}

const sniWithoutNames: TrafficRule = {
  id: 'sni-without-subject-alt-names',
  codes: [],
  severity: 'warning',
  title: 'TLS with `sni` and without `subjectAltNames` does not check the name in the certificate',
  check(index, report) {
    for (const stated of statedPolicies(index)) {
      for (const { tls, path } of settingsOf(stated)) {
        if (!ORIGINATES.has(tls.mode) || tls.insecureSkipVerify === true) continue;
        if (typeof tls.sni !== 'string' || tls.sni === '' || texts(tls.subjectAltNames).length > 0) continue;
        report(stated.object, `${path}.sni`, `with sni stated, the name in the certificate is no longer compared with the host: any certificate of a trusted authority passes for '${tls.sni}'`,
          `add subjectAltNames: ['${tls.sni}'], or remove sni, so that both follow the request's host`);
      }
    }
  },
};

interface Served {
  readonly host: string;
  readonly number: number;
}

/** The ports at which clients speak TLS, of each host that policies originate TLS to; of a wildcard those of all hosts that it holds. */
function tlsPorts(index: TrafficIndex, policies: readonly StatedPolicy[]): (host: string) => readonly Served[] {
  const carried = ({ host, ports }: RegisteredHost) => (
    ports.filter(({ protocol }) => protocol === 'HTTPS' || protocol === 'TLS').map(({ number }) => ({ host, number })));
  const wildcards = new Set(policies.map(({ host }) => host).filter(isWildcard));
  const held = wildcards.size === 0 ? [] : index.registry.hosts.flatMap(registered => (
    hostAndWildcards(registered.host).filter(name => wildcards.has(name))
      .flatMap(wildcard => carried(registered).map(served => ({ wildcard, served })))));
  const within = groupBy(held, ({ wildcard }) => wildcard);
  return host => (isWildcard(host) ? (within.get(host) ?? []).map(({ served }) => served) : index.registry.named(host).flatMap(carried));
}

const doubleTls: TrafficRule = {
  id: 'tls-over-tls-port',
  codes: [],
  severity: 'warning',
  title: 'TLS is put on top of TLS that clients speak already',
  check(index, report) {
    const policies = statedPolicies(index).filter(stated => settingsOf(stated).some(({ tls }) => ORIGINATES.has(tls.mode)));
    if (policies.length === 0) return;
    const portsOf = tlsPorts(index, policies);
    // Plaintext requests that are led to a port by a route are encrypted once.
    const routedTo = new Set(index.of('VirtualService').flatMap(object => index.destinationsOf(object))
      .filter(({ block, port }) => block === 'http' && port !== undefined).map(({ host, port }) => `${host} ${port}`));
    for (const { object, host, policy } of policies) {
      const ownEntries = new Set(items(policy?.portLevelSettings).map(entry => Number(entry.port?.number)));
      const served = ORIGINATES.has(policy?.tls?.mode) ? portsOf(host).filter(({ number }) => !ownEntries.has(number)) : [];
      if (served.length > 0) report(object, 'spec.trafficPolicy.tls', doubleText(served), 'state tls in portLevelSettings for the plaintext port alone');
      items(policy?.portLevelSettings).forEach((entry, e) => {
        if (!ORIGINATES.has(entry.tls?.mode)) return;
        const meant = portsOf(host).filter(({ host: name, number }) => number === Number(entry.port?.number) && !routedTo.has(`${name} ${number}`));
        if (meant.length > 0) report(object, `spec.trafficPolicy.portLevelSettings[${e}].tls`, doubleText(meant), 'state tls for the plaintext port, or lead plaintext requests to this port by a VirtualService');
      });
    }
  },
};

function doubleText(served: readonly Served[]): string {
  const hosts = [...groupBy(served, ({ host }) => host)];
  const text = hosts.slice(0, 3).map(([host, ports]) => `port ${[...new Set(ports.map(({ number }) => number))].join(', ')} of '${host}'`).join(' and ');
  return `${text}${hosts.length > 3 ? ` and of ${hosts.length - 3} more hosts` : ''} carries TLS of the clients' own, and the proxy adds a second layer there: handshakes fail`;
}

/** What demands mutual TLS, by namespace: policies for chosen pods, and the one for all. */
class PeerPolicies {
  private readonly byNamespace: ReadonlyMap<string, readonly KubernetesObject[]>;

  public constructor(private readonly index: TrafficIndex) {
    this.byNamespace = groupBy(index.of('PeerAuthentication'), policy => index.namespaceOf(policy));
  }

  /** The policy that demands it of the pods of a selector, or of a namespace's. */
  public strictFor(namespace: string, selector?: Labels): KubernetesObject | undefined {
    const narrow = this.of(namespace).filter(({ spec }) => spec?.selector?.matchLabels);
    const chosen = selector && narrow.find(({ spec }) => selects(labelsOf(spec.selector.matchLabels), selector));
    const policy = chosen ?? this.wide(namespace) ?? this.wide(this.index.meshConfig.rootNamespace);
    return policy?.spec?.mtls?.mode === 'STRICT' ? policy : undefined;
  }

  private of(namespace: string): readonly KubernetesObject[] {
    return this.byNamespace.get(namespace) ?? [];
  }

  private wide(namespace: string): KubernetesObject | undefined {
    return this.of(namespace).find(({ spec }) => !spec?.selector?.matchLabels);
  }
}

/** Where the services of a host are: their namespace, and the labels of their pods if it is one service. */
function homesOf(index: TrafficIndex, host: string): { readonly namespace: string; readonly selector?: Labels }[] {
  const namespace = /^\*\.([^.]+)\.svc\./.exec(host)?.[1];
  if (namespace !== undefined) return [{ namespace }];
  if (host === '*' || host === '*.local' || host === `*.${index.clusterDomain}`) return [{ namespace: index.meshConfig.rootNamespace }];
  return index.registry.named(host).filter(({ object }) => object.kind === 'Service');
}

const mtlsDisabled: TrafficRule = {
  id: 'mutual-tls-disabled-against-strict',
  codes: ['KIA0207', 'KIA0208'],
  severity: 'error',
  title: 'Clients are told to send plaintext, or TLS without a certificate, to services that demand mutual TLS',
  check(index, report) {
    if (index.of('PeerAuthentication').length === 0) return;
    const peers = new PeerPolicies(index);
    for (const stated of statedPolicies(index)) {
      const [strict] = homesOf(index, stated.host).flatMap(({ namespace, selector }) => peers.strictFor(namespace, selector) ?? []);
      if (!strict) continue;
      for (const { tls, path } of settingsOf(stated)) {
        // A policy that has its own word on ports may take other TLS at some.
        const isBare = tls.mode === 'SIMPLE' && strict.spec.portLevelMtls === undefined;
        if (tls.mode !== 'DISABLE' && !isBare) continue;
        report(stated.object, `${path}.mode`, `PeerAuthentication ${index.nameOf(strict)} demands mutual TLS of what calls '${stated.host}', and this mode sends ${isBare ? 'no certificate of the client' : 'plaintext'}: connections are refused`,
          'remove tls (Istio then uses mutual TLS by itself), or state ISTIO_MUTUAL, or make the PeerAuthentication PERMISSIVE');
      }
    }
  },
};

/** Rules about TLS that clients' proxies begin. */
export const CLIENT_TLS_RULES: readonly TrafficRule[] = [tlsWithoutCa, portTlsWithoutCa, sniWithoutNames, doubleTls, mtlsDisabled];
