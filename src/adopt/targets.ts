import type { ChartWriter } from './chart-writer';
import type { Code } from './code';
import { fields, reference } from './code';
import type { KnownServices } from './known-services';
import { cannot } from './not-said';
import type { Share } from './rule';

/** Writes the versions and services that get requests. Another service becomes a reference by name. */
export class Targets {
  private readonly others = new Map<string, Code>();

  constructor(
    private readonly writer: ChartWriter,
    private readonly known: KnownServices,
    /** The service that has the routes. */
    private readonly own: { readonly host: string; readonly variable: string; readonly subset: (name: string) => Code },
  ) {}

  public of({ host, subset, port }: Pick<Share, 'host' | 'subset' | 'port'>): Code {
    const ports = (this.known.get(host).spec?.ports ?? []).map(each => each.port ?? 0);
    if (port !== undefined && !ports.includes(port)) cannot(`the Service of ${host} has no port ${port}`);
    if (host === this.own.host) return subset === undefined ? reference(this.own.variable) : this.own.subset(subset);
    if (subset !== undefined) return cannot(`a destination is the subset '${subset}' of another service, ${host}`);
    const number = port ?? (ports.length === 1 ? ports[0] : cannot(`a destination names no port of ${host}, which has several`));
    const key = `${host}:${number}`;
    return this.others.get(key) ?? this.refer(key, host, number);
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
