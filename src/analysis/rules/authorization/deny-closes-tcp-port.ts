import { reachOf } from '../../../envoy/access/policy-reach';
import { enforcedAction, reducedRules } from '../../facts/access-rules';
import { portsText, tcpPortsOf } from '../../facts/inbound-ports';
import { podsOfPolicy } from '../../facts/policy-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'deny-closes-tcp-port',
  codes: [],
  severity: 'error',
  subjects: ['AuthorizationPolicy'],
  needs: ['Service', 'Workload'],
  title: 'A DENY rule on requests closes a TCP port',
  effect: 'Envoy reads no requests on a TCP port, so istiod sends the rule without its conditions on them. What is left matches every '
    + 'connection: Envoy closes each at its first bytes.',
  check(object, report, index) {
    if (enforcedAction(object) !== 'DENY') return;
    for (const { lost, path, sent } of reducedRules(object, true, index)) {
      const closed = tcpPortsOf(podsOfPolicy(object, index), index)
        .filter(({ port }) => sent && reachOf(sent, port.target) === 'everything');
      if (closed.length === 0) continue;
      report(`${path}.${lost[0].path}`, `${portsText(closed, index)} takes connections that are not HTTP, for which nothing is left of this `
        + 'DENY rule but to deny each', 'state the ports of HTTP in to.operation.ports of the rule');
    }
  },
});
