/** Published versions of a function. Recorded: test_publish_version_on_create, test_publish_with_wrong_sha256. */
import type { Handlers } from "../operation.ts";
import {
  configurationOf,
  type FunctionDocument,
  putFunction,
  type VersionDocument,
} from "./function-document.ts";
import { findVersion, type NamedFunction } from "./function-name.ts";
import { checkRevision, invalidParameter } from "./lambda-error.ts";
import { type MarkerRequest, markerPage } from "./marker-page.ts";

export const versionHandlers: Handlers = {
  PublishVersion(
    input: NamedFunction & { CodeSha256?: string; Description?: string; RevisionId?: string },
    context,
  ) {
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

  ListVersionsByFunction(input: NamedFunction & MarkerRequest, context) {
    const { document } = findVersion(input, context);
    const { items, NextMarker } = markerPage(
      [document.latest, ...document.published],
      input,
      ({ version }) => version,
    );
    return {
      Versions: items.map((version) => configurationOf(document, version, version.version, context, {})),
      NextMarker,
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
