import type { IConstruct } from 'constructs';
import { AppState } from './app-state';
import { fail } from '../../traffic/problem';
import { sorted } from '../model/sorted';

/** A server that a Gateway has at a port. */
export interface GatewayPort {
  /** The labels of the gateway's pods, which all Gateways of the same proxies select. */
  readonly selector: { readonly [key: string]: string };
  readonly port: number;
  readonly protocol: string;
  /** The path of the construct that owns the Gateway. */
  readonly path: string;
}

/** Takes a port of a gateway's proxies for a protocol. Throws if another Gateway has it for one that Istio does not merge with this one. */
export function takeGatewayPort(by: IConstruct, { selector, port, protocol, path }: GatewayPort): void {
  const workload = JSON.stringify(sorted(selector));
  const first = AppState.of(by).one(`gateway/${workload}/port/${port}`, () => ({ protocol, path }));
  if (protocol === 'TCP' && first.protocol === protocol && first.path !== path) {
    fail(by, `port ${port} of the gateway ${workload} is already a TCP port of ${first.path}, `
      + 'and Istio drops a second TCP server on a port; use another port');
  }
  if (familyOf(first.protocol) !== familyOf(protocol)) {
    fail(by, `port ${port} of the gateway ${workload} has protocol ${first.protocol} for ${first.path}, `
      + `and Istio drops the second protocol on a port${path === by.node.path ? '' : `, which is ${protocol} for ${path}`}; use another port`);
  }
}

/** Protocols that can share a port: TLS servers are distinguished by server name, terminated or not. */
function familyOf(protocol: string): string {
  return protocol === 'HTTPS' ? 'TLS' : protocol;
}
