import type { Result, Witness } from './result';
import { describeCaller } from '../diff/callers';
import { describeNotJudged } from '../edge/not-judged';
import { describeExample } from '../proof/example-request';

/** Why a result is not decided. */
export function reasonsOf({ reasons, notJudged }: Result): readonly string[] {
  return [...reasons, ...notJudged.map(entry => `${describeNotJudged(entry)} is not read`)];
}

/** A request and its caller in words. */
export function describeWitness({ request, caller, as }: Witness): string {
  const what = 'method' in request ? describeExample(request) : request.url;
  return `${what}, from ${describeCaller(caller)}${as ? ` as ${as.namespace}/${as.serviceAccount}` : ''}`;
}
