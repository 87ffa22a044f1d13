import { checkDestinations, checkGatewayNames } from './destinations';
import { isJwtClaim } from './headers';
import { gatewayHostProblem, isAddress, wildcardHostProblem } from './hosts';
import { checkHttpRoute } from './http-route';
import { checkTcpMatch, checkTlsConditions } from './match';
import { checkExportTo } from './values';
import type { Verdict } from './verdict';
import { hostsOverlap, isHostWithin } from '../../manifest/host-name';
import type { Fields } from '../fields';
import { items, texts } from '../fields';

const MESH = 'mesh';

/** A VirtualService without hosts is one that others delegate to. */
function checkDelegate(verdict: Verdict, spec: Fields): void {
  for (const field of ['gateways', 'tls', 'tcp']) {
    if (items(spec[field]).length > 0) verdict.error(`spec.${field}`, ['stands in a VirtualService without hosts, which others delegate to', `leave ${field} out, or state hosts`]);
  }
}

function checkClaims(verdict: Verdict, spec: Fields): void {
  items(spec.http).forEach((route, i) => items(route.match).forEach((match, j) => {
    for (const field of ['headers', 'withoutHeaders']) {
      for (const name of Object.keys(match[field] ?? {})) {
        if (isJwtClaim(name)) verdict.error(`spec.http[${i}].match[${j}].${field}`, [`routes by the claim '${name}', which gateways alone can`, 'name the gateways, without mesh']);
      }
    }
  }));
}

function checkHosts(verdict: Verdict, spec: Fields, atGateway: boolean): void {
  const hosts = texts(spec.hosts);
  const sni = items(spec.tls).some(route => items(route.match).some(match => items(match.sniHosts).length > 0));
  let valid = true;
  hosts.forEach((host, i) => {
    const problem = atGateway ? gatewayHostProblem(host, sni) : wildcardHostProblem(host);
    if (problem && !isAddress(host)) {
      verdict.error(`spec.hosts[${i}]`, problem);
      valid = false;
    } else if (!problem && !atGateway && host === '*') {
      verdict.error(`spec.hosts[${i}]`, ['is \'*\', every host, which sidecars do not take', 'name the hosts, or the gateways']);
      valid = false;
    }
  });
  if (!valid) return;
  hosts.forEach((host, i) => {
    const other = hosts.findIndex((one, j) => j < i && hostsOverlap(one, host));
    if (other >= 0) verdict.error(`spec.hosts[${i}]`, [`'${host}' overlaps with '${hosts[other]}'`, 'state each host once']);
  });
}

function checkTlsMatch(verdict: Verdict, match: Fields, path: string, spec: Fields): void {
  const sniHosts = texts(match.sniHosts);
  if (sniHosts.length === 0) verdict.error(`${path}.sniHosts`, ['is empty', 'name the servers that clients ask for']);
  sniHosts.forEach((sni, i) => {
    const problem = texts(spec.gateways).includes(MESH) ? wildcardHostProblem(sni) : gatewayHostProblem(sni, true);
    if (problem && isAddress(sni)) {
      verdict.warn(`${path}.sniHosts[${i}]`, [`'${sni}' is an address, which clients do not ask for`, 'name the server, or match by destinationSubnets in tcp']);
    } else if (problem) {
      verdict.error(`${path}.sniHosts[${i}]`, problem);
    } else if (!texts(spec.hosts).some(host => isHostWithin(sni, host))) {
      verdict.error(`${path}.sniHosts[${i}]`, [`'${sni}' lies in none of the hosts`, 'state it in hosts too, in full']);
    }
  });
  checkTlsConditions(verdict, match, path);
}

function checkConnectionRoutes(verdict: Verdict, spec: Fields): void {
  for (const block of ['tls', 'tcp'] as const) {
    items(spec[block]).forEach((route, i) => {
      const path = `spec.${block}[${i}]`;
      if (block === 'tls' && items(route.match).length === 0) verdict.error(path, ['matches nothing', 'state sniHosts']);
      items(route.match).forEach((match, j) => {
        const at = `${path}.match[${j}]`;
        if (block === 'tls') checkTlsMatch(verdict, match, at, spec);
        else checkTcpMatch(verdict, match, at);
      });
      if (items(route.route).length === 0) verdict.error(path, ['has no route', 'state where its connections go']);
      checkDestinations(verdict, route.route, `${path}.route`);
    });
  }
}

/** What admission has against a VirtualService. */
export function checkVirtualService(verdict: Verdict, spec: Fields, namespace: string): void {
  const isDelegate = items(spec.hosts).length === 0;
  const gateways = texts(spec.gateways);
  const atGateway = gateways.length > 0 && !gateways.includes(MESH);
  if (isDelegate) checkDelegate(verdict, spec);
  checkGatewayNames(verdict, spec.gateways, 'spec.gateways');
  if (!atGateway) checkClaims(verdict, spec);
  checkHosts(verdict, spec, atGateway);
  if (['http', 'tls', 'tcp'].every(block => items(spec[block]).length === 0)) verdict.error('spec', ['has no routes', 'state http, tls or tcp']);
  items(spec.http).forEach((route, i) => {
    checkHttpRoute(verdict, route, `spec.http[${i}]`, isDelegate);
    checkDestinations(verdict, route.route, `spec.http[${i}].route`);
  });
  checkConnectionRoutes(verdict, spec);
  checkExportTo(verdict, spec, namespace, 'other');
}
