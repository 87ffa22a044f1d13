import type { Chart } from 'cdk8s';
import * as fc from 'fast-check';
import type { ConnectionTerm } from '../../src/manifest/condition';
import { isConnectionWithin } from '../../src/manifest/connection-algebra';
import { cidrOf } from '../../src/traffic/cidr';
import { catalogOf, routed } from '../connections';
import { newChart } from '../manifests';
import type { TcpMatch } from 'cdk8s-istio';
import { ServicePort, TcpRoute } from 'cdk8s-istio';

describe('routes of connections', () => {
  /** The filter chains of istiod for `tcp` routes and a caller, and the chain that Envoy picks for an address. */
  function served(
    tcp: { match: (TcpMatch & { port: number })[]; route: { destination: { subset?: string } }[] }[],
    caller: { labels: { [k: string]: string }; namespace: string },
    address: string,
  ) {
    const chains: { subnets: string[]; to?: string }[] = [];
    for (const { match, route: [{ destination }] } of tcp) {
      const met = match.filter(
        m =>
          Object.entries(m.sourceLabels ?? {}).every(([k, v]) => caller.labels[k] === v)
          && (m.sourceNamespace ?? caller.namespace) === caller.namespace,
      );
      const ends = met.some(m => !m.destinationSubnets);
      const subnets = ends ? ['0.0.0.0/0'] : met.flatMap(m => m.destinationSubnets!);
      if (met.length > 0) chains.push({ subnets, to: destination.subset });
      if (ends) break;
    }
    const all = chains.flatMap(({ subnets, to }) => subnets.map(subnet => ({ bits: cidrOf(subnet)!.bits, to })));
    expect(new Set(all.map(({ bits }) => bits)).size).toBe(all.length);
    return all.filter(({ bits }) => cidrOf(address)!.bits.startsWith(bits)).sort((a, b) => b.bits.length - a.bits.length)[0]?.to;
  }

  test('serve each connection by the narrowest statement, else by the one with the lowest priority, or are rejected', () => {
    const match: fc.Arbitrary<TcpMatch> = fc.record({
      sourceLabels: fc.constantFrom<{ [key: string]: string }>({ app: 'web' }, { stage: 'test' }, { app: 'web', stage: 'test' }),
      sourceNamespace: fc.constantFrom('shop', 'jobs'),
      destinationSubnets: fc.subarray(['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16', '10.1.1.1'], { minLength: 1, maxLength: 2 }),
    }, { requiredKeys: [] }).filter(each => Object.keys(each).length > 0);
    let made = 0;
    fc.assert(fc.property(fc.array(fc.array(match, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 4 }), routes => {
      const chart: Chart = newChart();
      const catalog = catalogOf(chart, ServicePort.tcp(5432));
      routes.forEach((_, i) => catalog.addSubset(`r${i}`, { labels: { r: String(i) } }));
      routes.forEach(
        (matches, i) => new TcpRoute(chart, `R${i}`, { service: catalog, matches, target: catalog.subset(`r${i}`), priority: i }),
      );
      let tcp;
      try {
        tcp = routed(chart).tcp;
      } catch {
        return;
      }
      made++;
      for (const labels of [{}, { app: 'web' }, { app: 'web', stage: 'test' }] as { [k: string]: string }[]) {
        for (const namespace of ['shop', 'jobs']) {
          for (const address of ['10.1.1.1', '10.1.2.2', '10.2.0.1', '10.9.9.9', '192.168.0.1']) {
            const isIn = (subnet: string) => cidrOf(address)!.bits.startsWith(cidrOf(subnet)!.bits);
            const meets = (terms: readonly ConnectionTerm[]) => terms.some(t => (
              Object.entries(t.sourceLabels ?? {}).every(([k, v]) => labels[k] === v)
              && (t.sourceNamespace ?? namespace) === namespace
              && (t.destinationSubnets ?? ['0.0.0.0/0']).some(isIn)
            ));
            const met = routes.map((terms, i) => ({ terms, i })).filter(({ terms }) => meets(terms));
            const within = (a: readonly ConnectionTerm[], b: readonly ConnectionTerm[]) =>
              a.every(x => b.some(y => isConnectionWithin(x, y)));
            const to = served(tcp, { labels, namespace }, address);
            const taken = met.find(({ i }) => `r${i}` === to);
            expect(taken === undefined).toBe(met.length === 0);
            // It is narrower than any other that matches too, or comes before it by priority.
            const comesBefore = (i: number, terms: readonly ConnectionTerm[]) =>
              within(taken!.terms, terms) || (!within(terms, taken!.terms) && taken!.i < i);
            expect(met.every(({ terms, i }) => i === taken!.i || comesBefore(i, terms))).toBe(true);
          }
        }
      }
    }), { numRuns: 250 });
    expect(made).toBeGreaterThan(10);
  });
});
