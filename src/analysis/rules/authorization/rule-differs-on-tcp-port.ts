import type { AuthorizationPolicy } from '../../../envoy/access/authorization-policies';
import type { LostCondition } from '../../../envoy/access/lost-conditions';
import { reachOf } from '../../../envoy/access/policy-reach';
import type { RbacPolicy } from '../../../envoy/xds/rbac';
import { enforcedAction, reducedRules, rulesOf, sentRule } from '../../facts/access-rules';
import type { PortOfPods } from '../../facts/inbound-ports';
import { portsText, tcpPortsOf } from '../../facts/inbound-ports';
import { podsOfPolicy, policiesOf } from '../../facts/policy-pods';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { quotedList } from '../../words';

export const rule = defineRule({
  id: 'rule-differs-on-tcp-port',
  codes: [],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  needs: ['Service', 'Workload'],
  title: 'A rule about requests means something else on a TCP port',
  effect: 'Envoy reads no requests on a TCP port. istiod omits an ALLOW rule with conditions on requests, so a port without another '
    + 'ALLOW rule accepts no connection. A DENY rule loses these conditions, and denies more.',
  check(object, report, index) {
    const action = enforcedAction(object);
    if (action !== 'ALLOW' && action !== 'DENY') return;
    const reduced = reducedRules(object, true, index);
    if (reduced.length === 0) return;
    const ports = tcpPortsOf(podsOfPolicy(object, index), index);
    if (action === 'DENY') {
      for (const { lost, path, sent } of reduced) {
        const wider = ports.filter(({ port }) => sent && reachOf(sent, port.target) === 'some');
        if (wider.length === 0) continue;
        report(`${path}.${lost[0].path}`, `connections to ${portsText(wider, index)} are not HTTP, so the rule applies to them `
          + `without ${keysOf(lost)}, and denies more`, 'set to.operation.ports of the rule to the HTTP ports');
      }
      return;
    }
    const closed = ports.filter(port => isClosed(port, index));
    const [first] = reduced.filter(({ sent }) => sent === undefined);
    if (first === undefined || closed.length === 0) return;
    report(`${first.path}.${first.lost[0].path}`, `connections to ${portsText(closed, index)} are not HTTP, and this ALLOW rule has conditions `
      + `on requests (${keysOf(first.lost)}): neither it nor another rule lets them in`,
    'add a rule for the port, with only the callers and to.operation.ports');
  },
});

function keysOf(lost: readonly LostCondition[]): string {
  return quotedList([...new Set(lost.map(({ key }) => key))]);
}

/** Whether no ALLOW rule matches a connection to a port. */
function isClosed({ pod, port }: PortOfPods, index: TrafficIndex): boolean {
  return !policiesOf(pod, index).some(policy => (
    index.memoOf(policy, rulesForConnections).some(each => reachOf(each, port.target) !== 'nothing')));
}

/** The rules of an ALLOW policy that istiod sends for TCP ports. */
function rulesForConnections(policy: AuthorizationPolicy, index: TrafficIndex): readonly RbacPolicy[] {
  return enforcedAction(policy) === 'ALLOW' ? rulesOf(policy).flatMap(each => sentRule(policy, each, true, index) ?? []) : [];
}
