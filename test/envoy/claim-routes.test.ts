import { routeMatch } from '../../src/envoy/routes/route-match';

const claim = (names: readonly string[], value: object) => ({
  filter: 'envoy.filters.http.jwt_authn',
  path: ['payload', ...names].map(key => ({ key })),
  value: { orMatch: { valueMatchers: [{ listMatch: { oneOf: { stringMatch: value } } }, { stringMatch: value }] } },
});

describe('matches on claims of tokens', () => {
  it('match the metadata of jwt_authn, as a string or as a list with the string', () => {
    expect(routeMatch({ headers: { '@request.auth.claims.group.id': { exact: 'a' }, 'x': { exact: '1' } } })).toMatchObject({
      headers: [{ name: 'x' }],
      dynamicMetadata: [claim(['group', 'id'], { exact: 'a' })],
    });
  });

  it('keep the dots of names in brackets', () => {
    expect(routeMatch({ headers: { '@request.auth.claims[a.b][c]': { prefix: 'p' } } }).dynamicMetadata)
      .toEqual([claim(['a.b', 'c'], { prefix: 'p' })]);
  });

  it('are inverted in withoutHeaders', () => {
    expect(routeMatch({ withoutHeaders: { '@request.auth.claims.group': { exact: 'a' } } }))
      .toMatchObject({ dynamicMetadata: [{ ...claim(['group'], { exact: 'a' }), invert: true }] });
  });
});
