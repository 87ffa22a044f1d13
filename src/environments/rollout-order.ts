import type { FluxFoldersOptions } from './flux-folders';
import { fluxFoldersProblem } from './flux-folders';
import { acceptedArgument } from '../traffic/accepted';
import type { Problem } from '../traffic/problem';

/**
 * Tells a rollout tool to apply subsets, and wait until they are ready, before the routes to them. Removing a subset needs two releases in
 * any case: see `MeshService.retireSubset()`.
 */
export class RolloutOrder {
  /**
   * Annotations for Argo CD: DestinationRules are in sync wave -1, VirtualServices in wave 0, like objects without an annotation. If the
   * manifests contain the Namespace, give it an earlier wave.
   *
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
   */
  public static argoCdSyncWaves(): RolloutOrder {
    const wave = (number: number) => ({ 'argocd.argoproj.io/sync-wave': String(number) });
    return new RolloutOrder({ DestinationRule: wave(-1), VirtualService: wave(0) });
  }

  /**
   * Folders for Flux: `routes` contains the VirtualServices, `destinations` everything else, and `flux` one Kustomization for each of them.
   * The Kustomization of the routes depends on the other one. Let Flux apply the folder `flux` of an environment.
   *
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies
   */
  public static fluxFolders(options: FluxFoldersOptions): RolloutOrder {
    options = acceptedArgument('RolloutOrder.fluxFolders', options);
    return new RolloutOrder({}, options, fluxFoldersProblem(options));
  }

  private constructor(
    private readonly annotations: { readonly [kind: string]: { readonly [key: string]: string } },
    private readonly folders?: FluxFoldersOptions,
    private readonly problem?: Problem,
  ) {}

  /** @internal */
  public _annotations(): { readonly [kind: string]: { readonly [key: string]: string } } {
    return this.annotations;
  }

  /** @internal */
  public _folders(): FluxFoldersOptions | undefined {
    return this.folders;
  }

  /** @internal */
  public _problem(): Problem {
    return this.problem;
  }
}
