import { imports, sidecarOf } from '../../facts/sidecars';
import { isForMesh } from '../../facts/virtual-services';
import { visibilityOf } from '../../facts/visibility';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'virtual-service-not-imported',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Workload'],
  title: 'A VirtualService is for one namespace, whose Sidecar does not import its host',
  effect: 'The proxies of the namespace have no such routes.',
  check(object, report, index) {
    const visible = visibilityOf(object, index);
    if (!isForMesh(object) || visible === 'all' || visible.size !== 1) return;
    const [namespace] = visible;
    const sidecar = sidecarOf(namespace, undefined, index);
    if (!sidecar || index.workloads.in(namespace).length === 0) return;
    const own = index.namespaceOf(object);
    object.spec?.hosts?.forEach((written, h) => {
      const host = index.fullHost(written, own);
      if (imports(sidecar, namespace, host, own)) return;
      const name = `Sidecar ${index.nameOf(sidecar)}`;
      report(`spec.hosts[${h}]`, `this VirtualService is for callers in '${namespace}' alone, but ${name} does not import '${host}' from `
        + `'${own}': the callers do not obey it`,
      `add '${own}/${host}' to the egress hosts of ${name}`);
    });
  },
});
