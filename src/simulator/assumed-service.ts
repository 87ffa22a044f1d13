import type { KubernetesObject } from '../manifest/kubernetes-object';

/** A Service that is in the cluster but not in the manifests. */
export interface AssumedService {
  /** The name of the Service. */
  readonly name: string;
  /** The namespace of the Service. */
  readonly namespace: string;
  /** Numbers of HTTP ports, or full ports. */
  readonly ports: readonly (number | AssumedPort)[];
}

/** A port of a Service that is not in the manifests. */
export interface AssumedPort {
  /** The number, from 1 to 65535. */
  readonly number: number;
  /** The protocol, in Istio's naming, such as `grpc` or `tcp`. @default 'http' */
  readonly protocol?: string;
  /** Its name. @default - the protocol and the number, such as `http-80` */
  readonly name?: string;
}

/** The Service as a manifest. The simulator assumes that it has pods. */
export function assumedService({ name, namespace, ports }: AssumedService): KubernetesObject {
  if (ports.length === 0) throw new Error(`assumeServices: '${name}' has no ports; add the ports that callers use`);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ports: ports.map(port => assumedPort(name, typeof port === 'number' ? { number: port } : port)) },
  };
}

function assumedPort(
  service: string, { number, protocol = 'http', name }: AssumedPort,
): { name: string; port: number; appProtocol: string } {
  if (!Number.isInteger(number) || number < 1 || number > 65535) {
    throw new Error(`assumeServices: '${service}' has the port ${number}; use an integer from 1 to 65535`);
  }
  return { name: name ?? `${protocol}-${number}`, port: number, appProtocol: protocol };
}
