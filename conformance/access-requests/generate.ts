import { VALUES } from './values';
import type { Claims } from '../../src/simulator/token';
import type { Dice } from '../fuzz/dice';

/** A call to a pod, for both the real Envoy and the simulator. */
export interface SentCall {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly headers: { readonly [name: string]: string };
  /** The address from which the connection comes, of the loopback range. */
  readonly source: string;
  /** The service account of the caller as `NAMESPACE/NAME`; undefined for plaintext. */
  readonly account?: string;
  /** Whether the caller starts mutual TLS even with pods that accept only plaintext. */
  readonly insistsOnTls?: boolean;
  readonly serverName: string;
  readonly claims?: Claims;
}

/** A call whose values the generated policies name, or that are near them. */
export function generatedCall(dice: Dice, ports: readonly number[]): SentCall {
  const oneIn = (field: keyof typeof VALUES) => dice.pick(VALUES[field]);
  return {
    port: dice.pick(ports),
    method: oneIn('methods'),
    path: oneIn('paths'),
    authority: oneIn('hosts'),
    headers: {
      ...dice.maybe(0.6, () => ({ 'x-tenant': oneIn('words') })),
      ...dice.maybe(0.4, () => ({ 'x-forwarded-for': oneIn('forwarded') })),
    },
    source: oneIn('sources'),
    ...dice.maybe(0.65, () => ({ account: oneIn('accounts') })),
    serverName: oneIn('serverNames'),
    ...dice.maybe(0.5, () => ({ claims: claims(dice) })),
  };
}

/** Claims of a type that tokens must not have. */
const ODD_CLAIMS: readonly { readonly [claim: string]: () => unknown }[] = [
  { exp: () => '1' }, { exp: () => -1 }, { nbf: () => true }, { nbf: () => 1e30 }, { iat: () => '1' }, { iat: () => -1 }, { jti: () => 7 },
  { aud: () => 7 }, { aud: () => ['aud-1', 7] }, { aud: () => [] }, { iss: () => ['iss'] }, { sub: () => null }, { iat: () => null },
];
const NOW = Math.floor(Date.now() / 1000);

function claims(dice: Dice): Claims {
  return dice.fields(0.8, {
    iss: () => dice.pick(['https://iss.example', 'iss', 'a', 'iss', 'other']),
    sub: () => dice.pick(['sub', 'sub', 'https://iss.example/x/sub', 'xsub', '']),
    aud: () => dice.pick(['aud-1', 'aud-1', ['aud-2', 'x'], 'other', ['a', 'aud-1'], 'ab']),
    azp: () => dice.pick(['a', 'ab', 'x.y+z', 'xb']),
    groups: () => dice.pick(['a', ['x', 'ab'], 'x.y+z', [], 7, ['a b'], true, 'b']),
    a: () => dice.pick([{ b: 'a' }, { b: ['xb'] }, 'a', { b: { c: 'a' } }, {}]),
    scope: () => dice.pick(['a b', 'x.y+z', 'ab', ' ', ['a b'], '']),
    exp: () => dice.pick([NOW + 3600, NOW + 3600, NOW + 3600, NOW + 3600.5, NOW + 3600, NOW - 3600, 0]),
    nbf: () => dice.pick([NOW - 3600, NOW - 3600, NOW - 3600, NOW + 3600]),
    ...dice.maybe(0.1, () => dice.pick(ODD_CLAIMS)),
  });
}
