import { checkBackfill, countUnanswered } from './check-backfill.ts';
import { deleteFile } from './delete-file.ts';
import { deliverResult } from './deliver-result.ts';
import type { Dependencies } from './dependencies.ts';
import { detectChanges } from './detect-changes.ts';
import { downloadFile } from './download-file.ts';
import { withFailures } from './failures.ts';
import { findUnsettled } from './find-unsettled.ts';
import { withHeartbeats } from './heartbeats.ts';
import { listFolder } from './list-folder.ts';
import { lookForEvidence } from './look-for-evidence.ts';
import { markUpload } from './mark-upload.ts';
import { planBackfill } from './plan-backfill.ts';
import { planUpload } from './plan-upload.ts';
import { putFile } from './put-file.ts';
import { readResult } from './read-result.ts';
import { releaseIntent } from './release-intent.ts';
import { retryParked } from './retry-parked-files.ts';
import { sendWave } from './send-wave.ts';
import { settleFile } from './settle-file.ts';
import { settleUpload } from './settle-upload.ts';
import { stopUpload } from './stop-upload.ts';
import { upsertRecords } from './upsert-records.ts';
import { eitherUrgency } from './urgency.ts';
import { watchConnection } from './watch-connection.ts';
import { writeIntent } from './write-intent.ts';

/** Every activity of ace-sync, by the name that the Web UI shows, made from its dependencies. */
export function createActivities(deps: Dependencies) {
  return withFailures(
    withHeartbeats({
      listFolder: listFolder(deps),
      findUnsettled: findUnsettled(deps),
      downloadFile: downloadFile(deps),
      upsertRecords: upsertRecords(deps),
      settleFile: settleFile(deps),
      deleteFile: deleteFile(deps),
      readResult: readResult(deps),
      deliverResult: deliverResult(deps),
      planUpload: eitherUrgency(planUpload, deps),
      writeIntent: eitherUrgency(writeIntent, deps),
      putFile: eitherUrgency(putFile, deps),
      lookForEvidence: eitherUrgency(lookForEvidence, deps),
      releaseIntent: eitherUrgency(releaseIntent, deps),
      settleUpload: eitherUrgency(settleUpload, deps),
      stopUpload: eitherUrgency(stopUpload, deps),
      markUpload: eitherUrgency(markUpload, deps),
      detectChanges: detectChanges(deps),
      planBackfill: planBackfill(deps),
      sendWave: sendWave(deps),
      retryParked: retryParked(deps),
      countUnanswered: countUnanswered(deps),
      checkBackfill: checkBackfill(deps),
      watchConnection: watchConnection(deps),
    }),
  );
}

export type Activities = ReturnType<typeof createActivities>;
