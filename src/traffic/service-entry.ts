import { cidrProblem } from './cidr';
import { isIpAddress } from './ip-address';
import { fqdnProblem, labelsProblem, stringProblem } from './name';
import { limitProblem, portProblem } from './number';
import type { Problem } from './problem';
import type { ServicePort } from './service-port';

/**
 * How Envoy finds the endpoints of a host.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry-Resolution
 */
export enum Resolution {
  /** No resolution: Envoy connects to the address that the caller connects to. */
  NONE = 'NONE',
  /** The configured endpoints. */
  STATIC = 'STATIC',
  /** Envoy resolves the host by DNS periodically; every address is an endpoint. */
  DNS = 'DNS',
  /** Envoy resolves the host by DNS, and uses the first address for each new connection. */
  DNS_ROUND_ROBIN = 'DNS_ROUND_ROBIN',
  /** For wildcard hosts: Envoy resolves the host of each request by DNS. */
  DYNAMIC_DNS = 'DYNAMIC_DNS',
}

/**
 * Whether a host is part of the mesh.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry-Location
 */
export enum Location {
  /** Outside the mesh: no mutual TLS. */
  MESH_EXTERNAL = 'MESH_EXTERNAL',
  /** Inside the mesh, such as virtual machines with their own proxy. */
  MESH_INTERNAL = 'MESH_INTERNAL',
}

/**
 * An endpoint of a host.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/workload-entry/#WorkloadEntry
 */
export interface Endpoint {
  /** An IP address. With DNS resolution also a host name, with STATIC also a Unix socket such as `unix:///var/run/db.sock`. */
  readonly address: string;
  /**
   * The ports of the endpoint, by the names of the service's ports.
   * @default - the target ports of the service's ports
   */
  readonly ports?: { readonly [name: string]: number };
  /**
   * Labels, by which subsets can select the endpoint.
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * The locality, as region/zone/subzone.
   * @default - unknown
   */
  readonly locality?: string;
  /**
   * The weight, relative to the other endpoints.
   * @default 1
   */
  readonly weight?: number;
  /**
   * The network, if gateways connect several networks.
   * @default - a network that every proxy reaches directly
   */
  readonly network?: string;
  /**
   * The service account of the endpoint, which callers verify in mutual TLS.
   * @default - none, callers verify no service account
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

/** The problem of a ServiceEntry: what istiod would reject or ignore. */
export function serviceEntryProblem(entry: ServiceEntryParts): Problem {
  if (entry.hosts.length === 0) return 'hosts is empty; add at least one host';
  const twice = entry.hosts.find((host, i) => entry.hosts.indexOf(host) !== i);
  if (twice !== undefined) return `hosts contains '${twice}' twice; use each host once`;
  for (const host of entry.hosts) {
    const problem = host === '*' ? 'host \'*\' would match every call; use a specific host' : fqdnProblem('host', host, { wildcard: true });
    if (problem) return problem;
  }
  if (entry.ports.length === 0) return 'ports is empty, so no call could reach the hosts; add at least one port';
  return (
    addressesProblem(entry) ?? resolutionProblem(entry) ?? targetPortProblem(entry) ?? selectorProblem(entry) ?? endpointsProblem(entry)
  );
}

const DNS_RESOLUTIONS: readonly Resolution[] = [Resolution.DNS, Resolution.DNS_ROUND_ROBIN];

function addressesProblem({ addresses = [], hosts, resolution, ports }: ServiceEntryParts): Problem {
  for (const [i, address] of addresses.entries()) {
    const problem = cidrProblem(`addresses[${i}]`, address);
    if (problem) return problem;
    if (address.includes('/') && resolution !== Resolution.NONE && resolution !== Resolution.STATIC) {
      return `addresses contains the CIDR block '${address}', which Istio accepts only with resolution NONE or STATIC; use single addresses`;
    }
  }
  const tcp = ports.find(port => port.protocol === 'TCP');
  if (tcp && hosts.length > 1 && resolution !== Resolution.NONE) {
    return `port ${tcp.number} is TCP, where nothing distinguishes the ${hosts.length} hosts; create one ExternalDependency per host`;
  }
  const sealed = ports.find(({ protocol }) => protocol === 'TLS' || protocol === 'HTTPS');
  if (sealed && hosts.length > 1 && addresses.length > 0 && DNS_RESOLUTIONS.includes(resolution)) {
    return `addresses is set for ${hosts.length} hosts with the ${sealed.protocol} port ${sealed.number}, and Istio uses the addresses for one host only; `
      + 'omit addresses, or create one ExternalDependency per host';
  }
  if (tcp && addresses.length === 0 && resolution === Resolution.NONE) {
    return `port ${tcp.number} is TCP without addresses, so it would capture all calls to that port, whatever their host; `
      + 'set addresses, or use ServicePort.tls()';
  }
  return undefined;
}

function resolutionProblem({ hosts, ports, resolution, endpoints = [], addresses = [], workloadSelector }: ServiceEntryParts): Problem {
  const wildcard = hosts.find(host => host.startsWith('*'));
  const exact = hosts.find(host => !host.startsWith('*'));
  switch (resolution) {
    case Resolution.NONE:
      return endpoints.length > 0 ? 'endpoints are set, but resolution NONE does not use them; use resolution STATIC' : undefined;
    case Resolution.STATIC:
      return endpoints.length > 0 || workloadSelector ? undefined
        : 'resolution STATIC has no endpoints, so every call would fail; set endpoints or workloadSelector, or use resolution DNS';
    case Resolution.DYNAMIC_DNS: {
      if (exact !== undefined) return `host '${exact}' is not a wildcard, which resolution DYNAMIC_DNS requires; use resolution DNS`;
      if (endpoints.length > 0 || addresses.length > 0) return 'resolution DYNAMIC_DNS uses neither endpoints nor addresses; omit them';
      const port = ports.find(p => p.protocol === 'TCP' || p.protocol === 'HTTPS');
      return (
        port
        && `port ${port.number} is ${port.protocol}, which resolution DYNAMIC_DNS does not support; use http(), http2(), grpc() or tls()`
      );
    }
    default:
      if (wildcard !== undefined && endpoints.length === 0) {
        return `host '${wildcard}' is a wildcard, which resolution ${resolution} cannot resolve; use DYNAMIC_DNS or NONE, or set endpoints`;
      }
      return resolution === Resolution.DNS_ROUND_ROBIN && endpoints.length > 1
        ? `resolution DNS_ROUND_ROBIN supports one endpoint, not ${endpoints.length}; use resolution DNS` : undefined;
  }
}

/** Resolutions for which istiod has no endpoints, and so no target port. */
const OWN_PORT: { readonly [resolution: string]: string } = {
  [Resolution.NONE]: 'it connects to the port that the caller used',
  [Resolution.DYNAMIC_DNS]: 'it connects to the port in the Host of the request, else 80, or 443 with TLS',
};

function targetPortProblem({ ports, resolution }: ServiceEntryParts): Problem {
  const port = ports.find(p => p.targetPort !== undefined);
  if (!port || OWN_PORT[resolution] === undefined) return undefined;
  return `port ${port.number} has targetPort ${port.targetPort}, which resolution ${resolution} ignores: ${OWN_PORT[resolution]}; omit it, or use resolution DNS`;
}

function selectorProblem({ workloadSelector, endpoints = [], resolution }: ServiceEntryParts): Problem {
  if (!workloadSelector) return undefined;
  if (endpoints.length > 0) return 'endpoints and workloadSelector are both set, and Istio accepts only one; omit one of them';
  if (resolution === Resolution.NONE || resolution === Resolution.DYNAMIC_DNS) {
    return `workloadSelector is set, but resolution ${resolution} uses no endpoints; use resolution STATIC`;
  }
  return labelsProblem('workloadSelector', workloadSelector);
}

function socketProblem(what: string, { address, ports: own }: Endpoint, { resolution, ports }: ServiceEntryParts): Problem {
  if (resolution !== Resolution.STATIC) {
    return `${what}.address '${address}' is a Unix socket, which resolution ${resolution} does not support; use resolution STATIC`;
  }
  if (!/^[/@].*[^/]$/.test(address.slice(UNIX.length))) {
    return `${what}.address '${address}' is not an absolute path of a socket; use a path such as unix:///var/run/db.sock`;
  }
  if (own && Object.keys(own).length > 0) return `${what}.ports is set for a Unix socket, which has no ports; omit it`;
  return ports.length === 1
    ? undefined
    : `${what}.address '${address}' is a Unix socket, which supports one port, not ${ports.length}; create one ExternalDependency per port`;
}

function endpointsProblem(entry: ServiceEntryParts): Problem {
  const { ports, resolution, endpoints = [] } = entry;
  const names = new Set(ports.map(port => port.name));
  for (const [i, endpoint] of endpoints.entries()) {
    const what = `endpoints[${i}]`;
    const notString = stringProblem(`${what}.address`, endpoint.address);
    if (notString) return notString;
    if (endpoint.address.startsWith(UNIX)) {
      const problem = socketProblem(what, endpoint, entry);
      if (problem) return problem;
    } else if (!isIpAddress(endpoint.address)) {
      if (resolution === Resolution.STATIC) {
        return `${what}.address '${endpoint.address}' is not an IP address; use an IP address, or resolution DNS for a host name`;
      }
      const problem = fqdnProblem(`${what}.address`, endpoint.address, { wildcard: false });
      if (problem) return problem;
    }
    for (const [name, port] of Object.entries(endpoint.ports ?? {})) {
      if (!names.has(name)) {
        return `${what}.ports contains '${name}', which is not the name of a port of the service; use one of ${[...names].join(', ')}`;
      }
      const problem = portProblem(`${what}.ports['${name}']`, port);
      if (problem) return problem;
    }
    const problem = (endpoint.labels && labelsProblem(
      `${what}.labels`,
      endpoint.labels,
    )) ?? limitProblem(`${what}.weight`, endpoint.weight, {
      min: 1, zero: 'Istio reads as unset; use at least 1, or omit the endpoint',
    });
    if (problem) return problem;
  }
  return undefined;
}
