import { withAliases } from '../../src/envoy/access/trust-domains';

describe('the trust domains of a principal, as in the tests of istiod', () => {
  const bar = (...domains: readonly string[]) => domains.map(domain => `${domain}/ns/foo/sa/bar`);

  test.each([
    ['the mesh has no other name', ['cluster.local'], bar('cluster.local'), bar('cluster.local')],
    ['it is an alias', ['td2', 'td1'], bar('td1'), bar('td2', 'td1')],
    ['it is neither', ['td1', 'td2'], bar('some-td'), bar('some-td')],
    ['it is a star', ['td1', 'cluster.local'], bar('*'), bar('*')],
    ['it ends an alias', ['td2', 'foo-td1', 'cluster.local'], bar('*-td1'), bar('td2', '*-td1', 'cluster.local')],
  ])('%s', (_, domains, principals, expected) => expect(withAliases(principals, domains)).toEqual(expected));

  test('cluster.local stands for the own trust domain, whatever that is called', () => {
    expect(withAliases(bar('cluster.local'), ['td2', 'td1'])).toEqual(bar('td2', 'td1'));
  });
});
