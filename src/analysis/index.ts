export { AnalysisRun, analyze } from './analyze';
export type { AnalyzeOptions, EnvironmentOptions } from './analyze';
export { describeFinding, SEVERITIES } from './finding';
export type { Finding, Severity } from './finding';
export type { TrafficRule } from './rule';
export { RULES } from './rules.generated';
export type { Suppression } from './suppression';
export { loadSuppressions, parseSuppressions } from './suppression-file';
