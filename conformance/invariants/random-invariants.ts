import { LEDGER, PUBLIC } from './random-mesh';
import type { InvariantFields, TargetFields } from '../../src/invariants/invariant';
import type { Dice } from '../fuzz/dice';
import { HOST, match } from '../proof/rules';

const CALLERS = [
  { namespace: 'shop' }, { namespace: 'dev' }, { serviceAccount: 'shop/webapp' }, { gateway: 'istio-system/istio=ingressgateway' },
];

function target(dice: Dice): TargetFields {
  return dice.pick<TargetFields>([
    { namespace: 'payments' }, { host: LEDGER }, { host: HOST }, ...['v1', 'v2', 'v3'].map(subset => ({ host: HOST, subset })),
  ]);
}

function demand(dice: Dice): object {
  return dice.pick([
    () => ({ reach: target(dice) }), () => ({ reach: target(dice) }), () => ({ timeout: { atMost: dice.pick(['1s', '2s', '5s']) } }),
    () => ({ retries: { atMost: dice.int(0, 3) } }),
    () => ({ share: { to: target(dice), ...dice.pick([{ atMost: 10 }, { atLeast: 10 }, { atMost: 90 }]) } }),
  ])();
}

/** An invariant of a generated mesh. */
export function randomInvariant(dice: Dice): InvariantFields {
  const from = dice.maybe(0.7, () => [dice.pick(CALLERS)]);
  const except = from ? undefined : dice.maybe(0.3, () => [dice.pick(CALLERS)]);
  const conditions = dice.times(0, 2, () => match(dice)).filter(one => Object.keys(one).length > 0);
  const callers = { ...(from && { from }), ...(except && { except }) };
  const isOfGateway = from ? 'gateway' in from[0] : except?.every(caller => !('gateway' in caller)) !== false && dice.chance(0.5);
  const requests = { host: isOfGateway ? PUBLIC : HOST, ...(conditions.length > 0 && { match: conditions }) };
  const name = 'generated';
  if (dice.chance(0.5)) return { name, always: { ...callers, requests, ...demand(dice) } };
  return { name, never: { ...callers, ...(dice.chance(0.7) && { requests }), to: target(dice) } };
}
