/** A function's resource policy. Recorded: test_permission_exceptions, test_remove_multi_permissions. */
import type { PermissionStatement } from "../../functions/function-record.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type FunctionDocument, functionArn, functions, putFunction } from "./function-document.ts";
import { type NamedFunction, parseFunctionName, requireFunction, requireVersion } from "./function-name.ts";
import { checkRevision, invalidParameter, resourceConflict, resourceNotFound } from "./lambda-error.ts";

interface Named extends NamedFunction {
  RevisionId?: string;
}

interface AddInput extends Named {
  StatementId: string;
  Action: string;
  Principal: string;
  SourceArn?: string;
  SourceAccount?: string;
}

const unqualified = "$LATEST";

export const permissionHandlers: Handlers = {
  AddPermission(input: AddInput, context) {
    const reference = parseFunctionName(input.FunctionName, input.Qualifier, context);
    if (reference.qualifier === "$LATEST") {
      throw invalidParameter("We currently do not support adding policies for $LATEST.");
    }
    const document = requireFunction(reference, context);
    checkQualifier(document, reference.qualifier, context);
    checkRevision(input.RevisionId, document.policyRevisionId);
    const key = reference.qualifier ?? unqualified;
    const statements = Object.hasOwn(document.permissions, key) ? (document.permissions[key] ?? []) : [];
    if (statements.some(({ Sid }) => Sid === input.StatementId)) {
      throw resourceConflict(
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    }
    const statement = statementOf(input, arnOf(document, reference.qualifier, context));
    document.permissions[key] = [...statements, statement];
    document.policyRevisionId = crypto.randomUUID();
    putFunction(document, context);
    return { Statement: JSON.stringify(statement) };
  },

  GetPolicy(input: Named, context) {
    const reference = parseFunctionName(input.FunctionName, input.Qualifier, context);
    const document = functions(context).get(reference.name);
    const key = reference.qualifier ?? unqualified;
    const statements =
      document && Object.hasOwn(document.permissions, key) ? document.permissions[key] : undefined;
    if (!document || !statements || statements.length === 0) {
      throw resourceNotFound("The resource you requested does not exist.");
    }
    return {
      Policy: JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements }),
      RevisionId: document.policyRevisionId,
    };
  },

  RemovePermission(input: Named & { StatementId: string }, context) {
    const reference = parseFunctionName(input.FunctionName, input.Qualifier, context);
    const document = functions(context).get(reference.name);
    if (!document) {
      throw resourceNotFound(`No policy found for: ${functionArn(context, reference.name)}`);
    }
    checkQualifier(document, reference.qualifier, context);
    const key = reference.qualifier ?? unqualified;
    const statements = Object.hasOwn(document.permissions, key) ? (document.permissions[key] ?? []) : [];
    if (statements.length === 0) throw resourceNotFound("No policy is associated with the given resource.");
    if (!statements.some(({ Sid }) => Sid === input.StatementId)) {
      throw resourceNotFound(`Statement ${input.StatementId} is not found in resource policy.`);
    }
    checkRevision(input.RevisionId, document.policyRevisionId);
    document.permissions[key] = statements.filter(({ Sid }) => Sid !== input.StatementId);
    document.policyRevisionId = crypto.randomUUID();
    putFunction(document, context);
    return undefined;
  },
};

function checkQualifier(
  document: FunctionDocument,
  qualifier: string | undefined,
  context: OperationContext,
): void {
  if (qualifier === undefined || document.aliases.some(({ name }) => name === qualifier)) return;
  if (/^[A-Za-z][\w-]*$/.test(qualifier)) {
    throw resourceNotFound(`Cannot find alias arn: ${functionArn(context, document.name)}:${qualifier}`);
  }
  requireVersion(document, qualifier, context);
}

const arnOf = ({ name }: FunctionDocument, qualifier: string | undefined, context: OperationContext) =>
  functionArn(context, name) + (qualifier === undefined ? "" : `:${qualifier}`);

function statementOf(input: AddInput, resource: string): PermissionStatement {
  const condition = {
    ...(input.SourceAccount ? { StringEquals: { "AWS:SourceAccount": input.SourceAccount } } : {}),
    ...(input.SourceArn ? { ArnLike: { "AWS:SourceArn": input.SourceArn } } : {}),
  };
  return {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: principalOf(input.Principal),
    Action: input.Action,
    Resource: resource,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

function principalOf(principal: string): PermissionStatement["Principal"] {
  if (principal === "*") return "*";
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (/^arn:aws[a-z-]*:iam::/.test(principal)) return { AWS: principal };
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com$/.test(principal)) return { Service: principal };
  throw invalidParameter("The provided principal was invalid. Please check the principal and try again.");
}
