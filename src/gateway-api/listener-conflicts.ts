import type { StatedListener } from './listener';
import type { Problem } from './problem';
import { problem } from './problem';
import type { Listener } from '../manifest/gateway-api-specs.generated';

/** The listeners that lose their place on a Gateway to an earlier one, with the reason. */
export function listenerConflicts(listeners: readonly StatedListener[]): ReadonlyMap<StatedListener, Problem> {
  const conflicts = new Map<StatedListener, Problem>();
  const byPort = new Map<number, PortListeners>();
  for (const stated of listeners) {
    const { listener } = stated;
    const port = byPort.get(listener.port ?? 0) ?? new PortListeners();
    byPort.set(listener.port ?? 0, port);
    const prior = port.rivalOf(listener);
    if (prior === undefined) port.add(listener);
    else conflicts.set(stated, conflict(listener, prior));
  }
  return conflicts;
}

/** The listeners that have a port. */
class PortListeners {
  private readonly connection: Listener[] = [];
  private readonly byHost = new Map<string, Listener>();
  private readonly http: Listener[] = [];
  private readonly byProtocol = new Map<string, Listener>();

  /** The listener with which another one cannot share the port: TCP listens alone; HTTP, HTTPS and TLS share a port by host. */
  public rivalOf(listener: Listener): Listener | undefined {
    const { protocol = '' } = listener;
    if (isConnections(protocol)) return this.connection[0] ?? this.http[0];
    if (isHttpLike(protocol)) return this.connection[0] ?? this.byHost.get(hostOf(listener));
    return this.byProtocol.get(protocol);
  }

  public add(listener: Listener): void {
    const { protocol = '' } = listener;
    if (isConnections(protocol)) {
      this.connection.push(listener);
    } else if (isHttpLike(protocol)) {
      this.http.push(listener);
      this.byHost.set(hostOf(listener), listener);
    } else {
      this.byProtocol.set(protocol, listener);
    }
  }
}

const isConnections = (protocol: string) => protocol === 'TCP' || protocol === 'UDP';
const isHttpLike = (protocol: string) => ['HTTP', 'HTTPS', 'TLS'].includes(protocol);
const hostOf = ({ hostname }: Listener) => hostname || '*';

function conflict(listener: Listener, prior: Listener): Problem {
  const sameKind = listener.protocol === prior.protocol && !isConnections(listener.protocol ?? '');
  const message = `listener '${prior.name}' already has port ${prior.port}${sameKind ? ` with ${hostOf(prior)}` : ''}`;
  return problem(sameKind ? 'HostnameConflict' : 'ProtocolConflict', message);
}
