import type { ConnectionEntry } from './connection-plan';
import type { Entry } from './product';
import { sizeErrors } from './service-checks';
import type { ServicePlan } from './service-plan';
import type { Statement } from './statements';
import type { MatchTerm } from '../manifest/match-algebra';
import { meets } from '../manifest/string-condition';
import { fail } from '../traffic/problem';

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
  /** The gateway's port that connections come through; none for requests, which come through every HTTP listener. */
  readonly listener?: number;
}

/** A public host's part whose routes lie in a VirtualService of another namespace. */
export interface Handover {
  /** The construct that hands it over. */
  readonly path: string;
  /** The name of the root's route, which Istio puts before the names of the delegate's. */
  readonly name: string;
  readonly pathPrefix?: string;
  readonly delegate: { readonly name: string; readonly namespace: string };
}

/** A part of a host: the entries of a service, or what is handed over. */
export interface Block {
  readonly exposure?: Exposure;
  readonly handover?: Handover;
  readonly entries: readonly Entry[];
}

/** A host on a gateway, and the services that its paths lead to. */
export class HostPlan {
  /** By segment. */
  private readonly exposures = new Map<string, Exposure>();
  private readonly handovers = new Map<string, Handover>();
  /** Of connections, by the gateway's port. */
  private readonly byListener = new Map<number, Exposure>();
  private judged?: { readonly revision: number; readonly errors: readonly string[] };

  constructor(
    /** The construct that owns the host. */
    public readonly path: string,
    public readonly host: string,
    private readonly onExposed: () => void,
    /** The only paths that may be exposed, where the host is the delegate of another; the public hosts of the gateway's workload. */
    private readonly options: { readonly range?: string; readonly siblings?: ReadonlySet<string> } = {},
  ) {}

  public get isExposed(): boolean {
    return this.exposures.size > 0 || this.handovers.size > 0 || this.byListener.size > 0;
  }

  /** Whether nothing is wrong with the services, so that their entries are known. */
  public get isSound(): boolean {
    return [...this.exposures.values()].every(({ service }) => service.validate().length === 0);
  }

  /** Whether a name is that of another public host of the gateway. */
  public hasSibling(name: string): boolean {
    return this.options.siblings?.has(name) ?? false;
  }

  public add(stated: Exposure): void {
    if (stated.listener !== undefined) return this.addConnections(stated, stated.listener);
    const { range = '/' } = this.options;
    const exposure = { ...stated, pathPrefix: stated.pathPrefix ?? (range === '/' ? undefined : range) };
    if (!`${segment(exposure)}/`.startsWith(`${segment({ pathPrefix: range })}/`)) {
      fail(exposure.path, `pathPrefix '${exposure.pathPrefix ?? '/'}' lies outside of '${range}', which is all of ${this.host} that is delegated here, so that Istio drops it; `
        + 'state a path below, or leave pathPrefix out');
    }
    this.claim(exposure);
    exposure.service.addExposure(exposure);
    this.exposures.set(segment(exposure), exposure);
    this.onExposed();
  }

  /** Hands a part of the host over. */
  public handOver(handover: Handover): void {
    this.claim(handover);
    const other = [...this.handovers.values()].find(({ name }) => name === handover.name);
    if (other) fail(handover.path, `the route name '${handover.name}' on ${this.host} is already taken by ${other.path}; give the construct another id`);
    this.handovers.set(segment(handover), handover);
    this.onExposed();
  }

  private claim(part: Exposure | Handover): void {
    const other = this.exposures.get(segment(part)) ?? this.handovers.get(segment(part));
    if (other) fail(part.path, `the path '${segment(part) || '/'}' of ${this.host} already ${leads(other)}; state another pathPrefix, or another public host`);
  }

  private addConnections(exposure: Exposure, listener: number): void {
    const other = this.byListener.get(listener);
    if (other) {
      fail(exposure.path, `the listener at port ${listener} of ${this.host} already leads to '${other.service.facts.host}' (${other.path}), `
        + 'and connections of one name have one service; state another listener, or another public host');
    }
    exposure.service.addExposure(exposure);
    this.byListener.set(listener, exposure);
    this.onExposed();
  }

  /** Whether a gateway can meet a condition: it knows nothing of the calling workload, and only this host's authority. */
  public sees(term: MatchTerm): boolean {
    if (term.sourceLabels || term.sourceNamespace !== undefined || term.port !== undefined) return false;
    if (!term.authority) return true;
    if (term.authority.exact === undefined) return this.host.includes('*') || meets(term.authority, this.host) || meets(term.authority, `${this.host}:443`);
    const authority = term.authority.exact.replace(/:\d+$/, '');
    return this.host.startsWith('*') ? authority.endsWith(this.host.slice(1)) : authority === this.host;
  }

  /** What is wrong with the host as a whole. */
  public judge(): readonly string[] {
    if (!this.isExposed) return [`${this.path}: no service is exposed via ${this.host}, so that it answers 404; call exposeVia() on a service, or remove the host`];
    const exposures = [...this.exposures.values()];
    const all = [...exposures, ...this.byListener.values()];
    const revision = all.reduce((sum, { service }) => sum + service.revision, all.length);
    if (this.judged?.revision !== revision) {
      const count = exposures.reduce((sum, exposure) => sum + exposure.service.countOf(exposure), 0);
      this.judged = { revision, errors: [...sizeErrors(`${this.path}: the VirtualService of ${this.host}`, count), ...this.lost(exposures)] };
    }
    return this.judged.errors;
  }

  /** What is stated for this host by name, and yet on paths of it that lead to another service. */
  private lost(exposures: readonly Exposure[]): string[] {
    const named = exposures.some(({ service }) => service.all.some(s => s.audiences?.includes(this)));
    if (!named || exposures.some(({ service }) => service.validate().length > 0)) return [];
    const found = new Map<Statement, string | undefined>();
    for (const { exposure, entries } of this.blocks()) {
      if (!exposure) continue;
      for (const { route, cohort, terms } of entries) {
        const takers = terms.map(term => this.takerOf(term, exposure));
        const error = takers.includes(undefined) ? undefined : takers[0];
        for (const statement of [route, cohort]) {
          if (statement?.audiences?.includes(this) && (!found.has(statement) || found.get(statement))) found.set(statement, error);
        }
      }
    }
    return [...found].flatMap(([statement, error]) => (error === undefined ? []
      : [`${statement.path} gets no request of ${this.host}: ${error}; change its match, or its audiences`]));
  }

  /** Which narrower path of the host takes all requests of a term first, in words. */
  private takerOf({ uri }: MatchTerm, exposure: Exposure): string | undefined {
    const text = uri?.exact ?? uri?.prefix;
    if (text === undefined || uri?.ignoreCase) return undefined;
    // A prefix holds more than its segment, unless it goes on below it.
    for (let end = uri!.exact === undefined ? text.lastIndexOf('/') : text.length; end > segment(exposure).length; end = text.lastIndexOf('/', end - 1)) {
      const taker = this.exposures.get(text.slice(0, end)) ?? this.handovers.get(text.slice(0, end));
      if (taker) return `its path '${text}' belongs to '${segment(taker)}', which ${leads(taker)}`;
    }
    return undefined;
  }

  /** The parts of the host in order, the narrower path first, each with its service's entries. */
  public blocks(): readonly Block[] {
    const narrowestFirst = <T extends Exposure | Handover>(parts: readonly T[]) =>
      [...parts].sort((a, b) => segment(b).length - segment(a).length || (segment(a) < segment(b) ? -1 : 1));
    const names = this.namesOf(narrowestFirst([...this.exposures.values()]));
    return narrowestFirst([...this.exposures.values(), ...this.handovers.values()]).map(part => ('delegate' in part ? { handover: part, entries: [] } : {
      exposure: part,
      entries: part.service.exposureProduct(part).entries.map(entry => ({ ...entry, name: `${names.get(part)}.${entry.name}` })),
    }));
  }

  /** The `tcp` and `tls` routes of the host, by the gateway's port. */
  public connections(): readonly ConnectionEntry[] {
    return [...this.byListener.values()].sort((a, b) => a.listener! - b.listener!).flatMap(exposure => exposure.service.exposedConnections(exposure));
  }

  /** For each exposure the service's name; with its path where the host leads to services of that name by several, and a number where two read alike. */
  private namesOf(sorted: readonly Exposure[]): ReadonlyMap<Exposure, string> {
    const count = new Map<string, number>();
    for (const exposure of sorted) count.set(serviceName(exposure), (count.get(serviceName(exposure)) ?? 0) + 1);
    const names = new Map<Exposure, string>();
    const taken = new Set<string>();
    for (const exposure of sorted) {
      const path = segment(exposure).replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
      const base = count.get(serviceName(exposure)) === 1 || path === '' ? serviceName(exposure) : `${serviceName(exposure)}-${path}`;
      let name = base;
      for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
      taken.add(name);
      names.set(exposure, name);
    }
    return names;
  }
}

/** Where a part leads, in words. */
function leads(part: Exposure | Handover): string {
  return 'delegate' in part ? `is delegated to '${part.delegate.namespace}/${part.delegate.name}' (${part.path})` : `leads to '${part.service.facts.host}' (${part.path})`;
}

function serviceName(exposure: Exposure): string {
  return exposure.service.facts.host.split('.')[0];
}

function segment(part: { readonly pathPrefix?: string }): string {
  return (part.pathPrefix ?? '').replace(/\/+$/, '');
}
