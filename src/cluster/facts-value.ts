import type { LoadedFacts } from './cluster-facts';
import type * as FactsFile from './facts-file';
import { acceptedArgument } from '../traffic/accepted';

/**
 * What a cluster has beside the manifests of a program: gateways, Services, namespaces, MeshConfig. Set it once, in a MeshEnvironment: its
 * constructs, TrafficChecks and tests read it there. The commands read the same file.
 */
export class ClusterFacts {
  /** Reads a file of cluster facts, which may be the output of `cdk8s-istio facts` or of `kubectl get -o yaml`. */
  public static fromFile(file: string): ClusterFacts {
    file = acceptedArgument('ClusterFacts.fromFile', file);
    return new ClusterFacts(reader().loadClusterFacts([file], 'ClusterFacts.fromFile'));
  }

  /** Takes the fields that such a file has, as `schemas/cluster-facts.json` describes them. */
  public static of(fields: { readonly [field: string]: unknown }): ClusterFacts {
    fields = acceptedArgument('ClusterFacts.of', fields);
    return new ClusterFacts(reader().factsOf(fields, 'ClusterFacts.of')!);
  }

  private constructor(
    /** @internal */
    public readonly _loaded: LoadedFacts,
  ) {}

  /** The Istio version. Undefined if the facts do not set it. */
  public get istioVersion(): string | undefined {
    return this._loaded.istioVersion;
  }

  /** The DNS domain of the cluster. Undefined if the facts do not set it. */
  public get clusterDomain(): string | undefined {
    return this._loaded.clusterDomain;
  }

  /** The root namespace of the mesh. Undefined if the facts do not set it. */
  public get rootNamespace(): string | undefined {
    return this._loaded.meshConfig?.rootNamespace as string | undefined;
  }
}

/** Loads the reader of cluster facts on first use, which needs a YAML parser. */
function reader(): typeof FactsFile {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./facts-file') as typeof FactsFile;
}
