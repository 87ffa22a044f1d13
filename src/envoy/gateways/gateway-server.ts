import type { Server, ServerTLSSettings } from '../../manifest/istio-specs.generated';
import type { ManifestOf } from '../../manifest/manifest';
import { isHttp, parseProtocol } from '../protocol';
import type { Protocol } from '../protocol';

/** A server of a Gateway, its hosts with the namespaces that may use them. */
export interface GatewayServer {
  readonly gateway: ManifestOf<'Gateway'>;
  /** The Gateway as VirtualServices name it. */
  readonly gatewayName: string;
  readonly hosts: readonly string[];
  /** The port as the Gateway states it. */
  readonly port: number;
  readonly portName: string;
  readonly protocol: Protocol;
  readonly statedProtocol: string;
  readonly bind: string;
  readonly tls?: ServerTLSSettings;
}

/** Reads a server; undefined where it has no port. `./host` is of the Gateway's namespace, `*` before the slash of every one. */
export function gatewayServer(gateway: ManifestOf<'Gateway'>, { port, hosts = [], bind = '', tls }: Server): GatewayServer | undefined {
  if (!port) return undefined;
  const { name, namespace = '' } = gateway.metadata;
  const known = hosts.map(host => host.replace(/^\.\//, `${namespace}/`).replace(/^\*\//, ''));
  return {
    gateway,
    gatewayName: `${namespace}/${name}`,
    hosts: hosts.includes('*/*') ? ['*'] : known,
    port: port.number ?? 0,
    portName: port.name ?? '',
    protocol: parseProtocol(port.protocol ?? ''),
    statedProtocol: port.protocol ?? '',
    bind,
    ...tls && { tls },
  };
}

/** Whether connections pass on as they are, with their encryption. */
export function passesThrough({ tls }: GatewayServer): boolean {
  return tls !== undefined && ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(tls.mode ?? 'PASSTHROUGH');
}

/** Whether it reads requests, in clear text or after it has taken off their encryption. */
export function readsRequests(server: GatewayServer): boolean {
  return isHttp(server.protocol) || (server.protocol === 'HTTPS' && !passesThrough(server));
}

/** Whether connections are told apart by the server name that they ask for. */
export function isTlsServer({ tls, protocol }: GatewayServer): boolean {
  return tls !== undefined && !isHttp(protocol);
}

/** The name of the routes of a server at a port of the proxy; empty where it has none. */
export function routeName(server: GatewayServer, port: number): string {
  const bind = server.bind === '' ? '' : `.${server.bind}`;
  if (isHttp(server.protocol)) return `http.${port}${bind}`;
  const { name, namespace = '' } = server.gateway.metadata;
  return server.protocol === 'HTTPS' && !passesThrough(server) ? `https.${server.port}.${server.portName}.${name}.${namespace}${bind}` : '';
}

/** The server names of its hosts. */
export function serverNames({ hosts }: GatewayServer): string[] {
  return [...new Set(hosts.map(host => host.slice(host.indexOf('/') + 1)))].sort();
}
