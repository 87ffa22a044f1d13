import { isWildcard } from '../../../manifest/host-name';
import { serviceParts } from '../../facts/host-lookup';
import { isForMesh } from '../../facts/virtual-services';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unknown-mesh-host',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'A VirtualService of the mesh is for a Service that does not exist',
  effect: 'At most, sidecars get a virtual host for a name that no caller uses.',
  check(object, report, index) {
    if (!isForMesh(object)) return;
    const namespace = index.namespaceOf(object);
    object.spec?.hosts?.forEach((written, h) => {
      const host = index.fullHost(written, namespace);
      // Callers may use names outside of the cluster that are not registered.
      if (isWildcard(host) || !serviceParts(host) || index.registry.find(host, 'all')) return;
      report(`spec.hosts[${h}]`, `Service '${host}' does not exist, so no call reaches these entries`,
        written.includes('.') ? 'correct the name, or add the Service'
          : `if the Service is in another namespace, write its full name: Istio looks up a short name in '${namespace}'`,
        { absent: { kind: 'host', host } });
    });
  },
});
