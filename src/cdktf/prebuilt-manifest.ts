import type { IConstruct } from 'constructs';
import type { ManifestResource } from './manifest-resource';
import { stackOf } from './terraform-stack';
import { fail } from '../traffic/problem';

const BINDINGS = '@cdktf/provider-kubernetes';

/**
 * The resource `kubernetes_manifest` of @cdktf/provider-kubernetes. It loads on first use, from its own module: the main entry of that
 * package loads every resource of the provider.
 */
export function prebuiltManifest(scope: IConstruct): ManifestResource {
  const { Manifest } = load(scope, BINDINGS, '/lib/manifest') as { Manifest: ManifestResource };
  const { TerraformStack } = load(scope, 'cdktf') as { TerraformStack: { readonly prototype: object } };
  const stack = stackOf(scope);
  if (!Object.prototype.isPrototypeOf.call(TerraformStack.prototype, stack)) {
    fail(scope, `the stack '${stack.node.path}' belongs to cdktn, or to another copy of cdktf than that of ${BINDINGS}; `
      + 'set `resource`, such as manifestResource(cdktn)');
  }
  return Manifest;
}

function load(scope: IConstruct, name: string, module = ''): unknown {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(name + module);
  } catch (e) {
    if ((e as { code?: string }).code !== 'MODULE_NOT_FOUND') throw e;
    return fail(
      scope,
      `the package ${name} is not installed; run \`npm install cdktf@0.21.0 ${BINDINGS}@12.1.1\`, or set \`resource\`, such as manifestResource(cdktn)`,
    );
  }
}
