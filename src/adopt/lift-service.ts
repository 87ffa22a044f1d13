import { ChartWriter } from './chart-writer';
import { call, fields, literal, reference } from './code';
import { isForAll } from './identity';
import type { KnownServices } from './known-services';
import { portsOf, serviceProps } from './known-services';
import { policyStatements } from './lift-policies';
import type { RouteStyle } from './lift-routes';
import { addRoutes } from './lift-routes';
import type { ExposedAs, Form, KeptObject, Lifted } from './lifted';
import { addMetadata, addPlainObjects, otherName } from './lifted';
import { cannot, readOnly } from './not-said';
import { isOpen } from './open-rules';
import { Targets } from './targets';
import type { ServiceUnit } from './unit';
import { fullHost } from '../manifest/host-name';
import type { DestinationRuleSpec, VirtualServiceSpec } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';
import { sourceOf } from '../manifest/manifest';

/** Writes a service in a form. `exposed`: a gateway takes it. Throws NotSaid if the form does not say what the objects say. */
export function liftService(
  unit: ServiceUnit, form: Form, known: KnownServices, exposed: ExposedAs | undefined, reason: string,
): Lifted {
  const writer = new ChartWriter(unit.chart);
  const { style } = form;
  const { service, virtualServices, destinationRules } = unit;
  if (style === 'plain' || !service) {
    const kept = addPlainObjects(writer, unit.objects, reason);
    // A MeshService has a port. Without one, the gateway stays plain, too.
    if (exposed && service && portsOf(service).length > 0) writer.export(addService(writer, service, known));
    return { file: writer.file, kept, notes: [] };
  }
  const routes = style === 'policies' ? [] : virtualServices;
  if (routes.length > 1) return cannot(`${routes.length} VirtualServices have this host, and constructs write one`);
  if (destinationRules.length > 1) return cannot(`${destinationRules.length} DestinationRules have this host, and constructs write one`);
  const lift = new ServiceLift(writer, unit, service, known, form, exposed);
  const notes = lift.write(destinationRules[0], routes[0]);
  const kept: readonly KeptObject[] = style === 'policies' ? addPlainObjects(writer, virtualServices, reason) : [];
  return { file: writer.file, kept, notes };
}

/** Adds a service without any statement. Returns its variable. */
export function addService(writer: ChartWriter, service: ManifestOf<'Service'>, known: KnownServices): string {
  return writer.create('MeshService', service.metadata.name, serviceProps(service, writer.namespace, known), service.metadata.name).reference;
}

class ServiceLift {
  private readonly namespace: string;
  private readonly variable: string;
  private readonly subsets = new Map<string, string>();

  constructor(
    private readonly writer: ChartWriter,
    private readonly unit: ServiceUnit,
    private readonly service: ManifestOf<'Service'>,
    private readonly known: KnownServices,
    private readonly form: Form,
    private readonly exposed: ExposedAs | undefined,
  ) {
    this.namespace = unit.namespace;
    this.variable = writer.variable(service.metadata.name);
  }

  public write(rule: ManifestOf<'DestinationRule'> | undefined, routes: ManifestOf<'VirtualService'> | undefined): readonly string[] {
    const objects = [rule, routes].filter(each => each !== undefined);
    for (const { metadata, kind } of objects) {
      if (metadata.namespace !== this.namespace) {
        cannot(`the ${kind} is in namespace '${metadata.namespace}', and constructs write it into that of the Service`);
      }
    }
    const exports = objects.map(({ spec }) => (isForAll(spec?.exportTo) ? undefined : spec?.exportTo));
    if (new Set(exports.map(each => JSON.stringify(each))).size > 1) cannot('VirtualService and DestinationRule have different exportTo');
    const { metadata: { name } } = this.service;
    const { hasPortConditions } = this.form;
    this.writer.add({
      creates: 'MeshService',
      id: this.writer.id(name),
      props: serviceProps(this.service, this.namespace, this.known, {
        virtualServiceName: otherName(routes, name),
        destinationRuleName: otherName(rule, name),
        exportTo: exports[0] && literal(exports[0]),
        defaultRoute: routes && isOpen(routes.spec?.http ?? []) ? false : undefined,
        portConditions: hasPortConditions ? undefined : false,
        destinationPorts: hasPortConditions || !routes || this.statesPort(routes.spec ?? {}) ? undefined : false,
      }),
      variable: this.variable,
    });
    if (this.exposed) this.writer.export(this.variable);
    this.addSubsets(rule?.spec ?? {});
    const notes = routes ? this.addRoutes(routes.spec ?? {}) : [];
    if (rule) this.writer.add(...policyStatements(this.variable, rule.spec ?? {}, this.subsets, text => this.writer.id(text)));
    if (rule) addMetadata(this.writer, this.variable, 'destinationRule', sourceOf(rule));
    if (routes) addMetadata(this.writer, this.variable, 'virtualService', sourceOf(routes));
    return notes;
  }

  private addSubsets({ subsets = [] }: DestinationRuleSpec): void {
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
    const targets = new Targets(this.writer, this.known, {
      host: this.unit.host,
      variable: this.variable,
      subset: name => reference(this.subsets.get(name) ?? cannot(`no DestinationRule of the input defines the subset '${name}'`)),
    });
    return addRoutes(this.writer, {
      variable: this.variable,
      host: this.unit.host,
      prefix: '',
      scope: this.exposed === 'separate' ? { audiences: [call('Audience', 'mesh')] } : {},
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
    return fullHost(host, this.namespace, this.known.clusterDomain);
  }
}
