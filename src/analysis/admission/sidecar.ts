import { checkConnectionPool } from './destination-rule';
import { destinationProblems } from './destinations';
import { fqdnProblem, isAddress, scopedHostProblems } from './hosts';
import { portNameProblem, protocolProblem } from './ports';
import { checkServerTls } from './server-tls';
import { checkSelector, portProblem, socketProblem } from './values';
import type { Objection, Verdict } from './verdict';
import { isHttp, isTls, parseProtocol } from '../../envoy/protocol';
import type {
  IstioEgressListener, OutboundTrafficPolicy, ServerTLSSettings, SidecarPort,
  SidecarSpec,
} from '../../manifest/istio-specs.generated';

const UNIX = 'unix://';
const LOCAL = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];

function checkPort(verdict: Verdict, { name = '', protocol, targetPort = 0 }: SidecarPort, path: string): void {
  if (targetPort > 0) verdict.error(`${path}.targetPort`, ['has no effect in a Sidecar', 'remove it']);
  if (name !== '') verdict.error(`${path}.name`, portNameProblem(name));
  verdict.error(`${path}.protocol`, protocolProblem(protocol));
}

function checkAddress(verdict: Verdict, { number }: SidecarPort, bind: string, path: string): void {
  verdict.error(`${path}.port.number`, portProblem(number));
  if (bind !== '' && !isAddress(bind)) {
    verdict.error(`${path}.bind`, [`is '${bind}', which is not an IP address`, 'write an IP address, or remove it']);
  }
}

/** What is wrong with the place beside the sidecar to which an ingress listener forwards requests. */
function endpointProblems(endpoint: string): Objection[] {
  if (endpoint === '') return [];
  if (endpoint.startsWith(UNIX)) return [socketProblem(endpoint.slice(UNIX.length))];
  const parts = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(endpoint);
  if (!parts) return [[`is '${endpoint}'`, 'write 127.0.0.1:<port>, 0.0.0.0:<port>, [::1]:<port> or unix://<path>']];
  return [
    LOCAL.includes(parts[1] ?? parts[2]) ? undefined : [`is '${endpoint}', which is not beside the sidecar`,
      'write 127.0.0.1:<port> or 0.0.0.0:<port>'],
    portProblem(/^[-+]?\d+$/.test(parts[3]) ? Number(parts[3]) : NaN),
  ];
}

function checkIngressTls(verdict: Verdict, tls: ServerTLSSettings, { protocol = '' }: SidecarPort, path: string): void {
  const { mode, subjectAltNames = [], httpsRedirect, credentialName = '', credentialNames = [], tlsCertificates = [] } = tls;
  const unsupported = {
    subjectAltNames: subjectAltNames.length > 0,
    httpsRedirect: httpsRedirect === true,
    credentialName: credentialName !== '',
    credentialNames: credentialNames.length > 0,
    tlsCertificates: tlsCertificates.length > 0,
  };
  for (const [field, isSet] of Object.entries(unsupported)) {
    if (isSet) verdict.error(`${path}.${field}`, ['is not supported in a Sidecar', 'remove it']);
  }
  if (mode === 'ISTIO_MUTUAL' || mode === 'AUTO_PASSTHROUGH') verdict.error(`${path}.mode`, [`is ${mode}`, 'use SIMPLE or MUTUAL']);
  if (!isTls(parseProtocol(protocol))) verdict.error(path, [`is set at a port of ${protocol}`, 'serve HTTPS or TLS']);
  checkServerTls(verdict, tls, path);
}

function checkIngress(verdict: Verdict, { ingress = [], inboundConnectionPool }: SidecarSpec): void {
  const numbers = new Set<number | undefined>();
  ingress.forEach(({ port, bind = '', defaultEndpoint = '', tls, connectionPool }, i) => {
    const path = `spec.ingress[${i}]`;
    if (port === undefined) {
      verdict.error(path, ['has no port', 'set it']);
      return;
    }
    checkPort(verdict, port, `${path}.port`);
    checkAddress(verdict, port, bind, path);
    if (numbers.has(port.number)) verdict.error(`${path}.port.number`, [`repeats ${port.number}`, 'use each port once']);
    numbers.add(port.number);
    verdict.error(`${path}.defaultEndpoint`, ...endpointProblems(defaultEndpoint));
    if (tls !== undefined) checkIngressTls(verdict, tls, port, `${path}.tls`);
    if (connectionPool !== undefined) checkConnectionPool(verdict, connectionPool, `${path}.connectionPool`);
    if (connectionPool?.http !== undefined && !isHttp(parseProtocol(port.protocol ?? ''))) {
      verdict.warn(`${path}.connectionPool.http`, [`is set at a port of ${port.protocol ?? 'no protocol'}, where only the tcp part `
        + 'has an effect', 'remove it, or serve HTTP']);
    }
  });
  if (inboundConnectionPool !== undefined) checkConnectionPool(verdict, inboundConnectionPool, 'spec.inboundConnectionPool');
}

function checkEgressPort(verdict: Verdict, port: SidecarPort, { bind = '', captureMode = 'DEFAULT' }: IstioEgressListener,
  path: string): void {
  checkPort(verdict, port, `${path}.port`);
  if ((port.number ?? 0) !== 0) {
    checkAddress(verdict, port, bind, path);
    return;
  }
  verdict.error(`${path}.bind`, bind.startsWith(UNIX)
    ? socketProblem(bind.slice(UNIX.length))
    : ['is not a socket, beside the port 0', 'set a port, or write unix://<path>']);
  if (captureMode !== 'DEFAULT' && captureMode !== 'NONE') {
    verdict.error(`${path}.captureMode`, [`is ${captureMode} for a socket`, 'use DEFAULT or NONE']);
  }
}

function checkEgressHosts(verdict: Verdict, hosts: readonly string[], path: string, ownNamespace: string): void {
  if (hosts.length === 0) verdict.error(`${path}.hosts`, ['is empty', 'write namespace/host, such as ./*']);
  const seen = new Map<string, Set<string>>();
  let hasDot = false;
  hosts.forEach((text, i) => {
    const slash = text.indexOf('/');
    if (slash >= 0 && !text.startsWith('~')) {
      const written = text.slice(0, slash);
      const [namespace, host] = [written === '.' ? ownNamespace : written, text.slice(slash + 1)];
      const others = seen.get(namespace) ?? new Set();
      seen.set(namespace, others);
      hasDot ||= written === '.';
      if (host === '*' ? others.size > 0 : others.has(host) || others.has('*')) {
        verdict.warn(`${path}.hosts[${i}]`, overlapOf(text, hasDot, ownNamespace));
      }
      others.add(host);
    }
    verdict.error(`${path}.hosts[${i}]`, ...scopedHostProblems(text, 'sidecar'));
  });
  if (seen.get('*')?.has('*') && seen.size !== 1) {
    verdict.warn(`${path}.hosts`, ['has \'*/*\', which is everything, and other entries', 'remove one of them']);
  }
}

function overlapOf(text: string, hasDot: boolean, ownNamespace: string): Objection {
  const repair = hasDot ? 'remove one of them, unless this Sidecar is the default of the whole mesh: in its other namespaces \'./\' is '
    + `another namespace than '${ownNamespace}/'` : 'remove one of them';
  return [`'${text}' overlaps with another host of its namespace`, repair];
}

function checkEgress(verdict: Verdict, { egress = [] }: SidecarSpec, namespace: string): void {
  const [numbers, sockets] = [new Set<number | undefined>(), new Set<string>()];
  egress.forEach((listener, i) => {
    const path = `spec.egress[${i}]`;
    const { port, bind = '', hosts = [] } = listener;
    if (port === undefined) {
      if (i < egress.length - 1) verdict.error(path, ['has no port, but others follow', 'set the port, or put it last']);
    } else {
      checkEgressPort(verdict, port, listener, path);
      const isSocket = (port.number ?? 0) === 0;
      if (isSocket ? sockets.has(bind) : numbers.has(port.number)) {
        verdict.error(path, [`listens at ${isSocket ? bind : port.number} again`, 'use each port once']);
      }
      if (isSocket) sockets.add(bind);
      else numbers.add(port.number);
    }
    checkEgressHosts(verdict, hosts, path, namespace);
  });
}

function checkOutbound(verdict: Verdict, { mode, egressProxy }: OutboundTrafficPolicy): void {
  const path = 'spec.outboundTrafficPolicy';
  // A mode of MeshConfig that the CRD does not have.
  const written: string | undefined = mode;
  if (written === 'ALLOW_ANY_DYNAMIC_DNS') {
    verdict.error(`${path}.mode`, ['is for the whole mesh alone', 'set it in MeshConfig']);
  } else if (egressProxy !== undefined && mode !== 'ALLOW_ANY') {
    verdict.error(`${path}.egressProxy`, ['is set without ALLOW_ANY', 'set mode: ALLOW_ANY']);
  } else if (egressProxy !== undefined) {
    verdict.error(`${path}.egressProxy.host`, fqdnProblem(egressProxy.host ?? ''));
    if (egressProxy.port === undefined) verdict.error(`${path}.egressProxy.port`, ['is missing', 'set it']);
    else verdict.error(`${path}.egressProxy`, ...destinationProblems(egressProxy));
  }
}

/** Checks a Sidecar. */
export function checkSidecar(verdict: Verdict, spec: SidecarSpec, namespace: string): void {
  const { workloadSelector, egress = [], ingress = [], outboundTrafficPolicy, inboundConnectionPool } = spec;
  const before = verdict.judgements.length;
  checkSelector(verdict, workloadSelector, 'spec.workloadSelector', 'labels');
  if (verdict.hasErrors(before)) return;
  if (egress.length === 0 && ingress.length === 0 && outboundTrafficPolicy === undefined && inboundConnectionPool === undefined) {
    verdict.error('spec', ['sets nothing', 'set egress, ingress or outboundTrafficPolicy']);
    return;
  }
  checkIngress(verdict, spec);
  checkEgress(verdict, spec, namespace);
  if (outboundTrafficPolicy !== undefined) checkOutbound(verdict, outboundTrafficPolicy);
}
