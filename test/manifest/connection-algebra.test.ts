import * as fc from 'fast-check';
import type { ConnectionTerm } from '../../src/manifest/condition';
import {
  areConnectionsApart,
  connectionText,
  haveOtherCallers,
  isConnectionWithin,
  takesEveryConnection,
} from '../../src/manifest/connection-algebra';
import { cidrOf, isCidrWithin } from '../../src/traffic/cidr';

const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const term: fc.Arbitrary<ConnectionTerm> = fc.record({
  sniHosts: some(['a.x', 'b.x', '*.x', 'y']),
  destinationSubnets: some(['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', 'fd00::/8']),
  sourceLabels: fc.constantFrom<{ [key: string]: string }>({ app: 'web' }, { app: 'job' }, { app: 'web', stage: 'test' }),
  sourceNamespace: fc.constantFrom('shop', 'data'),
}, { requiredKeys: [] });

const connections = ['a.x', 'b.x', 'c.x', 'y', 'z'].flatMap(sni => [
  '10.1.2.3',
  '10.1.9.9',
  '10.9.9.9',
  '192.168.0.1',
  'fd00::1',
].flatMap(address =>
  [{}, { app: 'web' }, { app: 'job' }, { app: 'web', stage: 'test' }, { app: 'job', stage: 'test' }].flatMap(labels =>
    ['shop', 'data', 'other'].map(namespace => ({ sni, address, labels: labels as { [key: string]: string }, namespace })))));

function meets(
  connection: typeof connections[number],
  { sniHosts, destinationSubnets, sourceLabels, sourceNamespace }: ConnectionTerm,
): boolean {
  return (!sniHosts || sniHosts.some(sni => (sni.startsWith('*') ? connection.sni.endsWith(sni.slice(1)) : connection.sni === sni)))
    && (!destinationSubnets || destinationSubnets.some(
      subnet =>
        cidrOf(connection.address)!.bits.startsWith(cidrOf(subnet)!.bits) && connection.address.includes(':') === subnet.includes(':'),
    ))
    && Object.entries(sourceLabels ?? {}).every(([key, value]) => connection.labels[key] === value)
    && (sourceNamespace === undefined || connection.namespace === sourceNamespace);
}

describe('conditions on connections', () => {
  test('"within" means that every connection of one meets the other, "apart" that none does, for all possible connections', () => {
    fc.assert(fc.property(term, term, (a, b) => {
      const ofA = connections.filter(connection => meets(connection, a));
      if (isConnectionWithin(a, b)) expect(ofA.every(connection => meets(connection, b))).toBe(true);
      if (areConnectionsApart(a, b)) expect(ofA.some(connection => meets(connection, b))).toBe(false);
      if (haveOtherCallers(a, b)) expect(areConnectionsApart(a, b)).toBe(true);
      expect(areConnectionsApart(a, b)).toBe(areConnectionsApart(b, a));
      expect(isConnectionWithin(a, a)).toBe(true);
      if (takesEveryConnection(a)) expect(ofA).toEqual(connections);
    }), { numRuns: 300 });
  });

  test('the sort key does not depend on the order of lists and labels', () => {
    expect(connectionText({ sniHosts: ['b', 'a'], sourceLabels: { y: '1', x: '2' } })).toBe(
      connectionText({ sourceLabels: { x: '2', y: '1' }, sniHosts: ['a', 'b'] }),
    );
  });

  test.each([
    ['10.0.0.1', 32], ['10.0.0.0/8', 8], ['0.0.0.0/0', 0], ['::', 128], ['::1/64', 64], ['fd00:1:2:3:4:5:6:7', 128], ['fd00::/8', 8],
    ['::ffff:10.1.2.3', 128], ['1:2:3:4:5:6:10.1.2.3/112', 112], ['1::', 128],
  ])('%s is a block of %i bits', (text, bits) => {
    expect(cidrOf(text)?.bits).toHaveLength(bits);
  });

  test.each([
    '', 'a', '10.0.0', '10.0.0.256', '010.0.0.1', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', ':::', '1::2::3', '1:2:3:4:5:6:7:8:9',
    'fd00::/129', 'g::', ':', '1:2', '01.2.3.4', '10.0.0.0/08', 'fe80::1%eth0', '10.1.2.3::',
  ])('%s is not a block', text => {
    expect(cidrOf(text)).toBeUndefined();
  });

  test('host bits are not a condition, and IP versions are disjoint', () => {
    expect(isCidrWithin('10.1.2.3/8', '10.0.0.0/8') && isCidrWithin('10.0.0.0/8', '10.1.2.3/8')).toBe(true);
    expect(isCidrWithin('::/128', '0.0.0.0/0')).toBe(false);
    expect(isCidrWithin('::ffff:10.1.2.3', '::ffff:0a01:0200/120') && isCidrWithin('1::8', '1:0:0:0:0:0:0:8')).toBe(true);
  });
});
