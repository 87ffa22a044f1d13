import * as fc from 'fast-check';
import { hostsOverlap, isHostWithin } from '../../src/manifest/host-name';
import { commonHosts, HostTable } from '../../src/manifest/host-table';

const host = fc.constantFrom(
  '*',
  '*.com',
  '*.shop.com',
  '*shop.com',
  '*.a.shop.com',
  '*.b.com',
  'shop.com',
  'a.shop.com',
  'b.a.shop.com',
  'b.com',
  'com',
  '.com',
);

describe('the hosts with a name in common', () => {
  test('equal the result of comparing with each', () => {
    fc.assert(fc.property(fc.array(host, { maxLength: 12 }), host, (hosts, asked) => {
      const table = new HostTable(hosts.map((one, i) => [one, i]));
      const expected = hosts.flatMap((one, i) => (hostsOverlap(one, asked) ? [i] : []));
      expect([...table.overlapping(asked)].sort((a, b) => a - b)).toEqual(expected);
    }), { numRuns: 2_000, seed: 15 });
  });

  test('of two lists are the narrower host of each pair, in the order of the first list', () => {
    const long = fc.array(host, { minLength: 8, maxLength: 30 });
    fc.assert(fc.property(long, long, (some, others) => {
      const expected = some.flatMap(a => others.flatMap(b => (isHostWithin(a, b) ? [a] : isHostWithin(b, a) ? [b] : [])));
      expect(commonHosts(some, others)).toEqual([...new Set(expected)]);
    }), { numRuns: 500, seed: 15 });
  });
});
