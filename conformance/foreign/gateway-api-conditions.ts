import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { moduleFolder } from './corpus';
import { FOLDER, namespaces, presets } from './gateway-api';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { loadManifests } from '../../src/manifest/loader';
import type { Json } from '../istiod/client';

const KEPT = join(__dirname, 'kept-conditions.json');
const ENDING = '.status.yaml.golden';

/** The conditions that istiod writes for one of the inputs of its own test. */
export interface StatedConditions {
  readonly input: string;
  readonly objects: readonly KubernetesObject[];
  /** The conditions that report a problem: object, place, type and reason. */
  readonly problems: readonly string[];
  /** The parents of routes with a status: object and place. */
  readonly parents: readonly string[];
}

export interface KeptConditions {
  readonly source: string;
  /** The objects that Istio's test adds to each input. */
  readonly added: readonly KubernetesObject[];
  readonly inputs: readonly StatedConditions[];
}

/** The conditions of all inputs, as kept in this folder. */
export function keptConditions(): KeptConditions {
  return JSON.parse(readFileSync(KEPT, 'utf8'));
}

/** The same from Istio's repository. */
export function istiodsConditions(): KeptConditions {
  const folder = join(moduleFolder(), FOLDER);
  const added = presets(readFileSync(join(folder, 'conversion_test.go'), 'utf8'));
  const names = readdirSync(join(folder, 'testdata')).filter(file => file.endsWith(ENDING)).map(file => file.slice(0, -ENDING.length));
  const inputs = names.map((input): StatedConditions => {
    const { objects } = loadManifests([join(folder, 'testdata', `${input}.yaml`)]);
    const stored = new Map(objects.map(object => [nameOf(object), object as Json]));
    const golden = loadAll(readFileSync(join(folder, 'testdata', `${input}${ENDING}`), 'utf8'), undefined, { schema: CORE_SCHEMA });
    const stated = (golden as (Json | null)[]).filter(object => object !== null);
    return {
      input,
      objects: [...objects, ...namespaces(objects)],
      problems: stated.flatMap(object => problemsOf(object, stored.get(nameOf(object)))),
      parents: stated.flatMap(object => (object.status?.parents ?? []).filter(isIstios)
        .map((parent: Json) => `${nameOf(object)} ${place('spec.parentRefs', stored.get(nameOf(object))?.spec.parentRefs, parent.parentRef)}`)),
    };
  });
  return { source: 'istio.io/istio, pilot/pkg/config/kube/gateway/testdata, under the Apache License 2.0', added, inputs };
}

function nameOf({ kind, metadata: { namespace = '', name } }: Json): string {
  return `${kind} ${namespace}/${name}`;
}

const isIstios = ({ controllerName }: Json) => controllerName.startsWith('istio.io/');

function problemsOf(object: Json, stored: Json): string[] {
  const { conditions = [], listeners = [], parents = [], ancestors = [] } = object.status ?? {};
  const at = (where: string, of: readonly Json[]) => of.filter(isProblem)
    .map(({ type, reason }) => [nameOf(object), where, type, reason].filter(part => part !== '').join(' '));
  return [
    ...at('', conditions),
    ...listeners.flatMap((listener: Json) => {
      const i = stored.spec.listeners.findIndex(({ name }: Json) => name === listener.name);
      return at(`spec.listeners[${i}]`, listener.conditions);
    }),
    ...parents.filter(isIstios).flatMap((parent: Json) => (
      at(place('spec.parentRefs', stored.spec.parentRefs, parent.parentRef), parent.conditions))),
    ...ancestors.filter(({ controllerName }: Json) => controllerName === 'istio.io/mesh-controller').flatMap((ancestor: Json) => (
      at(place('spec.targetRefs', stored.spec.targetRefs, ancestor.ancestorRef), ancestor.conditions))),
  ];
}

function isProblem({ type, status }: Json): boolean {
  return status === (type === 'Conflicted' ? 'True' : 'False');
}

/** The place of a reference in a list. */
function place(path: string, list: readonly Json[] = [], reference: Json): string {
  const text = ({ group = '', kind = '', namespace = '', name, sectionName = '', port = 0 }: Json) => (
    JSON.stringify([group, kind, namespace, name, sectionName, port]));
  return `${path}[${list.findIndex(each => text(each) === text(reference))}]`;
}

if (require.main === module) writeFileSync(KEPT, `${JSON.stringify(istiodsConditions())}\n`);
