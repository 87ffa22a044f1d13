import { changes, rule, WORLD } from './sides';
import { replayProblem } from '../../conformance/proof/replay';
import { describeConnection } from '../../src/diff/change';
import { parseManifests } from '../../src/manifest/loader';
import { Mesh } from '../../src/simulator/mesh';

const CATALOG = 'catalog.shop.svc.cluster.local';
const SUBSETS = rule('catalog', '{ subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }');
const GATEWAY = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: tls, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ hosts: ["*"], port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH } }]
`;
const OUTSIDE = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: outside, namespace: shop }
spec: { hosts: [outside.example.com], addresses: [10.0.0.0/8], ports: [{ name: tcp, number: 3306, protocol: TCP }], resolution: NONE }
`;

const routed = (subset: string) => `route: [{ destination: { host: ${CATALOG}, port: { number: 80 }, subset: ${subset} } }]`;

/** A VirtualService at the gateway that routes server names to subsets. */
function names(...rules: readonly (readonly [names: string, subset: string])[]): string {
  const tls = rules.map(([of, subset]) => `{ match: [{ port: 443, sniHosts: [${of}] }], ${routed(subset)} }`);
  return `${WORLD}${SUBSETS}${GATEWAY}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: tls, namespace: shop }
spec: { hosts: ["*.example.com", "*.example"], gateways: [tls], tls: [${tls.join(', ')}] }
`;
}

/** A VirtualService in the mesh that routes ranges of addresses to subsets. */
function ranges(host: string, ...rules: readonly (readonly [ranges: string, subset: string])[]): string {
  const tcp = rules.map(([of, subset]) => `{ match: [{ port: 3306, destinationSubnets: [${of}] }], ${routed(subset)} }`);
  return `${WORLD}${SUBSETS}${OUTSIDE}---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { selector: { app: db }, ports: [{ name: tcp, port: 3306 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: tcp, namespace: shop }
spec: { hosts: [${host}], tcp: [${tcp.join(', ')}] }
`;
}

/** What changes for connections, with an example of each change, which the simulator treats in two ways. */
function told(old: string, now: string): string[] {
  const [before, after] = [old, now].map(text => Mesh.fromManifests(parseManifests(text).objects));
  return changes(old, now).map(change => {
    expect(replayProblem(change, before, after)).toBeUndefined();
    const example = change.connection ? `; ${describeConnection(change.connection)}` : '';
    return `${change.kind} of ${change.host}: ${change.requests}, ${change.before} to ${change.after}${example}`;
  });
}

describe('connections in TLS', () => {
  test('are the same if a wildcard routes a name as its own rule does', () => {
    expect(told(names(['"*.example.com"', 'v1']), names(['"*.example.com", a.example.com', 'v1']))).toEqual([]);
  });

  test('are routed otherwise for a name that a wildcard covered before', () => {
    expect(told(names(['"*.example.com"', 'v1']), names(['"*.example.com"', 'v1'], ['a.example.com', 'v2']))).toEqual([
      'connection-shares of a.example.com: connections, v1 of catalog.shop:80 to v2 of catalog.shop:80; tls://a.example.com:443',
    ]);
  });

  test('are reported once for a wildcard and the names below it that change as it does', () => {
    expect(told(names(['"*.example.com"', 'v1']), names(['"*.example.com"', 'v2'], ['a.example.com', 'v1']))).toEqual([
      'connection-shares of *.example.com: connections, v1 of catalog.shop:80 to v2 of catalog.shop:80; tls://www.example.com:443',
    ]);
  });

  test('are reported for the wildcard whose names change, and for no others', () => {
    expect(told(names(['"*.example"', 'v1']), names(['"*.example"', 'v2']))).toEqual([
      'connection-shares of *.example: connections, v1 of catalog.shop:80 to v2 of catalog.shop:80; tls://www.example:443',
    ]);
  });

  test('are no longer routed for a name that no rule names', () => {
    expect(told(names(['a.example.com, b.example.com', 'v1']), names(['a.example.com', 'v1']))).toEqual([
      'connection-removed of b.example.com: connections, v1 of catalog.shop:80 to closed: no filter chain takes them; tls://b.example.com:443',
    ]);
  });
});

describe('connections by address', () => {
  const outside = (...rules: readonly (readonly [string, string])[]) => ranges('outside.example.com', ...rules);

  test('are the same where a range and its narrower one go the same way', () => {
    expect(told(outside(['10.1.0.0/16', 'v1']), outside(['10.1.0.0/16', 'v1'], ['10.1.2.0/24', 'v1']))).toEqual([]);
  });

  test('are routed otherwise for the part of a range that no narrower one takes', () => {
    expect(told(outside(['10.1.0.0/24', 'v1'], ['10.1.0.0/16', 'v1']), outside(['10.1.0.0/24', 'v1'], ['10.1.0.0/16', 'v2']))).toEqual([
      'connection-shares of 10.1.0.0/16: connections, v1 of catalog.shop:80 to v2 of catalog.shop:80; tcp://10.1.255.255:3306',
    ]);
  });

  describe('of IPv6', () => {
    const ofIpv6 = (...rules: readonly (readonly [string, string])[]) => (
      outside(...rules.map(([range, subset]) => [`"${range}"`, subset] as const)).replace('[10.0.0.0/8]', '["2001:db8::/32"]'));

    test('are routed otherwise for the part of a range that no narrower one takes', () => {
      const narrow = ['2001:db8:1::/64', 'v1'] as const;
      expect(told(ofIpv6(narrow, ['2001:db8:1::/48', 'v1']), ofIpv6(narrow, ['2001:db8:1::/48', 'v2']))).toEqual([
        'connection-shares of 2001:db8:1::/48: connections, v1 of catalog.shop:80 to v2 of catalog.shop:80; '
        + 'tcp://[2001:db8:1:ffff:ffff:ffff:ffff:ffff]:3306',
      ]);
    });

    test('are routed otherwise in a range of 32 bits, which is not one address', () => {
      expect(told(ofIpv6(['2001:db8::/32', 'v1']), ofIpv6(['2001:db8::/32', 'v2']))).toEqual([
        'connection-shares of 2001:db8::/32: connections, v1 of catalog.shop:80 to v2 of catalog.shop:80; tcp://[2001:db8::]:3306',
      ]);
    });

    test('are the same if the narrower range is written in another form and goes the same way', () => {
      expect(told(ofIpv6(['2001:db8:1::/48', 'v1']), ofIpv6(['2001:db8:1::/48', 'v1'], ['2001:0db8:0001:0000::/64', 'v1']))).toEqual([]);
    });
  });

  test('follow a service that moves to another stated address: what calls the old one is no longer routed', () => {
    const at = (address: string) => `${WORLD}---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: db, namespace: shop }
spec: { hosts: [db.example.com], addresses: [${address}], ports: [{ name: tcp, number: 3306, protocol: TCP }], resolution: DNS }
`;
    expect(told(at('10.5.0.1'), at('10.5.0.2'))).toEqual([
      'connection-removed of 10.5.0.1: connections, db.example.com:3306 to passed through to the called address, without any rule; '
      + 'tcp://10.5.0.1:3306',
      'connection-added of 10.5.0.2: connections, passed through to the called address, without any rule to db.example.com:3306; '
      + 'tcp://10.5.0.2:3306',
    ]);
  });

  test('are no longer routed for the address of a service that becomes headless; its name then stands for its pods', () => {
    const at = (address: string) => `${WORLD}---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { ${address}selector: { app: db }, ports: [{ name: tcp, port: 3306 }] }
`;
    expect(told(at('clusterIP: 10.9.0.1, '), at('clusterIP: None, '))).toEqual([
      'connection-removed of 10.9.0.1: connections, db.shop:3306 to passed through to the called address, without any rule; '
      + 'tcp://10.9.0.1:3306',
    ]);
    expect(told(at(''), at('clusterIP: None, '))).toEqual([]);
  });

  test('depend on the address of a service that the input does not state', () => {
    const db = (subset: string) => ranges('db.shop.svc.cluster.local', ['10.1.0.0/16', subset]);
    expect(told(db('v1'), db('v2'))).toEqual([
      'connection-shares of db.shop.svc.cluster.local: connections, if the address of the service is in 10.1.0.0/16, '
      + 'v1 of catalog.shop:80 to v2 of catalog.shop:80',
    ]);
    const stated = (text: string) => text.replace('selector: { app: db }', 'clusterIP: 10.9.0.1, selector: { app: db }');
    expect(told(stated(db('v1')), stated(db('v2')))).toEqual([]);
  });
});
