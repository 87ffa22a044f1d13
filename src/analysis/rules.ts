import { ADMISSION_RULES } from './rules/admission';
import { BOUND_GATEWAY_RULES } from './rules/bound-gateways';
import { DESTINATION_RULE_REACH_RULES } from './rules/destination-rule-reach';
import { DESTINATION_RULES } from './rules/destinations';
import { MESH_HOST_RULES } from './rules/mesh-hosts';
import { ROUTE_ORDER_RULES } from './rules/route-order';
import { ROUTE_TARGET_RULES } from './rules/route-targets';
import { ROUTE_TREATMENT_RULES } from './rules/route-treatment';
import { SPLIT_DESTINATION_RULE_RULES } from './rules/split-destination-rules';
import type { TrafficRule } from './traffic-rule';

/** All rules, theme by theme. */
export const RULES: readonly TrafficRule[] = [
  ...ADMISSION_RULES,
  ...BOUND_GATEWAY_RULES,
  ...DESTINATION_RULES,
  ...MESH_HOST_RULES,
  ...ROUTE_ORDER_RULES,
  ...ROUTE_TARGET_RULES,
  ...ROUTE_TREATMENT_RULES,
  ...DESTINATION_RULE_REACH_RULES,
  ...SPLIT_DESTINATION_RULE_RULES,
];
