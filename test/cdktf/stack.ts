import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Testing, TerraformStack } from 'cdktf';
import type { App } from 'cdktf';
import type { Manifest } from '../manifests';

/** A `kubernetes_manifest` in the JSON of a stack. */
export interface Resource {
  readonly manifest: Manifest;
  readonly depends_on?: string[];
  readonly provider?: string;
  readonly computed_fields?: string[];
  readonly field_manager?: object;
  readonly wait?: object;
  readonly timeouts?: object;
}

export function newStack(app: App = Testing.app(), id = 'stack'): TerraformStack {
  const stack = new TerraformStack(app, id);
  new KubernetesProvider(stack, 'kubernetes', { configPath: '~/.kube/config' });
  return stack;
}

/** The resources of a stack by their addresses, in order; validated first, as `cdktf synth` does. */
export function resourcesOf(stack: TerraformStack): Map<string, Resource> {
  const { resource } = JSON.parse(Testing.synth(stack, true)) as { resource?: { kubernetes_manifest: { [name: string]: Resource } } };
  return new Map(
    Object.entries(resource?.kubernetes_manifest ?? {}).map(([name, { '//': _, ...made }]: [string, Resource & { '//'?: object }]) => [
      `kubernetes_manifest.${name}`,
      made,
    ]),
  );
}

/** The value that Terraform reads from a JSON string: a template without expressions. */
export function asTerraformReads(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{');
  if (Array.isArray(value)) return value.map(asTerraformReads);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [asTerraformReads(key), asTerraformReads(child)]));
}
