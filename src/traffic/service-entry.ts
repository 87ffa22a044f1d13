import { cidrProblem } from './cidr';
import { isIpAddress } from './ip-address';
import { dnsLabelProblem, fqdnProblem, labelsProblem, textProblem } from './name';
import { limitProblem, portProblem } from './number';
import type { Problem } from './problem';
import type { ServicePort } from './service-port';

/**
 * How Envoy finds the endpoints of a host.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry-Resolution
 */
export enum Resolution {
  /** It does not: it connects to the address that the caller asked for. */
  NONE = 'NONE',
  /** The endpoints that are stated. */
  STATIC = 'STATIC',
  /** The host is looked up in the DNS all the time; every address is an endpoint. */
  DNS = 'DNS',
  /** The host is looked up in the DNS; the first address is used for each new connection. */
  DNS_ROUND_ROBIN = 'DNS_ROUND_ROBIN',
  /** For wildcard hosts: the very host of the request is looked up in the DNS. */
  DYNAMIC_DNS = 'DYNAMIC_DNS',
}

/**
 * Whether a host is part of the mesh.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry-Location
 */
export enum Location {
  /** Outside: no mutual TLS. */
  MESH_EXTERNAL = 'MESH_EXTERNAL',
  /** Inside, such as virtual machines with a proxy of their own. */
  MESH_INTERNAL = 'MESH_INTERNAL',
}

/**
 * An endpoint of a host.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/workload-entry/#WorkloadEntry
 */
export interface Endpoint {
  /** An IP address; with DNS resolution a host name too, with STATIC a Unix socket such as `unix:///var/run/db.sock`. */
  readonly address: string;
  /**
   * The endpoint's ports by the names of the ports, where they differ.
   * @default - the ports' own target ports
   */
  readonly ports?: { readonly [name: string]: number };
  /**
   * Labels, which subsets can select.
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * Where it is, as region/zone/subzone.
   * @default - unknown
   */
  readonly locality?: string;
  /**
   * Its share of the requests, relative to others.
   * @default 1
   */
  readonly weight?: number;
  /**
   * The network it is in, where gateways connect several.
   * @default - one that every proxy reaches directly
   */
  readonly network?: string;
  /**
   * The service account that it runs as, which callers check in the mesh's mutual TLS.
   * @default - none is checked
   */
  readonly serviceAccount?: string;
}

/** The parts of a ServiceEntry that depend on each other. */
export interface ServiceEntryParts {
  readonly hosts: readonly string[];
  readonly ports: readonly ServicePort[];
  readonly resolution: Resolution;
  readonly location?: Location;
  readonly addresses?: readonly string[];
  readonly endpoints?: readonly Endpoint[];
  readonly workloadSelector?: { readonly [key: string]: string };
  readonly exportTo?: readonly string[];
}

const UNIX = 'unix://';

/** What istiod would reject or ignore of a ServiceEntry, if anything. */
export function serviceEntryProblem(entry: ServiceEntryParts): Problem {
  if (entry.hosts.length === 0) return 'hosts is empty; name at least one host';
  const twice = entry.hosts.find((host, i) => entry.hosts.indexOf(host) !== i);
  if (twice !== undefined) return `hosts names '${twice}' twice; name each host once`;
  for (const host of entry.hosts) {
    const problem = host === '*' ? 'host \'*\' would take every call there is; name a host' : fqdnProblem('host', host, { wildcard: true });
    if (problem) return problem;
  }
  if (entry.ports.length === 0) return 'ports is empty, so that no call could reach the hosts; state at least one';
  return addressesProblem(entry) ?? resolutionProblem(entry) ?? targetPortProblem(entry) ?? selectorProblem(entry) ?? endpointsProblem(entry);
}

function addressesProblem({ addresses = [], hosts, resolution, ports }: ServiceEntryParts): Problem {
  for (const [i, address] of addresses.entries()) {
    const problem = cidrProblem(`addresses[${i}]`, address);
    if (problem) return problem;
    if (address.includes('/') && resolution !== Resolution.NONE && resolution !== Resolution.STATIC) {
      return `addresses holds the CIDR block '${address}', which Istio takes only with resolution NONE or STATIC; use single addresses`;
    }
  }
  const tcp = ports.find(port => port.protocol === 'TCP');
  if (tcp && hosts.length > 1 && resolution !== Resolution.NONE) {
    return `port ${tcp.number} is TCP, where nothing tells the ${hosts.length} hosts apart; state one ExternalDependency a host`;
  }
  if (tcp && addresses.length === 0 && resolution === Resolution.NONE) {
    return `port ${tcp.number} is TCP without addresses, so that it would catch the calls of every host to that port; `
      + 'state the addresses, or use ServicePort.tls()';
  }
  return undefined;
}

function resolutionProblem({ hosts, ports, resolution, endpoints = [], addresses = [], workloadSelector }: ServiceEntryParts): Problem {
  const wildcard = hosts.find(host => host.startsWith('*'));
  const exact = hosts.find(host => !host.startsWith('*'));
  switch (resolution) {
    case Resolution.NONE:
      return endpoints.length > 0 ? 'endpoints are stated beside resolution NONE, which looks none up; use resolution STATIC' : undefined;
    case Resolution.STATIC:
      return endpoints.length > 0 || workloadSelector ? undefined
        : 'resolution STATIC has no endpoints, so that no call could be answered; state endpoints or workloadSelector, or use resolution DNS';
    case Resolution.DYNAMIC_DNS: {
      if (exact !== undefined) return `host '${exact}' is no wildcard, which resolution DYNAMIC_DNS wants; use resolution DNS`;
      if (endpoints.length > 0 || addresses.length > 0) return 'resolution DYNAMIC_DNS takes neither endpoints nor addresses; leave them out';
      const port = ports.find(p => p.protocol === 'TCP' || p.protocol === 'HTTPS');
      return port && `port ${port.number} is ${port.protocol}, which resolution DYNAMIC_DNS does not take; use http(), http2(), grpc() or tls()`;
    }
    default:
      if (wildcard !== undefined && endpoints.length === 0) {
        return `host '${wildcard}' is a wildcard, which cannot be looked up by resolution ${resolution}; use DYNAMIC_DNS or NONE, or state endpoints`;
      }
      return resolution === Resolution.DNS_ROUND_ROBIN && endpoints.length > 1
        ? `resolution DNS_ROUND_ROBIN takes one endpoint, not ${endpoints.length}; use resolution DNS` : undefined;
  }
}

/** Where no endpoint is stated or looked up by istiod, none has a port of its own. */
const OWN_PORT: { readonly [resolution: string]: string } = {
  [Resolution.NONE]: 'it keeps the port that the caller asked for',
  [Resolution.DYNAMIC_DNS]: 'it calls the port of the request\'s Host, else 80, or 443 in TLS',
};

function targetPortProblem({ ports, resolution }: ServiceEntryParts): Problem {
  const port = ports.find(p => p.targetPort !== undefined);
  if (!port || OWN_PORT[resolution] === undefined) return undefined;
  return `port ${port.number} has targetPort ${port.targetPort}, which resolution ${resolution} ignores: ${OWN_PORT[resolution]}; leave it out, or use resolution DNS`;
}

function selectorProblem({ workloadSelector, endpoints = [], resolution }: ServiceEntryParts): Problem {
  if (!workloadSelector) return undefined;
  if (endpoints.length > 0) return 'endpoints and workloadSelector are both stated, of which Istio takes one; leave one out';
  if (resolution === Resolution.NONE || resolution === Resolution.DYNAMIC_DNS) {
    return `workloadSelector is stated beside resolution ${resolution}, which takes no endpoints; use resolution STATIC`;
  }
  return labelsProblem('workloadSelector', workloadSelector);
}

/** What is wrong with the namespaces that see something, if anything. */
export function exportToProblem(exportTo: readonly string[], namespace: string): Problem {
  if (exportTo.length === 0) return 'exportTo is an empty list, which Istio reads as all namespaces; leave it out, or name namespaces';
  const named = exportTo.map(entry => (entry === '.' ? namespace : entry));
  const twice = named.find((entry, i) => named.indexOf(entry) !== i);
  if (twice !== undefined) return `exportTo names '${twice}' twice ('.' is '${namespace}'); name each namespace once`;
  if (named.includes('~')) return 'exportTo \'~\' shows the hosts to nobody; use \'.\' for the own namespace';
  if (named.includes('*')) return named.length > 1 ? 'exportTo names \'*\' beside others; leave the others out' : undefined;
  return named.map(entry => dnsLabelProblem('exportTo', entry)).find(problem => problem !== undefined);
}

function socketProblem(what: string, { address, ports: own }: Endpoint, { resolution, ports }: ServiceEntryParts): Problem {
  if (resolution !== Resolution.STATIC) return `${what}.address '${address}' is a Unix socket beside resolution ${resolution}; use resolution STATIC`;
  if (!/^[/@].*[^/]$/.test(address.slice(UNIX.length))) return `${what}.address '${address}' is no absolute path of a socket; use such as unix:///var/run/db.sock`;
  if (own && Object.keys(own).length > 0) return `${what}.ports is stated for a Unix socket, which has none; leave it out`;
  return ports.length === 1 ? undefined : `${what}.address '${address}' is a Unix socket, which takes one port and not ${ports.length}; state one ExternalDependency a port`;
}

function endpointsProblem(entry: ServiceEntryParts): Problem {
  const { ports, resolution, endpoints = [] } = entry;
  const names = new Set(ports.map(port => port.name));
  for (const [i, endpoint] of endpoints.entries()) {
    const what = `endpoints[${i}]`;
    const noText = textProblem(`${what}.address`, endpoint.address);
    if (noText) return noText;
    if (endpoint.address.startsWith(UNIX)) {
      const problem = socketProblem(what, endpoint, entry);
      if (problem) return problem;
    } else if (!isIpAddress(endpoint.address)) {
      if (resolution === Resolution.STATIC) return `${what}.address '${endpoint.address}' is not an IP address; with resolution STATIC use one, for a host name use DNS`;
      const problem = fqdnProblem(`${what}.address`, endpoint.address, { wildcard: false });
      if (problem) return problem;
    }
    for (const [name, port] of Object.entries(endpoint.ports ?? {})) {
      if (!names.has(name)) return `${what}.ports names '${name}', which is no port here; use one of ${[...names].join(', ')}`;
      const problem = portProblem(`${what}.ports['${name}']`, port);
      if (problem) return problem;
    }
    const problem = (endpoint.labels && labelsProblem(`${what}.labels`, endpoint.labels)) ?? limitProblem(`${what}.weight`, endpoint.weight, {
      min: 1, zero: 'Istio reads as unset; use at least 1, or leave the endpoint out',
    });
    if (problem) return problem;
  }
  return undefined;
}
