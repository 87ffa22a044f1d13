import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Values } from './values';
import { CALLS, ENUMS, STRUCTS } from '../../src/traffic/calls.generated';
import { Dice } from '../fuzz/dice';
import * as library from 'cdk8s-istio';

/** The constructs that a program draws. */
const CONSTRUCTS = ['TrafficRoute', 'TcpRoute', 'TlsRoute', 'DarkLaunch', 'CanaryRelease', 'TrafficDefaults', 'MirroredService', 'RequestPolicy', 'FaultInjection',
  'CircuitBreakerPolicy', 'LoadBalancerPolicy', 'ClientTls', 'ProxyProtocol', 'Tunnel', 'WorkloadAccess', 'WorkloadAccess', 'AccessPolicy',
  'TokenAuthentication', 'EgressPolicy', 'AccessLogging', 'Tracing',
  'ExternalDependency', 'EgressGateway', 'IngressGateway', 'PublicHost', 'Delegation', 'DelegatedHost', 'MeshService',
  'MeshEnvironment', 'TrafficChecks'] as const;
/** The methods of services that a program calls. */
const METHODS = ['MeshService.addSubset', 'MeshService.routeDefaultTo', 'MeshService.exposeVia', 'MeshService.retireSubset', 'ExternalDependency.leaveVia',
  'ExternalDependency.originateTls', 'MeshEnvironment.publicHost', 'MeshEnvironment.namespaceOf', 'MeshEnvironment.number',
  'MeshEnvironment.duration', 'MeshEnvironment.texts', 'MeshEnvironment.isIstioAtLeast'] as const;

/** Functions without arguments that create an object of a class. */
const BARE: { readonly [type: string]: readonly string[] } = {
  PolicyScope: ['PolicyScope.mesh', 'PolicyScope.namespace'],
  StringMatch: ['StringMatch.present'],
  AccessAction: ['AccessAction.allow', 'AccessAction.deny', 'AccessAction.deny', 'AccessAction.audit'],
  Caller: ['Caller.anyWorkload', 'Caller.anyone'],
};

/** Structs with groups of fields of which exactly one is set. istiod would fetch keys at a URL, so they are always given. */
const ONE_OF: { readonly [struct: string]: readonly (readonly string[])[] } = {
  WorkloadAccessProps: [['service', 'service', 'gateway']],
  TokenAuthenticationProps: [['service', 'gateway', 'scope'], ['jwks']],
};
/** Fields that a program leaves out. */
const LEFT_OUT = ['jwksUri'];

type Callable = { new(...args: readonly unknown[]): object } & { readonly [method: string]: (...args: readonly unknown[]) => unknown };

const exported = library as unknown as { readonly [name: string]: Callable };
const calls: { readonly [call: string]: { readonly [parameter: string]: string } } = CALLS;

/** A call that was refused, or the synth. */
export interface Refusal {
  readonly call: string;
  readonly error: unknown;
}

/** What a program did: its accepted calls in words, and the documents, if synth accepted all of them. */
export interface Outcome {
  readonly id: string;
  readonly calls: readonly string[];
  readonly documents?: readonly object[];
  readonly refusals: readonly Refusal[];
}

/**
 * A program of random calls, determined by its seed. It goes on without the calls that are refused. More than half have odd values, and one
 * of ten has values that only plain JavaScript passes.
 */
export class Program {
  private readonly dice: Dice;
  private readonly values: Values;
  private readonly app = new App();
  private readonly chart = new Chart(this.app, 'shop', { namespace: 'shop' });
  /** Objects by the types that they can be used as. */
  private readonly pool = new Map<string, unknown[]>();
  private readonly told: string[] = [];
  private readonly refusals: Refusal[] = [];

  constructor(private readonly seed: number) {
    this.dice = new Dice(seed);
    this.values = new Values(this.dice, this.dice.chance(0.6) ? this.dice.pick([0.05, 0.2, 0.5]) : 0, this.dice.chance(0.1) ? 0.1 : 0);
  }

  public run(): Outcome {
    const id = `program ${this.seed}`;
    this.world();
    const count = this.dice.int(1, 8);
    for (let i = 0; i < count && this.told.length < 3; i++) this.step(i);
    const documents =
      this.told.length === 0 ? undefined : this.tried('synth', () => this.app.charts.flatMap(chart => chart.toJson() as object[]));
    return { id, calls: this.told, documents, refusals: this.refusals };
  }

  /** The result of a call; undefined if it is refused. */
  private tried<T>(call: string, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.refusals.push({ call, error });
      return undefined;
    }
  }

  /** Services, versions, a dependency, gateways and a host, for statements about them. */
  private world(): void {
    const service = new ApiObject(this.chart, 'catalog-service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'catalog' },
      spec: { selector: { app: 'catalog' }, ports: [{ name: 'http', port: 80, targetPort: 3000 }] },
    });
    const workload = new ApiObject(this.chart, 'catalog-deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'catalog' },
      spec: { selector: { matchLabels: { app: 'catalog' } }, template: { metadata: { labels: { app: 'catalog' } } } },
    });
    for (const construct of [workload, workload, workload, service]) this.add(construct, ['IConstruct']);
    this.add(new library.MeshEnvironment({ name: 'dev', namespace: 'shop', settings: { web: 1, x: ['a'] } }), ['MeshEnvironment']);
    const catalog = library.MeshService.fromService(this.chart, 'Catalog', service);
    const orders = new library.MeshService(this.chart, 'Orders', {
      name: 'orders',
      ports: [
        library.ServicePort.http(80),
        library.ServicePort.tcp(5432),
        library.ServicePort.tls(8443),
      ],
      selector: { app: 'orders' },
    });
    for (const version of ['v1', 'v2', 'v3']) {
      this.add(catalog.addSubset(version, { labels: { version } }), ['Subset', 'ITrafficTarget', 'ITrafficTarget']);
    }
    for (const one of [catalog, orders]) this.add(one, ['MeshService', 'IOwnedService', 'ITrafficTarget']);
    this.add(catalog, ['IOwnedService']);
    const api = new library.ExternalDependency(this.chart, 'Api', {
      hosts: ['api.example.net'], ports: [library.ServicePort.http(80), library.ServicePort.tls(443)], resolution: library.Resolution.DNS,
    });
    this.add(api, ['ExternalDependency', 'IOwnedService']);
    if (this.dice.chance(0.2)) {
      const port = this.dice.pick([library.ServicePort.http, library.ServicePort.grpc])(80);
      const partner = new library.ExternalDependency(this.chart, 'Partner', {
        hosts: ['*.example.net'], ports: [port, library.ServicePort.tls(443)], resolution: library.Resolution.DYNAMIC_DNS,
      });
      if (this.dice.chance(0.5)) partner.originateTls({ port: 80 });
      this.add(partner, ['ExternalDependency', 'IOwnedService']);
    }
    this.add(library.Audience.mesh(), ['Audience']);
    if (this.dice.chance(0.4)) {
      const gateway = new library.IngressGateway(this.chart, 'Gateway');
      const host = new library.PublicHost(this.chart, 'Host', { gateway, host: 'shop.example.com' });
      catalog.exposeVia(host);
      this.add(gateway, ['IngressGateway']);
      this.add(host, ['PublicHost', 'IPublicHost']);
      this.add(library.Audience.publicHost(host), ['Audience']);
    }
    if (this.dice.chance(0.2)) {
      const egress = new library.EgressGateway(this.chart, 'Egress');
      api.leaveVia(egress);
      this.add(egress, ['EgressGateway', 'IOwnedService']);
    }
    if (this.dice.chance(0.6)) catalog.routeDefaultTo(catalog.subset('v1'));
  }

  private step(i: number): void {
    const method = this.dice.chance(0.15) ? this.dice.pick(METHODS) : undefined;
    const construct = this.dice.pick(CONSTRUCTS);
    const args = this.tried(`values of ${method ?? construct}`, () => this.argumentsOf(method ?? construct));
    if (!args) return;
    const call = `${method ?? `new ${construct}`}(${args.map(words).join(', ')})`;
    const made = this.tried(call, () => {
      if (method === undefined) return this.made(construct, `${construct}${i}`, args);
      const [type, name] = method.split('.');
      return (this.dice.pick(this.pool.get(type)!) as Callable)[name](...args) ?? {};
    });
    if (made === undefined) return;
    this.told.push(call);
    if (method === undefined) this.tried(`the rest of ${call}`, () => this.complete(construct, made, i));
    this.add(made, method === undefined ? typesOf(construct) : method === 'MeshService.addSubset' ? ['Subset', 'ITrafficTarget'] : []);
  }

  private made(construct: string, id: string, args: readonly unknown[]): object {
    // An environment is an app of its own. Checks print the warnings of their app, so theirs is empty.
    if (construct === 'MeshEnvironment') return new exported[construct](...args);
    const chart: Construct = construct === 'TrafficChecks' ? new Chart(new App(), 'shop') : this.chart;
    return new exported[construct](chart, id, ...args);
  }

  /** Gives gateways a host, and hosts a service, without which synth refuses them. */
  private complete(construct: string, made: object, i: number): void {
    const { MeshService, PublicHost, ExternalDependency, ServicePort, Resolution } = library;
    if (construct === 'EgressGateway') {
      const hosts = [`leaving${i}.example.net`];
      new ExternalDependency(this.chart, `Leaving${i}`, { hosts, ports: [ServicePort.http(80)], resolution: Resolution.DNS })
        .leaveVia(made as library.EgressGateway);
    }
    const host = construct === 'IngressGateway'
      ? new PublicHost(this.chart, `Host${i}`, { gateway: made as library.IngressGateway, host: `host${i}.example.com` }) : made;
    if (!['IngressGateway', 'PublicHost', 'Delegation', 'DelegatedHost'].includes(construct)) return;
    const ports = [ServicePort.http(80), ServicePort.tcp(5432), ServicePort.tls(8443)];
    const service = new MeshService(this.chart, `Exposed${i}`, { name: `exposed${i}`, ports, selector: { app: `exposed${i}` } });
    const port = (host as { readonly _listeners?: readonly library.Listener[] })._listeners?.[0];
    service.exposeVia(host as library.IPublicHost, { port: port?.protocol === 'TCP' ? 5432 : port?.protocol === 'TLS' ? 8443 : 80 });
  }

  private argumentsOf(call: string): unknown[] {
    return Object.entries(calls[call] ?? {}).map(([name, type]) => this.valueOf(type, name, name, 0));
  }

  /** A value of a type from the table of calls. `map` is the field of the map or list that contains it. */
  private valueOf(type: string, field: string, map: string, depth: number): unknown {
    if (type.endsWith('?')) {
      const likely = depth === 0 ? 0.7 : 0.25;
      return this.dice.chance(likely) ? this.valueOf(type.slice(0, -1), field, map, depth) : undefined;
    }
    const foreign = this.values.foreign();
    if (foreign) return foreign.value;
    if (type.endsWith('[]')) {
      return this.dice.times(this.dice.chance(0.03) ? 0 : 1, 2, () => this.valueOf(type.slice(0, -2), field, field, depth + 1));
    }
    if (type.startsWith('{')) {
      const count = this.dice.int(1, 2);
      return Object.fromEntries(
        Array.from({ length: count }, () => [this.values.key(field), this.valueOf(type.slice(1, -1), 'value', field, depth + 1)]),
      );
    }
    if (type === 'string') return this.values.string(field, map);
    if (type === 'number') return this.values.number(field);
    if (type === 'boolean') return this.dice.chance(0.5);
    if (type === 'Duration') return this.values.duration();
    if (type === 'any') return this.values.string(field, map);
    if (ENUMS[type]) return this.dice.pick(Object.values(ENUMS[type]));
    if (STRUCTS[type]) return this.structOf(type, depth);
    return this.objectOf(type, depth);
  }

  private structOf(type: string, depth: number): object {
    const groups = ONE_OF[type] ?? [];
    const picked = groups.map(group => this.dice.pick(group));
    const isTaken = (field: string) => picked.includes(field) || (!LEFT_OUT.includes(field) && !groups.flat().includes(field));
    const fields = Object.entries(STRUCTS[type]).filter(([field]) => isTaken(field)).map(([field, of]) => (
      [field, this.valueOf(picked.includes(field) ? of.replace('?', '') : of, field, field, depth + 1)] as const
    ));
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }

  /** An existing object of a class, or one that a function of the class creates. */
  private objectOf(type: string, depth: number): unknown {
    const there = this.pool.get(type) ?? [];
    const factories = Object.keys(calls).filter(
      call => call.startsWith(`${type}.`) && typeof exported[type]?.[call.split('.')[1]] === 'function',
    )
      .filter(() => type !== 'MeshService' && type !== 'Audience');
    const bare = BARE[type] ?? [];
    if (there.length > 0) return this.dice.pick(there);
    if (factories.length === 0) return undefined;
    const call = this.dice.pick([...factories, ...bare.filter(one => typeof exported[type][one.split('.')[1]] === 'function')]);
    const args = Object.entries(calls[call] ?? {}).map(([name, of]) => this.valueOf(of, name, name, depth + 1));
    return exported[type][call.split('.')[1]](...args);
  }

  private add(object: unknown, types: readonly string[]): void {
    for (const type of types) this.pool.set(type, [...this.pool.get(type) ?? [], object]);
  }
}

function typesOf(name: string): readonly string[] {
  switch (name) {
    case 'MeshService': return ['MeshService', 'IOwnedService', 'ITrafficTarget'];
    case 'ExternalDependency': return ['ExternalDependency', 'IOwnedService', 'ITrafficTarget'];
    case 'EgressGateway': return ['EgressGateway', 'IOwnedService'];
    case 'PublicHost': case 'Delegation': case 'DelegatedHost': return [name, 'IPublicHost'];
    case 'TrafficRoute': return [name, 'ITrafficRoute'];
    default: return [name];
  }
}

/** An argument in words. */
function words(value: unknown): string {
  const seen = new Set<unknown>();
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint' || typeof item === 'symbol' || typeof item === 'function') return String(item);
    if (typeof item !== 'object' || item === null) return item;
    const { node } = item as { readonly node?: { readonly path: string } };
    if (node) return `<${node.path}>`;
    if (seen.has(item)) return '…';
    seen.add(item);
    return item;
  }) as string | undefined;
  return (text ?? String(value)).slice(0, 400);
}
