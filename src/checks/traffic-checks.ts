import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { SynthRuns } from './synth-runs';
import type { Finding } from '../analysis';
import type * as Analysis from '../analysis/analyze';
import type * as NotJudged from '../analysis/not-judged';
import type * as SuppressionFile from '../analysis/suppression-file';
import type { LoadedFacts } from '../cluster/cluster-facts';
import type * as FactsFile from '../cluster/facts-file';
import type { ClusterFacts } from '../cluster/facts-value';
import type * as Collector from '../manifest/collector';
import { resourceText } from '../manifest/kubernetes-object';
import type { ManifestProblem } from '../manifest/manifest-problem';
import { AppState } from '../plan/collect/app-state';
import { callSiteOf, recordCallSites } from '../plan/collect/call-sites';
import { knownOrigin } from '../plan/collect/origins';
import { acceptedArgument } from '../traffic/accepted';
import { refuse } from '../traffic/problem';

/** The severity of a finding. */
export enum FindingSeverity {
  /** Something does not work as written. */
  ERROR = 'error',
  /** Something may not do what its author intended. */
  WARNING = 'warning',
  /** Information. */
  INFO = 'info',
}

/** A finding that is known and intended. */
export interface FindingSuppression {
  /** The name of a rule, such as `unknown-gateway`, or a code of istioctl or Kiali, such as `IST0101`. */
  readonly rule: string;
  /**
   * The resources, as `Kind namespace/name`; `*` matches any string.
   * @default - all
   */
  readonly resource?: string;
  /** Why it is not a mistake. */
  readonly reason: string;
}

/** A traffic mistake in the manifests of an App. */
export interface TrafficFinding {
  /** The name of the rule. */
  readonly rule: string;
  /** The codes of istioctl (`IST...`) and Kiali (`KIA...`) for the same finding. */
  readonly codes: string[];
  /** The severity. */
  readonly severity: FindingSeverity;
  /**
   * The resource, as `Kind namespace/name`.
   * @default - the finding is about the manifests as a whole
   */
  readonly resource?: string;
  /**
   * The field, such as `spec.http[0].timeout`.
   * @default - the finding is about the resource as a whole
   */
  readonly path?: string;
  /** The paths of the constructs that set the field. */
  readonly constructs: string[];
  /**
   * The file and line that created the first of these constructs.
   * @default - unknown
   */
  readonly callSite?: string;
  /** What is wrong. */
  readonly cause: string;
  /** The repair. */
  readonly repair: string;
}

/** Properties of TrafficChecks. */
export interface TrafficChecksProps {
  /**
   * The lowest severity that fails synth. Warnings below it are written to stderr.
   * @default FindingSeverity.ERROR
   */
  readonly failOn?: FindingSeverity;
  /**
   * Findings that are known and intended, each with a reason.
   * @default - none
   */
  readonly suppressions?: FindingSuppression[];
  /**
   * A YAML file with more suppressions, `suppressions: [{ rule, resource, reason }]`.
   * @default - none
   */
  readonly suppressionsFile?: string;
  /**
   * The namespace of manifests that have none, as in `kubectl apply -n`.
   * @default - none, Istio's analyzers use `default`
   */
  readonly namespace?: string;
  /**
   * The domain of the cluster.
   * @default - the domain of the MeshEnvironment, else cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * The fields of MeshConfig, as an object.
   * @default - the defaults of an Istio installation
   */
  readonly meshConfig?: { readonly [field: string]: unknown };
  /**
   * Whether nothing exists in the cluster beside the manifests of the App. What they lack is then an error; otherwise it may be in other
   * manifests, and is at most a warning.
   * @default false
   */
  readonly complete?: boolean;
  /**
   * What the cluster has beside the manifests of the App.
   * @default - the facts of the MeshEnvironment, else `factsFile`
   */
  readonly clusterFacts?: ClusterFacts;
  /**
   * A YAML file of cluster facts: what the cluster has beside the manifests of the App, such as gateways and Services of others.
   * @default - the facts of the MeshEnvironment, else nothing is known of it
   */
  readonly factsFile?: string;
  /**
   * Which services call which others, by host, in addition to what the manifests declare.
   * @default - what the manifests declare: gateways, source labels, the hosts of Sidecars
   */
  readonly calls?: { readonly [host: string]: string[] };
  /**
   * The Istio version that runs today, such as `1.24`, before an upgrade. What the upgrade changes is reported too.
   * @default - none
   */
  readonly upgradesFrom?: string;
}

const ORDER = [FindingSeverity.ERROR, FindingSeverity.WARNING, FindingSeverity.INFO];

/**
 * Checks all manifests of an App for traffic mistakes, and fails synth if it finds any. It checks the objects of constructs and plain
 * ApiObjects. If you create it before the constructs that it checks, each finding also names the line that created the construct.
 */
export class TrafficChecks extends Construct {
  private readonly failing: readonly FindingSeverity[];
  private readonly runs: SynthRuns;
  /** The findings of the last validation, and the synth that it was part of. */
  private judged?: { readonly run?: number; readonly findings: readonly TrafficFinding[] };

  /** What the last analysis did not judge, a line for each kind. */
  private notJudged: readonly string[] = [];

  private readonly props: TrafficChecksProps;

  constructor(scope: Construct, id: string, props: TrafficChecksProps = {}) {
    super(scope, id);
    props = acceptedArgument('TrafficChecks', props, this);
    this.props = props;
    const { failOn = FindingSeverity.ERROR, suppressions = [] } = props;
    refuse(this, props.clusterFacts && props.factsFile !== undefined ? 'clusterFacts and factsFile are both set; use one' : undefined,
      ...suppressions.map((suppression, i) => reasonProblem(`suppressions[${i}]`, suppression)));
    this.failing = ORDER.slice(0, ORDER.indexOf(failOn) + 1);
    this.runs = SynthRuns.of(this);
    recordCallSites(this);
    this.node.addValidation({ validate: () => this.validate() });
  }

  /** The findings in the current state of the App, whether or not they fail synth. */
  public findings(): TrafficFinding[] {
    const { analyze, manifestsFrom, notJudgedLines } = load();
    const { namespace, meshConfig, complete, factsFile, calls, upgradesFrom, suppressionsFile } = this.props;
    const facts = this.facts(factsFile);
    const clusterDomain = this.props.clusterDomain ?? facts?.clusterDomain ?? AppState.of(this).clusterDomain;
    const suppressions = [...this.props.suppressions ?? [], ...suppressionsFile === undefined ? [] : loadSuppressions(suppressionsFile)];
    const makers = new Map<object, ApiObject>();
    const unreadable: TrafficFinding[] = [];
    for (const maker of this.apiObjects()) {
      const { objects, problems } = manifestsFrom([maker.toJson()], { namespace });
      for (const object of objects) makers.set(object, maker);
      for (const problem of problems) unreadable.push(unreadableFinding(maker, problem));
    }
    const originOf = (object: object) => {
      const maker = makers.get(object);
      return maker && (knownOrigin(maker) ?? { policies: [maker.node.path] });
    };
    const found = analyze([...makers.keys()] as Parameters<typeof analyze>[0], {
      clusterDomain, meshConfig, complete, facts, calls, upgradesFrom, suppressions, originOf,
    });
    this.notJudged = notJudgedLines([...makers.keys()] as Parameters<typeof analyze>[0], { meshConfig, facts });
    return [...unreadable, ...found.map(finding => this.finding(finding, makers))];
  }

  private facts(factsFile: string | undefined): LoadedFacts | undefined {
    if (this.props.clusterFacts) return this.props.clusterFacts._loaded;
    return factsFile === undefined
      ? AppState.of(this).one('clusterFacts', (): ClusterFacts | undefined => undefined)?._loaded
      : loadFacts(factsFile);
  }

  private apiObjects(): ApiObject[] {
    return this.node.root.node.findAll().filter(node => ApiObject.isApiObject(node)) as ApiObject[];
  }

  private finding(found: Finding, makers: Map<object, ApiObject>): TrafficFinding {
    const { rule, codes, severity, resource, object, path, constructs, cause, repair } = found;
    const paths = constructs?.length ? [...constructs] : [];
    return {
      rule,
      codes: [...codes],
      severity: severity as FindingSeverity,
      resource: resource && resourceText(resource),
      path,
      constructs: paths,
      callSite: this.callSite([...paths.map(at => this.construct(at)), object && makers.get(object)]),
      cause,
      repair,
    };
  }

  private callSite(constructs: readonly (Construct | undefined)[]): string | undefined {
    for (const construct of constructs) {
      const site = construct && callSiteOf(construct);
      if (site !== undefined) return site;
    }
    return undefined;
  }

  private construct(path: string): Construct | undefined {
    return path.split('/').reduce<Construct | undefined>((at, id) => at?.node.tryFindChild(id) as Construct | undefined,
      this.node.root as Construct);
  }

  private validate(): string[] {
    const { current } = this.runs;
    if (current === undefined || this.judged?.run !== current) {
      try {
        this.judged = { run: current, findings: this.findings() };
      } catch (e) {
        // An object that cannot be rendered has its own error, from its owner or from cdk8s.
        if (this.cannotRender()) return [];
        throw new Error(`${this.node.path}: ${(e as Error).message}`, { cause: e });
      }
      this.warn(this.judged.findings);
      for (const line of this.notJudged) process.stderr.write(`${line}\n`);
    }
    return this.judged.findings.filter(({ severity }) => this.failing.includes(severity)).map(findingLine);
  }

  /** A successful synth would otherwise show no warnings. */
  private warn(findings: readonly TrafficFinding[]): void {
    for (const finding of findings) {
      if (finding.severity === FindingSeverity.WARNING && !this.failing.includes(finding.severity)) {
        process.stderr.write(`${findingLine(finding)}\n`);
      }
    }
  }

  private cannotRender(): boolean {
    try {
      this.apiObjects().forEach(object => object.toJson());
      return false;
    } catch {
      return true;
    }
  }
}

/** Loads the analysis on first use, so programs without checks do not pay for it. */
function load(): Pick<typeof Analysis, 'analyze'> & Pick<typeof NotJudged, 'notJudgedLines'> & Pick<typeof Collector, 'manifestsFrom'> {
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { analyze } = require('../analysis/analyze') as typeof Analysis;
  const { notJudgedLines } = require('../analysis/not-judged') as typeof NotJudged;
  const { manifestsFrom } = require('../manifest/collector') as typeof Collector;
  /* eslint-enable @typescript-eslint/no-require-imports */
  return { analyze, manifestsFrom, notJudgedLines };
}

/** Loads the reader of suppression files on first use, which needs a YAML parser. */
function loadSuppressions(file: string): FindingSuppression[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('../analysis/suppression-file') as typeof SuppressionFile).loadSuppressions(file);
}

/** Loads the reader of cluster facts on first use, which needs a YAML parser. */
function loadFacts(file: string): LoadedFacts {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('../cluster/facts-file') as typeof FactsFile).loadClusterFacts([file], 'factsFile');
}

function reasonProblem(what: string, { rule, reason }: FindingSuppression): string | undefined {
  if (typeof rule !== 'string' || rule === '') {
    return `${what}.rule is '${String(rule)}'; use the name of a rule, such as unknown-gateway, or a code, such as IST0101`;
  }
  return typeof reason === 'string' && reason.trim() !== '' ? undefined : `${what} (${rule}) has no reason; add why it is not a mistake`;
}

function unreadableFinding(maker: ApiObject, { message, repair }: ManifestProblem): TrafficFinding {
  return {
    rule: 'unreadable-manifest',
    codes: [],
    severity: FindingSeverity.ERROR,
    constructs: [maker.node.path],
    callSite: callSiteOf(maker),
    cause: message,
    repair,
  };
}

function findingLine({ rule, codes, severity, resource, path, constructs, callSite, cause, repair }: TrafficFinding): string {
  const place = [resource, path].filter(part => part !== undefined).join(' ');
  const from = [...constructs, ...(callSite === undefined ? [] : [`at ${callSite}`])].join(', ');
  return `${severity} ${[rule, ...codes].join(' ')}: ${place}${place === '' ? '' : ': '}${cause}; `
    + `${repair}${from === '' ? '' : ` (from ${from})`}`;
}
