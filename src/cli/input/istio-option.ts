import { istioVersion, KNOWN_VERSIONS } from '../../envoy/istio-versions';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** The Istio version of an option, or undefined if the option is not set. */
export function istioOption(given: Arguments, option: 'istio' | 'upgrades-from' = 'istio'): string | undefined {
  const version = given.get(option);
  if (version === undefined || istioVersion(version)) return version;
  throw new UsageError(`--${option}: '${version}' is not a known version; use one of ${KNOWN_VERSIONS}`);
}
