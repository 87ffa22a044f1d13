import { ChartWriter } from './chart-writer';
import type { ChartFile, Code } from './code';
import { call, fields, literal, reference } from './code';
import { isForAll } from './identity';
import { policyStatements } from './lift-policies';
import type { RouteStyle } from './lift-routes';
import { addRoutes } from './lift-routes';
import { cannot, NotSaid, readOnly } from './not-said';
import { addPlainObject, statedAnnotations } from './plain-object';
import type { Share } from './rule';
import type { ServiceUnit } from './unit';
import { fullHost } from '../manifest/host-name';
import type { DestinationRuleSpec, VirtualServiceSpec } from '../manifest/istio-specs.generated';
import type { Manifest, ManifestOf } from '../manifest/manifest';
import { sourceOf } from '../manifest/manifest';
import type { ServicePort } from '../traffic/service-port';
import { servicePortOfManifest } from '../traffic/service-port';

/** How far a unit becomes constructs, from the most telling form to plain objects. */
export type Style = RouteStyle | 'policies' | 'plain';

export interface Form {
  readonly style: Style;
  /** Whether routes have a condition on the only HTTP port of the service. */
  readonly hasPortConditions: boolean;
}

/** The styles of a service, in the order in which they are tried. */
export const STYLES: readonly Style[] = ['intents', 'routes', 'ordered routes', 'policies', 'plain'];

/** An object that stays as it is, and why. */
export interface KeptObject {
  readonly object: Manifest;
  readonly reason: string;
}

/** A unit in one form. */
export interface Lifted {
  readonly file: ChartFile;
  readonly kept: readonly KeptObject[];
  readonly notes: readonly string[];
}

/** The Services of the mesh by the full names of their hosts. */
export interface KnownServices {
  readonly clusterDomain: string;
  readonly byHost: ReadonlyMap<string, ManifestOf<'Service'>>;
}

/** Writes a service in a form. Throws NotSaid if the form does not say what the objects say. */
export function liftService(unit: ServiceUnit, form: Form, known: KnownServices, reason: string): Lifted {
  const writer = new ChartWriter(unit.chart);
  const { style, hasPortConditions } = form;
  if (style === 'plain' || !unit.service) return plainUnit(writer, unit, reason);
  const { virtualServices, destinationRules } = unit;
  const [virtualService, ...otherRoutes] = style === 'policies' ? [] : virtualServices;
  const [destinationRule, ...otherRules] = destinationRules;
  if (otherRoutes.length > 0) return cannot(`${virtualServices.length} VirtualServices have this host, and constructs write one`);
  if (otherRules.length > 0) return cannot(`${destinationRules.length} DestinationRules have this host, and constructs write one`);
  const objects = [destinationRule, virtualService].filter(each => each !== undefined);
  if (objects.length === 0) return cannot('no object is left for constructs');
  const lift = new ServiceLift(writer, unit, known, hasPortConditions);
  const notes = lift.write(destinationRule, virtualService, style as RouteStyle);
  const kept = style === 'policies' ? virtualServices.map(object => ({ object, reason })) : [];
  for (const each of kept) addPlainObject(writer, sourceOf(each.object), each.reason);
  return { file: writer.file, kept, notes: [...notes] };
}

/** All objects of a unit as they are. */
function plainUnit(writer: ChartWriter, { objects }: ServiceUnit, reason: string): Lifted {
  for (const object of objects) addPlainObject(writer, sourceOf(object), reason);
  return { file: writer.file, kept: objects.map(object => ({ object, reason })), notes: [] };
}

class ServiceLift {
  private readonly name: string;
  private readonly namespace: string;
  private readonly host: string;
  private readonly variable: string;
  private readonly subsets = new Map<string, string>();
  private readonly others = new Map<string, Code>();
  private readonly ports: readonly ServicePort[];

  constructor(
    private readonly writer: ChartWriter,
    unit: ServiceUnit,
    private readonly known: KnownServices,
    private readonly hasPortConditions: boolean,
  ) {
    const service = unit.service!;
    this.name = service.metadata.name;
    this.namespace = unit.namespace;
    this.host = unit.host;
    this.ports = (service.spec?.ports ?? []).map(port => servicePortOfManifest({ ...port, port: port.port ?? 0, targetPort: undefined }));
    const undeclared = this.ports.find(({ protocol }) => protocol === 'AUTO');
    if (undeclared) cannot(`port ${undeclared.number} of the Service declares no protocol, and constructs need one`);
    this.variable = writer.variable(this.name);
  }

  public write(rule: ManifestOf<'DestinationRule'> | undefined, routes: ManifestOf<'VirtualService'> | undefined, style: RouteStyle): readonly string[] {
    const objects = [rule, routes].filter(each => each !== undefined);
    for (const { metadata, kind } of objects) {
      if (metadata.namespace !== this.namespace) cannot(`the ${kind} is in namespace '${metadata.namespace}', and constructs write it into that of the Service`);
    }
    const exports = objects.map(({ spec }) => (isForAll(spec?.exportTo) ? undefined : spec?.exportTo));
    if (new Set(exports.map(each => JSON.stringify(each))).size > 1) cannot('VirtualService and DestinationRule have different exportTo');
    const [exportTo] = exports;
    const { clusterDomain } = this.known;
    this.writer.add({
      creates: 'MeshService',
      id: this.writer.id(this.name),
      props: fields({
        name: this.name,
        ports: this.ports.map(portCode),
        virtualServiceName: otherName(routes, this.name),
        destinationRuleName: otherName(rule, this.name),
        exportTo: exportTo && literal(exportTo),
        portConditions: this.hasPortConditions ? undefined : false,
        destinationPorts: this.hasPortConditions || !routes || this.statesPort(routes.spec ?? {}) ? undefined : false,
        clusterDomain: clusterDomain === 'cluster.local' ? undefined : clusterDomain,
      }),
      variable: this.variable,
    });
    for (const { name = '', labels = {} } of rule?.spec?.subsets ?? []) {
      const variable = this.writer.variable(/^[A-Za-z]/.test(name) ? name : `subset ${name}`);
      this.subsets.set(name, variable);
      this.writer.add({ receiver: reference(this.variable), method: 'addSubset', args: [name, fields({ labels: literal(labels) })], variable });
    }
    const notes = routes ? this.addRoutes(routes.spec ?? {}, style) : [];
    if (rule) this.addPolicies(rule.spec ?? {});
    for (const each of objects) this.addMetadata(each);
    return notes;
  }

  private addRoutes(spec: VirtualServiceSpec, style: RouteStyle): readonly string[] {
    readOnly('spec', spec, ['hosts', 'gateways', 'http', 'exportTo']);
    if (spec.hosts?.length !== 1) cannot(`the VirtualService has ${spec.hosts?.length ?? 0} hosts, and constructs write one`);
    return addRoutes(this.writer, {
      variable: this.variable,
      host: this.host,
      scope: {},
      fullHost: host => fullHost(host, this.namespace, this.known.clusterDomain),
      target: share => this.target(share),
    }, spec.http ?? [], style);
  }

  /** Whether a destination or mirror that is the service itself names its port. */
  private statesPort({ http = [] }: VirtualServiceSpec): boolean {
    const destinations = http.flatMap(({ route = [], mirror, mirrors = [] }) => (
      [...[...route, ...mirrors].map(each => each.destination), mirror]));
    return destinations.some(each => each?.port !== undefined && fullHost(each.host ?? '', this.namespace, this.known.clusterDomain) === this.host);
  }

  private addPolicies(spec: DestinationRuleSpec): void {
    this.writer.add(...policyStatements(this.variable, spec, this.subsets, text => this.writer.id(text)));
  }

  /** The version or service that gets requests. */
  private target({ host, subset, port }: Pick<Share, 'host' | 'subset' | 'port'>): Code {
    if (host === this.host) {
      if (port !== undefined && !this.ports.some(each => each.number === port)) cannot(`the Service has no port ${port}`);
      if (subset === undefined) return reference(this.variable);
      return reference(this.subsets.get(subset) ?? cannot(`no DestinationRule of the input defines the subset '${subset}'`));
    }
    if (subset !== undefined) return cannot(`a destination is the subset '${subset}' of another service, ${host}`);
    const other = this.known.byHost.get(host) ?? cannot(`a destination is ${host}, which is not a Service of the input`);
    const [own, ...more] = (other.spec?.ports ?? []).map(each => each.port);
    const number = port ?? (more.length === 0 ? own : undefined) ?? cannot(`a destination names no port of ${host}, which has several`);
    const key = `${host}:${number}`;
    const found = this.others.get(key);
    if (found !== undefined) return found;
    const { name, namespace } = other.metadata;
    const variable = this.writer.variable(name);
    this.writer.add({
      receiver: reference('MeshService'),
      method: 'fromName',
      id: this.writer.id(name),
      args: [fields({
        name,
        namespace: namespace === this.namespace ? undefined : namespace,
        port: number,
        clusterDomain: this.known.clusterDomain === 'cluster.local' ? undefined : this.known.clusterDomain,
      })],
      variable,
    });
    const code = reference(variable);
    this.others.set(key, code);
    return code;
  }

  private addMetadata(object: ManifestOf<'DestinationRule'> | ManifestOf<'VirtualService'>): void {
    const property = object.kind === 'VirtualService' ? 'virtualService' : 'destinationRule';
    const receiver = reference(this.variable, `${property}.metadata`);
    for (const [name, value] of Object.entries(object.metadata.labels ?? {})) this.writer.add({ receiver, method: 'addLabel', args: [name, value] });
    for (const [name, value] of Object.entries(statedAnnotations(sourceOf(object)))) {
      this.writer.add({ receiver, method: 'addAnnotation', args: [name, value] });
    }
  }
}

function otherName(object: Manifest | undefined, name: string): string | undefined {
  return object && object.metadata.name !== name ? object.metadata.name : undefined;
}

const METHODS: { readonly [protocol: string]: string } = {
  HTTP: 'http', HTTP2: 'http2', GRPC: 'grpc', HTTPS: 'https', TLS: 'tls', TCP: 'tcp',
};

function portCode(port: ServicePort): Code {
  return call('ServicePort', METHODS[port.protocol], port.number);
}

/** The reason of an error that a form ended with. */
export function reasonOf(error: unknown): string {
  const text = (error as Error).message.split('\n')[0];
  return error instanceof NotSaid ? text : `constructs refuse it (${text})`;
}
