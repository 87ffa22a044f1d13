import { announcesBreaking } from '../../scripts/api';

test.each([
  ['## Unreleased\n\n### Breaking\n\n- a is gone\n\n## 1.0.0\n', true],
  ['## Unreleased\n\n### Added\n\n- a\n\n### Breaking\n\n- b\n', true],
  ['## Unreleased\n\n### Added\n\n- a\n\n## 1.0.0\n\n### Breaking\n\n- b\n', false],
  ['## Unreleased\n\n### Breaking\n\n## 1.0.0\n', false],
  ['## 1.0.0\n\n### Breaking\n\n- b\n', false],
])('only an entry under Breaking of the next version announces changes that break programs: %j', (changelog, announced) => {
  expect(announcesBreaking(changelog)).toBe(announced);
});
