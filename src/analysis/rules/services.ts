import { isHttpOrGuessed } from '../../envoy/protocol';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Fields } from '../fields';
import { items, labelsOf, texts } from '../fields';
import { isIstios } from '../istios-own';
import { servicePortProtocol } from '../registry';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';
import { containersOf } from '../workloads';

interface GuessedPort {
  readonly object: KubernetesObject;
  readonly port: Fields;
  readonly path: string;
  /** Whether the Service is a name for a host elsewhere. */
  readonly external: boolean;
}

/** Ports whose protocol Istio has to guess from each connection. */
function* guessedPorts(index: TrafficIndex): Generator<GuessedPort> {
  for (const object of index.of('Service').filter(service => !isIstios(service))) {
    const external = object.spec?.type === 'ExternalName';
    for (const [p, port] of items(object.spec?.ports).entries()) {
      if (servicePortProtocol(port) === 'Unsupported' || (external && port.name === 'tcp')) yield { object, port, path: `spec.ports[${p}]`, external };
    }
  }
}

const PROTOCOLS = 'http, http2, grpc, grpc-web, https, tls, tcp, udp, mongo, mysql or redis';

const portWithoutProtocol: TrafficRule = {
  id: 'port-without-protocol',
  codes: ['IST0118', 'KIA0601', 'KIA0602'],
  severity: 'info',
  title: 'A Service\'s port does not tell its protocol',
  check(index, report) {
    for (const { object, port, path, external } of guessedPorts(index)) {
      if (external) continue;
      const stated = port.appProtocol === undefined ? port.name === undefined ? 'it has no name' : `its name is '${port.name}'` : `its appProtocol is '${port.appProtocol}'`;
      report(object, path, `port ${port.port} does not say what is spoken there (${stated}), so that Istio guesses for each connection, and rules for HTTP hold for some of them only`,
        `state appProtocol, or begin the name with ${PROTOCOLS}, such as http-web`);
    }
  },
};

const externalNamePort: TrafficRule = {
  id: 'external-name-port',
  codes: ['IST0150'],
  severity: 'warning',
  title: 'A Service of type ExternalName has a port of plain TCP or of no known protocol',
  check(index, report) {
    for (const { object, port, path, external } of guessedPorts(index)) {
      if (!external) continue;
      report(object, path, `port ${port.port} tells no host names, so that this ExternalName takes all connections to port ${port.port} of every host`, 'name the port by what is spoken, such as https, or use a ServiceEntry instead of the Service');
    }
  },
};

/** What a proxy itself serves in its pod: merged metrics, its health and its own statistics. */
const PROXY_PORTS = new Set([15020, 15021, 15090]);

const targetPortNotOpen: TrafficRule = {
  id: 'target-port-not-open',
  codes: ['KIA0701'],
  severity: 'warning',
  needs: ['Workload'],
  title: 'A Service\'s targetPort is no port of the pods behind it',
  check(index, report) {
    // Proxies of gateways open the ports of their Gateways, whatever the container says.
    const gateways = new Set(index.of('Gateway').flatMap(gateway => index.workloads.selectedBy(index.selectorOf(gateway))));
    for (const object of index.of('Service')) {
      const selector = labelsOf(object.spec?.selector);
      if (Object.keys(selector).length === 0 || isIstios(object)) continue;
      const workloads = index.workloads.selectedBy(selector, index.namespaceOf(object));
      if (workloads.some(workload => gateways.has(workload))) continue;
      const containers = workloads.map(workload => containersOf(workload).flatMap(({ ports }) => items(ports)));
      // Ports of containers are a remark that Kubernetes does not need; where a workload has none, nothing is known.
      if (containers.length === 0 || containers.some(ports => ports.length === 0)) continue;
      items(object.spec?.ports).forEach((port, p) => {
        const target: Fields = port.targetPort ?? port.port;
        if (PROXY_PORTS.has(Number(target))) return;
        if (containers.some(ports => ports.some(({ name, containerPort }) => name === target || Number(containerPort) === Number(target)))) return;
        const open = [...new Set(containers.flat().map(({ name, containerPort }) => (typeof target === 'string' && name !== undefined ? name : containerPort)))];
        report(object, `spec.ports[${p}].${port.targetPort === undefined ? 'port' : 'targetPort'}`, `no container of the pods behind this Service has port ${target}, so that connections are refused`,
          `state as targetPort one that they have: ${open.join(', ')}`);
      });
    }
  },
};

const httpRulesOnTcpPort: TrafficRule = {
  id: 'http-rules-on-tcp-port',
  codes: [],
  severity: 'warning',
  needs: ['Service'],
  title: 'Rules for HTTP are for a host that has no HTTP port',
  check(index, report) {
    for (const object of index.of('VirtualService')) {
      if (!index.isForMesh(object)) continue;
      const scopes = index.scopesOf(object);
      texts(object.spec?.hosts).forEach((host, h) => {
        const ports = index.registry.find(index.fullHost(host, index.namespaceOf(object)), scopes)?.ports ?? [];
        if (ports.length === 0) return;
        const http = ports.some(({ protocol }) => isHttpOrGuessed(protocol));
        const text = ports.map(({ number, protocol }) => `${number} is ${protocol}`).join(', ');
        if (!http && items(object.spec?.http).length > 0) {
          report(object, `spec.hosts[${h}]`, `'${host}' has no HTTP port (${text}), so that sidecars ignore the http rules for it`, 'name the Service\'s port http, or state appProtocol: http, if HTTP is spoken there; else write tcp or tls rules');
        }
        if (ports.every(({ protocol }) => isHttpOrGuessed(protocol) && protocol !== 'Unsupported') && items(object.spec?.tcp).length > 0) {
          report(object, `spec.hosts[${h}]`, `'${host}' has HTTP ports alone (${text}), so that sidecars ignore the tcp rules for it`, 'write http rules, or name the Service\'s port tcp');
        }
      });
    }
  },
};

/** Rules about the ports of Services. */
export const SERVICE_RULES: readonly TrafficRule[] = [portWithoutProtocol, externalNamePort, targetPortNotOpen, httpRulesOnTcpPort];
