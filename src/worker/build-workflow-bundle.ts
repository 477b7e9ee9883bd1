import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

/**
 * Bundles the workflows once at build time, so that a production worker starts without webpack. Run by `npm run build`
 * from dist, after the sources were compiled.
 */
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)),
});
await writeFile(new URL('../workflow-bundle.js', import.meta.url), code);
