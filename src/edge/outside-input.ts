import type { NotJudged } from './not-judged';
import type { Population } from './population';
import type { Proxy } from '../envoy/proxy';

/** What an entry about a host without a service is about. */
export const HOST_OUTSIDE = 'host outside the input';

/** What an entry about matches on claims is about, where no RequestAuthentication of the input verifies tokens. */
export const CLAIMS_OUTSIDE = 'matches on claims without a RequestAuthentication in the input';

/** A destination of routes, by the full host of its service. */
export interface NamedDestination {
  readonly host?: string;
  readonly subset?: string;
  readonly port?: number;
}

/** What an answer lacks, and what may therefore lie outside the input. */
export interface Lacks {
  /** The destinations that have no cluster. @default none */
  readonly clusters?: readonly NamedDestination[];
  /** The destinations that have no endpoint. @default none */
  readonly endpoints?: readonly NamedDestination[];
  /** The destinations whose endpoints depend on labels that only running pods have. @default none */
  readonly labels?: readonly (NamedDestination & { readonly addedLabels?: readonly string[] })[];
  /** What serves the host that is asked for: a service, routes, or a port that is open. @default - something does */
  readonly server?: 'host' | 'routes' | 'port';
}

/** The port and the hosts, in full, that are asked for; the first as the caller writes it. */
interface Asked {
  readonly hosts: readonly string[];
  readonly port?: number;
}

/** What of the cluster the input may lack, so that an answer is not certain. */
export class OutsideInput {
  /** With `isComplete`, nothing exists outside the input; with `hasAllPods`, no pod does. */
  constructor(
    private readonly population: Population, private readonly isComplete: boolean, private readonly hasAllPods: boolean,
  ) {}

  public of({ clusters = [], endpoints = [], labels = [], server }: Lacks, asked: Asked, caller: Proxy['type']): readonly NotJudged[] {
    return [...this.cluster(clusters), ...this.endpoint(endpoints), ...addedAtRunTime(labels), ...this.server(server, asked, caller)];
  }

  private cluster(lacking: readonly NamedDestination[]): readonly NotJudged[] {
    if (this.isComplete) return [];
    const hosts = lacking.flatMap(({ host }) => (host === undefined || this.population.knows(host) ? [] : [`host ${host}`]));
    const ports = lacking.flatMap(({ host = '', port = 0 }) => (this.population.lacksPort(host, port) ? [`port ${port} of ${host}`] : []));
    const subsets = lacking.filter(({ host = '', subset }) => subset !== undefined && this.population.knows(host)).map(subsetName);
    return [
      ...entry(HOST_OUTSIDE, 'a Service or ServiceEntry outside the input may have it', hosts),
      ...entry('port outside the input', 'another ServiceEntry outside the input may add it', ports),
      ...entry('subset outside the input', 'a DestinationRule outside the input may define it', subsets),
    ];
  }

  private endpoint(lacking: readonly NamedDestination[]): readonly NotJudged[] {
    if (this.isComplete || this.hasAllPods) return [];
    const subsets = lacking.filter(({ subset }) => subset !== undefined).map(subsetName);
    return entry('subset without pods in the input', 'pods outside the input may have its labels', subsets);
  }

  private server(server: Lacks['server'], { hosts, port }: Asked, caller: Proxy['type']): readonly NotJudged[] {
    if (this.isComplete || server === undefined) return [];
    if (server === 'port') {
      return caller === 'gateway' ? entry('port without a server', 'a Gateway outside the input may serve it', [`port ${port}`]) : [];
    }
    if (caller === 'gateway') return entry('host without routes', 'a Gateway or VirtualService outside the input may serve it', [`host ${hosts[0]}`]);
    if (hosts.some(host => this.population.hasService(host))) return [];
    return entry(HOST_OUTSIDE, 'a Service or ServiceEntry outside the input may have it', [`host ${hosts[0]}`]);
  }
}

function addedAtRunTime(destinations: Required<Lacks>['labels']): readonly NotJudged[] {
  return destinations.flatMap(destination => entry(
    'subset of running pods',
    `whether it has endpoints: Kubernetes, Istio or a controller adds ${(destination.addedLabels ?? []).join(', ')} to pods when they run`,
    [subsetName(destination)],
  ));
}

function subsetName({ host, subset }: NamedDestination): string {
  return `subset ${subset} of ${host}`;
}

function entry(what: string, changes: string, objects: readonly string[]): readonly NotJudged[] {
  return objects.length === 0 ? [] : [{ what, changes, objects: [...new Set(objects)] }];
}
