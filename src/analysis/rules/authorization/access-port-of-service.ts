import { enforcedAction } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { portsOfPods } from '../../facts/inbound-ports';
import { podsOfPolicy } from '../../facts/policy-pods';
import { hasApplicationSidecar } from '../../facts/sidecar-pods';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { quotedList } from '../../words';

export const rule = defineRule({
  id: 'access-port-of-service',
  codes: [],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  needs: ['Service', 'Workload'],
  title: 'An AuthorizationPolicy names the port of a Service whose pods listen on another one',
  effect: 'Envoy compares the port on which the sidecar of the called pod receives the connection, which is that of the pod. No call has the port of '
    + 'the Service.',
  check(object, report, index) {
    if (enforcedAction(object) === undefined) return;
    const asked = attributesOf(object).filter(({ key }) => key === 'ports' || key === 'destination.port');
    if (asked.length === 0) return;
    const { targets, targetsOf } = index.memoOf(podsOfPolicy(object, index), portsOfAll);
    for (const { values, notValues, path, notPath } of asked) {
      for (const [list, place] of [[values, path], [notValues, notPath]] as const) {
        list.forEach((value, i) => {
          const meant = targets.has(Number(value)) ? undefined : targetsOf.get(Number(value));
          if (meant === undefined) return;
          report(`${place}[${i}]`, `callers of the Service use port ${value}, but its pods listen on ${quotedList([...meant].map(String))}, `
            + 'so no call has this port', `write '${[...meant][0]}'`);
        });
      }
    }
  },
});

interface KnownPorts {
  /** The ports of the pods. */
  readonly targets: ReadonlySet<number>;
  /** The ports of the pods behind each port of their Services. */
  readonly targetsOf: ReadonlyMap<number, ReadonlySet<number>>;
}

function portsOfAll(pods: readonly Workload[], index: TrafficIndex): KnownPorts {
  const targetsOf = new Map<number, Set<number>>();
  for (const { number, target } of pods.filter(pod => hasApplicationSidecar(pod, index)).flatMap(pod => portsOfPods(pod, index))) {
    targetsOf.set(number, (targetsOf.get(number) ?? new Set()).add(target));
  }
  return { targets: new Set([...targetsOf.values()].flatMap(each => [...each])), targetsOf };
}
