import { ChartWriter, pascalCase } from './chart-writer';
import type { Code, Reference } from './code';
import { call, fields, literal, reference } from './code';
import { exposedBy } from './exposed-services';
import type { KnownServices } from './known-services';
import type { RouteStyle } from './lift-routes';
import { addRoutes } from './lift-routes';
import type { Form, Lifted } from './lifted';
import { addMetadata, addPlainObjects, otherName } from './lifted';
import { cannot, readOnly } from './not-said';
import { isOpen } from './open-rules';
import type { FindOwner } from './targets';
import { Targets } from './targets';
import type { ServiceUnit } from './unit';
import { fullHost } from '../manifest/host-name';
import type { GatewaySpec, HTTPRoute, Server } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';
import { manifestsOf, sourceOf } from '../manifest/manifest';
import { stableJson } from '../manifest/stable-json';
import { TlsVersion } from '../traffic/listener';
import { kebab } from '../traffic/name';

/** Writes a Gateway and its hosts in a form. Throws NotSaid if the form does not say what the objects say. */
export function liftGateway(unit: ServiceUnit, form: Form, known: KnownServices, find: FindOwner, reason: string): Lifted {
  const writer = new ChartWriter(unit.chart);
  if (form.style === 'plain') return { kept: addPlainObjects(writer, unit.objects, reason), file: writer.file, notes: [] };
  const lift = new GatewayLift(writer, unit, known, find, form.style as RouteStyle | 'shared');
  const notes = lift.write();
  return { file: writer.file, kept: [], notes };
}

class GatewayLift {
  private readonly services = new Map<string, Reference>();
  private readonly subsets = new Map<string, Reference>();

  constructor(
    private readonly writer: ChartWriter,
    private readonly unit: ServiceUnit,
    private readonly known: KnownServices,
    private readonly find: FindOwner,
    private readonly style: RouteStyle | 'shared',
  ) {}

  public write(): readonly string[] {
    const [gateway] = manifestsOf(this.unit.objects, 'Gateway');
    const variable = gateway ? this.addGateway(gateway) : this.referToGateway();
    const notes = this.known.isAssumed(this.unit.host)
      ? [`the input lacks the Gateway ${this.unit.host}; the proof assumes that it serves every host with HTTP on port 80`] : [];
    return [...notes, ...this.unit.virtualServices.flatMap(each => this.addHost(each, variable))];
  }

  private addGateway(gateway: ManifestOf<'Gateway'>): Reference {
    const { metadata: { name }, spec = {} } = gateway;
    const hosts = this.unit.virtualServices.flatMap(each => each.spec?.hosts ?? []);
    const variable = this.writer.create('IngressGateway', name, gatewayProps(name, spec, hosts), 'gateway');
    addMetadata(this.writer, variable.reference, 'gateway', sourceOf(gateway));
    return variable;
  }

  /** Refers to the Gateway of another program. */
  private referToGateway(): Reference {
    const [namespace, name = ''] = this.unit.host.split('/');
    const variable = this.writer.variable('gateway');
    this.writer.add({
      receiver: reference('IngressGateway'),
      method: 'fromName',
      id: this.writer.id(name),
      args: [fields({ name, namespace: namespace === this.unit.namespace ? undefined : namespace })],
      variable,
    });
    return reference(variable);
  }

  private addHost(object: ManifestOf<'VirtualService'>, gateway: Reference): readonly string[] {
    const { metadata: { name, namespace = this.unit.namespace }, spec = {} } = object;
    readOnly('spec', spec, ['hosts', 'gateways', 'http']);
    const [host, ...others] = spec.hosts ?? [];
    if (host === undefined || others.length > 0) return cannot(`the VirtualService ${name} has ${others.length + 1} hosts, and a PublicHost has one`);
    if (spec.gateways?.length !== 1) return cannot(`the VirtualService ${name} is for ${spec.gateways?.join(' and ')}, and constructs write an object for each`);
    const label = host === '*' ? 'every' : host.split('.').find(each => each !== '*')!;
    const publicHost = this.writer.create('PublicHost', `${label} host`, fields({
      gateway,
      host,
      name: otherName(object, host === '*' ? 'every-host' : host.replace(/^\*\./, 'wildcard-').replace(/\./g, '-')),
      namespace: namespace === this.unit.namespace ? undefined : namespace,
    }), `${label} host`);
    addMetadata(this.writer, publicHost.reference, 'virtualService', sourceOf(object));
    const owner = exposedBy(object, this.known.clusterDomain) ?? cannot(`no rule of the VirtualService ${name} has a destination`);
    const service = this.service(owner);
    const { http = [] } = spec;
    this.writer.add({ receiver: service, method: 'exposeVia', args: [publicHost, ...this.exposeOptions(owner, http)] });
    if (this.style === 'shared') return [];
    const { metadata: { name: serviceName } } = this.known.get(owner);
    const targets = new Targets(this.writer, this.known, {
      host: owner, variable: service.reference, subset: subset => this.subset(service, subset),
    }, this.find);
    return addRoutes(this.writer, {
      variable: service.reference,
      host: owner,
      prefix: label,
      scope: { audiences: [call('Audience', 'publicHost', publicHost)] },
      fullHost: each => fullHost(each, namespace, this.known.clusterDomain),
      target: share => targets.of(share),
    }, http.map(rule => withOwnName(rule, serviceName)), this.style);
  }

  private exposeOptions(owner: string, http: readonly HTTPRoute[]): readonly Code[] {
    const ports = this.known.get(owner).spec?.ports ?? [];
    const stated = http.flatMap(({ route = [] }) => route.map(({ destination }) => destination?.port?.number))
      .find(port => port !== undefined);
    const port = ports.length > 1 ? stated : undefined;
    const options = { port, defaultRoute: isOpen(http) ? false : undefined };
    return Object.values(options).some(value => value !== undefined) ? [fields(options)] : [];
  }

  private service(host: string): Reference {
    this.known.get(host);
    const { file, exported, ofClass } = this.find(host) ?? cannot(`the Service ${host} is not adopted, too`);
    const known = this.services.get(host) ?? this.writer.take(file, exported, ofClass);
    this.services.set(host, known);
    return known;
  }

  private subset(service: Reference, name: string): Reference {
    const key = `${service.reference} ${name}`;
    const known = this.subsets.get(key);
    if (known) return known;
    const variable = this.writer.variable(`${service.reference} ${name}`);
    this.writer.add({ receiver: service, method: 'subset', args: [name], variable });
    this.subsets.set(key, reference(variable));
    return reference(variable);
  }
}

/** Constructs start the names of a public host's routes with the name of the service. */
function withOwnName(rule: HTTPRoute, service: string): HTTPRoute {
  if (rule.name === undefined) return rule;
  return rule.name.startsWith(`${service}.`) ? { ...rule, name: rule.name.slice(service.length + 1) }
    : cannot(`the route '${rule.name}' would be '${service}.${rule.name}'`);
}

/** `hosts` are the public hosts, which the gateway serves by default. */
function gatewayProps(name: string, spec: GatewaySpec, hosts: readonly string[]): Code {
  readOnly('spec', spec, ['selector', 'servers']);
  const { selector = {}, servers = [] } = spec;
  const listeners = servers.map(listenerCode);
  const [served = [], ...others] = servers.map(server => [...server.hosts ?? []].sort());
  if (others.some(each => stableJson(each) !== stableJson(served))) cannot('the servers of the Gateway have different hosts');
  return fields({
    // The gateway is the first construct of its file, so its id is the name.
    name: kebab(pascalCase(name)) === name ? undefined : name,
    selector: stableJson(selector) === stableJson({ istio: 'ingressgateway' }) ? undefined : literal(selector),
    hosts: stableJson([...hosts].sort()) === stableJson(served) ? undefined : literal(served),
    listeners: stableJson(listeners) === stableJson([call('Listener', 'http')]) ? undefined : listeners,
  });
}

function listenerCode(server: Server): Code {
  readOnly('servers', server, ['port', 'hosts', 'tls']);
  const { port: { number = 0, name, protocol = '', ...more } = {}, tls = {} } = server;
  readOnly('servers.port', more, []);
  const usual = protocol === 'HTTP' ? 80 : 443;
  const kind = protocol.toLowerCase();
  const named = name === (number === usual ? kind : `${kind}-${number}`) ? undefined : name;
  const { mode, credentialName, minProtocolVersion, httpsRedirect, ...others } = tls;
  readOnly('tls', others, []);
  if (protocol === 'HTTP') {
    if (mode ?? credentialName ?? minProtocolVersion) return cannot('a plaintext server has settings of TLS');
    const options = fields({ name: named, httpsRedirect: httpsRedirect === true ? true : undefined });
    const isStated = Object.values(options.fields).some(value => value !== undefined);
    return call('Listener', 'http', ...(number === usual && !isStated ? [] : [number]), ...(isStated ? [options] : []));
  }
  if (httpsRedirect === true) return cannot('an HTTPS server has httpsRedirect, which has no effect');
  if (protocol !== 'HTTPS' || credentialName === undefined || (mode !== 'SIMPLE' && mode !== 'MUTUAL')) {
    return cannot(`no construct is written for a server with protocol ${protocol} and TLS mode ${mode ?? 'none'} without a credentialName`);
  }
  return call('Listener', mode === 'SIMPLE' ? 'https' : 'mutualHttps', number, fields({
    name: named,
    credentialName,
    minProtocolVersion: minProtocolVersion === undefined || minProtocolVersion === 'TLS_AUTO' ? undefined : versionCode(minProtocolVersion),
  }));
}

function versionCode(version: string): Code {
  if (!Object.hasOwn(TlsVersion, version)) return cannot(`no construct is written for TLS version ${version}`);
  return { member: ['TlsVersion', version] };
}
