import { ADMISSION_RULES } from './rules/admission';
import { BALANCING_RULES } from './rules/balancing';
import { BOUND_GATEWAY_RULES } from './rules/bound-gateways';
import { CLIENT_TLS_RULES } from './rules/client-tls';
import { DELEGATE_RULES } from './rules/delegates';
import { DEPLOYMENT_RULES } from './rules/deployments';
import { DESTINATION_RULE_REACH_RULES } from './rules/destination-rule-reach';
import { DESTINATION_RULES } from './rules/destinations';
import { GATEWAY_CREDENTIAL_RULES } from './rules/gateway-credentials';
import { GATEWAY_PORT_RULES } from './rules/gateway-ports';
import { GATEWAY_ROUTE_RULES } from './rules/gateway-routes';
import { GATEWAY_RULES } from './rules/gateways';
import { IMPORTED_HOST_RULES } from './rules/imported-hosts';
import { INHERITED_POLICY_RULES } from './rules/inherited-policies';
import { ISTIOD_CRASH_RULES } from './rules/istiod-crashes';
import { MESH_HOST_RULES } from './rules/mesh-hosts';
import { RETRY_CHAIN_RULES } from './rules/retry-chains';
import { ROUTE_ORDER_RULES } from './rules/route-order';
import { ROUTE_TARGET_RULES } from './rules/route-targets';
import { ROUTE_TREATMENT_RULES } from './rules/route-treatment';
import { RULE_REACH_RULES } from './rules/rule-reach';
import { SENT_CLUSTER_RULES } from './rules/sent-clusters';
import { SERVICE_ENTRY_RULES } from './rules/service-entries';
import { SERVICE_RULES } from './rules/services';
import { SHADOWED_ROUTE_RULES } from './rules/shadowed-routes';
import { SIDECAR_RULES } from './rules/sidecars';
import { SPLIT_DESTINATION_RULE_RULES } from './rules/split-destination-rules';
import { SUBSET_RULES } from './rules/subsets';
import { TELEMETRY_RULES } from './rules/telemetries';
import { VISIBILITY_RULES } from './rules/visibility';
import type { TrafficRule } from './traffic-rule';

/** All rules, theme by theme. */
export const RULES: readonly TrafficRule[] = [
  ...ADMISSION_RULES,
  ...DESTINATION_RULES,
  ...BOUND_GATEWAY_RULES,
  ...MESH_HOST_RULES,
  ...ROUTE_ORDER_RULES,
  ...RULE_REACH_RULES,
  ...ROUTE_TARGET_RULES,
  ...ROUTE_TREATMENT_RULES,
  ...RETRY_CHAIN_RULES,
  ...SHADOWED_ROUTE_RULES,
  ...GATEWAY_ROUTE_RULES,
  ...DELEGATE_RULES,
  ...DESTINATION_RULE_REACH_RULES,
  ...SPLIT_DESTINATION_RULE_RULES,
  ...INHERITED_POLICY_RULES,
  ...BALANCING_RULES,
  ...CLIENT_TLS_RULES,
  ...SUBSET_RULES,
  ...SENT_CLUSTER_RULES,
  ...IMPORTED_HOST_RULES,
  ...GATEWAY_RULES,
  ...GATEWAY_PORT_RULES,
  ...GATEWAY_CREDENTIAL_RULES,
  ...SERVICE_ENTRY_RULES,
  ...SIDECAR_RULES,
  ...TELEMETRY_RULES,
  ...SERVICE_RULES,
  ...DEPLOYMENT_RULES,
  ...VISIBILITY_RULES,
  ...ISTIOD_CRASH_RULES,
];
