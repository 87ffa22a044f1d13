import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App, Duration } from 'cdk8s';
import { Names, Yaml } from 'cdk8s';
import { durationProblem, istioDuration } from '../traffic/duration';
import { dnsLabelProblem, objectNameProblem } from '../traffic/name';
import type { Problem } from '../traffic/problem';

/** Options of `RolloutOrder.fluxFolders()`. */
export interface FluxFoldersOptions {
  /** The name of the Flux source with the manifests. */
  readonly sourceName: string;
  /** The folder in the source that contains the folders of the environments, such as `./manifests`. */
  readonly path: string;
  /**
   * The kind of the source.
   * @default 'GitRepository'
   */
  readonly sourceKind?: string;
  /**
   * The namespace of the Kustomizations and of the source.
   * @default 'flux-system'
   */
  readonly namespace?: string;
  /**
   * How often Flux reconciles the cluster with the manifests.
   * @default Duration.minutes(10)
   */
  readonly interval?: Duration;
}

/** The parts, in the order in which they are applied. */
const PARTS = ['destinations', 'routes'] as const;

export function fluxFoldersProblem({ sourceName, namespace, interval }: FluxFoldersOptions): Problem {
  return objectNameProblem('sourceName of fluxFolders', sourceName)
    ?? (namespace === undefined ? undefined : dnsLabelProblem('namespace of fluxFolders', namespace))
    ?? durationProblem('interval of fluxFolders', interval);
}

/**
 * Writes the objects of an environment like `synth`, with the VirtualServices in a separate folder, and the Kustomizations of both parts.
 */
export function writeFluxFolders(app: App, name: string, folders: FluxFoldersOptions): void {
  for (const part of [...PARTS, 'flux']) mkdirSync(join(app.outdir, part), { recursive: true });
  // Like App.synth(): validates once, before anything is rendered. The first chart throws the errors.
  for (const { node } of app.node.findAll()) node.validate();
  for (const chart of app.charts) {
    const manifests = chart.toJson() as { kind: string; apiVersion: string }[];
    for (const part of PARTS) {
      const own = manifests.filter(manifest => partOf(manifest) === part);
      if (own.length > 0) Yaml.save(join(app.outdir, part, `${Names.toDnsLabel(chart)}${app.outputFileExtension}`), own);
    }
  }
  Yaml.save(join(app.outdir, 'flux', 'kustomizations.yaml'), PARTS.map((part, i) => kustomization(name, part, PARTS[i - 1], folders)));
}

function partOf({ apiVersion, kind }: { kind: string; apiVersion: string }): string {
  return kind === 'VirtualService' && apiVersion.startsWith('networking.istio.io/') ? 'routes' : 'destinations';
}

function kustomization(environment: string, part: string, before: string | undefined, options: FluxFoldersOptions): object {
  const { sourceName, path, sourceKind, namespace, interval } = options;
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: `${environment}-${part}`, namespace: namespace ?? 'flux-system' },
    spec: {
      ...before !== undefined && { dependsOn: [{ name: `${environment}-${before}` }] },
      interval: interval ? istioDuration(interval) : '10m',
      path: `${path.replace(/\/+$/, '')}/${environment}/${part}`,
      prune: true,
      sourceRef: { kind: sourceKind ?? 'GitRepository', name: sourceName },
      wait: true,
    },
  };
}
