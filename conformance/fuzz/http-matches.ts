import type { Dice } from './dice';
import type { WrittenField } from '../../src/manifest/written-match';

type Fields = { [field: string]: unknown };

function stringMatch(dice: Dice, values: readonly string[]): Fields {
  const value = dice.pick(values);
  return dice.pick([{ exact: value }, { prefix: value }, { regex: `${value}.*` }]);
}

/** Headers that a gateway or a sidecar writes, replaces or removes. */
const WRITTEN_BY_ENVOY = [
  'x-forwarded-for', 'x-forwarded-proto', 'x-envoy-external-address', 'x-request-id', 'x-envoy-retry-on', 'x-b3-traceid',
  'x-forwarded-client-cert',
];

/** Names of claims of tokens, nested ones too. istiod compares the beginning in any case, and the names as they are. */
const CLAIMS = [
  '@request.auth.claims.group', '@request.auth.claims.Group', '@request.auth.claims.a.b', '@request.auth.claims[group]',
  '@request.auth.claims[a][b]', '@request.auth.claims[https://a.example/b.c]', '@Request.Auth.Claims[scope]', '@request.auth.claims.a..b',
];

/** Conditions on claims. Presence has none, so that Envoy rejects the empty condition, and the regex `*`. */
function claims(dice: Dice): Fields {
  const condition = () => (dice.chance(0.1) ? dice.pick<Fields>([{}, { regex: '*' }]) : stringMatch(dice, ['admin', 'a b', 'x']));
  return Object.fromEntries(dice.times(1, 2, () => [dice.pick(CLAIMS), condition()]));
}

/** A valid match of a request, with any of its fields. Admission accepts claims `atGateways` alone. */
export function httpMatch(dice: Dice, gateways: readonly string[], atGateways: boolean): Fields {
  return {
    ...dice.fields(0.5, {
      uri: () => dice.pick([stringMatch(dice, ['/items', '/', '/items/1', '/Cart']), { prefix: '/' }, { regex: '.*' }]),
    }),
    ...dice.fields(0.15, {
      scheme: () => stringMatch(dice, ['http', 'https']),
      method: () => stringMatch(dice, ['GET', 'POST']),
      authority: () => stringMatch(dice, ['catalog', 'shop.example.com']),
      headers: () => dice.pick<Fields>([
        { 'x-user': stringMatch(dice, ['me', 'you']) }, {
          'x-user': {},
          'cookie': { regex: '.*a=b.*' },
        }, { b: { exact: '1' }, A: { exact: '2' } },
        ...WRITTEN_BY_ENVOY.map(name => ({ [name]: dice.pick<Fields>([{}, stringMatch(dice, ['203.0.113.7', 'x', '1', 'http'])]) })),
        ...(atGateways ? [claims(dice), claims(dice), claims(dice), { 'x-user': { exact: 'me' }, ...claims(dice) }] : []),
      ]),
      withoutHeaders: () => dice.pick<Fields>([
        { 'x-user': stringMatch(dice, ['me']) }, { 'x-debug': {} }, { [dice.pick(WRITTEN_BY_ENVOY)]: {} },
        ...(atGateways ? [{ 'x-debug': {}, ...claims(dice) }] : []),
      ]),
      queryParams: () => dice.pick<Fields>([{ v: { exact: '2' } }, { v: { regex: '[0-9]+' } }, { v: {} }, { v: { prefix: 'x' } }]),
      port: () => dice.pick([80, 8080, 9000]),
      sourceLabels: () =>
        dice.pick<Fields>([{ app: 'web' }, { app: 'web', version: 'v1' }, { app: 'stranger' }, { istio: 'ingressgateway' }]),
      sourceNamespace: () => dice.pick(['shop', 'other', 'istio-system']),
      gateways: () => dice.pick([['mesh'], [dice.pick(gateways)], ['mesh', dice.pick(gateways)]]),
      ignoreUriCase: () => dice.chance(0.8),
      name: () => dice.pick(['a', 'b']),
      statPrefix: () => 'stat',
    } satisfies { readonly [F in Exclude<WrittenField, 'uri'>]: () => unknown }),
  };
}
