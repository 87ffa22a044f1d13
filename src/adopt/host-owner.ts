import type { ChartWriter } from './chart-writer';
import type { Code, OwnerClass } from './code';
import { call, fields, literal } from './code';
import { isForAll } from './identity';
import type { KnownServices } from './known-services';
import { listCode, METHODS, portsOf, serviceProps } from './known-services';
import { cannot, NotSaid, readOnly } from './not-said';
import type { ServiceEntryPort } from '../manifest/istio-specs.generated';
import type { Manifest, ManifestOf } from '../manifest/manifest';
import { kebab } from '../traffic/name';
import { Location, Resolution } from '../traffic/service-entry';

type Props = { readonly [field: string]: Code | undefined };

/** What owns the VirtualService and the DestinationRule of a host: a Service or a ServiceEntry. */
export interface HostOwner {
  readonly ofClass: OwnerClass;
  readonly object: Manifest;
  readonly name: string;
  /** Whether the construct renders the object, and does not only describe it. */
  readonly isRendered: boolean;
  readonly exportTo?: readonly string[];
  readonly props: (writer: ChartWriter, id: string, more: Props) => Code;
}

/** A Service, which the program describes. */
export function ownerOfService(service: ManifestOf<'Service'>, known: KnownServices): HostOwner {
  return {
    ofClass: 'MeshService',
    object: service,
    name: service.metadata.name,
    isRendered: false,
    props: (writer, _, more) => serviceProps(service, writer.namespace, known, more),
  };
}

/** A ServiceEntry, which the program renders. */
export function ownerOfEntry(entry: ManifestOf<'ServiceEntry'>): HostOwner {
  const { metadata: { name }, spec = {} } = entry;
  return {
    ofClass: 'ExternalDependency',
    object: entry,
    name,
    isRendered: true,
    exportTo: isForAll(spec.exportTo) ? undefined : spec.exportTo,
    props: (_, id, more) => {
      readOnly('spec', spec, [
        'hosts', 'ports', 'resolution', 'location', 'endpoints', 'workloadSelector', 'addresses', 'exportTo', 'subjectAltNames',
      ]);
      const { hosts = [], ports = [], resolution = 'NONE', location, endpoints, workloadSelector, addresses, subjectAltNames } = spec;
      endpoints?.forEach(each => readOnly('endpoints', each, ['address', 'ports', 'labels', 'locality', 'weight', 'network', 'serviceAccount']));
      return fields({
        hosts: literal(hosts),
        name: kebab(id) === name ? undefined : name,
        ports: ports.map(portCode),
        resolution: memberOf('Resolution', Resolution, resolution),
        location: location === undefined || location === 'MESH_EXTERNAL' ? undefined : memberOf('Location', Location, location),
        endpoints: endpoints && endpoints.length > 0 ? literal(endpoints) : undefined,
        workloadSelector: workloadSelector && literal(workloadSelector.labels ?? {}),
        addresses: listCode(addresses),
        subjectAltNames: listCode(subjectAltNames),
        ...more,
      });
    },
  };
}

function memberOf(name: string, values: object, value: string): Code {
  return Object.hasOwn(values, value) ? { member: [name, value] } : cannot(`no construct is written for ${name.toLowerCase()} ${value}`);
}

function portCode({ number = 0, name, protocol = '', targetPort, ...more }: ServiceEntryPort): Code {
  readOnly('ports', more, []);
  const stated = protocol.toUpperCase();
  const method = Object.hasOwn(METHODS, stated) ? METHODS[stated] : cannot(`no construct is written for a port with protocol ${protocol}`);
  const options = { name: name === `${method}-${number}` ? undefined : name, targetPort };
  return call('ServicePort', method, number, ...(Object.values(options).some(value => value !== undefined) ? [fields(options)] : []));
}

/** Whether a Service has ports that constructs can name. */
export function hasPorts(service: ManifestOf<'Service'>): boolean {
  try {
    return portsOf(service).length > 0;
  } catch (error) {
    if (error instanceof NotSaid) return false;
    throw error;
  }
}
