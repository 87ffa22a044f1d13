import { selects } from '../../manifest/labels';
import { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { AccessModel, StatedMode } from '../model/access';
import { podPort } from '../model/access';

/**
 * The errors of a service's access rules. `inherited` is the mode of pods without their own, and `others` are the other services of the
 * App.
 */
export function accessErrors(model: AccessModel, inherited: StatedMode | undefined, others: readonly AccessModel[]): readonly string[] {
  return [...new Set([...unknownCallers(model, inherited), ...sharedPods(model, others)])];
}

/** The mode that the statements about a service's pods set for a port of the service. */
export function modeOf({ facts, modes }: Pick<AccessModel, 'facts' | 'modes'>, port: number): StatedMode | undefined {
  return modes.get(facts.named[port] === undefined ? podPort(facts, port) : undefined) ?? modes.get(undefined);
}

/** Without mutual TLS, callers have no identity. */
function unknownCallers(model: AccessModel, inherited: StatedMode | undefined): string[] {
  const { facts, rules } = model;
  const naming = rules.filter(({ terms, except }) => terms.callers ?? except.callers);
  return naming.flatMap(({ path, ports, action }) => (ports ?? facts.ports.map(port => port.number)).flatMap(port => {
    const mode = modeOf(model, port) ?? inherited;
    if (mode?.value !== MutualTlsMode.DISABLE) return [];
    return [`${path} ${action === 'DENY' ? 'denies' : 'allows'} callers at port ${port}, but ${mode.path} sets mode DISABLE there, `
      + 'so callers have no identity; use STRICT or PERMISSIVE, limit them to different ports, or allow Caller.anyone()'];
  }));
}

/** Istio applies only the older of two PeerAuthentications to a pod. */
function sharedPods({ path, facts: { name, namespace, selector }, modes }: AccessModel, others: readonly AccessModel[]): string[] {
  if (modes.size === 0) return [];
  return others.filter(other => other.modes.size > 0 && other.facts.namespace === namespace && other.path < path)
    .filter(({ facts }) => selects(selector, facts.selector) || selects(facts.selector, selector))
    .map(other => `the pods of '${name}' are also those of '${other.facts.name}' (${other.path}), which sets a mode too, `
      + 'and Istio applies only the older of two '
      + 'PeerAuthentications; set the modes for one of the services');
}
