import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { App, Duration } from 'cdk8s';
import { ApiObject, Names, Yaml } from 'cdk8s';
import { makeFolder } from '../manifest/make-folder';
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
  for (const part of [...PARTS, 'flux']) makeFolder(resolve(app.outdir, part));
  // Like App.synth(): validates once, before anything is rendered. The first chart throws the errors.
  for (const { node } of app.node.findAll()) node.validate();
  for (const chart of app.charts) {
    const manifests = chart.toJson() as { kind: string; apiVersion: string }[];
    for (const part of PARTS) {
      const own = manifests.filter(manifest => partOf(manifest) === part);
      if (own.length > 0) Yaml.save(join(app.outdir, part, `${Names.toDnsLabel(chart)}${app.outputFileExtension}`), own);
    }
  }
  if (process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true') writeConstructMetadata(app);
  Yaml.save(join(app.outdir, 'flux', 'kustomizations.yaml'), PARTS.map((part, i) => kustomization(name, part, PARTS[i - 1], folders)));
}

/** As App.synth() writes it for validations: the construct of each name, and the mark of an App's folder. */
function writeConstructMetadata(app: App): void {
  const objects = app.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node));
  const resources = Object.fromEntries(objects.map(object => [object.name, { path: object.node.path }]));
  writeFileSync(join(app.outdir, 'construct-metadata.json'), JSON.stringify({ version: '1.0.0', resources }));
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
