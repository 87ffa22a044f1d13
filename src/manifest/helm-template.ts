import type { DocumentValue } from './document';
import { parseYaml } from './document';
import type { KubernetesObject } from './kubernetes-object';

/** An action where YAML has a line, an item or a value. */
const ACTION = /(?:^[ \t]*(?:- +)*|[:,[][ \t]+|\[)\{\{/m;
const OF_HELM = '(?:-?\\s*(?:end|else|if|range|with|define|include|template)\\b|[^}\\n]*\\.(?:Values|Release|Chart)\\b)';
/** An action that only Helm has, at the start of a line, an item or a value of a block. */
const HELM_ACTION = new RegExp(`^[ \\t]*(?:- +)*(?:[\\w./-]+:[ \\t]+)?\\{\\{${OF_HELM}`, 'm');
const LINE_OF_ACTIONS = /^[ \t]*(?:- +)?\{\{[^\n]*\}\}[ \t]*$/gm;
const ACTIONS = /\{\{[^}\n]*\}\}/g;

/**
 * Whether a document is a template of Helm, which holds manifests once it is rendered. Strings in quotes and in blocks of rendered manifests
 * may look alike, such as rules of Prometheus, and make no template.
 */
export function isTemplate(text: string, { values: [value], problems }: DocumentValue): boolean {
  if (!text.includes('{{')) return false;
  if (isTemplated(value)) return true;
  if (problems.length === 0 || !ACTION.test(text)) return false;
  return HELM_ACTION.test(text) || parseYaml(text.replace(LINE_OF_ACTIONS, '').replace(ACTIONS, 'x')).problems.length === 0;
}

/** No name holds braces. */
function isTemplated(value: unknown): boolean {
  const { kind, metadata } = (value ?? {}) as Partial<KubernetesObject>;
  return [kind, metadata?.name, metadata?.namespace].some(name => typeof name === 'string' && name.includes('{{'));
}
