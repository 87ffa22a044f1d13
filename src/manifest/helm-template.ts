import type { DocumentValue } from './document';
import { parseYaml } from './document';
import type { KubernetesObject } from './kubernetes-object';

/** An action in place of a YAML line, item or value. */
const ACTION = /(?:^[ \t]*(?:- +)*|[:,[][ \t]+|\[)\{\{/m;
const OF_HELM = '(?:-?\\s*(?:end|else|if|range|with|define|include|template)\\b|[^}\\n]*\\.(?:Values|Release|Chart)\\b)';
/** An action that only Helm has, at the start of a line, an item or a value of a block. */
const HELM_ACTION = new RegExp(`^[ \\t]*(?:- +)*(?:[\\w./-]+:[ \\t]+)?\\{\\{${OF_HELM}`, 'm');
const LINE_OF_ACTIONS = /^[ \t]*(?:- +)?\{\{[^\n]*\}\}[ \t]*$/gm;
const ACTIONS = /\{\{[^}\n]*\}\}/g;

/**
 * Whether a document is a Helm template, which holds manifests only after rendering. Quoted strings and block strings in rendered
 * manifests, such as Prometheus rules, may look similar and do not count.
 */
export function isTemplate(text: string, { values: [value], problems }: DocumentValue): boolean {
  if (!text.includes('{{')) return false;
  if (isTemplated(value)) return true;
  if (problems.length === 0 || !ACTION.test(text)) return false;
  return HELM_ACTION.test(text) || parseYaml(text.replace(LINE_OF_ACTIONS, '').replace(ACTIONS, 'x')).problems.length === 0;
}

/** Names cannot hold braces. */
function isTemplated(value: unknown): boolean {
  const { kind, metadata } = (value ?? {}) as Partial<KubernetesObject>;
  return [kind, metadata?.name, metadata?.namespace].some(name => typeof name === 'string' && name.includes('{{'));
}
