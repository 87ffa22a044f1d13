import type { TrafficIndex } from '../traffic-index';

/** The namespaces of the services that a host stands for. */
export function homesOf(host: string, index: TrafficIndex): ReadonlySet<string> {
  const whole = /^\*\.([^.]+)\.svc\./.exec(host);
  return new Set(whole ? [whole[1]] : index.registry.named(host).map(({ namespace }) => namespace));
}
