/** Values for strings of a field by this name, beyond those that every string gets. */
export const ODD_VALUES: { readonly [field: string]: readonly string[] } = {
  ...ofEach(['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'],
    ['abc', '10.0.0.0/8', '10.0.0.0/08', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0', '010.0.0.1', '::/0', '::/129', 'fe80::1%eth0', 'fe80::1%eth0/64', '::ffff:10.0.0.1', ' 10.0.0.1']),
  ...ofEach(['ports', 'notPorts'], ['0', '080', '65535', '65536', '+80', '-1', '80.0', '0x50', '1e3', '4294967296', 'http', '*', '8*']),
  ...ofEach(['paths', 'notPaths'], ['/{*}', '/{**}', '/{**}/a', '/{**}/{*}', '/{*}/{**}', '/{a}', '/{*}a', '/{*}/', '//{*}', '/a//{*}', '/a*/{*}', '/{*}/*', '/é/{*}', '/a b/{*}', '{', '/a%20/{*}', '{**}', '/{***}']),
  ...ofEach(['serviceAccounts', 'notServiceAccounts'], ['a/b', '/a', 'a/', 'a/b/c', '*/a', `${'a'.repeat(300)}/${'b'.repeat(30)}`]),
  ...ofEach(['trustDomains', 'notTrustDomains'], ['*', 'a*', '*a', 'a*b', '**', 'a/b', '*a*']),
  'key': ['source.ip', 'remote.ip', 'source.namespace', 'source.serviceAccount', 'source.principal', 'source.trustDomain', 'request.auth.principal', 'request.auth.audiences',
    'request.auth.presenter', 'request.auth.claims', 'request.auth.claims[]', 'request.auth.claims[a]', 'request.auth.claims[a][b]', 'request.auth.claimsx[a]', 'request.auth.raw_claims',
    'request.headers', 'request.headers[a', 'request.headers[]', 'request.headers[:path]', 'request.header[a]', 'request.headers.a', 'destination.ip', 'destination.port', 'destination.name',
    'destination.namespace', 'destination.user', 'destination.labels', 'destination.labels[a]', 'connection.sni', 'experimental.envoy.filters.a[b]', 'experimental.envoy.filters.a', 'Source.ip', 'toString'],
  'url': ['oci://a/b', 'OCI://a', 'ftp://a', 'a', 'a/b:1.0', 'a:5000/b', 'a:b/c', 'a b', '/opt/a', 'file:///a', 'file:a', 'http:', 'http://', '://a', 'https://a/%zz', 'https://a#%zz', 'https://a:b/', '?', '#',
    'oci://[::1', 'oci://a:1:2/b', 'https://a:1:2/b', 'é.example/a', 'a\\b', 'oci://a\\b', 'a{b}', 'http://a{b}', '1a://b', 'a+b://c', 'oci:///x'],
  'sha256': ['f'.repeat(64), 'F'.repeat(64), 'f'.repeat(63), 'g'.repeat(64), `sha256:${'f'.repeat(64)}`],
  'imagePullSecret': ['s'.repeat(253), 's'.repeat(254)],
  'pluginName': ['n'.repeat(256), 'n'.repeat(257), 'é'.repeat(129)],
  'inlineCode': ['x'.repeat(65_536), 'x'.repeat(65_537), 'é'.repeat(32_769)],
  ...ofEach(['values', 'notValues'], ['10.0.0.0/8', '80', '*', 'a*b', 'a/b', 'shop/web', '443']),
  'jwksUri': ['https://a', 'HTTPS://a', 'ftp://a', 'https:a', 'https:///a', 'https://a:b/', 'https://a:99999/', `https://a:${'9'.repeat(30)}/`, 'https://[::1]:8080/', 'https://[::1/', 'https://a b/',
    'https://a/b c', 'https://a/%zz', 'https://%41/', 'https://u:p@a/', '//a/b', ':a', 'a:b', '/a', 'https://a?b=%zz', 'https://a#%zz', 'https://a\u007f/', 'https://a:1:2/', 'https://é.example', 'https://a:/b',
    'https://a_b/', 'https://[10.0.0.1]/', 'https://[fe80::1%25en0]/', 'https://u{@a/', 'https://', '*'],
  'jwks': ['{}', '[]', '5', 'null', '"a"', '{', '{"keys":[]}', '{"keys":null}', '{"keys":{}}', '{"keys":[5]}', '{"keys":[null]}', '{"keys":[{}]}', '{"keys":[{"kty":"RSA"}]}', '{"kty":"RSA","e":"AQAB","n":"AA"}',
    '{"kty":"RSA","e":"AQAB"}', '{"kty":"RSA","e":"AQAB","n":"A"}', '{"kty":"RSA","e":"AQAB","n":"AA=="}', '{"kty":"RSA","e":"AQAB","n":"AA="}', '{"kty":"RSA","e":"AQAB","n":"+-AA"}',
    '{"kty":"RSA","e":"AQAB","n":"AA","d":"AA"}', '{"kty":"RSA","e":"AQAB","n":"AA","d":null}', '{"kty":"rsa","e":"AQAB","n":"AA"}', '{"kty":"RSA","e":5,"n":"AA"}', '{"kty":"RSA","e":"AQAB","n":"AA","kid":5}',
    '{"kty":"RSA","e":"AQAB","n":"AA","alg":"none"}', '{"kty":"RSA","e":"AQAB","n":"AA","use":"x"}', '{"kty":"RSA","e":"AQAB","n":"AA","key_ops":["x"]}', '{"kty":"RSA","e":"AQAB","n":"AA","key_ops":"x"}',
    '{"kty":"RSA","e":"AQAB","n":"AA","x5c":["AA"]}', '{"kty":"RSA","e":"AQAB","n":"AA","x5c":[]}', '{"kty":"RSA","e":"AQAB","n":"AA","other":{"a":1}}', '{"kty":"RSA","e":"","n":""}', '{"kty":"RSA","e":null,"n":null}',
    '{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}', '{"kty":"EC","crv":"P-1","x":"AA","y":"AA"}', '{"kty":"EC","x":"AA","y":"AA"}', '{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}', '{"kty":"EC","crv":5,"x":"AA","y":"AA"}',
    '{"kty":"OKP","crv":"Ed25519","x":"AA"}', '{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}', '{"kty":"oct"}', '{"kty":"oct","k":"AA"}', '{"kty":"oct","k":"AA","d":"AA"}', '{"keys":[{"kty":"oct","k":"AA"}],"a":5}',
    '{"keys":[{"kty":"RSA","e":"AQAB","n":"AA"}]} x', '{"kty":"x"}', '{"KTY":"oct","k":"AA"}', '{"keys":[{"kty":"oct","k":"AA"}],"keys":[]}'],
  'header': ['x_a', 'x.a', 'x a', 'X-A', 'x:a'],
  'istio.io/dry-run': ['false', 'T', '0', 'yes', 'TRUE', 'tRue'],
  'name': ['X_Y', 'X-Y', 'x y', 'A', 'n'.repeat(256), 'n'.repeat(257)],
};

function ofEach(fields: readonly string[], values: readonly string[]): { [field: string]: readonly string[] } {
  return Object.fromEntries(fields.map(field => [field, values]));
}
