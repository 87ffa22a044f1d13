import { ChartWriter } from './chart-writer';
import { call, fields, literal, reference } from './code';
import type { HostOwner } from './host-owner';
import { hasPorts, ownerOfEntry, ownerOfService } from './host-owner';
import { isForAll } from './identity';
import type { KnownServices } from './known-services';
import { policyStatements } from './lift-policies';
import type { RouteStyle } from './lift-routes';
import { addRoutes } from './lift-routes';
import type { ExposedAs, Form, KeptObject, Lifted } from './lifted';
import { addMetadata, addPlainObjects, hasMetadata, otherName } from './lifted';
import { cannot, readOnly } from './not-said';
import { isOpen, isUnconditional } from './open-rules';
import type { FindOwner } from './targets';
import { Targets } from './targets';
import type { ServiceUnit } from './unit';
import { fullHost } from '../manifest/host-name';
import type { DestinationRuleSpec, VirtualServiceSpec } from '../manifest/istio-specs.generated';
import { describeObject } from '../manifest/kubernetes-object';
import type { ManifestOf } from '../manifest/manifest';
import { sourceOf } from '../manifest/manifest';

/** What a service or an external dependency needs of the units around it. */
export interface ServiceSurroundings {
  readonly known: KnownServices;
  /** How a gateway takes it; undefined if none does. */
  readonly exposed: ExposedAs | undefined;
  /** Whether another file takes it. */
  readonly isTaken: boolean;
  readonly find: FindOwner;
}

/** Writes a service or an external dependency in a form. Throws NotSaid if the form does not say what the objects say. */
export function liftService(unit: ServiceUnit, form: Form, around: ServiceSurroundings, reason: string): Lifted {
  const writer = new ChartWriter(unit.chart);
  const { style } = form;
  const { virtualServices, destinationRules } = unit;
  const owner = style === 'plain' ? undefined : ownerOf(unit, around.known);
  if (!owner) {
    const kept = addPlainObjects(writer, unit.objects, reason);
    // A MeshService has a port with a protocol. Without one, what takes it stays plain, too.
    if (around.isTaken && unit.service && hasPorts(unit.service)) addOwner(writer, ownerOfService(unit.service, around.known));
    return { file: writer.file, kept, notes: [] };
  }
  const routes = style === 'policies' ? [] : virtualServices;
  if (routes.length > 1) return cannot(`${routes.length} VirtualServices have this host, and constructs write one`);
  if (destinationRules.length > 1) return cannot(`${destinationRules.length} DestinationRules have this host, and constructs write one`);
  const lift = new ServiceLift(writer, unit, owner, form, around);
  const dropped = routes.filter(each => lift.isDefault(each.spec ?? {}) && !hasMetadata(sourceOf(each)));
  const notes = [
    ...lift.write(destinationRules[0], routes.find(each => !dropped.includes(each))),
    ...dropped.map(each => `${describeObject(each)} says what Istio does without it, so no construct renders it; delete it`),
  ];
  const kept: readonly KeptObject[] = style === 'policies' ? addPlainObjects(writer, virtualServices, reason) : [];
  return { file: writer.file, kept, notes, dropped };
}

function ownerOf({ service, serviceEntries: [entry, ...others] }: ServiceUnit, known: KnownServices): HostOwner | undefined {
  if (service) return ownerOfService(service, known);
  if (others.length > 0) return cannot(`${others.length + 1} ServiceEntries have this host, and constructs write one`);
  return entry && ownerOfEntry(entry);
}

/** Adds a service without any statement, for other files. */
function addOwner(writer: ChartWriter, { ofClass, name, props }: HostOwner): void {
  const id = writer.id(name);
  const variable = writer.variable(name);
  writer.add({ creates: ofClass, id, props: props(writer, id, {}), variable });
  writer.export(variable, ofClass);
}

class ServiceLift {
  private readonly namespace: string;
  private readonly variable: string;
  private readonly subsets = new Map<string, string>();

  constructor(
    private readonly writer: ChartWriter,
    private readonly unit: ServiceUnit,
    private readonly owner: HostOwner,
    private readonly form: Form,
    private readonly around: ServiceSurroundings,
  ) {
    this.namespace = unit.namespace;
    this.variable = writer.variable(owner.name);
  }

  public write(rule: ManifestOf<'DestinationRule'> | undefined, routes: ManifestOf<'VirtualService'> | undefined): readonly string[] {
    const { owner } = this;
    const objects = [rule, routes].filter(each => each !== undefined);
    for (const { metadata, kind } of objects) {
      if (metadata.namespace !== this.namespace) {
        cannot(`the ${kind} is in namespace '${metadata.namespace}', and constructs write it into that of the ${owner.object.kind}`);
      }
    }
    const exports = [
      ...(owner.isRendered ? [owner.exportTo] : []), ...objects.map(({ spec }) => (isForAll(spec?.exportTo) ? undefined : spec?.exportTo)),
    ];
    if (new Set(exports.map(each => JSON.stringify(each))).size > 1) cannot('the objects of the host have different exportTo');
    const { hasPortConditions } = this.form;
    const id = this.writer.id(owner.name);
    this.writer.add({
      creates: owner.ofClass,
      id,
      props: owner.props(this.writer, id, {
        virtualServiceName: otherName(routes, owner.name),
        destinationRuleName: otherName(rule, owner.name),
        exportTo: exports[0] && literal(exports[0]),
        defaultRoute: routes && isOpen(routes.spec?.http ?? []) ? false : undefined,
        portConditions: hasPortConditions ? undefined : false,
        destinationPorts: hasPortConditions || !routes || this.statesPort(routes.spec ?? {}) ? undefined : false,
      }),
      variable: this.variable,
    });
    if (this.around.isTaken) this.writer.export(this.variable, owner.ofClass);
    if (owner.isRendered) addMetadata(this.writer, this.variable, 'serviceEntry', sourceOf(owner.object));
    this.addSubsets(rule?.spec ?? {});
    const notes = routes ? this.addRoutes(routes.spec ?? {}) : [];
    if (rule) this.writer.add(...policyStatements(this.variable, rule.spec ?? {}, this.subsets, text => this.writer.id(text)));
    if (rule) addMetadata(this.writer, this.variable, 'destinationRule', sourceOf(rule));
    if (routes) addMetadata(this.writer, this.variable, 'virtualService', sourceOf(routes));
    return notes;
  }

  /** Whether the routes send every request to the whole service, and do nothing else. */
  public isDefault({ http = [], tls, tcp, gateways = ['mesh'] }: VirtualServiceSpec): boolean {
    const [rule] = http;
    if (rule === undefined || (tls ?? tcp) || gateways.some(each => each !== 'mesh')) return false;
    const { match = [], route = [], name: _, ...treatments } = rule;
    const [share, ...others] = route.filter(({ weight }) => route.length === 1 || (weight ?? 0) > 0);
    if (Object.keys(treatments).length > 0 || others.length > 0 || (match.length > 0 && !match.some(isUnconditional))) return false;
    return share?.destination?.subset === undefined && share?.headers === undefined && this.full(share?.destination?.host ?? '') === this.unit.host;
  }

  private addSubsets({ subsets = [] }: DestinationRuleSpec): void {
    if (subsets.length > 0 && this.owner.isRendered) cannot('the DestinationRule has subsets of a ServiceEntry');
    for (const { name = '', labels = {} } of subsets) {
      const variable = this.writer.variable(/^[A-Za-z]/.test(name) ? name : `subset ${name}`);
      this.subsets.set(name, variable);
      this.writer.add({
        receiver: reference(this.variable), method: 'addSubset', args: [name, fields({ labels: literal(labels) })], variable,
      });
    }
  }

  private addRoutes(spec: VirtualServiceSpec): readonly string[] {
    readOnly('spec', spec, ['hosts', 'gateways', 'http', 'exportTo']);
    if (spec.hosts?.length !== 1) cannot(`the VirtualService has ${spec.hosts?.length ?? 0} hosts, and constructs write one`);
    const bound = spec.gateways?.filter(gateway => gateway !== 'mesh') ?? [];
    if (bound.length > 0) cannot(`the VirtualService names the Gateway ${bound[0]}, which the input lacks`);
    const targets = new Targets(this.writer, this.around.known, {
      host: this.unit.host,
      variable: this.variable,
      subset: name => reference(this.subsets.get(name) ?? cannot(`no DestinationRule of the input defines the subset '${name}'`)),
    }, this.around.find);
    return addRoutes(this.writer, {
      variable: this.variable,
      host: this.unit.host,
      prefix: '',
      scope: this.around.exposed === 'separate' ? { audiences: [call('Audience', 'mesh')] } : {},
      fullHost: host => this.full(host),
      target: share => targets.of(share),
    }, spec.http ?? [], this.form.style as RouteStyle);
  }

  /** Whether a destination or mirror that is the service itself names its port. */
  private statesPort({ http = [] }: VirtualServiceSpec): boolean {
    const destinations = http.flatMap(({ route = [], mirror, mirrors = [] }) => (
      [...[...route, ...mirrors].map(each => each.destination), mirror]));
    return destinations.some(each => each?.port !== undefined && this.full(each.host ?? '') === this.unit.host);
  }

  private full(host: string): string {
    return fullHost(host, this.namespace, this.around.known.clusterDomain);
  }
}
