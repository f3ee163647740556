/**
 * ClientCertificate: what a stage shows backends that ask who calls. Source: the guide's
 * getting-started-client-side-ssl-authentication; limits ("60 client certificates"). AWS's refusals are not recorded:
 * their texts are guesses after those of other resources.
 */
import type { ClientCertificate } from "../../definitions/rest-api.ts";
import { apis as webSocketApis, stages as webSocketStages } from "../apigatewayv2/collections.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext, WorkerHandler } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, notFound, ServiceError } from "../protocol/service-error.ts";
import { type IssuedCertificate, issueCertificate } from "../x509/issue-certificate.ts";
import { clientCertificateKeys, clientCertificates, restApis, stages } from "./collections.ts";
import { shortId } from "./ids.ts";
import {
  applyPatch,
  type PatchOperation,
  type PatchTable,
  refusePathOrOperation,
  setMember,
  textOrNone,
} from "./patch.ts";
import { tagsOf } from "./tag-rules.ts";

interface GenerateInput {
  description?: string;
  tags?: Record<string, string | null>;
}

/** What the Worker adds to the caller's input; the model has no member of that name, so no caller can. */
interface Issued {
  issued: IssuedCertificate & { from: number; to: number };
}

interface Identified {
  clientCertificateId: string;
}

const validity = 365 * 24 * 60 * 60;
const mostCertificates = 60;

/** Keys are made in the Worker, since that cannot be done synchronously; the Account object keeps them. */
export const generateClientCertificate: WorkerHandler<GenerateInput> = async (_input, { inAccount }) => {
  const from = Math.floor(Date.now() / 1000);
  const times = { from, to: from + validity };
  return inAccount({ issued: { ...(await issueCertificate(times)), ...times } } satisfies Issued);
};

export const clientCertificateHandlers: Handlers = {
  GenerateClientCertificate({ issued, description, tags }: GenerateInput & Issued, context) {
    const certificates = clientCertificates(context.store);
    if (certificates.count() >= mostCertificates) {
      throw new ServiceError(
        "LimitExceededException",
        429,
        `Maximum number of Client Certificates for this account has been reached: ${mostCertificates}`,
      );
    }
    const certificate: ClientCertificate = compact({
      clientCertificateId: shortId(),
      description: description || undefined,
      pemEncodedCertificate: issued.certificate,
      createdDate: issued.from,
      expirationDate: issued.to,
      tags: tagsOf(tags),
    } as ClientCertificate);
    certificates.put(certificate.clientCertificateId, certificate);
    clientCertificateKeys(context.store).put(certificate.clientCertificateId, {
      certificate: issued.certificate,
      privateKey: issued.privateKey,
    });
    return certificate;
  },

  GetClientCertificate(input: Identified, context) {
    return shownWithTags(requireClientCertificate(input.clientCertificateId, context));
  },

  GetClientCertificates(input: PageRequest, { store }) {
    return page(clientCertificates(store).list(), input, ({ clientCertificateId }) => clientCertificateId);
  },

  UpdateClientCertificate(input: Identified & { patchOperations?: PatchOperation[] }, context) {
    const before = requireClientCertificate(input.clientCertificateId, context);
    const certificate = applyPatch(patchTable, before, input.patchOperations);
    putClientCertificate(certificate, context);
    return shownWithTags(certificate);
  },

  DeleteClientCertificate(input: Identified, context) {
    const { clientCertificateId } = requireClientCertificate(input.clientCertificateId, context);
    requireUnused(clientCertificateId, context);
    clientCertificates(context.store).delete(clientCertificateId);
    clientCertificateKeys(context.store).delete(clientCertificateId);
    return undefined;
  },
};

export function putClientCertificate(certificate: ClientCertificate, { store }: OperationContext): void {
  clientCertificates(store).put(certificate.clientCertificateId, certificate);
}

/** @throws ServiceError NotFoundException */
export function requireClientCertificate(id: string, { store }: OperationContext): ClientCertificate {
  const certificate = clientCertificates(store).get(id);
  if (!certificate) throw notFound("Invalid Client Certificate identifier specified");
  return certificate;
}

/** `tags: {}` where there are none, as other resources have it. */
const shownWithTags = (certificate: ClientCertificate) => ({ ...certificate, tags: certificate.tags ?? {} });

/** @throws ServiceError BadRequestException */
function requireUnused(id: string, { store }: OperationContext): void {
  const usesOf = (apiId: string, all: { stageName: string; clientCertificateId?: string }[]) =>
    all
      .filter(({ clientCertificateId }) => clientCertificateId === id)
      .map(({ stageName }) => `${apiId}:${stageName}`);
  const uses = [
    ...restApis(store)
      .list()
      .flatMap((api) => usesOf(api.id, stages(store, api.id).list())),
    ...webSocketApis(store)
      .list()
      .flatMap(({ apiId }) => usesOf(apiId, webSocketStages(store, apiId).list())),
  ];
  if (uses.length === 0) return;
  throw badRequest(
    `Cannot delete Client Certificate ${id} because there are API Stages associated with it, including ${uses[0]}`,
  );
}

const patchTable: PatchTable<ClientCertificate> = {
  refuse: refusePathOrOperation,
  paths: { "/description": { replace: setMember("description", textOrNone) } },
};
