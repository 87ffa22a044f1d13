import type {
  DestinationRuleSpec, DestinationRuleSpecSubsetsTrafficPolicy, DestinationRuleSpecTrafficPolicy,
} from '../../../imports/networking.istio.io';
import type { CompiledService } from '../model/compiled-service';

/** The DestinationRule of a service: its subsets, and the policy of each level, including inherited fields. */
export function destinationRule({ host, exportTo, policies }: CompiledService): DestinationRuleSpec {
  const subsets = policies.subsets.map(({ name, labels, trafficPolicy }) => ({
    name, labels, trafficPolicy: trafficPolicy as DestinationRuleSpecSubsetsTrafficPolicy | undefined,
  }));
  return {
    host,
    trafficPolicy: policies.trafficPolicy as DestinationRuleSpecTrafficPolicy | undefined,
    subsets: subsets.length > 0 ? subsets : undefined,
    exportTo: exportTo && [...exportTo],
  };
}
