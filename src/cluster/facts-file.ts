import type { LoadedFacts } from './cluster-facts';
import { allFacts, clusterFacts, describeFactsProblem, problemOf, RefusedFacts } from './cluster-facts';
import type { ClusterFactsFields } from './facts-fields';
import { Collector } from '../manifest/collector';
import { readDocument } from '../manifest/document';
import { lineInDocument } from '../manifest/document-lines';
import { splitDocuments } from '../manifest/document-text';
import { fileProblem } from '../manifest/file-finder';
import { describeProblem } from '../manifest/manifest-problem';
import { readText } from '../manifest/text-file';

/** Facts that are loaded already, such as a `ClusterFacts`. */
export interface FactsValue {
  /** @internal */
  readonly _loaded: LoadedFacts;
}

/** Cluster facts as options give them: the names of files, the fields themselves, or a `ClusterFacts`. */
export type StatedFacts = string | readonly string[] | ClusterFactsFields | FactsValue;

/** The facts that an option states; `what` names it in errors. */
export function factsOf(stated: StatedFacts | undefined, what: string): LoadedFacts | undefined {
  if (stated === undefined) return undefined;
  if (typeof stated === 'string') return loadClusterFacts([stated], what);
  if ('_loaded' in stated) return stated._loaded;
  return isList(stated) ? loadClusterFacts(stated, what) : clusterFacts(stated, what);
}

function isList(stated: readonly string[] | ClusterFactsFields): stated is readonly string[] {
  return Array.isArray(stated);
}

/** Reads files of cluster facts; `what` names the option in errors. */
export function loadClusterFacts(files: readonly string[], what = 'cluster facts'): LoadedFacts {
  return allFacts(files.map(file => {
    let text: string;
    try {
      text = readText(file);
    } catch (error) {
      throw new RefusedFacts(`${what}: ${describeProblem({ file, ...fileProblem(error) })}`);
    }
    return parseClusterFacts(text, file, what);
  }));
}

/**
 * Reads the documents of a file: each states cluster facts, or is a manifest of Kubernetes, such as `kubectl get -o yaml` writes, that the
 * cluster has.
 */
export function parseClusterFacts(text: string, file = 'cluster facts', what = 'cluster facts'): LoadedFacts {
  const facts: LoadedFacts[] = [];
  const collector = new Collector({});
  splitDocuments(text).forEach((document, index) => {
    const { values, problems: [problem], nodes } = readDocument(document);
    const broken = problem ?? document.problems?.[0];
    if (broken) {
      const { line, ...told } = broken;
      throw new RefusedFacts(
        `${what}: ${describeProblem({ file, line: line === undefined ? document.firstLine : document.firstLine + line - 1, ...told })}`,
      );
    }
    for (const value of values.filter(stated => stated !== null && stated !== undefined)) {
      if (isManifest(value)) {
        collector.addValue(value, { file, index, within: [] });
        continue;
      }
      const refused = problemOf(value);
      if (refused) {
        throw new RefusedFacts(
          `${what}: ${file}:${document.firstLine - 1 + lineInDocument(nodes, refused.path)}: ${describeFactsProblem(refused)}`,
        );
      }
      facts.push(clusterFacts(value as ClusterFactsFields));
    }
  });
  const { objects, problems: [refused] } = collector.loaded;
  if (refused) throw new RefusedFacts(`${what}: ${describeProblem(refused)}`);
  if (facts.length === 0 && objects.length === 0) {
    throw new RefusedFacts(`${what}: ${file} states nothing; state gateways, services, namespaces or meshConfig`);
  }
  return allFacts([...facts, { objects }]);
}

/** Whether a document is of Kubernetes, by its apiVersion and kind. */
function isManifest(value: unknown): boolean {
  return (
    typeof value === 'object'
    && value !== null
    && Object.hasOwn(value, 'apiVersion')
    && (value as { kind?: unknown }).kind !== 'ClusterFacts'
  );
}
