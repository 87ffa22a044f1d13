import { istioVersion, KNOWN_VERSIONS } from '../../envoy/istio-versions';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** The version that `--istio` names; undefined without it. */
export function istioOption(given: Arguments): string | undefined {
  const version = given.get('istio');
  if (version === undefined || istioVersion(version)) return version;
  throw new UsageError(`--istio: '${version}' is no version that is known here; write one of ${KNOWN_VERSIONS}`);
}
