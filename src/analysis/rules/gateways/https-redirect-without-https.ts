import { isOfKind } from '../../../manifest/manifest';
import type { Gateway } from '../../facts/gateways';
import { gatewaysOf } from '../../facts/gateways';
import { servesTls } from '../../facts/tls-servers';
import type { VirtualService } from '../../facts/virtual-services';
import { isForMesh } from '../../facts/virtual-services';
import type { Report } from '../../rule';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { quotedList } from '../../words';

const REPAIR = 'add a server of protocol HTTPS for the host; if a load balancer ends TLS in front of the gateway, redirect there';

function causeOf(what: string, hosts: readonly string[]): string {
  return `this ${what} sends callers of ${quotedList(hosts)} to https, and no server of the gateway's proxies serves TLS for them: callers `
    + 'cannot connect';
}

function checkGateway(object: Gateway, report: Report, index: TrafficIndex): void {
  object.spec?.servers?.forEach(({ tls, hosts = [] }, s) => {
    if (tls?.httpsRedirect !== true || hosts.length === 0 || hosts.some(host => servesTls(object, host, index))) return;
    report(`spec.servers[${s}].tls.httpsRedirect`, causeOf('server', hosts), REPAIR);
  });
}

function checkRedirects(object: VirtualService, report: Report, index: TrafficIndex): void {
  const references = gatewaysOf(object, index);
  const { hosts = [], http = [] } = object.spec ?? {};
  if (isForMesh(object) || references.length === 0 || references.some(({ gateway }) => !gateway)) return;
  if (hosts.some(host => references.some(({ gateway }) => servesTls(gateway!, host, index)))) return;
  http.forEach(({ redirect }, r) => {
    const isElsewhere = redirect?.authority !== undefined && !hosts.includes(redirect.authority);
    if (redirect?.scheme !== 'https' || isElsewhere || redirect.port !== undefined) return;
    report(`spec.http[${r}].redirect.scheme`, causeOf('entry', hosts), REPAIR);
  });
}

export const rule = defineRule({
  id: 'https-redirect-without-https',
  codes: [],
  severity: 'warning',
  subjects: ['Gateway', 'VirtualService'],
  title: 'Callers are redirected to HTTPS, which the gateway does not serve',
  effect: 'Envoy answers 301 to every request, and has no listener at the port to which it sends callers.',
  check(object, report, index) {
    if (isOfKind(object, 'Gateway')) checkGateway(object, report, index);
    else checkRedirects(object, report, index);
  },
});
