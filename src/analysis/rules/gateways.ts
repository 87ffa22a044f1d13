import { groupBy } from '../../manifest/group-by';
import { isHostWithin } from '../../manifest/host-name';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { selectorText, selects } from '../../manifest/labels';
import type { Fields } from '../fields';
import { items, labelsOf, texts } from '../fields';
import type { Listening } from '../listening';
import { bindOf, layerOf, listening } from '../listening';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';
import type { Workload } from '../workloads';

const gatewaySelectsNothing: TrafficRule = {
  id: 'gateway-selects-no-pods',
  codes: ['IST0101', 'KIA0302'],
  severity: 'error',
  needs: ['Workload'],
  title: 'A Gateway\'s selector is on no pod',
  check(index, report) {
    for (const object of index.of('Gateway')) {
      const selector = index.selectorOf(object);
      if (index.workloads.hasAny(selector)) continue;
      report(object, 'spec.selector', `no pod has the labels ${selectorText(selector) || '(none)'}, so that no proxy serves this Gateway`, 'write the labels of the ingress gateway\'s pods, such as istio: ingressgateway, or add its Deployment');
    }
  },
};

/** The ports at which a Gateway's pods are reached: of Services in front of them, their ports and those behind. */
function reachedPorts(pods: readonly Workload[], services: ReadonlyMap<string, readonly KubernetesObject[]>): Set<number> {
  const reached = new Set<number>();
  for (const [namespace, workloads] of groupBy(pods, pod => pod.namespace)) {
    for (const service of services.get(namespace) ?? []) {
      if (!workloads.some(({ labels }) => selects(labelsOf(service.spec?.selector), labels))) continue;
      for (const port of items(service.spec?.ports)) {
        if ((port.protocol ?? 'TCP') !== 'TCP' || !Number.isInteger(port.port)) continue;
        reached.add(port.port);
        const target = parseInt(String(port.targetPort ?? ''), 10);
        if (target > 0) reached.add(target);
      }
    }
  }
  return reached;
}

const gatewayPortUnreached: TrafficRule = {
  id: 'gateway-port-not-on-service',
  codes: ['IST0162'],
  severity: 'warning',
  needs: ['Service', 'Workload'],
  title: 'A Gateway listens at a port that no Service in front of its pods has',
  check(index, report) {
    const services = groupBy(index.of('Service'), object => index.namespaceOf(object));
    const known = new Map<string, Set<number>>();
    for (const object of index.of('Gateway')) {
      const selector = index.selectorOf(object);
      const pods = index.workloads.selectedBy(selector);
      if (pods.length === 0) continue;
      const text = selectorText(selector);
      const ports = known.get(text) ?? reachedPorts(pods, services);
      known.set(text, ports);
      items(object.spec?.servers).forEach((server, s) => {
        if (!server.port || ports.has(Number(server.port.number))) return;
        report(object, `spec.servers[${s}].port.number`, `no Service in front of the gateway's pods has port ${server.port.number}, so that nobody reaches this server`,
          ports.size === 0 ? 'add a Service for the pods, with this port' : `add the port to the Service of the gateway, or use one of ${[...ports].join(', ')}`);
      });
    }
  },
};

/** Whether two Gateways may be served by one pod: their selectors are alike, or one asks for more and a pod has both. */
function shareProxy(index: TrafficIndex, a: Listening, b: Listening): boolean {
  const [mine, theirs] = [selectorText(a.selector), selectorText(b.selector)];
  if (mine === theirs) return true;
  if (!mine.includes(theirs) && !theirs.includes(mine)) return false;
  return index.workloads.selectedBy(a.selector).some(({ labels }) => selects(b.selector, labels));
}

/** What Istio tells servers' hosts apart by: with TLS a host of every namespace is the host alone, and `./` stands for the Gateway's namespace. */
function comparedHosts(index: TrafficIndex, { object, server }: Listening): readonly string[] {
  const hosts = texts(server.hosts);
  return server.tls ? hosts.map(host => host.replace(/^\*\//, '').replace(/^\.\//, `${index.namespaceOf(object)}/`)) : hosts;
}

const conflictingGateways: TrafficRule = {
  id: 'conflicting-gateways',
  codes: ['IST0145', 'KIA0301'],
  severity: 'error',
  title: 'Two Gateways of one proxy take the same host at the same port',
  check(index, report) {
    const all = listening(index);
    // Only servers with one host, port and bind alike can stand in each other's way.
    const byPlace = groupBy(all.flatMap(one => comparedHosts(index, one).map(host => ({ one, key: `${one.server.port?.number} ${bindOf(one)} ${host}` }))), ({ key }) => key);
    for (const one of all) {
      const others = new Set<string>();
      for (const host of comparedHosts(index, one)) {
        for (const { one: other } of byPlace.get(`${one.server.port?.number} ${bindOf(one)} ${host}`) ?? []) {
          if (other.object !== one.object && shareProxy(index, one, other)) others.add(index.nameOf(other.object));
        }
      }
      if (others.size === 0) continue;
      const secured = one.server.tls !== undefined && one.server.tls.httpsRedirect !== true;
      report(one.object, `${one.path}.hosts`, `${[...others].sort().join(', ')} take${others.size === 1 ? 's' : ''} the same host at port ${one.server.port?.number} on the same proxy: ${secured ? 'of servers with TLS only the oldest is served, the others are dropped with all their hosts' : 'their routes end up in one table, whichever of them a VirtualService names'}`,
        'let each host stand in one Gateway, and bind the VirtualServices of all teams to it');
    }
  },
};

const overlappingGateways: TrafficRule = {
  id: 'overlapping-gateway-hosts',
  codes: ['KIA0301'],
  severity: 'info',
  title: 'A Gateway\'s wildcard holds the host of another Gateway on the same port',
  check(index, report) {
    // Bytes without TLS have no hosts.
    const all = listening(index).filter(one => layerOf(one) !== 'tcp');
    for (const group of groupBy(all, one => `${layerOf(one)} ${selectorText(one.selector)} ${one.server.port?.number} ${bindOf(one)}`).values()) {
      const named = group.flatMap(one => texts(one.server.hosts).map(host => ({ one, host: host.slice(host.indexOf('/') + 1), scope: host.includes('/') ? host.slice(0, host.indexOf('/')) : '*' })));
      const wildcards = named.filter(({ host }) => host.startsWith('*'));
      for (const { one, host, scope } of wildcards) {
        const inner = named.find(other => other.one.object !== one.object && other.host !== host && isHostWithin(other.host, host)
          && (scope === '*' || other.scope === '*' || scope === other.scope));
        if (!inner) continue;
        report(one.object, `${one.path}.hosts`, `'${host}' holds '${inner.host}' of Gateway ${index.nameOf(inner.one.object)}${layerOf(one) === 'tls'
          ? `, which takes all connections for it: routes for '${host}' do not apply there, not even where '${inner.host}' has none that matches`
          : `, and one table has the routes of both: where a VirtualService on either states '${inner.host}', those for '${host}' do not apply there, not even to requests that it has no route for`}`,
        'this is fine if meant; else state the routes for both hosts');
      }
    }
  },
};

function isSameCertificate(a: Fields, b: Fields): boolean {
  const [mine, theirs] = [a.credentialName ?? '', b.credentialName ?? ''];
  if (mine !== '' || theirs !== '') return mine === theirs;
  return Boolean(a.serverCertificate) && a.serverCertificate === b.serverCertificate && Boolean(a.privateKey) && a.privateKey === b.privateKey;
}

const duplicateCertificate: TrafficRule = {
  id: 'duplicate-gateway-certificate',
  codes: ['IST0138'],
  severity: 'warning',
  title: 'Two Gateways of one proxy serve the same certificate',
  check(index, report) {
    const secured = listening(index).filter(({ server }) => server.tls);
    const byCertificate = groupBy(secured, ({ server: { tls } }) => (tls.credentialName ? `secret ${tls.credentialName}` : tls.serverCertificate ? `file ${tls.serverCertificate}` : undefined));
    const told = new Set<string>();
    for (const one of secured) {
      const { credentialName, serverCertificate } = one.server.tls;
      for (const other of byCertificate.get(credentialName ? `secret ${credentialName}` : `file ${serverCertificate}`) ?? []) {
        const pair = `${index.nameOf(one.object)} ${index.nameOf(other.object)}`;
        if (other.object === one.object || told.has(pair)) continue;
        if (!selects(one.selector, other.selector) || !isSameCertificate(one.server.tls, other.server.tls)) continue;
        told.add(pair);
        report(one.object, `${one.path}.tls`, `Gateway ${index.nameOf(other.object)} serves the same certificate: a browser that is connected for one host uses the connection for the other's too (HTTP/2), and gets 404`,
          'put all hosts of the certificate into one server of one Gateway, or use a certificate a Gateway');
      }
    }
  },
};

/** Rules about Gateways, the pods behind them and each other. */
export const GATEWAY_RULES: readonly TrafficRule[] = [
  gatewaySelectsNothing, gatewayPortUnreached, conflictingGateways, overlappingGateways, duplicateCertificate,
];
