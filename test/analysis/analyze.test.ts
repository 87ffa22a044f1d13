import { AnalysisRun, analyze, describeFinding, RULES } from '../../src/analysis';
import type { ListedRule } from '../../src/analysis/listed-rule';
import { parseSuppressions } from '../../src/analysis/suppression-file';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';

/** A VirtualService that names a missing Gateway, and a Gateway that it does not name. */
const lost = (metadata = '') => parseManifests(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: catalog
  namespace: shop
${metadata}spec:
  hosts: [catalog.example.com]
  gateways: [gone]
  http:
    - name: all
      route: [{destination: {host: catalog, port: {number: 80}}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: other, namespace: edge}
spec: {selector: {app: gate}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
`, { file: 'shop.yaml' }).objects;

const texts = (findings: ReturnType<typeof analyze>) => findings.filter(({ rule }) => rule !== 'kinds-missing').map(describeFinding);
const rules = (findings: ReturnType<typeof analyze>) => findings.map(({ rule }) => rule);

test('every rule has a unique name in kebab-case, and codes of istioctl or Kiali', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  expect(RULES.filter(({ id }) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
  expect(RULES.flatMap(({ codes }) => codes).filter(code => !/^(IST|KIA)\d{4}$/.test(code))).toEqual([]);
});

test('a finding has the place, the cause and the repair', () => {
  const [finding] = analyze(lost(), { rules: ['unknown-gateway'], complete: true });
  expect(finding).toMatchObject({
    rule: 'unknown-gateway',
    severity: 'error',
    resource: {
      kind: 'VirtualService',
      namespace: 'shop',
      name: 'catalog',
    },
    file: 'shop.yaml',
    line: 9,
    path: 'spec.gateways[0]',
  });
  expect(finding.codes).toContain('IST0101');
  expect(describeFinding(finding)).toMatch(
    /^error unknown-gateway IST0101.*: shop.yaml:9: VirtualService shop\/catalog spec.gateways\[0\]: .*; /,
  );
});

test('findings about objects from memory have no file', () => {
  expect(
    analyze(
      lost().map(object => ({ ...object })),
      { rules: ['IST0101'] },
    ).find(({ rule }) => rule === 'unknown-gateway'),
  ).not.toHaveProperty('file');
});

test('a finding names the constructs of a field if the manifest records them', () => {
  const origin = '  annotations:\n    cdk8s-istio/origin: \'{"routes":{"all":["shop/Catalog/All"]},"policies":["shop/Catalog"]}\'\n';
  const [finding] = analyze(lost(origin), { rules: ['unknown-gateway'] });
  expect(finding.constructs).toEqual(['shop/Catalog', 'shop/Catalog/All']);
  expect(describeFinding(finding)).toMatch(/ \(from shop\/Catalog, shop\/Catalog\/All\)$/);
  expect(analyze(lost('  annotations: {cdk8s-istio/origin: "{"}\n'), { rules: ['unknown-gateway'] })[0]).not.toHaveProperty('constructs');
});

test('rules that need a missing kind do not run, and one finding says so', () => {
  const findings = analyze(lost()).filter(({ rule }) => rule === 'kinds-missing');
  expect(findings).toMatchObject([{
    severity: 'info',
    cause: expect.stringMatching(
      /^the input has no DestinationRule, MeshConfig, Namespace, Secret, Service and Workload, so \d+ rules did not run$/,
    ),
    repair: 'add the manifests, state what the cluster has as cluster facts, or state that the input is complete',
  }]);
  expect(rules(analyze(lost()))).not.toContain('unknown-destination-host');
});

test('VirtualServices alone are a part of an environment: their Gateways and subsets are not reported as missing', () => {
  const findings = analyze(parseManifests(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: catalog, namespace: shop}
spec:
  hosts: [catalog.example.com]
  gateways: [edge/gw]
  http: [{route: [{destination: {host: catalog, subset: v1}}], mirror: {host: catalog, subset: v2}}]
`).objects);
  expect(texts(findings)).toEqual([]);
  expect(findings).toMatchObject([
    { rule: 'kinds-missing', cause: expect.stringMatching(/^the input has no DestinationRule, Gateway, .* did not run$/) },
  ]);
});

test('a rule that throws becomes a finding about the object, and the other rules still run', () => {
  const [some] = RULES;
  const check = () => { throw new Error('no such thing'); };
  const broken: ListedRule = { ...some, id: 'broken', codes: [], subjects: ['VirtualService'], load: () => ({ ...some.load(), check }) };
  (RULES as ListedRule[]).unshift(broken);
  try {
    const findings = analyze(lost());
    expect(texts(findings).filter(text => text.includes('rule-failed'))).toEqual([
      'error rule-failed IST0001: shop.yaml:2: VirtualService shop/catalog: the rule broken failed: no such thing; this is a fault of the analysis; report it with the manifests',
    ]);
    expect(rules(findings)).toContain('unknown-gateway');
  } finally {
    (RULES as ListedRule[]).shift();
  }
});

test('an object without metadata is a finding, and the others are still checked', () => {
  const nameless = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: {} } as unknown as KubernetesObject;
  const findings = analyze([nameless, ...lost()]);
  expect(texts(findings)).toContain('error unreadable-manifest: VirtualService *: it has no metadata; write metadata with a name');
  expect(rules(findings)).toContain('unknown-gateway');
});

test('a selection with an unknown rule is an error', () => {
  expect(() => analyze([], { rules: ['IST9999'] })).toThrow(/^rules names 'IST9999', which is neither a rule nor a code of a rule/);
});

describe('suppressions', () => {
  const only = { rules: ['unknown-gateway'] };

  test.each([
    'IST0101',
    '*',
    'IST0102,IST0101',
    'unknown-gateway',
  ])('the annotation with %s suppresses findings about its object', codes => {
    expect(analyze(lost(`  annotations: {galley.istio.io/analyze-suppress: "${codes}"}\n`), only)).toEqual([]);
  });

  test('the annotation is split only at commas, as in Istio', () => {
    expect(rules(analyze(lost('  annotations: {galley.istio.io/analyze-suppress: "IST0102, IST0101"}\n'), only))).toContain(
      'unknown-gateway',
    );
  });

  test.each([
    ['IST0101', undefined],
    ['unknown-gateway', 'VirtualService shop/catalog'],
    ['unknown-gateway', 'VirtualService catalog.shop'],
    ['KIA1102', 'Virtual* shop/*'],
  ])('%s for %s', (rule, resource) => {
    expect(analyze(lost(), { ...only, suppressions: [{ rule, resource, reason: 'another team brings the Gateway' }] })).toEqual([]);
  });

  // A regular expression with so many stars would try each way to divide the name.
  test.each([[`VirtualService shop/${'*a'.repeat(25)}b`, 1], [`Virtual${'*'.repeat(25)}catalog`, 0]])('%s may have many stars', (resource, number) => {
    const objects = lost().map(object => (
      number === 0 ? object : { ...object, metadata: { ...object.metadata, name: 'a'.repeat(60) } }));
    const found = analyze(objects, { ...only, suppressions: [{ rule: 'unknown-gateway', resource, reason: 'x' }] });
    expect(rules(found).filter(rule => rule === 'unknown-gateway')).toHaveLength(number);
  });

  test('one that matches nothing is reported, in options and in annotations', () => {
    const objects = lost('  annotations: {galley.istio.io/analyze-suppress: "IST0130"}\n');
    const unused = analyze(objects, {
      rules: ['unknown-gateway', 'IST0130'],
      suppressions: [{ rule: 'unknown-gateway', resource: 'VirtualService other/*', reason: 'x' }],
    });
    expect(texts(unused).filter(text => text.includes('unused-suppression'))).toEqual([
      'warning unused-suppression: shop.yaml:7: VirtualService shop/catalog metadata.annotations["galley.istio.io/analyze-suppress"]: the suppression of IST0130 covers no finding; remove it',
      'warning unused-suppression: the suppression of unknown-gateway for \'VirtualService other/*\' covers no finding; remove it',
    ]);
  });

  test('over several environments, one that any of them needs is used, and one that none needs is reported once', () => {
    const [needed, useless] = ['shop', 'other'].map(namespace => ({
      rule: 'unknown-gateway',
      resource: `VirtualService ${namespace}/*`,
      reason: 'x',
    }));
    const run = new AnalysisRun([needed, useless]);
    for (const objects of [lost(), lost().slice(1), []]) expect(texts(run.analyze(objects, only))).toEqual([]);
    expect(run.unused().map(describeFinding)).toEqual([
      'warning unused-suppression: the suppression of unknown-gateway for \'VirtualService other/*\' covers no finding; remove it',
    ]);
  });

  test('an unknown rule is reported, and a code of another tool is not', () => {
    const objects = lost('  annotations: {galley.istio.io/analyze-suppress: "IST0103,unknown-gatway, unknown-gateway"}\n');
    const said = texts(analyze(objects, { ...only, suppressions: [{ rule: 'no-such-rule', reason: 'x' }] })).filter(text =>
      text.includes('unused-suppression'),
    );
    expect(said).toEqual([
      expect.stringMatching(/the suppression of 'unknown-gatway' names no rule and no code; correct the name, or remove it$/),
      expect.stringMatching(
        /the suppression of ' unknown-gateway' names no rule and no code; write 'unknown-gateway' without blanks, which count as part of the name$/,
      ),
      expect.stringMatching(/the suppression of 'no-such-rule' names no rule and no code; correct the name, or remove it$/),
    ]);
  });

  test('one with a code that no rule checked is not reported as unused', () => {
    expect(rules(analyze(lost('  annotations: {galley.istio.io/analyze-suppress: "IST0102"}\n'), only))).toEqual(['unknown-gateway']);
  });

  test.each([
    ['all rules', { rule: '*', reason: 'r' }, 'suppressions[0].rule is "*"; name a rule, such as unknown-gateway, or a code, such as IST0101'],
    ['no reason', { rule: 'IST0101' }, 'suppressions[0] (IST0101) has no reason; add why it is not a mistake'],
    ['an empty reason', { rule: 'IST0101', reason: ' ' }, 'suppressions[0] (IST0101) has no reason; add why it is not a mistake'],
    ['no rule', { reason: 'x' }, 'suppressions[0].rule is undefined; name a rule, such as unknown-gateway, or a code, such as IST0101'],
    [
      'another field',
      { rule: 'x', reason: 'x', until: 'y' },
      'suppressions[0].until is an unknown field; expected one of rule, resource, reason',
    ],
    [
      'a resource that is not a string',
      { rule: 'x', reason: 'x', resource: 5 },
      "suppressions[0].resource is 5; write 'Kind namespace/name', with '*' for any characters",
    ],
  ])('%s is an error', (_, suppression, message) => {
    expect(() => analyze([], { suppressions: [suppression as never] })).toThrow(message);
  });

  test('a resource with many wildcards is matched fast', () => {
    const resource = `VirtualService shop/${'*a'.repeat(25)}*b`;
    expect(rules(analyze(lost(), { ...only, suppressions: [{ rule: 'unknown-gateway', resource, reason: 'x' }] }))).toContain(
      'unknown-gateway',
    );
  });

  test('a file holds a list of them', () => {
    expect(parseSuppressions('suppressions:\n- {rule: IST0101, resource: "VirtualService *", reason: theirs}\n', 'a.yaml')).toEqual([
      { rule: 'IST0101', resource: 'VirtualService *', reason: 'theirs' },
    ]);
    expect(parseSuppressions('', 'a.yaml')).toEqual([]);
  });

  test.each([
    ['suppressions: [', /^a.yaml:\d: the document is not valid YAML: .*; repair it$/],
    ['- {rule: IST0101, reason: x}', /^a.yaml is not an object; write 'suppressions', a list$/],
    ['suppressions: []\n---\nsuppressions: []', /^a.yaml has several documents; write one, with all suppressions$/],
    ['suppress everything', /^a.yaml is not an object; write 'suppressions', a list$/],
    ['suppressions: {}', /^a.yaml: suppressions is not a list/],
    ['suppress: []', /^a.yaml: suppress is an unknown field; write 'suppressions', a list$/],
    ['suppressions: [{rule: IST0101}]', /^a.yaml: suppressions\[0\] \(IST0101\) has no reason/],
  ])('a file that reads %s is an error', (text, message) => {
    expect(() => parseSuppressions(text, 'a.yaml')).toThrow(message);
  });
});

test.each(['banana', '', '0.1', '2.0'])('%j is not an Istio version to upgrade from', upgradesFrom => {
  expect(() => analyze([], { upgradesFrom })).toThrow(
    `upgradesFrom is '${upgradesFrom}', which is not a known Istio version; use one from 1.`,
  );
});
