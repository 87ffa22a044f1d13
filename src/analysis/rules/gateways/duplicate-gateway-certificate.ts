import { groupBy } from '../../../manifest/group-by';
import type { ServerTLSSettings } from '../../../manifest/istio-specs.generated';
import { selects } from '../../../manifest/labels';
import type { Manifest } from '../../../manifest/manifest';
import type { GatewayServer } from '../../facts/gateway-servers';
import { serversOf } from '../../facts/gateway-servers';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function certificateOf({ tls }: GatewayServer): string | undefined {
  if (tls?.credentialName) return `secret ${tls.credentialName}`;
  return tls?.serverCertificate ? `file ${tls.serverCertificate}` : undefined;
}

function serversByCertificate(index: TrafficIndex): ReadonlyMap<string, readonly GatewayServer[]> {
  const servers = index.of('Gateway').flatMap(object => serversOf(object,
    index).map(server => ({ server, certificate: certificateOf(server) })));
  return new Map([...groupBy(servers, ({ certificate }) => certificate)].map(([certificate, group]) => [certificate,
    group.map(({ server }) => server)]));
}

function isSameCertificate(a: ServerTLSSettings = {}, b: ServerTLSSettings = {}): boolean {
  const [mine = '', theirs = ''] = [a.credentialName, b.credentialName];
  if (mine !== '' || theirs !== '') return mine === theirs;
  return Boolean(a.serverCertificate) && a.serverCertificate === b.serverCertificate && Boolean(a.privateKey)
    && a.privateKey === b.privateKey;
}

export const rule = defineRule({
  id: 'duplicate-gateway-certificate',
  codes: ['IST0138'],
  severity: 'warning',
  subjects: ['Gateway'],
  title: 'Two Gateways on one proxy serve the same certificate',
  effect: 'A browser uses one HTTP/2 connection for both hosts, because the certificate allows it. The connection serves the first host '
    + 'alone: requests for the second get 404.',
  check(object, report, index) {
    const told = new Set<Manifest>();
    for (const one of serversOf(object, index)) {
      const certificate = certificateOf(one);
      if (certificate === undefined) continue;
      for (const other of index.memo(serversByCertificate).get(certificate) ?? []) {
        if (other.object === object || told.has(other.object)) continue;
        if (!selects(one.selector, other.selector) || !isSameCertificate(one.tls, other.tls)) continue;
        told.add(other.object);
        report(`${one.path}.tls`, `Gateway ${index.nameOf(other.object)} serves the same certificate: a browser that is connected for one `
          + 'host sends requests for the other on the same connection (HTTP/2), and gets 404',
        'put all hosts of the certificate into one server of one Gateway, or use one certificate per Gateway');
      }
    }
  },
});
