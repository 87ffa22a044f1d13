import { istioVersionOf, meshConfigOf } from './cluster-settings';
import type { Environment } from './environment';
import { haveAllPods, withFacts } from '../../cluster/cluster-facts';
import { Edge } from '../../edge/edge';
import type { TranslatorOptions } from '../../envoy/translator';
import { Translator } from '../../envoy/translator';
import { lineOf, parsePath, provenanceOf } from '../../manifest/provenance';
import type { RefusedField } from '../../manifest/refused-manifests';
import { describeRefused, RefusedManifests } from '../../manifest/refused-manifests';
import type { MeshParts } from '../../simulator/mesh-parts';
import type { Arguments } from '../arguments';
import { shown } from '../shown';
import { UsageError } from '../usage-error';

/** The mesh of an environment, according to the options. */
export function translationOf(environment: Environment, given: Arguments): MeshParts {
  const meshConfig = meshConfigOf(environment, given);
  const istioVersion = istioVersionOf(environment, given);
  const { clusterDomain, complete } = environment.facts;
  const defaultNamespace = given.get('namespace');
  const objects = withFacts(environment.objects, environment.facts);
  const translator = translatorOf(objects, { meshConfig, istioVersion, clusterDomain, defaultNamespace });
  const edge = new Edge(objects, { meshConfig, istioVersion, clusterDomain, complete, hasAllPods: haveAllPods(environment.facts) });
  return { objects, ...(meshConfig ? { meshConfig } : {}), translator, edge, defaultNamespace };
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
