import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import * as yaml from 'js-yaml';
import { CoolstoreStack } from '../../examples/terraform/coolstore-stack';
import { asTerraformReads, resourcesOf } from '../cdktf/stack';

const composed = join(__dirname, '../../examples/coolstore/expected/20-composed');

describe('the stack of the coolstore', () => {
  test('contains the objects that the walk-through writes', () => {
    const written = readdirSync(composed).flatMap(file => yaml.loadAll(readFileSync(join(composed, file), 'utf8')) as object[]);
    const deployed = [...resourcesOf(new CoolstoreStack(Testing.app(), 'coolstore')).values()].map(({ manifest }) =>
      asTerraformReads(manifest),
    );
    expect(deployed).toHaveLength(written.length);
    expect(deployed).toEqual(expect.arrayContaining(written));
  });

  test('waits for the rollout of Deployments', () => {
    for (const { manifest, wait } of resourcesOf(new CoolstoreStack(Testing.app(), 'coolstore')).values()) {
      expect(wait).toEqual(manifest.kind === 'Deployment' ? { rollout: true } : undefined);
    }
  });
});
