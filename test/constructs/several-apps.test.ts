import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import {
  IngressGateway, MeshEnvironment, MeshEnvironments, MeshService, PublicHost, RequestPolicy, ServicePort, StringMatch, TrafficRoute,
} from 'cdk8s-istio';

function shopOf(environment: MeshEnvironment): { chart: Chart; cart: MeshService } {
  const chart = new Chart(environment, 'shop', { namespace: environment.namespace });
  return { chart, cart: new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] }) };
}

describe('a construct of another environment', () => {
  const [dev, prod] = ['dev', 'prod'].map(name => shopOf(new MeshEnvironment({ name, namespace: 'shop' })));

  test('takes no policy, because it would change the manifests of the other one', () => {
    expect(errorOf(() => new RequestPolicy(prod.chart, 'Policy', { service: dev.cart, timeout: Duration.seconds(1) })))
      .toBe('environment \'prod\': shop/Policy: service is \'shop/Cart\' of environment \'dev\'; '
        + 'use the one in the App of this construct, or MeshService.fromName() for a target');
  });

  test('takes no requests, as a service or as a subset', () => {
    const v1 = dev.cart.addSubset('v1', { labels: { version: 'v1' } });
    for (const target of [dev.cart, v1]) {
      expect(
        errorOf(
          () =>
            new TrafficRoute(prod.chart, `To${target.host}${target === v1}`, {
              service: prod.cart,
              target,
              matches: [{ uri: StringMatch.exact('/a') }],
            }),
        ),
      )
        .toContain('target is \'shop/Cart\' of environment \'dev\'');
    }
  });

  test('exposes nothing', () => {
    const host = new PublicHost(dev.chart, 'Host', { gateway: new IngressGateway(dev.chart, 'Gateway'), host: 'shop.example.com' });
    expect(errorOf(() => prod.cart.exposeVia(host))).toContain(
      "environment 'prod': shop/Cart: publicHost is 'shop/Host' of environment 'dev'",
    );
  });
});

test('one synth names the errors of all environments, and writes those without', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'environments-'));
  const environments = new MeshEnvironments({ outdir, environments: ['dev', 'stage', 'prod'].map(name => ({ name, namespace: 'shop' })) });
  for (const environment of environments.selected) {
    const { cart } = shopOf(environment);
    if (environment.environmentName !== 'stage') cart.routeDefaultTo(cart.subset('v9'));
  }
  const error = errorOf(() => environments.synth());
  expect(error).toMatch(/^environment 'dev': [^']*\[shop\/Cart\]/m);
  expect(error).toMatch(/^environment 'prod': [^']*\[shop\/Cart\]/m);
  expect(error).not.toContain('stage');
  expect(readdirSync(join(outdir, 'stage'))).not.toEqual([]);
});
