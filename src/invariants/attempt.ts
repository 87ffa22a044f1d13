import type { Breach } from './claim';
import type { DestinationAccess } from './destination-access';
import type { Route } from '../envoy/xds/route';
import type { Gate } from '../proof/gate';
import type { Objection } from '../proof/search';

/** A search for a request that breaks a claim. */
export interface Attempt {
  /** Equal for attempts at one route that look for the same requests. */
  readonly key: string;
  /** Why a sample does not break the claim; with `surely`, also why it may not. */
  readonly objection: (surely: boolean) => Objection;
}

/** All searches for requests that break a claim at a route. */
export function attemptsFor(breach: Breach, route: Route | undefined, own: Gate, access: DestinationAccess): readonly Attempt[] {
  if (breach === 'every request' || route === undefined) return [{ key: 'every request', objection: () => () => undefined }];
  if ('letThrough' in breach) {
    return access.behind(breach.letThrough, route).map(({ gate, key }) => (
      { key: `let through ${breach.letThrough.cluster} ${key}`, objection: surely => letThrough([own, gate], surely) }));
  }
  const behind = access.behind(breach.denied, route).map(({ gate, key }) => ({ gate, key: `denied ${breach.denied.cluster} ${key}` }));
  return [{ gate: own, key: 'denied here' }, ...behind].filter(({ gate }) => !gate.isOpen)
    .map(({ gate, key }) => ({ key, objection: surely => requests => gate.admission(requests, !surely) }));
}

function letThrough(gates: readonly Gate[], surely: boolean): Objection {
  return requests => {
    for (const gate of gates) {
      const denial = gate.denial(requests, surely);
      if (denial) return denial.because;
    }
    return undefined;
  };
}
