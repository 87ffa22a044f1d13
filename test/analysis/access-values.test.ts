import { found } from './bank';

/** What a rule says of an AuthorizationPolicy with one value. */
function ofValue(rule: string, part: 'source' | 'operation', field: string, value: string): string[] {
  const stated = `[{ ${part}: { ${field}: ['${value}'] } }]`;
  return found([`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: it, namespace: shop }
spec: { rules: [{ ${part === 'source' ? 'from' : 'to'}: ${stated} }] }
`], rule);
}

test.each([
  ['source', 'principals', 'a*b', /has a star inside/], ['source', 'notPrincipals', 'cluster.local/ns/*/sa/web', /has a star inside/],
  ['source', 'principals', '*a*', /has a star inside/], ['source', 'requestPrincipals', 'issuer/*/a', /has a star inside/],
  ['source', 'principals', 'spiffe://cluster.local/ns/a/sa/b', /write 'cluster\.local\/ns\/a\/sa\/b'/],
  ['operation', 'hosts', 'a.*.com', /has a star inside/], ['operation', 'methods', 'get', /write 'GET'/], ['operation', 'notMethods', 'post', /write 'POST'/],
  ['operation', 'paths', 'admin', /write '\/admin'/], ['operation', 'paths', '/a/*/b', /write \{\*\} for a segment/],
] as const)('no request meets the %s %s: %s', (part, field, value, text) => {
  expect(ofValue('access-value-never-met', part, field, value)).toEqual([expect.stringMatching(text)]);
});

test.each([
  ['source', 'principals', '*'], ['source', 'principals', '*/sa/web'], ['source', 'principals', 'cluster.local/ns/shop/*'], ['source', 'namespaces', 'a*b'],
  ['operation', 'hosts', '*.example.com'], ['operation', 'hosts', 'example.com:*'], ['operation', 'methods', 'GET'], ['operation', 'methods', 'M-SEARCH'],
  ['operation', 'paths', '/a*'], ['operation', 'paths', '*.png'], ['operation', 'paths', '/a/{*}/b'], ['operation', 'ports', '80'],
] as const)('a request may meet the %s %s: %s', (part, field, value) => {
  for (const rule of ['access-value-never-met', 'path-template-crashes-envoy']) expect(ofValue(rule, part, field, value)).toEqual([]);
});

test.each(['{*}', '{**}', '{*}/b', 'a/{*}', 'a/{**}'])('the path template %s crashes each Envoy that receives it', value => {
  for (const field of ['paths', 'notPaths']) {
    expect(ofValue('path-template-crashes-envoy', 'operation', field, value)).toEqual([expect.stringMatching(/^error .*does not start with a slash/)]);
  }
});
