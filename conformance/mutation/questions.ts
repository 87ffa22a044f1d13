import { questionOf } from '../case';
import { cases } from '../cases';
import type { Manifest } from '../cases/plain-mesh';
import { at, entry, networking, plainMesh, service, sidecar } from '../cases/plain-mesh';
import type { TranslateCase } from '../istiod/client';

const API = 'api.example.com';
const DATABASE = 'database.stage.svc.cluster.local';
/** A host, as one of several namespaces defines it. */
const definedIn = (namespace: string, host: string, address: string, second: number) => (
  entry(`${namespace}-entry`, {
    hosts: [host],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    resolution: 'STATIC',
    location: 'MESH_EXTERNAL',
    endpoints: [{ address }],
  }, { namespace, ...at(second) }));
const routedTo = (host: string, name: string): Manifest => (
  networking('VirtualService')(name, { hosts: [`${name}.example.com`], http: [{ route: [{ destination: { host, port: { number: 80 } } }] }] }));
const OWN_NAMESPACE = sidecar('default', { egress: [{ hosts: ['./*'] }] });

/**
 * Destinations that a Sidecar adds for a VirtualService, though it imports no other namespace: of several namespaces that define the host,
 * istiod takes the Kubernetes Service, else the oldest. Few generated meshes have them.
 */
const DESTINATIONS = [
  plainMesh('oldest-destination', [
    OWN_NAMESPACE, routedTo(API, 'one'),
    definedIn('younger', API, '198.51.100.1', 5), definedIn('older', API, '198.51.100.2', 1), definedIn('middle', API, '198.51.100.3', 3),
  ]),
  plainMesh('destination-of-kubernetes', [
    OWN_NAMESPACE, routedTo(DATABASE, 'one'),
    definedIn('older', DATABASE, '198.51.100.2', 1), service('database', {}, { namespace: 'stage', ...at(5) }),
  ]),
];

/** Questions that every mistake is tried with: generated ones often lack what they hold. */
export function firstQuestions(): TranslateCase[] {
  return [...DESTINATIONS, ...cases.filter(({ name }) => name.startsWith('found-'))].map(questionOf);
}
