import type { VirtualService as Translated } from '../../../envoy/virtual-service';
import { serviceParts } from '../../facts/host-lookup';
import type { MeshRoutes } from '../../facts/mesh-routes';
import { meshRoutesOf, obeyedFor, virtualServicesFor } from '../../facts/mesh-routes';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { inShort } from '../../words';

/** A namespace that no object is in: that of any other caller. */
const ELSEWHERE = ' ';

/** What the sidecars of some namespaces obey. */
interface Obeyed {
  readonly where: string;
  readonly what: string;
}

function nameOf({ isOfGatewayApi, namespace, name }: Translated): string {
  return isOfGatewayApi ? `the routes of namespace '${namespace}'` : `VirtualService ${namespace}/${name}`;
}

/** What sidecars obey: those of the namespaces that the objects name, and all others. */
function obeyedBy({ host, namespace }: MeshRoutes, index: TrafficIndex): readonly Obeyed[] {
  const home = serviceParts(host)?.namespace ?? namespace;
  const others = virtualServicesFor(host, index).map(object => index.namespaceOf(object));
  const named = [...new Set([namespace, home, ...others])].map(each => ({ where: `in '${each}'`, vs: obeyedFor(host, each, index) }));
  const all = [...named, { where: 'elsewhere', vs: obeyedFor(host, ELSEWHERE, index) }];
  return all.map(({ where, vs }) => ({ where, what: vs ? nameOf(vs) : 'neither' }));
}

function words(obeyed: readonly Obeyed[]): string {
  const [{ what }] = obeyed;
  if (obeyed.every(each => each.what === what)) return `${what} in every namespace`;
  return [...new Set(obeyed.map(each => each.what))]
    .map(each => `${each} ${obeyed.filter(other => other.what === each).map(({ where }) => where).join(' and ')}`).join(', ');
}

export const rule = defineRule({
  id: 'route-beside-virtual-service',
  codes: [],
  severity: 'warning',
  subjects: ['HTTPRoute', 'GRPCRoute'],
  title: 'A route of the Gateway API and a VirtualService are for one host of the mesh',
  effect: 'A sidecar makes the virtual host of a service from one of them alone: from the routes of its own namespace, else from the older one. The '
    + 'rules of the other one do not exist for its callers.',
  check(object, report, index) {
    for (const routes of meshRoutesOf(object, index)) {
      const rivals = virtualServicesFor(routes.host, index);
      if (rivals.length === 0) continue;
      const isDated = [object, ...rivals].every(({ metadata }) => metadata.creationTimestamp !== undefined);
      const names = inShort(rivals.map(each => `VirtualService ${index.nameOf(each)}`));
      report('spec.parentRefs', `${names} ${rivals.length === 1 ? 'is' : 'are'} for '${routes.host}' too, and sidecars obey only one of `
        + `them: ${words(obeyedBy(routes, index))}${isDated ? '' : ', if all are the same age (the older one comes first)'}`,
      'move the rules of the host into one API');
    }
  },
});
