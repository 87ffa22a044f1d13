import { istioVersion, KNOWN_VERSIONS } from '../../envoy/istio-versions';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** The version of Istio that an option names; undefined without it. */
export function istioOption(given: Arguments, option: 'istio' | 'upgrades-from' = 'istio'): string | undefined {
  const version = given.get(option);
  if (version === undefined || istioVersion(version)) return version;
  throw new UsageError(`--${option}: '${version}' is no version that is known here; write one of ${KNOWN_VERSIONS}`);
}
