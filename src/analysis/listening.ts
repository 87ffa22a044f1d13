import type { Fields } from './fields';
import { items } from './fields';
import type { TrafficIndex } from './traffic-index';
import { isHttp, parseProtocol } from '../envoy/protocol';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selectorText } from '../manifest/labels';

/** A server of a Gateway. */
export interface Listening {
  readonly object: KubernetesObject;
  readonly server: Fields;
  readonly path: string;
  readonly selector: Labels;
}

export function listening(index: TrafficIndex): Listening[] {
  return index.of('Gateway').flatMap(object => items(object.spec?.servers).map((server, s) => ({ object, server, path: `spec.servers[${s}]`, selector: index.selectorOf(object) })));
}

export function bindOf({ server }: Listening): string {
  return typeof server.bind === 'string' ? server.bind : '';
}

/** What Istio makes of a server: one of several with TLS, told apart by their hosts, or the one plain server of its port, of HTTP or of bytes. */
export function layerOf({ server }: Listening): 'http' | 'tls' | 'tcp' {
  if (isHttp(parseProtocol(String(server.port?.protocol ?? '')))) return 'http';
  return server.tls ? 'tls' : 'tcp';
}

/** The proxies that serve a Gateway, by name; where the manifests have none of its pods, its selector stands for them. */
export function proxiesOf(index: TrafficIndex, gateway: KubernetesObject): readonly string[] {
  const selector = index.selectorOf(gateway);
  const pods = index.workloads.selectedBy(selector);
  return pods.length === 0 ? [selectorText(selector)] : pods.map(({ object }) => `${object.kind} ${index.nameOf(object)}`);
}
