import { isHttpOrGuessed } from '../../../envoy/protocol';
import { enforcedAction } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { portsOfPods } from '../../facts/inbound-ports';
import { podsOfPolicy } from '../../facts/policy-pods';
import { hasApplicationSidecar } from '../../facts/sidecar-pods';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { inShort } from '../../words';

export const rule = defineRule({
  id: 'access-host-port',
  codes: [],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  needs: ['Service', 'Workload'],
  title: 'A host of an AuthorizationPolicy lacks the port that requests carry, or has one that they omit',
  effect: 'Envoy compares the whole authority of a request, including the port. Callers omit only port 80 for HTTP and 443 for HTTPS.',
  check(object, report, index) {
    if (enforcedAction(object) === undefined) return;
    const asked = attributesOf(object).filter(({ key }) => key === 'hosts');
    if (asked.length === 0) return;
    const ports = index.memoOf(podsOfPolicy(object, index), calledPorts);
    for (const { values, path } of asked) {
      values.forEach((value, i) => {
        const [host, port] = value.split(':');
        if (port === undefined) {
          if (value.endsWith('*') || ports.length === 0 || ports.some(each => OMITTED.has(each)) || values.some(other => other.startsWith(`${host}:`))) return;
          report(`${path}[${i}]`, `the pods are called at ${ports.length === 1 ? 'port' : 'ports'} ${inShort(ports.map(String))}, which callers add `
            + `to the host: '${value}' does not match '${value}:${ports[0]}'`, `add '${value}:*'`);
        } else if (OMITTED.has(Number(port)) && !values.includes(host)) {
          report(`${path}[${i}]`, `callers omit the default port, so most requests have '${host}', which '${value}' does not match`, `add '${host}'`);
        }
      });
    }
  },
});

/** The ports that callers omit. */
const OMITTED: ReadonlySet<number> = new Set([80, 443]);

/** The ports of the Services of pods at which they take requests; empty where that is not known. */
function calledPorts(pods: readonly Workload[], index: TrafficIndex): readonly number[] {
  const found = pods.map(pod => (hasApplicationSidecar(pod, index)
    ? portsOfPods(pod, index).filter(({ protocol }) => isHttpOrGuessed(protocol)).map(({ number }) => number) : []));
  return found.some(numbers => numbers.length === 0) ? [] : [...new Set(found.flat())];
}
