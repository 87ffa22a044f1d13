import { fqdnProblem, isAddress, partialWildcardProblem, wildcardHostProblem } from './hosts';
import { portNameProblem, protocolProblem } from './ports';
import { checkExportTo, checkSelector, labelsProblems, portProblem, subnetProblem } from './values';
import type { Verdict } from './verdict';
import { checkEndpointPorts, checkWorkload } from './workload';
import type { Protocol } from '../../envoy/protocol';
import { isHttp, isTcp, isTls, parseProtocol } from '../../envoy/protocol';
import { isWildcard } from '../../manifest/host-name';
import type { ServiceEntrySpec } from '../../manifest/istio-specs.generated';
import type { Labels } from '../../manifest/labels';

const DYNAMIC: ReadonlySet<Protocol> = new Set(['HTTP', 'TLS', 'GRPC', 'HTTP2']);

/** Checks the ports, and says what their names are. */
function checkPorts(verdict: Verdict, { ports = [], addresses = [] }: ServiceEntrySpec, allocates: boolean): ReadonlySet<string> {
  const [names, numbers] = [new Set<string>(), new Set<number | undefined>()];
  ports.forEach(({ name = '', number, protocol = '', targetPort }, i) => {
    const path = `spec.ports[${i}]`;
    if (names.has(name)) verdict.error(`${path}.name`, [`repeats '${name}'`, 'use each port name once']);
    if (numbers.has(number)) verdict.error(`${path}.number`, [`repeats ${number}`, 'use each port once']);
    names.add(name);
    numbers.add(number);
    if (targetPort) verdict.error(`${path}.targetPort`, portProblem(targetPort));
    if (addresses.length === 0 && !allocates && ['', 'TCP'].includes(protocol)) {
      verdict.warn(path, ['serves TCP without addresses, so it also takes connections to the port of other hosts', 'set addresses']);
    }
    verdict.error(`${path}.name`, portNameProblem(name));
    verdict.error(`${path}.protocol`, protocolProblem(protocol));
    verdict.error(`${path}.number`, portProblem(number));
  });
  return names;
}

function checkByName(verdict: Verdict, spec: ServiceEntrySpec, known: ReadonlySet<string>): void {
  const { hosts = [], endpoints = [], addresses = [], ports: ownPorts = [], resolution } = spec;
  const wrong = endpoints.length === 0 ? hosts.findIndex(host => fqdnProblem(host)) : -1;
  if (wrong >= 0) {
    verdict.error(`spec.hosts[${wrong}]`, [`'${hosts[wrong]}' is not a name that DNS can resolve`,
      'name a host, set endpoints, or use resolution NONE']);
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    verdict.error('spec.endpoints', ['has several items with DNS_ROUND_ROBIN', 'keep one, or use DNS']);
  }
  endpoints.forEach(({ address = '', labels, ports }, i) => {
    const path = `spec.endpoints[${i}]`;
    if (!isAddress(address)) verdict.error(`${path}.address`, fqdnProblem(address));
    verdict.error(`${path}.labels`, ...labelsProblems(labels));
    checkEndpointPorts(verdict, ports, path, known);
  });
  if (addresses.length > 0 && hosts.length > 1 && ownPorts.some(({ protocol = '' }) => isTcp(parseProtocol(protocol)))) {
    verdict.warn('spec.hosts', ['has several items with addresses and a TCP port, which cannot tell the hosts apart', 'keep one host']);
  }
}

function checkDynamic(verdict: Verdict, spec: ServiceEntrySpec, labels: Labels): void {
  const { hosts = [], ports = [], location } = spec;
  const waypoint = labels['istio.io/use-waypoint'] ?? '';
  if (hosts.length === 0) verdict.error('spec.hosts', ['is empty', 'add a wildcard host']);
  hosts.forEach((host, i) => {
    if (!isWildcard(host)) verdict.error(`spec.hosts[${i}]`, [`'${host}' is not a wildcard`, 'write a wildcard, or use resolution DNS']);
  });
  for (const field of ['addresses', 'endpoints'] as const) {
    if ((spec[field] ?? []).length > 0) {
      verdict.error(`spec.${field}`, ['is set with DYNAMIC_DNS, which resolves the host that the client names', 'remove it']);
    }
  }
  ports.forEach(({ protocol = '' }, i) => {
    if (!DYNAMIC.has(parseProtocol(protocol))) {
      verdict.error(`spec.ports[${i}].protocol`, [`is '${protocol}'`, 'use HTTP, HTTP2, GRPC or TLS']);
    }
  });
  if (location === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none') {
    verdict.error('spec.location', ['is MESH_INTERNAL behind a waypoint', 'use MESH_EXTERNAL']);
  }
}

function checkHosts(verdict: Verdict, { hosts = [], resolution }: ServiceEntrySpec): void {
  if (hosts.length === 0) verdict.error('spec.hosts', ['is empty', 'name a host']);
  hosts.forEach((host, i) => {
    const path = `spec.hosts[${i}]`;
    verdict.error(path, host === '*' ? ['is \'*\', every host',
      'name the host; outboundTrafficPolicy ALLOW_ANY lets all others through'] : wildcardHostProblem(host));
    if (host !== '*' && resolution !== 'DYNAMIC_DNS') verdict.warn(path, partialWildcardProblem(host));
  });
}

/** Checks what depends on how the hosts are resolved. */
function checkResolution(verdict: Verdict, spec: ServiceEntrySpec, known: ReadonlySet<string>, labels: Labels): void {
  const { resolution = 'NONE', endpoints = [], workloadSelector } = spec;
  if (resolution === 'NONE') {
    if (endpoints.length > 0) {
      verdict.error('spec.endpoints', ['is set with resolution NONE, which sends requests where the client addressed them',
        'use STATIC or DNS']);
    }
    if (workloadSelector !== undefined) {
      verdict.warn('spec.workloadSelector', ['is set with resolution NONE, which needs no workloads', 'use STATIC']);
    }
  } else if (resolution === 'STATIC') {
    endpoints.forEach((endpoint, i) => checkWorkload(verdict, endpoint, `spec.endpoints[${i}]`, known));
  } else if (resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') {
    checkByName(verdict, spec, known);
  } else {
    checkDynamic(verdict, spec, labels);
  }
}

/** Checks a ServiceEntry. */
export function checkServiceEntry(verdict: Verdict, spec: ServiceEntrySpec, labels: Labels, namespace: string): void {
  const { hosts = [], addresses = [], ports = [], resolution = 'NONE', workloadSelector, endpoints } = spec;
  const before = verdict.judgements.length;
  checkSelector(verdict, workloadSelector, 'spec.workloadSelector', 'labels');
  if (verdict.hasErrors(before)) return;
  if (workloadSelector !== undefined && endpoints !== undefined) {
    verdict.error('spec', ['has workloadSelector and endpoints', 'keep one of them']);
  }
  checkHosts(verdict, spec);
  addresses.forEach((address, i) => verdict.error(`spec.addresses[${i}]`, subnetProblem(address)));
  if (addresses.some(address => address.includes('/')) && resolution !== 'NONE' && resolution !== 'STATIC') {
    verdict.error('spec.addresses', [`has a CIDR block with resolution ${resolution}`,
      'use resolution NONE or STATIC, or single addresses']);
  }
  const optedOut = (labels['networking.istio.io/enable-autoallocate-ip'] ?? '').toLowerCase() === 'false';
  const known = checkPorts(verdict, spec, resolution !== 'NONE' && !optedOut);
  checkResolution(verdict, spec, known, labels);
  const isPlain = ports.some(({ protocol = '' }) => !isHttp(parseProtocol(protocol)) && !isTls(parseProtocol(protocol)));
  if (resolution !== 'NONE' && hosts.length > 1 && isPlain) {
    verdict.error('spec.hosts', ['has several items with a port that is neither HTTP nor TLS, which cannot tell the hosts apart',
      'keep one host']);
  }
  checkExportTo(verdict, spec, namespace, { mayHide: true });
}
