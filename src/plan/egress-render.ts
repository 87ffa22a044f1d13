import type { EgressHop } from './egress-hop';
import { exportTo, httpRoute, meshEntries } from './render';
import type { ServicePlan } from './service-plan';
import type { VirtualServiceSpec, VirtualServiceSpecHttp, VirtualServiceSpecTls } from '../../imports/networking.istio.io';
import type { MatchTerm } from '../manifest/match-algebra';

/**
 * The VirtualService of a dependency behind an egress gateway: from callers to the gateway, and from there to the host. What is stated about
 * requests holds once, on the second way; on the first nothing is sent twice that the gateway has seen.
 */
export function egressVirtualService(plan: ServicePlan, hop: EgressHop): VirtualServiceSpec {
  const { host, ports } = plan.facts;
  const here = { gateways: [hop.gateway] };
  const http = plan.httpPorts.flatMap((port): VirtualServiceSpecHttp[] => [
    {
      name: hop.name,
      match: [{ gateways: ['mesh'], port }],
      retries: { attempts: 2, retryOn: 'connect-failure,refused-stream' },
      route: [{ destination: { host: hop.host, ...(hop.subset === undefined ? {} : { subset: hop.subset }), port: { number: hop.httpPort } } }],
    },
    ...meshEntries(plan).map(({ entry, name }) => {
      const route = httpRoute(entry, port, name, false);
      return { ...route, match: (route.match ?? [{}]).map(term => ({ ...term, ...here, port: hop.httpPort })) };
    }),
  ]);
  const tls = ports.filter(port => port.protocol === 'TLS' || port.protocol === 'HTTPS').flatMap(({ number }): VirtualServiceSpecTls[] => [
    { match: [{ gateways: ['mesh'], port: number, sniHosts: [host] }], route: [{ destination: { host: hop.host, port: { number: hop.tlsPort } } }] },
    { match: [{ ...here, port: hop.tlsPort, sniHosts: [host] }], route: [{ destination: { host, port: { number } } }] },
  ]);
  return { hosts: [host], exportTo: exportTo(plan), gateways: [hop.gateway, 'mesh'], ...(http.length > 0 ? { http } : {}), ...(tls.length > 0 ? { tls } : {}) };
}

/** What is stated about requests that an egress gateway cannot know. */
export function egressErrors(plan: ServicePlan, hop: EgressHop): string[] {
  const ofSome = (terms: readonly MatchTerm[] = []) => terms.some(term => term.sourceLabels || term.sourceNamespace !== undefined);
  const statements = [...plan.routes, ...plan.cohorts, ...plan.decorations.map(({ path, condition }) => ({ path, terms: condition?.terms }))];
  const named = statements.filter(({ terms }) => ofSome(terms)).map(({ path }) => path);
  const taken = plan.routes.filter(route => route.id === hop.name)
    .map(route => `route ${route.path} has the name '${hop.name}', which is that of the route to the egress gateway; state another \`name\``);
  return [...new Set(named)].sort().map(path => `${path} is about some callers only, whom the egress gateway ${hop.path} cannot tell apart; `
    + 'leave sourceLabels and sourceNamespace out, or let the dependency leave directly').concat(taken);
}
