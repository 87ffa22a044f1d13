import type { AuthorizationPolicy } from '../../../envoy/access/authorization-policies';
import { describeObject } from '../../../manifest/kubernetes-object';
import { enforcedAction } from '../../facts/access-rules';
import { deniesAll } from '../../facts/denied-calls';
import { requiresIdentity } from '../../facts/excluded-callers';
import type { GatewayServer } from '../../facts/gateway-servers';
import { serversOf } from '../../facts/gateway-servers';
import { podsOf } from '../../facts/gateways';
import { policiesOf } from '../../facts/policy-pods';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Clients of a server in another TLS mode show no certificate, and those of AUTO_PASSTHROUGH are not judged by policies. */
const MODES_WITHOUT_IDENTITY: readonly string[] = ['SIMPLE', 'PASSTHROUGH'];

export const rule = defineRule({
  id: 'gateway-denies-clients',
  codes: [],
  severity: 'error',
  subjects: ['Gateway'],
  needs: ['Workload'],
  title: 'The policies of a gateway let no client in',
  effect: 'Policies of the mesh and of the namespace apply to the pods of gateways too. Clients from outside have no identity of the mesh. '
    + 'The gateway answers all of their requests with 403.',
  check(object, report, index) {
    const pods = podsOf(object, index);
    if (pods.length === 0) return;
    for (const server of serversOf(object, index)) {
      if (!isForAnonymous(server)) continue;
      const found = pods.map(pod => deniedBy(pod, index));
      if (found.some(policies => policies === undefined)) continue;
      const policies = [...new Set(found.flatMap(each => each ?? []))];
      const names = policies.map(describeObject).join(' and ');
      const isOne = policies.length === 1;
      if (policies.some(policy => enforcedAction(policy) === 'DENY')) {
        report(server.path, `${names} ${isOne ? 'denies' : 'deny'} every caller without an identity, such as all clients of this server`,
          'limit the DENY rule with a selector or ports, so that it is not for the pods of the gateway');
      } else {
        report(server.path, `${names} ${isOne ? 'allows' : 'allow'} only callers with an identity, which clients of this server do not have`,
          'add a policy for the pods of the gateway that allows what clients may request, such as one with hosts',
          { absent: { kind: 'AuthorizationPolicy', namespaces: [pods[0].namespace] } });
      }
    }
  },
});

/** Whether the clients of a server have no identity. */
function isForAnonymous({ tls }: GatewayServer): boolean {
  return tls?.mode === undefined || MODES_WITHOUT_IDENTITY.includes(tls.mode);
}

/** The policies by which pods deny all callers without an identity; undefined if they may let one in. */
function deniedBy(pod: Workload, index: TrafficIndex): readonly AuthorizationPolicy[] | undefined {
  return index.memoOf(pod, findDenying);
}

function findDenying(pod: Workload, index: TrafficIndex): readonly AuthorizationPolicy[] | undefined {
  const policies = policiesOf(pod, index);
  const denying = policies.find(policy => enforcedAction(policy) === 'DENY' && deniesAll(policy, { identities: [undefined] }));
  if (denying) return [denying];
  const allowing = policies.filter(policy => enforcedAction(policy) === 'ALLOW');
  return allowing.length > 0 && allowing.every(requiresIdentity) ? allowing : undefined;
}
