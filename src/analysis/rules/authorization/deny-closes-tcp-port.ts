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
  title: 'A DENY rule about requests closes a TCP port',
  effect: 'Envoy reads no requests on a TCP port, so istiod drops the conditions on requests from the rule. What is left matches every '
    + 'connection: Envoy closes each one at its first bytes.',
  check(object, report, index) {
    if (enforcedAction(object) !== 'DENY') return;
    for (const { lost, path, sent } of reducedRules(object, true, index)) {
      const closed = tcpPortsOf(podsOfPolicy(object, index), index)
        .filter(({ port }) => sent && reachOf(sent, port.target) === 'everything');
      if (closed.length === 0) continue;
      report(`${path}.${lost[0].path}`, `connections to ${portsText(closed, index)} are not HTTP, and without its conditions on requests, `
        + 'this DENY rule denies all of them', 'set to.operation.ports of the rule to the HTTP ports');
    }
  },
});
