import type { ChartWriter } from './chart-writer';
import type { ChartFile } from './code';
import { reference } from './code';
import type { RouteStyle } from './lift-routes';
import { NotSaid } from './not-said';
import { addPlainObject, statedAnnotations } from './plain-object';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Manifest } from '../manifest/manifest';
import { sourceOf } from '../manifest/manifest';

/**
 * How far a unit becomes constructs, from the most telling form to plain objects. A `shared` gateway takes the routes that services have in
 * the mesh.
 */
export type Style = 'shared' | RouteStyle | 'policies' | 'plain';

export interface Form {
  readonly style: Style;
  /** Whether routes have a condition on the only HTTP port of the service. */
  readonly hasPortConditions: boolean;
}

/** How a gateway that is written as constructs leads to a service: with the routes of the mesh, or with its own. */
export type ExposedAs = 'shared' | 'separate';

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
  /** Objects that say what Istio does without them. */
  readonly dropped?: readonly Manifest[];
}

/** Adds objects as they are. */
export function addPlainObjects(writer: ChartWriter, objects: readonly Manifest[], reason: string): readonly KeptObject[] {
  for (const object of objects) addPlainObject(writer, sourceOf(object), reason);
  return objects.map(object => ({ object, reason }));
}

/** Adds the labels and annotations of an object to what a construct renders: a property that is an ApiObject. */
export function addMetadata(writer: ChartWriter, variable: string, property: string, object: KubernetesObject): void {
  const receiver = reference(variable, `${property}.metadata`);
  for (const [name, value] of Object.entries(object.metadata.labels ?? {})) writer.add({ receiver, method: 'addLabel', args: [name, value] });
  for (const [name, value] of Object.entries(statedAnnotations(object))) writer.add({ receiver, method: 'addAnnotation', args: [name, value] });
}

/** Whether an object has labels or annotations that a person stated. */
export function hasMetadata(object: KubernetesObject): boolean {
  return Object.keys({ ...object.metadata.labels, ...statedAnnotations(object) }).length > 0;
}

/** The name of an object, if it differs from the default. */
export function otherName(object: Manifest | undefined, name: string): string | undefined {
  return object && object.metadata.name !== name ? object.metadata.name : undefined;
}

/** The reason of an error that a form ended with. */
export function reasonOf(error: unknown): string {
  const text = (error as Error).message.split('\n')[0];
  return error instanceof NotSaid ? text : `constructs refuse it (${text})`;
}
