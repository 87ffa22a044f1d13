import { checkedToken } from '../../src/simulator/access/token-check';
import { requestOf } from '../../src/simulator/request';
import type { Claims } from '../../src/simulator/token';

const NOW = 2_000_000_000;
const check = (claims: Claims) =>
  checkedToken({ providers: { a: { issuer: 'iss' } } } as never, { iss: 'iss', ...claims }, requestOf('GET', 'http://cart/'), NOW);

// The messages are those of Envoy's source/common/jwt/status.cc; the part access-requests sends such tokens to a real Envoy.
describe('a token whose claims have another type than Envoy reads', () => {
  test.each<[Claims, string]>([
    [{ iss: ['iss'] }, 'Jwt payload [iss] field is not a string'],
    [{ sub: 7 }, 'Jwt payload [sub] field is not a string'],
    [{ sub: null }, 'Jwt payload [sub] field is not a string'],
    [{ jti: 7 }, 'Jwt payload [jti] field is not a string'],
    [{ exp: '2100000000' }, 'Jwt payload [exp] field is not an integer'],
    [{ nbf: true }, 'Jwt payload [nbf] field is not an integer'],
    [{ iat: -1 }, 'Jwt payload [iat] field is not a positive 64 bit integer'],
    [{ aud: 7 }, 'Jwt payload [aud] field is not a string or string list'],
    [{ aud: ['pay', 7] }, 'Jwt payload [aud] field is not a string or string list'],
  ])('is 401: %j', (claims, why) => {
    expect(check(claims).failure).toEqual({ status: 401, why });
  });
});

test.each<[string, Claims]>([
  ['an exp of 0, which is none', { exp: 0 }],
  ['an exp with a fraction', { exp: NOW + 0.5 }],
  ['a claim that Envoy reads only for policies', { groups: 7, scope: null }],
  ['an empty list of audiences', { aud: [] }],
])('a token with %s is valid', (_, claims) => {
  expect(check(claims)).toMatchObject({ token: { iss: 'iss', ...claims } });
});
