/** Published versions of a function. Recorded: test_publish_version_on_create, test_publish_with_wrong_sha256. */
import type { Handlers } from "../operation.ts";
import { slice } from "../protocol/paging.ts";
import {
  configurationOf,
  type FunctionDocument,
  putFunction,
  type VersionDocument,
} from "./function-document.ts";
import { findVersion } from "./function-name.ts";
import { checkRevision, invalidParameter } from "./lambda-error.ts";

interface Named {
  FunctionName: string;
  Qualifier?: string;
}

export const versionHandlers: Handlers = {
  PublishVersion(input: Named & { CodeSha256?: string; Description?: string; RevisionId?: string }, context) {
    const { document } = findVersion(input, context);
    const { latest } = document;
    checkRevision(input.RevisionId, latest.revisionId);
    if (input.CodeSha256 && input.CodeSha256 !== latest.codeSha256) {
      throw invalidParameter(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    const version = publishVersion(document, input.Description);
    putFunction(document, context);
    return configurationOf(document, version, version.version, context);
  },

  ListVersionsByFunction(input: Named & { Marker?: string; MaxItems?: number }, context) {
    const { document } = findVersion(input, context);
    const { items, position } = slice(
      [document.latest, ...document.published],
      input.Marker,
      input.MaxItems ?? 50,
      ({ version }) => version,
      () => invalidParameter("Invalid pagination token"),
    );
    return {
      Versions: items.map((version) => configurationOf(document, version, version.version, context, {})),
      NextMarker: position,
    };
  },
};

/** A version like the last one is that one. Recorded: test_publish_version_on_create. */
export function publishVersion(document: FunctionDocument, description: string | undefined): VersionDocument {
  const last = document.published.at(-1);
  const { latest } = document;
  if (last && isSame(last, latest)) return last;
  const version: VersionDocument = {
    ...latest,
    version: String(document.nextVersion),
    description: description ?? latest.description,
    revisionId: crypto.randomUUID(),
  };
  document.nextVersion++;
  document.published.push(version);
  return version;
}

function isSame(published: VersionDocument, latest: VersionDocument): boolean {
  const content = ({
    version: _,
    description: __,
    revisionId: ___,
    lastModified: ____,
    ...rest
  }: VersionDocument) => JSON.stringify(rest);
  return content(published) === content(latest);
}
