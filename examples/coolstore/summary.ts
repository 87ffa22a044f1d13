import { App } from 'cdk8s';
import { steps } from './steps';

// cdk8s-cli discards the output of an app, so this separate program prints what the steps mean.
for (const { name, build } of steps) {
  console.log(`\n== ${name}`);
  for (const service of build(new App())) console.log(service.summary());
}
