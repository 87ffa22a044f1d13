import type { GatewayReference } from '../../facts/gateways';
import { absenceOf, absentGateway, gatewayApiGateways, gatewaysOf, isGenerated } from '../../facts/gateways';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function repairFor({ written, key }: GatewayReference, index: TrafficIndex): string {
  const name = written.split('/').pop();
  const elsewhere = index.of('Gateway').find(({ metadata }) => metadata.name === name);
  if (!elsewhere && gatewayApiGateways(index).has(key)) {
    return `write an HTTPRoute for it, or add a Gateway '${key}' of networking.istio.io`;
  }
  if (!elsewhere) return `correct the name, or add the Gateway '${key}'`;
  return `write '${index.nameOf(elsewhere)}': Istio looks up a name without a namespace in the namespace of the VirtualService`;
}

export const rule = defineRule({
  id: 'unknown-gateway',
  codes: ['IST0101', 'KIA1102'],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Gateway'],
  title: 'A VirtualService names a Gateway that does not exist',
  effect: 'The gateway has no route for the host: requests get 404.',
  check(object, report, index) {
    for (const reference of gatewaysOf(object, index)) {
      if (reference.gateway || isGenerated(reference)) continue;
      report(reference.path, `${absenceOf(reference, index)}, so no request from outside reaches these entries`,
        repairFor(reference, index), { absent: absentGateway(reference) });
    }
  },
});
