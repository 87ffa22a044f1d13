import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import {
  Audience, CanaryRelease, IngressGateway, MeshEnvironment, MeshEnvironments, MeshService, PublicHost, RequestPolicy, ServicePort,
  StringMatch, TrafficRoute,
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

describe('two sticky canaries of one public host', () => {
  function shop(cookies: readonly (string | undefined)[]): Chart {
    const chart = newChart();
    const host = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
    for (const [i, name] of ['cart', 'catalog'].entries()) {
      const service = new MeshService(chart, name, { name, ports: [ServicePort.http(80)] });
      const [stable, canary] = ['v1', 'v2'].map(version => service.addSubset(version, { labels: { version } }));
      service.exposeVia(host, { pathPrefix: `/${name}` });
      new CanaryRelease(service, 'Canary', {
        service,
        stable,
        canary,
        canaryPercent: 10,
        stickyCookie: {
          name: cookies[i],
          ttl: Duration.hours(1),
        },
        audiences: [Audience.publicHost(host)],
      });
    }
    return chart;
  }

  test('have different cookies by default', () => {
    const text = JSON.stringify(manifests(shop([undefined, undefined])));
    expect(text).toContain('cart-canary=v1; Max-Age=3600');
    expect(text).toContain('catalog-canary=v1; Max-Age=3600');
  });

  test('cannot share a name, because the cookie of one would select the version of the other', () => {
    expect(errorOf(() => manifests(shop(['version', 'version'])))).toContain(
      'catalog/Canary stores its version in the cookie \'version\', as chart/cart/Canary does for requests to the same host \'shop.example.com\'');
  });
});
