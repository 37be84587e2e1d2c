// Uploads a file with tus-js-client; usage: node upload.mjs '{"endpoint", "file", "headers", ...}'
// Tells each offset the server confirmed as a line, and the upload's address at the end.
import { createReadStream, statSync } from "node:fs";
import { Upload } from "tus-js-client";

const told = JSON.parse(process.argv[2]);
const size = statSync(told.file).size;

const upload = new Upload(createReadStream(told.file), {
  endpoint: told.endpoint,
  uploadUrl: told.url ?? null,
  uploadSize: size,
  chunkSize: told.part,
  headers: told.headers,
  metadata: told.metadata,
  retryDelays: told.retries ?? [0, 100, 300, 1000, 1000, 2000, 2000, 3000],
  storeFingerprintForResuming: false,
  onUploadUrlAvailable() {
    console.log(`at ${upload.url}`);
  },
  onChunkComplete(_size, accepted) {
    console.log(`kept ${accepted}`);
  },
  onSuccess() {
    console.log(`done ${upload.url}`);
  },
  onError(error) {
    console.log(`failed ${error.message}`);
    process.exitCode = 1;
  },
});
upload.start();
