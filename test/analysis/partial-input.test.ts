import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNTS, accountsRule, EDGE, istio, LEDGER, publicGateway, to, workload } from './bank';
import { analyze, describeFinding } from '../../src/analysis';
import type { AnalyzeOptions } from '../../src/analysis';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { resourceText } from '../../src/manifest/kubernetes-object';
import { loadManifests, parseManifests } from '../../src/manifest/loader';

/** The findings, as `severity rule`. */
function found(manifests: readonly string[], options: AnalyzeOptions = {}): string[] {
  const { objects, problems } = parseManifests(manifests.join('\n---\n'));
  expect(problems).toEqual([]);
  return analyze(objects, options).filter(({ rule }) => rule !== 'kinds-missing').map(({ severity, rule }) => `${severity} ${rule}`);
}

function errorsIn(objects: readonly KubernetesObject[]): string[] {
  return analyze(objects).filter(({ severity }) => severity === 'error').map(describeFinding);
}

const NAMED = ({ kind, metadata: { name, namespace } }: KubernetesObject) =>
  resourceText({ kind, name, ...(namespace !== undefined && { namespace }) });

/** All subsets of manifests that lack one object, one kind or one namespace. */
function partsOf(objects: readonly KubernetesObject[]): [lacks: string, part: readonly KubernetesObject[]][] {
  const without = (lacks: string, isLeft: (object: KubernetesObject) => boolean): [string, readonly KubernetesObject[]] => [
    lacks,
    objects.filter(object => !isLeft(object)),
  ];
  return [
    ...objects.map(left => without(NAMED(left), object => object === left)),
    ...[...new Set(objects.map(({ kind }) => kind))].map(left => without(`each ${left}`, ({ kind }) => kind === left)),
    ...[...new Set(objects.map(({ metadata }) => metadata.namespace))].map(
      left => without(`namespace ${left}`, ({ metadata }) => metadata.namespace === left),
    ),
  ];
}

const FIXTURES = join(__dirname, 'fixtures');
const ORDINARY = join(__dirname, 'ordinary');
const EXPECTED = join(__dirname, '../../examples/coolstore/expected');
const MESHES: readonly (readonly [string, string])[] = [
  ...readdirSync(FIXTURES).map(id => [`the good example of ${id}`, join(FIXTURES, id, 'good.yaml')] as const),
  ...readdirSync(ORDINARY).map(file => [file, join(ORDINARY, file)] as const),
  ...readdirSync(EXPECTED).map(step => [`coolstore ${step}`, join(EXPECTED, step)] as const),
];

describe('a part of a correct mesh has no error, whatever is outside of it', () => {
  test.each(MESHES)('%s', (_, path) => {
    const { objects } = loadManifests([path]);
    const mistaken = errorsIn(objects);
    for (const [lacks, part] of partsOf(objects)) {
      expect([lacks, ...errorsIn(part).filter(text => !mistaken.includes(text))]).toEqual([lacks]);
    }
  });
});

describe('a Gateway whose pods are not in the input', () => {
  const shop = [ACCOUNTS, publicGateway('bank/public')];

  test('is not a mistake next to an application, whose pods are in the input', () => expect(found(shop)).toEqual([]));

  test('is likely a mistake if the input has the pods of another Gateway', () => {
    const other = istio(
      'Gateway',
      'infra/internal',
      '{ selector: { app: door }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [in.example.org] }] }',
    );
    expect(found([EDGE, publicGateway(), other])).toEqual(['warning gateway-selects-no-pods']);
  });

  test('is an error in a complete input', () => expect(found(shop, { complete: true })).toContain('error gateway-selects-no-pods'));
});

describe('a subset', () => {
  const route = (subset = 'blue', namespace = 'bank') =>
    istio('VirtualService', `${namespace}/accounts`, `{ hosts: [accounts.bank.svc.cluster.local], http: [{ ${to(subset)} }] }`);
  const rule = (name: string, host: string, more = '') =>
    istio('DestinationRule', name, `{ host: "${host}"${more}, subsets: [{ name: blue, labels: { app: accounts } }] }`);
  const SUBSET = /unknown-subset|cluster-not-sent/;
  const ofSubsets = (...manifests: string[]) => found([ACCOUNTS, ...manifests]).filter(text => SUBSET.test(text));

  test.each([
    ['a wildcard of the namespace', rule('bank/all', '*.bank.svc.cluster.local')],
    ['a wildcard of the cluster', rule('bank/all', '*.svc.cluster.local')],
    ['a wildcard in the root namespace', rule('istio-system/all', '*.bank.svc.cluster.local')],
    ['the host in the root namespace', rule('istio-system/accounts', 'accounts.bank.svc.cluster.local')],
    [
      'two DestinationRules that merge',
      `${istio(
        'DestinationRule',
        'bank/one',
        '{ host: accounts, subsets: [{ name: red, labels: { app: accounts } }] }',
      )}\n---\n${rule('bank/two', 'accounts')}`,
    ],
  ])('that %s defines exists', (_, defining) => expect(ofSubsets(route(), defining)).toEqual([]));

  test('of a wildcard does not exist if the DestinationRule of the exact host lacks it', () => {
    const own = istio('DestinationRule', 'bank/accounts', '{ host: accounts, subsets: [{ name: red, labels: { app: accounts } }] }');
    const { objects } = parseManifests([ACCOUNTS, route(), own, rule('bank/all', '*.bank.svc.cluster.local')].join('\n---\n'));
    expect(
      analyze(objects, { rules: ['unknown-subset'] })
        .filter(({ rule: id }) => id === 'unknown-subset')
        .map(({ severity, cause, repair }) => `${severity}: ${cause}; ${repair}`),
    ).toEqual([
      'error: DestinationRule bank/all has the subset \'blue\' for \'*.bank.svc.cluster.local\', but Istio takes DestinationRule bank/accounts for '
        + '\'accounts.bank.svc.cluster.local\', which has no such subset, so requests of this entry get 503; add \'blue\' with its labels to the subsets of '
        + 'DestinationRule bank/accounts; Istio merges no DestinationRules of different hosts',
    ]);
  });

  test('that the DestinationRule of the host lacks is an error', () =>
    expect(ofSubsets(route('green'), accountsRule())).toEqual(['error unknown-subset']));
  test('may be defined in a DestinationRule outside the input', () =>
    expect(ofSubsets(route(), istio('DestinationRule', 'bank/ledger', '{ host: ledger }'))).toEqual(['warning unknown-subset']));
  test('is not judged if the input has no DestinationRule of its namespaces', () =>
    expect(ofSubsets(route(), istio('DestinationRule', 'lending/loans', '{ host: loans }'))).toEqual(['warning unknown-subset']));

  test('that 40 VirtualServices use and nothing defines results in 40 errors in a complete input', () => {
    const many = Array.from({ length: 40 }, (_, i) => [
      workload('bank', `s${i}`, `app: s${i}`),
      istio('VirtualService', `bank/s${i}`, `{ hosts: [s${i}], http: [{ ${to('v1', `s${i}`)} }] }`),
    ]).flat();
    expect(found(many).filter(text => text.startsWith('error'))).toEqual([]);
    expect(found(many, { complete: true }).filter(text => text === 'error unknown-subset')).toHaveLength(40);
  });
});

describe('a destination without a port', () => {
  const duo = istio(
    'Service',
    'bank/duo',
    '{ selector: { app: duo }, ports: [{ name: http, port: 80 }, { name: http-admin, port: 8081 }] }',
  ).replace('networking.istio.io/v1', 'v1');
  const one = (port: number) =>
    istio('Service', 'bank/one', `{ selector: { app: one }, ports: [{ name: http, port: ${port} }] }`).replace(
      'networking.istio.io/v1',
      'v1',
    );
  const route = (host: string, more = '', match = '') =>
    istio(
      'VirtualService',
      'bank/route',
      `{ hosts: [${host}]${more}, http: [{ ${match}route: [{ destination: { host: duo.bank.svc.cluster.local } }] }] }`,
    );
  const gateway = (port: number) =>
    istio(
      'Gateway',
      'bank/public',
      `{ selector: { app: edge }, servers: [{ port: { number: ${port}, name: http, protocol: HTTP }, hosts: [bank.example.org] }] }`,
    );
  const PORT = /destination-port/;
  const ofPorts = (...manifests: string[]) => found([duo, ...manifests]).filter(text => PORT.test(text));

  test('of the host itself goes to the port of the request', () => expect(ofPorts(route('duo'))).toEqual([]));
  test('of a host with one of the ports goes there', () => expect(ofPorts(one(80), route('one'))).toEqual([]));
  test('of a host with another port reaches nothing', () =>
    expect(ofPorts(one(9000), route('one'))).toEqual(['error destination-port-required']));
  test('of a host outside the registry goes to port 80', () => expect(ofPorts(route('bank.example.org'))).toEqual([]));
  test('of a gateway at port 80 goes there', () =>
    expect(ofPorts(gateway(80), route('bank.example.org', ', gateways: [public]'))).toEqual([]));
  test('of a gateway at another port reaches nothing', () =>
    expect(ofPorts(gateway(8080), route('bank.example.org', ', gateways: [public]'))).toEqual(['error destination-port-required']));
  test('of a Gateway outside the input is not judged', () =>
    expect(ofPorts(route('bank.example.org', ', gateways: [infra/public]'))).toEqual([]));
  test('for requests at one port is judged by that port', () =>
    expect(ofPorts(one(9000), route('one, duo', '', 'match: [{ port: 8081 }], '))).toEqual([]));
  test('that fails at one of two ports is a warning', () =>
    expect(ofPorts(one(9000), route('one, duo'))).toEqual(['warning destination-port-differs']));
});

describe('what is outside of an application\'s repository is not an error', () => {
  const route = (destination: string, more = '') =>
    istio(
      'VirtualService',
      'bank/accounts',
      `{ hosts: [accounts]${more}, http: [{ route: [{ destination: { host: ${destination} } }] }] }`,
    );

  test.each([
    ['a Service of another namespace', [route('loans.lending.svc.cluster.local')], []],
    ['a Gateway of the platform', [route('accounts', ', gateways: [mesh, infra/public]'), publicGateway('bank/own')], []],
    ['a Service of the own namespace', [route('acounts')], ['warning unknown-destination-host']],
    ['an external host', [route('api.example.com')], ['warning unknown-destination-host']],
    ['pods of another version', [accountsRule(', trafficPolicy: { loadBalancer: { simple: RANDOM } }'), LEDGER], []],
    [
      "a Sidecar's pods",
      [istio('Sidecar', 'lending/portal', '{ workloadSelector: { labels: { app: portal } }, egress: [{ hosts: ["./*"] }] }')],
      [],
    ],
  ])('%s', (_, manifests, expected) => expect(found([ACCOUNTS, ...manifests])).toEqual(expected));

  test('a host that istiod does not complete is still an error', () =>
    expect(found([ACCOUNTS, route('accounts.bank')])).toEqual(['error unknown-destination-host']));
});
