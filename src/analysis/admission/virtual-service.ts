import { checkDestinations, checkGatewayNames } from './destinations';
import { gatewayHostProblem, isAddress, wildcardHostProblem } from './hosts';
import { checkHttpRoute } from './http-route';
import { checkTcpMatch, checkTlsConditions } from './match';
import { checkExportTo } from './values';
import type { Verdict } from './verdict';
import { hostsOverlap, isHostWithin } from '../../manifest/host-name';
import type { TLSMatchAttributes, VirtualServiceSpec } from '../../manifest/istio-specs.generated';
import { isJwtClaim } from '../../manifest/jwt-claim';

const MESH = 'mesh';

/** Checks a VirtualService without hosts, to which others delegate. */
function checkDelegate(verdict: Verdict, spec: VirtualServiceSpec): void {
  for (const field of ['gateways', 'tls', 'tcp'] as const) {
    if ((spec[field] ?? []).length > 0) {
      verdict.error(`spec.${field}`, ['is set in a delegate, a VirtualService without hosts', `remove ${field}, or set hosts`]);
    }
  }
}

function checkClaims(verdict: Verdict, { http = [] }: VirtualServiceSpec): void {
  http.forEach(({ match: matches = [] }, i) => matches.forEach((match, j) => {
    for (const field of ['headers', 'withoutHeaders'] as const) {
      for (const name of Object.keys(match[field] ?? {})) {
        if (isJwtClaim(name)) {
          verdict.error(`spec.http[${i}].match[${j}].${field}`,
            [`routes by the claim '${name}', as only gateways can`, 'name the gateways, without mesh']);
        }
      }
    }
  }));
}

function checkHosts(verdict: Verdict, { hosts = [], tls = [] }: VirtualServiceSpec, atGateway: boolean): void {
  const hasSni = tls.some(({ match = [] }) => match.some(({ sniHosts = [] }) => sniHosts.length > 0));
  let isValid = true;
  hosts.forEach((host, i) => {
    const problem = atGateway ? gatewayHostProblem(host, hasSni) : wildcardHostProblem(host);
    if (problem && !isAddress(host)) {
      verdict.error(`spec.hosts[${i}]`, problem);
      isValid = false;
    } else if (!problem && !atGateway && host === '*') {
      verdict.error(`spec.hosts[${i}]`, ['is \'*\', every host, which sidecars do not accept', 'name the hosts, or the gateways']);
      isValid = false;
    }
  });
  if (!isValid) return;
  hosts.forEach((host, i) => {
    const other = hosts.findIndex((one, j) => j < i && hostsOverlap(one, host));
    if (other >= 0) verdict.error(`spec.hosts[${i}]`, [`'${host}' overlaps with '${hosts[other]}'`, 'write each host once']);
  });
}

function checkTlsMatch(verdict: Verdict, match: TLSMatchAttributes, path: string, { gateways = [], hosts = [] }: VirtualServiceSpec): void {
  const { sniHosts = [] } = match;
  if (sniHosts.length === 0) verdict.error(`${path}.sniHosts`, ['is empty', 'name the servers that callers ask for']);
  sniHosts.forEach((sni, i) => {
    const problem = gateways.includes(MESH) ? wildcardHostProblem(sni) : gatewayHostProblem(sni, true);
    if (problem && isAddress(sni)) {
      verdict.warn(`${path}.sniHosts[${i}]`, [`'${sni}' is an IP address, which callers do not ask for`,
        'name the server, or match by destinationSubnets in tcp']);
    } else if (problem) {
      verdict.error(`${path}.sniHosts[${i}]`, problem);
    } else if (!hosts.some(host => isHostWithin(sni, host))) {
      verdict.error(`${path}.sniHosts[${i}]`, [`'${sni}' is in none of the hosts`, 'add it to hosts too, in full']);
    }
  });
  checkTlsConditions(verdict, match, path);
}

function checkConnectionRoutes(verdict: Verdict, spec: VirtualServiceSpec): void {
  spec.tls?.forEach(({ match = [], route = [] }, i) => {
    const path = `spec.tls[${i}]`;
    if (match.length === 0) verdict.error(path, ['has no match', 'set sniHosts']);
    match.forEach((one, j) => checkTlsMatch(verdict, one, `${path}.match[${j}]`, spec));
    if (route.length === 0) verdict.error(path, ['has no route', 'set it']);
    checkDestinations(verdict, route, `${path}.route`);
  });
  spec.tcp?.forEach(({ match = [], route = [] }, i) => {
    const path = `spec.tcp[${i}]`;
    match.forEach((one, j) => checkTcpMatch(verdict, one, `${path}.match[${j}]`));
    if (route.length === 0) verdict.error(path, ['has no route', 'set it']);
    checkDestinations(verdict, route, `${path}.route`);
  });
}

/** Checks a VirtualService. */
export function checkVirtualService(verdict: Verdict, spec: VirtualServiceSpec, namespace: string): void {
  const { hosts = [], gateways = [], http = [], tls = [], tcp = [] } = spec;
  const isDelegate = hosts.length === 0;
  const atGateway = gateways.length > 0 && !gateways.includes(MESH);
  if (isDelegate) checkDelegate(verdict, spec);
  checkGatewayNames(verdict, gateways, 'spec.gateways');
  if (!atGateway) checkClaims(verdict, spec);
  checkHosts(verdict, spec, atGateway);
  if ([http, tls, tcp].every(block => block.length === 0)) verdict.error('spec', ['has no routes', 'set http, tls or tcp']);
  http.forEach((route, i) => {
    checkHttpRoute(verdict, route, `spec.http[${i}]`, isDelegate);
    checkDestinations(verdict, route.route, `spec.http[${i}].route`);
  });
  checkConnectionRoutes(verdict, spec);
  checkExportTo(verdict, spec, namespace);
}
