import type { Entry } from './product';
import type { ServicePlan } from './service-plan';
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
}

/** A host on a gateway, and the services that its paths lead to. */
export class HostPlan {
  private readonly exposures: Exposure[] = [];

  constructor(
    /** The construct that owns the host. */
    public readonly path: string,
    public readonly host: string,
    private readonly onExposed: () => void,
  ) {}

  public get isExposed(): boolean {
    return this.exposures.length > 0;
  }

  public add(exposure: Exposure): void {
    const other = this.exposures.find(e => segment(e) === segment(exposure));
    if (other) {
      fail(exposure.path, `the path '${segment(exposure) || '/'}' of ${this.host} already leads to '${other.service.facts.host}' (${other.path}); `
        + 'state another pathPrefix, or another public host');
    }
    this.exposures.push(exposure);
    exposure.service.addExposure(exposure);
    this.onExposed();
  }

  /** Whether a gateway can meet a condition: it knows nothing of the calling workload, and only this host's authority. */
  public sees(term: MatchTerm): boolean {
    if (term.sourceLabels || term.sourceNamespace !== undefined || term.port !== undefined) return false;
    return !term.authority || this.host.includes('*') || meets(term.authority, this.host) || meets(term.authority, `${this.host}:443`)
      || (term.authority.exact ?? '').startsWith(`${this.host}:`);
  }

  /** The parts of the host in order, the narrower path first, each with its service's entries. */
  public blocks(): readonly { readonly exposure: Exposure; readonly entries: readonly Entry[] }[] {
    const sorted = [...this.exposures].sort((a, b) => segment(b).length - segment(a).length || (segment(a) < segment(b) ? -1 : 1));
    return sorted.map(exposure => ({
      exposure,
      entries: exposure.service.exposureProduct(exposure).entries.map(entry => ({ ...entry, name: `${this.nameOf(exposure)}.${entry.name}` })),
    }));
  }

  /** The service's name; with its path where the host leads to the service by several. */
  private nameOf(exposure: Exposure): string {
    const name = exposure.service.facts.host.split('.')[0];
    const path = segment(exposure).replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
    const alone = this.exposures.filter(e => e.service.facts.host.split('.')[0] === name).length === 1;
    return alone || path === '' ? name : `${name}-${path}`;
  }
}

function segment(exposure: Exposure): string {
  return (exposure.pathPrefix ?? '').replace(/\/+$/, '');
}
