import { selects } from '../../manifest/labels';
import { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { AccessModel, StatedMode } from '../model/access';
import { podPort } from '../model/access';

/**
 * What is wrong with all that is stated about the callers of a service; `inherited` is the mode that holds for pods that state none, and `others`
 * are the other services of the App.
 */
export function accessErrors(model: AccessModel, inherited: StatedMode | undefined, others: readonly AccessModel[]): readonly string[] {
  return [...new Set([...unknownCallers(model, inherited), ...sharedPods(model, others)])];
}

/** Without mutual TLS nobody knows who calls. */
function unknownCallers({ facts, modes, rules }: AccessModel, inherited: StatedMode | undefined): string[] {
  return rules.filter(rule => rule.from).flatMap(({ path, ports }) => (ports ?? facts.ports.map(port => port.number)).flatMap(port => {
    const mode = modes.get(facts.named[port] === undefined ? podPort(facts, port) : undefined) ?? modes.get(undefined) ?? inherited;
    return mode?.value === MutualTlsMode.DISABLE ? [`${path} names callers at port ${port}, but ${mode.path} states mode DISABLE there, so that no caller is known; `
      + 'use STRICT or PERMISSIVE, limit one of them by ports, or allow Caller.anyone()'] : [];
  }));
}

/** Of two PeerAuthentications of one pod Istio takes the older alone. */
function sharedPods({ path, facts: { name, namespace, selector }, modes }: AccessModel, others: readonly AccessModel[]): string[] {
  if (modes.size === 0) return [];
  return others.filter(other => other.modes.size > 0 && other.facts.namespace === namespace && other.path < path)
    .filter(({ facts }) => selects(selector, facts.selector) || selects(facts.selector, selector))
    .map(other => `the pods of '${name}' are also those of '${other.facts.name}' (${other.path}), for which a mode is stated too, and Istio applies the older of two `
      + 'PeerAuthentications alone; state the modes for one of the services');
}
