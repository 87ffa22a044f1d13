import { meshRoutesFor, meshRoutesOf } from '../../facts/mesh-routes';
import { defineRule } from '../../rule';
import { inShort } from '../../words';

export const rule = defineRule({
  id: 'parent-port-beside-none',
  codes: [],
  severity: 'warning',
  subjects: ['HTTPRoute', 'GRPCRoute'],
  title: 'Of the routes of one Service, some state a port in parentRefs and some do not',
  effect: 'istiod does not merge them. On the stated port, a sidecar follows only the older ones; the rules of the others do not exist.',
  check(object, report, index) {
    for (const { host, namespace, port } of meshRoutesOf(object, index)) {
      if (port === undefined) continue;
      const [whole] = meshRoutesFor(host, index).filter(each => each.namespace === namespace && each.port === undefined);
      if (!whole) continue;
      const names = inShort(whole.routes.map(each => `${each.kind} ${index.nameOf(each)}`));
      report('spec.parentRefs', `this route is for port ${port} of '${host}', and ${names} for all of its ports: on port ${port}, sidecars `
        + 'obey only the older of the two', 'state the port in all routes of the Service, or in none');
    }
  },
});
