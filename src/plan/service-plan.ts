import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { HostPlan } from './host-plan';
import { PathFrame } from './path-frame';
import { PolicyPlan } from './policy-plan';
import type { Product, Split } from './product';
import { product } from './product';
import type { Audience, CohortStatement, Decoration, RouteStatement, SplitStatement, Statement, Target } from './statements';
import { concerns, describeTarget, destinationPort, isMirror, share } from './statements';
import { ejectionProblem } from '../traffic/outlier-detection';
import { fail } from '../traffic/problem';
import type { ServicePort } from '../traffic/service-port';

/** A public host's part that goes to a service. */
export interface Exposure {
  /** The construct that exposes. */
  readonly path: string;
  readonly service: ServicePlan;
  readonly host: HostPlan;
  readonly pathPrefix?: string;
  readonly rewrite?: string;
  /** The subset that serves where nothing else says so. */
  readonly subset?: string;
  readonly port?: number;
}

interface Subset {
  readonly path: string;
  readonly labels: { readonly [key: string]: string };
  readonly replicas?: number;
  retired: boolean;
}

/** What a service's owner knows of it. */
export interface ServiceFacts {
  readonly host: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  readonly replicas?: number;
}

/** Where the objects go once there is something to say; each is made at the first call. */
export interface ServiceSlots {
  destinationRule(): ApiObject;
  virtualService(): ApiObject;
}

const plans = new WeakMap<object, ServicePlan>();

/**
 * All that is stated about one host, by however many constructs, and what it comes to. Statements on one slot throw at once; what depends on
 * statements still to come is judged once, when the tree is validated or something is rendered.
 */
export class ServicePlan {
  /** The plan of a construct that owns one. */
  public static of(service: object, statement: IConstruct): ServicePlan {
    const plan = plans.get(service);
    if (plan) return plan;
    return fail(statement, 'the service comes from MeshService.fromName(), which serves as a target only; '
      + 'state policies where the service is described by `new MeshService()` or MeshService.fromService()');
  }

  public static peek(service: object): ServicePlan | undefined {
    return plans.get(service);
  }

  public readonly policies = new PolicyPlan();
  public readonly exposures: Exposure[] = [];
  /** The route `/` that every audience ends in. */
  public readonly defaultRoute: RouteStatement;

  private readonly routes: RouteStatement[] = [];
  private readonly cohorts: CohortStatement[] = [];
  private readonly splits: SplitStatement[] = [];
  private readonly decorations: Decoration[] = [];
  private readonly _subsets = new Map<string, Subset>();
  private version = 0;
  private judged?: { readonly version: number; readonly products: Map<string, Product>; readonly errors: readonly string[] };

  constructor(public readonly owner: IConstruct, public readonly facts: ServiceFacts, private readonly slots: ServiceSlots) {
    plans.set(owner, this);
    this.defaultRoute = { path: `${owner.node.path}.defaultRoute`, id: 'default', terms: [{}], stated: false };
  }

  public get httpPorts(): readonly number[] {
    return this.facts.ports.filter(port => port.isHttp).map(port => port.number);
  }

  public get subsets(): ReadonlyMap<string, Subset> {
    return this._subsets;
  }

  /** Grows with every statement, so that whoever renders knows whether what was judged still holds. */
  public get revision(): number {
    return this.version;
  }

  public target(subset?: string): Target {
    return { host: this.facts.host, subset, ports: this.httpPorts };
  }

  public addSubset(path: string, name: string, subset: Omit<Subset, 'path' | 'retired'>): void {
    const other = this._subsets.get(name);
    if (other) fail(path, `the subset '${name}' is already there, with labels ${JSON.stringify(other.labels)}; give this one another name`);
    this._subsets.set(name, { ...subset, path, retired: false });
    this.changed();
    this.slots.destinationRule();
  }

  public retireSubset(path: string, name: string): void {
    const subset = this._subsets.get(name) ?? fail(path, `${this.unknownSubset(name)}`);
    subset.retired = true;
    this.changed();
  }

  public addRoute(route: RouteStatement): void {
    const other = this.routes.find(r => r.id === route.id);
    if (other) fail(route.path, `the route name '${route.id}' is already taken by ${other.path}; state another \`name\``);
    this.routes.push(route);
    this.stated(route);
  }

  public addCohort(cohort: CohortStatement): void {
    const other = this.cohorts.find(c => c.id === cohort.id);
    if (other) fail(cohort.path, `the cohort name '${cohort.id}' is already taken by ${other.path}; state another \`name\``);
    this.cohorts.push(cohort);
    this.stated(cohort);
  }

  public addSplit(split: SplitStatement): void {
    const what = split.kind === 'default' ? 'default subset' : 'canary';
    const other = this.splits.find(s => s.kind === split.kind && s.route === split.route && share(s, split));
    if (other) {
      const of = split.route ? `route ${split.route.path}` : `service '${this.facts.host}'`;
      fail(split.path, `the ${what} of ${of} is already stated by ${other.path}; keep one of them, or give them different audiences`);
    }
    if (split.route?.target) {
      fail(split.path, `the route ${split.route.path} states its target already, which is its split; leave out the target, or the canary`);
    }
    this.splits.push(split);
    this.stated(split);
  }

  public addDecoration(decoration: Decoration): void {
    const other = this.decorations.find(d =>
      d.slot === decoration.slot && d.route === decoration.route && d.cohort === decoration.cohort && share(d, decoration));
    if (other) {
      fail(decoration.path, `${decoration.slot} of these requests is already stated by ${other.path}; `
        + 'keep one of them, or limit them to different routes, cohorts or audiences');
    }
    this.decorations.push(decoration);
    this.stated(decoration);
  }

  public addPolicy(path: string, level: { subset?: string; port?: number }, fields: { readonly [field: string]: unknown }): void {
    if (level.port !== undefined && !this.facts.ports.some(port => port.number === level.port)) {
      const known = this.facts.ports.map(port => port.number).join(', ');
      fail(path, `port ${level.port} is not a port of '${this.facts.host}'; use one of ${known}`);
    }
    this.policies.add(path, level, fields);
    this.changed();
    this.slots.destinationRule();
  }

  public addExposure(exposure: Exposure): void {
    this.exposures.push(exposure);
    this.changed();
  }

  /** Whether a route or cohort is one of this service. */
  public knows(statement: RouteStatement | CohortStatement): boolean {
    return statement === this.defaultRoute || this.routes.includes(statement as RouteStatement) || this.cohorts.includes(statement as CohortStatement);
  }

  /** Renders the DestinationRule even if nothing is stated, for whoever patches it. */
  public openDestinationRule(): void {
    this.slots.destinationRule();
  }

  /** Renders the mesh VirtualService even if nothing is stated, for whoever patches it. */
  public openVirtualService(): void {
    this.slots.virtualService();
  }

  private stated(statement: Statement): void {
    this.changed();
    if (concerns(statement, 'mesh')) this.slots.virtualService();
  }

  private changed(): void {
    this.version++;
  }

  private get all(): readonly Statement[] {
    return [...this.routes, ...this.cohorts, ...this.splits, ...this.decorations];
  }

  /** Whether anybody stated something for an audience. */
  public addresses(audience: Audience): boolean {
    return this.all.some(s => concerns(s, audience));
  }

  /** Everything that is wrong with the service as a whole. */
  public judge(): readonly string[] {
    return this.judgement().errors;
  }

  /** The entries for the mesh; throws what {@link judge} finds. */
  public meshProduct(): Product {
    return this.sound().products.get('mesh')!;
  }

  /** The product for an exposure; its errors are the service's. */
  public exposureProduct(exposure: Exposure): Product {
    return this.sound().products.get(keyOf(exposure))!;
  }

  private sound(): NonNullable<typeof this.judged> {
    const judgement = this.judgement();
    if (judgement.errors.length > 0) fail(this.owner, judgement.errors.join('\n'));
    return judgement;
  }

  private judgement(): NonNullable<typeof this.judged> {
    if (this.judged?.version === this.version) return this.judged;
    const products = new Map<string, Product>();
    const errors = this.checkReferences();
    const add = (key: string, audience: Audience, where: string, frame: PathFrame, exposure?: Exposure) => {
      const result = this.productFor(audience, frame, exposure);
      products.set(key, result);
      errors.push(...result.errors.map(error => `${error} (${where})`), ...this.checkDarkness(audience, where, exposure));
    };
    add('mesh', 'mesh', 'in the mesh', PathFrame.IDENTITY);
    for (const exposure of this.exposures) {
      add(keyOf(exposure), exposure.host, `for the public host ${exposure.host.host}`, PathFrame.of(exposure.pathPrefix, exposure.rewrite), exposure);
    }
    return this.judged = { version: this.version, products, errors: [...new Set(errors)] };
  }

  private productFor(audience: Audience, frame: PathFrame, exposure?: Exposure): Product {
    const there = <T extends RouteStatement | CohortStatement>(statement: T): T | undefined => {
      if (!concerns(statement, audience)) return undefined;
      if (audience === 'mesh') return statement;
      const terms = statement.terms.filter(term => audience.sees(term));
      return terms.length > 0 ? { ...statement, terms } : undefined;
    };
    const present = <T>(value: T | undefined): value is T => value !== undefined;
    const originals = new Map<RouteStatement | CohortStatement, RouteStatement | CohortStatement>();
    const visible = <T extends RouteStatement | CohortStatement>(statements: readonly T[]): T[] => statements.map(s => {
      const seen = there(s);
      if (seen) originals.set(s, seen);
      return seen;
    }).filter(present);
    const routes = visible(this.routes);
    const everything = routes.find(route => route.terms.some(term => Object.keys(term).length === 0));
    if (!everything) routes.push(this.defaultRoute);
    const cohorts = visible(this.cohorts);
    const decorations = this.decorations.filter(d => concerns(d, audience)).map(d => ({
      ...d,
      route: d.route && ((originals.get(d.route) as RouteStatement | undefined) ?? d.route),
      cohort: d.cohort && ((originals.get(d.cohort) as CohortStatement | undefined) ?? d.cohort),
    }));
    const originalOf = new Map([...originals].map(([original, seen]) => [seen, original]));
    return product({
      routes,
      cohorts,
      decorations,
      frame,
      named: statement => (originalOf.get(statement) ?? statement).audiences !== undefined,
      splitOf: route => this.splitOf((originalOf.get(route) as RouteStatement | undefined) ?? route, audience, exposure),
    });
  }

  /** The split of a route: its own target, a canary of it, the service's canary, the default subset, else the whole service. */
  private splitOf(route: RouteStatement, audience: Audience, exposure?: Exposure): Split {
    const toAll = (subset?: string) => [{ target: this.target(subset), weight: 1 }];
    if (route.target) return { shares: [{ target: route.target, weight: 1 }], own: true, paths: [] };
    const find = (kind: SplitStatement['kind'], of: RouteStatement | undefined) =>
      this.splits.find(s => s.kind === kind && s.route === of && concerns(s, audience));
    const own = find('canary', route);
    if (own) return { shares: own.shares, own: true, paths: [own.path] };
    const canary = find('canary', undefined);
    if (canary) return { shares: canary.shares, own: false, paths: [canary.path] };
    if (exposure?.subset !== undefined) return { shares: toAll(exposure.subset), own: false, paths: [exposure.path] };
    const byDefault = find('default', undefined);
    return { shares: byDefault?.shares ?? toAll(), own: false, paths: byDefault ? [byDefault.path] : [] };
  }

  private unknownSubset(name: string): string {
    const known = [...this._subsets.keys()].sort().map(n => `'${n}'`).join(', ');
    return `the service '${this.facts.host}' has no subset '${name}'; ${known === '' ? 'add it with addSubset()' : `use one of ${known}, or add it with addSubset()`}`;
  }

  /** What statements refer to: subsets of this service, routes, cohorts, exposed hosts, ports that HTTP can use, endpoints to eject. */
  private checkReferences(): string[] {
    const errors: string[] = [];
    const refer = (path: string, target: Target) => {
      if (target.host !== this.facts.host) {
        const lost = this.httpPorts.filter(port => destinationPort(target, port) === undefined);
        if (lost.length > 0) {
          errors.push(`${path} sends requests of port ${lost.join(', ')} to ${target.host}, which has the ports ${target.ports.join(', ') || 'none'}; `
          + 'use a service that has the same port, or only one');
        }
        return;
      }
      if (target.subset === undefined) return;
      const subset = this._subsets.get(target.subset);
      if (!subset) errors.push(`${path}: ${this.unknownSubset(target.subset)}`);
      else if (subset.retired) errors.push(`${path} still sends requests to ${describeTarget(target)}, which is retired; remove that, or do not retire it yet`);
    };
    for (const route of this.routes) if (route.target) refer(route.path, route.target);
    for (const cohort of this.cohorts) refer(cohort.path, cohort.target);
    for (const split of this.splits) split.shares.filter(s => s.weight > 0).forEach(s => refer(split.path, s.target));
    for (const { path, value } of this.decorations) if (isMirror(value)) refer(path, value.mirror);
    for (const exposure of this.exposures) if (exposure.subset !== undefined) refer(exposure.path, this.target(exposure.subset));
    for (const statement of this.all) {
      for (const audience of statement.audiences ?? []) {
        if (audience !== 'mesh' && !this.exposures.some(e => e.host === audience)) {
          errors.push(`${statement.path} names the audience of ${audience.path}, through which the service is not exposed; `
            + 'call exposeVia() for it, or leave that audience out');
        }
      }
    }
    if (this.addresses('mesh') && this.httpPorts.length === 0) {
      const protocols = this.facts.ports.map(p => `${p.protocol} ${p.number}`).join(', ');
      errors.push(`the service has no HTTP port (${protocols}), so that no HTTP route applies; name the port http-…, or remove its routes`);
    }
    return [...errors, ...this.checkEjection()];
  }

  private checkEjection(): string[] {
    const percent = (subset?: string) => {
      const outlier = this.policies.effective({ subset }).outlierDetection as { maxEjectionPercent?: number } | undefined;
      return outlier?.maxEjectionPercent;
    };
    const check = (what: string, replicas: number | undefined, subset?: string) => {
      const max = percent(subset);
      return replicas === undefined || max === undefined ? undefined : ejectionProblem(`outlierDetection.maxEjectionPercent ${what}`, max, replicas);
    };
    const errors = [check('of the service', this.facts.replicas), ...[...this._subsets].map(([name, s]) => check(`of subset '${name}'`, s.replicas, name))];
    const stated = this.policies.paths.join(', ');
    return errors.filter(e => e !== undefined).map(e => `${e} (stated by ${stated})`);
  }

  /** A dark launch is none where the rest of the requests reach its version too. */
  private checkDarkness(audience: Audience, where: string, exposure?: Exposure): string[] {
    if (audience === 'mesh' && !this.addresses('mesh')) return [];
    const { shares } = this.splitOf(this.defaultRoute, audience, exposure);
    if (!shares.some(s => s.target.host === this.facts.host && s.target.subset === undefined)) return [];
    return this.cohorts
      .filter(c => concerns(c, audience) && c.target.host === this.facts.host && c.target.subset !== undefined)
      .map(c => `${c.path} sends its cohort to '${c.target.subset}', but all other requests go to the whole service, which includes it, so that it is not dark `
        + `(${where}); call routeDefaultTo() with the subset of everybody else, or state a CanaryRelease`);
  }
}

function keyOf(exposure: Exposure): string {
  return `${exposure.host.path} ${exposure.pathPrefix ?? '/'}`;
}
