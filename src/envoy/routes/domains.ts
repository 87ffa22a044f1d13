import { isIP } from 'node:net';
import type { Service } from '../service';

/** A host and a port, as in a Host header. */
export function domainName(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A host as in a Host header: an IPv6 address gets brackets. */
function authority(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** What determines the short names of a service. */
export interface Naming {
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly hasAbsoluteNames: boolean;
}

/** The domains of a service's virtual host. `short`: those that are other names of the host. */
export interface Domains {
  readonly all: readonly string[];
  readonly short: ReadonlySet<string>;
}

/** The domains by which callers may reach a service; with `port`, each name also with that port. */
export function serviceDomains(service: Service, naming: Naming, port?: number): Domains {
  const withPort = (names: readonly string[]) => names
    .flatMap(name => (port === undefined ? [authority(name)] : [authority(name), domainName(name, port)]));
  const short = new Set<string>();
  const names = [service.host, ...service.aliases].flatMap(host => {
    const spellings = withPort(shortNames(host, naming));
    const absolute = naming.hasAbsoluteNames ? absoluteNames(host, port) : [];
    for (const name of [...absolute, ...spellings]) short.add(name);
    return [...withPort([host]), ...absolute, ...spellings];
  });
  const perPod = service.resolution === 'NONE' && service.registry === 'Kubernetes' ? names.map(name => `*.${name}`) : [];
  const addresses = withPort(service.addresses.filter(address => address !== '' && address !== '0.0.0.0'));
  return { all: [...names, ...perPod, ...addresses], short };
}

/** The names by which callers may reach a host. */
export function namesOf(host: string, naming: Naming): string[] {
  return [host, ...naming.hasAbsoluteNames ? absoluteNames(host, undefined) : [], ...shortNames(host, naming)];
}

function absoluteNames(host: string, port: number | undefined): string[] {
  const name = isIP(host) === 0 ? [`${host}.`] : [];
  return port === undefined ? name : [...name, domainName(`${host}.`, port)];
}

/** The short names of a host such as `catalog.shop.svc.cluster.local` in Kubernetes' DNS. The name alone works only in its namespace. */
function shortNames(host: string, { namespace, clusterDomain }: Naming): string[] {
  const suffix = `.svc.${clusterDomain}`;
  if (!host.endsWith(suffix)) return [];
  const svc = host.indexOf('.svc.');
  const dot = host.indexOf('.');
  if (svc <= 0 || dot + 1 > svc) return [];
  const [name, qualified] = [host.slice(0, dot), host.slice(0, svc)];
  return host.slice(dot + 1, svc) === namespace ? [name, `${qualified}.svc`, qualified] : [qualified, `${qualified}.svc`];
}
