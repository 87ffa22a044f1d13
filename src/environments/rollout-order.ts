import type { FluxFoldersOptions } from './flux-folders';
import { fluxFoldersProblem } from './flux-folders';
import type { Problem } from '../traffic/problem';

/**
 * How a rollout tool learns that subsets come before the routes to them, and are ready. What is taken away needs two releases in any order: see
 * `MeshService.retireSubset()`.
 */
export class RolloutOrder {
  /**
   * Annotations for Argo CD: DestinationRules are of sync wave -1, VirtualServices of wave 0, as everything that names none. A Namespace among the
   * manifests needs an earlier wave.
   *
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
   */
  public static argoCdSyncWaves(): RolloutOrder {
    const wave = (number: number) => ({ 'argocd.argoproj.io/sync-wave': String(number) });
    return new RolloutOrder({ DestinationRule: wave(-1), VirtualService: wave(0) });
  }

  /**
   * Folders for Flux: the VirtualServices lie in `routes`, everything else in `destinations`, and `flux` holds a Kustomization for each; that of the
   * routes waits for the other. Let Flux apply the folder `flux` of an environment.
   *
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies
   */
  public static fluxFolders(options: FluxFoldersOptions): RolloutOrder {
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
