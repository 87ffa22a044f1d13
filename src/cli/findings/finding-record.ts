import type { Finding } from '../../analysis/finding';

/** The finding that lists what was not judged. */
export const KINDS_MISSING = 'kinds-missing';

/** A finding in JSON. */
export interface FindingRecord {
  /** The sub-folder, with `--each`. */
  readonly environment?: string;
  readonly rule: string;
  readonly codes: readonly string[];
  readonly severity: Finding['severity'];
  /** With `--target`, what happens when the namespace of the resource moves. */
  readonly step?: Finding['step'];
  readonly resource?: Finding['resource'];
  readonly path?: string;
  readonly file?: string;
  readonly line?: number;
  readonly constructs?: readonly string[];
  readonly message: string;
  readonly repair: string;
}

export function recordOf(finding: Finding, environment?: string): FindingRecord {
  const { rule, codes, severity, step, resource, path, file, line, constructs, cause, repair } = finding;
  const place = { resource, path, file, line, constructs };
  const from = environment === undefined ? {} : { environment };
  return { ...from, rule, codes, severity, ...(step && { step }), ...place, message: cause, repair };
}
