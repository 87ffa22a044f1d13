import type { Server, ServerTLSSettings } from '../../manifest/istio-specs.generated';
import type { ManifestOf } from '../../manifest/manifest';
import { isHttp, parseProtocol } from '../protocol';
import type { Protocol } from '../protocol';

/** A server of a Gateway. Its hosts have the namespaces of the VirtualServices that may use them. */
export interface GatewayServer {
  readonly gateway: ManifestOf<'Gateway'>;
  /** The name by which VirtualServices refer to the Gateway: `namespace/name`. */
  readonly gatewayName: string;
  readonly hosts: readonly string[];
  /** The port that the Gateway sets. */
  readonly port: number;
  readonly portName: string;
  readonly protocol: Protocol;
  readonly statedProtocol: string;
  readonly bind: string;
  readonly tls?: ServerTLSSettings;
}

/** Reads a server; undefined if it has no port. `./host` limits a host to the Gateway's namespace, `*` before the slash to none. */
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

/** Whether the server passes TLS connections on without decrypting them. */
export function passesThrough({ tls }: GatewayServer): boolean {
  return tls !== undefined && ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(tls.mode ?? 'PASSTHROUGH');
}

/** Whether the server reads HTTP requests, plaintext or decrypted. */
export function readsRequests(server: GatewayServer): boolean {
  return isHttp(server.protocol) || (server.protocol === 'HTTPS' && !passesThrough(server));
}

/** Whether connections are matched by SNI. */
export function isTlsServer({ tls, protocol }: GatewayServer): boolean {
  return tls !== undefined && !isHttp(protocol);
}

/** The name of a server's route configuration at a port of the proxy; empty if it has none. */
export function routeName(server: GatewayServer, port: number): string {
  const bind = server.bind === '' ? '' : `.${server.bind}`;
  if (isHttp(server.protocol)) return `http.${port}${bind}`;
  const { name, namespace = '' } = server.gateway.metadata;
  return server.protocol === 'HTTPS' && !passesThrough(server) ? `https.${server.port}.${server.portName}.${name}.${namespace}${bind}` : '';
}

/** The SNI hosts of a server. */
export function serverNames({ hosts }: GatewayServer): string[] {
  return [...new Set(hosts.map(host => host.slice(host.indexOf('/') + 1)))].sort();
}
