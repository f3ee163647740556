/** Aliases: names for versions. Recorded: test_alias_lifecycle, test_notfound_and_invalid_routingconfigs. */

import type { Handlers, OperationContext } from "../operation.ts";
import { type AliasDocument, type FunctionDocument, functionArn, putFunction } from "./function-document.ts";
import { parseFunctionName, requireFunction, requireVersion } from "./function-name.ts";
import { checkRevision, invalidParameter, resourceConflict, resourceNotFound } from "./lambda-error.ts";
import { type MarkerRequest, markerPage } from "./marker-page.ts";

interface AliasInput {
  FunctionName: string;
  Name: string;
  FunctionVersion?: string;
  Description?: string;
  RoutingConfig?: { AdditionalVersionWeights?: Record<string, number> };
  RevisionId?: string;
}

export const aliasHandlers: Handlers = {
  CreateAlias(input: AliasInput & { FunctionVersion: string }, context) {
    const document = requireFunction(parseFunctionName(input.FunctionName, undefined, context), context);
    if (document.aliases.some(({ name }) => name === input.Name)) {
      throw resourceConflict(`Alias already exists: ${functionArn(context, document.name)}:${input.Name}`);
    }
    const alias = changed(
      { name: input.Name, version: input.FunctionVersion, description: "", revisionId: "" },
      input,
      document,
      context,
    );
    document.aliases.push(alias);
    putFunction(document, context);
    return shown(alias, document, context);
  },

  GetAlias(input: AliasInput, context) {
    const { document, alias } = find(input, context);
    return shown(alias, document, context);
  },

  ListAliases(input: MarkerRequest & { FunctionName: string; FunctionVersion?: string }, context) {
    const document = requireFunction(parseFunctionName(input.FunctionName, undefined, context), context);
    const all = document.aliases.filter(
      ({ version }) => input.FunctionVersion === undefined || version === input.FunctionVersion,
    );
    const { items, NextMarker } = markerPage(all, input, ({ name }) => name);
    return { Aliases: items.map((alias) => shown(alias, document, context)), NextMarker };
  },

  UpdateAlias(input: AliasInput, context) {
    const { document, alias: before } = find(input, context);
    checkRevision(input.RevisionId, before.revisionId);
    const alias = changed(before, input, document, context);
    document.aliases = document.aliases.map((other) => (other === before ? alias : other));
    putFunction(document, context);
    return shown(alias, document, context);
  },

  DeleteAlias(input: AliasInput, context) {
    const document = requireFunction(parseFunctionName(input.FunctionName, undefined, context), context);
    document.aliases = document.aliases.filter(({ name }) => name !== input.Name);
    delete document.permissions[input.Name];
    putFunction(document, context);
    return undefined;
  },
};

function find(
  input: AliasInput,
  context: OperationContext,
): { document: FunctionDocument; alias: AliasDocument } {
  const document = requireFunction(parseFunctionName(input.FunctionName, undefined, context), context);
  const alias = document.aliases.find(({ name }) => name === input.Name);
  if (!alias)
    throw resourceNotFound(`Cannot find alias arn: ${functionArn(context, document.name)}:${input.Name}`);
  return { document, alias };
}

function changed(
  before: AliasDocument,
  input: AliasInput,
  document: FunctionDocument,
  context: OperationContext,
): AliasDocument {
  const version = input.FunctionVersion ?? before.version;
  requireVersion(document, version, context);
  const weights = input.RoutingConfig ? (input.RoutingConfig.AdditionalVersionWeights ?? {}) : before.weights;
  checkWeights(weights, version, document, context);
  const { weights: _, ...kept } = before;
  return {
    ...kept,
    version,
    description: input.Description ?? before.description,
    revisionId: crypto.randomUUID(),
    ...(weights && Object.keys(weights).length > 0 ? { weights } : {}),
  };
}

function checkWeights(
  weights: Record<string, number> = {},
  version: string,
  document: FunctionDocument,
  context: OperationContext,
): void {
  const others = Object.keys(weights);
  if (others.length === 0) return;
  if (others.length > 1)
    throw invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
  if (version === "$LATEST") {
    throw invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version");
  }
  for (const other of others) {
    if (other === version) {
      throw invalidParameter(
        `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
      );
    }
    requireVersion(document, other, context);
  }
}

const shown = (
  { name, version, description, revisionId, weights }: AliasDocument,
  document: FunctionDocument,
  context: OperationContext,
) => ({
  AliasArn: `${functionArn(context, document.name)}:${name}`,
  Name: name,
  FunctionVersion: version,
  Description: description,
  RoutingConfig: weights && { AdditionalVersionWeights: weights },
  RevisionId: revisionId,
});
