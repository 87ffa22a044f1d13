import { istioVersionOf, meshConfigOf } from './cluster-settings';
import type { Environment } from './environment';
import { haveAllPods, withFacts } from '../../cluster/cluster-facts';
import { Edge } from '../../edge/edge';
import type { MeshConfigFields } from '../../envoy/mesh-config';
import type { TranslatorOptions } from '../../envoy/translator';
import { Translator } from '../../envoy/translator';
import { lineOf, parsePath, provenanceOf } from '../../manifest/provenance';
import type { RefusedField } from '../../manifest/refused-manifests';
import { describeRefused, RefusedManifests } from '../../manifest/refused-manifests';
import type { Arguments } from '../arguments';
import { shown } from '../shown';
import { UsageError } from '../usage-error';

/** An environment and its translator. */
export interface Translation {
  /** The manifests, and what the cluster has besides them. */
  readonly objects: Environment['objects'];
  readonly meshConfig?: MeshConfigFields;
  readonly translator: Translator;
  /** What is not read. */
  readonly edge: Edge;
}

/** Creates the translator of an environment, according to the options. */
export function translationOf(environment: Environment, given: Arguments): Translation {
  const meshConfig = meshConfigOf(environment, given);
  const istioVersion = istioVersionOf(environment, given);
  const { clusterDomain, complete } = environment.facts;
  const objects = withFacts(environment.objects, environment.facts);
  const translator = translatorOf(objects, { meshConfig, istioVersion, clusterDomain, defaultNamespace: given.get('namespace') });
  const edge = new Edge(objects, { meshConfig, istioVersion, clusterDomain, complete, hasAllPods: haveAllPods(environment.facts) });
  return { objects, ...(meshConfig ? { meshConfig } : {}), translator, edge };
}

function translatorOf(objects: Environment['objects'], options: TranslatorOptions): Translator {
  try {
    return new Translator(objects, options);
  } catch (error) {
    if (error instanceof RefusedManifests) throw new UsageError(...shown(error.fields.map(refusal)));
    throw error;
  }
}

/** A field that Kubernetes would reject, with its file and line. */
function refusal(field: RefusedField): string {
  const { object, path } = field;
  const file = provenanceOf(object)?.file;
  return `${file === undefined ? '' : `${file}:${lineOf(object, parsePath(path))}: `}${describeRefused(field)}`;
}
