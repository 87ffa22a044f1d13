import type { IConstruct } from 'constructs';
import { AppState } from './app-state';
import { fail } from '../../traffic/problem';

/**
 * The names by which callers reach the Services of an App, and the hosts of its ServiceEntries. For a name that is both, istiod decides by
 * age and namespace which of the two a caller reaches.
 */
export class MeshHosts {
  public static of(at: IConstruct): MeshHosts {
    return AppState.of(at).one('meshHosts', () => new MeshHosts());
  }

  private readonly services = new Map<string, IConstruct>();
  private readonly hosts = new Map<string, IConstruct>();

  private constructor() {}

  /** Adds a Service. Throws if a host outside the mesh has one of its names. */
  public addService(name: string, namespace: string, host: string, owner: IConstruct): void {
    for (const each of [`${name}.${namespace}`, `${name}.${namespace}.svc`, host]) {
      const other = this.hosts.get(each);
      if (other) fail(owner, `${other.node.path} already has the host '${each}', which is a name of this Service; ${REPAIR}`);
      this.services.set(each, owner);
    }
  }

  /** Adds a host of a ServiceEntry. Throws if it is a name of a Service. */
  public addHost(host: string, owner: IConstruct): void {
    const other = this.services.get(host);
    if (other) fail(owner, `the host '${host}' is a name of the Service of ${other.node.path}; ${REPAIR}`);
    if (!this.hosts.has(host)) this.hosts.set(host, owner);
  }
}

const REPAIR = 'use the service itself as a target, or an ExternalDependency for a host outside the mesh';
