import type { Finding } from './facts';
import { MET, unmet } from './facts';

/** All of some conditions: the first that is not met, else those that are not known. */
export function allOf(findings: readonly Finding[]): Finding {
  return findings.find(({ met }) => met === false) ?? findings.find(({ met }) => met === undefined) ?? MET;
}

/** One of some conditions. */
export function anyOf(findings: readonly Finding[]): Finding {
  if (findings.some(({ met }) => met === true)) return MET;
  const open = findings.filter(({ met }) => met === undefined);
  return open.length > 0 ? { met: undefined, why: joined(open) } : unmet(joined(findings));
}

export function not({ met, why }: Finding): Finding {
  if (met === undefined) return { met, why };
  return met ? unmet('a condition that must not be met is met') : MET;
}

function joined(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ why }) => why))].join(', and ');
}
