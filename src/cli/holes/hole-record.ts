import type { Hole } from '../../holes/hole';
import { describeOrigin } from '../explain/route-origin';

/** A hole in JSON. */
export function holeRecord({ kind, host, port, callers, witness, origin, coveredBy, notJudged }: Hole): object {
  return {
    kind,
    host,
    port,
    callers,
    ...(witness && { witness }),
    ...(origin && { origin: describeOrigin(origin) }),
    notJudged,
    ...(coveredBy.length > 0 && { coveredBy: coveredBy.map(describeOrigin) }),
  };
}
