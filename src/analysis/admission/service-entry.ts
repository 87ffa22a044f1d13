import { fqdnProblem, isAddress, isDnsLabel, partialWildcardProblem, wildcardHostProblem } from './hosts';
import { checkExportTo, checkSelector, labelsProblems, portProblem, socketProblem, subnetProblem } from './values';
import type { Objection, Verdict } from './verdict';
import type { Protocol } from '../../envoy/protocol';
import { isHttp, isTls, parseProtocol } from '../../envoy/protocol';
import { isWildcard } from '../../manifest/host-name';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { entries, items, texts } from '../fields';
import type { Fields } from '../fields';

const UNIX = 'unix://';
const BY_NAME = ['DNS', 'DNS_ROUND_ROBIN'];
const DYNAMIC: ReadonlySet<Protocol> = new Set(['HTTP', 'TLS', 'GRPC', 'HTTP2']);
const TCP: ReadonlySet<Protocol> = new Set(['TCP', 'HTTPS', 'TLS', 'Mongo', 'Redis', 'MySQL']);

export function portNameProblem(name: Fields): Objection {
  return isDnsLabel(name ?? '') ? undefined : [`is '${name ?? ''}', which is no name of a port`, 'use letters, digits and \'-\''];
}

export function protocolProblem(protocol: Fields): Objection {
  return (protocol ?? '') === '' || parseProtocol(protocol) !== 'Unsupported' ? undefined : [`is '${protocol}'`, 'use HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP or TLS'];
}

function checkEndpointPorts(verdict: Verdict, ports: Fields, path: string, known?: ReadonlySet<string>): void {
  for (const [name, port] of entries(ports)) {
    if (known && !known.has(name)) verdict.error(`${path}.ports.${name}`, ['is no port of the entry', `use one of ${[...known].join(', ')}`]);
    verdict.error(`${path}.ports.${name}`, portNameProblem(name), portProblem(port));
  }
}

/** What admission has against the address of a workload: of a WorkloadEntry, or of an endpoint of an entry with these ports. */
export function checkWorkload(verdict: Verdict, workload: Fields, path: string, known?: ReadonlySet<string>): void {
  const { address = '', network = '', ports, labels } = workload;
  if (address === '' && network === '') {
    verdict.error(path, ['has no address', 'state it']);
    return;
  }
  if (address === '') verdict.warn(path, ['has a network and no address', 'state the address, unless the gateway of the network is meant']);
  const socket = address.startsWith(UNIX);
  if (socket) {
    verdict.error(`${path}.address`, socketProblem(address.slice(UNIX.length)));
    if (entries(ports).length > 0) verdict.error(`${path}.ports`, ['stand beside a socket', 'leave them out']);
  } else if (address !== '' && !isAddress(address)) {
    verdict.error(`${path}.address`, known ? [`is '${address}', which is no address`, 'write an IP address, or use resolution DNS'] : fqdnProblem(address));
  }
  checkEndpointPorts(verdict, ports, path, known);
  verdict.error(`${path}.labels`, ...labelsProblems(labels));
  if (socket && known && known.size !== 1) verdict.error(path, ['is a socket for several ports', 'state one port']);
}

function checkPorts(verdict: Verdict, spec: Fields, allocates: boolean): ReadonlySet<string> {
  const [names, numbers] = [new Set<string>(), new Set<number>()];
  items(spec.ports).forEach(({ name = '', number, protocol, targetPort }, i) => {
    const path = `spec.ports[${i}]`;
    if (names.has(name)) verdict.error(`${path}.name`, [`is '${name}' again`, 'name each port once']);
    if (numbers.has(number)) verdict.error(`${path}.number`, [`is ${number} again`, 'state each port once']);
    names.add(name);
    numbers.add(number);
    if (targetPort) verdict.error(`${path}.targetPort`, portProblem(targetPort));
    if (items(spec.addresses).length === 0 && !allocates && ['', 'TCP'].includes(protocol ?? '')) {
      verdict.warn(path, ['serves TCP without addresses, so that it takes every connection to the port', 'state addresses']);
    }
    verdict.error(`${path}.name`, portNameProblem(name));
    verdict.error(`${path}.protocol`, protocolProblem(protocol));
    verdict.error(`${path}.number`, portProblem(number));
  });
  return names;
}

function checkByName(verdict: Verdict, spec: Fields, known: ReadonlySet<string>): void {
  const [hosts, endpoints] = [texts(spec.hosts), items(spec.endpoints)];
  const wrong = endpoints.length === 0 ? hosts.findIndex(host => fqdnProblem(host)) : -1;
  if (wrong >= 0) verdict.error(`spec.hosts[${wrong}]`, [`'${hosts[wrong]}' cannot be looked up`, 'name a host, state endpoints, or use resolution NONE']);
  if (spec.resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) verdict.error('spec.endpoints', ['has several items with DNS_ROUND_ROBIN', 'state one, or use DNS']);
  endpoints.forEach(({ address = '', labels, ports }, i) => {
    const path = `spec.endpoints[${i}]`;
    if (!isAddress(address)) verdict.error(`${path}.address`, fqdnProblem(address));
    verdict.error(`${path}.labels`, ...labelsProblems(labels));
    checkEndpointPorts(verdict, ports, path, known);
  });
  if (items(spec.addresses).length > 0 && hosts.length > 1 && items(spec.ports).some(({ protocol = '' }) => TCP.has(parseProtocol(protocol)))) {
    verdict.warn('spec.hosts', ['has several items with addresses and a port of TCP, which cannot tell them apart', 'state one host']);
  }
}

function checkDynamic(verdict: Verdict, spec: Fields, labels: Fields): void {
  const waypoint = labels?.['istio.io/use-waypoint'] ?? '';
  if (texts(spec.hosts).length === 0) verdict.error('spec.hosts', ['is empty', 'state a wildcard host']);
  texts(spec.hosts).forEach((host, i) => {
    if (!isWildcard(host)) verdict.error(`spec.hosts[${i}]`, [`'${host}' is no wildcard`, 'write one, or use resolution DNS']);
  });
  for (const field of ['addresses', 'endpoints']) {
    if (items(spec[field]).length > 0) verdict.error(`spec.${field}`, ['stand beside DYNAMIC_DNS, which looks up what the client names', 'leave them out']);
  }
  items(spec.ports).forEach(({ protocol = '' }, i) => {
    if (!DYNAMIC.has(parseProtocol(protocol))) verdict.error(`spec.ports[${i}].protocol`, [`is '${protocol}'`, 'use HTTP, HTTP2, GRPC or TLS']);
  });
  if (spec.location === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none') {
    verdict.error('spec.location', ['is MESH_INTERNAL behind a waypoint', 'use MESH_EXTERNAL']);
  }
}

function checkHosts(verdict: Verdict, spec: Fields): void {
  if (items(spec.hosts).length === 0) verdict.error('spec.hosts', ['is empty', 'name a host']);
  texts(spec.hosts).forEach((host, i) => {
    verdict.error(`spec.hosts[${i}]`, host === '*' ? ['is \'*\', every host', 'name the host; outboundTrafficPolicy ALLOW_ANY lets all others through'] : wildcardHostProblem(host));
    if (host !== '*' && spec.resolution !== 'DYNAMIC_DNS') verdict.warn(`spec.hosts[${i}]`, partialWildcardProblem(host));
  });
}

/** What admission has against a ServiceEntry. */
export function checkServiceEntry(verdict: Verdict, { spec, metadata }: KubernetesObject, namespace: string): void {
  const before = verdict.judgements.length;
  checkSelector(verdict, spec.workloadSelector, 'spec.workloadSelector', 'labels');
  if (verdict.judgements.slice(before).some(({ severity }) => severity === 'error')) return;
  if (spec.workloadSelector !== undefined && spec.endpoints !== undefined) verdict.error('spec', ['states workloadSelector and endpoints', 'state one of them']);
  checkHosts(verdict, spec);
  const resolution = spec.resolution ?? 'NONE';
  texts(spec.addresses).forEach((address, i) => verdict.error(`spec.addresses[${i}]`, subnetProblem(address)));
  if (texts(spec.addresses).some(address => address.includes('/')) && !['NONE', 'STATIC'].includes(resolution)) {
    verdict.error('spec.addresses', [`state a block with resolution ${resolution}`, 'use resolution NONE or STATIC, or single addresses']);
  }
  const optedOut = String(metadata.labels?.['networking.istio.io/enable-autoallocate-ip'] ?? '').toLowerCase() === 'false';
  const known = checkPorts(verdict, spec, resolution !== 'NONE' && !optedOut);
  if (resolution === 'NONE') {
    if (items(spec.endpoints).length > 0) verdict.error('spec.endpoints', ['stand beside resolution NONE, which sends requests where the client addressed them', 'use STATIC or DNS']);
    if (spec.workloadSelector !== undefined) verdict.warn('spec.workloadSelector', ['stands beside resolution NONE, which needs no workloads', 'use STATIC']);
  } else if (resolution === 'STATIC') {
    items(spec.endpoints).forEach((endpoint, i) => checkWorkload(verdict, endpoint, `spec.endpoints[${i}]`, known));
  } else if (BY_NAME.includes(resolution)) {
    checkByName(verdict, spec, known);
  } else {
    checkDynamic(verdict, spec, metadata.labels);
  }
  const plain = items(spec.ports).some(({ protocol = '' }) => !isHttp(parseProtocol(protocol)) && !isTls(parseProtocol(protocol)));
  if (resolution !== 'NONE' && items(spec.hosts).length > 1 && plain) verdict.error('spec.hosts', ['has several items with a port that is neither HTTP nor TLS, which cannot tell them apart', 'state one host']);
  checkExportTo(verdict, spec, namespace, 'ServiceEntry');
}
