import type { Container } from '../../../manifest/kubernetes-kinds';
import { gatewayPods } from '../../facts/gateways';
import { isIstios } from '../../facts/istio-objects';
import { containersOf } from '../../facts/workloads';
import { defineRule } from '../../rule';

/** What a proxy serves in its pod: merged metrics, its health and its own statistics. */
const PROXY_PORTS = new Set([15020, 15021, 15090]);

type ContainerPort = NonNullable<Container['ports']>[number];

function isOpen(target: number | string | undefined, ports: readonly ContainerPort[]): boolean {
  return ports.some(({ name, containerPort }) => name === target || containerPort === Number(target));
}

export const rule = defineRule({
  id: 'target-port-not-open',
  codes: ['KIA0701'],
  severity: 'warning',
  subjects: ['Service'],
  needs: ['Workload'],
  title: 'The pods of a Service do not have its target port',
  effect: 'Envoy connects to a port at which nothing may listen: 503, flag UF.',
  check(object, report, index) {
    const { selector = {}, ports = [] } = object.spec ?? {};
    if (Object.keys(selector).length === 0 || isIstios(object)) return;
    const workloads = index.workloads.selectedBy(selector, index.namespaceOf(object));
    // A gateway's proxy opens the ports of its Gateways, whatever the container states.
    if (workloads.some(workload => gatewayPods(index).has(workload))) return;
    const stated = workloads.map(workload => containersOf(workload).flatMap(container => container.ports ?? []));
    // Kubernetes does not need the ports of containers: if a workload states none, nothing is known.
    if (stated.length === 0 || stated.some(own => own.length === 0)) return;
    ports.forEach(({ port, targetPort }, p) => {
      const target = targetPort ?? port;
      if (PROXY_PORTS.has(Number(target)) || stated.some(own => isOpen(target, own))) return;
      const open = [...new Set(stated.flat().map(({
        name,
        containerPort,
      }) => (typeof target === 'string' && name !== undefined ? name : containerPort)))];
      report(`spec.ports[${p}].${targetPort === undefined ? 'port' : 'targetPort'}`,
        typeof target === 'string' && !/^\d+$/.test(target)
          ? `no container of the pods behind this Service has a port named '${target}', so it has no endpoint at port ${port}`
          : `no container of the pods behind this Service declares port ${target}: unless one listens there all the same, the pods refuse `
            + 'the connections',
        `set targetPort to a port of the pods: ${open.join(', ')}`);
    });
  },
});
