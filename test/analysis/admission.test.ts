import { differenceOf, explanationOf, kept, keptDocuments, ofOurs } from '../../conformance/analysis/admission';
import { analyze } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';

const RULES = ['schema-violation', 'rejected-by-admission', 'warned-by-admission'];
const said = (
  spec: string,
  head = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: catalog, namespace: shop}',
) => (
  analyze(parseManifests(`${head}\nspec: ${spec}\n`).objects, { rules: RULES }).map(
    ({ severity, path, cause, repair }) => `${severity} ${path}: ${cause}; ${repair}`,
  )
);
const dr = 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: catalog, namespace: shop}';

describe('the verdict on documents with one field broken', () => {
  const documents = keptDocuments();
  const answers = kept();

  test('is istiod\'s for each of them', () => {
    expect(documents.map(({ id }) => id).sort()).toEqual(Object.keys(answers).sort());
    const differences = documents.flatMap(
      document => differenceOf(document.id, { verdict: answers[document.id], why: [] }, ofOurs(document)) ?? [],
    );
    expect(differences.filter(text => explanationOf(text) === undefined)).toEqual([]);
  });

  test('is not the same for all documents', () => {
    const counts = Object.values(answers).reduce<{ [verdict: string]: number }>(
      (sum, verdict) => ({ ...sum, [verdict]: (sum[verdict] ?? 0) + 1 }),
      {},
    );
    expect(Math.min(counts.taken, counts.warned, counts.refused)).toBeGreaterThan(30);
  });
});

describe('what a finding says', () => {
  const route = 'route: [{destination: {host: catalog}}]';

  test('a misspelt field, which the API server drops, is reported', () => {
    expect(said(`{hosts: [catalog], http: [{${route}, timout: 5s}]}`)).toEqual([
      "error spec.http[0].timout: spec.http[0].timout is an unknown field, which the API server drops; write 'timeout'",
    ]);
    expect(said('{host: catalog, traffic_policy: {}}', dr)).toEqual([
      "error spec.traffic_policy: spec.traffic_policy is an unknown field, which the API server drops; write 'trafficPolicy'",
    ]);
  });

  test('a value of the wrong type, and an unknown value', () => {
    expect(said('{host: 5}', dr)).toEqual([
      'error spec.host: spec.host is 5, but must be a string; write a string, in quotes where it could be read as something else',
    ]);
    expect(said('{host: catalog, trafficPolicy: {tls: {mode: SIMPL}}}', dr)).toEqual([
      'error spec.trafficPolicy.tls.mode: spec.trafficPolicy.tls.mode is \'SIMPL\', an unknown value; use one of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL',
    ]);
  });

  test('two fields of which only one is allowed', () => {
    expect(said('{host: catalog, trafficPolicy: {loadBalancer: {simple: RANDOM, consistentHash: {useSourceIp: true}}}}', dr)).toEqual([
      'error spec.trafficPolicy.loadBalancer: spec.trafficPolicy.loadBalancer has simple and consistentHash, but only one of them is allowed; keep one of them',
    ]);
  });

  test('a version that Istio does not serve', () => {
    expect(said('{host: catalog}', dr.replace('/v1', '/v2'))).toEqual([
      "error apiVersion: apiVersion is 'networking.istio.io/v2', which Istio does not serve; write networking.istio.io/v1",
    ]);
  });

  test('a field that both the CRD and the webhook reject is reported once', () => {
    expect(said(`{hosts: [catalog], http: [{${route}, timeout: 0s}]}`)).toEqual([
      'error spec.http[0].timeout: spec.http[0].timeout is \'0s\', which is less than a millisecond; write a duration of at least 1ms, such as 500ms, 5s or 1m30s',
    ]);
  });

  test('a conflict of two fields, a sum of weights, a header', () => {
    expect(said(`{hosts: [catalog], http: [{${route}, redirect: {uri: /}}]}`)).toEqual([
      'error spec.http[0]: spec.http[0] has route and redirect; keep one of them',
    ]);
    expect(said('{hosts: [catalog], http: [{route: [{destination: {host: a}}, {destination: {host: b}}]}]}')).toEqual([
      'error spec.http[0].route: spec.http[0].route has weights that sum to 0; set the weights',
    ]);
    expect(said(`{hosts: [catalog], http: [{${route}, headers: {response: {remove: [host]}}}]}`)).toEqual([
      'error spec.http[0].headers.response.remove[0]: spec.http[0].headers.response.remove[0] changes \'host\'; use rewrite for path and authority; other pseudo-headers cannot change',
    ]);
  });

  test('a deprecated name of a Gateway is a warning', () => {
    expect(said(`{hosts: [a.example.com], gateways: [gw.shop.svc.cluster.local], http: [{${route}}]}`)).toEqual([
      'warning spec.gateways[0]: spec.gateways[0] is \'gw.shop.svc.cluster.local\', an old way to name a Gateway; write \'shop/gw\'',
    ]);
  });

  test('objects without a spec, or with a null spec, are checked too', () => {
    expect(analyze(parseManifests(dr).objects, { rules: RULES }).map(({ path }) => path)).toEqual(['spec.host']);
    expect(said('null', dr)).toEqual(['error spec: spec is null, but must be an object; write its fields below it']);
  });

  const policy = (kind: string, group = 'security') =>
    `apiVersion: ${group}.istio.io/v1\nkind: ${kind}\nmetadata: {name: web, namespace: shop}`;

  test('an AuthorizationPolicy whose values match no request', () => {
    const rule = (source: string, operation: string) => (
      said(`{rules: [{from: [{source: ${source}}], to: [{operation: ${operation}}]}]}`, policy('AuthorizationPolicy')));
    expect(rule('{ipBlocks: [abc]}', '{ports: [http]}')).toEqual([
      'error spec.rules[0].from[0].source.ipBlocks[0]: spec.rules[0].from[0].source.ipBlocks[0] is \'abc\', which is neither an IP address nor a CIDR block; '
        + 'write one, such as 10.0.0.1 or 10.0.0.0/24',
      'error spec.rules[0].to[0].operation.ports[0]: spec.rules[0].to[0].operation.ports[0] is \'http\', which is not a valid port; use a port up to 65535',
    ]);
    expect(rule('{trustDomains: [a/b]}', '{paths: ["/{**}/{*}", "/{id}"]}')).toEqual([
      'error spec.rules[0].from[0].source.trustDomains[0]: spec.rules[0].from[0].source.trustDomains[0] is \'a/b\'; write the trust domain alone, such as cluster.local',
      'error spec.rules[0].to[0].operation.paths[0]: spec.rules[0].to[0].operation.paths[0] is \'/{**}/{*}\', in which a template follows {**}; keep {**} as the last template',
      'error spec.rules[0].to[0].operation.paths[1]: spec.rules[0].to[0].operation.paths[1] is \'/{id}\', which has \'{\' or \'}\' outside of a template; '
        + 'use {*} or {**} as a whole segment',
    ]);
  });

  test('an AuthorizationPolicy whose action lacks a required field', () => {
    expect(said('{action: CUSTOM, rules: [{}]}', policy('AuthorizationPolicy'))).toEqual([
      'error spec.provider: spec.provider has no name; set the name that MeshConfig gives the external authorizer',
    ]);
    expect(said('{action: DENY}', policy('AuthorizationPolicy'))).toEqual([
      'error spec: spec has the action DENY without rules, so it applies to no request; add rules; the rule {} is for every request',
    ]);
    expect(said('{action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]}', policy('AuthorizationPolicy'))).toEqual([
      'warning spec.rules[0]: spec.rules[0] denies every connection to TCP ports, as it has only conditions on HTTP requests; set the ports that it is for',
    ]);
  });

  test('conditions on unknown attributes', () => {
    const when = (condition: string) =>
      said(`{rules: [{when: [${condition}]}]}`, policy('AuthorizationPolicy')).map(text => text.split(': ').slice(1).join(': '));
    expect(when('{key: request.header, values: [a]}')[0]).toMatch(
      /^spec.rules\[0\].when\[0\].values is for the unknown attribute 'request.header'; use one of /,
    );
    expect(when('{key: "request.auth.claims", values: [a]}')[0]).toContain('is for \'request.auth.claims\'; write the name in brackets');
    expect(when('{key: source.ip, values: [web]}')[0]).toContain(
      "has a value that is 'web', which is neither an IP address nor a CIDR block",
    );
    expect(when('{key: request.header, notValues: [a]}')).toEqual([expect.stringContaining('when[0].notValues is for the unknown attribute')]);
    expect(when('{key: request.header, values: [a]}')).toHaveLength(1);
    expect(when('{key: source.ip}')).toEqual(['spec.rules[0].when[0] has no values for \'source.ip\'; set values or notValues']);
  });

  test('keys and issuers of a RequestAuthentication', () => {
    const rule = (fields: string) =>
      said(`{jwtRules: [${fields}]}`, policy('RequestAuthentication')).map(text => text.replaceAll('spec.jwtRules[0]', 'it'));
    expect(rule('{issuer: me, jwks: "no JSON"}')).toEqual([
      'error it.jwks: it.jwks is not a JSON Web Key Set; write the JSON of one, such as {"keys": [...]}',
    ]);
    expect(rule('{issuer: me, jwks: \'{"keys": [{"kty": "RSA", "e": "AQAB"}]}\'}')).toEqual([
      'error it.jwks: it.jwks has a key that has no n; write each key as its issuer publishes it',
    ]);
    expect(rule('{issuer: me, jwks: \'{"kty": "oct", "k": "c2VjcmV0"}\'}')).toEqual([
      'warning it.jwks: it.jwks has private material in key 0; write only public keys; a proxy verifies tokens and signs none',
    ]);
    expect(rule('{audiences: [shop]}')).toEqual(['error it: it has neither issuer nor jwksUri; set one of them']);
  });

  test('ports of a PeerAuthentication, and the probe of a WorkloadGroup', () => {
    expect(said('{selector: {matchLabels: {app: web}}, portLevelMtls: {}}', policy('PeerAuthentication'))).toEqual([
      'error spec.portLevelMtls: spec.portLevelMtls is empty; name a port, or remove it',
    ]);
    expect(said('{template: {}, probe: {periodSeconds: 5}}', policy('WorkloadGroup', 'networking'))).toEqual([
      'error spec.probe: spec.probe has no method; set httpGet, tcpSocket or exec',
    ]);
  });

  test('modules of a WasmPlugin, and the one extension of a TrafficExtension', () => {
    const plugin = policy('WasmPlugin', 'extensions').replace('/v1', '/v1alpha1');
    expect(said('{url: "ftp://example.com/a.wasm", sha256: abc}', plugin)).toEqual([
      'error spec.url: spec.url is \'ftp://example.com/a.wasm\'; write a URL of oci, https, http or file',
      'error spec.sha256: spec.sha256 is \'abc\', which does not match (^$|^[a-f0-9]{64}$); correct it',
    ]);
    expect(said('{url: registry.example.com/a, vmConfig: {env: [{name: A, value: a, valueFrom: HOST}, {name: A}]}}', plugin)).toEqual([
      'error spec.vmConfig.env[1]: spec.vmConfig.env[1] repeats name: A; write each of them once',
      'error spec.vmConfig.env[0]: spec.vmConfig.env[0] takes its value from the host and has a value; remove the value',
    ]);
    expect(said('{}', plugin.replace('WasmPlugin', 'TrafficExtension'))).toEqual([
      'error spec: spec has neither wasm nor lua; set one of wasm and lua',
    ]);
  });

  test('the value of an EnvoyFilter\'s patch, which is read as the Envoy message that it changes', () => {
    const filter = policy('EnvoyFilter', 'networking').replace('/v1', '/v1alpha3');
    const value = (text: string, applyTo = 'HTTP_FILTER') => (
      said(`{configPatches: [{applyTo: ${applyTo}, patch: {operation: MERGE, value: ${text}}}]}`, filter).map(line =>
        line.replaceAll('spec.configPatches[0].patch.value', 'it'),
      ));
    const config = (type: string, fields: string) => value(`{name: a, typed_config: {"@type": type.googleapis.com/${type}, ${fields}}}`);
    expect(value('{connect_timeout: soon, lb_policy: RANDOMLY}', 'CLUSTER')).toEqual([
      'error it.connect_timeout: it.connect_timeout is "soon", but must be a duration, such as 5s or 0.25s; write a value of its type',
      expect.stringContaining(
        "error it.lb_policy: it.lb_policy is 'RANDOMLY', which is not a value of envoy.config.cluster.v3.Cluster.LbPolicy; use one of ROUND_ROBIN",
      ),
    ]);
    expect(config('envoy.extensions.filters.http.lua.v3.Lua', 'inlineCod: a')).toEqual([
      'warning it.typed_config.inlineCod: it.typed_config.inlineCod is an unknown field of envoy.extensions.filters.http.lua.v3.Lua, which istiod drops; write \'inlineCode\'',
    ]);
    expect(config('envoy.config.filter.http.lua.v2.Lua', 'inline_code: a')).toEqual([
      'error it.typed_config["@type"]: it.typed_config["@type"] is \'type.googleapis.com/envoy.config.filter.http.lua.v2.Lua\', which istiod does not know; use the type of the v3 API',
    ]);
    expect(value('{name: envoy.filters.http.lua}')).toEqual([
      'warning it: it has no typed_config, by which Envoy finds an extension; set it',
    ]);
    expect(config('envoy.extensions.filters.http.lua.v3.Lua', 'inline_code: "function envoy_on_request(handle) end"')).toEqual([]);
  });

  test('patches of an EnvoyFilter that lack a field, or match another object', () => {
    const filter = policy('EnvoyFilter', 'networking').replace('/v1', '/v1alpha3');
    const patch = (text: string) => said(`{configPatches: [${text}]}`, filter).map(line => line.replaceAll('spec.configPatches[0]', 'it'));
    expect(patch('{applyTo: CLUSTER}')).toEqual(['error it.patch: it.patch is missing; set it']);
    expect(patch('{applyTo: CLUSTER, patch: {operation: MERGE}}')).toEqual([
      'error it.patch.value: it.patch.value is missing, which MERGE needs; set it',
    ]);
    expect(patch('{applyTo: CLUSTER, match: {listener: {name: a}}, patch: {operation: REMOVE}}')).toEqual([
      'error it.match: it.match has listener for a patch of a CLUSTER; set cluster',
    ]);
    expect(
      patch('{applyTo: HTTP_FILTER, match: {listener: {filterChain: {filter: {subFilter: {name: a}}}}}, patch: {operation: REMOVE}}'),
    ).toEqual([
      'error it.match.listener.filterChain.filter: it.match.listener.filterChain.filter has no name; name the network filter',
    ]);
  });

  test('a kind in a version in which Istio does not serve it', () => {
    expect(said('{concurrency: -1}', policy('ProxyConfig', 'networking'))).toEqual([
      'error apiVersion: apiVersion is \'networking.istio.io/v1\', which Istio does not serve; write networking.istio.io/v1beta1',
      'error spec.concurrency: spec.concurrency is -1; use at least 0',
    ]);
    expect(said('{mtls: {mode: STRICT}}', policy('PeerAuthentication').replace('/v1', '/v1alpha3'))[0]).toContain(
      'write security.istio.io/v1',
    );
  });

  test('the prefix of a claim is case-insensitive, and the claim needs a name', () => {
    const match = (name: string) =>
      said(`{hosts: [a.example.com], gateways: [gw], http: [{match: [{headers: {"${name}": {exact: a}}}], ${route}}]}`);
    expect(match('@Request.Auth.Claims.group')).toEqual([]);
    expect(match('@request.auth.claims[group')[0]).toContain('has \'@request.auth.claims[group\', which is not a valid header name');
  });

  test('kinds of other projects are not checked', () => {
    expect(said('{anything: 1}', 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: gw, namespace: shop}')).toEqual(
      [],
    );
  });
});
