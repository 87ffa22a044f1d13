import type { PortTrafficPolicy, TrafficPolicy } from '../../../manifest/istio-specs.generated';
import { policyLevels } from '../../facts/policy-levels';
import { defineRule } from '../../rule';

/** An integer field in which Istio treats 0 as unset, and what applies then. */
interface Zero {
  readonly field: string;
  readonly otherwise: string;
  valueIn(policy: TrafficPolicy | PortTrafficPolicy): number | undefined;
}

const ZEROS: readonly Zero[] = [
  {
    field: 'connectionPool.tcp.maxConnections',
    otherwise: 'the number is unlimited',
    valueIn: policy => policy.connectionPool?.tcp?.maxConnections,
  },
  {
    field: 'connectionPool.http.http1MaxPendingRequests',
    otherwise: 'the number is unlimited',
    valueIn: policy => policy.connectionPool?.http?.http1MaxPendingRequests,
  },
  {
    field: 'connectionPool.http.http2MaxRequests',
    otherwise: 'the number is unlimited',
    valueIn: policy => policy.connectionPool?.http?.http2MaxRequests,
  },
  {
    field: 'connectionPool.http.maxRetries',
    otherwise: 'the number is unlimited',
    valueIn: policy => policy.connectionPool?.http?.maxRetries,
  },
  {
    field: 'connectionPool.http.maxConcurrentStreams',
    otherwise: 'the number is unlimited',
    valueIn: policy => policy.connectionPool?.http?.maxConcurrentStreams,
  },
  {
    field: 'outlierDetection.maxEjectionPercent',
    otherwise: '10 percent applies',
    valueIn: policy => policy.outlierDetection?.maxEjectionPercent,
  },
];

export const rule = defineRule({
  id: 'zero-read-as-unset',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'Istio treats 0 as unset',
  effect: 'Envoy gets its own default in place of the 0.',
  check(object, report, index) {
    for (const { policy, path } of policyLevels(object, index)) {
      for (const { field, otherwise, valueIn } of ZEROS) {
        if (valueIn(policy) === 0) {
          report(`${path}.${field}`, `Istio treats 0 as unset, so ${otherwise}`, 'set at least 1, or remove the field');
        }
      }
    }
  },
});
