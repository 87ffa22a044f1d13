/** A test of istiod's own builder of access filters: its policies, and the filters that it expects. */
export interface BuilderCase {
  readonly input: string;
  readonly want: readonly string[];
  readonly meshConfig?: { readonly extensionProviders: readonly object[] };
  readonly trustDomains?: readonly string[];
}

const STATED = { service: 'foo/my-custom-ext-authz.foo.svc.cluster.local', port: 9000, failOpen: true, statusOnError: '403' };
const provider = (fields: object) => ({ extensionProviders: [{ name: 'default', ...fields }] });

const GRPC_WITHOUT_NAMESPACE = provider({ envoyExtAuthzGrpc: { ...STATED, service: 'my-custom-ext-authz.foo.svc.cluster.local' } });
const GRPC = provider({
  envoyExtAuthzGrpc: { ...STATED, timeout: '0.002s', includeRequestBodyInCheck: { maxRequestBytes: 4096, allowPartialMessage: true } },
});
const HTTP = provider({
  envoyExtAuthzHttp: {
    ...STATED,
    timeout: '10s',
    pathPrefix: '/check',
    includeRequestHeadersInCheck: ['x-custom-id', 'x-prefix-*', '*-suffix'],
    includeHeadersInCheck: ['should-not-include-when-IncludeRequestHeadersInCheck-is-set'],
    includeAdditionalHeadersInCheck: { 'x-header-1': 'value-1', 'x-header-2': 'value-2' },
    includeRequestBodyInCheck: { maxRequestBytes: 2048, allowPartialMessage: true, packAsBytes: true },
    headersToUpstreamOnAllow: ['Authorization', 'x-prefix-*', '*-suffix'],
    headersToDownstreamOnDeny: ['Set-cookie', 'x-prefix-*', '*-suffix'],
    headersToDownstreamOnAllow: ['Set-cookie', 'x-prefix-*', '*-suffix'],
  },
});
const INVALID = provider({
  envoyExtAuthzHttp: { service: 'foo/my-custom-ext-authz', port: 999999, pathPrefix: 'check', statusOnError: '999' },
});

function simple(name: string, more: Partial<BuilderCase> = {}): BuilderCase {
  return { input: `${name}-in.yaml`, want: [`${name}-out.yaml`], ...more };
}

const two = (name: string) => [`${name}-out1.yaml`, `${name}-out2.yaml`];

/** The tests of HTTP filters, from istiod's TestGenerator_GenerateHTTP. */
export const OF_REQUESTS: readonly BuilderCase[] = [
  simple('allow-empty-rule'),
  simple('allow-full-rule'),
  simple('allow-nil-rule'),
  simple('allow-path'),
  simple('audit-full-rule'),
  { input: 'custom-simple-http-in.yaml', want: two('custom-grpc-provider-no-namespace'), meshConfig: GRPC_WITHOUT_NAMESPACE },
  { input: 'custom-simple-http-in.yaml', want: two('custom-grpc-provider'), meshConfig: GRPC },
  { input: 'custom-simple-http-in.yaml', want: two('custom-http-provider'), meshConfig: HTTP },
  { input: 'custom-bad-multiple-providers-in.yaml', want: two('custom-bad-multiple-providers'), meshConfig: HTTP },
  { input: 'custom-simple-http-in.yaml', want: ['custom-bad-out.yaml'], meshConfig: INVALID },
  { input: 'deny-and-allow-in.yaml', want: two('deny-and-allow') },
  simple('deny-empty-rule'),
  { input: 'dry-run-allow-and-deny-in.yaml', want: two('dry-run-allow-and-deny') },
  simple('dry-run-allow'),
  simple('dry-run-mix'),
  simple('multiple-policies'),
  simple('single-policy'),
  simple('simple-policy-td-aliases', { trustDomains: ['td1', 'cluster.local'] }),
  simple('simple-policy-multiple-td-aliases', { trustDomains: ['td1', 'cluster.local', 'some-td'] }),
  simple('simple-policy-principal-with-wildcard', { trustDomains: ['td1', 'foobar'] }),
  simple('td-aliases-source-principal', { trustDomains: ['new-td', 'old-td', 'some-trustdomain'] }),
  simple('trust-domains'),
];

/** The tests of TCP filters, from istiod's TestGenerator_GenerateTCP. */
export const OF_CONNECTIONS: readonly BuilderCase[] = [
  simple('allow-both-http-tcp'),
  simple('allow-only-http'),
  simple('audit-both-http-tcp'),
  { input: 'custom-both-http-tcp-in.yaml', want: two('custom-both-http-tcp'), meshConfig: GRPC },
  { input: 'custom-only-http-in.yaml', want: [], meshConfig: HTTP },
  simple('deny-both-http-tcp'),
  simple('dry-run-mix'),
];
