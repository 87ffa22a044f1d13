/** Ends a run with one plain line that any pipeline can read. */
module.exports = class {
  onRunComplete(_, { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests }) {
    // A suite that does not even load has no failed test, and still failed.
    const failed = numFailedTests || numFailedTestSuites;
    console.log(`${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`);
  }
};
