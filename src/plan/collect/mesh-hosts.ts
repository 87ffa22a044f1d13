import type { IConstruct } from 'constructs';
import { AppState } from './app-state';
import { fail } from '../../traffic/problem';

/** A Service of the App, and the construct that owns it. */
interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly owner: IConstruct;
}

/**
 * The names by which callers reach the Services of an App, and the hosts of its ServiceEntries. For a name that is both, istiod decides by
 * age and namespace which of the two a caller reaches.
 */
export class MeshHosts {
  public static of(at: IConstruct): MeshHosts {
    return AppState.of(at).one('meshHosts', () => new MeshHosts());
  }

  /** The Services whose names are not yet in `services`; most Apps never need these names. */
  private readonly unnamed: Service[] = [];
  private readonly services = new Map<string, IConstruct>();
  private readonly hosts = new Map<string, IConstruct>();

  private constructor() {}

  /** Adds a Service. Throws if a host outside the mesh has one of its names. */
  public addService(service: Service): void {
    this.unnamed.push(service);
    if (this.hosts.size === 0) return;
    for (const name of namesOf(service)) {
      const other = this.hosts.get(name);
      if (other) fail(service.owner, `${other.node.path} already has the host '${name}', which is a name of this Service; ${REPAIR}`);
    }
  }

  /** Adds a host of a ServiceEntry. Throws if it is a name of a Service. */
  public addHost(host: string, owner: IConstruct): void {
    for (const service of this.unnamed.splice(0)) for (const name of namesOf(service)) this.services.set(name, service.owner);
    const other = this.services.get(host);
    if (other) fail(owner, `the host '${host}' is a name of the Service of ${other.node.path}; ${REPAIR}`);
    if (!this.hosts.has(host)) this.hosts.set(host, owner);
  }
}

function namesOf({ name, namespace, host }: Service): readonly string[] {
  return [`${name}.${namespace}`, `${name}.${namespace}.svc`, host];
}

const REPAIR = 'use the service itself as a target, or an ExternalDependency for a host outside the mesh';
