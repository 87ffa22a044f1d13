import { routeMatch } from '../../src/envoy/routes/route-match';
import type { InvariantFields, TargetFields } from '../../src/invariants/invariant';
import type { ExampleRequest } from '../../src/proof/example-request';
import type { Decision } from '../../src/simulator/decision';
import { conditionsOf } from '../../src/simulator/route-match';
import type { Mirror } from '../../src/simulator/route-plan';

/** Whether an invariant is about a request, as the simulator's own conditions tell. */
export function isAbout({ never, always }: InvariantFields, { url, headers = {} }: ExampleRequest, decision: Decision): boolean {
  const { request, outcome, redirectsToTls, place: { found } } = decision;
  const stated = (never ?? always)!.requests;
  if (always && Object.values(headers).some(values => typeof values !== 'string')) return false;
  // Of a proxy that does not know the host, nothing is claimed.
  if (outcome === 'rejected' || outcome === 'passed through' || redirectsToTls) return false;
  if ((found?.host.routes ?? []).length === 0 && outcome === 'no route') return false;
  if (stated === undefined) return true;
  if (stated.host !== undefined && new URL(url).hostname !== stated.host) return false;
  const { match } = stated;
  return match === undefined || match.some(one => conditionsOf(routeMatch(one)).every(condition => condition.takes(request) === true));
}

/** Whether a request breaks an invariant, as the decision of the simulator tells. */
export function breaks({ never, always }: InvariantFields, decision: Decision): boolean {
  const { outcome, split, mirrors, timeoutMs, retry, fault, place } = decision;
  if (outcome === 'undecided' || outcome === 'not decided') return false;
  if (never) {
    const isTaken = (mirror: Mirror) => [undefined, 'allowed'].includes(place.takes?.(mirror, decision.request)?.outcome);
    const copies = mirrors.filter(mirror => isOf(mirror, never.to) && isTaken(mirror));
    return outcome === 'routed' && (copies.length > 0 || split.some(share => share.reception === 'routed' && isOf(share, never.to)));
  }
  const { reach, timeout, retries, share } = always!;
  if (reach && outcome !== 'preflight answered') {
    if (outcome !== 'routed' || fault?.abort || !split.every(each => each.reception === 'routed' && isOf(each, reach))) return true;
  }
  if (outcome !== 'routed') return false;
  if (timeout && !((timeoutMs ?? Infinity) <= 1000 * parseFloat(timeout.atMost))) return true;
  if (retries && (retry?.attempts ?? 0) > retries.atMost) return true;
  if (!share) return false;
  const percent = split.filter(each => isOf(each, share.to)).reduce((sum, each) => sum + each.percent, 0);
  return percent > (share.atMost ?? 100) + 1e-6 || percent < (share.atLeast ?? 0) - 1e-6;
}

function isOf({ host, subset }: { readonly host?: string; readonly subset?: string }, to: TargetFields): boolean {
  if (to.namespace !== undefined) return host?.split('.')[1] === to.namespace;
  return host === to.host && (to.subset === undefined || subset === to.subset);
}
