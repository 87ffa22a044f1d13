export { AnalysisRun, analyze } from './analyze';
export type { AnalyzeOptions, EnvironmentOptions } from './analyze';
export { describeFinding, SEVERITIES } from './finding';
export type { Finding, Severity } from './finding';
export { RULES } from './rules';
export type { Suppression } from './suppression';
export { loadSuppressions, parseSuppressions } from './suppression-file';
export type { TrafficRule } from './traffic-rule';
