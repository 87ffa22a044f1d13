import type { ChartWriter } from './chart-writer';
import type { Code } from './code';
import { fields, reference } from './code';
import type { KnownServices, ServiceFile } from './known-services';
import { cannot } from './not-said';
import type { Share } from './rule';

/** Finds the file with the construct that owns the objects of a host. */
export type FindOwner = (host: string) => ServiceFile | undefined;

/** Writes the versions and services that get requests. Another service becomes a reference by name. */
export class Targets {
  private readonly others = new Map<string, Code>();

  constructor(
    private readonly writer: ChartWriter,
    private readonly known: KnownServices,
    /** The service that has the routes. */
    private readonly own: { readonly host: string; readonly variable: string; readonly subset: (name: string) => Code },
    private readonly find: FindOwner,
  ) {}

  public of({ host, subset, port }: Pick<Share, 'host' | 'subset' | 'port'>): Code {
    const ports = this.known.portsOf(host);
    if (port !== undefined && !ports.includes(port)) cannot(`the ${this.known.byHost.has(host) ? 'Service' : 'ServiceEntry'} of ${host} has no port ${port}`);
    if (host === this.own.host) return subset === undefined ? reference(this.own.variable) : this.own.subset(subset);
    if (subset !== undefined) return cannot(`a destination is the subset '${subset}' of another service, ${host}`);
    const number = port ?? (ports.length === 1 ? ports[0] : cannot(`a destination names no port of ${host}, which has several`));
    if (!this.known.byHost.has(host)) return this.others.get(host) ?? this.take(host, port, ports);
    const key = `${host}:${number}`;
    return this.others.get(key) ?? this.refer(key, host, number);
  }

  /** Takes the external dependency of another file. */
  private take(host: string, port: number | undefined, ports: readonly number[]): Code {
    if (port !== undefined && ports.length > 1) return cannot(`a destination names port ${port} of ${host}, and a target keeps the port of the request`);
    const { file, exported, ofClass } = this.find(host) ?? cannot(`the ServiceEntry of ${host} is not written as a construct`);
    const code = this.writer.take(file, exported, ofClass);
    this.others.set(host, code);
    return code;
  }

  private refer(key: string, host: string, port: number): Code {
    const { name, namespace } = this.known.get(host).metadata;
    const variable = this.writer.variable(name);
    this.writer.add({
      receiver: reference('MeshService'),
      method: 'fromName',
      id: this.writer.id(`${name} reference`),
      args: [fields({
        name, namespace: namespace === this.writer.namespace ? undefined : namespace, port, clusterDomain: this.known.domainProp,
      })],
      variable,
    });
    const code = reference(variable);
    this.others.set(key, code);
    return code;
  }
}
