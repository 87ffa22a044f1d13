import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { fail } from '../traffic/problem';

/** The objects that an object depends on, with the reason for messages. */
type Reasons = Map<ApiObject, string>;

/** The objects of a source, and the dependencies of each. */
export class ManifestOrder {
  public readonly objects: readonly ApiObject[];
  private readonly waits = new Map<ApiObject, Reasons>();
  private readonly others = new Map<ApiObject, Set<ApiObject>>();

  constructor(source: IConstruct) {
    this.objects = objectsBelow(source);
    for (const object of this.objects) this.waits.set(object, new Map());
    this.explicitDependencies(source);
    this.namespacesFirst();
    this.subsetsFirst();
  }

  /** The dependencies of an object within the source. */
  public before(object: ApiObject): ApiObject[] {
    return [...this.waits.get(object)!.keys()];
  }

  /** The dependencies of an object outside the source. */
  public outside(object: ApiObject): ApiObject[] {
    return [...this.others.get(object) ?? []];
  }

  /** The objects, each after its dependencies, and otherwise in the order of the source. A cycle fails at `at`. */
  public sorted(at: IConstruct): ApiObject[] {
    const done = new Set<ApiObject>();
    const under: ApiObject[] = [];
    const visit = (object: ApiObject) => {
      if (done.has(object)) return;
      if (under.includes(object)) fail(at, this.cycle([...under.slice(under.indexOf(object)), object]));
      under.push(object);
      this.before(object).forEach(visit);
      under.pop();
      done.add(object);
    };
    this.objects.forEach(visit);
    return [...done];
  }

  private cycle(path: readonly ApiObject[]): string {
    const steps = path
      .slice(0, -1)
      .map((object, i) => `${object.node.path} depends on ${path[i + 1].node.path} (${this.waits.get(object)!.get(path[i + 1])})`);
    return `dependencies form a cycle: ${steps.join(', ')}; remove one of these dependencies`;
  }

  private wait(object: ApiObject, other: ApiObject, why: string): void {
    const waits = this.waits.get(object)!;
    if (object === other || waits.has(other)) return;
    if (this.waits.has(other)) waits.set(other, why);
    else this.others.set(object, (this.others.get(object) ?? new Set()).add(other));
  }

  /**
   * Dependencies as in cdk8s: those of a construct apply to the objects in it, up to the next chart. A chart depends on the charts in it.
   */
  private explicitDependencies(source: IConstruct): void {
    for (const from of [...source.node.scopes.slice(0, -1), ...source.node.findAll()]) {
      const targets = new Set(from.node.dependencies);
      if (Chart.isChart(from)) from.node.children.filter(Chart.isChart).forEach(nested => targets.add(nested));
      if (targets.size === 0) continue;
      const waiting = objectsOf(from).filter(object => this.waits.has(object));
      for (const to of targets) {
        const others = objectsOf(to);
        for (const object of waiting) for (const other of others) this.wait(object, other, 'explicit dependency');
      }
    }
  }

  /** A namespace comes before the objects in it. */
  private namespacesFirst(): void {
    const namespaces = new Map(this.objects.filter(o => o.kind === 'Namespace' && o.apiVersion === 'v1').map(o => [o.name, o]));
    if (namespaces.size === 0) return;
    for (const object of this.objects) {
      const namespace = namespaces.get(object.metadata.namespace ?? '');
      if (namespace && object.kind !== 'Namespace') this.wait(object, namespace, 'namespace of the object');
    }
  }

  /** A DestinationRule comes before the routes to its host, so a subset exists before requests go to it. */
  private subsetsFirst(): void {
    const istio = (kind: string) => this.objects.filter(o => o.kind === kind && o.apiVersion.startsWith('networking.istio.io/'));
    const rules = new Map<string, ApiObject[]>();
    for (const rule of istio('DestinationRule')) {
      const { host } = specOf(rule);
      if (typeof host === 'string') rules.set(host, [...rules.get(host) ?? [], rule]);
    }
    if (rules.size === 0) return;
    for (const routes of istio('VirtualService')) {
      for (const host of destinationsOf(specOf(routes))) {
        for (const rule of rules.get(host) ?? []) this.wait(routes, rule, 'subsets before the routes to them');
      }
    }
  }
}

export function objectsBelow(scope: IConstruct): ApiObject[] {
  return scope.node.findAll().filter(c => ApiObject.isApiObject(c));
}

/** The objects in a construct that belong to its own chart, not to a nested chart. */
function objectsOf(scope: IConstruct): ApiObject[] {
  const chart = nearestChart(scope);
  return objectsBelow(scope).filter(object => chart === undefined || Chart.of(object) === chart);
}

function nearestChart(scope: IConstruct): Chart | undefined {
  return scope.node.scopes.reverse().find(Chart.isChart);
}

function specOf(object: ApiObject): { readonly [field: string]: unknown } {
  return (object.toJson() as { spec?: { [field: string]: unknown } }).spec ?? {};
}

/** The hosts of the destinations and mirrors of a VirtualService. */
function destinationsOf(value: unknown): Set<string> {
  const hosts = new Set<string>();
  const look = (part: unknown) => {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, child] of Object.entries(part)) {
      const host = (child as { host?: unknown } | null)?.host;
      if ((key === 'destination' || key === 'mirror') && typeof host === 'string') hosts.add(host);
      else look(child);
    }
  };
  look(value);
  return hosts;
}
