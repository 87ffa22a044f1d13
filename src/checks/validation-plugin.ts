import { basename } from 'node:path';
import { byAppFolder } from './app-folders';
import { AnalysisRun, loadSuppressions, SEVERITIES } from '../analysis';
import type { AnalyzeOptions, Finding, Severity, Suppression } from '../analysis';
import { notJudgedLines } from '../analysis/not-judged';
import type { LoadedFacts } from '../cluster/cluster-facts';
import { factsOf } from '../cluster/facts-file';
import { resourceText } from '../manifest/kubernetes-object';
import { lastApplied } from '../manifest/last-applied';
import { loadManifests } from '../manifest/loader';
import type { ManifestProblem } from '../manifest/manifest-problem';

/** The part of the validation context of cdk8s that is used. */
export interface ValidationContext {
  /** The files of all manifests. */
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure', metadata?: { readonly [key: string]: string }): void;
  };
  readonly logger: { log(message: string): void };
}

export interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly {
    readonly resourceName: string;
    readonly locations: readonly string[];
    readonly manifestPath: string;
  }[];
}

/** The `properties` of the validation in cdk8s.yaml. */
export interface TrafficValidationProperties {
  /** The lowest severity that fails synth; default: error. */
  readonly failOn?: Severity;
  /** A YAML file of suppressions. */
  readonly suppressionsFile?: string;
  /** Suppressions, each with a reason. */
  readonly suppressions?: readonly Suppression[];
  /** The namespace of manifests that have none. */
  readonly namespace?: string;
  readonly clusterDomain?: string;
  /** The fields of MeshConfig. */
  readonly meshConfig?: AnalyzeOptions['meshConfig'];
  /** Whether nothing exists in the cluster beside the manifests of an App, so that what they lack is an error; default: false. */
  readonly complete?: boolean;
  /** A file of cluster facts, or several: what the cluster has beside the manifests. */
  readonly factsFile?: string | readonly string[];
  /** Files of cluster facts by environment, which is the name of the folder that an App writes. They win over those of `factsFile`. */
  readonly environmentFacts?: { readonly [environment: string]: string | readonly string[] };
  /** Which services call which others, by host, in addition to what the manifests declare. */
  readonly calls?: AnalyzeOptions['calls'];
  /** The Istio version that runs today, before an upgrade. */
  readonly upgradesFrom?: string;
}

const PROPERTIES = ['failOn', 'suppressionsFile', 'suppressions', 'namespace', 'clusterDomain', 'meshConfig', 'complete', 'factsFile',
  'environmentFacts', 'calls', 'upgradesFrom'];

/**
 * Checks the output of `cdk8s synth` for traffic mistakes, including hand-written files. The files of one App or
 * MeshEnvironment are judged together, in whatever folders it writes them.
 */
export class TrafficValidation {
  private readonly failing: readonly Severity[];

  public constructor(private readonly properties: TrafficValidationProperties = {}) {
    const unknown = Object.keys(properties).find(name => !PROPERTIES.includes(name));
    if (unknown !== undefined) throw new Error(`TrafficValidation: unknown property ${unknown}; expected one of ${PROPERTIES.join(', ')}`);
    const { failOn = 'error' } = properties;
    if (!SEVERITIES.includes(failOn)) {
      throw new Error(`TrafficValidation: failOn is '${String(failOn)}'; use one of ${SEVERITIES.join(', ')}`);
    }
    this.failing = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  }

  public async validate(context: ValidationContext): Promise<void> {
    const {
      suppressionsFile,
      suppressions = [],
      namespace,
      clusterDomain,
      meshConfig,
      complete,
      calls,
      upgradesFrom,
    } = this.properties;
    const run = new AnalysisRun([...suppressions, ...(suppressionsFile === undefined ? [] : loadSuppressions(suppressionsFile))]);
    let failed = false;
    const tell = (finding: Finding, folder: string) => {
      if (this.failing.includes(finding.severity)) {
        context.report.addViolation(violation(finding, folder));
        failed = true;
      } else if (finding.severity === 'warning') {
        const { rule, resource, cause, repair } = finding;
        context.logger.log(`${rule}: ${resource ? `${resourceText(resource)}: ` : ''}${cause}; ${repair}`);
      }
    };
    const folders = byAppFolder(context.manifests);
    const factsIn = this.factsByFolder([...folders.keys()], line => context.logger.log(line));
    for (const [folder, files] of folders) {
      const facts = factsIn(folder);
      const { objects, problems } = lastApplied(loadManifests(files, { namespace }));
      const broken = problems.filter(({ foreign }) => !foreign);
      for (const problem of broken) context.report.addViolation(unreadable(problem));
      failed ||= broken.length > 0;
      for (const finding of run.analyze(objects, { clusterDomain, meshConfig, complete, facts, calls, upgradesFrom })) {
        tell(finding, folder);
      }
      for (const line of notJudgedLines(objects, { meshConfig, facts })) context.logger.log(`${folder}: ${line}`);
    }
    for (const finding of run.unused()) tell(finding, suppressionsFile ?? 'suppressions');
    context.report.submit(failed ? 'failure' : 'success');
  }

  /** The facts of each folder. Folders without facts of their own share those of all. */
  private factsByFolder(folders: readonly string[], log: (line: string) => void): (folder: string) => LoadedFacts | undefined {
    const { factsFile, environmentFacts = {} } = this.properties;
    const common = factsOf(factsFile, 'TrafficValidation: factsFile');
    const own = new Map(Object.entries(environmentFacts).map(([name, files]) => (
      [name, factsOf([...listOf(factsFile), ...listOf(files)], `TrafficValidation: environmentFacts.${name}`)])));
    const names = new Set(folders.map(folder => basename(folder)));
    for (const name of own.keys()) {
      if (!names.has(name)) log(`environmentFacts.${name} applies to nothing: no App writes a folder '${name}'`);
    }
    return folder => own.get(basename(folder)) ?? common;
  }
}

function listOf(files: string | readonly string[] | undefined): readonly string[] {
  return typeof files === 'string' ? [files] : files ?? [];
}

function violation({ rule, codes, resource, path, file, line, cause, repair }: Finding, folder: string): Violation {
  const at = [resource && `${resource.kind} ${resource.namespace ?? ''}`.trim(), path, line === undefined ? undefined : `line ${line}`];
  return {
    ruleName: [rule, ...codes].join(' '),
    recommendation: cause,
    fix: repair,
    violatingResources: [{
      resourceName: resource?.name ?? folder,
      locations: at.filter(part => part !== undefined && part !== '') as string[],
      manifestPath: file ?? folder,
    }],
  };
}

function unreadable({ file, line, message, repair }: ManifestProblem): Violation {
  return {
    ruleName: 'unreadable-manifest',
    recommendation: message,
    fix: repair,
    violatingResources: [{ resourceName: file, locations: line === undefined ? [] : [`line ${line}`], manifestPath: file }],
  };
}
