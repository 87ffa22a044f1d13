import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Duration, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { callsSource } from '../../scripts/calls';
import { accepted } from '../../src/traffic/accepted';
import type { Call } from '../../src/traffic/accepted';
import { CALLS, ENUMS, IMPLEMENTATIONS, INSTANCES, STRUCTS } from '../../src/traffic/calls.generated';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import * as library from 'cdk8s-istio';

const { CanaryRelease, ExternalDependency, MeshService, ServicePort, StringMatch, TrafficRoute } = library;
const SOURCES = join(__dirname, '../../src');

function sources(folder: string): string {
  return readdirSync(folder).map(name => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : readFileSync(path, 'utf8');
  }).join('\n');
}

test('the table of calls is what the declarations say', () => {
  expect(readFileSync(join(SOURCES, 'traffic/calls.generated.ts'), 'utf8')).toBe(callsSource());
});

test('every public constructor and method checks and copies its arguments', () => {
  const text = sources(SOURCES);
  const takes = (name: string, parameters: readonly string[]) => [`accepted('${name}', [${parameters.join(', ')}]`,
    ...parameters.length === 1 ? [`acceptedArgument('${name}', ${parameters[0]}`] : []].some(taking => text.includes(taking));
  expect(Object.entries(CALLS).filter(([name, parameters]) => !takes(name, Object.keys(parameters))).map(([name]) => name)).toEqual([]);
});

class Instance {}

/** A value of the right type; whether it makes sense is checked later than its type. */
function sample(type: string): unknown {
  const bare = type.replace('?', '');
  if (bare.endsWith('[]')) return [sample(bare.slice(0, -2))];
  if (bare.startsWith('{')) return { 'a-key': sample(bare.slice(1, -1)) };
  if (STRUCTS[bare] !== undefined) return Object.fromEntries(Object.entries(STRUCTS[bare]).map(([field, of]) => [field, sample(of)]));
  if (ENUMS[bare] !== undefined) return Object.values(ENUMS[bare])[0];
  if (INSTANCES[bare] !== undefined) {
    return Object.assign(new Instance(), Object.fromEntries(INSTANCES[bare].map(member => [member, undefined])));
  }
  return { string: 'a', number: 1, boolean: true, any: { any: 'thing' } }[bare];
}

/** Values of a wrong type, with what the error must say of each. */
function wrongValues(type: string): [value: unknown, saying: string][] {
  const bare = type.replace('?', '');
  const wrong: [unknown, string][] = type.endsWith('?') ? [[null, 'is null; omit it']] : [[undefined, 'is missing'], [null, 'is null']];
  wrong.push([Lazy.any({ produce: () => 1 }), 'is a Lazy']);
  wrong.push(bare === 'string' ? [5, 'is 5; use a string'] : ['odd', 'is \'odd\'']);
  if (bare === 'number') wrong.push([NaN, 'is NaN'], ['10', 'is \'10\', a string; use a number']);
  if (STRUCTS[bare] !== undefined) wrong.push([{ ...sample(bare) as object, urll: 1 }, 'urll is an unknown field']);
  return wrong;
}

/** Every place in an argument of this type, as the argument with a wrong value there. */
function* mistakes(type: string, what: string): Generator<{ argument: unknown; at: string; saying: string }> {
  const bare = type.replace('?', '');
  if (bare === 'any') return;
  for (const [argument, saying] of wrongValues(type)) yield { argument, at: what, saying };
  if (bare.endsWith('[]')) {
    for (const { argument, ...rest } of mistakes(bare.slice(0, -2), `${what}[0]`)) {
      if (argument !== undefined) yield { argument: [argument], ...rest };
    }
  } else if (bare.startsWith('{')) {
    for (const { argument, ...rest } of mistakes(bare.slice(1, -1), `${what}['a-key']`)) {
      if (argument !== undefined) yield { argument: { 'a-key': argument }, ...rest };
    }
  } else {
    for (const [field, of] of Object.entries(STRUCTS[bare] ?? {})) {
      for (const { argument, ...rest } of mistakes(of, what === '' ? field : `${what}.${field}`)) {
        yield { argument: { ...sample(bare) as object, [field]: argument }, ...rest };
      }
    }
  }
}

/** Calls the function of the library itself, as plain JavaScript would. */
function call(name: string, args: readonly unknown[], chart: Construct): unknown {
  const [className, method] = name.split('.');
  const type = (library as unknown as { [name: string]: { prototype: object; new(...all: unknown[]): object } })[className];
  if (method === undefined) return /^MeshEnvironments?$/.test(className) ? new type(...args) : new type(chart, 'X', ...args);
  const statics = type as unknown as { [name: string]: (...all: unknown[]) => unknown };
  if (statics[method] !== undefined) {
    return /^from(Name|Service)$/.test(method) ? statics[method](chart, 'X', ...args) : statics[method](...args);
  }
  const receiver = Object.assign(Object.create(type.prototype) as object, { node: chart.node, environmentName: 'dev' });
  return (type.prototype as typeof statics)[method].call(receiver, ...args);
}

test.each(Object.keys(CALLS))('%s names the field of every argument of a wrong type', name => {
  const parameters = Object.entries<string>(CALLS[name as Call]);
  let tried = 0;
  for (const [i, [parameter, type]] of parameters.entries()) {
    const what = STRUCTS[type.replace('?', '')] === undefined ? parameter : '';
    for (const { argument, at, saying } of mistakes(type, what)) {
      // A parameter with a default takes undefined.
      const error = errorOf(() => call(name, parameters.map(([, of], j) => (i === j ? argument : sample(of))), newChart()));
      expect(error).toContain(saying);
      expect(error).toContain(saying.includes('unknown field') || at === '' ? ': ' : `: ${at} `);
      expect(error).not.toMatch(/Cannot read|is not a function|is not iterable|undefined:/);
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(0);
});

test('what a call takes is copied, so that a later change of the argument changes nothing', () => {
  for (const name of Object.keys(CALLS) as Call[]) {
    const given = Object.values<string>(CALLS[name]).map(sample);
    const taken = accepted(name, given, 'X');
    const before = JSON.stringify(taken);
    given.forEach(scramble);
    expect(JSON.stringify(taken)).toBe(before);
  }
});

/** Changes all plain data below a value. */
function scramble(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Instance) return;
  for (const inner of Object.values(value)) scramble(inner);
  if (Array.isArray(value)) value.push('changed');
  else for (const key of Object.keys(value)) (value as { [key: string]: unknown })[key] = 'changed';
}

describe('programs in plain JavaScript', () => {
  test('one object of labels that a loop changes gives each subset its own version', () => {
    const chart = newChart();
    const service = new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] });
    const labels: { [key: string]: string } = { app: 'cart' };
    for (const version of ['v1', 'v2']) {
      labels.version = version;
      service.addSubset(version, { labels });
    }
    const [rule] = manifests(chart).filter(({ kind }) => kind === 'DestinationRule');
    expect(rule.spec.subsets.map((subset: { labels: object }) => subset.labels)).toEqual([
      { app: 'cart', version: 'v1' },
      { app: 'cart', version: 'v2' },
    ]);
  });

  test('a misspelt condition is an error, not a route for every request', () => {
    const chart = newChart();
    const service = new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] });
    expect(
      errorOf(() => new TrafficRoute(chart, 'Route', { service, target: service, matches: [{ url: StringMatch.prefix('/a') } as never] })),
    )
      .toBe('chart/Route: matches[0].url is an unknown field; use uri');
  });

  test('a percentage that is a string is named as a string', () => {
    const chart = newChart();
    const service = new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] });
    const [stable, canary] = ['v1', 'v2'].map(version => service.addSubset(version, { labels: { version } }));
    expect(errorOf(() => new CanaryRelease(chart, 'Canary', { service, stable, canary, canaryPercent: '10' as never })))
      .toBe('chart/Canary: canaryPercent is \'10\', a string; use a number');
  });

  test('a number that is a bigint is named as a bigint', () => {
    const chart = newChart();
    const service = new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] });
    expect(errorOf(() => new library.RequestPolicy(chart, 'Policy', { service, retries: { attempts: BigInt(2) as never } })))
      .toBe('chart/Policy: retries.attempts is 2n, a bigint; use a number');
  });

  test('an argument that is a construct of another library names what it can be', () => {
    expect(errorOf(() => MeshService.fromService(newChart(), 'Cart', { kind: 'Service' } as never)))
      .toBe('chart/Cart: service is {"kind":"Service"}, an object; use a construct with a Kubernetes object: an ApiObject, or one of cdk8s-plus');
    expect(errorOf(() => new library.MeshEnvironments({ environments: [{ name: 'dev', namespace: 'shop' }] }).addCharts({} as never)))
      .toBe('MeshEnvironments.addCharts: charts is {}, an object; use an object with addTo');
  });

  test('a missing argument names what is required', () => {
    expect(errorOf(() => new ExternalDependency(newChart(), 'Pay', undefined as never)))
      .toBe('chart/Pay: the argument is missing; ExternalDependencyProps requires hosts, ports, resolution');
  });

  test('data that contains itself is an error', () => {
    const settings: { [key: string]: unknown } = {};
    settings.self = [settings];
    expect(errorOf(() => new library.MeshEnvironment({ name: 'dev', namespace: 'shop', settings })))
      .toBe("environment 'dev': settings['self'] contains itself; use data without cycles");
    expect(errorOf(() => library.ClusterFacts.of(settings))).toBe("ClusterFacts.of: fields['self'] contains itself; use data without cycles");
  });

  test('a scope that is null names the construct', () => {
    const service = new MeshService(newChart(), 'Cart', { name: 'cart', ports: [ServicePort.http(80)] });
    expect(errorOf(() => new library.RequestPolicy(null as never, 'Policy', { service, timeout: Duration.seconds(1) })))
      .toBe('Policy: the first argument, its scope, is missing; use a Chart, or a construct in a Chart');
  });

  test.each([null, undefined])('a scope that is %s names the construct, and asks for a chart', scope => {
    const message = (id: string) => `${id}: the first argument, its scope, is missing; use a Chart, or a construct in a Chart`;
    expect(errorOf(() => new MeshService(scope as never, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] }))).toBe(message('Cart'));
    expect(errorOf(() => new library.EgressGateway(scope as never, 'Exit'))).toBe(message('Exit'));
    expect(errorOf(() => new library.TrafficChecks(scope as never, 'Checks'))).toBe(message('Checks'));
  });

  test('a scope that is an App names the construct, and asks for a chart', () => {
    expect(errorOf(() => new MeshService(new App(), 'Cart', { name: 'cart', ports: [ServicePort.http(80)] })))
      .toBe('Cart: it is outside of any chart; create it in a Chart');
  });

  test('an object with the fields of a StringMatch and a value of a wrong type is an error', () => {
    const chart = newChart();
    const service = new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] });
    expect(errorOf(() => new TrafficRoute(chart, 'Route', { service, matches: [{ uri: { kind: 'exact', value: 5 } as never }] })))
      .toBe('chart/Route: matches[0].uri is not a StringMatch; use StringMatch.exact(), prefix() or regex()');
  });

  test('an object of another library in place of one of ours names its class', () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    const object = new ApiObject(chart, 'Map', { apiVersion: 'v1', kind: 'ConfigMap' });
    expect(
      errorOf(
        () =>
          new CanaryRelease(chart, 'Canary', {
            service: object as never,
            stable: object as never,
            canary: object as never,
            canaryPercent: 1,
          }),
      ),
    )
      .toBe(`chart/Canary: service is an object of the class ApiObject; use an IOwnedService: ${IMPLEMENTATIONS.IOwnedService.join(', ')}`);
    expect(errorOf(() => StringMatch.exact(Duration.seconds(1) as never))).toBe(
      'StringMatch.exact: value is an object of the class Duration; use a string',
    );
  });
});
